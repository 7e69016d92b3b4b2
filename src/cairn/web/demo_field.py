"""Invented reports, units, phones and paper, so that a newcomer sees how a report comes in.

The reading passphrase of the demonstration is its pass phrase: it opens invented words only.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from cairn.access.queries import SYSTEM
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.identification.actions import devices, intake, paper, receivers, triage, unit_keys
from cairn.identification.actions.indicators import load_shipped
from cairn.identification.actions.procedures import Place
from cairn.identification.indicatorbank.lists import SHIPPED
from cairn.identification.models import ReceivingUnit, Report
from cairn.identification.rules.choices import Channel, ReportState, Setting, WorkerProfile
from cairn.oversight.rules import Purpose
from cairn.referral.actions import access_points
from cairn.referral.rules.access_points import Way

COUNTRY = "NPL"
UNIT = "Demo desk for reports (invented)"
AREAS = (("north", "Invented north"), ("south", "Invented south"), ("pass", "Invented pass"))
RECIPIENTS = (("clinic", "Invented clinic"), ("shelter", "Invented shelter"))
EMERGENCY = (("Invented emergency number", "000"), ("Invented line for children", "0000"))
SERVICES = (
    ("Invented clinic, open door", Way.DOOR, ("health", "counselling"), "north"),
    ("Invented legal aid", Way.DOOR, ("legal", "asylum", "work-rights"), "south"),
    ("Invented helpline", Way.PHONE, ("hotline", "safe-place", "interpreter"), ""),
    ("Invented workers for children", Way.VISIT, ("child", "family"), "north"),
)
NOTE = "Invented: two others spoke for this person and kept the papers."
REASON = "Invented reason of the demonstration."


@dataclass(frozen=True, slots=True)
class Sketch:
    """An invented report. `answers`: what differs from the plain one."""

    answers: dict[str, Any] = field(default_factory=dict)
    identity: dict[str, Any] | None = None


PLAIN: dict[str, Any] = {
    "v": 1,
    "profile": "police",
    "setting": "checkpoint",
    "danger": "no",
    "privacy": "alone",
    "interpreter": "none",
    "language": "ne",
    "age": "adult",
    "told": "yes",
    "seen": {"documents-with-others": "yes", "spoken-for": "yes", "knows-not-where": "unknown"},
    "band": "concern",
    "judgement": "concern",
    "needs": ["safe-place", "health"],
    "age_band": "25-59",
    "sex": "female",
    "area": "north",
    "consent": "only",
    "consent_for": ["clinic"],
    "outcome": "refer",
    "contact": "through-service",
    "note": NOTE,
}
SKETCHES = (
    Sketch(identity={"v": 1, "name": "Invented Person 21", "phone": "000", "note": ""}),
    Sketch({"danger": "now", "steps": ["called"], "outcome": "emergency", "area": "pass"}),
    Sketch({"age": "maybe-child", "age_band": "12-17", "outcome": "child-referral"}),
    Sketch({"seen": {"spoken-for": "no"}, "band": "none", "judgement": "none", "area": "south"}),
    Sketch({"sex": "male", "setting": "mine", "profile": "labour", "area": "south"}),
)


def load_field_demo(organisation: Organisation, passphrase: str, actors: dict[str, Actor]) -> int:
    """Enter the invented unit with its key, phones, paper and reports, once; returns how many.

    `actors`: the demo account of each role. Not inside a transaction: one report is read.
    """
    roles = ("identification-authority", "field-supervisor", "intake-partner", "intake-clerk")
    if any(role not in actors for role in roles):
        return 0
    authority, supervisor, partner, clerk = (actors[role] for role in roles)
    if ReceivingUnit.objects.visible_to(authority).exists():
        return 0
    with transaction.atomic():
        load_shipped(SYSTEM)
        unit = _unit(authority, organisation, passphrase)
        _phones(supervisor, unit)
        _paper(clerk, unit)
        _reports(partner, unit)
        _services(actors.get("service-provider"), organisation)
    _read_one(authority, passphrase)
    return len(SKETCHES)


def _unit(actor: Actor, organisation: Organisation, passphrase: str) -> ReceivingUnit:
    facts = receivers.ReceiverFacts(UNIT, AREAS, RECIPIENTS, EMERGENCY)
    unit = receivers.enter_receiver(actor, Place(organisation, COUNTRY), facts)
    unit_keys.make_key(actor, unit, passphrase)
    return unit


def _phones(actor: Actor, unit: ReceivingUnit) -> None:
    for number, profile in enumerate((WorkerProfile.POLICE, WorkerProfile.HEALTH), start=1):
        devices.invite(
            actor,
            unit,
            devices.DeviceFacts(
                unit.organisation,
                unit.country,
                profile,
                area="north",
                role="Invented post",
                officer=f"Invented Officer {number}",
                generation=number,
            ),
        )


def _paper(actor: Actor, unit: ReceivingUnit) -> None:
    forms = paper.print_forms(
        actor,
        unit.code,
        3,
        language="en",
        profile=WorkerProfile.CAMP,
        setting=Setting.CAMP,
    )
    answers = PLAIN | {"profile": "camp", "setting": "camp", "consent": "no", "consent_for": []}
    paper.enter_form(actor, forms[0].serial, answers, None)


def _reports(actor: Actor, unit: ReceivingUnit) -> None:
    for sketch in SKETCHES:
        content = PLAIN | {"list": SHIPPED} | sketch.answers
        intake.seal_and_receive(
            actor,
            unit,
            content,
            sketch.identity,
            Channel.WEB,
            content["profile"],
            clock.now(),
        )


def _services(actor: Actor | None, organisation: Organisation) -> None:
    if actor is None:
        return
    for name, way, needs, area in SERVICES:
        service = access_points.Service(
            name,
            way,
            needs,
            COUNTRY,
            area,
            languages=("ne", "en", "ar"),
            hours="Invented: every morning",
            phone="000",
            reach="Invented: ask at the blue door",
        )
        access_points.enter_access_point(actor, organisation, service, nobody_sleeps_there=True)


def _read_one(actor: Actor, passphrase: str) -> None:
    """One report is open and linked to a procedure, the others wait."""
    waiting = Report.objects.visible_to(actor).filter(state=ReportState.RECEIVED, urgent=False)
    code = waiting.values_list("code", flat=True).first()
    if code is not None:
        triage.open_report(actor, code, passphrase, Purpose.IDENTIFICATION, REASON)
        triage.link_to_procedure(actor, code)
