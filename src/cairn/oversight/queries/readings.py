"""Who read which record and why, for the desk and for the person whom it is about."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from cairn.access.models import Membership, User
from cairn.access.roles import LABELS
from cairn.core.actor import Actor
from cairn.oversight.models import Reading, ReadingSubject
from cairn.oversight.rules import Basis, Purpose

DAYS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ReadingFilters:
    """What the address asks for; what cannot be read is left out."""

    code: str = ""
    reader: str = ""
    purpose: str = ""
    basis: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def from_query(cls, query: QueryDict) -> "ReadingFilters":
        purpose, basis = query.get("purpose", ""), query.get("basis", "")
        return cls(
            query.get("code", "").strip().upper()[:24],
            query.get("reader", "").strip()[:80],
            purpose if purpose in Purpose.values else "",
            basis if basis in Basis.values else "",
            _day(query.get("since", "")),
            _day(query.get("until", "")),
        )


def readings(actor: Actor, filters: ReadingFilters) -> QuerySet[Reading]:
    """Readings that the actor may know of, the newest first."""
    rows = Reading.objects.visible_to(actor)
    if filters.code:
        rows = rows.filter(subjects__code=filters.code)
    if filters.reader:
        people = User.objects.filter(username__icontains=filters.reader)
        rows = rows.filter(actor_id__in=people.values("pk"))
    if filters.purpose:
        rows = rows.filter(purpose=filters.purpose)
    if filters.basis:
        rows = rows.filter(basis=filters.basis)
    if filters.since:
        rows = rows.filter(at__date__gte=filters.since)
    if filters.until:
        rows = rows.filter(at__date__lte=filters.until)
    return rows.order_by("-at", "pk")


def codes_of(rows: list[Reading]) -> dict[UUID, list[str]]:
    """The codes of the records of each reading; one query."""
    found: dict[UUID, list[str]] = {row.pk: [] for row in rows}
    for reading, code in (
        ReadingSubject.objects.filter(reading__in=rows)
        .order_by("code")
        .values_list("reading_id", "code")
    ):
        found[reading].append(code)
    return found


def by_day(actor: Actor, today: date) -> list[tuple[date, int]]:
    """Readings of each of the last thirty days, quiet days too, oldest first."""
    first = today - timedelta(days=DAYS_SHOWN - 1)
    counted: Counter[date] = Counter(
        dict(
            Reading.objects.visible_to(actor)
            .filter(at__date__gte=first)
            .order_by()
            .annotate(day=TruncDate("at", tzinfo=timezone.get_current_timezone()))
            .values_list("day")
            .annotate(Count("pk"))
        )
    )
    days = [first + timedelta(days=number) for number in range(DAYS_SHOWN)]
    return [(day, counted[day]) for day in days]


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of what a person may be told: roles and organisations, never names of staff.

    `kind`: key of the kind of record whose `fields` were opened.
    """

    at: Any
    roles: list[str]
    organisation: str
    purpose: str
    basis: str
    fields: list[str]
    kind: str


def seen_of(actor: Actor, code: str) -> list[Seen]:
    """Who saw the record with this code, newest first; at most five hundred lines. Two queries."""
    rows = ReadingSubject.objects.visible_to(actor).filter(code=code).select_related("reading")
    return told_of(rows.order_by("-reading__at")[:500])


def told_of(subjects: Iterable[ReadingSubject]) -> list[Seen]:
    """Openings, with their readings, in words that can be handed to the person, in their order.

    One query. The caller has found the record that they are about.
    """
    rows = list(subjects)
    where = _where([row.reading for row in rows])
    return [
        Seen(
            row.reading.at,
            [str(LABELS.get(role, role)) for role in row.reading.actor_roles],
            where[row.reading_id],
            str(Purpose(row.reading.purpose).label),
            str(Basis(row.reading.basis).label),
            list(row.reading.fields),
            row.reading.kind,
        )
        for row in rows
    ]


def _where(read: list[Reading]) -> dict[UUID, str]:
    """Reading -> where its reader worked that day, in the roles that it names. One query.

    Not whose the record is: with emergency access or a link, the reader works elsewhere.
    """
    held = list(
        Membership.objects.filter(user__in={each.actor_id for each in read if each.actor_id})
        .select_related("organisation")
        .order_by("organisation__name")
    )
    found = {}
    for each in read:
        day = timezone.localdate(each.at)
        names = [
            member.organisation.display_name
            for member in held
            if member.user_id == each.actor_id
            and member.role in each.actor_roles
            and member.starts_on <= day
            and (member.ends_on is None or day <= member.ends_on)
        ]
        found[each.pk] = ", ".join(dict.fromkeys(names))
    return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
