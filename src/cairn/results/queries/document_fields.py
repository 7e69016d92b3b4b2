"""What stands behind a field: a number with its unit, definition and source, or why there is none.

Every record is read as the actor sees it. What goes out is computed as the public sees it, so that
no document tells of a project that is withheld.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.measures import Counted, Figure, Question, Unit
from cairn.library.models import Tool
from cairn.portfolio.models import Event, OutcomeRecord, Project
from cairn.portfolio.queries.records import country_text, dates, number
from cairn.results.rules.fields import Field
from cairn.ui import formats

RELEASED = "observatory."  # measures that repeat figures of a published release
RECORD_VERSION = 1  # of what a record's own figure means; a measure has a version of its own


@dataclass(frozen=True, slots=True)
class Told:
    """A field as it is told. `value` None: not known, and `note` says why.

    `value`: a number or a text, in plain JSON types; `text`: the same in the active language.
    """

    field: str
    text: str
    value: int | float | str | None = None
    unit: str = ""
    definition: str = ""
    source: str = ""
    measure: str = ""
    version: int = RECORD_VERSION
    question: Mapping[str, Any] = filled(default_factory=dict)
    note: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """The figure as a document keeps it, in plain JSON types."""
        return {
            "field": self.field,
            "value": self.value,
            "text": self.text,
            "unit": self.unit,
            "definition": self.definition,
            "source": self.source,
            "measure": self.measure,
            "version": self.version,
            "question": dict(self.question),
            "note": self.note,
        }


def tell(actor: Actor, fields: Iterable[Field]) -> dict[str, Told]:
    """Every field by its code. One query for each kind of record, whatever the number of fields."""
    asked = {each.code: each for each in fields}
    keys: dict[str, set[str]] = {}
    for each in asked.values():
        keys.setdefault(each.kind, set()).add(each.key)
    rows = {
        "event": _by_reference(Event.objects.visible_to(actor), keys.get("event")),
        "outcome": _by_reference(OutcomeRecord.objects.visible_to(actor), keys.get("outcome")),
        "project": _by_reference(
            Project.objects.open_to(actor).with_money().select_related("source"),
            keys.get("project"),
        ),
        "tool": {
            tool.title: tool
            for tool in Tool.objects.visible_to(actor).filter(title__in=keys.get("tool", ()))
        }
        if "tool" in keys
        else {},
    }
    with measures.together():
        return {code: _told(actor, each, rows) for code, each in asked.items()}


def _by_reference(found: Any, keys: set[str] | None) -> dict[str, Any]:
    return {row.reference: row for row in found.filter(reference__in=keys)} if keys else {}


def _told(actor: Actor, asked: Field, rows: Mapping[str, Mapping[str, Any]]) -> Told:
    if asked.kind == "cite":
        return Told(asked.code, asked.key, asked.key)
    if asked.kind == "figure":
        return _figure_told(actor, asked)
    record = rows[asked.kind].get(asked.key)
    if record is None:
        return unknown(asked.code, _("no such record is open to the readers"))
    if asked.kind == "event":
        return event_told(record, asked.attribute)
    if asked.kind == "outcome":
        return outcome_told(record, asked.attribute)
    return (
        project_told(record, asked.attribute) if asked.kind == "project" else _tool(record, asked)
    )


def unknown(code: str, reason: str, **known: Any) -> Told:
    """A field without a value, which says so and why: it is never left out."""
    text = _("not known (%(reason)s)") % {"reason": reason}
    return Told(code, text, None, note=reason, **known)


def _counted(code: str, value: Any, text: str, reason: str, **known: Any) -> Told:
    if value in (None, ""):
        return unknown(code, reason, **known)
    plain = value if isinstance(value, str) else number(Decimal(value))
    return Told(code, text or formats.number_text(value), plain, **known)


def event_told(event: Event, attribute: str) -> Told:
    """`attribute`: participants, women, dates, place or title."""
    code = f"event:{event.reference} {attribute}"
    known: dict[str, Any] = {"source": event.source, "question": {"event": event.reference}}
    gap = _("the source gives none")
    if attribute == "participants":
        definition = _("People who took part, as the source counts them.")
        unit = _("people")
        return _counted(
            code, event.participants, "", gap, unit=unit, definition=definition, **known
        )
    if attribute == "women":
        definition = _("Women among those who took part, as the source counts them.")
        return _counted(code, event.women, "", gap, unit=_("women"), definition=definition, **known)
    words = {
        "dates": dates(event.starts, event.ends),
        "place": _place(event.place, event.place_countries),
        "title": event.kind,
    }[attribute]
    return _counted(code, words, words, gap, **known)


def outcome_told(outcome: OutcomeRecord, attribute: str = "value") -> Told:
    """`attribute`: value, period, place or title."""
    code = f"outcome:{outcome.reference} {attribute}"
    known: dict[str, Any] = {"source": outcome.source, "question": {"outcome": outcome.reference}}
    gap = _("the source gives none")
    if attribute == "value":
        return _counted(
            code,
            outcome.value,
            "",
            gap,
            unit=outcome.unit,
            definition=f"{outcome.kind} ({outcome.note})" if outcome.note else outcome.kind,
            **known,
        )
    words = {
        "period": outcome.period,
        "place": _place(outcome.place, outcome.countries),
        "title": outcome.kind,
    }[attribute]
    return _counted(code, words, words, gap, **known)


def project_told(project: Any, attribute: str) -> Told:
    """`attribute`: budget, pledged, shortfall or title. The project comes with its money."""
    code = f"project:{project.reference} {attribute}"
    known: dict[str, Any] = {
        "source": project.source.code if project.source else "",
        "question": {"project": project.reference},
    }
    if attribute == "title":
        return Told(code, project.title, project.title, **known)
    value, definition = {
        "budget": (project.budget_usd, _("The budget that the project prints.")),
        "pledged": (project.pledged, _("All pledges that were not withdrawn.")),
        "shortfall": (project.shortfall, _("The budget less all pledges, at least nothing.")),
    }[attribute]
    return _counted(
        code,
        value,
        formats.money_text(value) if value is not None else "",
        _("the project prints no budget"),
        unit="USD",
        definition=definition,
        **known,
    )


def _tool(tool: Tool, asked: Field) -> Told:
    codes = tool.languages if asked.attribute == "languages" else tool.forthcoming
    names = formats.locale().languages
    text = ", ".join(str(names.get(code) or code) for code in codes)
    return _counted(
        asked.code,
        text,
        text,
        _("no language is on record"),
        source=tool.source,
        question={"tool": tool.title, "as_of": tool.as_of},
    )


def _figure_told(actor: Actor, asked: Field) -> Told:
    try:
        measure = measures.measure(asked.key)
    except KeyError:
        return unknown(asked.code, _("nobody counts this"))
    known: dict[str, Any] = {
        "definition": str(measure.definition),
        "measure": measure.code,
        "version": measure.version,
        "unit": measure.unit.value,
        "source": str(measure.source),
    }
    if measure.counted is Counted.PERSONS and not measure.code.startswith(RELEASED):
        # An exact count that moves by one between two issues would tell of one person.
        return unknown(asked.code, _("told in released statistics only"), **known)
    question = Question(asked.period, asked.value("country"), asked.value("project"))
    try:
        found = measures.figures(actor, asked.key, question)
    except RuleBroken as refusal:
        return unknown(asked.code, refusal.message, **known)
    figure = _part(found, asked.value("part"))
    if figure is None:
        return unknown(asked.code, _("nothing is on record that the readers may see"), **known)
    known["question"] = figure.provenance
    if figure.found.value is None:
        reason = str(figure.found.note) or (
            _("held back, to protect people")
            if figure.found.is_held_back
            else _("nothing is on record")
        )
        return unknown(asked.code, reason, **known)
    text = in_unit(figure.found.value, measure.unit)
    if figure.found.low is not None and figure.found.high is not None:
        text = _("%(value)s (%(low)s to %(high)s)") % {
            "value": text,
            "low": in_unit(figure.found.low, measure.unit),
            "high": in_unit(figure.found.high, measure.unit),
        }
    return Told(asked.code, text, number(figure.found.value), note=str(figure.found.note), **known)


def _part(found: Iterable[Figure], part: str) -> Figure | None:
    """The figure of one part ("women", or "sex:women"), or of the whole."""
    for figure in found:
        pairs = figure.found.part
        # Women who are children are told by two pairs: they are not "women".
        named = {pairs[0][1], ":".join(pairs[0])} if len(pairs) == 1 else set()
        if (part in named) if part else not pairs:
            return figure
    return None


def in_unit(value: Decimal, unit: Unit) -> str:
    """A value of a measure in the active language."""
    if unit is Unit.MONEY:
        return formats.money_text(value)
    return formats.percent_text(value) if unit is Unit.SHARE else formats.number_text(value)


def _place(place: str, countries: Iterable[str]) -> str:
    return ", ".join(filter(None, [place, *(country_text(code) for code in countries)]))
