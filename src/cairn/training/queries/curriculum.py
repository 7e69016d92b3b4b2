"""Reads of the curriculum for screens: modules, versions side by side, what is stale."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.training.models import (
    Adaptation,
    CoursePlan,
    CurriculumIntegration,
    LanguageVariant,
    LearningObjective,
    Module,
    ModuleVersion,
    TrainingNeed,
)
from cairn.training.rules import curriculum as rules
from cairn.training.rules.states import TEACHABLE, VERSION_MOVES, VersionState

# Shown in this order: a module is found by what is taught now.
_STALE = Q(versions__variants__isnull=False) & ~Q(
    versions__variants__source_hash=F("versions__content_hash")
)


def modules(actor: Actor, search: str = "") -> QuerySet[Module]:
    """Modules with `published` ("2.1" parts), `newest`, `stale` variants and `uses`. One query."""
    found: QuerySet[Module] = Module.objects.visible_to(actor)
    if search:
        found = found.filter(
            Q(title__icontains=search) | Q(code__icontains=search) | Q(family__icontains=search)
        )
    live = ModuleVersion.objects.filter(module=OuterRef("pk"), state=VersionState.PUBLISHED)
    return found.annotate(
        live_major=Subquery(live.values("major")[:1]),
        live_minor=Subquery(live.values("minor")[:1]),
        version_count=Count("versions", distinct=True),
        stale=Count("versions__variants", filter=_STALE, distinct=True),
        integrated=Count("versions__integrations", distinct=True),
        newest=Max("versions__major"),
    ).order_by("code")


@dataclass(frozen=True, slots=True)
class Variant:
    """A version in one language. `variant` None: not written yet; `is_stale`: the source
    changed."""

    language: str
    variant: LanguageVariant | None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version as its module's page shows it. `next_states`: what it can become."""

    version: ModuleVersion
    state: VersionState
    variants: list[Variant]
    adaptations: list[Adaptation]
    integrations: list[CurriculumIntegration]
    objectives: list[tuple[str, str]]
    next_states: list[VersionState] = field(default_factory=list)


def module(actor: Actor, code: str) -> Module:
    """Raises Module.DoesNotExist."""
    found: Module = Module.objects.visible_to(actor).select_related("owner").get(code=code)
    return found


def versions(actor: Actor, of: Module) -> list[VersionShown]:
    """Every version of a module, newest first. A constant number of queries."""
    rows = (
        ModuleVersion.objects.visible_to(actor)
        .filter(module=of)
        .select_related("module", "adaptation__parent__module", "adaptation__adopted_by")
        .prefetch_related(
            "variants",
            "objectives",
            "adaptations__version__module",
            "adaptations__adopted_by",
            "integrations__institution",
        )
    )
    return [_shown(version) for version in rows]


def _shown(version: ModuleVersion) -> VersionShown:
    state = VersionState(version.state)
    written = {variant.language: variant for variant in version.variants.all()}
    others = [code for code, _name in settings.LANGUAGES if code not in written and code != "en"]
    variants = [
        Variant(code, each, rules.is_stale(each.source_hash, version.content_hash))
        for code, each in sorted(written.items())
    ] + [Variant(code, None) for code in others]
    return VersionShown(
        version,
        state,
        variants,
        list(version.adaptations.all()),
        list(version.integrations.all()),
        [(each.code, objective_words(each)) for each in version.objectives.all()],
        next_states(version),
    )


def objective_words(objective: LearningObjective) -> str:
    """The objective in the reader's language, else in English, else in any."""
    texts: dict[str, str] = objective.texts
    return (
        texts.get(language()) or texts.get("en") or next(iter(texts.values()), "") or objective.code
    )


def version(actor: Actor, version_id: UUID) -> ModuleVersion:
    """Raises ModuleVersion.DoesNotExist."""
    rows = ModuleVersion.objects.visible_to(actor).select_related("module")
    found: ModuleVersion = rows.get(pk=version_id)
    return found


