"""Records of a project in plain values: events, outcomes, requests, findings, indicators."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.core.language import language
from cairn.core.partial_dates import PartialDate, span_text
from cairn.portfolio.models import (
    AssistanceRequest,
    Event,
    Finding,
    Indicator,
    Measurement,
    OutcomeRecord,
    Result,
)

Payload = dict[str, Any]


def indicator_payload(indicator: Indicator, result: Result) -> Payload:
    """An indicator with its latest value; measurements are prefetched, newest first."""
    measured = [each for each in indicator.measurements.all() if not each.dimension]
    parts = [each for each in indicator.measurements.all() if each.dimension]
    latest = measured[0] if measured else None
    return {
        "key": indicator.pk,
        "number": indicator.number,
        "result": result.statement,
        "level": result.get_level_display(),
        "name": indicator.name,
        "unit": indicator.unit,
        "baseline": number(indicator.baseline),
        "target": number(indicator.target),
        "measure": indicator.measure,
        **(_measured(latest) if latest else _sum_of_parts(parts)),
        "parts": [
            {"dimension": _dimension(each.dimension), "value": number(each.value)} for each in parts
        ],
    }


def _measured(latest: Measurement) -> Payload:
    return {
        "latest": number(latest.value),
        "period": dates(latest.period_start, latest.period_end),
        "source": latest.source,
        "origin": latest.get_origin_display(),
    }


def _sum_of_parts(parts: list[Measurement]) -> Payload:
    """Where a source gives only parts of one kind (country=...), their sum is the whole."""
    kinds = {each.dimension.partition("=")[0] for each in parts}
    if len(kinds) != 1:
        return {"latest": None, "period": "", "source": "", "origin": ""}
    return {
        "latest": number(sum((each.value for each in parts), Decimal(0))),
        "period": dates(
            min(each.period_start for each in parts), max(each.period_end for each in parts)
        ),
        "source": ", ".join(sorted({each.source for each in parts})),
        "origin": _("Sum of its parts"),
    }


def _dimension(text: str) -> str:
    """ "country=NPL" as its country's name; anything else, and an unknown code, as it stands."""
    name, _sign, value = text.partition("=")
    try:
        return country_text(value) if name == "country" else text
    except KeyError:
        return text


def event_payload(event: Event) -> Payload:
    """An event in plain values. Participants None: the source gives no number."""
    return {
        "id": event.reference,
        "title": event.kind,
        "subject": event.subject,
        "place": ", ".join(
            filter(None, [event.place, *(country_text(code) for code in event.place_countries)])
        ),
        "countries": event.place_countries,
        "dates": dates(event.starts, event.ends),
        "starts": event.starts,
        "participants": event.participants,
        "women": event.women,
        "from": [country_text(code) for code in event.from_countries],
        "agencies": event.agencies,
        "partners": event.partners,
        "source": event.source,
    }


def outcome_payload(record: OutcomeRecord) -> Payload:
    return {
        "id": record.reference,
        "text": record.kind,
        "value": number(record.value),
        "unit": record.unit,
        "place": ", ".join(filter(None, [record.place, *map(country_text, record.countries)])),
        "period": record.period,
        "source": record.source,
        "note": record.note,
    }


def request_payload(request: AssistanceRequest) -> Payload:
    return {
        "id": request.reference,
        "by": request.requested_by,
        "country": ", ".join(country_text(code) for code in request.countries),
        "text": request.request,
        "state": str(request.get_state_display()),
        "state_code": request.state,
    }


def finding_payload(finding: Finding) -> Payload:
    return {
        "key": finding.pk,
        "field": str(finding.get_field_display()),
        "field_code": finding.field,
        "printed": number(finding.printed),
        "printed_text": finding.printed_text,
        "computed": number(finding.computed),
        "difference": number(finding.difference),
        "reason": str(finding.get_reason_display()),
        "reason_code": finding.reason,
        "explanation": finding.explanation,
    }


def dates(start: str, end: str = "") -> str:
    """Partial dates in words: a span, or the one date when there is no end."""
    first = PartialDate.parse(start) if start else None
    if first and not end:
        return first.display(language())
    return span_text(first, PartialDate.parse(end) if end else None, language())


def number(value: Decimal | None) -> int | float | None:
    """A JSON number: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def country_text(code: str) -> str:
    return geography.country_name(code, language()) if code else ""
