"""Every write about what is taught: modules, versions, languages, adaptations, plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.storing import saved_as_new
from cairn.portfolio.models import AssistanceRequest
from cairn.training.actions.steps import move, record_step
from cairn.training.models import (
    Adaptation,
    CoursePlan,
    CoursePlanItem,
    CurriculumIntegration,
    LanguageVariant,
    LearningObjective,
    Module,
    ModuleVersion,
    TrainingNeed,
)
from cairn.training.rules import curriculum as rules
from cairn.training.rules.choices import Competency, CourseType
from cairn.training.rules.states import (
    ADAPTATION_MOVES,
    VERSION_MOVES,
    AdaptationState,
    VersionState,
)


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What a version says. `outline`: as rules.curriculum.parse_outline gives it."""

    hours: Decimal
    summary: str = ""
    methods: Sequence[str] = ()
    outline: Sequence[dict[str, Any]] = ()
    objectives: Sequence[LearningObjective] = ()
    change_note: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an adaptation fits: a country (alpha-3) or a mission."""

    country: str = ""
    mission: str = ""


def _new(record: Any, code: str) -> None:
    """Insert `record`; raise RuleBroken(`code`) when its code is taken."""
    if not saved_as_new(record):
        raise RuleBroken(code, _("This code is taken."), _("Choose another code."))


@transaction.atomic
def enter_objective(
    actor: Actor, code: str, competency: Competency, texts: dict[str, str]
) -> LearningObjective:
    """Enter a learning objective. Raises PermissionDenied, RuleBroken("objective.taken")."""
    require(actor, Permission.TRAINING_EDIT)
    made = LearningObjective(
        code=code.strip(), competency=competency, texts={k: v for k, v in texts.items() if v}
    )
    _new(made, "objective.taken")
    audit.record(actor, "objective.entered", made, named=made.code)
    return made


@transaction.atomic
def enter_module(
    actor: Actor, code: str, title: str, *, family: str = "", owner: Organisation | None = None
) -> Module:
    """Enter a module. Raises PermissionDenied, RuleBroken("module.taken")."""
    require(actor, Permission.TRAINING_EDIT)
    module = Module(code=code.strip(), title=title.strip(), family=family.strip(), owner=owner)
    _new(module, "module.taken")
    audit.record(actor, "module.entered", module, named=module.code)
    return module


@transaction.atomic
def enter_version(
    actor: Actor, module_code: str, facts: VersionFacts, *, is_major: bool = False
) -> ModuleVersion:
    """Enter the next version of a module, as a draft. Raises Module.DoesNotExist."""
    modules = Module.objects.visible_to(actor).select_for_update(of=("self",))
    module: Module = modules.get(code=module_code)
    require(actor, Permission.TRAINING_EDIT)
    numbers = list(module.versions.values_list("major", "minor"))
    major, minor = rules.next_number(numbers, is_major=is_major)
    version = ModuleVersion(module=module, major=major, minor=minor)
    _write(version, facts)
    record_step(actor, version, "", VersionState.DRAFT, facts.change_note)
    audit.record(actor, "module_version.entered", version, number=version.number)
    return version


@transaction.atomic
def edit_version(actor: Actor, version_id: UUID, facts: VersionFacts) -> ModuleVersion:
    """Change a version that is not frozen.

    Raises ModuleVersion.DoesNotExist, PermissionDenied, RuleBroken("module.frozen").
    """
    version = _locked(actor, version_id)
    require(actor, Permission.TRAINING_EDIT)
    rules.check_open(is_frozen=version.frozen_at is not None)
    _write(version, facts)
    audit.record(actor, "module_version.edited", version, number=version.number)
    return version


def _write(version: ModuleVersion, facts: VersionFacts) -> None:
    version.hours = facts.hours
    version.summary = facts.summary.strip()
    version.methods = list(facts.methods)
    version.outline = list(facts.outline)
    version.change_note = facts.change_note.strip()
    version.content_hash = rules.content_hash(
        {
            "hours": f"{facts.hours:.1f}",
            "summary": version.summary,
            "methods": version.methods,
            "outline": version.outline,
            "objectives": sorted(objective.code for objective in facts.objectives),
        }
    )
    version.save()
    version.objectives.set(facts.objectives)


def _locked(actor: Actor, version_id: UUID) -> ModuleVersion:
    rows = ModuleVersion.objects.visible_to(actor).select_for_update(of=("self",))
    version: ModuleVersion = rows.select_related("module").get(pk=version_id)
    return version


@transaction.atomic
def move_version(
    actor: Actor, version_id: UUID, to: VersionState, reason: str = ""
) -> ModuleVersion:
    """Take a version a step on. Publishing one supersedes what was published of the module before.

    Approving, publishing and withdrawing are decisions (TRAINING_DECIDE). Raises
    ModuleVersion.DoesNotExist, PermissionDenied, RuleBroken ("module_version.move",
    "module.incomplete").
    """
    version = _locked(actor, version_id)
    decided = to in rules.DECIDED
    require(actor, Permission.TRAINING_DECIDE if decided else Permission.TRAINING_EDIT)
    if to in {VersionState.IN_REVIEW, VersionState.APPROVED}:
        rules.check_complete(objectives=version.objectives.count(), parts=len(version.outline))
    move(actor, version, VERSION_MOVES, to, code="module_version.moved", reason=reason)
    if to in rules.FREEZES and version.frozen_at is None:
        freeze_version(version)
    if to is VersionState.PUBLISHED:
        earlier = version.module.versions.filter(state=VersionState.PUBLISHED)
        for each in earlier.exclude(pk=version.pk).select_for_update(of=("self",)):
            move(
                actor,
                each,
                VERSION_MOVES,
                VersionState.SUPERSEDED,
                code="module_version.moved",
                reason=_("Version %(number)s was published.") % {"number": version.number},
            )
    return version


def freeze_version(version: ModuleVersion) -> None:
    """From now on the version never changes: it was approved, or it is being taught."""
    version.frozen_at = clock.now()
    version.save(update_fields=["frozen_at"])


@transaction.atomic
def set_variant(
    actor: Actor,
    version_id: UUID,
    language: str,
    *,
    title: str,
    summary: str = "",
    outline: Sequence[dict[str, Any]] = (),
    translated_by: str = "",
    reviewed_by: str = "",
) -> LanguageVariant:
    """Write a version in one language; it follows the version's content of now.

    Raises ModuleVersion.DoesNotExist, PermissionDenied.
    """
    version = _locked(actor, version_id)
    require(actor, Permission.TRAINING_EDIT)
    variant, _made = LanguageVariant.objects.update_or_create(
        version=version,
        language=language,
        defaults={
            "title": title.strip(),
            "summary": summary.strip(),
            "outline": list(outline),
            "translated_by": translated_by.strip(),
            "reviewed_by": reviewed_by.strip(),
            "source_hash": version.content_hash,
            "updated_at": clock.now(),
        },
    )
    audit.record(actor, "module_variant.written", variant, language=language)
    return variant


@transaction.atomic
def adapt_version(
    actor: Actor,
    version_id: UUID,
    place: Place,
    *,
    code: str,
    title: str,
    what_changed: str,
    legal_references: str = "",
) -> Adaptation:
    """Begin an adaptation: a module of its own that starts as a copy and stays tied to its source.

    Raises ModuleVersion.DoesNotExist, PermissionDenied, RuleBroken ("adaptation.place",
    "module.taken").
    """
    parent = _locked(actor, version_id)
    require(actor, Permission.TRAINING_EDIT)
    if not place.country and not place.mission.strip():
        raise RuleBroken(
            "adaptation.place",
            _("An adaptation is made for a country or a mission."),
            _("Choose a country, or name the mission."),
        )
    module = enter_module(actor, code, title, family=parent.module.family)
    facts = VersionFacts(
        hours=parent.hours,
        summary=parent.summary,
        methods=parent.methods,
        outline=parent.outline,
        objectives=list(parent.objectives.all()),
        change_note=what_changed[:300],
    )
    version = enter_version(actor, module.code, facts)
    made = Adaptation.objects.create(
        version=version,
        parent=parent,
        country=place.country,
        mission=place.mission.strip(),
        legal_references=legal_references.strip(),
        what_changed=what_changed.strip(),
    )
    record_step(actor, made, "", AdaptationState.DRAFT)
    audit.record(actor, "adaptation.begun", made, parent=str(parent.pk))
    return made


@transaction.atomic
def move_adaptation(
    actor: Actor,
    adaptation_id: UUID,
    to: AdaptationState,
    *,
    reason: str = "",
    piloted_in: str = "",
    approved_by: str = "",
    adopted_by: Organisation | None = None,
) -> Adaptation:
    """Take an adaptation a step on: piloted somewhere, adopted by an institution.

    Raises Adaptation.DoesNotExist, PermissionDenied, RuleBroken ("adaptation.move",
    "adaptation.pilot", "adaptation.adopted").
    """
    rows = Adaptation.objects.visible_to(actor).select_for_update(of=("self",))
    found: Adaptation = rows.get(pk=adaptation_id)
    is_decided = to in {AdaptationState.ADOPTED, AdaptationState.ENDED}
    require(actor, Permission.TRAINING_DECIDE if is_decided else Permission.TRAINING_EDIT)
    if to is AdaptationState.PILOTED and not piloted_in.strip():
        raise RuleBroken("adaptation.pilot", _("Say where it was piloted."))
    if to is AdaptationState.ADOPTED and adopted_by is None:
        raise RuleBroken("adaptation.adopted", _("Say which institution adopted it."))
    if piloted_in.strip():
        found.piloted_in = piloted_in.strip()
    if approved_by.strip():
        found.approved_by = approved_by.strip()
    if to is AdaptationState.ADOPTED:
        found.adopted_by = adopted_by
    found.save(update_fields=["piloted_in", "approved_by", "adopted_by"])
    move(actor, found, ADAPTATION_MOVES, to, code="adaptation.moved", reason=reason)
    return found


@transaction.atomic
def record_integration(
    actor: Actor,
    version_id: UUID,
    institution: Organisation,
    course_type: CourseType,
    *,
    hours: Decimal,
    since: date,
    evidence: str,
    evidence_link: str = "",
    request: AssistanceRequest | None = None,
) -> CurriculumIntegration:
    """Record that an institution teaches a version in its curriculum, and how that is known.

    Raises ModuleVersion.DoesNotExist, PermissionDenied, RuleBroken("integration.evidence").
    """
    version = _locked(actor, version_id)
    require(actor, Permission.TRAINING_DECIDE)
    if not evidence.strip():
        raise RuleBroken(
            "integration.evidence",
            _("An integration without evidence is a hope."),
            _("Name the document: a syllabus, an order, a letter, with its date."),
        )
    made = CurriculumIntegration.objects.create(
        institution=institution,
        version=version,
        course_type=course_type,
        hours=hours,
        since=since,
        evidence=evidence.strip(),
        evidence_link=evidence_link,
        request=request,
    )
    audit.record(actor, "integration.recorded", made, version=str(version.pk))
    return made


@transaction.atomic
def enter_plan(
    actor: Actor,
    code: str,
    title: str,
    versions: Sequence[ModuleVersion],
    *,
    minimum_minutes_share: Decimal,
    cut_score: Decimal | None = None,
    tasks: Sequence[str] = (),
) -> CoursePlan:
    """Enter a course plan: versions in an order, and the rule for completion.

    Raises PermissionDenied, RuleBroken ("plan.taken", "plan.empty").
    """
    require(actor, Permission.TRAINING_EDIT)
    _check_versions(versions)
    plan = CoursePlan(
        code=code.strip(),
        title=title.strip(),
        minimum_minutes_share=minimum_minutes_share,
        cut_score=cut_score,
        tasks=list(tasks),
    )
    _new(plan, "plan.taken")
    _fill(plan, versions)
    audit.record(actor, "course_plan.entered", plan, named=plan.code)
    return plan


@transaction.atomic
def edit_plan(
    actor: Actor,
    code: str,
    title: str,
    versions: Sequence[ModuleVersion],
    *,
    minimum_minutes_share: Decimal,
    cut_score: Decimal | None = None,
    tasks: Sequence[str] = (),
) -> CoursePlan:
    """Change a course plan. Events that have begun keep the edition that was frozen for them.

    Raises CoursePlan.DoesNotExist, PermissionDenied, RuleBroken("plan.empty").
    """
    rows = CoursePlan.objects.visible_to(actor).select_for_update(of=("self",))
    plan: CoursePlan = rows.get(code=code)
    require(actor, Permission.TRAINING_EDIT)
    _check_versions(versions)
    plan.title, plan.tasks = title.strip(), list(tasks)
    plan.minimum_minutes_share, plan.cut_score = minimum_minutes_share, cut_score
    plan.save(update_fields=["title", "tasks", "minimum_minutes_share", "cut_score"])
    plan.items.all().delete()
    _fill(plan, versions)
    audit.record(actor, "course_plan.edited", plan, named=plan.code)
    return plan


def _check_versions(versions: Sequence[ModuleVersion]) -> None:
    if not versions:
        raise RuleBroken(
            "plan.empty", _("A course plan has at least one module."), _("Choose a module.")
        )


def _fill(plan: CoursePlan, versions: Sequence[ModuleVersion]) -> None:
    CoursePlanItem.objects.bulk_create(
        CoursePlanItem(plan=plan, version=version, position=position)
        for position, version in enumerate(versions, 1)
    )


@transaction.atomic
def record_need(
    actor: Actor,
    *,
    audience: str,
    gap: str,
    source: str,
    recorded_on: date,
    competency: Competency | str = "",
    country: str = "",
    area: str = "",
) -> TrainingNeed:
    """Record what an assessment of training needs found. Raises PermissionDenied."""
    require(actor, Permission.TRAINING_EDIT)
    made = TrainingNeed.objects.create(
        audience=audience.strip(),
        gap=gap.strip(),
        competency=competency,
        country=country,
        area=area.strip(),
        source=source.strip(),
        recorded_on=recorded_on,
    )
    audit.record(actor, "training_need.recorded", made)
    return made
