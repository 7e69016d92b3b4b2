"""What the screens of triage read: the queue by clock, one report, reports that look alike.

The queue is read in slices of one unit and one state each, along the index of the table, from a
place in it and not by an offset: a page costs the same with ten reports and with a million.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Self
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.pseudonyms import ALPHABET
from cairn.identification.models import (
    KeyHolder,
    Procedure,
    ReceivingUnit,
    Report,
    ReportContent,
    ReportStep,
)
from cairn.identification.rules import triage as rules
from cairn.identification.rules.choices import ReportState
from cairn.oversight.queries.waiting import Waiting

PER_PAGE = 25
# Counting stops here: "more than 1,000" is all that a reader needs to know.
COUNT_UP_TO = 1_000
WAITING = "waiting"
_OPEN = (ReportState.RECEIVED, ReportState.OPENED)
# What a row shows; above all not the sealed bytes.
_SHOWN = (
    "code",
    "channel",
    "profile",
    "urgent",
    "received_at",
    "state",
    "due_at",
    "flaw",
    "key_id",
    "receiver__name",
    "receiver__code",
    "device__code",
)
_CODE_SIGNS, _REFERENCE_SIGNS = 12, 6
_MOST_ALIKE_READ, _MOST_ALIKE_SHOWN = 200, 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to. `state`: "waiting" or a code of ReportState; `unit`: a code.

    `after`: the place in the queue after which the page begins (moment, id); None: its start.
    """

    state: str = WAITING
    unit: str = ""
    after: tuple[datetime, UUID] | None = None

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        state = query.get("state", "")
        return cls(
            state=state if state in ReportState.values else WAITING,
            unit=query.get("unit", "")[:7],
            after=_place(query.get("after", "")),
        )

    @property
    def is_any(self) -> bool:
        return self.state != WAITING or bool(self.unit)

    @property
    def is_by_clock(self) -> bool:
        """True for what still has a clock; what is closed stands by the time of its arrival."""
        return self.state == WAITING or self.state in _OPEN

    def href(self, after: str = "") -> str:
        """The address of this list, from its start or after a place."""
        wanted = {"state": self.state if self.state != WAITING else "", "unit": self.unit}
        given = {name: value for name, value in {**wanted, "after": after}.items() if value}
        return f"?{urlencode(given)}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many, up to a thousand; `is_floor`: there are more."""

    number: int
    is_floor: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of reports. `can_open`: ids of those whose key the reader holds."""

    rows: list[Report]
    next_href: str
    can_open: frozenset[UUID]
    units: list[ReceivingUnit]
    to_read: Count
    to_settle: Count


def queue(actor: Actor, filters: Filters) -> Queue:
    """Reports that the actor sees, the most urgent clock first, or closed ones newest first.

    Five queries for one unit, and one or two more for each further one; none depends on how many
    reports there are.
    """
    units = list(Report.objects.receivers(actor).order_by("name", "code"))
    chosen = [unit for unit in units if unit.code == filters.unit] or units
    if filters.unit and chosen is units:
        chosen = []
    states = _OPEN if filters.state == WAITING else (ReportState(filters.state),)
    slices = [_slice(unit, state, filters) for unit in chosen for state in states]
    found = list(islice(_merged(slices, by_clock=filters.is_by_clock), PER_PAGE + 1))
    rows = found[:PER_PAGE]
    next_href = filters.href(_mark(rows[-1], filters)) if len(found) > PER_PAGE else ""
    held = _held_keys(actor, rows)
    return Queue(
        rows=rows,
        next_href=next_href,
        can_open=frozenset(row.pk for row in rows if row.key_id in held),
        units=units,
        to_read=_count(units, ReportState.RECEIVED),
        to_settle=_count(units, ReportState.OPENED),
    )


def _slice(unit: ReceivingUnit, state: ReportState, filters: Filters) -> QuerySet[Report]:
    rows = Report.objects.filter(receiver=unit, state=state)
    rows = rows.select_related("receiver", "device").only(*_SHOWN)
    if filters.is_by_clock:
        rows = rows.order_by("due_at", "id")
        if filters.after:
            moment, last = filters.after
            later = Q(due_at__gt=moment) | Q(due_at=moment, id__gt=last)
            rows = rows.filter(later, due_at__gte=moment)
    else:
        rows = rows.filter(due_at=None).order_by("-received_at", "id")
        if filters.after:
            moment, last = filters.after
            earlier = Q(received_at__lt=moment) | Q(received_at=moment, id__gt=last)
            rows = rows.filter(earlier, received_at__lte=moment)
    return rows[: PER_PAGE + 1]


def _merged(slices: Sequence[QuerySet[Report]], *, by_clock: bool) -> Iterator[Report]:
    def place(report: Report) -> tuple[float, str]:
        if by_clock:
            return (report.due_at.timestamp() if report.due_at else 0.0, report.pk.hex)
        return (-report.received_at.timestamp(), report.pk.hex)

    return heapq.merge(*slices, key=place)


def _mark(report: Report, filters: Filters) -> str:
    moment = (report.due_at if filters.is_by_clock else None) or report.received_at
    return f"{moment.astimezone(UTC).isoformat()}~{report.pk}"


def _place(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, last = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(last)) if at.tzinfo else None
    except ValueError:
        return None


def _held_keys(actor: Actor, rows: Sequence[Report]) -> set[str]:
    """Which of the keys of these reports the actor holds. One query."""
    keys = {row.key_id for row in rows}
    held = KeyHolder.objects.filter(
        user_id=actor.user_id or UUID(int=0), ended_at=None, key__in=keys, key__destroyed_at=None
    )
    return set(held.values_list("key_id", flat=True))


def holds_key(actor: Actor, report: Report) -> bool:
    """True when the actor holds the key to which a report is sealed. One query."""
    return report.key_id in _held_keys(actor, [report])


def _count(units: Sequence[ReceivingUnit] | QuerySet[ReceivingUnit], state: ReportState) -> Count:
    """How many reports of these units stand there. One query, which stops at a thousand."""
    rows = Report.objects.filter(receiver__in=units, state=state).order_by()
    number = rows[: COUNT_UP_TO + 1].count()
    return Count(min(number, COUNT_UP_TO), number > COUNT_UP_TO)


# --- One report ------------------------------------------------------------------------------


def find_report(actor: Actor, code: str) -> Report:
    """The report of this exact code, with its content, procedure and what it repeats.

    Raises Report.DoesNotExist (also when it is not visible).
    """
    rows = Report.objects.visible_to(actor).select_related(
        "receiver__organisation", "receiver__unit", "key", "device"
    )
    found: Report = rows.get(code=code)
    return found


def content_of(report: Report) -> ReportContent | None:
    """What was found at the opening; None while nobody has opened it. One query."""
    rows = ReportContent.objects.filter(report=report)
    return rows.select_related("report__receiver", "procedure", "duplicate_of").first()


def found_by(actor: Actor, typed: str) -> list[Report]:
    """Reports of this code, or of the six signs that a person may keep; newest first, at most 25.

    Nothing else finds a report: no name, no text. Reads along the index of the codes.
    """
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if set(signs) - set(ALPHABET):
        return []
    rows = Report.objects.visible_to(actor).select_related("receiver", "device").only(*_SHOWN)
    head = signs[:_REFERENCE_SIGNS]
    if len(signs) == _CODE_SIGNS:
        rows = rows.filter(code=f"{head}-{signs[_REFERENCE_SIGNS:]}")
    elif len(signs) == _REFERENCE_SIGNS:
        rows = rows.filter(_begins(f"{head}-"))
    else:
        return []
    return list(rows.order_by("-received_at", "id")[:PER_PAGE])


def _begins(head: str) -> Q:
    """Codes that begin with `head`, as each database finds them by its index.

    PostgreSQL has an index for beginnings; SQLite compares bytes, so that a range does it.
    """
    if connection.vendor == "postgresql":
        return Q(code__startswith=head)
    return Q(code__gte=head, code__lt=f"{head}~")


def steps(report: Report) -> list[ReportStep]:
    """What was done with a report, newest first. One query."""
    return list(ReportStep.objects.filter(report=report).order_by("-at", "-id")[:50])


def repeated_by(report: Report) -> list[str]:
    """Codes of the reports that somebody marked as repeating this one. One query."""
    rows = ReportContent.objects.filter(duplicate_of=report).order_by("code")
    return list(rows.values_list("code", flat=True)[:PER_PAGE])


def procedures_to_link(actor: Actor, report: Report) -> QuerySet[Procedure]:
    """Procedures of the report's authority that the actor sees, newest first."""
    rows = Procedure.objects.visible_to(actor).filter(
        organisation=report.receiver.organisation_id, erased_on=None
    )
    return rows.order_by("-opened_on", "code")


