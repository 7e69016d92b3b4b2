"""What whoever sends a referral does: choose, write, send, take back, answer a question, close."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import referrals as actions
from cairn.referral.actions import referrals_editing as editing
from cairn.referral.actions.referrals import Sent
from cairn.referral.forms.referrals import (
    AgainForm,
    ChooseForm,
    ConfirmForm,
    RecallForm,
    ReplyForm,
    WriteForm,
)
from cairn.referral.forms.referrals_editing import EditForm
from cairn.referral.models.persons import Person
from cairn.referral.models.referrals import Referral
from cairn.referral.models.services import Service
from cairn.referral.queries import referrals as queries
from cairn.referral.queries.outside import takes_answers
from cairn.referral.queries.referrals_clearing import Grounds, grounds
from cairn.referral.rules.choices import DataCategory, Purpose, Urgency
from cairn.referral.rules.referrals import State
from cairn.ui.forms import add_refusal, status_of

_ASKED = ("service", "need", "urgency", "purpose")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("referral.send", per_minute=20, methods=("POST",))
def create(request: ActorRequest, code: str) -> HttpResponse:
    """Refer a person: first which service and for what, then what it is told; sent or kept."""
    person = queries.find_person(request.actor, code)
    require(request.actor, Permission.REFERRAL_SEND, within=person)
    now = clock.now()
    offered = queries.services(request.actor, person.country, now)
    asked = {name: request.GET.get(name, "") for name in _ASKED}
    chosen = queries.find_service(request.actor, asked["service"])
    if chosen is not None and chosen.code not in dict(offered):
        offered = [(chosen.code, chosen.name), *offered]
    is_asked = any(asked.values())
    first = ChooseForm(asked if is_asked else None, services=offered)
    if is_asked and not all(asked.values()):
        first = ChooseForm(services=offered, initial=asked)
    if chosen is None or not first.is_bound or not first.is_valid():
        return render(
            request,
            "referral/referral_choose.html",
            {"person": person, "form": first, "services": offered},
        )
    return _write(request, person, chosen, asked)


def _write(
    request: ActorRequest, person: Person, service: Service, asked: dict[str, str]
) -> HttpResponse:
    """The second step: what holds, who will see what, and the words."""
    today = timezone.localdate(clock.now())
    found = grounds(person, service, asked["purpose"], today)
    is_emergency = asked["urgency"] == Urgency.EMERGENCY
    agreed = agreed_categories(found)
    form = WriteForm(
        request.POST or None,
        agreed=agreed,
        is_emergency=is_emergency,
        initial={"language": (person.languages or [""])[0]},
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.wanted(asked["need"], asked["urgency"], asked["purpose"])
        client_id = form.cleaned_data["client_id"]
        act = actions.prepare if request.POST.get("do") == "keep" else actions.refer
        try:
            made = act(request.actor, person.code, service.code, wanted, client_id=client_id)
        except RuleBroken as refusal:
            add_refusal(form, refusal, _field(refusal.code))
        else:
            return _gone(request, made)
    context = {
        "person": person,
        "service": service,
        "form": form,
        "asked": asked,
        "grounds": found,
        "is_emergency": is_emergency,
        "problem": _problem(found, agreed, asked["urgency"]),
        "change_href": f"{request.path}?{urlencode({'service': service.code})}",
    }
    return render(request, "referral/referral_new.html", context, status=status_of(form))


def _field(code: str) -> str | None:
    return "emergency_reason" if code.startswith("referral.emergency") else None


def agreed_categories(found: Grounds) -> list[str]:
    """Which kinds of content each agreement covers; none where one is missing."""
    agreements = [found.ground, *([] if found.is_within else [found.protocol])]
    if None in agreements:
        return []
    covered = [set(each.categories) for each in agreements]
    return [each.value for each in DataCategory if all(each.value in one for one in covered)]


def _problem(found: Grounds, agreed: list[str], urgency: str) -> RuleBroken | None:
    """What stands against sending now, so that nobody writes in vain."""
    try:
        found.check(agreed or [DataCategory.NEED.value], urgency, "")
    except RuleBroken as refusal:
        return refusal
    return None


def _gone(request: ActorRequest, made: Sent | Referral) -> HttpResponse:
    """After sending: the page of the referral, or once the link for whoever has no account."""
    if isinstance(made, Referral):
        messages.success(request, _("Prepared. Nobody but your place sees it."))
        return redirect(made)
    if made.token:
        context = {
            "referral": made.referral,
            "href": request.build_absolute_uri(
                reverse("referral:answer-outside", args=[made.token])
            ),
            "number": made.number,
        }
        return render(request, "referral/referral_link.html", context)
    messages.success(request, _("Sent. You are told when the service answers."))
    return redirect(made.referral)


def _sendable(request: ActorRequest, code: str) -> Referral:
    """The referral, for whoever may send it. Raises DoesNotExist, PermissionDenied."""
    found = queries.find_referral(request.actor, code)
    require(request.actor, Permission.REFERRAL_SEND, within=found)
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("referral.send", per_minute=20, methods=("POST",))
def send(request: ActorRequest, code: str) -> HttpResponse:
    """Send what was prepared, after a look at who will see what."""
    found = _sendable(request, code)
    form = ConfirmForm(request.POST or None, expected=found.state)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.send(request.actor, code, **form.once())
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return _gone(request, made)
    context: dict[str, Any] = {
        "heading": _("Send the referral"),
        "send": _("Send it now"),
        "back": (found.get_absolute_url(), found.code),
        "facts": [
            (_("Service"), found.service.name),
            (_("Organisation"), found.recipient.display_name),
        ],
        "consequences": told_sentences(found.recipient.display_name),
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("referral.send", per_minute=20, methods=("POST",))
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change what was prepared, before it is sent."""
    found = _sendable(request, code)
    form = _edit_form(request, found)
    page = FormPage(
        heading=_("Change the referral"),
        send=_("Keep the changes"),
        back=(found.get_absolute_url(), found.code),
        done=_("Changed. Nothing is sent yet."),
        consequences=[
            _("Nobody but your place sees it."),
            _("If some words stay and others do not, they are opened for it; that is kept."),
            _("What the service may be told is looked at again before it is sent."),
        ],
    )
    return form_page(
        request,
        page,
        form,
        lambda given: editing.edit(
            request.actor,
            code,
            given["service"],
            form.changed(),
            version=given["version"],
            client_id=given["client_id"],
        ),
        lambda made: found.get_absolute_url(),
    )


