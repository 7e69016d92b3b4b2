"""The duty check: a token, yes or no. And the slip with the token, shown once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.identification.actions.duty import check_token, issue_token, revoke_token
from cairn.identification.forms.duty import DutyForm
from cairn.identification.queries import rights as queries
from cairn.identification.views.rights import edited
from cairn.ui.forms import add_refusal, status_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.DUTY_CHECK)
@limited("duty.check", per_minute=10, per_hour=60, methods=("POST",))
def check(request: ActorRequest) -> HttpResponse:
    """Whether removal is barred under a token: one sentence, and nothing else.

    Both answers have the same form and as many bytes, and the token is not shown again.
    """
    form = DutyForm(request.POST or None)
    answer = ""
    if request.method == "POST" and form.is_valid():
        try:
            is_barred = check_token(request.actor, form.cleaned_data["token"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "token")
        else:
            answer = sentence(is_barred)
            form = DutyForm()
    context = {"form": form, "answer": answer}
    response = render(request, "identification/duty.html", context, status=status_of(form))
    # Compressed, the two answers would differ in length for whoever watches the line.
    response["Content-Encoding"] = "identity"
    return response


def sentence(is_barred: bool) -> str:
    """The answer, filled up with spaces to the bytes of the longer of the two."""
    yes = _("Removal is barred. This person may not be removed from the country.")
    no = _("No bar is recorded under this token. This is no permission to remove.")
    chosen = yes if is_barred else no
    return chosen + " " * (max(map(_size, (yes, no))) - _size(chosen))


def _size(text: str) -> int:
    return len(escape(text).encode())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("duty.issue", per_hour=30, methods=("POST",))
def token(request: ActorRequest, code: str) -> HttpResponse:
    """Issue a token; it is shown on this one answer, as a slip to print, and kept nowhere."""
    found = edited(request, code)
    made = issue_token(request.actor, code) if request.method == "POST" else ""
    context = {"procedure": found, "token": made, "live": queries.live_token(found)}
    return render(request, "identification/duty_token.html", context)


@require_POST
@signed_in
def end_token(request: ActorRequest, code: str) -> HttpResponse:
    """Revoke the token of a procedure."""
    revoke_token(request.actor, code)
    messages.success(request, _("The token answers no more."))
    return redirect("identification:procedure", code=code)
