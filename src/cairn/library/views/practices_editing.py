"""Pages that write a practice, send it to review, decide on it, and take it out again."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.library.actions import practices as actions
from cairn.library.forms.practices import DecideForm, PracticeForm, SendForm, WithdrawForm
from cairn.library.models import Practice
from cairn.library.queries import practices as queries
from cairn.oversight.views.shared import FormPage, form_page

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _found(request: ActorRequest, code: str) -> Practice:
    try:
        return queries.find_practice(request.actor, code)
    except Practice.DoesNotExist:
        raise Http404 from None


def _back(practice: Practice) -> tuple[str, str]:
    return practice.get_absolute_url(), practice.title


def _onward(practice: Practice) -> str:
    return practice.get_absolute_url()


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.DOCUMENT_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Describe a practice."""
    form = PracticeForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    page = FormPage(
        heading=_("Describe a practice"),
        send=_("Save the draft"),
        back=(reverse("library:practices"), _("Practices")),
        done=_("The draft was saved. Send it to review when it is ready."),
        seen=_("Whoever writes or reviews documents reads the draft."),
    )
    return form_page(
        request,
        page,
        form,
        lambda _given: actions.draft_practice(request.actor, form.values()),
        _onward,
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.DOCUMENT_EDIT)
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a draft. When somebody else was faster, both texts are shown side by side."""
    found = _found(request, code)
    typed = request.POST.copy() if request.method == "POST" else None
    form = PracticeForm(typed, initial=PracticeForm.initial_of(found))
    conflict: list[dict[str, Any]] = []

    def change(given: dict[str, Any]) -> Practice:
        try:
            version = given["version"] or 0
            return actions.change_practice(request.actor, code, form.values(), version=version)
        except RuleBroken as refusal:
            if refusal.code == "practice.version":
                now = _found(request, code)
                conflict.extend(_differing(form, now))
                # What is sent next answers what is shown now.
                form.data["version"] = str(now.version)  # type: ignore[index]
            raise

    page = FormPage(
        heading=_("Change the draft"),
        send=_("Save the draft"),
        back=_back(found),
        done=_("The draft was saved. Send it to review when it is ready."),
        seen=_("Whoever writes or reviews documents reads the draft."),
        template="library/practice_form.html",
    )
    return form_page(request, page, form, change, _onward, conflict=conflict)


def _differing(form: PracticeForm, practice: Practice) -> list[dict[str, Any]]:
    """Fields where what was typed is not what is on record now."""
    now = PracticeForm.initial_of(practice)
    typed = form.values()
    return [
        {"field": form[name], "now": _plain(now[name]), "typed": _plain(value)}
        for name, value in typed.items()
        if now[name] != value
    ]


def _plain(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.DOCUMENT_EDIT)
def later(request: ActorRequest, code: str) -> HttpResponse:
    """Begin a later version with the words of this one."""
    found = _found(request, code)
    page = FormPage(
        heading=_("Write a later version"),
        send=_("Begin the draft"),
        back=_back(found),
        done=_("The draft holds the words of the present version. Change what is new."),
        consequences=[
            _("The present version stays in the registry until the later one is published."),
            _("Then it is kept, and says that a later one took its place."),
        ],
    )
    return form_page(
        request,
        page,
        SendForm(request.POST or None),
        lambda _given: actions.draft_later(request.actor, found.code),
        _onward,
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.DOCUMENT_EDIT)
def send(request: ActorRequest, code: str) -> HttpResponse:
    """Send a draft to review."""
    found = _found(request, code)
    page = FormPage(
        heading=_("Send it to review"),
        send=_("Send it to review"),
        back=_back(found),
        done=_("It waits for somebody who had no part in writing it."),
        consequences=[
            _("Somebody else reads it, and publishes it or sends it back."),
            _("Until then it is not changed."),
        ],
    )
    return form_page(
        request,
        page,
        SendForm(request.POST or None),
        lambda _given: actions.send_practice(request.actor, found.code),
        _onward,
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.DOCUMENT_PUBLISH)
def decide(request: ActorRequest, code: str) -> HttpResponse:
    """Publish what somebody else wrote, or send it back."""
    found = _found(request, code)

    def act(given: dict[str, Any]) -> Practice:
        if given["decision"] == "publish":
            version = given["version"] or 0
            return actions.publish_practice(request.actor, found.code, version=version)
        return actions.return_practice(request.actor, found.code, reason=given["reason"])

    page = FormPage(
        heading=_("Review a practice"),
        send=_("Decide"),
        back=_back(found),
        done=_("Your decision is on record."),
        facts=[(_("Practice"), found.title), (_("Description"), found.description)],
        consequences=[_("Everybody reads what you publish.")],
    )
    at = {"practice.reason": "reason"}
    form = DecideForm(request.POST or None, initial={"version": found.version})
    return form_page(request, page, form, act, _onward, at)


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.DOCUMENT_PUBLISH)
def withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Take a practice out of the registry, or give up a draft."""
    found = _found(request, code)
    page = FormPage(
        heading=_("Withdraw a practice"),
        send=_("Withdraw it"),
        back=_back(found),
        done=_("The practice is withdrawn."),
        consequences=[_("The public finds it no more. Staff still read it, with your reason.")],
    )
    return form_page(
        request,
        page,
        WithdrawForm(request.POST or None),
        lambda given: actions.withdraw_practice(request.actor, found.code, reason=given["reason"]),
        _onward,
        {"practice.reason": "reason"},
    )