# --- Reports that look alike -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alike:
    """Another report that may be about the same person. `agree`: in what, in words."""

    code: str
    reference: str
    state: ReportState
    received_at: datetime
    agree: list[str]


def duplicates(actor: Actor, report: Report, content: ReportContent) -> list[Alike]:
    """Reports to the same unit that look like this one, the most alike first, at most five.

    A suggestion: only a person says that two reports are about the same. One query.
    """
    near = (report.made_at - rules.ALIKE_WITHIN, report.made_at + rules.ALIKE_WITHIN)
    rows = ReportContent.objects.visible_to(actor).filter(
        report__receiver=report.receiver_id, report__made_at__range=near, erased_on=None
    )
    rows = rows.exclude(report=report.pk).exclude(report__state=ReportState.DUPLICATE)
    for name in ("area", "age_band", "sex", "language"):
        if value := getattr(content, name):
            rows = rows.filter(**{f"{name}__in": ("", value)})
    rows = rows.select_related("report").defer(
        "content", "identity", "note", "report__payload", "report__identity_payload"
    )
    mine = _facts(report, content)
    found = []
    for row in rows.order_by("-opened_at")[:_MOST_ALIKE_READ]:
        if agree := rules.likeness(mine, _facts(row.report, row)):
            found.append(
                Alike(
                    row.report.code,
                    row.report.reference,
                    ReportState(row.report.state),
                    row.report.received_at,
                    [str(each.label) for each in agree],
                )
            )
    found.sort(key=lambda each: len(each.agree), reverse=True)
    return found[:_MOST_ALIKE_SHOWN]


