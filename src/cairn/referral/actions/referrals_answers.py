"""What the recipient of a referral does: see it, decide, ask, pass on, begin, tell the outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.referral.actions.referrals_moves import (
    Acting,
    check_holds,
    clock_of,
    happened,
    held,
    is_done,
    move,
    once,
    tell,
)
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.models.services import Service
from cairn.referral.queries import referrals_people as people
from cairn.referral.rules import referrals as rules
from cairn.referral.rules.referrals import ENDS, Feedback, Reason, Side, State
from cairn.referral.rules.referrals_clocks import times_of

# What is said once more so soon says nothing new; each time is a line that stays for good.
NOT_AGAIN_FOR: Final = timedelta(hours=1)
# Somebody who answers through a one-time link, and has no account.
OUTSIDE = Actor(name="outside")


class Verb(StrEnum):
    """What a recipient may say."""

    SEEN = "seen"
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK = "ask"
    REDIRECT = "redirect"
    BEGIN = "begin"
    GOES_ON = "goes-on"
    FINISH = "finish"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason`: a code of Reason for declining; `note`: a question or a word, sealed.

    `service`: code of the one to which it is passed on; `outcome`: a state how the help ended;
    `feedback`, `rating`: what the sender is told of it.
    """

    verb: Verb
    reason: str = ""
    note: str = ""
    service: str = ""
    outcome: str = ""
    feedback: str = ""
    rating: int | None = None


_TO: Final[Mapping[Verb, State]] = {
    Verb.SEEN: State.ACKNOWLEDGED,
    Verb.ACCEPT: State.ACCEPTED,
    Verb.DECLINE: State.DECLINED,
    Verb.ASK: State.INFORMATION_REQUESTED,
    Verb.REDIRECT: State.REDIRECTED,
    Verb.BEGIN: State.SERVICE_STARTED,
    Verb.TELL: State.FEEDBACK_RETURNED,
}


def answer(
    actor: Actor,
    code: str,
    given: Answer,
    *,
    expected: str = "",
    client_id: UUID | None = None,
) -> Referral:
    """Answer a referral that came to one's own place. `expected`: the state that the page showed.

    Not inside a transaction. Raises Referral.DoesNotExist, Service.DoesNotExist, PermissionDenied,
    RuleBroken ("referral.taken-back", "referral.too-late", "referral.move", "referral.changed",
    "referral.reason", "referral.words", "referral.feedback", "referral.rating", and where what it
    stood on has ended those of rules.clearing).
    """
    try:
        with transaction.atomic():
            referral = held(actor, code)
            if not referral.is_received_by(actor, Permission.REFERRAL_ANSWER):
                raise PermissionDenied(Permission.REFERRAL_ANSWER.value)
            _answer(referral, given, _acting(actor, client_id), expected)
    except _NotCovered as refusal:
        _tell_not_covered(refusal)
        raise refusal.broken from None
    return referral


def answer_outside(referral_id: UUID, given: Answer, *, client_id: UUID | None = None) -> Referral:
    """The answer of a recipient without an account; the caller has checked link and code.

    Not inside a transaction. Raises as `answer`.
    """
    try:
        with transaction.atomic():
            referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral_id)
            _answer(referral, given, _acting(OUTSIDE, client_id), "")
    except _NotCovered as refusal:
        _tell_not_covered(refusal)
        raise refusal.broken from None
    return referral


def _acting(actor: Actor, client_id: UUID | None) -> Acting:
    return Acting(actor, Side.RECIPIENT, clock.now(), client_id)


def _answer(referral: Referral, given: Answer, acting: Acting, expected: str) -> None:
    if is_done(referral, acting.client_id):
        return
    state = State(referral.state)
    if state in ENDS:
        rules.check_move(state, _TO.get(given.verb, State.ACCEPTED), Side.RECIPIENT)
    rules.check_expected(state, expected)
    _DO[given.verb](referral, given, acting)


def _seen(referral: Referral, given: Answer, acting: Acting) -> None:
    """Seen by somebody who will decide; that it had arrived is noted on the way."""
    if referral.state == State.SENT:
        move(referral, State.DELIVERED, once(acting))
    move(referral, State.ACKNOWLEDGED, acting)


def _see_first(referral: Referral, acting: Acting) -> None:
    """Whoever answers has seen it."""
    if referral.state in {State.SENT, State.DELIVERED}:
        _seen(referral, Answer(Verb.SEEN), once(acting))


def _accept(referral: Referral, given: Answer, acting: Acting) -> None:
    """Accepted: the words open from now on, if what they stand on still holds."""
    _see_first(referral, acting)
    rules.check_move(State(referral.state), State.ACCEPTED, Side.RECIPIENT)
    try:
        check_holds(referral, referral.person, acting.now)
    except RuleBroken as broken:
        raise _NotCovered(referral, broken) from None
    event = move(referral, State.ACCEPTED, acting, changes={"focal_user": acting.actor.user_id})
    tell(referral, people.senders(referral), "accepted", event)


