"""Erasure: asked by one, agreed by another, done by destroying the key, proven without identity."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation
from cairn.core import clock
from cairn.core.actor import PUBLIC, Actor
from cairn.identification.actions.procedures import open_procedure
from cairn.identification.models import Procedure
from cairn.identification.rules.procedures import State
from cairn.identification.tests import factories as identification
from cairn.oversight.actions import erasures
from cairn.oversight.actions.erasures import (
    approve_erasure,
    ask_erasure,
    carry_out,
    finish_erasures,
    keep_longer,
    lift_hold,
    place_hold,
    refuse_erasure,
)
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.actions.readings import Unreadable, read
from cairn.oversight.models import Erasure, Extension, Hold, Notice, Step
from cairn.oversight.queries import retention
from cairn.oversight.rules import ErasureState, Purpose
from cairn.oversight.tests.conftest import Wait
from cairn.oversight.tests.factories import (
    NOTE,
    REASON,
    both_at_once,
    elsewhere,
    entries,
    officer,
    persons,
    refused,
)
from cairn.referral.models import Person
from cairn.referral.subjects import PERSON
from cairn.referral.tests.factories import NAME, person, provider
from cairn.vault import keyring

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def asker() -> Actor:
    return provider()


@pytest.fixture
def approver() -> Actor:
    return officer()


@pytest.fixture
def made(asker: Actor) -> Person:
    return person(asker)


def ask(actor: Actor, record: Person) -> Erasure:
    return ask_erasure(actor, "person", record.code, REASON)


def name_of(actor: Actor, record: Person) -> Any:
    return read(actor, [record], ["name"], Purpose.SAFETY, REASON)[0].values["name"]


def test_asking_tells_those_who_decide_and_keeps_the_reason_sealed(
    asker: Actor, approver: Actor, made: Person
) -> None:
    asked = ask_erasure(asker, "person", f" {made.code.lower()} ", f" {REASON} ")
    kept = Erasure.objects.get()
    assert (kept.state, kept.subject_id, kept.code) == ("asked", made.pk, made.code)
    assert open_notes(approver, [kept], ["reason"])[0]["reason"] == REASON
    assert entries("erasure.asked")[0].facts == {"kind": "person"}
    notice = Notice.objects.get()
    assert (notice.user_id, notice.code, notice.subject_id) == (
        approver.user_id,
        "erasure.asked",
        asked.pk,
    )
    assert name_of(asker, made) == NAME


def test_asking_twice_is_one_asking(asker: Actor, approver: Actor, made: Person) -> None:
    assert ask(asker, made) == ask(provider("colleague"), made) == ask(approver, made)
    assert Erasure.objects.count() == Notice.objects.count() == 1


def test_the_desk_asks_for_a_person_who_wishes_it(made: Person) -> None:
    assert ask(officer(), made).asked_by is not None


def test_strangers_do_not_even_find_the_record(made: Person) -> None:
    for stranger in (elsewhere(), identification.authority(), PUBLIC):
        with pytest.raises(Person.DoesNotExist):
            ask(stranger, made)
    assert not Erasure.objects.exists()


def test_an_erasure_is_asked_for_with_words(asker: Actor, made: Person) -> None:
    refused("oversight.reason", lambda: ask_erasure(asker, "person", made.code, "please"))
    with pytest.raises(Person.DoesNotExist):
        ask_erasure(asker, "person", "ZZZ-999", REASON)


def test_agreed_to_it_is_done_at_once_and_nothing_can_be_read(
    asker: Actor, approver: Actor, made: Person
) -> None:
    key = made.data_key
    done = approve_erasure(approver, ask(asker, made).pk)
    assert done.state == ErasureState.ERASED
    assert not keyring.exists([key])
    made.refresh_from_db()
    assert name_of(asker, made) == Unreadable("erased")
    assert made.erased_on is not None
    assert (made.caseworker, made.keep_until, made.unit) == (None, None, None)


def test_the_proof_says_when_and_how_much_and_not_whose(
    asker: Actor, approver: Actor, made: Person
) -> None:
    done = approve_erasure(approver, ask(asker, made).pk)
    kept = Erasure.objects.get()
    assert (kept.subject_id, kept.code) == (None, "")
    assert kept.key_proof == keyring.key_hash(made.data_key)
    assert kept.values == 3
    today = clock.now().date()
    assert kept.unreadable_in_copies_on == today + settings.KEY_COPIES_DAYS * DAY
    assert open_notes(approver, [kept], ["reason"])[0]["reason"] == Unreadable("erased")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM oversight_erasure")
        stored = repr(cursor.fetchall())
    for word in (made.code, str(made.pk), made.pk.hex, str(made.data_key), made.data_key.hex):
        assert word not in stored
    for code in ("erasure.asked", "erasure.approved", "erasure.done"):
        (entry,) = entries(code)
        told = f"{entry.subject_id} {entry.facts}"
        assert entry.subject_id == str(done.pk)
        assert made.code not in told
        assert str(made.pk) not in told


def test_who_asked_is_told_of_the_end(asker: Actor, approver: Actor, made: Person) -> None:
    done = approve_erasure(approver, ask(asker, made).pk)
    notice = Notice.objects.get(code="erasure.done")
    assert (notice.user_id, notice.subject_id, notice.facts) == (asker.user_id, done.pk, {})


def test_the_database_itself_refuses_a_proof_with_identity(
    asker: Actor, approver: Actor, made: Person
) -> None:
    approve_erasure(approver, ask(asker, made).pk)
    for wrong in ({"subject_id": made.pk}, {"code": made.code}, {"key_proof": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Erasure.objects.update(**wrong)


def test_a_procedure_is_erased_with_the_reasons_of_its_decisions(approver: Actor) -> None:
    authority = identification.authority()
    made = identification.procedure(authority)
    identification.decide(identification.authority("decides"), made, State.UNDER_ASSESSMENT)
    done = approve_erasure(approver, ask_erasure(authority, "procedure", made.code, REASON).pk)
    assert done.values == 3
    kept = Procedure.objects.get()
    assert kept.erased_on is not None
    opened, reasons = open_procedure(authority, made.code, Purpose.IDENTIFICATION, REASON)
    values = [value for each in (opened, *reasons) for value in each.values.values()]
    assert values == [Unreadable("erased")] * 3


def test_a_decision_is_not_erased_apart_from_its_procedure(approver: Actor) -> None:
    authority = identification.authority()
    made = identification.procedure(authority)
    decided = identification.decide(
        identification.authority("decides"), made, State.UNDER_ASSESSMENT
    )
    for code in (decided.code, decided.code.upper()):
        with pytest.raises(type(decided).DoesNotExist):
            ask_erasure(approver, "decision", code, REASON)


def test_an_erased_record_is_not_erased_held_or_kept_again(
    asker: Actor, approver: Actor, made: Person
) -> None:
    approve_erasure(approver, ask(asker, made).pk)
    today = clock.now().date()
    refused("erasure.erased", lambda: ask(asker, made))
    refused("erasure.erased", lambda: place_hold(approver, "person", made.code, REASON, None))
    refused(
        "erasure.erased",
        lambda: keep_longer(approver, "person", made.code, today + DAY, REASON),
    )


def test_nobody_agrees_to_their_own_asking(made: Person) -> None:
    desk = officer()
    asked = ask(desk, made)
    refused("oversight.second-person", lambda: approve_erasure(desk, asked.pk))
    refused("oversight.second-person", lambda: refuse_erasure(desk, asked.pk, NOTE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.update(decided_by=desk.user_id)
    approve_erasure(officer("second"), asked.pk)


def test_only_who_decides_decides(asker: Actor, made: Person) -> None:
    asked = ask(asker, made)
    with pytest.raises(PermissionDenied):
        approve_erasure(asker, asked.pk)
    for stranger in (provider("colleague"), elsewhere(), PUBLIC):
        with pytest.raises(Erasure.DoesNotExist):
            approve_erasure(stranger, asked.pk)
        with pytest.raises(Erasure.DoesNotExist):
            refuse_erasure(stranger, asked.pk, NOTE)
    assert keyring.exists([made.data_key])


def test_a_refusal_keeps_its_reason_and_the_record(
    asker: Actor, approver: Actor, made: Person
) -> None:
    asked = ask(asker, made)
    refused("oversight.reason", lambda: refuse_erasure(approver, asked.pk, "no"))
    refuse_erasure(approver, asked.pk, f" {NOTE} ")
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (ErasureState.REFUSED, approver.user_id)
    step = Step.objects.get(record_id=asked.pk)
    assert (step.before, step.after, step.by) == ("asked", "refused", approver.user_id)
    assert open_notes(approver, [step], ["note"])[0]["note"] == NOTE
    assert NOTE not in str(entries("erasure.refused")[0].facts)
    assert Notice.objects.get(code="erasure.refused").user_id == asker.user_id
    assert name_of(asker, made) == NAME
    refused("oversight.move", lambda: approve_erasure(approver, asked.pk))
    assert ask(asker, made) != asked


def test_a_hold_keeps_a_record_until_it_ends_or_is_lifted(
    asker: Actor, approver: Actor, made: Person, wait: Wait
) -> None:
    today = clock.now().date()
    place_hold(approver, "person", made.code, REASON, today)
    refused("erasure.held", lambda: ask(asker, made))
    wait(DAY)
    asked = ask(asker, made)
    second = officer("second")
    hold = place_hold(second, "person", f" {made.code.lower()} ", f" {REASON} ", None)
    refused("erasure.held", lambda: approve_erasure(approver, asked.pk))
    assert keyring.exists([made.data_key])
    asked.refresh_from_db()
    assert asked.state == ErasureState.ASKED
    lift_hold(second, hold.pk)
    assert approve_erasure(approver, asked.pk).state == ErasureState.ERASED


def test_holds_are_placed_and_lifted_once_by_the_desk(
    asker: Actor, approver: Actor, made: Person
) -> None:
    today = clock.now().date()
    refused("hold.past", lambda: place_hold(approver, "person", made.code, REASON, today - DAY))
    refused("oversight.reason", lambda: place_hold(approver, "person", made.code, "law", None))
    with pytest.raises(PermissionDenied):
        place_hold(asker, "person", made.code, REASON, None)
    hold = place_hold(approver, "person", made.code, REASON, today)
    assert entries("hold.placed")[0].facts == {"kind": "person", "pseudonym": made.code}
    with pytest.raises(Hold.DoesNotExist):
        lift_hold(asker, hold.pk)
    lifted = lift_hold(officer("second"), hold.pk)
    assert lifted.lifted_at is not None
    assert len(entries("hold.lifted")) == 1
    refused("hold.over", lambda: lift_hold(approver, hold.pk))


def test_a_record_is_kept_longer_by_a_decision(asker: Actor, approver: Actor, made: Person) -> None:
    today = clock.now().date()
    Person.objects.filter(pk=made.pk).update(keep_until=today - DAY)
    assert list(retention.due(PERSON, today)) == [made]
    keep_longer(approver, "person", made.code.lower(), today + 30 * DAY, REASON)
    made.refresh_from_db()
    assert made.keep_until == today + 30 * DAY
    kept = Extension.objects.get()
    assert (kept.before, kept.until, kept.decided_by) == (
        today - DAY,
        today + 30 * DAY,
        approver.user_id,
    )
    assert entries("retention.extended")[0].facts["until"] == (today + 30 * DAY).isoformat()
    assert not retention.due(PERSON, today)
    for until in (today, today + 30 * DAY, today + 400 * DAY):
        refused(
            "retention.until",
            lambda until=until: keep_longer(approver, "person", made.code, until, REASON),  # type: ignore[misc]
        )
    with pytest.raises(PermissionDenied):
        keep_longer(asker, "person", made.code, today + 60 * DAY, REASON)


def test_the_page_of_due_records_tells_what_is_held_and_asked(
    asker: Actor, approver: Actor, wait: Wait
) -> None:
    today = clock.now().date()
    made = sorted(persons(asker, 3), key=lambda each: each.code)
    Person.objects.update(keep_until=today - DAY)
    place_hold(approver, "person", made[0].code, REASON, today)
    ask(asker, made[1])
    told = {
        each.code: (each.is_held, each.is_asked)
        for each in retention.rows(list(retention.due(PERSON, today)), PERSON)
    }
    codes = [each.code for each in made]
    assert told == {
        codes[0]: (True, False),
        codes[1]: (False, True),
        codes[2]: (False, False),
    }
    wait(DAY)
    rows = retention.rows(list(retention.due(PERSON, today)), PERSON)
    assert not any(row.is_held for row in rows)


def test_live_holds_come_first(asker: Actor, approver: Actor, wait: Wait) -> None:
    one, two, three = persons(asker, 3)
    live = place_hold(approver, "person", one.code, REASON, None)
    lift_hold(approver, place_hold(approver, "person", two.code, REASON, None).pk)
    place_hold(approver, "person", three.code, REASON, clock.now().date())
    wait(DAY)
    assert retention.holds(approver).first() == live


@contextmanager
def cut_off(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """The power fails when `name` of the erasures would be called."""

    def stop(*args: object, **facts: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(erasures, name, stop)
        with pytest.raises(SystemExit):
            yield


@pytest.mark.parametrize("where", ["carry_out", "_count_values", "tell"])
def test_an_interrupted_erasure_is_brought_to_its_end(
    asker: Actor, approver: Actor, made: Person, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(asker, made)
    with cut_off(monkeypatch, where):
        approve_erasure(approver, asked.pk)
    asked.refresh_from_db()
    assert asked.state == ErasureState.APPROVED
    assert finish_erasures(SYSTEM) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.values, asked.code) == (ErasureState.ERASED, 3, "")
    assert asked.key_proof == keyring.key_hash(made.data_key)
    assert Person.objects.get().erased_on is not None
    assert len(entries("erasure.done")) == 1
    assert finish_erasures(SYSTEM) == 0


def test_done_twice_it_is_done_once(asker: Actor, approver: Actor, made: Person) -> None:
    done = approve_erasure(approver, ask(asker, made).pk)
    again = carry_out(SYSTEM, done)
    assert again.erased_at == done.erased_at
    assert len(entries("erasure.done")) == 1


def test_one_that_cannot_be_finished_does_not_keep_the_others_back(
    asker: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = persons(asker, 2)
    for each in (one, two):
        asked = ask(asker, each)
        with cut_off(monkeypatch, "carry_out"):
            approve_erasure(approver, asked.pk)
    Erasure.objects.filter(subject_id=one.pk).update(kind="gone")
    with pytest.raises(LookupError):
        finish_erasures(SYSTEM)
    assert not keyring.exists([two.data_key])
    assert Erasure.objects.filter(state=ErasureState.ERASED).count() == 1


def test_a_record_that_was_taken_out_meanwhile_leaves_a_proof_too(
    asker: Actor, approver: Actor, made: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(asker, made)
    with cut_off(monkeypatch, "carry_out"):
        approve_erasure(approver, asked.pk)
    Person.objects.all().delete()
    assert finish_erasures(SYSTEM) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.values, asked.key_proof) == ("erased", 0, "0" * 64)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_at_one_moment_one_does(asker: Actor, approver: Actor) -> None:
    made = person(asker)
    asked, second = ask(asker, made), officer("second")
    got = both_at_once(
        lambda: approve_erasure(approver, asked.pk), lambda: approve_erasure(second, asked.pk)
    )
    assert sum(isinstance(each, Erasure) for each in got) == 1, got
    assert len(entries("erasure.approved")) == len(entries("erasure.done")) == 1


@pytest.mark.django_db(transaction=True)
def test_the_watch_and_a_person_finish_the_same_erasure_once(
    asker: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = person(asker)
    asked = ask(asker, made)
    with cut_off(monkeypatch, "carry_out"):
        approve_erasure(approver, asked.pk)
    asked.refresh_from_db()
    got = both_at_once(lambda: carry_out(approver, asked), lambda: carry_out(SYSTEM, asked))
    assert [getattr(each, "state", each) for each in got] == ["erased", "erased"]
    assert len(entries("erasure.done")) == 1


def test_records_of_another_organisation_are_asked_for_by_their_own(made: Person) -> None:
    theirs = person(elsewhere(), organisation=organisation("Invented Other"))
    with pytest.raises(Person.DoesNotExist):
        ask(provider("colleague"), theirs)
