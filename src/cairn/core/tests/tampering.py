"""For tests: what somebody can do to the audit log who has the database in their hands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from cairn.core import audit
from cairn.core.models import AuditEntry

TRIGGERS = "core_audit_no_update", "core_audit_no_delete"


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody with the keys of the database would work: without the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER core_audit_append_only")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'core_audit_no_%'")
            kept = cursor.fetchall()
            assert {name for name, _sql in kept} == set(TRIGGERS)
            for name in TRIGGERS:
                cursor.execute(f"DROP TRIGGER {name}")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER core_audit_append_only")
        else:
            for _name, sql in kept:
                cursor.execute(sql)


def alter(sequence: int = 3, code: str = "invented.undone") -> None:
    """Change an entry and leave its hash as it was."""
    with unguarded():
        AuditEntry.objects.filter(sequence=sequence).update(code=code)


def remove(sequence: int = 3) -> None:
    with unguarded():
        AuditEntry.objects.filter(sequence=sequence)._raw_delete("default")


def cut_off(sequence: int) -> None:
    """Take away this entry and all after it."""
    with unguarded():
        AuditEntry.objects.filter(sequence__gte=sequence)._raw_delete("default")


def reorder(one: int = 3, other: int = 4) -> None:
    """Let two entries change places, each with its own hash."""
    with unguarded():
        first, second = AuditEntry.objects.filter(sequence__in=[one, other]).order_by("sequence")
        AuditEntry.objects.filter(sequence__in=[one, other])._raw_delete("default")
        first.sequence, second.sequence = second.sequence, first.sequence
        AuditEntry.objects.bulk_create([first, second])


def rewrite(code: str = "invented.undone", sequence: int = 1) -> None:
    """Write the whole chain anew, with every hash right, one entry telling something else."""
    with unguarded():
        entries = list(AuditEntry.objects.order_by("sequence"))
        AuditEntry.objects.all()._raw_delete("default")
        previous = audit.START
        for entry in entries:
            if entry.sequence == sequence:
                entry.code = code
            entry.previous_hash = previous
            entry.hash = previous = audit.digest(entry)
        AuditEntry.objects.bulk_create(entries)
