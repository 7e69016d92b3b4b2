"""The cascade for machines: `./cairn report cascade --project P49 --format json`."""

import json
from datetime import date
from typing import Any

from django.utils.translation import override

from cairn.core.actor import Actor
from cairn.portfolio import reports
from cairn.portfolio.models import Project
from cairn.training.measures.figure import Figure
from cairn.training.models import TrainingEvent
from cairn.training.queries import cascade as queries
from cairn.training.queries.cascade import FORMAT, GenerationLine, View
from cairn.training.queries.cascade_rows import Filters

KINDS = ("json",)
Payload = dict[str, Any]


def register_reports() -> None:
    """Offer the cascade to `./cairn report`; called once, when the application starts."""
    reports.register("cascade", cascade_file, KINDS)


def cascade_file(actor: Actor, reference: str, kind: str, language: str, today: date) -> bytes:
    """The cascade of a project, of an event's followers, or all of it for an empty reference.

    Counts only. Raises TrainingEvent.DoesNotExist for what is neither, or not visible.
    """
    with override(language):
        payload = cascade_payload(actor, reference, today)
    return (json.dumps(payload, ensure_ascii=False, indent=1) + "\n").encode()


def cascade_payload(actor: Actor, reference: str, today: date) -> Payload:
    """The same as plain JSON types. Raises TrainingEvent.DoesNotExist."""
    filters = scope_of(actor, reference)
    view = queries.cascade(actor, filters, today=today)
    plans = [plan for plan in queries.plans(actor) if _belongs(queries.plan_scope(plan), filters)]
    return {
        "format": FORMAT,
        "made_on": today.isoformat(),
        "project": filters.project,
        "root_event": filters.root,
        "generations": [_line(line) for line in view.generations],
        "outside": _line(view.outside) if view.outside else None,
        "figures": [each.as_record() for each in view.figures],
        "activation": _activation(view),
        "picture": {
            "nodes": [
                {
                    "event": stone.label,
                    "generation": stone.generation,
                    "people": stone.people,
                    "pass_rate": stone.quality,
                    "is_counted": stone.is_counted,
                }
                for stone in view.stones
            ],
            "links": _links(view),
        },
        "plans": [_plan(actor, plan) for plan in plans],
        "undated_events": view.undated,
    }


def scope_of(actor: Actor, reference: str) -> Filters:
    """A project where there is one of this reference, else an event. Raises DoesNotExist."""
    if not reference:
        return Filters()
    wanted = reference.strip().upper()
    if Project.objects.visible_to(actor).filter(reference=wanted).exists():
        return Filters(project=wanted)
    return Filters(root=TrainingEvent.objects.visible_to(actor).get(reference=wanted).reference)


def _belongs(scope: Filters, filters: Filters) -> bool:
    return filters.is_empty or scope == filters


def _record(figure: Figure | None) -> Payload | None:
    return figure.as_record() if figure else None


def _line(line: GenerationLine) -> Payload:
    return {
        "generation": line.number,
        "events": line.events,
        "people": line.people,
        "persons": line.persons,
        "seats": line.seats,
        "counted": line.counted,
        "counted_verified": line.counted_verified,
        "counted_unverified": line.unverified,
        "women": _record(line.women),
        "pass_rate": _record(line.quality),
        "pass_rate_step": _record(line.step),
        "score": _record(line.score),
        "reproduction": _record(line.reproduction),
    }


def _activation(view: View) -> Payload:
    curve = view.activation
    return {
        "graduates": curve.n,
        "delivered": curve.delivered,
        "away": curve.away,
        "watched": curve.watched,
        "median_days": curve.median,
        "steps": [
            {
                "day": step.day,
                "at_risk": step.at_risk,
                "deliveries": step.deliveries,
                "waiting": step.waiting,
                "low": step.low,
                "high": step.high,
            }
            for step in curve.steps
        ],
    }


def _links(view: View) -> list[Payload]:
    labels = {stone.key: stone.label for stone in view.stones}
    return [
        {"from": labels[line.source], "to": labels[line.target], "people": line.people}
        for line in view.lines
        if line.source in labels and line.target in labels
    ]


def _plan(actor: Actor, plan: Any) -> Payload:
    return {
        "title": plan.title,
        "minimum_share": str(plan.minimum_share),
        "targets": [
            {
                "generation": line.target.generation,
                "country": line.target.country,
                "area": line.target.area,
                "due_on": line.target.due_on.isoformat() if line.target.due_on else None,
                "persons": line.target.persons,
                "reached": line.reached,
                "share": line.share,
            }
            for line in queries.targets(actor, plan)
        ],
    }
