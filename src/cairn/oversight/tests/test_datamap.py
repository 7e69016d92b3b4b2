"""The data map: complete, readable, narrowed by zone and level, and only for those who oversee."""

import csv
import io
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from cairn.access.permissions import Permission
from cairn.access.roles import LABELS, ROLES
from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core import classification
from cairn.core.classification import DECLARATIONS, STORES, Level, Zone
from cairn.core.models import AuditEntry
from cairn.oversight import datamap
from cairn.oversight.datamap import Filters, data_map, roles_with, seen_by
from cairn.oversight.zone_notes import ZONE_NOTES

ADDRESSES = ["oversight:data-map", "oversight:data-map-csv", "oversight:impact-sheet"]


@pytest.fixture
def officer(client: Client) -> Client:
    sign_in(client, user_with_role("data-protection-officer"))
    return client


def rows_of(body: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.lstrip("\ufeff"))))


def test_the_map_holds_every_declared_field_once() -> None:
    shown = [
        f"{kept.label}.{row.name}"
        for zone in data_map()
        for kept in zone.kept
        for row in kept.fields
    ]
    declared = [f"{d.label}.{name}" for d in DECLARATIONS.values() for name in d.levels]
    assert sorted(shown) == sorted(declared)


def test_the_map_names_what_lies_outside_the_databases() -> None:
    shown = {kept.label for zone in data_map() for kept in zone.kept}
    assert set(STORES) <= shown
    assert {"root-key", "backups-of-keys", "server-log"} <= shown


def test_a_declaration_that_changes_changes_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = DECLARATIONS["library.Tool"]
    moved = replace(tool, zone=Zone.STATISTICS)
    monkeypatch.setitem(classification.DECLARATIONS, "library.Tool", moved)
    statistics = next(zone for zone in data_map() if zone.zone == Zone.STATISTICS)
    assert "library.Tool" in [kept.label for kept in statistics.kept]
    programme = next(zone for zone in data_map() if zone.zone == Zone.PROGRAMME)
    assert "library.Tool" not in [kept.label for kept in programme.kept]


@pytest.mark.parametrize("zone", Zone)
def test_a_zone_asked_for_is_the_only_one_shown(zone: Zone) -> None:
    assert {each.zone for each in data_map(Filters(zone=zone))} <= {zone}


@pytest.mark.parametrize("level", Level)
def test_a_level_asked_for_leaves_only_fields_of_it(level: Level) -> None:
    found = data_map(Filters(level=level))
    levels = {row.level for zone in found for kept in zone.kept for row in kept.fields}
    assert levels == {level}
    assert all(kept.fields or kept.level == level for zone in found for kept in zone.kept)


@pytest.mark.parametrize(("zone", "level"), [("nowhere", "deep"), ("", ""), ("' OR 1=1", "x")])
def test_a_word_that_names_nothing_counts_as_not_asked(zone: str, level: str) -> None:
    assert not Filters.from_query({"zone": zone, "level": level}).is_any


def test_who_sees_a_record_comes_from_the_table_of_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("person:view",)
    helpers = ["service-provider", "case-supervisor"]
    assert roles_with(words) == helpers
    monkeypatch.setitem(ROLES, "donor", frozenset({Permission.PERSON_VIEW}))
    assert roles_with(words) == [*helpers, "donor"]
    assert str(LABELS["donor"]) in seen_by(words)


def test_the_counts_of_a_zone_are_those_of_its_fields() -> None:
    for zone in data_map():
        assert zone.total == sum(len(kept.fields) for kept in zone.kept)
        assert set(zone.counts) == set(Level)


def test_the_most_harmful_records_of_a_zone_come_first() -> None:
    order = list(Level)
    for zone in data_map():
        places = [order.index(kept.level) for kept in zone.kept]
        assert places == sorted(places, reverse=True)


def test_every_zone_says_what_it_is_for_and_on_which_ground() -> None:
    assert set(ZONE_NOTES) == set(Zone)
    for note in ZONE_NOTES.values():
        assert all(str(text) for text in (note.holds, note.owner, note.ground, note.limits))


@pytest.mark.django_db
def test_the_page_shows_zones_levels_and_roles(officer: Client) -> None:
    body = officer.get(reverse("oversight:data-map")).content.decode()
    assert "What this installation keeps" in body
    assert body.count('<section aria-labelledby="zone-') == len(data_map())
    assert "referral.Person" in body
    assert "Opens what is sealed, with a reason: Service provider" in body
    assert "Yet to be decided here" in body
    assert "chart-row" in body


@pytest.mark.django_db
def test_the_page_costs_the_same_however_much_is_kept(
    officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("oversight:data-map")
    officer.get(address)
    with django_assert_max_num_queries(12):
        officer.get(address)


@pytest.mark.django_db
def test_a_filtered_page_offers_the_file_of_the_same_filter(officer: Client) -> None:
    answer = officer.get(reverse("oversight:data-map"), {"zone": "protection", "level": "sealed"})
    body = answer.content.decode()
    assert "safe_contact" in body
    assert "age_band" not in body
    address = reverse("oversight:data-map-csv")
    assert f"{address}?zone=protection&amp;level=sealed" in body


@pytest.mark.django_db
def test_a_filter_that_finds_nothing_says_so(officer: Client) -> None:
    answer = officer.get(reverse("oversight:data-map"), {"zone": "programme", "level": "sensitive"})
    assert "Nothing of this sort is kept" in answer.content.decode()


@pytest.mark.django_db
def test_the_file_has_a_line_for_each_field_and_is_on_record(officer: Client) -> None:
    answer = officer.get(reverse("oversight:data-map-csv"), {"zone": "protection"})
    found = rows_of(answer.content.decode())
    person = DECLARATIONS["referral.Person"]
    assert {row["field"] for row in found if row["record"] == person.label} == set(person.levels)
    assert {row["zone"] for row in found} == {"protection"}
    assert "attachment" in answer["Content-Disposition"]
    entry = AuditEntry.objects.get(code="data-map.exported")
    assert entry.facts == {"zone": "protection", "level": ""}


def test_no_cell_of_the_file_can_run_as_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = replace(DECLARATIONS["library.Tool"], purpose="=1+1")  # type: ignore[arg-type]
    monkeypatch.setitem(classification.DECLARATIONS, "library.Tool", tool)
    found = rows_of("".join(datamap.csv_lines(Filters(zone=Zone.PROGRAMME))))
    cells = {row["purpose"] for row in found if row["record"] == "library.Tool"}
    assert cells == {"'=1+1"}


def test_the_file_keeps_its_column_names_in_every_language() -> None:
    with override("ar"):
        first = next(datamap.csv_lines(Filters()))
    assert first.strip("\ufeff\r\n") == ",".join(datamap.COLUMNS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_visitor_is_sent_to_sign_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("role", ["service-provider", "administrator", "programme-officer"])
def test_nobody_else_sees_the_map_and_nothing_is_recorded(
    client: Client, name: str, role: str
) -> None:
    sign_in(client, user_with_role(role))
    assert client.get(reverse(name)).status_code == 403
    assert not AuditEntry.objects.filter(code__endswith=".exported").exists()
