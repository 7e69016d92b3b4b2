"""With one protection switched off the attack succeeds, through the whole pipeline.

Each test builds a release that withstands the attack as it is protected, and then the same one
with a part of the protection switched off: it is refused, or (where the part that is switched off
belongs to the attack) it would go out with a group that anybody could work out.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cairn.core.actor import Actor
from cairn.observatory.actions import releases
from cairn.observatory.models import Artefact, Release
from cairn.observatory.queries import releases as queries
from cairn.observatory.rules.pipeline import ReleaseState, Step, Way
from cairn.observatory.rules.protecting import ALL, How
from cairn.observatory.tests.pipeline_scene import (
    FIRST,
    SECOND,
    YEAR,
    Records,
    actor,
    built,
    plan,
    published,
    source_of,
    usual,
)

# Once: what they show is worked out in Python, whichever database keeps it.
pytestmark = [pytest.mark.django_db(databases=["default", "keys"]), pytest.mark.once]
SEX_AGE = [["sex", "age"]]


@pytest.fixture
def builder() -> Actor:
    return actor(name="builder")


@pytest.fixture
def signers() -> list[Actor]:
    return [actor(name="first"), actor("data-protection-officer", "second")]


@pytest.fixture
def records() -> Iterator[Records]:
    """In one small area few persons; elsewhere many."""
    small = {("f", "child", "a"): 3, ("m", "unknown", "c"): 4}
    with source_of(Records(usual() | small, usual() | small)) as found:
        yield found


def state_of(builder: Actor, wanted: Any, how: How) -> tuple[str, dict[str, Any]]:
    release = built(builder, wanted, how)
    summary = Artefact.objects.get(release=release, step=Step.ATTACK).summary
    if not release.is_over:
        releases.refuse(builder, release.code, "To be built in another way.")
    return release.state, summary


def test_without_threshold_small_cells_are_printed(records: Records, builder: Actor) -> None:
    for way in Way:
        assert state_of(builder, plan(way), ALL)[0] == ReleaseState.ATTACKED
        state, summary = state_of(builder, plan(way), replace(ALL, has_threshold=False))
        assert state == ReleaseState.REFUSED
        assert summary["printed"] > 0


def test_without_noise_hidden_cells_are_found(records: Records, builder: Actor) -> None:
    assert state_of(builder, plan(Way.CUBE), ALL)[0] == ReleaseState.ATTACKED
    state, summary = state_of(builder, plan(Way.CUBE), replace(ALL, has_noise=False))
    assert state == ReleaseState.REFUSED
    assert summary["exact"] > 0


def test_without_complementary_suppression_the_total_gives_the_hidden_cell_away(
    records: Records, builder: Actor
) -> None:
    assert state_of(builder, plan(Way.TABLE), ALL)[0] == ReleaseState.ATTACKED
    state, summary = state_of(builder, plan(Way.TABLE), replace(ALL, has_suppression=False))
    assert state == ReleaseState.REFUSED
    assert summary["exact"] > 0


def growing(records: Records) -> None:
    """Three more boys come after the first quarter, and many others."""
    early = {codes: 40 for codes in usual()}
    records.early = early
    records.counts = {codes: 90 for codes in early} | {("m", "child", "b"): 43}


def test_earlier_releases_give_late_comers_away(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    growing(records)
    whole = plan(Way.TABLE, FIRST, [["sex", "age", "area"]])
    published(builder, signers, whole)
    later = replace(whole, period=YEAR)
    state, summary = state_of(builder, later, ALL)
    assert state == ReleaseState.REFUSED
    assert summary["differences"] > 0
    # Switched off: what anybody can subtract would go out.
    state, summary = state_of(builder, later, replace(ALL, has_links=False))
    assert state == ReleaseState.ATTACKED
    assert summary["linked"] == []


def test_the_scan_alone_and_the_programs_alone_find_late_comers_and_without_both_nothing(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    growing(records)
    whole = plan(Way.TABLE, FIRST, [["sex", "age", "area"]])
    published(builder, signers, whole)
    later = replace(whole, period=YEAR)
    for how, kind in (
        (replace(ALL, has_programs=False), "differences"),
        (replace(ALL, has_scan=False), "exact"),
    ):
        state, summary = state_of(builder, later, how)
        assert state == ReleaseState.REFUSED
        assert summary[kind] > 0
    blind = replace(ALL, has_scan=False, has_programs=False)
    assert state_of(builder, later, blind)[0] == ReleaseState.ATTACKED


def test_a_cube_withstands_what_gives_exact_tables_away(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    growing(records)
    whole = plan(Way.CUBE, FIRST, [["sex", "age", "area"]])
    published(builder, signers, whole)
    assert state_of(builder, replace(whole, period=YEAR), ALL)[0] == ReleaseState.ATTACKED


def test_a_refusal_says_which_figures_and_not_how_many_persons(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    growing(records)
    whole = plan(Way.TABLE, FIRST, [["sex", "age", "area"]])
    published(builder, signers, whole)
    release = built(builder, replace(whole, period=YEAR))
    attack = Artefact.objects.get(release=release, step=Step.ATTACK)
    assert "persons" not in str(attack.summary["findings"])
    assert "value" not in str(attack.summary["findings"])
    said = queries.findings(release, attack.summary, queries.series_of(release, None))
    assert any("area b" in line and "sex m" in line and "age child" in line for line in said)
    assert any("R-" in line for line in said)
    kept = Release.objects.get(pk=release.pk)
    assert kept.wiped_at is not None
    assert not Artefact.objects.filter(release=release).exclude(payload=None).exists()


def test_small_areas_are_put_together(records: Records, builder: Actor) -> None:
    few = {codes: (1 if codes[2] in "ab" else 40) for codes in usual()}
    records.counts = few
    release = built(builder, plan(Way.CUBE, YEAR, [["area", "sex"]], is_merged=True))
    payload = Artefact.objects.get(release=release, step=Step.PROTECT).payload or {}
    area = next(each for each in payload["series"]["dimensions"] if each["name"] == "area")
    together = [each for each in area["codes"] if each.get("members")]
    assert [sorted(each["members"])[:2] for each in together] == [["a", "b"]]
    assert not {"a", "b"} & {each["code"] for each in area["codes"]}
    shown = next(each for each in payload["groupings"] if each["by"] == ["area"])
    assert all(each["value"] is not None for each in shown["cells"])


def test_an_exact_table_after_a_cube_of_the_same_persons_is_attacked_with_it(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    first = published(builder, signers, plan(Way.CUBE, YEAR, SEX_AGE))
    _state, summary = state_of(builder, plan(Way.TABLE, YEAR, SEX_AGE), ALL)
    assert [each["release"] for each in summary["linked"]] == [first.code]


def test_quarters_are_found_through_their_year(
    records: Records, builder: Actor, signers: list[Actor]
) -> None:
    """The second quarter shares no day with the first, but the year shares some with both."""
    first = published(builder, signers, plan(Way.CUBE, FIRST, SEX_AGE))
    year = published(builder, signers, plan(Way.CUBE, YEAR, SEX_AGE))
    _state, summary = state_of(builder, plan(Way.CUBE, SECOND, SEX_AGE), ALL)
    assert [each["release"] for each in summary["linked"]] == [first.code, year.code]
