"""What was published, for pages that everybody reads: payloads of releases, and nothing else.

The same for everybody, also for staff: whoever may see more sees it elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.observatory.models import Published
from cairn.observatory.rules.pipeline import digest
from cairn.observatory.rules.publication import Publication, read

# A comparison over time reads whole payloads: more than ten years of quarters are not compared.
MOST_COMPARED = 40


class Withdrawn(Exception):
    """It was published and taken back. `on`: the moment; `reason`: what was said then."""

    def __init__(self, code: str, title: str, on: datetime | None, reason: str) -> None:
        super().__init__(code)
        self.code, self.title, self.on, self.reason = code, title, on, reason


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of releases. Days of the period are both included."""

    code: str
    title: str
    series: str
    label: str
    unit: str
    kind: str
    since: date
    until: date
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A release that is public now, its payload as it was signed, and its digest."""

    publication: Publication
    payload: dict[str, Any]
    digest: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One line of the list of withdrawn releases."""

    code: str
    title: str
    on: datetime
    reason: str


_LINE = (
    "release__code",
    "release__title",
    "payload__series__name",
    "payload__series__label",
    "payload__series__counting_unit",
    "payload__kind",
    "release__period_first",
    "release__period_last",
    "published_at",
)


def published(actor: Actor, *, series: str = "") -> list[Listed]:
    """Every release that is public now, newest first. One query, without payloads."""
    rows = _public(actor)
    if series:
        rows = rows.filter(payload__series__name=series)
    return [Listed(*values) for values in rows.values_list(*_LINE)]


def withdrawn(actor: Actor) -> list[TakenBack]:
    """Releases that were taken back, newest first, with the reason. One query."""
    rows = Published.objects.open_to(actor).exclude(withdrawn_at=None).order_by("-withdrawn_at")
    names = ("release__code", "release__title", "withdrawn_at", "reason")
    return [TakenBack(*values) for values in rows.values_list(*names)]


def payload(code: str, actor: Actor = PUBLIC) -> dict[str, Any]:
    """What the release published, in plain types. Raises as `find`."""
    return find(actor, code).payload


def find(actor: Actor, code: str) -> Found:
    """The release of `code`.

    Raises Published.DoesNotExist, Withdrawn, and RuleBroken ("observatory.digest": it is not what
    was signed, or as `rules.publication.read`).
    """
    row = _public(actor).filter(release__code=code).first()
    if row is None:
        back = (
            Published.objects.open_to(actor)
            .filter(release__code=code)
            .exclude(withdrawn_at=None)
            .values_list("release__title", "withdrawn_at", "reason")
            .first()
        )
        if back is None:
            raise Published.DoesNotExist
        title, on, reason = back
        raise Withdrawn(code, title, on, reason)
    return _found(row)


def of_series(actor: Actor, series: str) -> list[Publication]:
    """The newest releases of one series, newest first, at most MOST_COMPARED. One query."""
    rows = _public(actor).filter(payload__series__name=series)[:MOST_COMPARED]
    return [_found(row).publication for row in rows]


def newest(actor: Actor, *, most: int) -> list[Found]:
    """The release of the latest period of each series, the latest period first.

    Of two over one period the one that came out last. Two queries, whatever is stored.
    """
    lines = sorted(published(actor), key=lambda each: (each.until, each.published_at))
    codes = {line.series: line.code for line in lines}
    order = [line.code for line in reversed(lines) if codes[line.series] == line.code][:most]
    found = {row.release.code: row for row in _public(actor).filter(release__code__in=order)}
    return [_found(found[code]) for code in order if code in found]


def of_period(actor: Actor, series: Iterable[str], since: date, until: date) -> Found | None:
    """The newest release of one of these series over exactly this period."""
    row = (
        _public(actor)
        .filter(
            payload__series__name__in=list(series),
            release__period_first=since,
            release__period_last=until,
        )
        .first()
    )
    return None if row is None else _found(row)


def _public(actor: Actor) -> Any:
    """Rows that are public now, newest first."""
    return (
        Published.objects.visible_to(actor)
        .filter(withdrawn_at=None)
        .select_related("release")
        .only("release__code", "payload", "digest", "published_at")
        .order_by("-published_at", "-release__code")
    )


def _found(row: Any) -> Found:
    if digest(row.payload) != row.digest:
        raise RuleBroken(
            "observatory.digest",
            _("What is stored of this release is not what was signed, so it is not shown."),
            _("Tell the statistics officer."),
        )
    return Found(read(row.payload), row.payload, row.digest, row.published_at)
