"""Every write about trainers: on the roster, their level, observations, days, restrictions."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions.steps import is_staffed, may_run
from cairn.training.models import (
    Availability,
    Observation,
    Practitioner,
    Restriction,
    TrainerProfile,
    TrainerQualification,
    TrainingEvent,
)
from cairn.training.queries.roster import Facts, assembled
from cairn.training.rules import roster
from cairn.training.rules.choices import AvailabilityKind, LadderStep, RestrictionKind
from cairn.training.rules.roster import Verdict

# How long a level holds before it is looked at again: the three years that certificates run.
VALID_MONTHS = 36
KINDS_OF_OBSERVATION = ("delivery", "micro-teaching", "assessing")


def _person(actor: Actor, code: str) -> Practitioner:
    rows = Practitioner.objects.visible_to(actor).kept()
    found: Practitioner = rows.select_for_update(of=("self",)).get(code=code.upper())
    return found


@transaction.atomic
def list_trainer(actor: Actor, code: str, *, travel_days: int | None = None) -> TrainerProfile:
    """Put somebody on the roster, or change how many days a year they may travel.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("roster.travel").
    """
    person = _person(actor, code)
    require(actor, Permission.TRAINEE_EDIT, within=person)
    if travel_days is not None and not 0 <= travel_days <= 366:
        raise RuleBroken(
            "roster.travel", _("A year has at most 366 days."), _("Check the number of days.")
        )
    profile, is_new = TrainerProfile.objects.update_or_create(
        practitioner=person,
        defaults={"travel_days": travel_days},
        create_defaults={"travel_days": travel_days, "listed_on": timezone.localdate()},
    )
    audit.record(actor, "trainer.listed" if is_new else "trainer.changed", person)
    return profile


@transaction.atomic
def award_level(
    actor: Actor,
    code: str,
    family: str,
    language: str,
    level: LadderStep,
    *,
    basis: str,
    since: date | None = None,
    valid_until: date | None = None,
    is_assessor: bool = False,
    is_recognised: bool = False,
) -> TrainerQualification:
    """Decide that a trainer has come to `level` for a family of modules in one language.

    `is_recognised`: earned elsewhere, as `basis` says; else the record has to reach it. Whoever
    decides is not the trainer. Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken
    ("roster.step", "roster.basis", "roster.own", "roster.day", "roster.once").
    """
    person = _person(actor, code)
    require(actor, Permission.TRAINING_DECIDE, within=person)
    today = timezone.localdate()
    begins = since or today
    if _is_own(actor, person):
        raise RuleBroken("roster.own", _("Nobody decides on their own level."))
    if not basis.strip():
        raise RuleBroken(
            "roster.basis", _("A level rests on something."), _("Say on what it rests.")
        )
    until = valid_until or roster.months_later(begins, VALID_MONTHS)
    if begins > today or until < begins:
        raise RuleBroken(
            "roster.day",
            _("A level begins at the latest today, and ends after it begins."),
            _("Check the days."),
        )
    if not is_recognised:
        roster.check_award(level, _facts(person, today).work(family, language))
    TrainerProfile.objects.get_or_create(practitioner=person, defaults={"listed_on": today})
    made, is_new = TrainerQualification.objects.get_or_create(
        practitioner=person,
        family=family.strip()[:60],
        language=language,
        level=level,
        since=begins,
        defaults={
            "basis": basis.strip()[:300],
            "valid_until": until,
            "is_assessor": is_assessor,
            "decided_by": actor.user_id,
        },
    )
    if not is_new:
        raise RuleBroken("roster.once", _("This level was decided for this day already."))
    audit.record(actor, "trainer.level_awarded", person, level=level.value, language=language)
    return made


def _facts(person: Practitioner, today: date) -> Facts:
    TrainerProfile.objects.get_or_create(practitioner=person, defaults={"listed_on": today})
    rows = Practitioner.objects.filter(pk=person.pk).select_related("trainer", "agency")
    return assembled(rows, today=today)[0].facts


@transaction.atomic
def observe(
    actor: Actor,
    code: str,
    grades: Mapping[str, int],
    *,
    observer: str,
    observed_on: date,
    kind: str = "delivery",
    event: str = "",
    comment: str = "",
) -> Observation:
    """Record that a trainer was observed and graded by the rubric.

    `observer`: code of the one who observed. Whoever plans training for the trainer's place may
    record it, and the observer, when they run the event. Raises Practitioner.DoesNotExist,
    TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("observation.grades",
    "observation.observer", "observation.self", "observation.day", "observation.kind").
    """
    person = _person(actor, code)
    at = TrainingEvent.objects.visible_to(actor).get(reference=event) if event else None
    by = Practitioner.objects.visible_to(actor).kept().get(code=observer.upper())
    _require_observing(actor, person, by, at)
    if kind not in KINDS_OF_OBSERVATION:
        raise RuleBroken("observation.kind", _("Choose what was observed from the list."))
    held = list(TrainerQualification.objects.filter(practitioner=by))
    steps = [LadderStep(each.level) for each in held]
    roster.check_observer(
        max(steps, key=roster.STEPS.index, default=None),
        is_assessor=any(each.is_assessor for each in held),
        is_self=by.pk == person.pk or _is_own(actor, person),
        on=observed_on,
        today=timezone.localdate(),
    )
    verdict = roster.verdict(grades)
    made = Observation.objects.create(
        practitioner=person,
        event=at,
        kind=kind,
        observer_id=by.pk,
        observed_on=observed_on,
        scores={str(key): value for key, value in grades.items()},
        verdict=verdict.value,
        is_passed=verdict == Verdict.PASSED,
        comment=comment.strip()[:300],
    )
    audit.record(actor, "trainer.observed", person, verdict=verdict.value, kind=kind)
    return made


def _is_own(actor: Actor, person: Practitioner) -> bool:
    return actor.user_id is not None and person.user_id == actor.user_id


def _require_observing(
    actor: Actor, person: Practitioner, by: Practitioner, at: TrainingEvent | None
) -> None:
    """Planners record what others saw; a trainer only what they saw themselves."""
    if actor.may_within(Permission.TRAINING_EDIT, person.organisation_id, None, person.country):
        return
    if _is_own(actor, by) and at is not None and is_staffed(actor, at) and may_run(actor, at):
        return
    raise PermissionDenied(Permission.TRAINING_EDIT.value)


@transaction.atomic
def say_availability(
    actor: Actor, code: str, kind: AvailabilityKind, first: date, last: date
) -> Availability:
    """Write down when a trainer can go, or is away. The trainer may say so, too.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("availability.period").
    """
    person = _person(actor, code)
    is_own = actor.user_id is not None and person.user_id == actor.user_id
    if not is_own:
        require(actor, Permission.TRAINEE_EDIT, within=person)
    roster.check_period(first, last, code="availability.period")
    made, is_new = Availability.objects.get_or_create(
        practitioner=person, kind=kind, starts_on=first, ends_on=last
    )
    if is_new:
        audit.record(actor, "trainer.availability_said", person, kind=kind.value)
    return made


@transaction.atomic
def take_back_availability(actor: Actor, code: str, availability: UUID) -> None:
    """Take back what was said about days. Raises as saying it, and Availability.DoesNotExist."""
    person = _person(actor, code)
    is_own = actor.user_id is not None and person.user_id == actor.user_id
    if not is_own:
        require(actor, Permission.TRAINEE_EDIT, within=person)
    Availability.objects.get(pk=availability, practitioner=person).delete()
    audit.record(actor, "trainer.availability_taken_back", person)


@transaction.atomic
def restrict(
    actor: Actor,
    code: str,
    kind: RestrictionKind,
    since: date,
    *,
    until: date | None = None,
    country: str = "",
) -> Restriction:
    """Decide that a trainer is not sent, anywhere or to one country.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("restriction.period").
    """
    person = _person(actor, code)
    require(actor, Permission.TRAINING_DECIDE, within=person)
    roster.check_period(since, until, code="restriction.period")
    made = Restriction.objects.create(
        practitioner=person,
        kind=kind,
        since=since,
        until=until,
        country=country,
        decided_by=actor.user_id,
    )
    audit.record(actor, "trainer.restricted", person, kind=kind.value)
    return made


@transaction.atomic
def lift_restriction(actor: Actor, code: str, restriction: UUID) -> None:
    """End a restriction; it stays in the history, unless it began today.

    Raises Practitioner.DoesNotExist, Restriction.DoesNotExist, PermissionDenied, RuleBroken
    ("roster.own").
    """
    person = _person(actor, code)
    require(actor, Permission.TRAINING_DECIDE, within=person)
    if _is_own(actor, person):
        raise RuleBroken("roster.own", _("Nobody lifts a restriction of their own."))
    held = Restriction.objects.get(pk=restriction, practitioner=person)
    # Its last day was yesterday: today the trainer can be sent again.
    yesterday = timezone.localdate() - timedelta(days=1)
    if held.since > yesterday:
        held.delete()
    else:
        held.until = yesterday
        held.save(update_fields=["until"])
    audit.record(actor, "trainer.restriction_lifted", person, kind=held.kind)
