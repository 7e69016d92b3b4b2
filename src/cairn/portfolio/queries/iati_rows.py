"""Rows of open projects for an IATI file: plain tuples by project, a few queries for a chunk."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, TextField
from django.db.models.functions import Cast

from cairn.core import geography
from cairn.portfolio.iati import codes
from cairn.portfolio.iati.records import Body
from cairn.portfolio.models import (
    Agreement,
    BudgetLine,
    Expenditure,
    Indicator,
    Measurement,
    Partner,
    Pledge,
    Project,
    ProjectCountry,
    ProjectPlace,
    ProjectSubject,
    ProjectTheme,
    Receipt,
    Result,
)
from cairn.portfolio.rules import Publication

Rows = dict[Any, list[tuple[Any, ...]]]
_DONOR = ("name", "short_name", "kind", "country")


@dataclass(frozen=True, slots=True)
class Details:
    """Everything of a chunk of projects, by the key in each field's comment."""

    countries: Rows  # project -> (alpha-3, via)
    places: Rows  # project -> (kind, codes)
    themes: Rows  # project -> (theme,)
    subjects: Rows  # project -> (subject,)
    partners: Rows  # project -> (role, name, short name, kind, country)
    lines: Rows  # project -> (starts, ends, phase starts, phase ends, dollars)
    pledges: Rows  # project -> (pledged, amount, currency, name, short name, kind, country)
    agreements: Rows  # project -> (day, amount, currency, dollars, then as above)
    receipts: Rows  # project -> (day, amount, currency, then as above)
    spending: Rows  # project -> (day, amount, currency)
    parts: Rows  # project -> (reference,)
    results: Rows  # project -> (key, level, statement)
    indicators: Rows  # result -> (key, name, unit, baseline, its period, target, parts as JSON)
    measurements: Rows  # indicator -> (first, last, dimension, value, origin)


def _grouped(found: QuerySet[Any], key: str, *fields: str) -> Rows:
    grouped: Rows = defaultdict(list)
    for row in found.values_list(key, *fields).iterator(chunk_size=10_000):
        grouped[row[0]].append(row[1:])
    return grouped


@dataclass(frozen=True, slots=True)
class _ByProject:
    """Groups rows by project. Keys come as text and are looked up: making a UUID of each takes a
    third of the time of an export. Databases write them with hyphens or without.
    """

    keys: Mapping[str, UUID]

    def rows(self, found: QuerySet[Any], key: str, *fields: str) -> Rows:
        keyed = found.annotate(key_as_text=Cast(key, CharField()))
        grouped = _grouped(keyed, "key_as_text", *fields)
        return {self.keys[text]: rows for text, rows in grouped.items()}


def details(keys: Collection[UUID]) -> Details:
    """All that the projects with these keys have; the caller made sure that they are open."""
    pledges = Pledge.objects.filter(project__in=keys, withdrawn_on=None)
    agreements = Agreement.objects.filter(pledge__in=pledges.values("pk"))
    of_agreement = "agreement__pledge__project"
    to_donor = [f"donor__{name}" for name in _DONOR]
    receipts = Receipt.objects.filter(agreement__in=agreements.values("pk"))
    spending = Expenditure.objects.filter(agreement__in=agreements.values("pk"))
    results = Result.objects.filter(project__in=keys)
    indicators = Indicator.objects.filter(result__project__in=keys)
    measurements = Measurement.objects.filter(indicator__result__project__in=keys)
    parts = Project.objects.filter(part_of__in=keys, publication=Publication.PUBLIC)
    by = _ByProject({text: key for key in keys for text in (key.hex, str(key))})

    def own(model: Any, *fields: str) -> Rows:
        return by.rows(model.objects.filter(project__in=keys), "project", *fields)

    return Details(
        countries=own(ProjectCountry, "country", "via"),
        places=own(ProjectPlace, "kind", "codes"),
        themes=own(ProjectTheme, "theme"),
        subjects=own(ProjectSubject, "subject"),
        partners=own(Partner, "role", *(f"organisation__{name}" for name in _DONOR)),
        lines=own(BudgetLine, "starts", "ends", "phase__starts", "phase__ends", "usd"),
        pledges=by.rows(pledges, "project", "pledged", "amount", "currency", *to_donor),
        agreements=by.rows(
            agreements, "pledge__project", "signed_on", "amount", "currency", "usd",
            *(f"pledge__{name}" for name in to_donor),
        ),
        receipts=by.rows(
            receipts, of_agreement, "received_on", "amount", "currency",
            *(f"agreement__pledge__{name}" for name in to_donor),
        ),
        spending=by.rows(spending, of_agreement, "spent_on", "amount", "currency"),
        parts=by.rows(parts.order_by("reference"), "part_of", "reference"),
        results=by.rows(results, "project", "pk", "level", "statement"),
        indicators=_grouped(
            indicators.annotate(parted=Cast("disaggregation", TextField())),
            "result", "pk", "name", "unit", "baseline", "baseline_period", "target", "parted",
        ),
        measurements=_grouped(
            measurements.order_by("period_start", "period_end", "pk"),
            "indicator", "period_start", "period_end", "dimension", "value", "origin",
        ),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def body(name: str | None, short_name: str, kind: str, country: str) -> Body | None:
    """An organisation as IATI names it, a State in English; None where none is named."""
    if name is None:
        return None
    return Body(
        name=geography.country_name(country, "en") if kind == "state" else name,
        reference=codes.ORGANISATION_REFERENCES.get(short_name or _in_brackets(name), ""),
        kind=codes.ORGANISATION_TYPES.get(kind, ""),
    )


def _in_brackets(name: str) -> str:
    """ "UNODC" of a name that ends in its short form in brackets; else the name itself."""
    return name.rpartition("(")[2].rstrip(")").strip() or name
