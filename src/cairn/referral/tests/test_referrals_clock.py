"""Time and referrals: steps after a breach, a clock that stood still, thirty days of silence."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from cairn.access.tests.factories import user_with_role
from cairn.core import clock
from cairn.oversight.models import Notice
from cairn.referral.actions import referrals as actions
from cairn.referral.actions import referrals_clock, referrals_moves
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.referrals_answers import Verb
from cairn.referral.actions.referrals_clock import run_clock, tick
from cairn.referral.models import OutboxMessage, Referral, ReferralEvent
from cairn.referral.rules.referrals import ENDS, Feedback, State
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.protocols_made import other, service
from cairn.referral.tests.referrals_made import (
    DANGER,
    Sides,
    notices,
    pass_messages,
    referred,
    refused,
    say,
    sides,
    wanted,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def at() -> Sides:
    return sides()


def due_at(referral: Referral) -> datetime:
    referral.refresh_from_db()
    assert referral.next_at is not None
    return referral.next_at


def steps(referral: Referral) -> list[str]:
    rows = ReferralEvent.objects.filter(referral=referral, side="clock").order_by("number")
    told = ("delivered", "danger-nobody")
    return [event for event in rows.values_list("event", flat=True) if event not in told]


def test_silence_leads_from_reminder_to_focal_point_to_another_service_to_the_end(
    at: Sides,
) -> None:
    above = actor_of(user_with_role("case-supervisor", name="above", at=other()))
    second = service(name="Invented second help")
    made = referred(at)
    assert tick(due_at(made) - SECOND) == 0
    for wanted_steps in (1, 2, 3, 4):
        assert tick(due_at(made)) == 1
        assert len(steps(made)) == wanted_steps
    made.refresh_from_db()
    assert steps(made) == ["reminded", "focal-point", "alternate", "expired"]
    assert (made.state, made.next_at, made.alternate) == (State.EXPIRED, None, second)
    # The whole of it takes as long as the decision may take.
    assert made.decide_by is not None
    last = ReferralEvent.objects.filter(referral=made).order_by("-number").first()
    assert last is not None
    assert last.at == made.decide_by
    assert notices(at.focal) == [
        "referral.arrived",
        "referral.remind",
        "referral.focal-point",
        "referral.expired-here",
    ]
    assert "referral.focal-point" in notices(above)
    assert notices(at.worker) == ["referral.alternate", "referral.expired"]


def test_where_no_other_service_is_found_the_sender_is_told_that(at: Sides) -> None:
    made = referred(at)
    for _step in range(3):
        tick(due_at(made))
    assert steps(made)[-1] == "no-alternate"
    assert notices(at.worker) == ["referral.no-alternate"]


def test_whoever_sees_it_gets_the_time_to_decide(at: Sides) -> None:
    made = referred(at)
    tick(due_at(made))
    say(at, made, Verb.SEEN)
    made.refresh_from_db()
    assert (made.step, made.next_at) == (0, made.decide_by)


def test_a_question_that_the_sender_does_not_answer_is_brought_back_to_the_sender(
    at: Sides,
) -> None:
    above = actor_of(user_with_role("case-supervisor", name="above-sender"))
    made = referred(at)
    say(at, made, Verb.ASK, note="Which days?")
    for _step in range(4):
        tick(due_at_or_end(made))
    assert state(made) == State.EXPIRED
    assert notices(at.worker)[:2] == ["referral.asked", "referral.remind-question"]
    assert "referral.remind-question" in notices(above)


def due_at_or_end(referral: Referral) -> datetime:
    referral.refresh_from_db()
    return referral.next_at or clock.now()


def state(referral: Referral) -> str:
    return Referral.objects.get(pk=referral.pk).state


def test_accepted_and_never_heard_of_again_is_told_as_that_and_closed(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    for _step in range(4):
        tick(due_at(made))
    made.refresh_from_db()
    assert (made.state, made.feedback) == (State.CLOSED, Feedback.NO_NEWS)
    assert steps(made) == ["news-asked", "news-asked", "no-news", "closed"]
    assert notices(at.worker) == ["referral.accepted", "referral.no-news"]


def test_help_that_goes_on_is_asked_again_after_a_fortnight(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    say(at, made, Verb.BEGIN)
    tick(due_at(made))
    say(at, made, Verb.GOES_ON)
    made.refresh_from_db()
    assert made.step == 0
    assert due_at(made) - clock.now() > timedelta(days=13)


def test_an_outcome_without_a_word_is_told_by_the_clock(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    say(at, made, Verb.FINISH, outcome="not-reached")
    tick(due_at(made))
    made.refresh_from_db()
    assert (made.state, made.feedback) == (State.FEEDBACK_RETURNED, Feedback.NOT_REACHED)
    assert notices(at.worker) == ["referral.accepted", "referral.feedback"]


def test_what_was_prepared_and_never_sent_ends_and_only_the_sender_hears_of_it(at: Sides) -> None:
    made = actions.prepare(at.worker, at.person.code, at.service.code, wanted())
    assert tick(due_at(made)) == 1
    assert state(made) == State.EXPIRED
    assert notices(at.worker) == ["referral.unsent"]
    assert notices(at.focal) == []


def test_a_worker_that_stood_still_for_a_day_catches_up_without_a_burst(at: Sides) -> None:
    urgent = [referred(at, urgency="emergency", emergency_reason=DANGER) for _each in range(4)]
    pass_messages()
    before = Notice.objects.count()
    now = clock.now() + timedelta(days=1)
    assert tick(now) == 4
    # However often the clock looks now: one step each, and the next one a whole wait later.
    for _time in range(5):
        assert tick(now + SECOND) == 0
    pass_messages()
    assert Notice.objects.count() - before == 4
    for made in urgent:
        assert steps(made) == ["reminded"]
        assert due_at(made) == now + HOUR


def test_the_same_moment_twice_takes_one_step(at: Sides) -> None:
    made = referred(at)
    moment = due_at(made)
    assert [tick(moment), tick(moment)] == [1, 0]
    assert OutboxMessage.objects.filter(code="referral.remind").count() == 1


def test_an_answer_after_the_end_is_refused_and_says_so(at: Sides) -> None:
    made = referred(at)
    for _step in range(4):
        tick(due_at(made))
    with refused("referral.too-late"):
        say(at, made, Verb.ACCEPT)


def test_a_referral_that_fails_does_not_stop_the_clock_of_the_others(
    at: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = referred(at), referred(at)
    moment = max(due_at(first), due_at(second))
    plain: Callable[..., object] = referrals_moves.happened

    def broken(referral: Referral, *args: object, **given: object) -> object:
        if referral.pk == first.pk:
            raise ValueError("an invented fault")
        return plain(referral, *args, **given)

    with monkeypatch.context() as patch:
        patch.setattr(referrals_clock, "happened", broken)
        assert tick(moment) == 1
    assert (steps(first), steps(second)) == ([], ["reminded"])
    # Nothing of the failed step stayed, and the next minute takes it.
    assert tick(moment) == 1
    assert steps(first) == ["reminded"]


def test_an_installation_sets_its_own_clocks(at: Sides, settings: Settings) -> None:
    settings.REFERRAL_CLOCKS = {"urgent.seen": 30, "urgent.decided": 60}
    made = referred(at)
    assert made.sent_at is not None
    assert (made.ack_by, made.decide_by) == (made.sent_at + HOUR / 2, made.sent_at + HOUR)


def test_the_round_tells_how_much_it_did(at: Sides) -> None:
    for _each in range(3):
        actions.refer(at.worker, at.person.code, at.service.code, wanted())
    assert run_clock({}).facts == {"delivered": 0, "moved": 0, "waiting": 0}
    send_outbox({})
    assert run_clock({}).facts == {"delivered": 3, "moved": 0, "waiting": 0}
    late = list(Referral.objects.values_list("pk", flat=True)[:2])
    Referral.objects.filter(pk__in=late).update(next_at=clock.now() - SECOND)
    assert run_clock({}).facts == {"delivered": 0, "moved": 2, "waiting": 0}
    assert run_clock({}).facts == {"delivered": 0, "moved": 0, "waiting": 0}


SILENCES: tuple[tuple[Verb, ...], ...] = (
    (),
    (Verb.SEEN,),
    (Verb.ASK,),
    (Verb.ACCEPT,),
    (Verb.ACCEPT, Verb.BEGIN),
    (Verb.ACCEPT, Verb.FINISH),
)


def test_in_thirty_days_of_silence_every_referral_comes_to_an_end(at: Sides) -> None:
    chance = random.Random(7)  # noqa: S311 - the same each time
    service(name="Invented second help")
    outdoors = service(name="Invented outside help", is_outside=True)
    made = [
        actions.prepare(at.worker, at.person.code, at.service.code, wanted()) for _each in range(2)
    ]
    for urgency in ("emergency", "urgent", "routine"):
        for silence in SILENCES:
            referral = referred(at, urgency=urgency)
            for verb in silence:
                say(at, referral, verb, note="Which days?", outcome="completed")
            made.append(referral)
        # A recipient without an account may be silent as well.
        gone = actions.refer(at.worker, at.person.code, outdoors.code, wanted(urgency=urgency))
        made.append(gone.referral)
    start, now = clock.now(), clock.now()
    most_told: Counter[tuple[str, str]] = Counter()
    while now < start + timedelta(days=30):
        tick(now)
        # A worker that stumbles: sometimes an hour, sometimes a day.
        now += chance.choice([HOUR, 3 * HOUR, 6 * HOUR, timedelta(days=1)])
    left = Referral.objects.exclude(state__in=ENDS)
    assert list(left.values_list("code", "state", "urgency")) == []
    assert Referral.objects.count() == len(made)
    # Nobody was flooded: of each event each reader was told once.
    pass_messages()
    for notice in Notice.objects.filter(code__startswith="referral."):
        most_told[str(notice.user_id), f"{notice.subject_id} {notice.code}"] += 1
    assert max(most_told.values()) <= 2
    # And each end was told to the sender, whatever it was.
    told = set(Notice.objects.visible_to(at.worker).values_list("subject_id", flat=True))
    assert {referral.pk for referral in made} <= told
