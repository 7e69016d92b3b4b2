"""Bundles: what goes in comes out, and nothing else does."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cairn.core.errors import RuleBroken
from cairn.training.bundles import cards, container, envelopes, identities, schemas
from cairn.training.bundles.envelopes import Envelope
from cairn.training.bundles.headers import Header, Purpose, Route
from cairn.training.bundles.schemas import Schema

KIT, EVENT, CHECKOUT = "K7Q-M2R", UUID(int=2), UUID(int=3)
ROUTE = Route(Purpose.BACK, KIT, EVENT, CHECKOUT, 1)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
RECORDED = Path(__file__).with_name("recorded")


class Machine:
    """An invented machine with its keys."""

    def __init__(self) -> None:
        self.identity = pyrage.x25519.Identity.generate()
        self.key = Ed25519PrivateKey.generate()

    @property
    def recipient(self) -> str:
        return str(self.identity.to_public())

    @property
    def card(self) -> cards.Card:
        return cards.Card(self.recipient, self.key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> tuple[str, bytes]:
        return "first", self.key.sign(message)

    def verify(self, message: bytes, key_id: str, value: bytes) -> bool:
        try:
            self.key.public_key().verify(value, message)
        except InvalidSignature:
            return False
        return key_id == "first"


@pytest.fixture(scope="module")
def kit() -> Machine:
    return Machine()


@pytest.fixture(scope="module")
def server() -> Machine:
    return Machine()


def marks(count: int) -> list[Envelope]:
    return [
        Envelope("mark", UUID(int=100 + number), KIT, number, {"said": f"نعم {number}"})
        for number in range(1, count + 1)
    ]


def written(sender: Machine, to: Machine, records: list[Envelope], **changes: Any) -> bytes:
    file = io.BytesIO()
    options: dict[str, Any] = {"recipient": to.recipient, "sign": sender.sign, "made_at": NOON}
    container.write(file, ROUTE, records, **options | changes)
    return file.getvalue()


def read(
    content: bytes, holder: Machine, sender: Machine, schema: Schema = schemas.CURRENT
) -> tuple[Header, list[Envelope]]:
    with container.opening(
        io.BytesIO(content), str(holder.identity), sender.verify, schema=schema
    ) as bundle:
        return bundle.header, list(bundle.records)


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(RuleBroken) as refusal:
        action()
    assert refusal.value.message
    assert refusal.value.remedy
    return refusal.value.code


def test_what_went_in_comes_out_with_its_order_its_header_and_its_hashes(
    kit: Machine, server: Machine
) -> None:
    records = marks(40)
    header, found = read(written(kit, server, records, notes={"clock": "x"}), server, kit)
    assert found == records
    assert header.counts == {"mark": 40}
    assert header.hashes == [each.hash for each in records]
    assert (header.kit, header.event, header.checkout) == (KIT, EVENT, CHECKOUT)
    assert (header.sequence, header.made_at, header.notes) == (1, NOON, {"clock": "x"})


def test_an_empty_bundle_is_a_bundle(kit: Machine, server: Machine) -> None:
    header, found = read(written(kit, server, []), server, kit)
    assert (header.total, found) == (0, [])


def test_a_large_bundle_is_read_as_a_stream_and_may_be_left_in_the_middle(
    kit: Machine, server: Machine
) -> None:
    content = written(kit, server, marks(20_000))
    with container.opening(io.BytesIO(content), str(server.identity), kit.verify) as bundle:
        assert next(bundle.records).sequence == 1


def test_nothing_of_the_content_is_in_the_file_as_text(kit: Machine, server: Machine) -> None:
    secret = Envelope("person", UUID(int=9), KIT, 1, {"name": "Invented Person Nineteen"})
    content = written(kit, server, [secret])
    assert b"Invented Person" not in content
    assert str(EVENT).encode() not in content


def test_any_one_altered_byte_is_refused_with_words(kit: Machine, server: Machine) -> None:
    content = written(kit, server, marks(3))
    codes = set()
    for place in range(len(content)):
        altered = bytearray(content)
        altered[place] ^= 1
        codes.add(refused(partial(read, bytes(altered), server, kit)))
    assert codes <= {
        "bundle.altered",
        "bundle.not-a-bundle",
        "bundle.other-recipient",
        "bundle.schema",
        "bundle.too-new",
        "bundle.truncated",
    }
    assert "bundle.altered" in codes


def test_a_change_is_found_where_the_last_line_was_made_to_fit(
    kit: Machine, server: Machine
) -> None:
    content = written(kit, server, marks(3))
    body = content[: -container._END_LENGTH]
    for place in range(body.index(b"\n") + 1, len(body), 3):
        altered = bytearray(body)
        altered[place] ^= 1
        file = io.BytesIO()
        counted = container._Counted(file)
        counted.write(bytes(altered))
        fitted = file.getvalue() + container._END + counted.digest().encode() + b"\n"
        assert refused(partial(read, fitted, server, kit)) in {
            "bundle.altered",
            "bundle.signature",
            "bundle.count",
        }


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.7, 0.99])
def test_a_file_that_was_cut_off_says_so(kit: Machine, server: Machine, kept: float) -> None:
    content = written(kit, server, marks(30))
    code = refused(lambda: read(content[: int(len(content) * kept)], server, kit))
    assert code in {"bundle.truncated", "bundle.not-a-bundle"}
    assert code == "bundle.truncated" or kept < 0.1


def test_a_bundle_for_another_kit_says_so(kit: Machine, server: Machine) -> None:
    other = Machine()
    content = written(server, kit, marks(1))
    assert refused(lambda: read(content, other, server)) == "bundle.other-recipient"


def test_whoever_is_not_the_sender_cannot_make_one(kit: Machine, server: Machine) -> None:
    forged = written(Machine(), kit, marks(1))
    assert refused(lambda: read(forged, kit, server)) == "bundle.signature"


def test_a_bundle_cannot_be_passed_on_to_another_kit_as_if_it_were_meant_for_it(
    kit: Machine, server: Machine
) -> None:
    content = written(server, kit, marks(1))
    inner = content[content.index(b"\n") + 1 : -container._END_LENGTH]
    plain = pyrage.decrypt(inner, [kit.identity])
    victim = Machine()
    file = io.BytesIO()
    counted = container._Counted(file)
    counted.write(container._outer(victim.recipient))
    counted.write(pyrage.encrypt(plain, [victim.identity.to_public()]))
    passed_on = file.getvalue() + container._END + counted.digest().encode() + b"\n"
    assert refused(lambda: read(passed_on, victim, server)) == "bundle.signature"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a spreadsheet", b"cairn-bundle x\n" * 9])
def test_any_other_file_is_not_a_bundle(kit: Machine, server: Machine, content: bytes) -> None:
    assert refused(lambda: read(content, kit, server)) == "bundle.not-a-bundle"


def third(values: dict[str, Any]) -> dict[str, Any] | None:
    return None if values["content"]["old"] == "drop" else values


def second(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"content": {"old": values["content"]["said"]}}


NEWER = Schema(3, {1: second, 2: third})


def test_an_older_form_is_read_through_every_step(kit: Machine, server: Machine) -> None:
    records = [*marks(1), Envelope("mark", UUID(int=7), KIT, 2, {"said": "drop"})]
    content = written(kit, server, records)
    _header, found = read(content, server, kit, NEWER)
    assert [each.content for each in found] == [{"old": "نعم 1"}]
    assert found[0].id == records[0].id


def test_a_newer_form_is_refused_with_both_numbers(kit: Machine, server: Machine) -> None:
    content = written(kit, server, marks(1), schema=NEWER)
    with pytest.raises(RuleBroken) as refusal:
        read(content, server, kit)
    assert refusal.value.code == "bundle.too-new"
    assert "3" in refusal.value.message
    assert "1" in refusal.value.message


def test_a_form_that_never_was_is_refused(kit: Machine, server: Machine) -> None:
    content = written(kit, server, marks(1), schema=Schema(0))
    assert refused(lambda: read(content, server, kit)) == "bundle.schema"
    assert NEWER.oldest == 1


def test_a_record_that_is_not_what_the_header_says_is_never_handed_out(
    kit: Machine, server: Machine
) -> None:
    good, other = marks(2)
    header = written(kit, server, [good])
    plain = pyrage.decrypt(
        header[header.index(b"\n") + 1 : -container._END_LENGTH], [server.identity]
    )
    swapped = plain.replace(good.line(), other.line())
    assert swapped != plain
    file = io.BytesIO()
    counted = container._Counted(file)
    counted.write(container._outer(server.recipient))
    counted.write(pyrage.encrypt(swapped, [server.identity.to_public()]))
    content = file.getvalue() + container._END + counted.digest().encode() + b"\n"
    assert refused(lambda: read(content, server, kit)) == "bundle.altered"


def test_the_notes_of_a_stranger_can_be_read_before_it_is_believed(
    kit: Machine, server: Machine
) -> None:
    content = written(server, kit, marks(1), notes={"card": server.card.text})
    notes = container.unproven_header(io.BytesIO(content), str(kit.identity)).notes
    assert cards.of_text(notes["card"]) == server.card


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x"},
        {"sequence": 0},
        {"sequence": True},
        {"owner": ""},
        {"content": []},
        {"needs": ["x"]},
        {"kind": 3},
    ],
)
def test_a_record_with_a_wrong_part_is_refused(changes: dict[str, Any]) -> None:
    values = json.loads(marks(1)[0].line()) | changes
    assert refused(lambda: envelopes.of_values(values)) == "bundle.record"


def test_the_hash_covers_every_part() -> None:
    one = Envelope("mark", UUID(int=1), "a", 1, {"x": 1}, (UUID(int=5),))
    others = [
        Envelope("seat", UUID(int=1), "a", 1, {"x": 1}, (UUID(int=5),)),
        Envelope("mark", UUID(int=2), "a", 1, {"x": 1}, (UUID(int=5),)),
        Envelope("mark", UUID(int=1), "b", 1, {"x": 1}, (UUID(int=5),)),
        Envelope("mark", UUID(int=1), "a", 2, {"x": 1}, (UUID(int=5),)),
        Envelope("mark", UUID(int=1), "a", 1, {"x": 2}, (UUID(int=5),)),
        Envelope("mark", UUID(int=1), "a", 1, {"x": 1}),
    ]
    assert len({each.hash for each in [one, *others]}) == 7


def test_a_card_survives_being_copied_and_a_slip_is_found(kit: Machine) -> None:
    card = kit.card
    assert cards.of_text("  " + card.text.replace(" ", "\n") + " \n") == card
    slipped = card.text[:20] + ("q" if card.text[20] != "q" else "p") + card.text[21:]
    for text in ("", "hello", slipped, card.text + " more", card.text[:-1]):
        assert refused(partial(cards.of_text, text)) == "kits.card"


def test_the_mark_of_a_machine_is_for_the_eye_and_belongs_to_both_keys(
    kit: Machine, server: Machine
) -> None:
    mark = kit.card.mark
    assert cards.tidied_mark(mark.lower().replace("-", " ")) == mark
    assert cards.tidied_mark(mark[:-1]) == ""
    mixed = cards.Card(kit.card.recipient, server.card.signer)
    assert len({mark, server.card.mark, mixed.mark}) == 3


@pytest.mark.parametrize("number", [1])
def test_a_recorded_bundle_of_every_form_is_read_for_ever(number: int) -> None:
    told = json.loads((RECORDED / f"bundle-{number}.json").read_text())
    with (RECORDED / f"bundle-{number}.cairn-bundle").open("rb") as file:
        sender = cards.of_text(told["card"])

        def verify(message: bytes, key_id: str, value: bytes) -> bool:
            Ed25519PublicKey.from_public_bytes(sender.signer).verify(value, message)
            return True

        with container.opening(file, told["identity"], verify) as bundle:
            assert bundle.header.schema == number
            assert [each.hash for each in bundle.records] == told["hashes"]


@pytest.mark.parametrize("number", [0, 1, 77, 255])
def test_an_identity_made_of_secret_bytes_is_one_that_age_accepts(number: int) -> None:
    secret = bytes([number]) * 31 + b"\x05"
    text = identities.identity_of(secret)
    identity = pyrage.x25519.Identity.from_str(text)
    assert str(identity) == text
    raw = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    assert pyrage.decrypt(pyrage.encrypt(raw, [identity.to_public()]), [identity]) == raw
    assert identities.identity_of(secret[::-1]) != text
    with pytest.raises(ValueError, match="32"):
        identities.identity_of(secret[1:])
