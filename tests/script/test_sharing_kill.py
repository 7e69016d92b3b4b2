"""A caseload goes to another organisation, and the process is killed again and again meanwhile.

In the end each file is with exactly one organisation, with all that follows from that or nothing.
The deaths are real: SIGKILL of a process that does nothing else.
"""

import json
import subprocess
import sys
import textwrap

import pytest

from tests.script.installations import Installation

pytestmark = pytest.mark.processes

FILES = 24
PROGRAM = """
    import json, os, random, signal, sys, time
    import django
    django.setup()
    from django.db import connections
    from cairn.core import audit
    from cairn.core.models import AuditEntry
    from cairn.referral.actions.sharing_moving import move_all
    from cairn.referral.models import Consent, HandOver, HandOverLine, Moved, Person
    from cairn.referral.tests.protocols_made import other
    from cairn.referral.tests.sharing_made import accepted, offered, two, willing

    at = two()
    files = [willing(at.worker) for _each in range(int(sys.argv[1]))]
    made = accepted(at, offered(at, *files))

    def alone():  # a connection, or a pool of them, is never shared with a child
        connections.close_all()
        for each in connections.all():
            getattr(each, "close_pool", lambda: None)()

    def torn():
        found = []
        for line in HandOverLine.objects.filter(hand_over=made).select_related("person"):
            is_gone = line.person.organisation_id == other().pk
            follows = (
                line.state == "moved",
                Moved.objects.filter(person=line.person).count() == 1,
                not Consent.objects.filter(person=line.person, state="given").exists(),
            )
            if set(follows) != {is_gone}:
                found.append(line.person.code)
        return found

    chance, halves, broken = random.Random(7), 0, []
    for _life in range(400):
        alone()
        child = os.fork()
        if not child:
            move_all({})
            os._exit(0)
        time.sleep(chance.uniform(0.01, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        gone = Moved.objects.count()
        halves += 0 < gone < len(files)
        broken += torn()
        if gone == len(files):
            break
    move_all({})
    made.refresh_from_db()
    print(json.dumps({
        "halves": halves,
        "torn": broken + torn(),
        "state": made.state,
        "gone": Person.objects.filter(organisation=other()).count(),
        "tombs": Moved.objects.count(),
        "told": AuditEntry.objects.filter(code="person.moved").count(),
        "sound": audit.verify().broken_at is None,
    }))
"""


def test_killed_in_the_middle_each_file_is_with_exactly_one_organisation(
    installation: Installation,
) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(FILES)],
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    kept = json.loads(done.stdout.splitlines()[-1])
    # It was cut off in the midst of it, and not only before or after.
    assert kept["halves"]
    assert kept["torn"] == []
    assert kept["state"] == "done"
    assert (kept["gone"], kept["tombs"], kept["told"]) == (FILES, FILES, FILES)
    assert kept["sound"]
