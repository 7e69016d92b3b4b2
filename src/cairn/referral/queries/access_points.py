"""What the directory of services reads: lists, one entry, what waits, and what phones get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.queries.people import names
from cairn.referral.models.directory import AccessPoint
from cairn.referral.rules import access_points as rules
from cairn.referral.rules.access_points import Freshness, Need

# A judgement: what a phone can keep and an officer can look through.
MOST_IN_EXTRACT = 300
_MOST_TOLD = 50


def extract(country: str, today: date) -> list[dict[str, Any]]:
    """What phones of a country (ISO 3166-1 alpha-3) get of the directory, by area and name.

    Only entries in use that somebody found right within sixty days; the shape is that of
    AccessPoint.shown, all of it public. One query.
    """
    rows = AccessPoint.objects.good(today).filter(country=country)
    kept = rows.select_related("organisation").order_by("-assured_on", "code")[:MOST_IN_EXTRACT]
    return [point.shown() for point in sorted(kept, key=lambda point: (point.area, point.name))]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the directory is narrowed to; an empty part narrows nothing."""

    need: str = ""
    country: str = ""
    state: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        need, country = query.get("need", ""), query.get("country", "")
        state = query.get("state", "")
        return cls(
            need=need if need in Need.values else "",
            country=country if country in {each.alpha3 for each in geography.countries()} else "",
            state=state if state in {*Freshness, "closed"} else "",
            words=query.get("q", "").strip()[:80],
        )


def access_points(actor: Actor, filters: Filters, today: date) -> QuerySet[AccessPoint]:
    """Entries that the actor sees, by country, area and name."""
    rows = AccessPoint.objects.visible_to(actor).select_related("organisation")
    if filters.state == "closed":
        rows = rows.exclude(closed_at=None)
    else:
        rows = rows.filter(closed_at=None)
    if filters.state == Freshness.STALE:
        rows = rows.filter(assured_on__lt=rules.oldest_good(today))
    elif filters.state == Freshness.ASK:
        rows = rows.filter(
            assured_on__gte=rules.oldest_good(today), assured_on__lt=today - rules.ASK_AFTER
        )
    elif filters.state == Freshness.GOOD:
        rows = rows.filter(assured_on__gte=today - rules.ASK_AFTER)
    if filters.need:
        # The quotation marks keep one code from being found inside another, on every database.
        rows = rows.filter(needs__icontains=f'"{filters.need}"')
    if filters.country:
        rows = rows.filter(country=filters.country)
    if filters.words:
        rows = rows.filter(name__icontains=filters.words) | rows.filter(
            area__icontains=filters.words
        )
    return rows.order_by("country", "area", "name", "code")


def find_access_point(actor: Actor, code: str) -> AccessPoint:
    """The entry of this code. Raises AccessPoint.DoesNotExist (also when not visible)."""
    rows = AccessPoint.objects.visible_to(actor).select_related("organisation")
    found: AccessPoint = rows.get(code=code)
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """Entries that somebody should look at again. `oldest`: last day on which the first was."""

    count: int
    oldest: date | None


def waiting(actor: Actor, today: date) -> Waiting:
    """Entries of the actor's own place that are to be looked at again. One query."""
    rows = AccessPoint.objects.visible_to(actor).filter(
        closed_at=None, assured_on__lt=today - rules.ASK_AFTER
    )
    scopes = actor.scopes_with(Permission.DIRECTORY_EDIT)
    rows = rows.filter(organisation__in=[scope.organisation_id for scope in scopes])
    days = list(rows.order_by("assured_on").values_list("assured_on", flat=True)[:1_000])
    return Waiting(len(days), days[0] if days else None)


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a history: who did what, when."""

    who: str
    what: str
    when: datetime


def history(actor: Actor, record: models.Model, sentences: Mapping[str, Promise]) -> list[Told]:
    """What was done with a record, newest first, at most fifty lines. Two queries."""
    entries = list(
        AuditEntry.objects.filter(
            subject_type=record._meta.label, subject_id=str(record.pk), code__in=sentences
        ).order_by("-sequence")[:_MOST_TOLD]
    )
    return told_by(actor, entries, sentences)


def told_by(
    actor: Actor, entries: Sequence[AuditEntry], sentences: Mapping[str, Promise]
) -> list[Told]:
    """Entries of the log as lines of a history. One query."""
    known = names(_user(entry.actor_id) for entry in entries)
    return [
        Told(
            _called(entry, actor, known),
            str(sentences[entry.code]) % entry.facts,
            entry.at,
        )
        for entry in entries
    ]


def _called(entry: AuditEntry, actor: Actor, known: Mapping[Any, str]) -> str:
    who = _user(entry.actor_id)
    if who is None:
        return "Cairn" if entry.actor_id else _("Whoever had the link")
    return _("You") if who == actor.user_id else known.get(who, "–")


def _user(actor_id: str) -> UUID | None:
    try:
        return UUID(actor_id)
    except ValueError:
        return None
