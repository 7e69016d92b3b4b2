"""Writing who a person is: what is there is opened first, with a reason, and then changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.referral import queries
from cairn.referral.actions.persons_identity import open_identity, write_identity
from cairn.referral.forms.persons_identity import WriteIdentityForm
from cairn.referral.models import Identity, Person
from cairn.referral.queries import persons as noted
from cairn.referral.views.persons_rows import form_view
from cairn.ui.forms import add_refusal, status_of

FIELDS = {"identity.birth": "birth", "identity.nationality": "nationality"}


@form_view
@limited("person.open", per_minute=20, per_hour=200, methods=("POST",))
def write(request: ActorRequest, code: str) -> HttpResponse:
    """Write who a person is; where it is written already, it is opened first, with a reason."""
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    identity = noted.find_identity(request.actor, code)
    if request.method == "POST" and "given" in request.POST:
        return _written(request, found)
    if identity is None:
        return _form(request, found, WriteIdentityForm(initial={"seen": 0}))
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _opened(request, found, identity, form)
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
    return _page(request, found, form, _("Open it to change it"), is_opening=True)


def _opened(
    request: ActorRequest, found: Person, identity: Identity, form: OpenForm
) -> HttpResponse:
    given = form.cleaned_data
    opened = open_identity(request.actor, found.code, Purpose(given["purpose"]), given["reason"])
    facts: Any = opened.values["facts"]
    if isinstance(facts, Unreadable):
        messages.error(request, _("What is sealed here cannot be read any more."))
        return redirect("referral:person-identity", code=found.code)
    initial = WriteIdentityForm.initial_of(facts or {}) | {"seen": opened.record.version}
    return _form(request, found, WriteIdentityForm(initial=initial))


def _written(request: ActorRequest, found: Person) -> HttpResponse:
    form = WriteIdentityForm(request.POST)
    if not form.is_valid():
        return _form(request, found, form)
    seen = form.cleaned_data["seen"] or 0
    try:
        made = write_identity(request.actor, found.code, form.identity(), seen=seen)
    except RuleBroken as refusal:
        add_refusal(form, refusal, FIELDS.get(refusal.code))
        return _form(request, found, form)
    if made is None:
        messages.info(request, _("Nothing was given, so nothing was sealed."))
    elif isinstance(made, Identity):
        messages.success(request, _("Who the person is was sealed."))
    else:
        messages.warning(
            request, _("A colleague wrote it meanwhile. Yours is kept beside it: resolve it.")
        )
        return redirect("referral:person-conflicts", code=found.code)
    return redirect("referral:person-identity", code=found.code)


def _form(request: ActorRequest, found: Person, form: WriteIdentityForm) -> HttpResponse:
    return _page(request, found, form, _("Seal it"), is_opening=False)


def _page(
    request: ActorRequest, found: Person, form: Any, send: str, *, is_opening: bool
) -> HttpResponse:
    context = {
        "heading": _("Write who the person is"),
        "send": send,
        "back": (
            reverse("referral:person-identity", args=[found.code]),
            _("Identity and other names"),
        ),
        "lead": ""
        if is_opening
        else _("Nothing is required. Write only what the work needs, as the person says it."),
        "seen": _("It is shown once. Data protection sees who opened it, when and why.")
        if is_opening
        else _("Nobody sees it without opening it, with a reason. Lists and searches never do."),
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))
