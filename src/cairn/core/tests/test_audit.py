"""The audit log: append-only, chained, and honest about whatever was done to it behind its back."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from cairn.core import audit
from cairn.core.actor import PUBLIC, Actor
from cairn.core.models import AuditEntry, Organisation, OrganisationKind
from cairn.core.tests.tampering import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def five() -> list[AuditEntry]:
    return [audit.record(PUBLIC, "invented.done", number=number) for number in range(1, 6)]


def verdict_of(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


def checkpoint() -> str:
    return verdict_of().splitlines()[1]


def test_entries_follow_one_another_by_hash(five: list[AuditEntry]) -> None:
    assert [entry.sequence for entry in five] == [1, 2, 3, 4, 5]
    assert five[0].previous_hash == audit.START
    assert [entry.previous_hash for entry in five[1:]] == [entry.hash for entry in five[:-1]]


def test_an_entry_says_who_what_and_on_which_record() -> None:
    record = Organisation.objects.create(
        slug="invented", name="Invented", kind=OrganisationKind.OTHER
    )
    audit.record(Actor(name="system", is_system=True), "invented.done", record, count=3)
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.code) == ("system", "invented.done")
    assert (entry.subject_type, entry.subject_id) == ("core.Organisation", str(record.pk))
    assert entry.facts == {"count": 3}


def test_an_untouched_chain_is_whole_also_after_reading_it_back(five: list[AuditEntry]) -> None:
    assert audit.verify() == audit.Verdict(5, five[-1].hash)
    assert verdict_of().splitlines() == ["5 entries, chain whole.", f"checkpoint 5:{five[-1].hash}"]


def test_an_empty_chain_is_whole() -> None:
    assert audit.verify() == audit.Verdict(0, audit.START)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(audit.NotInTransaction, match=r"invented\.done"):
        audit.record(PUBLIC, "invented.done")
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_vanishes_with_what_it_tells_of() -> None:
    def fail() -> None:
        with transaction.atomic():
            audit.record(PUBLIC, "invented.done")
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET code = 'invented.undone' WHERE sequence = 3",
        "DELETE FROM core_auditentry WHERE sequence = 3",
        "DELETE FROM core_auditentry",
    ],
)
def test_the_database_refuses_change_and_removal(five: list[AuditEntry], statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert audit.verify().entries == 5


def test_the_model_refuses_removal(five: list[AuditEntry]) -> None:
    with pytest.raises(TypeError, match="never removed"):
        five[0].delete()


def _alter(column: str, value: str) -> Callable[[], None]:
    def change() -> None:
        AuditEntry.objects.filter(sequence=3).update(**{column: value})

    return change


def _delete_third() -> None:
    AuditEntry.objects.filter(sequence=3)._raw_delete("default")


def _swap() -> None:
    third, fourth = AuditEntry.objects.filter(sequence__in=[3, 4]).order_by("sequence")
    AuditEntry.objects.filter(sequence__in=[3, 4])._raw_delete("default")
    third.sequence, fourth.sequence = fourth.sequence, third.sequence
    AuditEntry.objects.bulk_create([third, fourth])


def _alter_with_a_new_hash() -> None:
    entry = AuditEntry.objects.get(sequence=3)
    entry.code = "invented.undone"
    AuditEntry.objects.filter(sequence=3).update(code=entry.code, hash=audit.digest(entry))


@pytest.mark.parametrize(
    ("tamper", "broken_at", "reason"),
    [
        (_alter("code", "invented.undone"), 3, "altered"),
        (_alter("actor_id", "somebody-else"), 3, "altered"),
        (_alter("subject_id", "another"), 3, "altered"),
        (_alter("facts", "{}"), 3, "altered"),
        (_delete_third, 3, "missing"),
        (_swap, 3, "does not follow the one before"),
        (_alter_with_a_new_hash, 4, "does not follow the one before"),
    ],
)
def test_the_first_broken_entry_is_named(
    five: list[AuditEntry], tamper: Callable[[], None], broken_at: int, reason: str
) -> None:
    with unguarded():
        tamper()
    with pytest.raises(CommandError) as told:
        verdict_of()
    assert str(told.value).startswith(f"Broken at entry {broken_at}: {reason}.")
    assert told.value.returncode == 1


def test_a_chain_that_was_cut_off_breaks_the_checkpoint(five: list[AuditEntry]) -> None:
    kept = checkpoint()
    with unguarded():
        AuditEntry.objects.filter(sequence__gte=4)._raw_delete("default")
    assert "3 entries, chain whole." in verdict_of()
    with pytest.raises(CommandError, match="Broken at entry 4: cut off before the checkpoint"):
        verdict_of("--checkpoint", kept)


def test_a_chain_that_was_written_anew_breaks_the_checkpoint(five: list[AuditEntry]) -> None:
    kept = checkpoint()
    with unguarded():
        AuditEntry.objects.all()._raw_delete("default")
    for number in range(1, 6):
        audit.record(PUBLIC, "invented.undone", number=number)
    assert "chain whole" in verdict_of()
    with pytest.raises(CommandError, match="Broken at entry 5: differs from the checkpoint"):
        verdict_of("--checkpoint", kept)


def test_a_longer_chain_still_holds_an_old_checkpoint(five: list[AuditEntry]) -> None:
    kept = checkpoint()
    audit.record(PUBLIC, "invented.done", number=6)
    assert verdict_of("--checkpoint", kept).startswith("6 entries, chain whole.")


@pytest.mark.parametrize("at_most", [2, 3, 4])
def test_a_chain_is_verified_in_parts(five: list[AuditEntry], at_most: int) -> None:
    mark, runs = audit.BEGINNING, 0
    while (verdict := audit.verify(since=mark, at_most=at_most)).more:
        assert verdict.broken_at is None
        mark, runs = verdict.mark, runs + 1
    assert verdict.mark == audit.Mark(5, five[-1].hash)
    # Each run but the first looks again at the entry where the one before ended.
    assert runs == {2: 3, 3: 1, 4: 1}[at_most]


def test_pages_join_without_a_gap(
    five: list[AuditEntry], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(audit, "_CHUNK", 2)
    with django_assert_num_queries(3):
        assert audit.verify() == audit.Verdict(5, five[-1].hash)


@pytest.mark.parametrize(
    ("tamper", "since", "broken_at", "flaw"),
    [
        (_alter("code", "invented.undone"), 1, 3, audit.Flaw.ALTERED),
        (_alter("code", "invented.undone"), 3, 3, audit.Flaw.ALTERED),
        (_alter("code", "invented.undone"), 4, None, None),
        (_delete_third, 2, 3, audit.Flaw.MISSING),
        (_delete_third, 3, 3, audit.Flaw.MISSING),
        (_alter_with_a_new_hash, 3, 3, audit.Flaw.REWRITTEN),
        (_swap, 3, 3, audit.Flaw.ALTERED),
    ],
)
def test_a_later_part_is_held_against_the_mark_before(
    five: list[AuditEntry],
    tamper: Callable[[], None],
    since: int,
    broken_at: int | None,
    flaw: audit.Flaw | None,
) -> None:
    mark = audit.Mark(since, five[since - 1].hash)
    with unguarded():
        tamper()
    verdict = audit.verify(since=mark)
    assert (verdict.broken_at, verdict.flaw) == (broken_at, flaw)


@pytest.mark.parametrize(
    ("tamper", "after", "broken_at"),
    [
        (_alter("code", "invented.undone"), 3, None),
        (_alter("code", "invented.undone"), 2, 3),
        (_alter_with_a_new_hash, 3, 4),
    ],
)
def test_the_walk_can_go_on_behind_a_broken_entry(
    five: list[AuditEntry], tamper: Callable[[], None], after: int, broken_at: int | None
) -> None:
    with unguarded():
        tamper()
    mark = audit.Mark(after, AuditEntry.objects.get(sequence=after).hash)
    assert audit.verify(after=mark).broken_at == broken_at


def test_an_end_that_was_cut_off_is_seen_from_the_mark(five: list[AuditEntry]) -> None:
    with unguarded():
        AuditEntry.objects.filter(sequence__gte=4)._raw_delete("default")
    verdict = audit.verify(since=audit.Mark(5, five[-1].hash))
    assert (verdict.broken_at, verdict.flaw) == (5, audit.Flaw.CUT_OFF)


@pytest.mark.parametrize("text", ["5", "five:abc", "5:abc", "-1:" + "0" * 64])
def test_a_checkpoint_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="is not SEQUENCE:HASH"):
        verdict_of(f"--checkpoint={text}")
