"""Those who refer, those who answer and the clock are killed again and again in mid-transition.

Every referral stands where its last event says, nothing is lost, nobody is told twice, and in the
end each comes to its end. The deaths are real: SIGKILL of a process that does nothing else.
"""

import json
import subprocess
import sys
import textwrap

import pytest

from tests.script.installations import Installation

pytestmark = pytest.mark.processes

LIVES = 24
PROGRAM = """
    import json, os, random, signal, sys, time, uuid
    import django
    django.setup()
    from datetime import timedelta
    from django.db import connections
    from cairn.core import audit, clock
    from cairn.core.errors import RuleBroken
    from cairn.oversight.models import Notice
    from cairn.referral.actions import referrals as actions
    from cairn.referral.actions.outbox import send_outbox
    from cairn.referral.actions.referrals_answers import Answer, Verb, answer
    from cairn.referral.actions.referrals_clock import run_clock, tick
    from cairn.referral.models import OutboxMessage, Referral, ReferralEvent
    from cairn.referral.rules.referrals import ENDS
    from cairn.referral.tests.referrals_made import sides, wanted

    at = sides()
    start = clock.now()
    connections.close_all()
    for each in connections.all():  # a pool is never shared with a child
        getattr(each, "close_pool", lambda: None)()

    def work(number):
        chance, now, step = random.Random(number), clock.now(), 0
        while True:
            step += 1
            same = uuid.UUID(int=chance.getrandbits(128))
            actions.refer(at.worker, at.person.code, at.service.code, wanted(), client_id=same)
            for referral in Referral.objects.order_by("?")[:3]:
                verb = chance.choice([Verb.SEEN, Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.BEGIN])
                try:
                    answer(at.focal, referral.code, Answer(verb, note="Which?", reason="full"))
                except RuleBroken:
                    pass
            now += timedelta(hours=chance.randint(1, 9))
            tick(now)
            run_clock({})
            send_outbox({})

    chance = random.Random(11)
    for number in range(int(sys.argv[1])):
        child = os.fork()
        if not child:
            work(number)
        time.sleep(chance.uniform(0.1, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    torn = []
    for referral in Referral.objects.all():
        events = list(ReferralEvent.objects.filter(referral=referral).order_by("number"))
        numbers = [event.number for event in events]
        chain = all(a.after == b.before for a, b in zip(events, events[1:]))
        if numbers != list(range(1, len(events) + 1)) or events[-1].after != referral.state:
            torn.append(referral.code)
        elif not chain:
            torn.append(referral.code)
    made = Referral.objects.count()
    now = clock.now()
    for _ in range(400):
        now += timedelta(hours=2)
        tick(now)
    run_clock({})
    send_outbox({})
    told = list(Notice.objects.filter(code__startswith="referral.").values_list(
        "user_id", "subject_id", "code"))
    queued = OutboxMessage.objects.filter(kind="notice")
    print(json.dumps({
        "made": made,
        "torn": torn,
        "left": list(Referral.objects.exclude(state__in=ENDS).values_list("state", flat=True)),
        "notices": len(told),
        "messages": queued.count(),
        "unsent": OutboxMessage.objects.filter(done_at=None).count(),
        "sound": audit.verify().broken_at is None,
    }))
"""


def test_killed_in_mid_transition_nothing_is_torn_lost_or_told_twice(
    installation: Installation,
) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(LIVES)],
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    kept = json.loads(done.stdout.splitlines()[-1])
    # The lives were long enough to do something, and were cut off in the midst of it.
    assert kept["made"] >= LIVES // 3
    assert (kept["torn"], kept["left"]) == ([], [])
    assert kept["sound"]
    assert kept["unsent"] == 0
    # One notice for each message: none lost, none twice.
    assert kept["notices"] == kept["messages"]
