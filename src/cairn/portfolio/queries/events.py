"""Events: workshops, trainings and meetings, whoever held them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.lists import naming
from cairn.portfolio.models import Event
from cairn.portfolio.queries.records import event_payload


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked the list for; empty means all. `country`: alpha-3."""

    search: str = ""
    country: str = ""
    year: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.search or self.country or self.year)


def events(actor: Actor, asked: Asked) -> QuerySet[Event]:
    """Events that `actor` may see and that match, latest first; undated ones last."""
    found: QuerySet[Event] = Event.objects.visible_to(actor).select_related("project")
    if asked.search:
        words = asked.search
        found = found.filter(
            Q(kind__icontains=words) | Q(subject__icontains=words) | Q(place__icontains=words)
        )
    if asked.country:
        found = naming(found, asked.country.upper(), "place_countries", "from_countries")
    if asked.year:
        found = found.filter(
            Q(starts__startswith=asked.year)
            | Q(starts__lte=f"{asked.year}-99", ends__gte=asked.year) & ~Q(starts="")
        )
    return found.order_by(F("starts").desc(), "reference")


def shown(event: Event) -> dict[str, Any]:
    """An event in plain values, with the reference of its project."""
    return event_payload(event) | {"project": event.project.reference if event.project else ""}


def choices(actor: Actor) -> tuple[list[tuple[str, str]], list[str]]:
    """Countries (code, name) and years that occur, for the filter. One query."""
    codes: set[str] = set()
    years: set[str] = set()
    for event in Event.objects.visible_to(actor):
        codes.update(event.place_countries, event.from_countries)
        years.update(day[:4] for day in (event.starts, event.ends) if day)
    named = [(code, geography.country_name(code, language())) for code in codes]
    return sorted(named, key=lambda pair: pair[1].casefold()), sorted(years, reverse=True)
