"""Writes about persons: outcome, refusals, what the log says, and what is never in clear."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.actions.break_glass import break_glass
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.models import Reading, ReadingSubject
from cairn.oversight.rules import Basis, Purpose
from cairn.referral.actions import (
    SealedTexts,
    assign_caseworker,
    change_person,
    close_person,
    enter_person,
    open_duty_list,
    open_person,
)
from cairn.referral.models import Person
from cairn.referral.tests.factories import (
    CONTACT,
    NAME,
    NOTE,
    REASON,
    actor_of,
    facts,
    person,
    provider,
    unit,
)
from cairn.vault.opening import Unreadable

pytestmark = pytest.mark.django_db


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


def stored_bytes() -> bytes:
    """Every value of every column of the table of persons, as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_person")
        return b" ".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for row in cursor.fetchall()
            for value in row
        )


def test_a_person_is_entered_with_a_code_and_sealed_texts() -> None:
    actor = provider()
    made = person(actor)
    kept = Person.objects.get(pk=made.pk)
    assert kept.caseworker == actor.user_id
    assert kept.keep_until == kept.opened_on + timedelta(days=1825)
    assert [bool(kept.name), bool(kept.safe_contact), bool(kept.note)] == [True] * 3
    assert NAME not in f"{kept.name} {kept.name!r}"
    entry = AuditEntry.objects.get(code="person.entered")
    assert entry.subject_id == str(made.pk)
    assert entry.facts == {"age_band": "adult", "sealed": ["name", "safe_contact", "note"]}


def test_sealed_texts_are_in_no_byte_of_the_table_nor_of_the_log() -> None:
    person(provider())
    kept = stored_bytes() + str(list(AuditEntry.objects.values())).encode()
    for text in (NAME, CONTACT, NOTE, "Zarquil"):
        assert text.encode() not in kept
        assert text.encode("utf-16-le") not in kept
        assert text.encode().hex().encode() not in kept


def test_two_people_have_two_codes_and_two_keys() -> None:
    actor = provider()
    one, other = person(actor), person(actor)
    assert one.code != other.code
    assert one.data_key != other.data_key


@pytest.mark.parametrize(
    "role",
    ["programme-officer", "data-protection-officer", "administrator", "identification-authority"],
)
def test_only_who_may_edit_persons_enters_one(role: str) -> None:
    actor = actor_of(user_with_role(role))
    with pytest.raises(PermissionDenied):
        enter_person(actor, facts(), SealedTexts())
    assert not Person.objects.exists()
    assert codes() == []


