"""Writes about deployments: planned before the training, confirmed after, ended in the end."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions import people, steps
from cairn.training.models import Deployment
from cairn.training.rules.person import check_periods
from cairn.training.rules.states import DEPLOYMENT_MOVES, DeploymentState


@dataclass(frozen=True, slots=True)
class Posting:
    """Where somebody goes. `country`: alpha-3; days are inclusive, None where nobody knows yet."""

    mission: str
    unit_name: str = ""
    function: str = ""
    country: str = ""
    area: str = ""
    planned_from: date | None = None
    planned_until: date | None = None


@transaction.atomic
def plan_deployment(actor: Actor, code: str, posting: Posting) -> Deployment:
    """Plan where somebody goes.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("deployment.days",
    "deployment.mission", "deployment.twice", "person.erased", "person.merged").
    """
    found = people.locked(actor, code)
    require(actor, Permission.TRAINEE_EDIT, within=found)
    people.check_alive(found)
    check_posting(posting)
    if twin(found.pk, posting):
        raise RuleBroken(
            "deployment.twice",
            _("This deployment is planned already: same mission, same first day."),
        )
    made = Deployment.objects.create(practitioner=found, **values_of(posting))
    steps.record_step(actor, made, "", DeploymentState.PLANNED)
    audit.record(actor, "deployment.planned", found, deployment=str(made.pk))
    return made


def check_posting(posting: Posting) -> None:
    """Raise RuleBroken("deployment.mission" or "deployment.days")."""
    if not posting.mission.strip():
        raise RuleBroken("deployment.mission", _("Name the mission or post."))
    check_periods(posting.planned_from, posting.planned_until, code="deployment.days")


def twin(practitioner_id: UUID, posting: Posting) -> bool:
    """True when the same posting of this person is on record and was not cancelled."""
    rows = Deployment.objects.filter(
        practitioner=practitioner_id,
        mission__iexact=posting.mission.strip(),
        planned_from=posting.planned_from,
    )
    return rows.exclude(state=DeploymentState.CANCELLED).exists()


def values_of(posting: Posting) -> dict[str, object]:
    """The columns of a posting."""
    return {
        "mission": posting.mission.strip(),
        "unit_name": posting.unit_name.strip(),
        "function": posting.function.strip(),
        "country": posting.country,
        "area": posting.area.strip(),
        "planned_from": posting.planned_from,
        "planned_until": posting.planned_until,
    }


@transaction.atomic
def move_deployment(
    actor: Actor,
    deployment_id: UUID,
    to: DeploymentState,
    *,
    on: date | None = None,
    reason: str = "",
) -> Deployment:
    """Confirm, begin, end or cancel a deployment. `on`: the actual day of beginning or end.

    Raises Deployment.DoesNotExist, PermissionDenied, RuleBroken ("deployment.move",
    "deployment.days", "deployment.reason").
    """
    rows = Deployment.objects.visible_to(actor).select_for_update(of=("self",))
    found: Deployment = rows.select_related("practitioner").get(pk=deployment_id)
    require(actor, Permission.TRAINEE_EDIT, within=found.practitioner)
    today = timezone.localdate()
    if to == DeploymentState.CANCELLED and not reason.strip():
        raise RuleBroken("deployment.reason", _("Say why it does not take place. No names."))
    if to in {DeploymentState.IN_POST, DeploymentState.ENDED}:
        _set_actual(found, to, on or today, today)
    steps.move(actor, found, DEPLOYMENT_MOVES, to, code="deployment.moved", reason=reason)
    audit.record(actor, f"trainee.deployment_{to.value.replace('-', '_')}", found.practitioner)
    return found


def _set_actual(found: Deployment, to: DeploymentState, day: date, today: date) -> None:
    if day > today:
        raise RuleBroken(
            "deployment.days",
            _("This day lies in the future."),
            _("Record what happened once it has happened."),
        )
    if to == DeploymentState.IN_POST:
        found.actual_from = day
    else:
        check_periods(found.actual_from, day, code="deployment.days")
        found.actual_until = day
    found.save(update_fields=["actual_from", "actual_until"])
