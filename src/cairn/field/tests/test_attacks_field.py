"""Attacks on the phone's door and on partners' files that once went through."""

import pytest

from cairn.core import clock
from cairn.field.tests.test_submissions import as_csv, read, row
from cairn.identification.actions import intake
from cairn.identification.models import HeldEnvelope
from cairn.identification.queries.devices import item_states
from cairn.identification.tests import intake_factories as made
from cairn.identification.tests.envelopes import Phone


@pytest.mark.django_db
def test_nobody_else_makes_a_phone_hear_that_its_report_is_held() -> None:
    unit = made.receiver()
    key, _private = made.reception_key(unit)
    device, private = made.device(unit)
    phone = Phone(device.code, bytes(key.public), private)
    own = phone.report(clock.now())
    stranger = Phone(device.code, bytes(key.public))
    forged = [{**own, "sig": stranger.report(clock.now())["sig"]}, {**own, "v": 9}]
    results = intake.receive(forged, now=clock.now())
    assert [each.outcome for each in results] == ["held", "held"]
    assert HeldEnvelope.objects.filter(device=device).count() == 2
    assert item_states(device, [own["id"]]) == {own["id"]: "unknown"}


def test_lines_as_a_table_of_windows_ends_them_keep_no_submission_out() -> None:
    found = read(as_csv(row(note="one\r\ntwo")))
    assert not found.problems
    assert found.items[0].content["note"] == "one\ntwo"
