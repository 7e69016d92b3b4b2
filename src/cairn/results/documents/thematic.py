"""Thematic submission: training, design of responses, investigations, country by country."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.measures import Counted, Period, Scope, Step, Unit
from cairn.portfolio.models import Event, OutcomeRecord
from cairn.portfolio.queries.records import country_text
from cairn.results.documents import parameters as read
from cairn.results.documents.blocks import (
    Block,
    Body,
    Bullets,
    Figures,
    Heading,
    Labelled,
    Line,
    Note,
    Run,
    bullets,
    paragraph,
    table,
)
from cairn.results.documents.kinds import Kind, Parameter, Parameters
from cairn.results.documents.narrative import filled, records_of, run_of
from cairn.results.queries.document_facts import Asked, Facts, countries_of, facts
from cairn.results.queries.document_fields import (
    Told,
    event_told,
    outcome_told,
    project_told,
    tell,
)
from cairn.results.queries.document_sources import source_lines
from cairn.results.rules.document_parts import (
    SubmissionPart,
    part_of_event,
    part_of_outcome,
)
from cairn.results.rules.fields import Field, conflicting
from cairn.ui.formats import number_text

_P = SubmissionPart
PARTS: Final = (
    (_P.TRAINING.value, pgettext_lazy("part of a document", "Training")),
    (_P.DESIGN.value, gettext_lazy("Design of responses")),
    (_P.INVESTIGATIONS.value, gettext_lazy("Investigations and accountability")),
    (_P.COUNTRIES.value, gettext_lazy("Country by country")),
    (_P.CONFLICTS.value, gettext_lazy("Where a source contradicts itself")),
)
_STEPS: Final[Mapping[SubmissionPart, tuple[Step, ...]]] = {
    _P.TRAINING: (Step.TRAINING,),
    _P.DESIGN: (Step.MONEY,),
    _P.INVESTIGATIONS: (Step.FIELD, Step.DECISIONS),
}
# A share and an amount say what they are by themselves.
UNITS: Final = {Unit.DAYS: pgettext_lazy("unit", "days")}
# More countries than this are told by their records alone: each measure is asked for each country.
MOST_MEASURED: Final = 12


@dataclass(slots=True)
class _Writing:
    """What is written, and every figure that it tells."""

    actor: Actor
    asked: Asked
    found: Facts
    told: dict[str, Told] = field(default_factory=dict)

    def run(self, told: Told) -> Run:
        self.told[told.field] = told
        return run_of(told)


def build(actor: Actor, parameters: Parameters, language: str) -> Body:
    """The body for what `actor` may see. Raises RuleBroken("document.period")."""
    asked = asked_of(parameters)
    today = timezone.localdate()
    writing = _Writing(actor, asked, facts(actor, asked, today=today))
    labels = {code: str(label) for code, label in PARTS}
    blocks: list[Block] = []
    for part, make in (
        (_P.TRAINING, _training),
        (_P.DESIGN, _design),
        (_P.INVESTIGATIONS, _investigations),
        (_P.COUNTRIES, _countries),
        (_P.CONFLICTS, _conflicts),
    ):
        made = make(writing)
        if made:
            blocks += [Heading(2, labels[part], part.value), *made]
    title = dict(read.themes()).get(asked.theme, "")
    return Body(
        title=_("Thematic submission: %(theme)s") % {"theme": title}
        if title
        else _("Thematic submission"),
        subtitle="",
        language=language,
        blocks=tuple(blocks),
        sources=source_lines(each.source for each in writing.told.values()),
        meta=_meta(asked, title),
        figures=records_of(writing.told.values()),
    )


def asked_of(parameters: Parameters) -> Asked:
    """Raises RuleBroken("document.period") for a period that ends before it starts."""
    since = int(parameters.get("since", read.EARLIEST))
    until = int(parameters.get("until", timezone.localdate().year))
    if until < since:
        raise RuleBroken(
            "document.period",
            _("The period would end before it starts."),
            _("Check both years."),
        )
    return Asked(
        str(parameters.get("theme", "")), since, until, tuple(parameters.get("countries", ()))
    )


def _meta(asked: Asked, theme: str) -> tuple[tuple[str, str], ...]:
    named = ", ".join(country_text(code) for code in asked.countries)
    since = str(asked.since) if asked.since > read.EARLIEST else _("the first record")
    return (
        (_("Theme"), theme or _("All themes")),
        (
            _("Period"),
            _("From %(since)s to %(until)s") % {"since": since, "until": asked.until},
        ),
        (_("Countries"), named or _("All countries")),
    )


# --- Parts ----------------------------------------------------------------------------------


def _training(writing: _Writing) -> list[Block]:
    events = [each for each in writing.found.events if part_of_event(each.kind) is _P.TRAINING]
    blocks = _measured(writing, _P.TRAINING)
    if events:
        blocks += [_sum(writing, events), _event_table(writing, events)]
        if any(not each.starts for each in events):
            blocks.append(
                Note(_("An event without a date is shown, since it may lie in the period."))
            )
    return blocks + _outcomes(writing, _P.TRAINING)


def _design(writing: _Writing) -> list[Block]:
    blocks = _measured(writing, _P.DESIGN)
    meetings = [each for each in writing.found.events if part_of_event(each.kind) is _P.DESIGN]
    if meetings:
        blocks.append(_event_table(writing, meetings))
    if writing.found.projects:
        blocks.append(_project_table(writing))
    return blocks + _outcomes(writing, _P.DESIGN)


def _investigations(writing: _Writing) -> list[Block]:
    blocks = _measured(writing, _P.INVESTIGATIONS) + _outcomes(writing, _P.INVESTIGATIONS)
    if blocks:
        blocks.append(
            Note(
                _(
                    "These figures stand beside the support that was given. They say what it "
                    "contributed to, not that it caused it."
                )
            )
        )
    return blocks


def _countries(writing: _Writing) -> list[Block]:
    asked = set(writing.asked.countries)
    names = {
        code: country_text(code) for code in writing.found.countries if not asked or code in asked
    }
    blocks: list[Block] = []
    for code, name in sorted(names.items(), key=lambda pair: pair[1]):
        lines = [
            *(
                _event_line(writing, each)
                for each in writing.found.events
                if code in each.place_countries or code in each.from_countries
            ),
            *(
                _outcome_line(writing, each)
                for each in writing.found.outcomes
                if code in countries_of(each)
            ),
            *(
                _project_line(writing, each)
                for each in writing.found.projects
                if asked and code in {reached.country for reached in each.countries.all()}
            ),
        ]
        blocks += [Heading(3, name), Bullets(tuple(lines))]
    return blocks


def _conflicts(writing: _Writing) -> list[Block]:
    blocks: list[Block] = []
    for outcome in writing.found.outcomes:
        if statements := conflicting(outcome.note):
            blocks += [
                paragraph(_outcome_line(writing, outcome)),
                bullets(
                    _("“%(statement)s” (source %(source)s)")
                    % {"statement": each, "source": outcome.source}
                    for each in statements
                ),
            ]
    if blocks:
        blocks.append(Note(_("Both statements are kept as the source prints them.")))
    return blocks


# --- Tables and lines -------------------------------------------------------------------------


def _sum(writing: _Writing, events: Sequence[Event]) -> Block:
    """How many people took part in all: of the events that were counted, and says so."""
    people = _summed(writing, events, "participants")
    women = _summed(writing, events, "women")
    return Figures(
        (
            Labelled(_("People who took part"), people, _("people"), _sources(events)),
            Labelled(_("Women who took part"), women, _("women"), _sources(events)),
        )
    )


def _summed(writing: _Writing, events: Sequence[Event], attribute: str) -> Run:
    known = [
        (each.reference, getattr(each, attribute))
        for each in events
        if getattr(each, attribute) is not None
    ]
    counted = ngettext(
        "in %(known)s of %(all)s event", "in %(known)s of %(all)s events", len(events)
    ) % {"known": number_text(len(known)), "all": number_text(len(events))}
    total = sum(value for _reference, value in known)
    said: dict[str, Any] = {
        "definition": _(
            "Sum over the events that give a number. Who came to two of them counts in both."
        ),
        "unit": _("people") if attribute == "participants" else _("women"),
        "source": "",
        "question": {"events": [reference for reference, _value in known]},
        "note": counted,
    }
    code = f"sum:events {attribute}"
    if not known:
        reason = _("no source gives a number")
        text = _("not known (%(reason)s)") % {"reason": reason}
        return writing.run(Told(code, text, None, **(said | {"note": reason})))
    text = _("%(count)s (%(counted)s)") % {"count": number_text(total), "counted": counted}
    return writing.run(Told(code, text, total, **said))


def _event_table(writing: _Writing, events: Sequence[Event]) -> Block:
    head = (
        _("Event"),
        _("Place"),
        _("Dates"),
        _("Participants"),
        _("Women"),
        _("From"),
        _("Source"),
    )
    rows = [
        (
            f"{each.reference}: {each.kind}, {each.subject}",
            writing.run(event_told(each, "place")),
            writing.run(event_told(each, "dates")),
            writing.run(event_told(each, "participants")),
            writing.run(event_told(each, "women")),
            _from(each),
            each.source,
        )
        for each in events
    ]
    return table(_("Training and other events"), head, rows)


def _from(event: Event) -> str:
    """Who took part, and with whom it was held."""
    return "; ".join(
        filter(
            None,
            (
                ", ".join(country_text(code) for code in event.from_countries),
                ", ".join(event.agencies),
                ", ".join(event.partners),
            ),
        )
    )


def _project_table(writing: _Writing) -> Block:
    head = (_("Project"), _("Countries"), _("Budget"), _("Pledged"), _("Shortfall"), _("Source"))
    rows = [
        (
            f"{each.reference}: {each.title}",
            _named({row.country for row in each.countries.all()}),
            *(writing.run(project_told(each, name)) for name in ("budget", "pledged", "shortfall")),
            each.source.code if each.source else "",
        )
        for each in writing.found.projects
    ]
    return table(_("Projects"), head, rows)


def _named(codes: Iterable[str]) -> str:
    """Countries by name, each once."""
    return ", ".join(sorted(country_text(code) for code in codes))


def _outcomes(writing: _Writing, part: SubmissionPart) -> list[Block]:
    found = [
        each for each in writing.found.outcomes if part_of_outcome(each.kind, each.unit) is part
    ]
    return [Bullets(tuple(_outcome_line(writing, each) for each in found))] if found else []


def _event_line(writing: _Writing, event: Event) -> Line:
    return filled(
        _(
            "%(dates)s: %(kind)s on %(subject)s, %(place)s. Participants: %(participants)s; "
            "women: %(women)s. Source: %(source)s."
        ),
        dates=writing.run(event_told(event, "dates")),
        kind=event.kind,
        subject=event.subject,
        place=writing.run(event_told(event, "place")),
        participants=writing.run(event_told(event, "participants")),
        women=writing.run(event_told(event, "women")),
        source=f"{event.source} ({event.reference})",
    )


def _outcome_line(writing: _Writing, outcome: OutcomeRecord) -> Line:
    note = f" ({outcome.note})" if outcome.note else ""
    return filled(
        _("%(what)s: %(value)s %(unit)s%(note)s. %(place)s, %(period)s. Source: %(source)s."),
        what=outcome.kind,
        value=writing.run(outcome_told(outcome)),
        unit=outcome.unit,
        note=note,
        place=writing.run(outcome_told(outcome, "place")),
        period=writing.run(outcome_told(outcome, "period")),
        source=f"{outcome.source} ({outcome.reference})",
    )


def _project_line(writing: _Writing, project: Any) -> Line:
    return filled(
        _("Project %(reference)s, %(title)s: budget %(budget)s. Source: %(source)s."),
        reference=project.reference,
        title=project.title,
        budget=writing.run(project_told(project, "budget")),
        source=project.source.code if project.source else "",
    )


def _measured(writing: _Writing, part: SubmissionPart) -> list[Block]:
    """What the platform itself counts for the part, where the readers may be told of it.

    Persons of concern are not asked for: they are told by quarters, in releases of statistics.
    """
    asked = writing.asked
    period = Period(date(asked.since, 1, 1), date(asked.until, 12, 31))
    places = asked.countries if len(asked.countries) <= MOST_MEASURED else ()
    items: list[Labelled] = []
    for each in measures.measures():
        scope = Scope.COUNTRY if places else Scope.PROGRAMME
        if each.step not in _STEPS[part] or each.counted is Counted.PERSONS:
            continue
        if scope not in each.scopes:
            continue
        fields = [_measure_field(each.code, period, code) for code in places or ("",)]
        told = tell(writing.actor, fields)
        items += [
            Labelled(
                _label(str(each.label), fields[number].value("country")),
                writing.run(found),
                str(UNITS.get(each.unit, "")),
                str(each.source),
            )
            for number, found in enumerate(told.values())
            if found.value is not None
        ]
    return [Figures(tuple(items))] if items else []


def _label(label: str, country: str) -> str:
    if not country:
        return label
    return _("%(label)s, %(country)s") % {"label": label, "country": country_text(country)}


def _measure_field(code: str, period: Period, country: str) -> Field:
    asked = {"since": period.first.isoformat(), "until": period.last.isoformat()}
    asked |= {"country": country} if country else {}
    return Field("figure", code, asked=tuple(sorted(asked.items())))


def _sources(events: Iterable[Event]) -> str:
    return ", ".join(dict.fromkeys(each.source for each in events if each.source))


KIND: Final = Kind(
    "thematic-submission",
    gettext_lazy("Thematic submission"),
    build,
    (
        Parameter(
            "theme",
            gettext_lazy("Theme"),
            read.theme,
            gettext_lazy("A subject of projects, or one of the service areas."),
            choices=read.themes,
        ),
        Parameter("since", gettext_lazy("From the year"), read.year),
        Parameter("until", gettext_lazy("To the year"), read.year),
        Parameter(
            "countries",
            gettext_lazy("Countries"),
            read.countries,
            gettext_lazy("Names or codes, with commas between. Empty: all countries."),
        ),
    ),
    PARTS,
    gettext_lazy("What was done about a theme, in a period and in countries."),
)