def _decline(referral: Referral, given: Answer, acting: Acting) -> None:
    if given.reason not in Reason.values:
        raise RuleBroken("referral.reason", _("Say why, so that the sender can look further."))
    _see_first(referral, acting)
    changes = {"reason": given.reason}
    event = move(
        referral,
        State.DECLINED,
        acting,
        note=given.note.strip(),
        reason=given.reason,
        changes=changes,
    )
    tell(referral, people.senders(referral), "declined", event)


def _ask(referral: Referral, given: Answer, acting: Acting) -> None:
    rules.check_words(given.note)
    _see_first(referral, acting)
    event = move(referral, State.INFORMATION_REQUESTED, acting, note=given.note.strip())
    tell(referral, people.senders(referral), "asked", event)


def _pass_on(referral: Referral, given: Answer, acting: Acting) -> None:
    """Say who could help instead. Nothing goes there: the sender decides and sends anew."""
    service = Service.objects.visible_to(acting.actor).get(code=given.service)
    if service.pk == referral.service_id:
        raise RuleBroken("referral.same-service", _("This is the service that was asked."))
    _see_first(referral, acting)
    changes = {"alternate": service}
    event = move(referral, State.REDIRECTED, acting, note=given.note.strip(), changes=changes)
    tell(referral, people.senders(referral), "redirected", event)


def _begin(referral: Referral, given: Answer, acting: Acting) -> None:
    move(referral, State.SERVICE_STARTED, acting, note=given.note.strip())


def _goes_on(referral: Referral, given: Answer, acting: Acting) -> None:
    """Help goes on: the clock asks again in a month. Accepted and not begun yet: in a week."""
    state = State(referral.state)
    if state not in rules.RUNNING:
        rules.check_move(state, State.SERVICE_STARTED, Side.RECIPIENT)
    last = ReferralEvent.objects.filter(referral=referral).order_by("-number").first()
    if last is not None and last.event == "goes-on" and acting.now - last.at < NOT_AGAIN_FOR:
        raise RuleBroken(
            "referral.said",
            _("It was said just now that the help goes on."),
            _("Say it again when you are asked."),
        )
    times = times_of(
        state,
        referral.urgency,
        since=acting.now,
        sent_at=referral.sent_at,
        clock=clock_of(referral.urgency),
    )
    referral.step, referral.next_at = 0, times.next_at
    referral.save(update_fields=["step", "next_at"])
    happened(referral, "goes-on", acting, note=given.note.strip())


def _finish(referral: Referral, given: Answer, acting: Acting) -> None:
    """How the help ended, with what the sender is told of it, where that is given as well."""
    if given.outcome not in {state.value for state in rules.OUTCOMES}:
        raise RuleBroken("referral.feedback", _("Say how it ended."))
    if referral.state == State.ACCEPTED:
        _begin(referral, Answer(Verb.BEGIN), once(acting))
    has_word = bool(given.feedback)
    if has_word:
        rules.check_feedback(State(given.outcome), Feedback(given.feedback), given.rating)
    move(referral, State(given.outcome), acting)
    if has_word:
        _tell(referral, given, once(acting))


def _tell(referral: Referral, given: Answer, acting: Acting) -> None:
    """The outcome goes back to the sender."""
    state = State(referral.state)
    rules.check_move(state, State.FEEDBACK_RETURNED, Side.RECIPIENT)
    if given.feedback not in Feedback.values:
        raise RuleBroken("referral.feedback", _("Say what came of it."))
    rules.check_feedback(state, Feedback(given.feedback), given.rating)
    changes = {"feedback": given.feedback, "rating": given.rating}
    event = move(
        referral, State.FEEDBACK_RETURNED, acting, note=given.note.strip(), changes=changes
    )
    tell(referral, people.senders(referral), "feedback", event)


_DO: Final[Mapping[Verb, Callable[[Referral, Answer, Acting], None]]] = {
    Verb.SEEN: _seen,
    Verb.ACCEPT: _accept,
    Verb.DECLINE: _decline,
    Verb.ASK: _ask,
    Verb.REDIRECT: _pass_on,
    Verb.BEGIN: _begin,
    Verb.GOES_ON: _goes_on,
    Verb.FINISH: _finish,
    Verb.TELL: _tell,
}


class _NotCovered(Exception):
    """What a referral stood on has ended; the sender is told, in a transaction of its own."""

    def __init__(self, referral: Referral, broken: RuleBroken) -> None:
        super().__init__(broken.code)
        self.referral, self.broken = referral, broken


@transaction.atomic
def _tell_not_covered(refusal: _NotCovered) -> None:
    """Once for each reason: the sender learns that acceptance failed, and why as a code."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=refusal.referral.pk)
    reason = refusal.broken.code.removeprefix("referral.")[:24]
    told = ReferralEvent.objects.filter(referral=referral, event="not-covered", reason=reason)
    if told.exists():
        return
    event = happened(referral, "not-covered", Acting.as_clock(), reason=reason, is_shared=False)
    tell(referral, people.senders(referral), "not-covered", event)
