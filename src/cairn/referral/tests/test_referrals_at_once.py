"""Two people, two workers, a recall and an answer: at the same moment, each thing happens once."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connections

from cairn.core import audit
from cairn.core.errors import RuleBroken
from cairn.oversight.models import Notice
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.actions.referrals_clock import tick
from cairn.referral.models import OutboxMessage, Referral, ReferralEvent
from cairn.referral.rules.referrals import State
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.referrals_made import focal_user, referred, sides, wanted

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of them at the same moment; what came of each: "done" or the code of a refusal."""
    came: list[str] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait()
            act()
        except RuleBroken as refusal:
            came.append(refusal.code)
        except Exception as problem:  # a deadlock or a locked database would be one
            came.append(type(problem).__name__)
        else:
            came.append("done")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_each_thing_happens_once() -> None:
    at = sides()
    second = actor_of(focal_user("second-focal"))

    # Two colleagues of the service: one decides, the other is told.
    made = referred(at)
    came = at_once(
        lambda: answer(at.focal, made.code, Answer(Verb.ACCEPT), expected="delivered"),
        lambda: answer(
            second, made.code, Answer(Verb.DECLINE, reason="full"), expected="delivered"
        ),
    )
    assert came[0] == "done"
    assert came[1] in {"referral.changed", "referral.move"}

    # The sender takes back while the service accepts: one of the two, never both.
    made = referred(at)
    came = at_once(
        lambda: answer(at.focal, made.code, Answer(Verb.ACCEPT)),
        lambda: actions.recall(at.worker, made.code),
    )
    assert came in (["done", "referral.move"], ["done", "referral.taken-back"])
    made.refresh_from_db()
    assert made.state in {State.ACCEPTED, State.RECALLED}

    # Two workers at the same referrals: one step each.
    waiting = [referred(at) for _each in range(3)]
    moment = max(each.next_at for each in waiting if each.next_at)
    assert at_once(*[lambda: tick(moment)] * 3) == ["done"] * 3
    steps = Counter(
        ReferralEvent.objects.filter(
            referral__in=[each.pk for each in waiting], event="reminded"
        ).values_list("referral", flat=True)
    )
    # Where a worker met a row that another held, the next minute takes it.
    tick(moment)
    assert set(steps.values()) <= {1}
    assert ReferralEvent.objects.filter(event="reminded").count() == 3

    # Two rounds that send: each reader is told once.
    assert at_once(*[lambda: send_outbox({})] * 3) == ["done"] * 3
    told = Counter(
        (notice.user_id, notice.subject_id, notice.code)
        for notice in Notice.objects.filter(code="referral.remind")
    )
    assert set(told.values()) == {1}
    assert not OutboxMessage.objects.filter(done_at=None).exists()

    # The same request twice at once makes one referral.
    same = made.pk
    before = Referral.objects.count()
    code, to = at.person.code, at.service.code
    came = at_once(*[lambda: actions.refer(at.worker, code, to, wanted(), client_id=same)] * 2)
    assert came == ["done", "done"]
    assert Referral.objects.count() == before + 1
    assert audit.verify().broken_at is None
