"""Every write about identification: procedures, investigators, decisions, country profiles."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit
from cairn.core.pseudonyms import save_with_code
from cairn.identification.models import CountryProfile, Decision, Investigation, Procedure
from cairn.identification.queries import procedures as queries
from cairn.identification.rules import procedures as rules
from cairn.identification.rules.procedures import Standard, State
from cairn.identification.subjects import REASONS, SEALED
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose


@dataclass(frozen=True, slots=True)
class Place:
    """Whose procedure it is: the authority, its unit (or None), and the country (alpha-3)."""

    organisation: Organisation
    country: str
    unit: Unit | None = None


@transaction.atomic
def enter_procedure(
    actor: Actor,
    place: Place,
    *,
    opened_on: date,
    keep_until: date | None = None,
    subject_name: str = "",
    summary: str = "",
) -> Procedure:
    """Enter a procedure: somebody was detected, and the authority is to find out.

    Raises PermissionDenied (outside the actor's place), RuleBroken ("procedure.place",
    "procedure.opened", "procedure.keep").
    """
    kept = rules.kept_until(opened_on, keep_until)
    procedure = Procedure(
        organisation=place.organisation,
        unit=place.unit,
        country=place.country,
        opened_on=opened_on,
        keep_until=kept,
        subject_name=subject_name,
        summary=summary,
    )
    require(actor, Permission.PROCEDURE_EDIT, within=procedure)
    rules.check_place(place.organisation.pk, place.unit.organisation_id if place.unit else None)
    rules.check_days(opened_on, kept, today=timezone.localdate())
    save_with_code(procedure)
    audit.record(
        actor,
        "procedure.entered",
        procedure,
        sealed=[name for name in SEALED if getattr(procedure, name)],
    )
    return procedure


@transaction.atomic
def take_over_investigation(actor: Actor, code: str) -> Procedure:
    """Investigate a procedure from now on. Whoever did so before stays among its investigators.

    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("procedure.investigator",
    "procedure.ended", "procedure.erased").
    """
    procedure = _locked(actor, code)
    require(actor, Permission.PROCEDURE_EDIT, within=procedure)
    rules.check_not_erased(procedure.erased_on)
    now = queries.state_of(procedure)
    user_id = rules.check_investigator(now, actor.user_id, procedure.investigated_by)
    Investigation.objects.create(procedure=procedure, user_id=user_id, taken_over_at=clock.now())
    before, procedure.investigated_by = procedure.investigated_by, user_id
    procedure.save(update_fields=["investigated_by"])
    audit.record(actor, "procedure.taken_over", procedure, before=str(before or ""))
    return procedure


@transaction.atomic
def decide_procedure(
    actor: Actor,
    code: str,
    outcome: State,
    *,
    standard: Standard,
    authority: str,
    reasons: str,
) -> Decision:
    """Decide the next step of a procedure, by a standard, on an authority, with reasons.

    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("decision.person",
    "decision.duties", "decision.move", "decision.standard", "decision.authority",
    "decision.reasons", "procedure.erased").
    """
    procedure = _locked(actor, code)
    require(actor, Permission.PROCEDURE_DECIDE, within=procedure)
    rules.check_not_erased(procedure.erased_on)
    decided_by = rules.check_decider(
        actor.user_id,
        outcome,
        queries.investigators(procedure),
        investigator_may_decide=queries.investigator_may_decide(procedure.country),
    )
    rules.check_outcome(queries.state_of(procedure), outcome)
    rules.check_standard(outcome, standard)
    rules.check_authority(authority)
    rules.check_reasons(reasons)
    number = procedure.decisions.count() + 1
    decision = Decision(
        data_key=procedure.data_key,
        procedure=procedure,
        number=number,
        code=f"{procedure.code.lower()}.{number}",
        stage=rules.STAGES[outcome],
        outcome=outcome,
        standard=standard,
        authority=authority.strip(),
        decided_by=decided_by,
        decided_at=clock.now(),
        reasons=reasons.strip(),
    )
    decision.save(force_insert=True)
    audit.record(
        actor,
        "procedure.decided",
        procedure,
        outcome=outcome.value,
        standard=standard.value,
        number=decision.number,
    )
    return decision


@transaction.atomic
def set_country_profile(
    actor: Actor, country: str, *, investigator_may_decide: bool, source: str
) -> CountryProfile:
    """Say what the law of a country lets an investigator do. The earlier profile is kept.

    Administrators do this, who neither see procedures nor decide them; one whose role is for
    another country alone does not.
    Raises PermissionDenied, RuleBroken ("profile.source").
    """
    require(actor, Permission.ROLE_GRANT)
    if not actor.is_system and not any(
        scope.country in {"", country} for scope in actor.scopes_with(Permission.ROLE_GRANT)
    ):
        raise PermissionDenied(Permission.ROLE_GRANT.value)
    rules.check_source(source)
    profile = CountryProfile.objects.create(
        country=country,
        investigator_may_decide=investigator_may_decide,
        source=source.strip(),
        decided_by=actor.user_id,
        decided_at=clock.now(),
    )
    audit.record(
        actor,
        "country_profile.set",
        profile,
        country=country,
        investigator_may_decide=investigator_may_decide,
    )
    return profile


def open_procedure(
    actor: Actor, code: str, purpose: Purpose, reason: str
) -> tuple[Opened, list[Opened]]:
    """Open the sealed part of one procedure and the reasons of its decisions, oldest first.

    Once, for a purpose and a reason that are kept. Not inside a transaction: the reading is
    committed before anything is opened.
    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    procedure = Procedure.objects.visible_to(actor).get(code=code)
    opened = readings.read(actor, [procedure], list(SEALED), purpose, reason)[0]
    decisions = queries.decisions(procedure)
    return opened, readings.read(actor, decisions, list(REASONS), purpose, reason)


def _locked(actor: Actor, code: str) -> Procedure:
    rows = Procedure.objects.visible_to(actor).select_for_update(of=("self",))
    found: Procedure = rows.get(code=code)
    return found
