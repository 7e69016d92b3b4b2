"""Invented units, keys and phones for tests; nothing is sealed for anybody real."""

from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cairn.access.tests.factories import organisation
from cairn.core import clock
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.identification.models import Device, ReceivingUnit, ReceptionKey
from cairn.identification.rules.choices import WorkerProfile


def point(private: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half: 65 bytes, uncompressed."""
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def receiver(
    *, at: Organisation | None = None, country: str = "NPL", **given: Any
) -> ReceivingUnit:
    """An invented receiving unit."""
    made = ReceivingUnit(
        name=given.pop("name", "Invented desk"),
        organisation=at or organisation(),
        country=country,
        areas=given.pop("areas", [["north", "Invented north"], ["south", "Invented south"]]),
        recipients=given.pop("recipients", [["clinic", "Invented clinic"]]),
        emergency=given.pop("emergency", [["Invented number", "000"]]),
        **given,
    )
    save_with_code(made)
    return made


def reception_key(unit: ReceivingUnit) -> tuple[ReceptionKey, ec.EllipticCurvePrivateKey]:
    """A current key of `unit`, with the private half that only the test has."""
    private = ec.generate_private_key(ec.SECP256R1())
    digest = Hash(SHA256())
    digest.update(point(private))
    now = clock.now()
    made = ReceptionKey.objects.create(
        id=digest.finalize().hex()[:16],
        receiver=unit,
        public=point(private),
        made_at=now,
        not_after=(now + timedelta(days=90)).date(),
    )
    return made, private


def device(receiving: ReceivingUnit, **given: Any) -> tuple[Device, ec.EllipticCurvePrivateKey]:
    """An enrolled phone of `receiving`, with the key that signs for it."""
    private = ec.generate_private_key(ec.SECP256R1())
    now = clock.now()
    made = Device(
        receiver=receiving,
        organisation=given.pop("organisation", receiving.organisation),
        country=receiving.country,
        profile=given.pop("profile", WorkerProfile.POLICE),
        role=given.pop("role", "Invented post"),
        public=point(private),
        invited_at=now,
        enrolled_at=now,
        valid_until=given.pop("valid_until", now + timedelta(days=14)),
        officer="Invented Officer",
        **given,
    )
    save_with_code(made)
    return made, private