def variant_of(version: ModuleVersion, code: str) -> LanguageVariant | None:
    found: LanguageVariant | None = version.variants.filter(language=code).first()
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of two versions side by side: lines as (kind, left, right)."""

    label: str
    lines: list[tuple[str, str, str]]


def compared(left: ModuleVersion, right: ModuleVersion) -> list[Compared]:
    """What differs between two versions of a module, part by part."""

    def objectives(version: ModuleVersion) -> str:
        rows = sorted(version.objectives.all(), key=lambda each: each.code)
        return "\n".join(f"{each.code} {objective_words(each)}" for each in rows)

    parts: list[tuple[str, str, str]] = [
        (_("Hours"), str(left.hours), str(right.hours)),
        (_("Summary"), left.summary, right.summary),
        (_("Methods"), "\n".join(left.methods), "\n".join(right.methods)),
        (_("Outline"), rules.written_outline(left.outline), rules.written_outline(right.outline)),
        (_("Objectives"), objectives(left), objectives(right)),
    ]
    return [Compared(label, rules.changed_lines(old, new)) for label, old, new in parts]


def teachable(actor: Actor) -> QuerySet[ModuleVersion]:
    """Versions that a course plan may hold."""
    rows: QuerySet[ModuleVersion] = ModuleVersion.objects.visible_to(actor)
    return (
        rows.filter(state__in=TEACHABLE)
        .select_related("module")
        .order_by("module__code", "-major", "-minor")
    )


def plans(actor: Actor) -> QuerySet[CoursePlan]:
    rows: QuerySet[CoursePlan] = CoursePlan.objects.visible_to(actor)
    return rows.annotate(
        modules=Count("items", distinct=True), used=Count("events", distinct=True)
    ).order_by("code")


def plan(actor: Actor, code: str) -> CoursePlan:
    """Raises CoursePlan.DoesNotExist."""
    rows = CoursePlan.objects.visible_to(actor).prefetch_related(
        "items__version__module", "editions"
    )
    found: CoursePlan = rows.get(code=code)
    return found


def objectives(actor: Actor) -> QuerySet[LearningObjective]:
    rows: QuerySet[LearningObjective] = LearningObjective.objects.visible_to(actor)
    return rows.annotate(taught=Count("versions__module", distinct=True)).order_by("code")


def needs(actor: Actor) -> QuerySet[TrainingNeed]:
    rows: QuerySet[TrainingNeed] = TrainingNeed.objects.visible_to(actor)
    return rows


def adaptation(actor: Actor, pk: UUID) -> Adaptation:
    """Raises Adaptation.DoesNotExist."""
    rows = Adaptation.objects.visible_to(actor).select_related("version__module", "parent__module")
    found: Adaptation = rows.get(pk=pk)
    return found


def is_behind(adaptation: Adaptation) -> bool:
    """True when the version that it was made from is no longer the one that is taught."""
    return adaptation.parent.state in {VersionState.SUPERSEDED, VersionState.WITHDRAWN}


def as_initial(version: ModuleVersion) -> dict[str, Any]:
    """A version as its form shows it."""
    return {
        "hours": version.hours,
        "summary": version.summary,
        "methods": ", ".join(version.methods),
        "outline": rules.written_outline(version.outline),
        "objectives": [str(each.pk) for each in version.objectives.all()],
        "change_note": version.change_note,
    }


def next_states(version: ModuleVersion) -> list[VersionState]:
    """What somebody can decide that the version becomes; superseding happens by publishing."""
    return sorted(VERSION_MOVES[VersionState(version.state)] - {VersionState.SUPERSEDED})


def offered(actor: Actor, plan: CoursePlan) -> QuerySet[ModuleVersion]:
    """What a plan may hold: teachable versions, and those that it holds already."""
    rows: QuerySet[ModuleVersion] = ModuleVersion.objects.visible_to(actor)
    held = plan.items.values("version")
    return (
        rows.filter(Q(state__in=TEACHABLE) | Q(pk__in=held))
        .select_related("module")
        .order_by("module__code", "-major", "-minor")
    )


def as_share(percent: int) -> Decimal:
    """80 -> 0.80."""
    return Decimal(percent) / 100


def place_words(country: str, area: str) -> str:
    """ "Area, Country" as far as known."""
    named = geography.country_name(country, language()) if country else ""
    return ", ".join(each for each in (area, named) if each)
