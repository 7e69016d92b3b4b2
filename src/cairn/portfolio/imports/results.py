"""Files of events, outcomes and the results framework."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.portfolio.imports.base import (
    Child,
    check_dates,
    child_kind,
    no_record,
    plain,
    projects_named,
)
from cairn.portfolio.models import Event, Indicator, Measurement, OutcomeRecord, Result

_l = gettext_lazy
SOURCE = Column("source", cells.text(60), _l("where this is stated"))


def _project_or_refuse(rows: Sequence[Row], column: str) -> None:
    """Set `_project` of each row, None for no name; refuse names that do not exist."""
    known = projects_named([row.cleaned[column] for row in rows if row.cleaned[column]])
    for row in rows:
        reference = row.cleaned[column]
        row.cleaned["_project"] = known.get(reference)
        if reference and reference not in known:
            row.refuse(column, no_record(column, reference))


EVENT_FIELDS = {
    "kind": "kind",
    "subject": "subject",
    "place_country": "place_countries",
    "place": "place",
    "start": "starts",
    "end": "ends",
    "participants": "participants",
    "women": "women",
    "participants_from": "from_countries",
    "agencies": "agencies",
    "partner": "partners",
    "source": "source",
}


def _prepare_events(rows: Sequence[Row]) -> None:
    _project_or_refuse(rows, "project_id")
    for row in rows:
        _check_event(row)
        row.key = row.label = row.cleaned["id"]
        row.after = row.given({"project_id": "project", **EVENT_FIELDS})


def _check_event(row: Row) -> None:
    check_dates(row, "start", "end")
    participants, women = row.cleaned["participants"], row.cleaned["women"]
    if participants is not None and women is not None and women > participants:
        row.refuse(
            "women",
            RuleBroken(
                "import.women",
                _("%(women)d women among %(participants)d participants is not possible.")
                % {"women": women, "participants": participants},
                _("Check both counts."),
            ),
        )


def _existing_events(keys: Sequence[Hashable]) -> Existing:
    return {
        event.reference: (
            event.pk,
            {
                "project": event.project.reference if event.project else "",
                **{field: getattr(event, field) for field in EVENT_FIELDS.values()},
            },
        )
        for event in Event.objects.filter(reference__in=keys).select_related("project")
    }


def _write_events(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    Event.objects.bulk_create(
        [Event(reference=row.cleaned["id"], **_event_values(row)) for row in created]
    )
    for row in changed:
        Event.objects.filter(pk=row.target).update(**_event_values(row))


def _event_values(row: Row) -> dict[str, Any]:
    values = row.given(EVENT_FIELDS)
    if "project_id" in row.values:
        values["project_id"] = row.cleaned["_project"]
    return values


register(
    Kind(
        code="events",
        label=_l("Events"),
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=(
            Column("id", cells.text(20), _l("your reference, for example E01"), True),
            Column("project_id", cells.text(20), _l("reference of the project, or empty")),
            Column("kind", cells.text(120), _l("kind of event"), True),
            Column("subject", cells.text(300), _l("what it was about")),
            Column("place_country", cells.countries, _l("country of the place"), empty=[]),
            Column("place", cells.text(200), _l("place")),
            Column("start", cells.partial_date, _l("first day, month or year")),
            Column("end", cells.partial_date, _l("last day, month or year")),
            Column("participants", cells.whole, _l("number of participants"), empty=None),
            Column("women", cells.whole, _l("women among them"), empty=None),
            Column("participants_from", cells.countries, _l("countries, | between"), empty=[]),
            Column("agencies", cells.words, _l("agencies, with | between"), empty=[]),
            Column("partner", cells.words, _l("partners, with | between"), empty=[]),
            SOURCE,
        ),
        prepare=_prepare_events,
        existing=_existing_events,
        write=_write_events,
        order=40,
    )
)

OUTCOME_FIELDS = {
    "place": "place",
    "period": "period",
    "kind": "kind",
    "value": "value",
    "unit": "unit",
    "source": "source",
    "note": "note",
}


def _prepare_outcomes(rows: Sequence[Row]) -> None:
    references = [row.cleaned["linked_event_or_project"] for row in rows]
    projects = projects_named(references)
    events = dict(Event.objects.filter(reference__in=references).values_list("reference", "pk"))
    for row in rows:
        link = row.cleaned["linked_event_or_project"]
        if link and link not in projects and link not in events:
            row.refuse("linked_event_or_project", no_record("linked_event_or_project", link))
        row.cleaned["_project"] = projects.get(link)
        row.cleaned["_event"] = events.get(link)
        row.key = row.label = row.cleaned["id"]
        row.after = {
            field: plain(value)
            for field, value in row.given(
                {"linked_event_or_project": "link", "country": "countries", **OUTCOME_FIELDS}
            ).items()
        }


def _existing_outcomes(
    keys: Sequence[Hashable],
) -> Existing:
    records = OutcomeRecord.objects.filter(reference__in=keys).select_related("project", "event")
    return {
        record.reference: (
            record.pk,
            {
                "link": _link(record),
                "countries": record.countries,
                **{field: plain(getattr(record, field)) for field in OUTCOME_FIELDS.values()},
            },
        )
        for record in records
    }


def _link(record: OutcomeRecord) -> str:
    linked = record.project or record.event
    return linked.reference if linked else ""


def _write_outcomes(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    OutcomeRecord.objects.bulk_create(
        [OutcomeRecord(reference=row.cleaned["id"], **_outcome_values(row)) for row in created]
    )
    for row in changed:
        OutcomeRecord.objects.filter(pk=row.target).update(**_outcome_values(row))


def _outcome_values(row: Row) -> dict[str, Any]:
    values = row.given({"country": "countries", **OUTCOME_FIELDS})
    if "linked_event_or_project" in row.values:
        values |= {"project_id": row.cleaned["_project"], "event_id": row.cleaned["_event"]}
    return values


register(
    Kind(
        code="outcomes",
        label=_l("Outcomes"),
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=(
            Column("id", cells.text(20), _l("your reference, for example O01"), True),
            Column(
                "linked_event_or_project", cells.text(20), _l("reference of an event or project")
            ),
            Column("country", cells.countries, _l("countries, with | between"), empty=[]),
            Column("place", cells.text(200), _l("place")),
            Column("period", cells.text(60), _l("period, as the source gives it")),
            Column("kind", cells.text(300), _l("what came of it"), True),
            Column("value", cells.decimal, _l("a number"), True),
            Column("unit", cells.text(40), _l("unit"), True),
            SOURCE,
            Column("note", cells.text(1000), _l("note")),
        ),
        prepare=_prepare_outcomes,
        existing=_existing_outcomes,
        write=_write_outcomes,
        order=41,
    )
)


def _finish_results(actor: Actor, rows: Sequence[Row]) -> None:
    """Outputs find the outcome that they serve, wherever it stands in the file."""
    projects = {row.cleaned["_parent"] for row in rows}
    known = {
        (result.project_id, result.number): result
        for result in Result.objects.filter(project__in=projects)
    }
    for row in rows:
        parent = row.cleaned["parent_number"]
        result = known[(row.cleaned["_parent"], row.cleaned["number"])]
        result.parent = known.get((result.project_id, parent)) if parent else None
    Result.objects.bulk_update(known.values(), ["parent"], batch_size=200)


register(
    child_kind(
        "results",
        _l("Outcomes and outputs of the results framework"),
        Child(
            model=Result,
            columns=[
                Column("level", cells.choice(Result.Level), _l("outcome or output"), True),
                Column("number", cells.text(12), _l("number, for example 1.2"), True),
                Column("parent_number", cells.text(12), _l("number of the outcome it serves")),
                Column("statement", cells.text(2000), _l("what is to be true"), True),
                SOURCE,
            ],
            key=["number"],
            fields=["level", "statement"],
        ),
        order=50,
        finish=_finish_results,
    )
)


def _find_results(rows: Sequence[Row]) -> dict[int, Any]:
    known = {
        (reference, number): pk
        for reference, number, pk in Result.objects.filter(
            project__reference__in={row.cleaned["project_id"] for row in rows}
        ).values_list("project__reference", "number", "pk")
    }
    return _parents(rows, known, "result_number")


def _find_indicators(rows: Sequence[Row]) -> dict[int, Any]:
    known = {
        (reference, number): pk
        for reference, number, pk in Indicator.objects.filter(
            result__project__reference__in={row.cleaned["project_id"] for row in rows}
        ).values_list("result__project__reference", "number", "pk")
    }
    return _parents(rows, known, "indicator_number")


def _parents(
    rows: Sequence[Row], known: Mapping[tuple[str, str], Any], column: str
) -> dict[int, Any]:
    found = {}
    for row in rows:
        key = (row.cleaned["project_id"], row.cleaned[column])
        if key in known:
            found[row.number] = known[key]
        else:
            row.refuse(column, no_record(column, " ".join(key)))
    return found


register(
    child_kind(
        "indicators",
        _l("Indicators"),
        Child(
            model=Indicator,
            columns=[
                Column("result_number", cells.text(12), _l("number of the result"), True),
                Column("number", cells.text(12), _l("number, once in a project"), True),
                Column("name", cells.text(300), _l("what is measured"), True),
                Column("unit", cells.text(60), _l("unit")),
                Column("baseline", cells.decimal, _l("value at the start"), empty=None),
                Column("baseline_period", cells.text(30), _l("period of the baseline")),
                Column("target", cells.decimal, _l("value to reach"), empty=None),
                Column("disaggregation", cells.words, _l("by what, with | between"), empty=[]),
                Column("measure", cells.text(80), _l("name of the measure that computes it")),
                SOURCE,
            ],
            key=["number"],
            fields=[
                "name",
                "unit",
                "baseline",
                "baseline_period",
                "target",
                "disaggregation",
                "measure",
            ],
            parents=_find_results,
            parent_field="result",
            name="name",
        ),
        order=51,
    )
)


def _complete_measurements(rows: Sequence[Row]) -> None:
    for row in rows:
        check_dates(row, "period_start", "period_end")
        row.cleaned["dimension"] = row.cleaned["disaggregation"]
        row.cleaned["origin"] = Measurement.Origin.TYPED.value


register(
    child_kind(
        "measurements",
        _l("Measurements, typed in with their source"),
        Child(
            model=Measurement,
            columns=[
                Column("indicator_number", cells.text(12), _l("number of the indicator"), True),
                Column("period_start", cells.partial_date, _l("first day, month or year"), True),
                Column("period_end", cells.partial_date, _l("last day, month or year"), True),
                Column("value", cells.decimal, _l("a number"), True),
                Column("disaggregation", cells.text(60), _l("part that is meant, or empty")),
                Column("source", cells.text(200), _l("where this is stated"), True),
            ],
            key=["period_start", "period_end", "dimension", "origin"],
            fields=["value", "source"],
            parents=_find_indicators,
            parent_field="indicator",
            complete=_complete_measurements,
            extras=lambda row: {"recorded_at": timezone.now()},
            name="indicator_number",
        ),
        order=52,
        permission=Permission.RESULT_RECORD,
    )
)
