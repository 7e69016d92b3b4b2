"""Phones at the desk: the list, one phone, the code that is shown once, who is turned away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core import clock
from cairn.field import certificates
from cairn.identification.models import Device, DeviceAlert, ReceivingUnit
from cairn.identification.rules.devices import tidied
from cairn.identification.tests import intake_factories as made
from cairn.identification.tests.factories import REASON
from cairn.training.models import CascadeCredit, Credential, CredentialType
from cairn.training.rules.choices import CredentialKind
from cairn.training.rules.states import CredentialState
from cairn.training.tests import factories as training

pytestmark = pytest.mark.django_db
OFFICER = "Zarquil Inventeria"
CODE = "234-567-89C"


@pytest.fixture
def unit() -> ReceivingUnit:
    return made.receiver(at=organisation())


@pytest.fixture
def desk(client: Client, unit: ReceivingUnit) -> Client:
    sign_in(client, user_with_role("field-supervisor"))
    return client


def other_desk() -> Client:
    client = Client()
    sign_in(client, user_with_role("field-supervisor", name="elsewhere", country="KEN"))
    return client


def invitation(unit: ReceivingUnit, **changes: str) -> dict[str, str]:
    return {
        "organisation": str(unit.organisation_id),
        "country": "NPL",
        "receiver": unit.code,
        "profile": "police",
        "role": "Invented shift",
        "area": "north",
        "officer": OFFICER,
        "certificate": "",
        **changes,
    }


def test_the_one_time_code_is_shown_once_with_its_picture(
    desk: Client, unit: ReceivingUnit
) -> None:
    response = desk.post(reverse("field:device-invite"), invitation(unit))
    page = response.content.decode()
    found = re.findall(r"/field/#([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})", page)
    assert len(set(found)) == 1
    assert tidied(found[0]) == found[0]
    assert "<svg" in page
    assert OFFICER not in page
    device = Device.objects.get()
    assert device.enrol_hash
    for address in ("field:devices", "field:device"):
        args = [device.code] if address == "field:device" else []
        shown = desk.get(reverse(address, args=args)).content.decode()
        assert device.code in shown
        assert found[0] not in shown
        assert OFFICER not in shown


def test_what_was_typed_stays_when_the_rule_of_missions_refuses(desk: Client) -> None:
    ministry = organisation("Invented Ministry", "state-body")
    user = user_with_role("field-supervisor", name="of-the-ministry", at=ministry)
    sign_in(desk, user)
    unit = made.receiver(at=ministry)
    response = desk.post(
        reverse("field:device-invite"), invitation(unit, profile="peacekeeper", officer="")
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Peacekeepers do not report to a body of a State." in page
    assert "Invented shift" in page
    assert not Device.objects.exists()


def certificate(state: CredentialState = CredentialState.ISSUED) -> Credential:
    event = training.event("T01")
    kind = CredentialType.objects.create(code="invented", kind=CredentialKind.ACHIEVEMENT)
    CascadeCredit.objects.create(event=event, generation=2, share=1.0)
    return Credential.objects.create(
        code=CODE,
        type=kind,
        practitioner=training.practitioner("Nobody Invented-Holder"),
        event=event,
        organisation=event.organisation,
        language="en",
        state=state,
        issued_on=timezone.localdate(),
        valid_from=timezone.localdate(),
        status_index=7,
    )


def test_a_certificate_that_counts_gives_its_generation_and_nothing_else() -> None:
    shown = certificate()
    found = certificates.shown(shown.code.lower(), now=clock.now())
    assert found == certificates.Shown(generation=2)
    assert certificates.shown("no certificate", now=clock.now()) is None


def test_a_revoked_certificate_is_refused_at_its_field(desk: Client, unit: ReceivingUnit) -> None:
    revoked = certificate(CredentialState.REVOKED)
    response = desk.post(reverse("field:device-invite"), invitation(unit, certificate=revoked.code))
    assert response.status_code == 409
    assert "No certificate that counts today has this code." in response.content.decode()


@pytest.mark.once  # counts questions
def test_the_list_costs_the_same_however_many_phones_there_are(
    desk: Client, unit: ReceivingUnit
) -> None:
    counts = []
    for more in (1, 20):
        for _ in range(more):
            device, _private = made.device(unit)
            DeviceAlert.objects.create(device=device, at=clock.now())
        with CaptureQueriesContext(connection) as counted:
            page = desk.get(reverse("field:devices")).content.decode()
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert page.count("I look after it") == 21


def test_an_alert_stands_on_top_until_somebody_answers_it(
    desk: Client, unit: ReceivingUnit
) -> None:
    device, _private = made.device(unit)
    alert = DeviceAlert.objects.create(device=device, at=clock.now() - timedelta(minutes=5))
    page = desk.get(reverse("field:devices")).content.decode()
    assert page.index("Officers who do not feel safe") < page.index("Phones, by code")
    desk.post(reverse("field:device-alert", args=[alert.pk]))
    assert (
        "Officers who do not feel safe" not in desk.get(reverse("field:devices")).content.decode()
    )
    told = desk.get(reverse("field:device", args=[device.code])).content.decode()
    assert "answered by" in told
    assert "answered the alert of the officer." in told


def test_a_phone_is_revoked_with_a_reason_and_its_page_says_so(
    desk: Client, unit: ReceivingUnit
) -> None:
    device, _private = made.device(unit)
    address = reverse("field:device-revoke", args=[device.code])
    assert "wipes its keys" in desk.get(address).content.decode()
    assert desk.post(address, {"reason": ""}).status_code == 422
    page = desk.post(address, {"reason": "taken"}, follow=True).content.decode()
    assert "Taken by somebody" in page
    assert "revoked the phone." in page
    assert desk.post(reverse("field:device-renew", args=[device.code])).status_code == 409


def test_the_name_is_opened_once_with_a_reason(desk: Client, unit: ReceivingUnit) -> None:
    desk.post(reverse("field:device-invite"), invitation(unit))
    code = Device.objects.get().code
    address = reverse("field:device-open", args=[code])
    assert desk.post(address, {"purpose": "safety", "reason": ""}).status_code == 422
    opened = desk.post(address, {"purpose": "safety", "reason": REASON}).content.decode()
    assert OFFICER in opened
    assert OFFICER not in desk.get(reverse("field:device", args=[code])).content.decode()


def test_phones_of_another_place_do_not_exist(unit: ReceivingUnit) -> None:
    device, _private = made.device(unit)
    alert = DeviceAlert.objects.create(device=device, at=clock.now())
    stranger = other_desk()
    assert device.code not in stranger.get(reverse("field:devices")).content.decode()
    for name in ("device", "device-revoke", "device-again"):
        assert stranger.get(reverse(f"field:{name}", args=[device.code])).status_code == 404
    for name in ("device-renew", "device-open"):
        assert stranger.post(reverse(f"field:{name}", args=[device.code])).status_code == 404
    assert stranger.post(reverse("field:device-alert", args=[alert.pk])).status_code == 404
