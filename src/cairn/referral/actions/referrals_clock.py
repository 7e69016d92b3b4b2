"""What time does with referrals: reminders, focal point, another service, and the end.

Each referral that is due takes one step in a transaction of its own, and at most one message goes
to each reader; so a worker that stood still for a day, or was killed, catches up without a burst.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from cairn.core import clock
from cairn.oversight.outcomes import Facts, Outcome
from cairn.referral.actions.outside import end_lapsed
from cairn.referral.actions.referrals_delivery import mark_all_delivered
from cairn.referral.actions.referrals_moves import Acting, clock_of, happened, move, tell
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.queries import referrals_people as people
from cairn.referral.queries.routing import alternates
from cairn.referral.rules import referrals as rules
from cairn.referral.rules.referrals import Feedback, State
from cairn.referral.rules.referrals_clocks import Due, Step, due, next_at, wait_after
from cairn.referral.rules.routing import Wish

log = logging.getLogger(__name__)

AT_ONCE = 500


def tick(now: datetime | None = None, at_most: int = AT_ONCE) -> int:
    """Take one step with each referral that is due; returns how many. Not inside a transaction.

    Two at the same time take no step twice: each row is held, and looked at again when it is.
    """
    moment = now or clock.now()
    ids = list(Referral.objects.due(moment).values_list("pk", flat=True)[:at_most])
    return sum(_step(pk, moment) for pk in ids)


def _step(referral_id: UUID, now: datetime) -> int:
    """One step of one referral; a failure stops no other, and is tried again in a minute."""
    try:
        with transaction.atomic():
            rows = Referral.objects.due(now).filter(pk=referral_id)
            referral = rows.select_for_update(of=("self",), skip_locked=True).first()
            if referral is None:
                return 0
            kind = due(State(referral.state), referral.step)
            if kind is None:
                return 0
            _DO[kind](referral, Acting.as_clock(now))
    except Exception as problem:  # one referral never stops the clock of the others
        log.error("referral.clock_failed id=%s error=%s", referral_id, type(problem).__name__)
        return 0
    return 1


def _wait(referral: Referral, step: Step | int, acting: Acting, event: str) -> ReferralEvent:
    """Note a step and when the next one comes."""
    state = State(referral.state)
    wait = wait_after(state, clock_of(referral.urgency))
    referral.next_at = next_at(referral.next_at or acting.now, acting.now, wait)
    referral.step = int(step)
    referral.save(update_fields=["step", "next_at"])
    return happened(referral, event, acting)


def _remind(referral: Referral, acting: Acting) -> None:
    """Whoever has to answer: the recipient, or the sender where a question was asked."""
    event = _wait(referral, Step.REMINDED, acting, "reminded")
    if referral.state == State.INFORMATION_REQUESTED:
        tell(referral, people.senders(referral), "remind-question", event)
    else:
        tell(referral, people.all_told(referral), "remind", event)


def _focal_point(referral: Referral, acting: Acting) -> None:
    event = _wait(referral, Step.FOCAL_POINT, acting, "focal-point")
    if referral.state == State.INFORMATION_REQUESTED:
        tell(referral, people.supervisors(referral), "remind-question", event)
    else:
        tell(referral, people.focal_points(referral), "focal-point", event)


def _alternate(referral: Referral, acting: Acting) -> None:
    """Another service is looked for, and the sender is told whether there is one."""
    wish = Wish(
        need=referral.need,
        age_band=str(referral.card.get("age_band") or referral.person.age_band),
        country=referral.person.country,
        urgency=referral.urgency,
        purpose=referral.purpose,
        sex=referral.person.sex,
        languages=tuple(referral.person.languages),
        area=referral.place,
        situation=frozenset(referral.card.get("exclusions", ())),
    )
    asked = Referral.objects.filter(person=referral.person_id, need=referral.need)
    without = frozenset(asked.values_list("service_id", flat=True))
    found = alternates(referral.person, wish, acting.now, without)
    if found:
        referral.alternate_id = found[0].candidate.id
        referral.save(update_fields=["alternate"])
    event = _wait(referral, Step.ALTERNATE, acting, "alternate" if found else "no-alternate")
    tell(referral, people.senders(referral), "alternate" if found else "no-alternate", event)


def _expire(referral: Referral, acting: Acting) -> None:
    was_sent = referral.sent_at is not None
    event = move(referral, State.EXPIRED, acting)
    tell(referral, people.senders(referral), "expired" if was_sent else "unsent", event)
    if was_sent:
        tell(referral, people.all_told(referral), "expired-here", event)


def _ask_news(referral: Referral, acting: Acting) -> None:
    event = _wait(referral, referral.step + 1, acting, "news-asked")
    tell(referral, people.first_told(referral), "ask-news", event)


def _no_news(referral: Referral, acting: Acting) -> None:
    """Accepted, and nothing was heard: that is told as what it is, and somebody looks after it."""
    changes = {"feedback": Feedback.NO_NEWS.value}
    event = move(referral, State.FEEDBACK_RETURNED, acting, event="no-news", changes=changes)
    tell(referral, people.senders(referral), "no-news", event)


def _told(referral: Referral, acting: Acting) -> None:
    """The service said how it ended and no word more: that is what the sender is told."""
    changes = {"feedback": rules.CLOCK_TELLS[State(referral.state)].value}
    event = move(referral, State.FEEDBACK_RETURNED, acting, changes=changes)
    tell(referral, people.senders(referral), "feedback", event)


def _close(referral: Referral, acting: Acting) -> None:
    move(referral, State.CLOSED, acting)


_DO: Final[Mapping[Due, Callable[[Referral, Acting], None]]] = {
    Due.REMIND: _remind,
    Due.FOCAL_POINT: _focal_point,
    Due.ALTERNATE: _alternate,
    Due.EXPIRE: _expire,
    Due.ASK_NEWS: _ask_news,
    Due.NO_NEWS: _no_news,
    Due.TELL: _told,
    Due.CLOSE: _close,
}


def run_clock(facts: Facts) -> Outcome:
    """The round of every minute."""
    delivered = mark_all_delivered()
    moved = tick()
    end_lapsed()
    waiting = Referral.objects.due(clock.now()).count()
    return Outcome(facts={"delivered": delivered, "moved": moved, "waiting": waiting})