def _edit_form(request: ActorRequest, found: Referral) -> EditForm:
    """The form for the service, purpose and urgency that were chosen, or else that stand."""
    now = clock.now()
    asked = {name: request.POST.get(name, "") for name in ("service", "purpose", "urgency")}
    service = queries.find_service(request.actor, asked["service"]) or found.service
    purpose = asked["purpose"] if asked["purpose"] in Purpose.values else found.purpose
    offered = queries.services(request.actor, found.country, now)
    if found.service.code not in dict(offered):
        offered = [(found.service.code, found.service.name), *offered]
    agreed = agreed_categories(grounds(found.person, service, purpose, timezone.localdate(now)))
    return EditForm(
        request.POST or None,
        found=found,
        version=editing.version_of(found),
        services=offered,
        agreed=[*agreed, *found.categories],
        is_emergency=(asked["urgency"] or found.urgency) == Urgency.EMERGENCY,
        expected=found.state,
    )


def told_sentences(recipient: str) -> list[str]:
    """Who will see what, and what the sender keeps."""
    return [
        _("%(recipient)s sees at once: need, urgency, area, language, age and what applies.")
        % {"recipient": recipient},
        _("It reads the words only when it accepts; in danger to life at once."),
        _("You can take it back until it accepts. Your own record stays with you."),
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def recall(request: ActorRequest, code: str) -> HttpResponse:
    """Take a referral back, as long as nobody has accepted it."""
    found = _sendable(request, code)
    page = FormPage(
        heading=_("Take the referral back"),
        send=pgettext("referral", "Take it back"),
        back=(found.get_absolute_url(), found.code),
        done=_("The referral was taken back."),
        facts=[(_("Service"), found.service.name)],
        consequences=[
            _("The service sees nothing of the person any more, and cannot answer."),
            _("It cannot be sent again; you can prepare a new one."),
        ],
    )
    form = RecallForm(request.POST or None, expected=found.state)
    return form_page(
        request,
        page,
        form,
        lambda given: actions.recall(
            request.actor, code, given["note"], is_wish=given["is_wish"], **form.once()
        ),
        lambda made: found.get_absolute_url(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reply(request: ActorRequest, code: str) -> HttpResponse:
    """Answer a question of the service."""
    found = _sendable(request, code)
    page = FormPage(
        heading=_("Answer the question"),
        send=_("Send the answer"),
        back=(found.get_absolute_url(), found.code),
        done=_("The answer was sent."),
        facts=[(_("Service"), found.service.name)],
        consequences=[_reads_answer(found)],
    )
    form = ReplyForm(request.POST or None, expected=found.state)
    return form_page(
        request,
        page,
        form,
        lambda given: actions.answer_question(request.actor, code, given["text"], **form.once()),
        lambda made: found.get_absolute_url(),
        {"referral.words": "text"},
    )


def _reads_answer(found: Referral) -> str:
    """How the answer reaches the service."""
    if not found.is_external:
        return _("The service reads the answer at once, before it accepts.")
    if takes_answers(found, clock.now()):
        return _("The service reads it when it opens its link again. Tell it that an answer waits.")
    return _("The link of the service is over: tell it the answer by telephone as well.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("referral.send", per_minute=20, methods=("POST",))
def again(request: ActorRequest, code: str) -> HttpResponse:
    """Prepare the same for another service: the one that was named or found, or any."""
    found = _sendable(request, code)
    offered = queries.services(request.actor, found.country, clock.now(), found.need)
    offered = [each for each in offered if each[0] != found.service.code]
    proposed = found.alternate.code if found.alternate else request.GET.get("service", "")
    page = FormPage(
        heading=_("Refer to another service"),
        send=_("Prepare it"),
        back=(found.get_absolute_url(), found.code),
        done=_("Prepared with the same words. Look at it, then send it."),
        facts=[(_("Asked before"), found.service.name)],
        consequences=[
            _("The words are opened for it; that is kept."),
            _("Nothing is sent yet. What the other service may be told is looked at again."),
        ],
    )
    form = AgainForm(
        request.POST or None,
        services=offered,
        expected=State(found.state).value,
        initial={"service": proposed},
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.again(
            request.actor, code, given["service"], client_id=given["client_id"]
        ),
        lambda made: made.get_absolute_url(),
    )


@require_POST
@signed_in
def close(request: ActorRequest, code: str) -> HttpResponse:
    """The outcome was read."""
    found = _sendable(request, code)
    form = ConfirmForm(request.POST)
    client_id = form.once()["client_id"] if form.is_valid() else None
    actions.close(request.actor, code, client_id=client_id)
    messages.success(request, _("The referral is closed."))
    return redirect(found)
