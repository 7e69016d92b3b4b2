"""Files with records: one asks, another approves, taken once in time, each opening written down."""

import csv
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from cairn.access.models import Membership
from cairn.access.tests.factories import organisation
from cairn.core.actor import PUBLIC, Actor
from cairn.core.models import Organisation
from cairn.identification.tests import factories as identification
from cairn.oversight.actions import exports
from cairn.oversight.actions.break_glass import break_glass
from cairn.oversight.actions.exports import ask_export, decide_export, expire_exports, take_export
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.models import ExportRequest, Notice, Reading, ReadingSubject
from cairn.oversight.rules import ExportState, Purpose
from cairn.oversight.tests.conftest import Wait
from cairn.oversight.tests.factories import (
    REASON,
    both_at_once,
    elsewhere,
    entries,
    officer,
    persons,
    refused,
    user_of,
)
from cairn.referral.actions import SealedTexts, enter_person
from cairn.referral.models import Person
from cairn.referral.tests.factories import CONTACT, NAME, actor_of, facts, person, provider, unit
from cairn.vault import keyring

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture
def asker() -> Actor:
    return provider()


@pytest.fixture
def approver() -> Actor:
    return officer()


@pytest.fixture
def made(asker: Actor) -> Person:
    return person(asker)


def ask(actor: Actor, *fields: str) -> ExportRequest:
    return ask_export(actor, "person", organisation().pk, fields, REASON)


def approved(asker: Actor, approver: Actor, *fields: str) -> ExportRequest:
    return decide_export(approver, ask(asker, *fields).pk, approve=True)


def table(lines: object) -> list[list[str]]:
    assert hasattr(lines, "__iter__")
    return list(csv.reader(lines))


def test_asking_tells_those_who_approve_and_keeps_the_reason_sealed(
    asker: Actor, approver: Actor
) -> None:
    made = ask_export(asker, "person", organisation().pk, ["note", "name"], f" {REASON} ")
    kept = ExportRequest.objects.get()
    assert (kept.state, kept.asked_by, kept.fields) == ("asked", asker.user_id, ["name", "note"])
    assert kept.expires_at - kept.asked_at == DAY
    assert open_notes(approver, [kept], ["reason"])[0]["reason"] == REASON
    notice = Notice.objects.get()
    assert (notice.user_id, notice.code, notice.subject_id) == (
        approver.user_id,
        "export.asked",
        made.pk,
    )
    assert entries("export.asked")[0].facts == {"kind": "person", "fields": ["name", "note"]}


def test_what_cannot_be_asked_for_is_refused(asker: Actor) -> None:
    place = organisation().pk
    refused("link.scope", lambda: ask_export(asker, "person", place, ["code"], REASON))
    refused("oversight.reason", lambda: ask_export(asker, "person", place, ["name"], "why"))
    with pytest.raises(LookupError):
        ask_export(asker, "decision", place, [], REASON)
    with pytest.raises(LookupError):
        ask_export(asker, "no-such-kind", place, [], REASON)
    with pytest.raises(Organisation.DoesNotExist):
        ask_export(asker, "person", organisation("Invented Other").pk, [], REASON)
    for stranger in (officer(), identification.authority(), PUBLIC):
        with pytest.raises(PermissionDenied):
            ask_export(stranger, "person", place, [], REASON)
    assert not ExportRequest.objects.exists()


@pytest.mark.parametrize(("approve", "state"), [(True, "approved"), (False, "refused")])
def test_another_person_decides_and_who_asked_is_told(
    asker: Actor, approver: Actor, approve: bool, state: str
) -> None:
    asked = ask(asker, "name")
    decide_export(approver, asked.pk, approve=approve)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (state, approver.user_id)
    assert entries(f"export.{state}")[0].actor_id == str(approver.user_id)
    notice = Notice.objects.exclude(code="export.asked").get()
    assert (notice.code, notice.user_id) == (f"export.{state}", asker.user_id)


def test_only_who_approves_decides(asker: Actor) -> None:
    asked = ask(asker)
    with pytest.raises(PermissionDenied):
        decide_export(asker, asked.pk, approve=True)
    for stranger in (elsewhere(), provider("colleague"), PUBLIC):
        with pytest.raises(ExportRequest.DoesNotExist):
            decide_export(stranger, asked.pk, approve=True)
    asked.refresh_from_db()
    assert asked.state == ExportState.ASKED


