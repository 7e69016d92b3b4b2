"""What the page of the cascade can be narrowed to. Three queries."""

from typing import Any

from django.db.models import Q, QuerySet

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.portfolio.models import Project
from cairn.training.models import TrainingEvent
from cairn.training.queries.cascade_source import delivered
from cairn.training.rules.choices import EventKind

# More are no choice any more; the address takes any reference.
MOST = 200


def projects(actor: Actor) -> QuerySet[Project]:
    """Projects with a delivered training."""
    held = delivered(actor).exclude(project=None).values("project")
    return Project.objects.visible_to(actor).filter(pk__in=held).order_by("reference")


def roots(actor: Actor) -> QuerySet[TrainingEvent]:
    """Trainings that a cascade may begin with, newest first."""
    beginning = Q(kind=EventKind.TOT) | Q(is_generation_root=True)
    return delivered(actor).filter(beginning).order_by("-starts", "reference")


def choices(actor: Actor) -> dict[str, Any]:
    """Pairs (value, words) for projects, roots and countries."""
    tongue = language()
    found = delivered(actor).exclude(country="").order_by("country")
    countries = found.values_list("country", flat=True).distinct()
    named = [(code, geography.country_name(code, tongue)) for code in countries]
    return {
        "projects": [
            (reference, reference)
            for reference in projects(actor).values_list("reference", flat=True)[:MOST]
            if reference
        ],
        "roots": [
            (reference, f"{reference} · {title}"[:80])
            for reference, title in roots(actor).values_list("reference", "title")[:MOST]
        ],
        "countries": sorted(named, key=lambda pair: pair[1].casefold()),
    }
