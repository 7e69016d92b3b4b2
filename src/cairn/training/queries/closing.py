"""The closing report of an event as plain JSON types: what page, PDF, workbook and JSON show."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.partial_dates import PartialDate, span_text
from cairn.portfolio.models import AssistanceRequest
from cairn.portfolio.queries.listing import sees_whole
from cairn.training.measures import cost
from cairn.training.measures.definitions import definition_of
from cairn.training.measures.figure import SMALL_CELL, Figure
from cairn.training.models import TrainingEvent
from cairn.training.queries.closing_people import People, people
from cairn.training.queries.closing_survey import Asked, Wave, waves
from cairn.training.queries.results import EventResults, event_results
from cairn.training.queries.results_items import FormTable
from cairn.training.rules.choices import (
    EventKind,
    Participation,
    PartyRole,
    StaffRole,
    Strength,
    TestWave,
)
from cairn.training.rules.states import EventState
from cairn.ui.formats import date_text, number_text

FORMAT = "cairn/closing-report/1"
Payload = dict[str, Any]

# What the report leads with, where it is defined.
LEADING = ("gain", "score-before", "score-after", "pass-rate")


def closing_report(actor: Actor, reference: str, today: date) -> Payload:
    """The closing report of an event in the active language. Some twenty queries.

    Counts only, whoever reads it. Requests are in it for readers who may see requests. Raises
    TrainingEvent.DoesNotExist.
    """
    rows = TrainingEvent.objects.visible_to(actor).select_related(
        "organisation", "project", "printed", "report"
    )
    event = rows.get(reference=reference)
    who, results, asked = people(event), event_results(event), waves(event)
    tested = results.figures if results.has_any else ()
    figures = [who.women, who.completion, *tested, *_costs(event, who, results)]
    return {
        "format": FORMAT,
        "language": language(),
        "made_on": today.isoformat(),
        "title": _("Closing report %(reference)s") % {"reference": event.reference},
        "footer": _("Closing report %(reference)s, made on %(day)s. Counts only, no names.")
        % {"reference": event.reference, "day": date_text(today)},
        "event": _event(actor, event),
        "participants": _participants(who),
        "figures": [figure.as_record() for figure in figures],
        "lead": [
            figure.as_record()
            for figure in figures
            if figure.code in LEADING and figure.value is not None
        ],
        "tests": {
            "progress": [asdict(row) for row in results.progress],
            "breakdowns": [_breakdown(row) for row in results.breakdowns],
            "forms": [_form(row) for row in results.forms if row.wave == TestWave.POST],
            "flagged": results.flagged,
            "reported": _reported(event),
        },
        "reaction": [_wave(row) for row in asked],
        "requests": _requests(actor, event),
        "outcomes": _outcomes(event),
        "definitions": _definitions(figures, results, asked),
    }


def _event(actor: Actor, event: TrainingEvent) -> Payload:
    code = language()
    staff = Counter(event.staffing.values_list("role", flat=True))
    sessions = list(event.sessions.all())
    return {
        "reference": event.reference,
        "title": event.title,
        "kind": str(EventKind(event.kind).label),
        "state": event.state,
        "state_label": str(EventState(event.state).label),
        "participation": str(Participation(event.participation).label),
        "dates": _dates(event, code),
        "place": event.place,
        "countries": [geography.country_name(each, code) for each in event.place_countries],
        "from_countries": [geography.country_name(each, code) for each in event.from_countries],
        "organisation": event.organisation.display_name,
        # Trainings are shared more widely than projects.
        "project": event.project.reference
        if event.project and sees_whole(actor, event.project)
        else "",
        "parties": [
            {"role": str(PartyRole(row.role).label), "name": row.organisation.display_name}
            for row in event.parties.select_related("organisation")
        ],
        "staff": [
            {"role": str(role.label), "count": staff[role.value]}
            for role in StaffRole
            if staff[role.value]
        ],
        "sessions": len(sessions),
        "hours": round(sum(row.minutes for row in sessions) / 60, 1),
        "report_state": str(event.report.get_state_display()) if hasattr(event, "report") else "",
        "source": event.source,
    }


def _reported(event: TrainingEvent) -> list[str]:
    """What a report by counts tells of tests: means without persons, so without an interval."""
    if not hasattr(event, "report"):
        return []
    said = [
        (_("Reported before the training"), event.report.pre_tally),
        (_("Reported at the end"), event.report.post_tally),
    ]
    return [
        _("%(when)s: %(mean)s of %(max)s marks on average, %(n)s people. Not checked one by one.")
        % {
            "when": when,
            "mean": number_text(tally.get("mean"), 1),
            "max": number_text(tally.get("max")),
            "n": number_text(tally["n"]),
        }
        for when, tally in said
        if tally.get("n", 0) >= SMALL_CELL
    ]


def _dates(event: TrainingEvent, code: str) -> str:
    first = PartialDate.parse(event.starts) if event.starts else None
    last = PartialDate.parse(event.ends) if event.ends else None
    return span_text(first, last, code)


def _participants(who: People) -> Payload:
    return {
        "is_named": who.named,
        "printed": who.printed,
        "gone": who.gone,
        "total": asdict(who.total) | {"total": who.total.total},
        "tables": [
            {
                "code": code,
                "label": label,
                "rows": [asdict(row) | {"total": row.total} for row in rows],
            }
            for code, label, rows in who.tables
        ],
    }


def _costs(event: TrainingEvent, who: People, results: EventResults) -> list[Figure]:
    """Direct cost for each who completed and passed, where the cost of the event is known."""
    if event.cost_usd is None:
        return []
    included = [_("what was entered as the direct cost of this event")]
    passed = results.figure("pass-rate")
    count = round((passed.value or 0) * passed.n)
    done = who.total.completed if who.named else who.total.total
    amount = float(event.cost_usd)
    return [
        cost.cost_each("cost-completed", amount, done or 0, included=included, rate_day=None),
        cost.cost_each("cost-passed", amount, count, included=included, rate_day=None),
    ]


def _breakdown(row: Any) -> Payload:
    return {
        "code": row.code,
        "label": row.label,
        "rows": [
            {
                "label": each.label,
                "gain": each.gain.as_record(),
                "score": each.score.as_record(),
                "passed": each.passed.as_record(),
            }
            for each in row.rows
        ],
    }


def _form(form: FormTable) -> Payload:
    return {
        "letter": form.letter,
        "wave": form.label,
        "n": form.n,
        "is_exploratory": form.is_exploratory,
        "figures": [row.as_record() for row in (form.reliability, form.error, form.cut)],
        "items": [
            {
                "position": row.position,
                "code": row.code,
                "objective": row.objective,
                "facility": row.facility.as_record(),
                "discrimination": row.discrimination.as_record(),
                "efficiency": row.efficiency.as_record(),
                "weight": row.weight.as_record(),
                "change": row.change.as_record() if row.change else None,
                "flags": list(row.flags),
                "flag_labels": row.flag_labels,
            }
            for row in form.rows
        ],
    }


def _wave(wave: Wave) -> Payload:
    return {
        "title": wave.title,
        "kind": wave.kind,
        "months": wave.months,
        "response": wave.response.as_record(),
        "questions": [_asked(each) for each in wave.questions],
    }


def _asked(row: Asked) -> Payload:
    return {
        "code": row.code,
        "stem": row.stem,
        "answered": row.answered,
        "favourable": row.favourable.as_record() if row.favourable else None,
        "counts": [{"label": label, "count": count} for label, count in row.counts],
    }


def _requests(actor: Actor, event: TrainingEvent) -> list[Payload]:
    """Requests that were raised at the event, or printed as following it."""
    raised = Q(training__raised_at=event)
    if event.printed_id is not None:
        raised |= Q(after_event=event.printed_id)
    code = language()
    rows = AssistanceRequest.objects.visible_to(actor).filter(raised).distinct()
    return [
        {
            "reference": row.reference,
            "requested_by": row.requested_by,
            "countries": [geography.country_name(each, code) for each in row.countries],
            "request": row.request,
            "state": row.state,
            "state_label": str(row.get_state_display()),
        }
        for row in rows.order_by("reference")
    ]


def _outcomes(event: TrainingEvent) -> list[Payload]:
    """What was reported from the field that this event is claimed to have contributed to."""
    rows = event.claims.filter(report__withdrawn_on=None).select_related("report")
    return [
        {
            "reference": row.report.reference,
            "kind": str(row.report.get_kind_display()),
            "month": row.report.month,
            "count": float(row.report.count),
            "unit": row.report.unit,
            "confidence": str(row.report.get_confidence_display()),
            "strength": str(Strength(row.strength).label),
        }
        for row in rows.order_by("report__reference")
    ]


def _definitions(figures: list[Figure], results: EventResults, asked: list[Wave]) -> list[Payload]:
    """The definition of every figure in the report, in the order of appearance."""
    codes = [figure.code for figure in figures]
    if results.forms:
        codes += ["facility", "discrimination", "discriminative-efficiency", "effective-weight"]
        codes += ["item-change", "distractors", "reliability", "measurement-error", "cut-score"]
    for wave in asked:
        codes += [
            "response-rate",
            *(row.favourable.code for row in wave.questions if row.favourable),
        ]
    return [
        {
            "code": code,
            "label": str(definition.label),
            "definition": str(definition.definition),
            "formula": str(definition.formula),
            "source": str(definition.source),
            "hiding": str(definition.hiding),
        }
        for code in dict.fromkeys(codes)
        for definition in [definition_of(code)]
    ]