def test_nobody_approves_their_own_whatever_roles_they_hold(asker: Actor, approver: Actor) -> None:
    both = Actor(
        user_id=asker.user_id,
        roles=asker.roles | approver.roles,
        permissions=asker.permissions | approver.permissions,
        scopes=asker.scopes + approver.scopes,
    )
    asked = ask(both)
    refused("oversight.second-person", lambda: decide_export(both, asked.pk, approve=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.update(decided_by=asker.user_id, state=ExportState.APPROVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.update(state=ExportState.APPROVED)


def test_what_was_decided_is_not_decided_again(asker: Actor, approver: Actor) -> None:
    asked = ask(asker)
    decide_export(approver, asked.pk, approve=False)
    second = officer("second")
    refused("oversight.move", lambda: decide_export(second, asked.pk, approve=True))
    refused("oversight.move", lambda: decide_export(approver, asked.pk, approve=False))


def test_an_approval_can_be_taken_back_until_the_file_is_taken(
    asker: Actor, approver: Actor
) -> None:
    asked = approved(asker, approver)
    decide_export(approver, asked.pk, approve=False)
    refused("oversight.move", lambda: take_export(asker, asked.pk))


def test_the_file_holds_codes_countries_and_the_approved_parts(
    asker: Actor, approver: Actor
) -> None:
    one, two = sorted(persons(asker, 2), key=lambda each: each.code)
    asked = approved(asker, approver, "safe_contact", "name")
    assert table(take_export(asker, asked.pk)) == [
        ["code", "country", "name", "safe_contact"],
        [one.code, "NPL", NAME, CONTACT],
        [two.code, "NPL", NAME, CONTACT],
    ]
    asked.refresh_from_db()
    assert (asked.state, asked.rows) == ("taken", 2)
    assert entries("export.taken")[0].facts == {
        "kind": "person",
        "rows": 2,
        "fields": ["name", "safe_contact"],
    }
    reading = Reading.objects.get()
    assert (reading.purpose, reading.actor_id) == (Purpose.EXPORT, asker.user_id)
    assert reading.fields == ["name", "safe_contact"]
    assert set(reading.subjects.values_list("code", flat=True)) == {one.code, two.code}


def test_a_file_without_sealed_parts_opens_nothing(
    asker: Actor, approver: Actor, made: Person
) -> None:
    asked = approved(asker, approver)
    assert table(take_export(asker, asked.pk)) == [["code", "country"], [made.code, "NPL"]]
    assert not Reading.objects.exists()


def test_it_is_noted_before_the_first_line_leaves(
    asker: Actor, approver: Actor, made: Person
) -> None:
    asked = approved(asker, approver, "name")
    lines = take_export(asker, asked.pk)
    asked.refresh_from_db()
    assert asked.state == ExportState.TAKEN
    assert next(lines).startswith("code,")
    assert not Reading.objects.exists()
    assert NAME in next(lines)
    assert Reading.objects.count() == 1


def test_the_file_is_taken_once(asker: Actor, approver: Actor, made: Person) -> None:
    asked = approved(asker, approver)
    list(take_export(asker, asked.pk))
    refused("oversight.move", lambda: take_export(asker, asked.pk))


def test_only_who_asked_takes_it_and_only_after_it_was_approved(
    asker: Actor, approver: Actor
) -> None:
    waiting = ask(asker)
    refused("oversight.move", lambda: take_export(asker, waiting.pk))
    asked = approved(asker, approver)
    for stranger in (approver, provider("colleague"), elsewhere()):
        with pytest.raises(ExportRequest.DoesNotExist):
            take_export(stranger, asked.pk)
    with pytest.raises(PermissionDenied):
        take_export(PUBLIC, asked.pk)


def test_time_runs_out_before_and_after_the_approval(
    asker: Actor, approver: Actor, wait: Wait
) -> None:
    unanswered, asked = ask(asker), approved(asker, approver)
    wait(DAY)
    refused("export.expired", lambda: decide_export(approver, unanswered.pk, approve=True))
    refused("export.expired", lambda: take_export(asker, asked.pk))
    wait(timedelta(seconds=1))
    assert expire_exports() == 2
    assert set(ExportRequest.objects.values_list("state", flat=True)) == {"expired"}
    assert expire_exports() == 0
    refused("oversight.move", lambda: take_export(asker, asked.pk))


def test_a_day_to_take_it_begins_with_the_approval(
    asker: Actor, approver: Actor, made: Person, wait: Wait
) -> None:
    asked = ask(asker)
    wait(DAY - timedelta(minutes=1))
    decide_export(approver, asked.pk, approve=True)
    wait(timedelta(hours=23))
    assert expire_exports() == 0
    assert len(table(take_export(asker, asked.pk))) == 2


def test_what_was_taken_or_refused_does_not_expire(
    asker: Actor, approver: Actor, wait: Wait
) -> None:
    list(take_export(asker, approved(asker, approver).pk))
    decide_export(approver, ask(asker).pk, approve=False)
    wait(10 * DAY)
    assert expire_exports() == 0


def test_records_of_others_are_not_in_the_file(asker: Actor, approver: Actor, made: Person) -> None:
    stranger = elsewhere()
    theirs = person(stranger, organisation=organisation("Invented Other"))
    break_glass(asker, "person", theirs.code, REASON)
    person(provider("abroad", country="SEN"), country="SEN")
    narrow = provider("narrow", country="NPL")
    asked = approved(narrow, approver, "name")
    rows = table(take_export(narrow, asked.pk))
    assert [row[0] for row in rows] == ["code", made.code]
    asked = approved(asker, approver)
    assert theirs.code not in {row[0] for row in table(take_export(asker, asked.pk))}


def test_what_an_emergency_opened_is_not_taken_out_as_a_file(
    asker: Actor, approver: Actor, made: Person
) -> None:
    narrow = provider("other-unit", unit=unit("Invented Other Unit"))
    own = person(narrow, unit=unit("Invented Other Unit"))
    break_glass(narrow, "person", made.code, REASON)
    assert set(Person.objects.visible_to(narrow)) == {own, made}
    for fields in ((), ("name",)):
        rows = table(take_export(narrow, approved(narrow, approver, *fields).pk))
        assert [row[0] for row in rows] == ["code", own.code]


def test_who_lost_the_role_since_takes_nothing(asker: Actor, approver: Actor) -> None:
    asked = approved(asker, approver)
    Membership.objects.filter(user=asker.user_id).update(confirmed_at=None)
    with pytest.raises(PermissionDenied):
        take_export(actor_of(user_of(asker)), asked.pk)


def test_an_erased_value_is_told_and_the_other_rows_leave(asker: Actor, approver: Actor) -> None:
    one, two = sorted(persons(asker, 2), key=lambda each: each.code)
    keyring.destroy(one.data_key)
    asked = approved(asker, approver, "name")
    assert table(take_export(asker, asked.pk))[1:] == [
        [one.code, "NPL", "(cannot be read)"],
        [two.code, "NPL", NAME],
    ]


def test_a_long_file_is_one_reading_for_each_part(
    asker: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = persons(asker, 5)
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 2)
    asked = approved(asker, approver, "name")
    assert len(table(take_export(asker, asked.pk))) == 6
    assert Reading.objects.count() == 3
    assert ReadingSubject.objects.count() == len(made)


def test_a_sealed_text_that_looks_like_a_formula_is_made_harmless(
    asker: Actor, approver: Actor
) -> None:
    enter_person(asker, facts(), SealedTexts(name="=1+1"))
    asked = approved(asker, approver, "name")
    assert not table(take_export(asker, asked.pk))[1][2].startswith("=")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_one_moment_one_gets_it(
    asker: Actor, approver: Actor, made: Person
) -> None:
    asked = approved(asker, approver, "name")

    def take() -> list[list[str]]:
        return table(take_export(asker, asked.pk))

    got = both_at_once(take, take)
    assert sum(isinstance(each, list) for each in got) == 1, got
    assert sorted(getattr(each, "code", "") for each in got) == ["", "oversight.move"]
    assert Reading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_one_moment_one_decides(asker: Actor, approver: Actor) -> None:
    asked, second = ask(asker), officer("second")
    got = both_at_once(
        lambda: decide_export(approver, asked.pk, approve=True),
        lambda: decide_export(second, asked.pk, approve=True),
    )
    assert sum(isinstance(each, ExportRequest) for each in got) == 1, got
    assert len(entries("export.approved")) == 1
