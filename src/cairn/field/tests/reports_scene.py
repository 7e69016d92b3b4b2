"""What tests of paper and partners share: a unit with a key, desks, and opening what was sealed."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core.models import Organisation
from cairn.identification.envelopes import format, hpke
from cairn.identification.envelopes.content import read_padded
from cairn.identification.models import ReceivingUnit, Report
from cairn.identification.tests import intake_factories as made

NAME = "Zarquil Inventeria"
NOTE = "Quibblethorpian observation"


def unit_with_key(
    at: Organisation | None = None,
) -> tuple[ReceivingUnit, ec.EllipticCurvePrivateKey]:
    """An invented unit and the private half of its key, which only the test has."""
    unit = made.receiver(at=at or organisation())
    return unit, made.reception_key(unit)[1]


def desk(role: str, name: str = "", **place: Any) -> Client:
    """A client that is signed in with this role."""
    client = Client()
    sign_in(client, user_with_role(role, name=name, **place))
    return client


def opened(report: Report, private: ec.EllipticCurvePrivateKey) -> tuple[Any, Any]:
    """Content and identity (or None) of a report, opened as a member of the unit would."""
    envelope = format.Envelope(
        id=str(report.pk),
        device="",
        sequence=0,
        key=report.key_id,
        made_at=report.made_at,
        edition=report.edition,
        is_urgent=report.urgent,
        content=bytes(report.payload or b""),
        identity=bytes(report.identity_payload or b""),
        signature=b"",
    )
    secret = private.private_numbers().private_value.to_bytes(32, "big")
    content = hpke.open_(secret, envelope.content, envelope.content_info())
    identity = None
    if envelope.identity:
        identity = read_padded(hpke.open_(secret, envelope.identity, envelope.identity_info()))
    return read_padded(content), identity


def answers(**changes: Any) -> dict[str, Any]:
    """The least that a report needs, with what a test changes."""
    return {"danger": "no", "age": "adult", "consent": "not-asked", "outcome": "refer", **changes}
