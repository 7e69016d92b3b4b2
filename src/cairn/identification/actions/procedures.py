"""Every write about procedures: entering, investigating, deciding, what is known of the age."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit
from cairn.core.pseudonyms import save_with_code
from cairn.identification.actions.ledger import append_decision, append_rights, locked
from cairn.identification.models import Decision, Investigation, Procedure
from cairn.identification.queries import procedures as queries
from cairn.identification.queries import rights as rights_queries
from cairn.identification.queries.profiles import profile_of
from cairn.identification.rules import care, profiles, rights, telling
from cairn.identification.rules import procedures as rules
from cairn.identification.rules.procedures import (
    GROUNDS,
    REVIEWED,
    AgeStatus,
    Ground,
    Standard,
    State,
)
from cairn.identification.rules.profiles import ENDING, Profile
from cairn.identification.subjects import GUARDIAN_SEALED, REASONS, SEALED, VIEW_SEALED
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose


@dataclass(frozen=True, slots=True)
class Place:
    """Whose procedure it is: the authority, its unit (or None), and the country (alpha-3)."""

    organisation: Organisation
    country: str
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class OpenedProcedure:
    """What was opened once: the procedure, and lists, oldest first, of what belongs to it."""

    procedure: Opened
    reasons: list[Opened]
    guardians: list[Opened]
    views: list[Opened]


@transaction.atomic
def enter_procedure(
    actor: Actor,
    place: Place,
    *,
    opened_on: date,
    keep_until: date | None = None,
    subject_name: str = "",
    summary: str = "",
    age_status: AgeStatus | str = AgeStatus.ADULT,
    authority_kind: str = "",
) -> Procedure:
    """Enter a procedure: somebody was detected, and the authority is to find out.

    `age_status`: a code of AgeStatus; disputed counts as a child. `authority_kind`: a code of
    AuthorityKind, or empty where it is not known yet.
    Raises PermissionDenied (outside the actor's place), RuleBroken ("procedure.place",
    "procedure.opened", "procedure.keep").
    """
    kept = rules.kept_until(opened_on, keep_until)
    procedure = Procedure(
        organisation=place.organisation,
        unit=place.unit,
        country=place.country,
        opened_on=opened_on,
        age_status=AgeStatus(age_status),
        authority_kind=authority_kind,
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
    procedure = locked(actor, code)
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
def note_age(actor: Actor, code: str, age_status: AgeStatus | str) -> Procedure:
    """Note what is known of the age. What stands so already is left as it is, and not recorded.

    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("age.adult", "procedure.erased").
    """
    procedure = locked(actor, code)
    require(actor, Permission.PROCEDURE_EDIT, within=procedure)
    rules.check_not_erased(procedure.erased_on)
    before, noted = AgeStatus(procedure.age_status), AgeStatus(age_status)
    place = (procedure.organisation_id, procedure.unit_id, procedure.country)
    may_decide = actor.may_within(Permission.PROCEDURE_DECIDE, *place)
    care.check_age_change(before, noted, may_decide=may_decide)
    if before != noted:
        procedure.age_status = noted
        procedure.save(update_fields=["age_status"])
        audit.record(
            actor, "procedure.age_noted", procedure, before=before.value, after=noted.value
        )
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
    ground: Ground | None = None,
    authority_kind: str = "",
) -> Decision:
    """Decide the next step of a procedure, by a standard, on an authority, with reasons.

    `authority`: the law or order; `authority_kind`: what kind of authority decides, empty for the
    kind that is entered with the procedure; `ground`: the short reason, None for the first that
    the outcome can have. What the decision opens is written with it.
    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("decision.person",
    "decision.duties", "decision.move", "decision.standard", "decision.ground",
    "decision.authority", "decision.authority-kind", "decision.reasons", "review.same-person",
    "procedure.erased").
    """
    procedure = locked(actor, code)
    require(actor, Permission.PROCEDURE_DECIDE, within=procedure)
    rules.check_not_erased(procedure.erased_on)
    law = profile_of(procedure.country)
    decided_by = rules.check_decider(
        actor.user_id,
        outcome,
        queries.investigators(procedure),
        investigator_may_decide=law.investigator_may_decide,
    )
    before = queries.decisions(procedure)
    state = rules.state_of(each.outcome for each in before)
    rules.check_decidable(state, outcome)
    reviewed = rights_queries.under_review(before) if outcome in REVIEWED else None
    if reviewed is not None:
        telling.check_reviewer(decided_by, reviewed.decided_by)
    kind = authority_kind or procedure.authority_kind
    profiles.check_authority_kind(kind, outcome, law)
    judged = State(reviewed.outcome) if reviewed is not None else None
    rules.check_standard(outcome, standard, law.takes(outcome, judged))
    short = GROUNDS[outcome][0] if ground is None else ground
    rules.check_ground(outcome, short)
    rules.check_authority(authority)
    rules.check_reasons(reasons)
    decision = append_decision(
        procedure,
        before,
        outcome,
        standard=standard,
        ground=short,
        authority=authority,
        authority_kind=kind,
        reasons=reasons,
        decided_by=decided_by,
        now=clock.now(),
        review_of=reviewed,
    )
    audit.record(
        actor,
        "procedure.decided",
        procedure,
        outcome=outcome.value,
        standard=standard.value,
        number=decision.number,
    )
    _open_rights(actor, procedure, [*before, decision], state, law)
    return decision


def _open_rights(
    actor: Actor, procedure: Procedure, decisions: list[Decision], before: State, law: Profile
) -> None:
    """Write what the newest of `decisions` opens; ends that had not come are taken back first."""
    newest = decisions[-1]
    outcome, on = State(newest.outcome), timezone.localdate(newest.decided_at)
    entries = rights_queries.entries_of(procedure)
    made = []
    if outcome == State.UNDER_ASSESSMENT and before in ENDING | {State.UPHELD}:
        made = rights.after_lifting(newest.number - 1, entries, newest.number, since=on)
    made += rights.after_decision(outcome, on, [*entries, *made], law, newest.number)
    append_rights(actor, procedure, decisions, entries, made, newest.decided_at)


def open_everything(actor: Actor, code: str, purpose: Purpose, reason: str) -> OpenedProcedure:
    """Open all that is sealed in one procedure: its texts, reasons, guardians, children's views.

    Once, for a purpose and a reason that are kept. Not inside a transaction: the reading is
    committed before anything is opened.
    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    opened, reasons = open_procedure(actor, code, purpose, reason)
    procedure = opened.record
    guardians = rights_queries.guardians(procedure)
    asked = rights_queries.best_interests(procedure)
    return OpenedProcedure(
        opened,
        reasons,
        readings.read(actor, guardians, list(GUARDIAN_SEALED), purpose, reason),
        readings.read(actor, asked, list(VIEW_SEALED), purpose, reason),
    )


def open_procedure(
    actor: Actor, code: str, purpose: Purpose, reason: str
) -> tuple[Opened, list[Opened]]:
    """Open the sealed part of one procedure and the reasons of its decisions, oldest first.

    As `open_everything`, for whoever needs no more than this.
    """
    procedure = Procedure.objects.visible_to(actor).get(code=code)
    opened = readings.read(actor, [procedure], list(SEALED), purpose, reason)[0]
    decisions = queries.decisions(procedure)
    return opened, readings.read(actor, decisions, list(REASONS), purpose, reason)
