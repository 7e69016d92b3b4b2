"""Entries of the audit log for its viewer. No join: entries hold ids and codes alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from cairn.core.models import AuditEntry
from cairn.oversight.models import Round
from cairn.oversight.queries.people import names
from cairn.oversight.wording import SENTENCES


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What the address asks for; what cannot be read is left out."""

    code: str = ""
    actor: str = ""
    record: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def from_query(cls, query: QueryDict) -> "LogFilters":
        return cls(
            query.get("code", "")[:80],
            query.get("actor", "")[:40],
            query.get("record", "")[:64],
            _day(query.get("since", "")),
            _day(query.get("until", "")),
        )


def entries(filters: LogFilters) -> QuerySet[AuditEntry]:
    """Entries, the newest first."""
    rows = AuditEntry.objects.order_by("-sequence")
    if filters.code:
        rows = rows.filter(code=filters.code)
    if filters.actor:
        rows = rows.filter(actor_id=filters.actor)
    if filters.record:
        rows = rows.filter(subject_id=filters.record)
    if filters.since:
        rows = rows.filter(at__date__gte=filters.since)
    if filters.until:
        rows = rows.filter(at__date__lte=filters.until)
    return rows


def actor_names(rows: Sequence[AuditEntry]) -> Callable[[AuditEntry], str]:
    """A function from an entry to who did it; one query for all rows."""
    known = names(UUID(row.actor_id) for row in rows if _is_id(row.actor_id))

    def name(row: AuditEntry) -> str:
        if _is_id(row.actor_id):
            return known[UUID(row.actor_id)]
        return "Cairn" if row.actor_id == "system" else _("A visitor")

    return name


def code_groups() -> list[tuple[str, str]]:
    """(code, sentence) of what can be asked for, in order of codes."""
    return [(code, str(words)) for code, words in sorted(SENTENCES.items())]


def chain_state() -> Round | None:
    """The last verification of the log in the background; None before the first."""
    return Round.objects.filter(name="chain").first()


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
