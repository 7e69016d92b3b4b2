"""Stores where projects work, as printed and as computed."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from uuid import UUID

from cairn.core import geography
from cairn.core.partial_dates import PartialDate
from cairn.portfolio.models import Project, ProjectCountry, ProjectPlace, ProjectRegion
from cairn.portfolio.places import Places, places_of
from cairn.portfolio.search import joined

SEARCH_LANGUAGES = ("en", "fr", "ar")


def store_places(asked: Mapping[UUID, tuple[Sequence[str], Project]]) -> None:
    """Replace the places of each project with the printed ones given. {pk: (printed, project)}."""
    found: dict[UUID, tuple[Sequence[str], Places]] = {
        pk: (printed, places_of(printed, project.region_as_printed, on=membership_day(project)))
        for pk, (printed, project) in asked.items()
    }
    for model in (ProjectPlace, ProjectCountry, ProjectRegion):
        model.objects.filter(project__in=list(found)).delete()
    ProjectPlace.objects.bulk_create(
        [
            ProjectPlace(
                project_id=pk,
                number=number,
                printed=name,
                kind=place.kind,
                codes=list(place.codes),
                minimum=place.minimum,
                maximum=place.maximum,
            )
            for pk, (printed, places) in found.items()
            for number, (name, place) in enumerate(
                zip(printed, places.resolved, strict=True), start=1
            )
        ],
        batch_size=500,
    )
    ProjectCountry.objects.bulk_create(
        [
            ProjectCountry(project_id=pk, country=country, via=group)
            for pk, (_, places) in found.items()
            for country, group in places.countries
        ],
        batch_size=500,
    )
    ProjectRegion.objects.bulk_create(
        [
            ProjectRegion(project_id=pk, region=region, is_continent=is_continent)
            for pk, (_, places) in found.items()
            for is_continent, regions in ((True, places.continents), (False, places.regions))
            for region in regions
        ],
        batch_size=500,
    )
    projects = [project for _, project in asked.values()]
    for project in projects:
        places = found[project.pk][1]
        project.chapter = places.chapter
        project.search = search_text(project, {code for code, _ in places.countries})
    Project.objects.bulk_update(projects, ["chapter", "search"], batch_size=200)


def search_text(project: Project, countries: Set[str]) -> str:
    """The text by which a project is found, also by the names of its countries."""
    return joined(
        [
            project.reference,
            project.code,
            project.title,
            project.outline,
            project.objectives,
            project.region_as_printed,
            *(
                geography.country_name(code, language)
                for code in sorted(countries)
                for language in SEARCH_LANGUAGES
            ),
        ]
    )


def membership_day(project: Project) -> date | None:
    """The day on which group members are read: the project's start, else its source's year."""
    if project.starts:
        return PartialDate.parse(project.starts).first
    if project.source and project.source.year:
        return date(project.source.year, 1, 1)
    return None
