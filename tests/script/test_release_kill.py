"""A release is built, signed and published, and the process is killed again and again meanwhile.

Whatever moment it dies in, a step is whole or was not taken: the chain of hashes holds, the state
fits the steps, and the end is the same as without a death. The deaths are real (SIGKILL).
"""

import json
import subprocess
import sys
import textwrap

import pytest

from tests.script.installations import Installation

pytestmark = pytest.mark.processes

PROGRAM = """
    import json, os, random, signal, time
    import django
    django.setup()
    from django.db import connections
    from cairn.core import audit
    from cairn.observatory.actions import ledger, releases, signing
    from cairn.observatory.models import Artefact, LedgerEntry, Published, Release, Signature
    from cairn.observatory.rules.pipeline import AFTER, OVER, STEPS, ReleaseState
    from cairn.observatory.tests import pipeline_scene as scene

    held = scene.source_of(scene.Records(scene.usual(f_child_a=3)))
    held.__enter__()
    builder = scene.actor(name="builder")
    signers = [scene.actor(name="first"), scene.actor("data-protection-officer", "second")]
    first = scene.built(builder, scene.plan(columns=[["sex", "age"]]))
    wanted = [each.content for each in Artefact.objects.filter(release=first).order_by("number")]
    releases.refuse(builder, first.code, "Built to compare with.")
    made = releases.begin(builder, scene.plan(columns=[["sex", "age"]]))

    def alone():  # a connection, or a pool of them, is never shared with a child
        connections.close_all()
        for each in connections.all():
            getattr(each, "close_pool", lambda: None)()

    def go_on():
        now = Release.objects.get(pk=made.pk)
        if now.is_building:
            now = releases.build(builder, made.code)
        for each in signers:
            if not Signature.objects.filter(release=made, signed_by=each.user_id).exists():
                signing.sign(each, made.code, scene.last_digest(now))
        if Release.objects.get(pk=made.pk).state != ReleaseState.PUBLISHED:
            signing.publish(builder, made.code)

    def torn():
        now = Release.objects.get(pk=made.pk)
        done = list(Artefact.objects.filter(release=made).order_by("number"))
        sound = [each.step for each in done] == list(STEPS[: len(done)])
        sound &= [each.previous for each in done[1:]] == [each.digest for each in done[:-1]]
        if now.is_building:
            reached = AFTER[STEPS[len(done) - 1]] if done else ReleaseState.DRAFT
            sound &= now.state == reached
        out = Published.objects.filter(release=made).count()
        sound &= out == LedgerEntry.objects.count() == (now.state == ReleaseState.PUBLISHED)
        return [] if sound else [now.state]

    def until_it_moved():
        now = Release.objects.filter(pk=made.pk).values_list("state", flat=True)
        before, end = now.get(), time.monotonic() + 5
        while now.all().get() == before and time.monotonic() < end:
            time.sleep(0.002)

    chance, broken, states = random.Random(5), [], set()
    for life in range(80):
        alone()
        child = os.fork()
        if not child:
            go_on()
            os._exit(0)
        # Every second life ends when a step is done, the others at a moment of chance, later and
        # later: so a fast machine is cut off too, and a slow one comes through.
        if life % 2:
            time.sleep(chance.uniform(0.01, 0.02 * life))
        else:
            until_it_moved()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        broken += torn()
        state = Release.objects.get(pk=made.pk).state
        states.add(str(state))
        if state == ReleaseState.PUBLISHED:
            break
    go_on()
    now = Release.objects.get(pk=made.pk)
    kept = [each.content for each in Artefact.objects.filter(release=made).order_by("number")]
    from cairn.observatory.actions.rounds import wipe_old
    wipe_old({})
    now.refresh_from_db()
    print(json.dumps({
        "states": sorted(states),
        "torn": broken + torn(),
        "same": [kept[0], kept[1], kept[3]] == [wanted[0], wanted[1], wanted[3]],
        "state": now.state,
        "signed": Signature.objects.filter(release=made).count(),
        "wiped": now.work_key is None
        and not Artefact.objects.exclude(sealed=None).exists(),
        "ledger": ledger.verify().broken_at is None,
        "sound": audit.verify().broken_at is None,
    }))
"""


def test_killed_at_any_moment_a_release_ends_as_if_nothing_had_happened(
    installation: Installation,
) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", textwrap.dedent(PROGRAM)],
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    kept = json.loads(done.stdout.splitlines()[-1])
    # It was cut off in the midst of it, and not only before or after.
    assert len(kept["states"]) > 2
    assert kept["torn"] == []
    assert kept["same"]
    assert (kept["state"], kept["signed"]) == ("published", 2)
    assert kept["wiped"]
    assert kept["ledger"]
    assert kept["sound"]
