"""Phones through the actions: who invites, who is let in, who is heard, what ends."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import PermissionDenied
from django.db import connection

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, OrganisationKind
from cairn.identification.actions import devices as actions
from cairn.identification.actions.devices import DeviceFacts
from cairn.identification.models import Device, DeviceAlert, ReceivingUnit
from cairn.identification.queries import devices as queries
from cairn.identification.rules.choices import RevokeReason, WorkerProfile
from cairn.identification.rules.devices import DeviceState, Word, state_of
from cairn.identification.tests import intake_factories as made
from cairn.identification.tests.envelopes import signer
from cairn.identification.tests.factories import REASON, actor_of
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose

pytestmark = pytest.mark.django_db
OFFICER = "Zarquil Inventeria"


@pytest.fixture
def supervisor() -> Actor:
    return actor_of(user_with_role("field-supervisor"))


@pytest.fixture
def unit() -> ReceivingUnit:
    return made.receiver(at=organisation())


def facts(**given: object) -> DeviceFacts:
    fixed = {"organisation": organisation(), "country": "NPL", "profile": WorkerProfile.POLICE}
    return DeviceFacts(**{**fixed, **given})  # type: ignore[arg-type]


def phone() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    private = ec.generate_private_key(ec.SECP256R1())
    return private, made.point(private)


def word(device: Device, private: ec.EllipticCurvePrivateKey, *, unsafe: bool = False) -> Word:
    at = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    plain = Word(device.code, at, "invented-nonce", "0123abcd", unsafe, (), b"")
    parts = {name: getattr(plain, name) for name in Word.__slots__}
    return Word(**parts | {"signature": signer(private)(plain.signed_text())})


def test_an_invitation_is_taken_once_and_keeps_neither_code_nor_name_in_clear(
    supervisor: Actor, unit: ReceivingUnit
) -> None:
    device, code = actions.invite(supervisor, unit, facts(officer=OFFICER, area="north"))
    _, public = phone()
    now = clock.now()
    taken = actions.enrol(code.lower(), public, "0123abcd", now)
    assert taken.pk == device.pk
    assert state_of(queries.dates_of(taken), now=now) is DeviceState.IN_USE
    # The same phone asks again when it did not hear the answer; another one is refused.
    assert actions.enrol(code, public, "0123abcd", now).pk == device.pk
    with pytest.raises(RuleBroken) as refusal:
        actions.enrol(code, phone()[1], "0123abcd", now)
    assert refusal.value.code == "device.used"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identification_device")
        row = str(
            [bytes(each) if isinstance(each, memoryview) else each for each in cursor.fetchone()]
        )
    assert device.code in row
    assert code not in row
    assert code.replace("-", "") not in row
    assert OFFICER not in row
    codes = list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))
    assert codes == ["device.invited", "device.enrolled"]
    assert OFFICER not in str(list(AuditEntry.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize(
    ("role", "country"), [("identification-authority", ""), ("field-supervisor", "KEN")]
)
def test_only_a_supervisor_of_the_place_invites(
    unit: ReceivingUnit, role: str, country: str
) -> None:
    actor = actor_of(user_with_role(role, country=country))
    with pytest.raises((PermissionDenied, ReceivingUnit.DoesNotExist)):
        actions.invite(actor, unit, facts())
    assert not Device.objects.exists()


def test_a_peacekeeper_is_not_bound_to_a_body_of_a_state(supervisor: Actor) -> None:
    state = organisation("Invented Ministry", OrganisationKind.STATE_BODY)
    actor = actor_of(user_with_role("field-supervisor", name="of-the-ministry", at=state))
    unit = made.receiver(at=state)
    with pytest.raises(RuleBroken) as refusal:
        actions.invite(actor, unit, facts(organisation=state, profile=WorkerProfile.PEACEKEEPER))
    assert refusal.value.code == "device.mission"
    unit.accepts_mission = True
    unit.save()
    device, _code = actions.invite(
        actor, unit, facts(organisation=state, profile=WorkerProfile.PEACEKEEPER)
    )
    assert device.profile == WorkerProfile.PEACEKEEPER


def test_a_new_code_ends_the_one_before(supervisor: Actor, unit: ReceivingUnit) -> None:
    device, old = actions.invite(supervisor, unit, facts())
    _, fresh = actions.invite_again(supervisor, device.code)
    now = clock.now()
    with pytest.raises(RuleBroken) as refusal:
        actions.enrol(old, phone()[1], "0123abcd", now)
    assert refusal.value.code == "device.unknown-code"
    with pytest.raises(RuleBroken) as late:
        actions.enrol(fresh, phone()[1], "0123abcd", now + timedelta(hours=73))
    assert late.value.code == "device.expired"
    assert actions.enrol(fresh, phone()[1], "0123abcd", now).pk == device.pk


def test_contact_lets_a_phone_work_on_and_a_revoked_one_hears_of_it(
    supervisor: Actor, unit: ReceivingUnit
) -> None:
    device, private = made.device(unit, valid_until=clock.now() + timedelta(hours=1))
    now = clock.now()
    heard = actions.contact(word(device, private), now, now)
    assert heard.valid_until == now + timedelta(days=14)
    actions.revoke(supervisor, device.code, RevokeReason.LOST)
    told = actions.contact(word(device, private), now, now + timedelta(seconds=2))
    assert told.revoked_at is not None
    assert told.valid_until == heard.valid_until
    with pytest.raises(RuleBroken) as refusal:
        actions.revoke(supervisor, device.code, RevokeReason.OTHER)
    assert refusal.value.code == "device.revoked"


def test_nobody_else_speaks_for_a_phone(unit: ReceivingUnit) -> None:
    device, private = made.device(unit)
    other, _other_private = made.device(unit)
    now = clock.now()
    for said in (word(other, private), word(device, phone()[0])):
        with pytest.raises(RuleBroken) as refusal:
            actions.contact(said, now, now)
        assert refusal.value.code == "device.signature"
    with pytest.raises(RuleBroken) as wrong:
        actions.contact(word(device, private), now - timedelta(hours=1), now)
    assert wrong.value.code == "device.clock"
    assert not Device.objects.exclude(last_contact_at=None).exists()


def test_an_alert_counts_even_from_a_phone_that_has_ended_and_is_answered_once(
    supervisor: Actor, unit: ReceivingUnit
) -> None:
    now = clock.now()
    device, private = made.device(unit, valid_until=now - timedelta(days=1))
    for _ in range(2):
        with pytest.raises(RuleBroken) as refusal:
            actions.contact(word(device, private, unsafe=True), now, now)
        assert refusal.value.code == "device.silent"
    alert = DeviceAlert.objects.get()
    assert queries.waiting(supervisor).alerts == 1
    stranger = actor_of(user_with_role("field-supervisor", name="elsewhere", country="KEN"))
    with pytest.raises(DeviceAlert.DoesNotExist):
        actions.answer_alert(stranger, alert.pk)
    first = actions.answer_alert(supervisor, alert.pk)
    assert actions.answer_alert(supervisor, alert.pk).seen_at == first.seen_at
    assert queries.waiting(supervisor) == queries.Waiting(0, None)


def test_the_name_behind_a_code_is_opened_with_a_reason_that_stays() -> None:
    supervisor = actor_of(user_with_role("field-supervisor"))
    unit = made.receiver(at=organisation())
    device, _code = actions.invite(supervisor, unit, facts(officer=OFFICER))
    with pytest.raises(RuleBroken) as refusal:
        actions.open_officer(supervisor, device.code, Purpose.SAFETY, "")
    assert refusal.value.code == "oversight.reason"
    assert not Reading.objects.exists()
    opened = actions.open_officer(supervisor, device.code, Purpose.SAFETY, REASON)
    assert opened.values["officer"] == OFFICER
    assert Reading.objects.get().kind == "device"


@pytest.mark.parametrize("state", DeviceState)
def test_the_list_narrowed_to_a_state_holds_the_phones_in_it(
    supervisor: Actor, unit: ReceivingUnit, state: DeviceState
) -> None:
    now = clock.now()
    hour = timedelta(hours=1)
    for expires, enrolled, valid, revoked in (
        (now + hour, None, None, None),
        (now - hour, None, None, None),
        (None, None, None, None),
        (None, now, now + hour, None),
        (None, now, now - hour, None),
        (None, now, None, None),
        (None, now, now + hour, now),
        (now + hour, None, None, now),
    ):
        device, _private = made.device(unit, valid_until=valid)
        Device.objects.filter(pk=device.pk).update(
            enrol_expires_at=expires, enrolled_at=enrolled, revoked_at=revoked
        )
    everything = queries.devices(supervisor, queries.Filters(), now=now)
    expected = {row.code for row in everything if state_of(queries.dates_of(row), now=now) is state}
    found = queries.devices(supervisor, queries.Filters(state=state.value), now=now)
    assert {row.code for row in found} == expected
    assert expected
