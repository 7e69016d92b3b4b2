"""Receiving units: entered and changed by whoever manages them in their place."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.pseudonyms import save_with_code
from cairn.identification.actions.procedures import Place
from cairn.identification.models import ReceivingUnit
from cairn.identification.rules import receivers as rules
from cairn.identification.rules.receivers import Pair


@dataclass(frozen=True, slots=True)
class ReceiverFacts:
    """What phones are told of a unit. `areas`, `recipients`: (code, words); `emergency`: (words,
    number). `accepts_mission`: officers of a mission may report to this body of a State.
    """

    name: str
    areas: Sequence[Pair] = ()
    recipients: Sequence[Pair] = ()
    emergency: Sequence[Pair] = ()
    accepts_mission: bool = False
    is_active: bool = True


@transaction.atomic
def enter_receiver(actor: Actor, place: Place, facts: ReceiverFacts) -> ReceivingUnit:
    """Enter a unit that receives reports. It receives none before it has a key.

    Raises PermissionDenied, RuleBroken ("receiver.place", "receiver.name", "receiver.list",
    "receiver.numbers").
    """
    unit = ReceivingUnit(organisation=place.organisation, unit=place.unit, country=place.country)
    require(actor, Permission.RECEIVER_MANAGE, within=unit)
    rules.check_place(place.organisation.pk, place.unit.organisation_id if place.unit else None)
    _fill(unit, facts)
    save_with_code(unit)
    audit.record(actor, "receiver.entered", unit, **_counts(unit))
    return unit


@transaction.atomic
def change_receiver(actor: Actor, code: str, facts: ReceiverFacts) -> ReceivingUnit:
    """Change what phones are told of a unit; they learn it at their next contact.

    Raises ReceivingUnit.DoesNotExist, PermissionDenied, RuleBroken ("receiver.name",
    "receiver.list", "receiver.numbers").
    """
    rows = ReceivingUnit.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    unit = rows.get(code=code)
    require(actor, Permission.RECEIVER_MANAGE, within=unit)
    _fill(unit, facts)
    unit.save()
    audit.record(actor, "receiver.changed", unit, is_active=unit.is_active, **_counts(unit))
    return unit


def _fill(unit: ReceivingUnit, facts: ReceiverFacts) -> None:
    unit.name = rules.check_name(facts.name)
    rules.check_codes(facts.areas, rules.MOST_AREAS)
    rules.check_codes(facts.recipients, rules.MOST_RECIPIENTS)
    rules.check_numbers(facts.emergency)
    unit.areas = [list(pair) for pair in facts.areas]
    unit.recipients = [list(pair) for pair in facts.recipients]
    unit.emergency = [list(pair) for pair in facts.emergency]
    unit.accepts_mission = facts.accepts_mission
    unit.is_active = facts.is_active


def _counts(unit: ReceivingUnit) -> dict[str, int]:
    return {
        "areas": len(unit.areas),
        "recipients": len(unit.recipients),
        "numbers": len(unit.emergency),
    }
