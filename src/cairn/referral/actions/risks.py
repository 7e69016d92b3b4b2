"""Every write about recipients that nobody is referred to: decided by one, ended by another."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.referral.models.risks import RecipientRisk
from cairn.referral.models.services import Service
from cairn.referral.rules import risks as rules
from cairn.referral.rules.persons import KEEP_FOR

SEALED_OF_RISK = ("note",)


@dataclass(frozen=True, slots=True)
class Against:
    """Whom nobody is referred to, from when until when. `service` None: the whole organisation.

    `organisation`, `country`: for whom the one who decides works.
    """

    organisation: Organisation
    country: str
    recipient: Organisation
    ground: str
    starts_on: date
    ends_on: date | None = None
    service: Service | None = None


@transaction.atomic
def decide_risk(actor: Actor, against: Against, note: str) -> RecipientRisk:
    """Decide that nobody is referred to a recipient; it holds for everybody, emergencies too.

    Raises PermissionDenied, RuleBroken ("risk.known" and those of check_decided).
    """
    now = clock.now()
    today = timezone.localdate(now)
    risk = RecipientRisk(
        organisation=against.organisation,
        country=against.country,
        recipient=against.recipient,
        service=against.service,
        ground=against.ground,
        starts_on=against.starts_on,
        ends_on=against.ends_on,
        decided_at=now,
        decided_by=acting(actor),
        keep_until=against.ends_on and _kept_until(against.ends_on),
        note=note.strip(),
    )
    require(actor, Permission.RISK_DECIDE, within=risk)
    rules.check_decided(
        against.recipient.pk,
        against.service.organisation_id if against.service else None,
        against.ground,
        against.starts_on,
        against.ends_on,
        note,
        today=today,
    )
    rows = RecipientRisk.objects.visible_to(actor).holding(today)
    same = rows.filter(recipient=against.recipient, service=against.service, ground=against.ground)
    rules.check_new(is_known=same.exists())
    save_with_code(risk)
    audit.record(actor, "risk.decided", risk, ground=risk.ground)
    return risk


@transaction.atomic
def end_risk(actor: Actor, code: str) -> RecipientRisk:
    """End it, as another person than the one who decided; the recipient may be asked from today on.

    Raises RecipientRisk.DoesNotExist, PermissionDenied, RuleBroken ("risk.over",
    "risk.second-person").
    """
    rows = RecipientRisk.objects.visible_to(actor).select_for_update(of=("self",))
    risk = rows.get(code=code)
    require(actor, Permission.RISK_DECIDE, within=risk)
    today = timezone.localdate(clock.now())
    rules.check_ending(risk.starts_on, risk.ends_on, risk.ended_on, today)
    rules.check_other_person(risk.decided_by, acting(actor))
    risk.ended_on, risk.ended_by, risk.keep_until = today, acting(actor), _kept_until(today)
    risk.save(update_fields=["ended_on", "ended_by", "keep_until"])
    audit.record(actor, "risk.ended", risk, ground=risk.ground)
    return risk


def open_risk(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open what was found out, once, for a purpose and a reason that are kept.

    Not inside a transaction. Raises RecipientRisk.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason").
    """
    risk = RecipientRisk.objects.visible_to(actor).get(code=code)
    return readings.read(actor, [risk], list(SEALED_OF_RISK), purpose, reason)[0]


def _kept_until(over_on: date) -> date:
    """As long as a record about a person after it is closed: it explains what was not done."""
    return over_on + KEEP_FOR + timedelta(days=1)