def _facts(report: Report, content: ReportContent) -> rules.Facts:
    return rules.Facts(
        report.made_at,
        content.area,
        content.setting,
        content.age_band,
        content.sex,
        content.language,
        frozenset(content.signs),
    )


# --- What waits ------------------------------------------------------------------------------


def waiting(actor: Actor) -> list[Waiting]:
    """What waits at the actor's units, for their home: reports to read, then to settle.

    At most four queries, by index, whatever is stored. A count stops at a thousand.
    """
    if not actor.may(Permission.REPORT_OPEN):
        return []
    to_read = _group(actor, ReportState.RECEIVED)
    to_settle = _group(actor, ReportState.OPENED)
    # The clock beside the label says whether the first is late; the label counts all of them.
    unread, unsettled = _("Reports that nobody has read"), _("Reports that wait for an outcome")
    return [
        Waiting(label, count, verb, _list_href(state), first, True)
        for state, (count, first), label, verb in (
            (ReportState.RECEIVED, to_read, unread, _("Read them")),
            (ReportState.OPENED, to_settle, unsettled, _("Decide what follows")),
        )
        if count
    ]


def _group(actor: Actor, state: ReportState) -> tuple[int, datetime | None]:
    """How many reports stand in a state (up to a thousand) and when the first is due."""
    units = Report.objects.receivers(actor)
    first = Report.objects.filter(receiver=OuterRef("pk"), state=state).order_by("due_at", "id")
    dues = units.annotate(first_due=Subquery(first.values("due_at")[:1])).order_by()
    known = [due for due in dues.values_list("first_due", flat=True) if due]
    if not known:
        return 0, None
    return _count(units, state).number, min(known)


def _list_href(state: ReportState) -> str:
    return f"{reverse('identification:reports')}?state={state.value}"
