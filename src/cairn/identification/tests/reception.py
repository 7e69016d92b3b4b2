"""Invented units with keys that invented members hold, and reports that arrived for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest import mock

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.identification.actions import intake
from cairn.identification.actions.unit_keys import make_key
from cairn.identification.models import Device, ReceivingUnit, ReceptionKey, Report
from cairn.identification.rules import unit_keys as rules
from cairn.identification.tests.envelopes import CONTENT, Phone
from cairn.identification.tests.factories import REASON, actor_of
from cairn.identification.tests.intake_factories import device, receiver
from cairn.oversight.rules import Purpose

PASSPHRASE = "four invented words apart"
OTHER = "another invented saying"
NOTE = "Snorfleque words of a test."
NAME = "Zarquil Inventeria"
IDENTITY = {"v": 1, "name": NAME, "phone": "000 000", "note": "Quibblethorpe"}
WHY = (Purpose.IDENTIFICATION, REASON)
FULL: dict[str, Any] = {
    **CONTENT,
    "area": "north",
    "age_band": "18-24",
    "sex": "female",
    "language": "ne",
    "seen": {"documents-held": "yes", "cannot-leave": "yes", "debt": "unknown"},
    "needs": ["health"],
    "consent": "only",
    "consent_for": ["clinic"],
    "note": NOTE,
}


@contextmanager
def cheap() -> Iterator[None]:
    """Wrap at the cost of a test: the cost stands in each copy, so opening is cheap as well."""
    with mock.patch.object(rules, "COST", 2):
        yield


def member(name: str = "", **place: Any) -> Actor:
    """Somebody who may open reports of the invented agency and manage its units."""
    place.setdefault("at", organisation())
    return actor_of(user_with_role("identification-authority", name=name, **place))


def unit_with_key(actor: Actor, **given: Any) -> tuple[ReceivingUnit, ReceptionKey, str]:
    """A unit, its key that `actor` holds under PASSPHRASE, and the recovery code."""
    unit = given.pop("unit", None) or receiver(at=organisation(), **given)
    with cheap():
        key, code = make_key(actor, unit, PASSPHRASE)
    return unit, key, code


class Sender:
    """A phone of a unit that sends what it is told, sealed to the unit's current key."""

    def __init__(self, unit: ReceivingUnit) -> None:
        key = unit.keys.get(is_current=True)
        self.device: Device
        self.device, private = device(unit)
        self.phone = Phone(self.device.code, bytes(key.public), private)

    def send(
        self,
        content: dict[str, Any] | None = None,
        *,
        identity: dict[str, Any] | None = None,
        at: datetime | None = None,
        urgent: bool = False,
    ) -> Report:
        """The report as it was received."""
        now = at or clock.now()
        raw = self.phone.report(now, content=content or FULL, identity=identity, is_urgent=urgent)
        result = intake.receive([raw], now=now)[0]
        assert result.outcome == "received", result
        return Report.objects.select_related("receiver").get(pk=result.id)
