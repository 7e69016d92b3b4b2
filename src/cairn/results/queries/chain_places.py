"""Which countries and projects the chain of results leads to, and the measures by step."""

from collections.abc import Iterable

from django.urls import reverse

from cairn.core import geography, measures
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.measures import Measure, Step
from cairn.portfolio.models import Project, ProjectCountry
from cairn.results.queries.chain import Place


def countries(actor: Actor) -> list[tuple[str, str]]:
    """(alpha-3, name) of each country that projects name which the actor sees whole, by name."""
    seen = Project.objects.open_to(actor).values("pk")
    codes = ProjectCountry.objects.filter(project__in=seen).order_by().values_list("country")
    return _named(code for (code,) in codes.distinct())


def countries_of(actor: Actor, project: Project) -> list[tuple[str, str]]:
    """The same of one project."""
    seen = Project.objects.open_to(actor).filter(pk=project.pk).values("pk")
    codes = ProjectCountry.objects.filter(project__in=seen).order_by().values_list("country")
    return _named(code for (code,) in codes.distinct())


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    named = [(code, geography.country_name(code, language())) for code in codes]
    return sorted(named, key=lambda pair: pair[1])


def measures_by_step() -> list[tuple[Step, list[Measure]]]:
    found: dict[Step, list[Measure]] = {step: [] for step in Step}
    for each in measures.measures():
        found[each.step].append(each)
    return list(found.items())


def back(place: Place) -> str:
    """The chain that a measure's page leads back to."""
    if place.project:
        return reverse("results:project", args=[place.project])
    if place.country:
        return reverse("results:country", args=[place.country])
    return reverse("results:programme")
