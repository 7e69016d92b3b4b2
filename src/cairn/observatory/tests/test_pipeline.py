"""A release from its extract to the ledger: the way, the refusals, and what must not be found."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.observatory import building
from cairn.observatory.actions import ledger, releases, signing
from cairn.observatory.models import Artefact, LedgerEntry, Published, Release, Signature
from cairn.observatory.rules.pipeline import Period, ReleaseState, Step, Way
from cairn.observatory.tests.pipeline_scene import (
    FIRST,
    YEAR,
    Records,
    actor,
    built,
    dimension,
    last_digest,
    plan,
    published,
    small_series,
    source_of,
    usual,
)
from cairn.oversight.models import Notice
from cairn.vault import scratch

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=False)


@pytest.fixture
def records() -> Iterator[Records]:
    with source_of(Records(usual(f_child_a=3), usual(f_child_a=3))) as found:
        yield found


@pytest.fixture
def builder() -> Actor:
    return actor(name="builder")


@pytest.fixture
def signers() -> list[Actor]:
    return [actor(name="first"), actor("data-protection-officer", "second")]


def code_of(act: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize("way", list(Way))
def test_a_release_goes_all_the_way(
    way: Way, records: Records, builder: Actor, signers: list[Actor]
) -> None:
    release = published(builder, signers, plan(way))
    assert release.state == ReleaseState.PUBLISHED
    chain = list(Artefact.objects.filter(release=release).order_by("number"))
    assert [each.step for each in chain] == list(Step)
    assert [each.previous for each in chain[1:]] == [each.digest for each in chain[:-1]]
    out = Published.objects.visible_to(PUBLIC).get()
    assert out.payload["kind"] == way.value
    assert out.payload["audit"] == {
        "exact": 0,
        "questions": out.payload["audit"]["questions"],
        "linked_releases": [],
    }
    assert out.payload["audit"]["questions"] > 0
    assert ledger.verify() == ledger.Verdict(1, None)
    assert LedgerEntry.objects.get().content == out.digest
    codes = set(AuditEntry.objects.values_list("code", flat=True))
    assert {"release.begun", "release.extracted", "release.signed", "release.published"} <= codes
    small = value_of(out.payload, {"sex": "f", "age": "child", "area": "a"})
    assert small is None


def value_of(payload: Any, wanted: dict[str, str]) -> int | None:
    for listed in payload["groupings"]:
        if set(listed["by"]) == set(wanted):
            for each in listed["cells"]:
                if dict(zip(listed["by"], each["at"], strict=True)) == wanted:
                    found: int | None = each["value"]
                    return found
    raise LookupError(wanted)


def test_nothing_exact_stays_behind(
    records: Records, builder: Actor, signers: list[Actor], django_capture_on_commit_callbacks: Any
) -> None:
    release = built(builder, plan())
    taken = Artefact.objects.get(release=release, step=Step.CUBE)
    sealed, key = bytes(taken.sealed or b""), release.work_key
    assert key is not None
    assert b"f child a" not in sealed
    assert b"test" not in sealed
    with django_capture_on_commit_callbacks(execute=True):
        for each in signers:
            signing.sign(each, release.code, last_digest(release))
        signing.publish(builder, release.code)
    assert not Artefact.objects.exclude(sealed=None).exists()
    with pytest.raises(scratch.KeyGone):
        scratch.unseal(key, sealed, f"{release.pk} cube")
    for each in Artefact.objects.all():
        assert "f_child_a" not in json.dumps(each.summary)
    said = Artefact.objects.get(step=Step.EXTRACT).summary["records"]
    assert said % 10 == 0


def test_a_step_taken_again_gives_the_same_hash(records: Records, builder: Actor) -> None:
    release = built(builder, plan())
    before = list(Artefact.objects.values_list("digest", flat=True))
    for step in Step:
        building.take(builder, release, step)
    assert list(Artefact.objects.values_list("digest", flat=True)) == before
    records.counts["m", "adult", "b"] += 1
    assert code_of(lambda: building.take(builder, release, Step.EXTRACT)) == (
        "observatory.changed-records"
    )
    assert list(Artefact.objects.values_list("digest", flat=True)) == before


def test_it_goes_on_where_it_was_cut_off(
    records: Records, builder: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = built(builder, plan())
    digests = list(
        Artefact.objects.filter(release=whole).order_by("number").values_list("content", flat=True)
    )
    releases.refuse(builder, whole.code, "To be built once more.")
    for step in Step:
        release = releases.begin(builder, plan())

        def cut(at: Step, here: Step = step) -> None:
            if at == here:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            releases.build(builder, release.code, tell=cut)
        done = Artefact.objects.filter(release=release).count()
        assert done == list(Step).index(step)
        assert releases.build(builder, release.code).state == ReleaseState.ATTACKED
        again = Artefact.objects.filter(release=release).order_by("number")
        # The payload names its release; what was counted and found is the same.
        kept = [each.content for each in again]
        assert kept[:2] == digests[:2]
        assert kept[3] == digests[3]
        releases.refuse(builder, release.code, "To be built once more.")


def test_two_builders_at_once_leave_one_chain(records: Records, builder: Actor) -> None:
    release = releases.begin(builder, plan())
    behind = Release.objects.get(pk=release.pk)
    releases.build(builder, release.code)
    before = list(Artefact.objects.values_list("digest", flat=True))
    # The second one still believes that nothing was done.
    assert building.take(builder, behind, Step.EXTRACT).state == ReleaseState.ATTACKED
    assert list(Artefact.objects.values_list("digest", flat=True)) == before


def test_records_that_change_while_they_are_read_are_refused(
    records: Records, builder: Actor
) -> None:
    records.grows = True
    release = releases.begin(builder, plan())
    assert code_of(lambda: releases.build(builder, release.code)) == "observatory.changing"
    release.refresh_from_db()
    assert release.state == ReleaseState.DRAFT
    assert release.trouble["code"] == "observatory.changing"
    records.grows = False
    assert releases.build(builder, release.code).trouble == {}


def test_bad_records_are_refused(records: Records, builder: Actor) -> None:
    release = releases.begin(builder, plan())
    records.counts["x", "adult", "a"] = 4
    assert code_of(lambda: releases.build(builder, release.code)) == "observatory.code"
    records.counts = {}
    assert code_of(lambda: releases.build(builder, release.code)) == "observatory.empty"
    records.given = [("one", {"sex": "f", "age": "child", "area": each}) for each in ("a", "b")]
    assert code_of(lambda: releases.build(builder, release.code)) == "observatory.person-twice"


def test_a_series_that_leaves_something_unsaid_is_refused(records: Records, builder: Actor) -> None:
    records.series = small_series(legal_definition=" ")
    assert code_of(lambda: releases.begin(builder, plan())) == "observatory.metadata"
    from cairn.observatory.rules.series import FieldClass

    shelter = dimension("area", ("a", "unknown"))
    records.series = small_series(
        dimensions=(type(shelter)("area", "Shelter", FieldClass.SHELTER, shelter.codes),)
    )
    assert code_of(lambda: releases.begin(builder, plan(columns=[["area"]]))) == (
        "observatory.dimension"
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ((2025, 1, 1), (2025, 2, 28)),
        ((2025, 2, 1), (2025, 4, 30)),
        ((2025, 1, 1), (2025, 6, 30)),
        ((2099, 1, 1), (2099, 3, 31)),
    ],
)
def test_the_calendar_is_fixed(
    records: Records, builder: Actor, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    from datetime import date

    wanted = plan(period=Period(date(*first), date(*last)))
    assert code_of(lambda: releases.begin(builder, wanted)) == "observatory.period"


def test_one_release_of_a_period_at_a_time(records: Records, builder: Actor) -> None:
    releases.begin(builder, plan())
    assert code_of(lambda: releases.begin(builder, plan(period=FIRST))) == "observatory.going-on"


def test_late_cases_wait_for_the_year(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    published(builder, signers, plan(period=FIRST))
    records.early["m", "adult", "a"] += 1
    release = releases.begin(builder, plan(period=FIRST))
    assert code_of(lambda: releases.build(builder, release.code)) == "observatory.revised"
    releases.refuse(builder, release.code, "No figure is revised.")
    assert built(builder, plan(period=YEAR)).state == ReleaseState.ATTACKED


def test_whoever_built_it_does_not_sign_and_nobody_signs_twice(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    release = built(builder, plan())
    seen = last_digest(release)
    assert code_of(lambda: signing.sign(builder, release.code, seen)) == "observatory.builder-signs"
    assert code_of(lambda: signing.publish(builder, release.code)) == "observatory.unsigned"
    signing.sign(signers[0], release.code, seen)
    assert code_of(lambda: signing.sign(signers[0], release.code, seen)) == "observatory.twice"
    assert code_of(lambda: signing.publish(builder, release.code)) == "observatory.unsigned"
    assert code_of(lambda: signing.sign(signers[1], release.code, "0" * 64)) == (
        "observatory.changed"
    )
    assert not Published.objects.exists()
    signing.sign(signers[1], release.code, seen)
    assert signing.publish(builder, release.code).state == ReleaseState.PUBLISHED


@pytest.mark.parametrize("what", ["payload", "summary", "digest", "signature"])
def test_what_was_changed_after_the_signatures_is_not_published(
    what: str, records: Records, builder: Actor, signers: list[Actor]
) -> None:
    release = built(builder, plan())
    for each in signers:
        signing.sign(each, release.code, last_digest(release))
    step = Artefact.objects.get(release=release, step=Step.PROTECT)
    if what == "payload":
        changed = step.payload or {}
        changed["groupings"][0]["cells"][0]["value"] += 5
        Artefact.objects.filter(pk=step.pk).update(payload=changed)
    elif what == "summary":
        Artefact.objects.filter(pk=step.pk).update(summary={})
    elif what == "digest":
        Artefact.objects.filter(pk=step.pk).update(digest="1" * 64)
    else:
        Signature.objects.filter(signed_by__in=[signers[0].user_id]).update(digest="1" * 64)
    assert code_of(lambda: signing.publish(builder, release.code)) == "observatory.changed"
    assert not Published.objects.exists()


def test_nobody_signs_or_builds_without_the_right(records: Records, builder: Actor) -> None:
    release = built(builder, plan())
    officer = actor("programme-officer")
    with pytest.raises(PermissionDenied):
        releases.begin(officer, plan())
    with pytest.raises(PermissionDenied):
        releases.build(actor("data-protection-officer"), release.code)
    with pytest.raises(Release.DoesNotExist):
        signing.sign(officer, release.code, last_digest(release))
    assert not Artefact.objects.visible_to(officer).exists()


def test_those_who_can_sign_are_told(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    release = built(builder, plan())
    told = set(Notice.objects.filter(code="release.waits").values_list("user_id", flat=True))
    assert told == {each.user_id for each in signers}
    assert builder.user_id not in told
    assert Notice.objects.filter(subject_id=release.pk).exists()


def test_what_is_withdrawn_stays_in_the_ledger_and_in_the_attack(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    release = published(builder, signers, plan(Way.TABLE, FIRST))
    releases.withdraw(signers[0], release.code, "An invented mistake in the records.")
    assert not Published.objects.visible_to(PUBLIC).exists()
    assert [each.event for each in LedgerEntry.objects.all()] == ["published", "withdrawn"]
    assert ledger.verify().broken_at is None
    later = built(builder, plan(Way.CUBE, YEAR))
    linked = Artefact.objects.get(release=later, step=Step.ATTACK).summary["linked"]
    assert [each["release"] for each in linked] == [release.code]


def test_a_ledger_that_was_changed_is_seen(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    published(builder, signers, plan())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE observatory_ledgerentry SET figures = figures + 1")
    assert ledger.verify().broken_at == 1


def test_refusing_and_withdrawing_need_a_reason(records: Records, builder: Actor) -> None:
    release = built(builder, plan())
    assert code_of(lambda: releases.refuse(builder, release.code, " no ")) == "observatory.reason"
    releases.refuse(builder, release.code, "Too little was kept.")
    assert code_of(lambda: releases.refuse(builder, release.code, "Once more, please.")) == (
        "observatory.over"
    )


def test_a_release_attacked_before_another_went_out_is_attacked_anew(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    release = published(builder, signers, plan(Way.CUBE, FIRST))
    later = built(builder, plan(Way.CUBE, YEAR))
    row = Published.objects.get(release=release)
    Published.objects.filter(pk=row.pk).update(digest="2" * 64)
    assert code_of(lambda: signing.sign(signers[0], later.code, last_digest(later))) == (
        "observatory.attack-old"
    )


def test_verifying_the_ledger_asks_one_question(
    records: Records,
    builder: Actor,
    signers: list[Actor],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    published(builder, signers, plan())
    with django_assert_num_queries(1):
        ledger.verify()
