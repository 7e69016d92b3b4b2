"""What is on record about a theme, a period and countries: events, outcomes, projects, findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from cairn.core.actor import Actor
from cairn.portfolio.models import Event, OutcomeRecord, Project, ProjectCountry
from cairn.portfolio.rules import Subject
from cairn.results.models import Highlight
from cairn.results.rules import document_parts as parts


@dataclass(frozen=True, slots=True)
class Asked:
    """`theme`: a subject or a service area, "" for all; years with both ends; alpha-3 codes."""

    theme: str
    since: int
    until: int
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What belongs to the question, as the actor sees it. Projects come with their money."""

    events: tuple[Event, ...]
    outcomes: tuple[OutcomeRecord, ...]
    projects: tuple[Any, ...]

    @property
    def countries(self) -> list[str]:
        """Every country that a record names."""
        named: set[str] = set()
        for event in self.events:
            named.update(event.place_countries, event.from_countries)
        for outcome in self.outcomes:
            named.update(countries_of(outcome))
        return sorted(named)


def facts(actor: Actor, asked: Asked, *, today: date) -> Facts:
    """Four queries, whatever is found."""
    projects = _projects(actor, asked)
    about = {project.pk for project in projects}
    events = Event.objects.visible_to(actor).select_related("project")
    outcomes = OutcomeRecord.objects.visible_to(actor).select_related("project", "event__project")
    return Facts(
        tuple(event for event in events if _event_belongs(event, asked, about)),
        tuple(each for each in outcomes if _outcome_belongs(each, asked, about, today)),
        tuple(projects),
    )


def _projects(actor: Actor, asked: Asked) -> list[Any]:
    found = Project.objects.open_to(actor).with_money().select_related("source")
    if asked.theme in Subject.values:
        found = found.filter(subjects__subject=asked.theme)
    elif asked.theme:
        found = found.filter(themes__theme=asked.theme)
    reached = Prefetch("countries", ProjectCountry.objects.order_by("country"))
    rows = found.prefetch_related(reached).order_by("reference").distinct()
    return [
        project
        for project in rows
        if parts.in_countries((each.country for each in project.countries.all()), asked.countries)
        and parts.overlaps(_years(project.starts, project.ends), asked.since, asked.until)
    ]


def _event_belongs(event: Event, asked: Asked, about: set[Any]) -> bool:
    named = [*event.place_countries, *event.from_countries]
    return (
        parts.in_countries(named, asked.countries)
        and parts.overlaps(_years(event.starts, event.ends), asked.since, asked.until)
        and _is_about(event.project, asked, about, f"{event.kind} {event.subject}")
    )


def _outcome_belongs(outcome: OutcomeRecord, asked: Asked, about: set[Any], today: date) -> bool:
    event = outcome.event
    project = outcome.project or (event.project if event else None)
    words = f"{outcome.kind} {outcome.unit} {outcome.note} {event.subject if event else ''}"
    years = parts.years_in(outcome.period, today=today)
    if years is None and event is not None:
        years = _years(event.starts, event.ends)
    return (
        parts.in_countries(countries_of(outcome), asked.countries)
        and parts.overlaps(years, asked.since, asked.until)
        and _is_about(project, asked, about, words)
    )


def countries_of(outcome: OutcomeRecord) -> list[str]:
    """Its own countries, else those of its event."""
    if outcome.countries or outcome.event is None:
        return list(outcome.countries)
    return [*outcome.event.place_countries, *outcome.event.from_countries]


def _is_about(project: Project | None, asked: Asked, about: set[Any], words: str) -> bool:
    """A record of a project goes with it as far as its theme; another by its words."""
    if not asked.theme:
        return True
    if project is not None and project.pk in about:
        return True
    return parts.is_about(asked.theme, words)


def _years(starts: str, ends: str) -> tuple[int, int] | None:
    """The years of two partial dates; what has no end is over in the year it began."""
    known = [int(day[:4]) for day in (starts, ends) if day[:4].isdigit()]
    return (min(known), max(known)) if known else None


def highlights(actor: Actor, year: Any, countries: Sequence[str], mandate: str) -> list[Highlight]:
    """Entries that `actor` may see, of a year, of any of the countries, citing a mandate."""
    found = Highlight.objects.visible_to(actor)
    if year:
        found = found.filter(year=year)
    return [
        each
        for each in found
        if parts.in_countries(each.countries, countries)
        and (not mandate or mandate in each.mandates)
    ]
