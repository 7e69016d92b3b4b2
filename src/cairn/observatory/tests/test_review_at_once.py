"""Two releases at once, and a key that was not destroyed when its release was over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from cairn.core.errors import RuleBroken
from cairn.observatory import building
from cairn.observatory.actions import ledger, releases, signing
from cairn.observatory.actions.bulletins import issue_bulletin
from cairn.observatory.actions.rounds import wipe_old
from cairn.observatory.models import LedgerEntry, Release
from cairn.observatory.rules.pipeline import ReleaseState
from cairn.observatory.tests.pipeline_scene import (
    FIRST,
    SECOND,
    YEAR,
    Records,
    actor,
    built,
    last_digest,
    plan,
    source_of,
    usual,
)
from cairn.observatory.tests.public_scene import payload, publish
from cairn.vault import scratch


def together(*acts: Callable[[], Any]) -> list[str]:
    """All at the same moment: "done", or the code of a refusal."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            gate.wait(timeout=10)
            act()
        except RuleBroken as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_two_releases_that_go_out_at_once_stand_one_after_the_other_in_the_ledger() -> None:
    builder, signers = actor(), [actor("data-protection-officer"), actor(name="Invented Two")]
    with source_of(Records(usual(), early=usual())):
        both = [built(builder, plan(period=period)) for period in (FIRST, SECOND)]
        for release in both:
            for each in signers:
                signing.sign(each, release.code, last_digest(release))
        codes = [release.code for release in both]
        out = together(*(lambda code=code: signing.publish(builder, code) for code in codes))
        assert out == ["done", "done"]
    assert list(LedgerEntry.objects.values_list("number", flat=True)) == [1, 2]
    assert ledger.verify().broken_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_releases_of_the_same_days_begun_at_once_one_is_refused() -> None:
    builder = actor()
    whole = plan(period=YEAR)
    with source_of(Records(usual())):
        done = together(
            lambda: releases.begin(builder, whole),
            lambda: releases.begin(builder, replace(whole, period=FIRST)),
        )
    assert done == ["done", "observatory.going-on"]
    assert Release.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_bulletin_issued_twice_at_once_comes_out_once() -> None:
    publish(payload())
    issue = partial(issue_bulletin, actor(), 2026, 1, today=date(2026, 3, 2))
    assert together(issue, issue) == ["done", "observatory.bulletin-out"]


@pytest.mark.django_db
def test_a_key_that_was_left_by_a_kill_is_destroyed_by_the_round(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    builder = actor()
    with source_of(Records(usual())):
        release = built(builder, plan())
    key = release.work_key
    assert key is not None

    def killed(_key: object) -> None:
        raise KeyboardInterrupt

    with django_capture_on_commit_callbacks() as left:
        releases.refuse(builder, release.code, "an invented reason")
    with monkeypatch.context() as patched:
        patched.setattr(scratch, "wipe", killed)
        with pytest.raises(KeyboardInterrupt):
            left[-1]()
    assert Release.objects.get().state == ReleaseState.REFUSED
    with django_capture_on_commit_callbacks(execute=True):
        assert wipe_old({}).facts["wiped"] == 1
    with pytest.raises(scratch.KeyGone):
        scratch.seal(key, b"", "")
    assert Release.objects.get().work_key is None
    building.wipe(release.pk)
