"""An invented kit in memory: has keys of its own and writes bundles as a laptop would."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from cairn.core.actor import Actor
from cairn.training.actions import kits, kits_keys
from cairn.training.actions.kits import CheckedOut
from cairn.training.bundles import cards, container
from cairn.training.bundles.cards import Card
from cairn.training.bundles.envelopes import Envelope
from cairn.training.bundles.headers import Header, Purpose, Route
from cairn.training.models import Enrolment, Kit, TrainingEvent, TrainingSession
from cairn.training.queries.kits_shapes import BY_KIND
from cairn.training.queries.kits_values import content_of, envelope_of, going_back
from cairn.training.tests import factories

REASON = "The invented training is held where there is no line."


@dataclass
class Laptop:
    """A kit without tables. `code`: given when it is enrolled; `home`: card of the sender."""

    identity: Any = field(default_factory=pyrage.x25519.Identity.generate)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    code: str = ""
    route: Route | None = None
    home: Card | None = None
    bundles: int = 0

    @property
    def card(self) -> Card:
        raw = self.key.public_key().public_bytes_raw()
        return Card(str(self.identity.to_public()), raw)

    def sign(self, message: bytes) -> tuple[str, bytes]:
        return "first", self.key.sign(message)

    def enrolled(self, actor: Actor) -> Kit:
        kit = kits.enrol_kit(
            actor, factories.agency(), "Laptop of the test", self.card.text, self.card.mark
        )
        self.code = kit.code
        return kit

    def take_in(self, out: CheckedOut) -> tuple[Header, list[Envelope]]:
        """Read the bundle of a checkout as the kit does."""
        file = io.BytesIO(out.content)
        notes = container.unproven_header(file, str(self.identity)).notes
        self.home = cards.of_text(notes["home"])
        verify = kits_keys.verifier(self.home.signer)
        with container.opening(file, str(self.identity), verify) as bundle:
            header = bundle.header
            records = list(bundle.records)
        self.route = Route(Purpose.BACK, header.kit, header.event, header.checkout, 0)
        return header, records

    def bundle(
        self,
        records: Sequence[Envelope],
        *,
        made_at: datetime | None = None,
        is_last: bool = False,
        notes: Mapping[str, Any] | None = None,
        event: UUID | None = None,
    ) -> io.BytesIO:
        """A bundle for home with these records."""
        assert self.route is not None
        assert self.home is not None
        self.bundles += 1
        route = Route(
            Purpose.BACK,
            self.code,
            event or self.route.event,
            self.route.checkout,
            self.bundles,
        )
        file = io.BytesIO()
        container.write(
            file,
            route,
            records,
            recipient=self.home.recipient,
            sign=self.sign,
            made_at=made_at or timezone.now(),
            notes={"is_last": is_last} | dict(notes or {}),
        )
        return file

    def mark(
        self,
        enrolment: Enrolment,
        session: TrainingSession,
        *,
        at: datetime | None = None,
        id: UUID | None = None,
        **changes: Any,
    ) -> Envelope:
        """An attendance mark as it stands in a bundle."""
        moment = (at or timezone.now()).isoformat()
        content = {
            "event": str(session.event_id),
            "session": str(session.pk),
            "enrolment": str(enrolment.pk),
            "kind": "in",
            "means": "code",
            "at": moment,
            "offset_seconds": 0,
            "device": "invented-phone",
            "sequence": 1,
            "corrects": None,
            "recorded_by": None,
            "received_at": moment,
        }
        return envelope_of(BY_KIND["mark"], id or uuid4(), content | changes, self.code, 1)

    def version(self, record: Any, sequence: int, **changes: Any) -> Envelope:
        """A version of an owned record, as the kit changed it."""
        shape = next(each for each in BY_KIND.values() if each.model is type(record))
        content = going_back(shape, content_of(shape, record)) | changes
        return envelope_of(shape, record.pk, content, self.code, sequence)


@dataclass
class Scene:
    """An event with two participants and a session, checked out to a laptop."""

    actor: Actor
    event: TrainingEvent
    session: TrainingSession
    enrolments: list[Enrolment]
    laptop: Laptop
    out: CheckedOut

    @property
    def checkout_id(self) -> UUID:
        return self.out.checkout.pk


def scene(*, with_names: bool = False, persons: int = 2) -> Scene:
    """Made with the real actions; not inside a transaction where names leave."""
    actor = factories.officer()
    event = factories.event("K01")
    session = factories.session(event)
    enrolments = [
        factories.enrolment(event, factories.practitioner(f"Invented Kit Person {number}"))
        for number in range(persons)
    ]
    laptop = Laptop()
    laptop.enrolled(actor)
    out = kits.check_out(actor, laptop.code, event.reference, with_names=with_names, reason=REASON)
    laptop.take_in(out)
    return Scene(actor, event, session, enrolments, laptop, out)
