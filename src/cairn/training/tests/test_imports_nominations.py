"""The file of nominations: each bad row is answered, the others go on, and no name is told."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry, Organisation
from cairn.training.actions import staging
from cairn.training.imports.nominations import nominations_kind
from cairn.training.models import (
    Call,
    NameKey,
    Nomination,
    Practitioner,
    SeatAllocation,
    StagedFile,
)
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db
COLUMNS = (
    "name,name_latin,sex,country,profession,rank,function,unit,languages,birth_years,"
    "service_number,contact,motivation,priority,note"
).split(",")
# Invented given names and family names, each pair another person.
FIRST = ("Zarquil", "Vexoma", "Quibble", "Tandorim", "Ulmexa", "Borvanti", "Gesprilo", "Fenwodra")
LAST = ("Inventeria", "Thorpian", "Maldurek", "Osprifen", "Wexlomar", "Drintabe", "Kalvuno")


def call(*, agency: Organisation, seats: int = 20) -> Call:
    event = factories.event("N01", starts="2030-05-06", ends="2030-05-10")
    today = timezone.localdate()
    made = Call.objects.create(
        event=event, opens_on=today - timedelta(days=1), closes_on=today + timedelta(days=9)
    )
    SeatAllocation.objects.create(call=made, agency=agency, seats=seats, minimum_women=2)
    return made


def border() -> Organisation:
    return factories.agency("Invented Border Guard")


def focal_point(agency: Organisation) -> Actor:
    return factories.acting(user_with_role("agency-focal-point", at=agency))


def letters(number: int) -> str:
    """A word of its own for each number, with nothing in common that sounds alike."""
    sounds = ("ba", "ke", "mi", "fo", "ru", "la", "ne", "gi", "so", "tu")
    return "".join(sounds[int(digit)] for digit in f"{number:05d}").capitalize()


def person(number: int, **cells: str) -> dict[str, str]:
    given = dict.fromkeys(COLUMNS, "") | {
        "name": f"{letters(number)} {LAST[number % len(LAST)]}",
        "sex": "female" if number % 3 == 0 else "male",
        "country": "Nepal",
        "profession": "police",
        "function": "Investigator",
        "languages": "en:B2",
        "birth_years": "1985-1989",
        "service_number": f"N-{number:06d}",
        "motivation": "Works on the border desk.",
    }
    return given | cells


FAULTS: list[tuple[dict[str, str], str, str]] = [
    ({"name": ""}, "name", "import.empty"),
    ({"name": "12345"}, "name", "person.name"),
    ({"name": "x" * 121}, "name", "cell.long"),
    ({"name_latin": "77"}, "name_latin", "person.name"),
    ({"sex": ""}, "sex", "import.empty"),
    ({"sex": "unknown"}, "sex", "cell.choice"),
    ({"sex": "Wexlomar Drintabe"}, "sex", "cell.choice"),
    ({"country": "Nowhereland"}, "country", "cell.country"),
    ({"profession": "astronaut"}, "profession", "cell.choice"),
    ({"rank": "x" * 81}, "rank", "cell.long"),
    ({"function": "x" * 121}, "function", "cell.long"),
    ({"unit": "x" * 121}, "unit", "cell.long"),
    ({"languages": "en:Z9"}, "languages", "person.language"),
    ({"languages": "English"}, "languages", "person.language"),
    ({"languages": "aa|bb|cc|dd|ee|ff|gg|hh|ii"}, "languages", "person.language"),
    ({"birth_years": "1850"}, "birth_years", "person.birth"),
    ({"birth_years": "2020-2024"}, "birth_years", "person.birth"),
    ({"birth_years": "1980-1999"}, "birth_years", "person.birth"),
    ({"birth_years": "eighties"}, "birth_years", "person.birth"),
    ({"service_number": "9" * 61}, "service_number", "cell.long"),
    ({"contact": "x" * 201}, "contact", "cell.long"),
    ({"motivation": "x" * 1001}, "motivation", "cell.long"),
    ({"priority": "first"}, "priority", "cell.whole"),
    ({"priority": "-1"}, "priority", "cell.whole"),
    ({"priority": "99999"}, "priority", "amount.too_large"),
    ({"note": "x" * 121}, "note", "cell.long"),
    ({"sex": "F/M"}, "sex", "cell.choice"),
    ({"country": "Nepaal"}, "country", "cell.country"),
    ({"profession": "polise"}, "profession", "cell.choice"),
    ({"birth_years": "1985/1989"}, "birth_years", "person.birth"),
    ({"languages": "en:B2:x"}, "languages", "person.language"),
]


def with_faults(count: int) -> tuple[list[dict[str, str]], dict[int, tuple[str, str]]]:
    """`count` rows of which 37 are bad: {row in the file: (column, code)}."""
    rows = [person(number) for number in range(count)]
    bad: dict[int, tuple[str, str]] = {}
    step = count // 40
    for place, (cells, column, code) in enumerate(FAULTS):
        at = (place + 1) * step
        rows[at] = rows[at] | cells
        bad[at + 2] = (column, code)
    # Six more: the same person again, under the same or another spelling.
    twins = [
        ("Inventeria Zarquil", "Zarquil Inventeria"),
        ("Abdoulaye Cissé", "عبد الله سيسي"),
        ("Md. Rafiq Maldurek", "Mohammad Rafique Maldurek"),
        ("Fatoumata Osprifen", "OSPRIFEN Fatoumata"),
        ("Bishnu Wexlomar", "Wexlomar Vishnu"),
        ("Chérif Drintabe", "Drintabe Sharif"),
    ]
    for place, (first, again) in enumerate(twins):
        at, later = place * step + 1, count - 1 - place
        for row, name in ((at, first), (later, again)):
            rows[row] = rows[row] | {"name": name, "service_number": "", "sex": "male"}
        bad[later + 2] = ("name", "import.alike")
    return rows, bad


def file_of(rows: list[dict[str, str]]) -> BytesIO:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return BytesIO(text.getvalue().encode())


def staged(actor: Actor, at: Call, rows: list[dict[str, str]]) -> StagedFile:
    return staging.stage_file(
        actor,
        nominations_kind(actor, at, border()),
        at.event.organisation,
        "invented.csv",
        file_of(rows),
        subject_id=at.pk,
    )


def run_with_faults(count: int) -> tuple[StagedFile, dict[int, tuple[str, str]]]:
    agency = border()
    at, actor = call(agency=agency, seats=count), focal_point(agency)
    rows, bad = with_faults(count)
    assert len(bad) == 37
    found = staged(actor, at, rows)
    assert not Nomination.objects.exists()
    assert not Practitioner.objects.exists()
    done = staging.apply_file(actor, found.pk, lambda each: nominations_kind(actor, at, agency))
    assert Nomination.objects.filter(call=at, agency=agency).count() == count - 37
    assert Practitioner.objects.count() == count - 37
    return done, bad


def test_each_of_37_faults_is_answered_and_the_other_rows_go_on() -> None:
    done, bad = run_with_faults(200)

    assert {each["row"]: (each["column"], each["code"]) for each in done.problems} == bad
    assert all(each["message"] and each["remedy"] for each in done.problems)
    assert (done.total, done.good, done.refused, done.unchanged) == (200, 163, 37, 0)
    assert done.state == StagedFile.State.APPLIED
    assert not done.rows


@pytest.mark.processes
@pytest.mark.once  # fewer rows go the same way on each database
def test_five_thousand_rows_with_37_faults_are_applied() -> None:
    done, bad = run_with_faults(5_000)

    assert {each["row"] for each in done.problems} == set(bad)
    assert done.good == 4_963


def test_a_row_that_is_refused_never_repeats_a_name() -> None:
    agency = border()
    at, actor = call(agency=agency), focal_point(agency)
    rows = [person(1, sex="Wexlomar Drintabe"), person(2, name="Quibblethorp " * 20)]

    found = staged(actor, at, rows)

    said = str(found.problems)
    assert found.refused == 2
    assert "Wexlomar" not in said
    assert "Quibblethorp" not in said
    facts = str(list(AuditEntry.objects.values_list("facts", flat=True)))
    assert "Drintabe" not in facts


def test_the_same_file_twice_changes_nothing() -> None:
    agency = border()
    at, actor = call(agency=agency), focal_point(agency)
    rows = [person(number) for number in range(5)]
    kind_of: Any = lambda each: nominations_kind(actor, at, agency)  # noqa: E731
    staging.apply_file(actor, staged(actor, at, rows).pk, kind_of)

    again = staged(actor, at, [*rows, person(7)])

    assert (again.good, again.unchanged, again.refused) == (1, 5, 0)
    staging.apply_file(actor, again.pk, kind_of)
    assert Nomination.objects.count() == 6


def test_somebody_with_the_same_service_number_keeps_the_record_from_an_earlier_call() -> None:
    agency = border()
    at, actor = call(agency=agency), focal_point(agency)
    kind_of: Any = lambda each: nominations_kind(actor, at, agency)  # noqa: E731
    staging.apply_file(actor, staged(actor, at, [person(1)]).pk, kind_of)
    known = Practitioner.objects.get()
    later = Call.objects.create(
        event=factories.event("N02", starts="2030-09-01"),
        opens_on=at.opens_on,
        closes_on=at.closes_on,
    )
    SeatAllocation.objects.create(call=later, agency=agency, seats=2)

    found = staging.stage_file(
        actor,
        nominations_kind(actor, later, agency),
        at.event.organisation,
        "later.csv",
        file_of([person(1, name="Inventeria Zarquil")]),
    )
    staging.apply_file(actor, found.pk, lambda each: nominations_kind(actor, later, agency))

    assert Practitioner.objects.get() == known
    assert later.nominations.get().practitioner == known


def test_two_people_of_one_name_with_two_service_numbers_are_two_people() -> None:
    agency = border()
    at, actor = call(agency=agency), focal_point(agency)
    rows = [person(1, name="Zarquil Inventeria"), person(2, name="Inventeria Zarquil")]

    found = staged(actor, at, rows)

    assert (found.good, found.refused) == (2, 0)


def test_names_are_kept_sealed_and_found_by_keyed_hashes_only() -> None:
    agency = border()
    at, actor = call(agency=agency), focal_point(agency)
    found = staged(actor, at, [person(1)])

    assert str(found.rows) == "(sealed)"
    staging.apply_file(actor, found.pk, lambda each: nominations_kind(actor, at, agency))
    record = Practitioner.objects.get()
    assert str(record.name) == "(sealed)"
    kinds = set(NameKey.objects.filter(practitioner=record).values_list("kind", flat=True))
    assert kinds == {"words", "sound", "pair"}


def test_a_file_belongs_to_whoever_brought_it() -> None:
    agency = border()
    at, actor = call(agency=agency), focal_point(agency)
    found = staged(actor, at, [person(1)])
    other = factories.acting(user_with_role("agency-focal-point", name="other-point", at=agency))

    with pytest.raises(StagedFile.DoesNotExist):
        staging.apply_file(other, found.pk, lambda each: nominations_kind(other, at, agency))
    staging.discard_file(actor, found.pk)
    found.refresh_from_db()
    assert found.state == StagedFile.State.DISCARDED
    assert not found.rows
