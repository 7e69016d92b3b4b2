"""Invented releases of statistics: some that went out, one that waits, one that was refused."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cairn.core.actor import Actor
from cairn.observatory import sources
from cairn.observatory.actions import releases, signing
from cairn.observatory.actions.releases import Plan
from cairn.observatory.models import Artefact, Release
from cairn.observatory.rules.pipeline import Period, Step, Way
from cairn.observatory.sources_invented import INVENTED
from cairn.web.demo_protection import Home

# Title, period, way, columns, and how far it goes. The last is refused: what it shows, taken from
# what went out before it, would leave a group of too few persons.
RELEASES = (
    ("2024", Way.CUBE, [["age", "sex", "form", "area", "origin"]], "published"),
    ("2025", Way.CUBE, [["age", "sex", "form", "area"]], "waits"),
    ("2020", Way.TABLE, [["age", "area"]], "published"),
    ("2020", Way.TABLE, [["area", "origin"]], "refused"),
)
NEEDED = ("statistics-officer-2", "statistics-officer", "data-protection-officer")


def make_pipeline(home: Home) -> int:
    """The releases, once; how many that makes. The second waits for the statistics officer."""
    if Release.objects.exists() or not set(NEEDED) <= set(home.actors):
        return 0
    sources.register(INVENTED)
    builder, *signers = (home.actors[name] for name in NEEDED)
    with transaction.atomic():
        for year, way, columns, end in RELEASES:
            release = _built(builder, year, way, columns)
            if end == "published":
                for each in signers:
                    signing.sign(each, release.code, _digest(release))
                signing.publish(builder, release.code)
            elif end == "waits":
                signing.sign(signers[1], release.code, _digest(release))
    return len(RELEASES)


def _built(builder: Actor, year: str, way: Way, columns: Sequence[Sequence[str]]) -> Release:
    period = Period(date(int(year), 1, 1), date(int(year), 12, 31))
    title = f"Invented victims of trafficking identified in {year}"
    plan = Plan(title, INVENTED.code, way, period, columns, is_merged=False)
    return releases.build(builder, releases.begin(builder, plan).code)


def _digest(release: Release) -> str:
    found: str = Artefact.objects.get(release=release, step=Step.ATTACK).digest
    return found
