"""Units, phones and reports in each place, with marked words in every sealed part."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.identification.actions import intake
from cairn.identification.envelopes.format import code_of
from cairn.identification.models import (
    Device,
    DeviceAlert,
    HeldEnvelope,
    Indicator,
    IndicatorEdition,
    PaperForm,
    ReceivingUnit,
    Report,
    ReportContent,
)
from cairn.identification.rules import paper as paper_rules
from cairn.identification.rules.choices import Channel, ReportState, WorkerProfile
from cairn.identification.tests import intake_factories
from cairn.identification.tests.envelopes import Phone
from cairn.referral.models import AccessPoint
from tests.doors.outcome import Relation as R
from tests.doors.people import places
from tests.doors.stage import Scene

EDITION = "2026-1"
AHEAD = timedelta(days=9)


def add_field(scene: Scene) -> None:
    """What a unit has, in each relation to the people of the scene."""
    for relation, organisation, country in places():
        word = f"sealed{relation.name.lower().replace('_', '')}"
        unit = make_unit(organisation, country)
        key, _private = intake_factories.reception_key(unit)
        phone, _private = intake_factories.device(unit, organisation=organisation)
        own = Phone(phone.code, bytes(key.public))
        phone.officer, phone.public = f"Officer {word}", own.public
        phone.save()
        alert = DeviceAlert.objects.create(device=phone, at=timezone.now())
        received = make_report(unit, phone, 1)
        opened = make_report(unit, phone, 2, ReportState.OPENED)
        add_content(opened, word)
        held = make_held(own)
        paper = make_paper(unit)
        point = make_access_point(organisation, country)
        scene.put("receiver", relation, unit.code)
        scene.put("reception-key", relation, key.pk)
        scene.put("device", relation, phone.code, sealed=(word,))
        scene.put("device-alert", relation, alert.pk)
        scene.put("report", relation, received.code)
        scene.put("report-opened", relation, opened.code, sealed=(word,))
        scene.put("held", relation, held.pk)
        scene.put("paper", relation, paper.serial)
        scene.put("access-point", relation, point.code)
    now = timezone.now()
    edition = IndicatorEdition.objects.create(
        code="2026-9", source="Invented", authors=[str(uuid4())], made_at=now, changed_at=now
    )
    Indicator.objects.create(
        edition=edition, position=1, code="no-pay", source_list="field", kind="means"
    )
    scene.put("edition", R.OWN, edition.code)


def make_unit(organisation: Organisation, country: str) -> ReceivingUnit:
    return intake_factories.receiver(at=organisation, country=country)


def make_report(
    unit: ReceivingUnit,
    phone: Device,
    sequence: int,
    state: ReportState = ReportState.RECEIVED,
) -> Report:
    now, id = timezone.now(), uuid4()
    return Report.objects.create(
        id=id,
        code=code_of(str(id)),
        receiver=unit,
        key=unit.keys.get(),
        channel=Channel.DEVICE,
        device=phone,
        sequence=sequence,
        profile=WorkerProfile.POLICE,
        edition=EDITION,
        made_at=now,
        received_at=now,
        digest=id.hex * 2,
        payload=b"invented bytes",
        state=state,
        due_at=now + timedelta(hours=1),
    )


def add_content(report: Report, word: str) -> ReportContent:
    """What a member found in `report`: sealed answers, and nothing of an identity."""
    return ReportContent.objects.create(
        report=report,
        code=report.code,
        opened_at=timezone.now(),
        opened_by=uuid4(),
        keep_until=timezone.localdate() + timedelta(days=365),
        content={"v": 1, "danger": "no", "age": "adult", "outcome": "refer", "note": word},
    )


def make_held(phone: Phone) -> HeldEnvelope:
    """Held for a clock that was ahead, so that it can be released."""
    now = timezone.now()
    phone.sequence += 10
    report = phone.report(now + AHEAD)
    intake.receive([report], channel=Channel.DEVICE, now=now)
    return HeldEnvelope.objects.get(claimed_id=report["id"])


def make_paper(unit: ReceivingUnit) -> PaperForm:
    return PaperForm.objects.create(
        serial=paper_rules.drawn(),
        receiver=unit,
        edition=EDITION,
        language="en",
        profile=WorkerProfile.CAMP,
        printed_at=timezone.now(),
    )


def make_access_point(organisation: Organisation, country: str) -> AccessPoint:
    made = AccessPoint(
        name="Invented service",
        organisation=organisation,
        country=country,
        way="phone",
        needs=["health"],
        phone="000",
        assured_on=timezone.localdate(),
    )
    save_with_code(made)
    return made
