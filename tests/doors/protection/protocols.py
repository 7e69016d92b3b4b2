"""The table, the scene and the readings of agreements, left-out recipients, experts, routing.

A protocol is seen by its parties, wherever they work, and signed where it holds. What is known
against a recipient, and the roster, is shared; who decided or entered it changes and opens it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.referral.models import Expert, Protocol, RecipientRisk, Signature
from tests.doors.outcome import EVERYWHERE, FORM, MOVED, Door, Kind, R
from tests.doors.people import places
from tests.doors.someone import Someone
from tests.doors.stage import Scene, body

STRAYS = frozenset({R.OTHER_ZONE, R.MISSING})
AT_HOME = frozenset({R.OWN, R.OTHER_COUNTRY})
KINDS: dict[str, Kind] = {
    "protocol": Kind("protection", {P.PROTOCOL_VIEW: AT_HOME}, EVERYWHERE | STRAYS),
    "risk": Kind("protection", {P.RISK_VIEW: EVERYWHERE}, EVERYWHERE | STRAYS),
    "expert": Kind("protection", {P.EXPERT_VIEW: EVERYWHERE}, EVERYWHERE | STRAYS),
}

SIGNS, DECIDES, KEEPS = (
    frozenset({each}) for each in (P.PROTOCOL_SIGN, P.RISK_DECIDE, P.EXPERT_OPEN)
)
DRAFTED = Door("protocol", FORM, before=SIGNS, at_place=True)
SIGNED = replace(DRAFTED, is_recent=True)
# Back to the record without the form; with it, a reason has to be given first.
OPENED = Door(methods=FORM, answers=MOVED)

DOORS: dict[str, Door] = {
    "referral:protocols": Door(before=frozenset({P.PROTOCOL_VIEW})),
    "referral:protocol-new": Door(methods=FORM, before=SIGNS),
    "referral:protocol": Door("protocol"),
    "referral:protocol-edit": DRAFTED,
    "referral:protocol-later": DRAFTED,
    "referral:protocol-sign": SIGNED,
    "referral:protocol-paper": SIGNED,
    "referral:protocol-end": DRAFTED,
    "referral:risks": Door(before=frozenset({P.RISK_VIEW})),
    "referral:risk-new": Door(methods=FORM, before=DECIDES),
    "referral:risk": Door("risk"),
    "referral:risk-open": replace(OPENED, kind="risk"),
    "referral:risk-end": Door("risk", FORM, before=DECIDES, at_place=True, is_recent=True),
    "referral:experts": Door(before=frozenset({P.EXPERT_VIEW})),
    "referral:expert-new": Door(methods=FORM, before=KEEPS),
    "referral:expert": Door("expert"),
    "referral:expert-open": replace(OPENED, kind="expert"),
    "referral:expert-edit": Door("expert", FORM, needs=KEEPS, at_place=True),
    "referral:route": Door("person", needs=frozenset({P.REFERRAL_SEND})),
}


def is_bound(someone: Someone, protocol: Protocol) -> bool:
    """A member of a party, or of who keeps it, wherever they work."""
    bound: set[UUID] = {party.pk for party in protocol.parties.all()}
    bound.add(protocol.organisation_id)
    return any(each.gives(P.PROTOCOL_VIEW) and each.organisation in bound for each in someone.held)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Protocol: is_bound,
    Signature: lambda someone, signature: is_bound(someone, signature.protocol),
    RecipientRisk: lambda someone, _risk: someone.may(P.RISK_VIEW),
    Expert: lambda someone, _expert: someone.may(P.EXPERT_VIEW),
}


def add(scene: Scene) -> None:
    """In each relation a draft that a third party has signed, a left-out recipient, an expert."""
    for relation, organisation, country in places():
        word = f"sealed{relation.name.lower().replace('_', '')}"
        protocol = make_protocol(organisation, country)
        scene.put("protocol", relation, protocol.code)
        risk = make_risk(organisation, country, word)
        scene.put("risk", relation, risk.code, sealed=(word,))
        expert = make_expert(organisation, country, word)
        scene.put("expert", relation, expert.code, sealed=(word,))


def make_protocol(organisation: Organisation, country: str) -> Protocol:
    third, now, today = body("Third Invented Agency"), timezone.now(), timezone.localdate()
    made = Protocol(
        organisation=organisation,
        country=country,
        title="Invented protocol",
        text="Invented words, long enough to be read and signed.",
        categories=["need"],
        purposes=["assistance"],
        starts_on=today,
        ends_on=today + timedelta(days=90),
        drafted_at=now,
        drafted_by=uuid4(),
    )
    save_with_code(made)
    made.parties.set([organisation, third])
    Signature.objects.create(
        protocol=made,
        organisation=third,
        signed_on=today,
        recorded_at=now,
        signed_by=uuid4(),
        digest="0" * 64,
    )
    return made


def make_risk(organisation: Organisation, country: str, word: str) -> RecipientRisk:
    made = RecipientRisk(
        organisation=organisation,
        country=country,
        recipient=body("Left-out Invented Agency"),
        ground="due-diligence",
        starts_on=timezone.localdate(),
        decided_at=timezone.now(),
        decided_by=uuid4(),
        note=f"Note {word}",
    )
    save_with_code(made)
    return made


def make_expert(organisation: Organisation, country: str, word: str) -> Expert:
    today = timezone.localdate()
    made = Expert(
        organisation=organisation,
        country=country,
        title="Invented expert",
        fields=["law"],
        entered_on=today,
        keep_until=today + timedelta(days=90),
        name=f"Name {word}",
        contact=f"Contact {word}",
    )
    save_with_code(made)
    return made