def test_nobody_enters_a_person_for_another_place() -> None:
    actor = provider(country="NPL")
    for wrong in ({"country": "SEN"}, {"organisation": organisation("Invented Other")}):
        with pytest.raises(PermissionDenied):
            enter_person(actor, facts(**wrong), SealedTexts())
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"opened_on": date(2999, 1, 1)}, "person.opened"),
        ({"keep_until": date(2025, 1, 1)}, "person.keep"),
    ],
)
def test_wrong_days_are_refused(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        enter_person(provider(), facts(**wrong), SealedTexts())
    assert refusal.value.code == code


def test_a_unit_of_another_organisation_is_refused() -> None:
    elsewhere = unit(at=organisation("Invented Other"))
    with pytest.raises(RuleBroken) as refusal:
        enter_person(provider(), facts(unit=elsewhere), SealedTexts())
    assert refusal.value.code == "person.place"


def test_a_change_writes_what_changed_and_leaves_other_texts() -> None:
    actor = provider()
    made = person(actor)
    change_person(actor, made.code, facts(country="SEN"), SealedTexts(note="Another", name=""))
    kept = Person.objects.get(pk=made.pk)
    assert kept.country == "SEN"
    assert not kept.name
    assert AuditEntry.objects.latest("sequence").facts == {"fields": ["country", "name", "note"]}
    opened = open_person(actor, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.values == {
        "name": "",
        "safe_contact": CONTACT,
        "note": "Another",
        "do_not_contact": None,
    }


def test_a_change_of_nothing_writes_nothing() -> None:
    actor = provider()
    made = person(actor)
    change_person(actor, made.code, facts(), SealedTexts())
    assert codes() == ["person.entered"]


def test_a_record_is_not_moved_to_where_the_actor_does_not_work() -> None:
    actor = provider(country="NPL")
    made = person(actor)
    with pytest.raises(PermissionDenied):
        change_person(actor, made.code, facts(country="SEN"), SealedTexts())
    assert Person.objects.get().country == "NPL"


def test_a_closed_record_changes_no_more() -> None:
    actor = provider()
    made = person(actor)
    closed = close_person(actor, made.code, closed_on=date(2026, 2, 1))
    assert closed.keep_until == date(2026, 2, 1) + timedelta(days=1825)
    attempts: list[Callable[[], Person]] = [
        lambda: change_person(actor, made.code, facts(), SealedTexts()),
        lambda: close_person(actor, made.code, closed_on=date(2026, 2, 2)),
        lambda: assign_caseworker(actor, made.code, None),
    ]
    for attempt in attempts:
        with pytest.raises(RuleBroken) as refusal:
            attempt()
        assert refusal.value.code == "person.is-closed"
    assert codes() == ["person.entered", "person.closed"]


def test_a_record_is_handed_to_a_colleague_of_its_place_only() -> None:
    actor, colleague = provider(), provider("second")
    stranger = provider("third", at=organisation("Invented Other"))
    abroad = provider("fourth", country="SEN")
    made = person(actor)
    assert assign_caseworker(actor, made.code, colleague.user_id).caseworker == colleague.user_id
    for other in (stranger, abroad):
        with pytest.raises(RuleBroken) as refusal:
            assign_caseworker(actor, made.code, other.user_id)
        assert refusal.value.code == "person.caseworker"
    assert assign_caseworker(actor, made.code, None).caseworker is None
    assert codes() == ["person.entered", "person.assigned", "person.assigned"]


def stranger_actors() -> list[Actor]:
    return [
        provider("other-organisation", at=organisation("Invented Other")),
        provider("other-country", country="SEN"),
        provider("other-unit", unit=unit("Invented Other Unit")),
        actor_of(user_with_role("data-protection-officer")),
        actor_of(user_with_role("identification-authority")),
        PUBLIC,
    ]


def test_for_everybody_else_the_record_does_not_exist() -> None:
    made = person(provider())
    for actor in stranger_actors():
        for attempt in (
            lambda actor=actor: open_person(actor, made.code, Purpose.ASSISTANCE, REASON),
            lambda actor=actor: change_person(actor, made.code, facts(), SealedTexts()),
            lambda actor=actor: close_person(actor, made.code, closed_on=date(2026, 2, 1)),
            lambda actor=actor: assign_caseworker(actor, made.code, None),
        ):
            with pytest.raises(Person.DoesNotExist):
                attempt()
    assert codes() == ["person.entered"]
    assert not Reading.objects.exists()


def test_an_opening_gives_the_texts_and_is_written_down_with_its_reason() -> None:
    actor = provider()
    made = person(actor)
    opened = open_person(actor, made.code, Purpose.SAFETY, REASON)
    assert opened.values == {
        "name": NAME,
        "safe_contact": CONTACT,
        "note": NOTE,
        "do_not_contact": None,
    }
    reading = Reading.objects.get()
    assert (reading.actor_id, reading.purpose, reading.basis) == (
        actor.user_id,
        Purpose.SAFETY,
        Basis.MEMBERSHIP,
    )
    subject = ReadingSubject.objects.get()
    assert (subject.subject_id, subject.code, subject.is_own_caseload) == (
        made.pk,
        made.code,
        True,
    )
    assert codes() == ["person.entered", "sealed.read"]


def test_an_opening_without_a_reason_opens_nothing() -> None:
    actor = provider()
    made = person(actor)
    with pytest.raises(RuleBroken):
        open_person(actor, made.code, Purpose.SAFETY, "   ")
    assert not Reading.objects.exists()


def test_the_duty_list_is_one_reading_with_many_subjects_and_only_of_ones_own() -> None:
    actor, colleague = provider(), provider("second")
    mine = [person(actor) for _ in range(3)]
    theirs = person(colleague)
    opened = open_duty_list(actor, mine, REASON)
    assert [each.values["name"] for each in opened] == [NAME] * 3
    assert Reading.objects.get().purpose == Purpose.DUTY_LIST
    assert ReadingSubject.objects.count() == 3
    with pytest.raises(PermissionDenied):
        open_duty_list(actor, [*mine, theirs], REASON)
    assert Reading.objects.count() == 1


def test_emergency_access_shows_and_opens_one_record_and_changes_nothing() -> None:
    made = person(provider())
    other = person(provider("second"))
    abroad = provider("other-country", country="SEN")
    break_glass(abroad, "person", made.code, "A life is in danger now.")
    seen = Person.objects.visible_to(abroad)
    assert list(seen) == [made]
    assert other not in seen
    opened = open_person(abroad, made.code, Purpose.SAFETY, REASON)
    assert opened.values["name"] == NAME
    assert Reading.objects.get().basis == Basis.BREAK_GLASS
    with pytest.raises(PermissionDenied):
        close_person(abroad, made.code, closed_on=date(2026, 2, 1))


def test_emergency_access_is_over_with_the_role_that_gave_it() -> None:
    made = person(provider())
    user = user_with_role("service-provider", name="other-country", country="SEN")
    break_glass(actor_of(user), "person", made.code, "A life is in danger now.")
    assert Person.objects.visible_to(actor_of(user)).exists()
    user.memberships.update(
        ends_on=timezone.localdate() - timedelta(days=1), starts_on="2020-01-01"
    )
    assert not Person.objects.visible_to(actor_of(user)).exists()


def test_after_erasure_nothing_sealed_can_be_read_and_nothing_points_to_a_colleague() -> None:
    actor = provider()
    made = person(actor, unit=unit())
    asked = ask_erasure(actor, "person", made.code, "The person wishes it so.")
    approve_erasure(actor_of(user_with_role("data-protection-officer")), asked.pk)
    kept = Person.objects.get(pk=made.pk)
    assert kept.erased_on == timezone.localdate()
    assert (kept.caseworker, kept.unit_id, kept.keep_until) == (None, None, None)
    opened = open_person(actor, made.code, Purpose.ASSISTANCE, REASON)
    values = dict(opened.values)
    assert values.pop("do_not_contact") is None  # there was none
    assert set(values.values()) == {Unreadable("erased")}


def test_the_installation_itself_sees_records_but_opens_none() -> None:
    made = person(provider())
    assert Person.objects.visible_to(SYSTEM).get() == made
    with pytest.raises((PermissionDenied, RuleBroken)):
        open_duty_list(SYSTEM, [made], REASON)
