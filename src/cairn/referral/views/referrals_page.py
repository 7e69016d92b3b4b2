"""The page of one referral: how it stands, what can be done now, and the opening of its words."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views.showing import Shown, shown, shown_value
from cairn.referral.actions.referrals_reading import (
    Whole,
    may_open_notes,
    may_open_words,
    open_referral,
)
from cairn.referral.forms.referrals import ConfirmForm
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.queries import referrals as queries
from cairn.referral.queries.referrals_people import DANGER
from cairn.referral.rules import referrals as rules
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.referrals import State
from cairn.referral.rules.services import Exclusion
from cairn.referral.subjects.referrals import SEALED, why_lapsed
from cairn.referral.wording import SENTENCES
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.templatetags.ui import language_name, listed


@never_cache
@require_safe
@signed_in
def referral(request: ActorRequest, code: str) -> HttpResponse:
    """One referral, as one's own side sees it, with its words closed."""
    return _page(request, queries.find_referral(request.actor, code), OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("referral.open", per_minute=20, per_hour=200)
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open the words, questions and answers on this one answer, which nothing keeps."""
    found = queries.find_referral(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form = OpenForm(request.POST)
    opened = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            whole = open_referral(request.actor, code, Purpose(given["purpose"]), given["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason" if refusal.code == "oversight.reason" else None)
        else:
            opened = _shown(whole)
    return _page(request, found, form, opened)


def _shown(whole: Whole) -> list[Shown]:
    parts = shown(whole.words) if whole.words else []
    for note in whole.notes:
        label = f"{_heading(note.record)}, {timezone.localtime(note.record.at):%Y-%m-%d %H:%M}"
        parts.append(shown_value(label, note.values["note"]))
    return parts


def _heading(event: ReferralEvent) -> str:
    words = {
        "information-requested": pgettext("referral", "Question of the service"),
        "answered": pgettext("referral", "Answer of the sender"),
        "declined": pgettext("referral", "Why it was declined"),
        "redirected": pgettext("referral", "Why another service was named"),
        "recalled": pgettext("referral", "Why it was taken back"),
        "withdrawn": pgettext("referral", "Why it was taken back"),
        "feedback-returned": pgettext("referral", "Word on the outcome"),
    }
    return words.get(event.event, pgettext("referral", "Word of the service"))


def card_facts(referral: Referral) -> Sequence[tuple[str | Promise, str]]:
    """What the service sees before it accepts, as words."""
    card = referral.card
    spoken = card.get("language")
    exclusions = [Exclusion(each).label for each in card.get("exclusions", ())]
    age = card.get("age_band")
    return [
        (pgettext("help", "Need"), str(referral.get_need_display())),
        (_("How urgent"), str(referral.get_urgency_display())),
        (_("Area"), referral.place),
        (
            pgettext("spoken", "Language"),
            language_name(spoken) if spoken else _("not known"),
        ),
        (_("Age"), str(AgeBand(age).label) if age else _("not known")),
        (
            _("What applies to the person"),
            listed(exclusions) or _("nothing of this kind"),
        ),
    ]


def _page(
    request: ActorRequest,
    found: Referral,
    form: OpenForm,
    opened: list[Shown] | None = None,
) -> HttpResponse:
    actor, state = request.actor, State(found.state)
    happened = queries.events(actor, found)
    is_sender = found.is_sent_by(actor)
    may_send = found.is_sent_by(actor, Permission.REFERRAL_SEND)
    may_answer = found.is_received_by(actor, Permission.REFERRAL_ANSWER)
    is_shown = is_sender or rules.is_card_shown(state)
    notes = sum(1 for event in happened if event.note)
    may_words = may_open_words(actor, found)
    context: dict[str, Any] = {
        "referral": found,
        "state_code": f"referral-{state.value}",
        "is_sender": is_sender,
        "is_waiting": state in rules.WAITING,
        "is_late": found.step > 0 and state in rules.WAITING,
        "card": card_facts(found) if is_shown else [],
        "categories": found.categories,
        "notes": notes,
        "parts": _parts(found, notes, may_words=may_words),
        "may_open": actor.may(Permission.REFERRAL_OPEN)
        and (may_words or (notes > 0 and may_open_notes(actor, found))),
        "may_take_out": may_words and found.is_content_open,
        "lapsed": _lapsed(found) if not is_sender and not may_words else "",
        "is_erased": found.erased_on is not None,
        "danger": next((each.event for each in happened if each.event in DANGER), ""),
        "form": form,
        "opened": opened,
        # Without ids: it stands in several forms of the page.
        "once": ConfirmForm(expected=found.state, auto_id=False),
        "country": geography.country_name(found.recipient_country, language()),
        "history": queries.history(actor, found, happened, SENTENCES),
        "own_file": queries.own_file(actor, found),
        **_doing(found, state, may_send=may_send, may_answer=may_answer, actor=actor),
    }
    return render(request, "referral/referral.html", context, status=status_of(form))


def _lapsed(found: Referral) -> str:
    """What the recipient is told of words that were open, or would be, and open no more."""
    why = why_lapsed(found) if found.is_content_open else None
    return str(rules.not_open(why)) if why is not None else ""


def _parts(found: Referral, notes: int, *, may_words: bool) -> list[tuple[Any, bool]]:
    """What is there to open, as far as the reader may."""
    parts: list[tuple[Any, bool]] = []
    if may_words:
        parts.append((SEALED["content"], bool(found.content)))
        if found.emergency_reason:
            parts.append((SEALED["emergency_reason"], True))
    if notes:
        parts.append((_("Questions, answers and words"), True))
    return parts


def _doing(
    found: Referral, state: State, *, may_send: bool, may_answer: bool, actor: Any
) -> dict[str, bool]:
    """What can be done now, by whoever looks."""
    is_waiting = state in rules.WAITING
    may_file = may_answer and actor.may_within(
        Permission.PERSON_EDIT,
        found.recipient_id,
        found.recipient_unit_id,
        found.recipient_country,
    )
    lives = found.erased_on is None
    return {
        "can_send": may_send and state in rules.PREPARED,
        "can_edit": may_send and lives and state in rules.PREPARED,
        "can_recall": may_send and state in rules.RECALLABLE,
        "can_reply": may_send and state is State.INFORMATION_REQUESTED,
        "can_close": may_send and state is State.FEEDBACK_RETURNED,
        "can_again": may_send and lives and (is_waiting or state in rules.ENDS),
        "can_see": may_answer and state in {State.SENT, State.DELIVERED},
        "can_decide": may_answer and is_waiting,
        "can_begin": may_answer and state is State.ACCEPTED,
        "can_go_on": may_answer and state in rules.RUNNING,
        "can_finish": may_answer and state in rules.RUNNING,
        "can_file": may_file
        and state in rules.ACCEPTED_ON
        and found.received_person_id is None
        and found.taken_back_at is None,
    }
