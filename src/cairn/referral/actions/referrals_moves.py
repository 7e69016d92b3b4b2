"""What every move of a referral has in common: held, checked, written down, told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.access.queries import SYSTEM
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.referral.actions.outbox import queue, tell_users
from cairn.referral.models.outbox import MessageKind
from cairn.referral.models.outside import OneTimeLink
from cairn.referral.models.persons import Person
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.queries.referrals_clearing import Grounds, grounds
from cairn.referral.rules import referrals as rules
from cairn.referral.rules import referrals_clocks
from cairn.referral.rules.referrals import ENDS, Side, State
from cairn.referral.rules.referrals_clocks import Clock

_MOMENTS = {
    State.SENT: "sent_at",
    State.DELIVERED: "delivered_at",
    State.ACKNOWLEDGED: "acknowledged_at",
    State.ACCEPTED: "decided_at",
    State.DECLINED: "decided_at",
    State.REDIRECTED: "decided_at",
}
_TIMES = ["ack_by", "decide_by", "next_at", "step", "moved_at"]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who moves a referral, on which side, and when. `client_id`: made by whoever asks."""

    actor: Actor
    side: Side
    now: datetime
    client_id: UUID | None = None

    @classmethod
    def as_sender(cls, actor: Actor, client_id: UUID | None = None) -> "Acting":
        return cls(actor, Side.SENDER, clock.now(), client_id)

    @classmethod
    def as_clock(cls, now: datetime | None = None) -> "Acting":
        return cls(SYSTEM, Side.CLOCK, now or clock.now())


def clock_of(urgency: str) -> Clock:
    """The clock of an urgency, as this installation sets it."""
    return referrals_clocks.clocks(getattr(settings, "REFERRAL_CLOCKS", None))[urgency]


def held(actor: Actor, code: str) -> Referral:
    """The referral of this code, held until the end of the transaction.

    Raises Referral.DoesNotExist, also for one that the actor does not see.
    """
    rows = Referral.objects.visible_to(actor).select_for_update(of=("self",))
    found: Referral = rows.get(code=code)
    return found


def held_by_sender(actor: Actor, code: str) -> Referral:
    """The same, for whoever may send on its sending side. Raises PermissionDenied as well.

    The person is held first: whoever takes a consent back at the same moment holds it too, and
    what is sent on that consent is either stopped by it or never sent.
    """
    person_id = Referral.objects.visible_to(actor).values_list("person", flat=True).get(code=code)
    rows = Person.objects.select_for_update(of=("self",), no_key=True)
    rows.only("pk", "data_key").get(pk=person_id)
    found = held(actor, code)
    require(actor, Permission.REFERRAL_SEND, within=found)
    return found


def check_holds(referral: Referral, person: Person, now: datetime) -> Grounds:
    """What holds now between both sides. Raises RuleBroken, see rules.clearing.

    The reason of an emergency stays sealed: only that it was stated counts.
    """
    found = grounds(person, referral.service, referral.purpose, timezone.localdate(now))
    found.check(referral.categories, referral.urgency, str(referral.emergency_reason))
    return found


def is_done(referral: Referral, client_id: UUID | None) -> bool:
    """True when the same request was done before: it is not done again."""
    if client_id is None:
        return False
    return ReferralEvent.objects.filter(referral=referral, client_id=client_id).exists()


def move(
    referral: Referral,
    to: State,
    acting: Acting,
    *,
    event: str = "",
    note: str = "",
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> ReferralEvent:
    """Bring a held referral to `to`, with its clock, its event and its entry in the log.

    `event`: what happened, where the name of the new state does not say it; `changes`: further
    fields that change with it. Raises RuleBroken ("referral.move", "referral.taken-back",
    "referral.too-late").
    """
    before = State(referral.state)
    rules.check_move(before, to, acting.side)
    fields = ["state", *_TIMES, *(changes or {})]
    referral.state, referral.moved_at, referral.step = to, acting.now, 0
    moment = _MOMENTS.get(to)
    if moment and getattr(referral, moment) is None:
        setattr(referral, moment, acting.now)
        fields.append(moment)
    if to in ENDS:
        referral.closed_at = acting.now
        fields.append("closed_at")
        # Nobody reads it by a link any more, so nothing of it stays there.
        OneTimeLink.objects.filter(referral=referral).update(content=None, answer=None)
    for name, value in (changes or {}).items():
        setattr(referral, name, value)
    _set_clock(referral, acting.now)
    referral.save(update_fields=fields)
    return happened(referral, event or to.value, acting, before=before, note=note, reason=reason)


def _set_clock(referral: Referral, now: datetime) -> None:
    times = referrals_clocks.times_of(
        State(referral.state),
        referral.urgency,
        since=now,
        sent_at=referral.sent_at,
        clock=clock_of(referral.urgency),
    )
    referral.ack_by = times.ack_by or referral.ack_by
    referral.decide_by = times.decide_by or referral.decide_by
    referral.next_at = times.next_at


def happened(
    referral: Referral,
    event: str,
    acting: Acting,
    *,
    before: State | None = None,
    note: str = "",
    reason: str = "",
    is_shared: bool = True,
) -> ReferralEvent:
    """Append what happened to a held referral, and its entry in the log."""
    last = ReferralEvent.objects.filter(referral=referral).order_by("-number").first()
    number = last.number + 1 if last is not None else 1
    made = ReferralEvent(
        data_key=referral.data_key,
        referral=referral,
        number=number,
        code=f"{referral.code.lower()}.e{number}",
        event=event,
        before=before or referral.state,
        after=referral.state,
        side=acting.side.value,
        reason=reason,
        is_shared=is_shared,
        at=acting.now,
        by=acting.actor.user_id,
        client_id=acting.client_id if acting.side is not Side.CLOCK else None,
        note=note,
    )
    made.save(force_insert=True)
    audit.record(
        acting.actor,
        f"referral.{event}",
        referral,
        before=str(made.before),
        after=str(made.after),
        side=acting.side.value,
        **({"reason": reason} if reason else {}),
    )
    return made


def once(acting: Acting) -> Acting:
    """The same acting for a further event of one request: the id stands on the first one only."""
    return Acting(acting.actor, acting.side, acting.now)


def tell(referral: Referral, users: Iterable[UUID], code: str, event: ReferralEvent) -> int:
    """Tell `users` after commit, once for this event; they are told the code and nothing else."""
    return tell_users(
        users, f"referral.{code}", referral.pk, f"{event.code}:{code}", pseudonym=referral.code
    )


def mail_service(referral: Referral, event: ReferralEvent) -> None:
    """A mail to the service's work address that something waits, where it gave one."""
    if referral.service.email:
        queue(
            MessageKind.MAIL,
            f"{event.code}:mail",
            code="referral.arrived",
            to_address=referral.service.email,
            subject_id=referral.pk,
        )
