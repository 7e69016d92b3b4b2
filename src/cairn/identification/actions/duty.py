"""Tokens of the duty check: issued to a person on a slip, revoked, and asked about on duty."""

from datetime import datetime

from django.db import transaction

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.identification.actions.ledger import locked
from cairn.identification.models import DutyToken, Procedure
from cairn.identification.queries.rights import PURPOSE, live_token, removal_barred
from cairn.identification.rules import duty
from cairn.identification.rules.procedures import check_not_erased
from cairn.vault import blind


@transaction.atomic
def issue_token(actor: Actor, code: str) -> str:
    """A new token of a procedure, as it is written on the slip; the one before is revoked.

    It is given back once and kept nowhere: only its keyed hash is.
    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("procedure.erased").
    """
    procedure = locked(actor, code)
    require(actor, Permission.PROCEDURE_EDIT, within=procedure)
    check_not_erased(procedure.erased_on)
    now = clock.now()
    _revoke(actor, procedure, now)
    token = duty.drawn()
    DutyToken.objects.create(
        procedure=procedure,
        mark=blind.index(Zone.IDENTIFICATION, PURPOSE, token),
        issued_at=now,
        issued_by=person(actor),
    )
    audit.record(actor, "duty_token.issued", procedure)
    return token


@transaction.atomic
def revoke_token(actor: Actor, code: str) -> None:
    """The token of a procedure answers no more. Where none lives, nothing is done.

    Raises Procedure.DoesNotExist, PermissionDenied.
    """
    procedure = locked(actor, code)
    require(actor, Permission.PROCEDURE_EDIT, within=procedure)
    if _revoke(actor, procedure, clock.now()):
        audit.record(actor, "duty_token.revoked", procedure)


def _revoke(actor: Actor, procedure: Procedure, now: datetime) -> bool:
    token = live_token(procedure)
    if token is None:
        return False
    token.revoked_at, token.revoked_by = now, person(actor)
    token.save(update_fields=["revoked_at", "revoked_by"])
    return True


@transaction.atomic
def check_token(actor: Actor, typed: str) -> bool:
    """Whether removal is barred under the token that somebody shows.

    The log says that this officer asked, and not about whom, nor what the answer was: whoever reads
    the log learns nothing about the person.
    Raises PermissionDenied, RuleBroken ("duty.typing") for a token that was mistyped.
    """
    require(actor, Permission.DUTY_CHECK)
    answer = removal_barred(duty.check_token(typed), clock.now())
    audit.record(actor, "duty.checked")
    return answer
