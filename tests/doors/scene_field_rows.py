"""What follows decisions, copies of keys, and units of one's own unit: no model is empty."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.core.models import Organisation, Unit
from cairn.identification.models import (
    BestInterests,
    Decision,
    Device,
    DutyToken,
    Guardianship,
    HeldEnvelope,
    Interview,
    KeyHandover,
    KeyHolder,
    Notification,
    ReceivingUnit,
    ReceptionKey,
    ReflectionStep,
    ReviewRequest,
    RightsGrant,
)
from cairn.identification.rules.choices import Channel, HeldReason, ReportState
from cairn.identification.tests import intake_factories
from tests.doors.scene_field import add_content, make_access_point, make_paper, make_report
from tests.doors.stage import HERE, THERE, own_organisation


def add_field_rows() -> None:
    """Called when procedures have decisions: see test_visible_to.add_loose_ends."""
    for number, decision in enumerate(Decision.objects.select_related("procedure")):
        add_what_follows(decision, number)
    for unit in Unit.objects.select_related("organisation"):
        for country in (HERE, THERE):
            add_unit(unit.organisation, unit, country)
    for key in ReceptionKey.objects.all():
        add_copies(key)
    add_nobodys_envelope()
    add_closed_service()


def add_what_follows(decision: Decision, number: int) -> None:
    today, now = timezone.localdate(), timezone.now()
    procedure = decision.procedure
    written: dict[str, Any] = {
        "procedure": procedure,
        "recorded_at": now,
        "recorded_by": uuid4(),
    }
    RightsGrant.objects.create(
        number=1, right="assistance", change="opened", starts_on=today, decision=decision, **written
    )
    Notification.objects.create(
        decision=decision,
        told_on=today,
        told_to="person",
        form="spoken",
        language="en",
        interpreter="none",
        acknowledged="yes",
        **written,
    )
    ReviewRequest.objects.create(decision=decision, asked_on=today, asked_by="person", **written)
    ReflectionStep.objects.create(number=1, period=1, step="offered", happened_on=today, **written)
    cared = written | {"data_key": procedure.data_key, "number": 1}
    code = procedure.code.lower()
    Guardianship.objects.create(
        code=f"{code}.g1", appointed_by="Invented court", starts_on=today, **cared
    )
    BestInterests.objects.create(
        code=f"{code}.b1", question="interview", outcome="yes", assessed_on=today, **cared
    )
    Interview.objects.create(
        number=1, planned_on=today, language="en", interpreter="none", **written
    )
    DutyToken.objects.create(
        procedure=procedure,
        mark=f"{number:064d}",
        issued_at=now,
        issued_by=uuid4(),
    )


def add_unit(organisation: Organisation, unit: Unit, country: str) -> ReceivingUnit:
    """A receiving unit that is part of `unit`, with a phone, reports and a paper form."""
    made = intake_factories.receiver(at=organisation, country=country, unit=unit)
    intake_factories.reception_key(made)
    phone, _private = intake_factories.device(made, unit=unit)
    make_report(made, phone, 1)
    add_content(make_report(made, phone, 2, ReportState.OPENED), "drawn")
    make_paper(made)
    return made


def add_copies(key: ReceptionKey) -> None:
    now = timezone.now()
    KeyHolder.objects.create(key=key, user_id=uuid4(), taken_at=now)
    KeyHandover.objects.create(
        key=key, for_user=uuid4(), made_by=uuid4(), made_at=now, expires_at=now + timedelta(days=1)
    )


def add_nobodys_envelope() -> None:
    """Held without a unit or a phone that it names; and one that names a phone alone."""
    for device in (None, Device.objects.order_by("code").first()):
        HeldEnvelope.objects.create(
            received_at=timezone.now(),
            reason=HeldReason.UNREADABLE,
            channel=Channel.DEVICE,
            body=b"invented",
            size=8,
            digest=uuid4().hex * 2,
            device=device,
        )


def add_closed_service() -> None:
    point = make_access_point(own_organisation(), HERE)
    point.closed_at = timezone.now()
    point.save()
