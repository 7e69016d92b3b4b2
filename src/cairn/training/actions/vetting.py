"""Writes about vetting: checks are asked for, answered by an issuer, and decide who is eligible."""

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
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.training.actions import calls, steps
from cairn.training.models import Call, Nomination, Practitioner, VettingCheck
from cairn.training.queries import vetting as queries
from cairn.training.rules import vetting as rules
from cairn.training.rules.nomination import NOMINATION_MOVES, NominationState
from cairn.training.rules.vetting import VETTING_MOVES, Standing, VettingState

_TO_VET = (NominationState.COMPLETE, NominationState.NOT_ELIGIBLE, NominationState.ELIGIBLE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking for a whole call did: checks that went out, people who needed none."""

    checks: int
    people: int
    eligible: int


@transaction.atomic
def ask_for_call(actor: Actor, reference: str) -> Asked:
    """Ask for the checks that a call wants, for each complete nomination that lacks them.

    Who is clear already, or needs no check, becomes eligible at once.
    Raises Call.DoesNotExist, PermissionDenied.
    """
    call = calls.locked_call(actor, reference)
    require(actor, Permission.VETTING_RECORD, within=call.event)
    today = timezone.localdate()
    rows = call.nominations.filter(state=NominationState.COMPLETE)
    nominations = list(rows.select_related("practitioner", "call__event").order_by("pk"))
    checks = people = eligible = 0
    for each in nominations:
        made = _ask(actor, call, each, today)
        checks += made
        people += made > 0
        eligible += made == 0 and each.state == NominationState.ELIGIBLE
    audit.record(actor, "vetting.asked", call, event=reference, checks=checks, people=people)
    return Asked(checks, people, eligible)


@transaction.atomic
def ask_for_nominee(actor: Actor, nomination_id: UUID) -> int:
    """Ask for the checks that one nominee lacks; how many went out.

    Raises Nomination.DoesNotExist, PermissionDenied, RuleBroken ("vetting.none").
    """
    rows = Nomination.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.select_related("call__event", "practitioner").get(pk=nomination_id)
    require(actor, Permission.VETTING_RECORD, within=found.call.event)
    if found.state not in _TO_VET:
        raise RuleBroken(
            "vetting.none",
            _("Checks are asked for once a nomination is complete, and before the selection."),
        )
    made = _ask(actor, found.call, found, timezone.localdate())
    audit.record(
        actor,
        "vetting.asked",
        found.practitioner,
        event=found.call.event.reference,
        checks=made,
        people=int(made > 0),
    )
    return made


def _ask(actor: Actor, call: Call, nomination: Nomination, today: date) -> int:
    practitioner = nomination.practitioner
    kinds = queries.asking_for(call, practitioner.pk, today)
    known = queries.checks_of([practitioner.pk]).get(practitioner.pk, [])
    number = VettingCheck.objects.filter(practitioner=practitioner).count()
    for kind in kinds:
        rules.check_request(kind, known)
        number += 1
        VettingCheck(
            data_key=practitioner.data_key,
            practitioner=practitioner,
            code=f"{practitioner.code.lower()}.v{number}",
            kind=kind,
            requested_on=today,
            recorded_by=actor.user_id,
            keep_until=practitioner.keep_until,
        ).save(force_insert=True)
    if kinds or queries.standing_of(nomination, today) != Standing.CLEAR:
        if nomination.state != NominationState.VETTING:
            _nominee(actor, nomination, NominationState.VETTING)
    elif nomination.state != NominationState.ELIGIBLE:
        _nominee(actor, nomination, NominationState.ELIGIBLE)
    return len(kinds)


def _nominee(actor: Actor, found: Nomination, to: NominationState, reason: str = "") -> None:
    steps.move(
        actor,
        found,
        NOMINATION_MOVES,
        to,
        code="nomination.moved",
        reason=reason,
        person=found.practitioner.code,
    )
    if reason:
        found.reason = reason
        found.save(update_fields=["reason"])


def _locked(actor: Actor, code: str) -> VettingCheck:
    rows = VettingCheck.objects.visible_to(actor).select_for_update(of=("self",))
    found: VettingCheck = rows.select_related("practitioner").get(code=code)
    require(actor, Permission.VETTING_RECORD, within=found)
    return found


@transaction.atomic
def note_receipt(actor: Actor, code: str, received_on: date) -> VettingCheck:
    """An answer came in and is being looked at.

    Raises VettingCheck.DoesNotExist, PermissionDenied, RuleBroken ("vetting.move",
    "vetting.days").
    """
    found = _locked(actor, code)
    if not found.requested_on <= received_on <= timezone.localdate():
        raise RuleBroken(
            "vetting.days",
            _("The answer came on a day from the request until today."),
        )
    found.received_on = received_on
    found.save(update_fields=["received_on"])
    _step(actor, found, VettingState.RECEIVED)
    return found


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended. `note` is sealed; `valid_until` is the last day of a clearance."""

    is_cleared: bool
    issuer: str
    decided_on: date
    valid_until: date | None = None
    note: str = ""


@transaction.atomic
def record_result(actor: Actor, code: str, result: Result) -> VettingCheck:
    """Record how a check ended, by whom and until when; the reason is sealed.

    Nominations of the person that wait for it become eligible or not eligible.
    Raises VettingCheck.DoesNotExist, PermissionDenied, RuleBroken ("vetting.move",
    "vetting.issuer", "vetting.days").
    """
    found = _locked(actor, code)
    today = timezone.localdate()
    state = VettingState.CLEARED if result.is_cleared else VettingState.REFUSED
    valid_until = result.valid_until if result.is_cleared else None
    rules.check_result(
        state,
        issuer=result.issuer,
        requested_on=found.requested_on,
        answered_on=result.decided_on,
        valid_until=valid_until,
        today=today,
    )
    if found.state == VettingState.REQUESTED:
        found.received_on = result.decided_on
        _step(actor, found, VettingState.RECEIVED)
    found.issuer, found.decided_on = result.issuer.strip(), result.decided_on
    found.valid_until, found.recorded_by = valid_until, actor.user_id
    fields = ["issuer", "decided_on", "valid_until", "recorded_by", "received_on"]
    if result.note.strip():
        found.note = result.note.strip()
        fields.append("note")
    found.save(update_fields=fields)
    _step(actor, found, state)
    _settle(actor, found.practitioner, today)
    return found


@transaction.atomic
def close_unanswered(actor: Actor, code: str, reason: str) -> VettingCheck:
    """Nobody answered, or the answer holds no more: the check is closed as lapsed.

    Raises VettingCheck.DoesNotExist, PermissionDenied, RuleBroken ("vetting.move",
    "vetting.reason").
    """
    found = _locked(actor, code)
    if not reason.strip():
        raise RuleBroken("vetting.reason", _("Say why the check is closed. No names."))
    _step(actor, found, VettingState.LAPSED, reason)
    return found


def _step(actor: Actor, found: VettingCheck, to: VettingState, reason: str = "") -> None:
    now = VettingState(found.state)
    steps.move(actor, found, VETTING_MOVES, to, code="vetting.moved", reason=reason)
    audit.record(
        actor,
        f"trainee.vetting_{to.value}",
        found.practitioner,
        check=found.code,
        before=now.value,
    )


def _settle(actor: Actor, practitioner: Practitioner, today: date) -> None:
    """What a new answer means for the nominations of a person that are in vetting or eligible."""
    rows = Nomination.objects.select_for_update(of=("self",)).filter(
        practitioner=practitioner,
        state__in=[NominationState.VETTING, NominationState.ELIGIBLE],
    )
    for each in list(rows.select_related("call__event", "practitioner")):
        standing = queries.standing_of(each, today)
        if standing == Standing.CLEAR and each.state == NominationState.VETTING:
            _nominee(actor, each, NominationState.ELIGIBLE)
        elif standing == Standing.REFUSED:
            reason = _("A check that this call asks for was refused.")
            _nominee(actor, each, NominationState.NOT_ELIGIBLE, reason)


def open_note(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open the sealed reason of a check, written down first. Not inside a transaction.

    Raises VettingCheck.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    found = queries.find_check(actor, code)
    return readings.read(actor, [found], ["note"], purpose, reason)[0]
