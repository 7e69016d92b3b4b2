"""The table, the scene and the readings of recipients without an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.referral.models import OneTimeLink, Referral
from cairn.vault.handed import mark_of
from tests.doors.outcome import EVERYWHERE, FORM, Door, Kind
from tests.doors.someone import Someone
from tests.doors.stage import Scene

KINDS: dict[str, Kind] = {}
COUNTED = Door(before=frozenset({P.ASSISTANCE_COUNT}))
DOORS: dict[str, Door] = {
    "referral:referral-schema": Door(is_open=True),
    "referral:referral-export": Door("referral-in", FORM, needs=frozenset({P.REFERRAL_OPEN})),
    "referral:counts": COUNTED,
    "referral:counts-file": COUNTED,
    # Nobody signs in here: it asks everybody for a number, whatever stands in the address.
    "referral:answer-outside": Door(methods=FORM, is_open=True, fixed={"token": "x" * 32}),
}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    OneTimeLink: lambda someone, link: someone.reaches(P.REFERRAL_SEND, link.referral),
}


def add(scene: Scene) -> None:
    """A link for the referral in each relation."""
    now = timezone.now()
    for relation in EVERYWHERE:
        referral = Referral.objects.get(code=scene.subjects["referral"][relation].key)
        OneTimeLink.objects.create(
            referral=referral,
            mark=mark_of(str(referral.pk)),
            made_at=now,
            expires_at=now + timedelta(days=1),
            proof=b"\1",
        )
