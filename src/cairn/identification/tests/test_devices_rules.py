"""Rules of phones, each in every case: states, units, codes, words at contact."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cairn.core.errors import RuleBroken
from cairn.core.models import OrganisationKind
from cairn.identification.rules import devices as rules
from cairn.identification.rules.choices import WorkerProfile
from cairn.identification.rules.devices import Dates, DeviceState, Word

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
MOMENTS = (None, BEFORE, NOW, AFTER)
STATE_BODIES = {OrganisationKind.STATE, OrganisationKind.STATE_BODY}


def expected_state(dates: Dates) -> DeviceState:
    """The same rule, told in the order of a decision table."""
    if dates.revoked_at:
        return DeviceState.REVOKED
    if dates.enrolled_at:
        is_live = dates.valid_until is AFTER
        return DeviceState.IN_USE if is_live else DeviceState.SILENT
    return DeviceState.INVITED if dates.enrol_expires_at is AFTER else DeviceState.LAPSED


@pytest.mark.parametrize("revoked", [None, BEFORE])
@pytest.mark.parametrize("enrolled", [None, BEFORE])
def test_every_pair_of_dates_gives_one_state(
    revoked: datetime | None, enrolled: datetime | None
) -> None:
    for expires, valid in product(MOMENTS, MOMENTS):
        dates = Dates(expires, enrolled, valid, revoked)
        assert rules.state_of(dates, now=NOW) is expected_state(dates)


@pytest.mark.parametrize(
    ("left", "soon"),
    [
        (timedelta(0), False),
        (timedelta(seconds=1), True),
        (timedelta(days=3), True),
        (timedelta(days=3, seconds=1), False),
    ],
)
def test_a_phone_ends_soon_in_its_last_three_days(left: timedelta, soon: bool) -> None:
    in_use = Dates(enrolled_at=BEFORE, valid_until=NOW + left)
    assert rules.ends_soon(in_use, now=NOW) is soon
    assert not rules.ends_soon(Dates(None, BEFORE, NOW + left, BEFORE), now=NOW)


@pytest.mark.parametrize("kind", OrganisationKind)
@pytest.mark.parametrize("profile", WorkerProfile)
def test_peacekeepers_report_to_a_body_of_a_state_only_where_the_mission_lets_them(
    profile: WorkerProfile, kind: OrganisationKind
) -> None:
    rules.check_receiver(profile, kind, accepts_mission=True, is_active=True)
    if profile is WorkerProfile.PEACEKEEPER and kind in STATE_BODIES:
        with pytest.raises(RuleBroken, match="body of a State") as refusal:
            rules.check_receiver(profile, kind, accepts_mission=False, is_active=True)
        assert refusal.value.code == "device.mission"
    else:
        rules.check_receiver(profile, kind, accepts_mission=False, is_active=True)


@pytest.mark.parametrize("profile", WorkerProfile)
def test_a_unit_that_takes_no_reports_is_given_no_phones(profile: WorkerProfile) -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.check_receiver(profile, OrganisationKind.NGO, accepts_mission=True, is_active=False)
    assert refusal.value.code == "device.receiver"


def test_an_area_is_one_of_the_units_list_or_none() -> None:
    areas = [["north", "Invented North"], ["south", "Invented South"]]
    rules.check_area("", areas)
    rules.check_area("south", areas)
    with pytest.raises(RuleBroken) as refusal:
        rules.check_area("west", areas)
    assert refusal.value.code == "device.area"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("K7QM-2R9C-HJKX", "K7QM-2R9C-HJKX"),
        (" k7qm 2r9c hjkx ", "K7QM-2R9C-HJKX"),
        ("k7qm2r9chjkx", "K7QM-2R9C-HJKX"),
        ("K7QM–2R9C—HJKX", "K7QM-2R9C-HJKX"),
        ("K7QM-2R9C-HJK", ""),
        ("K7QM-2R9C-HJKXX", ""),
        ("K7QM-2R9C-HJKO", ""),  # O is in no code
        ("", ""),
        ("K7QM-2R9C-HJK\x00", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, written: str) -> None:
    assert rules.tidied(typed) == written


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (Dates(enrol_expires_at=AFTER), ""),
        (Dates(enrol_expires_at=NOW), "device.expired"),
        (Dates(), "device.expired"),
        (Dates(AFTER, enrolled_at=BEFORE, valid_until=AFTER), "device.used"),
        (Dates(AFTER, enrolled_at=BEFORE, valid_until=BEFORE), "device.used"),
        (Dates(AFTER, revoked_at=BEFORE), "device.used"),
    ],
)
def test_a_code_works_once_and_until_it_ends(dates: Dates, code: str) -> None:
    if not code:
        rules.check_enrolment(dates, now=NOW)
        return
    with pytest.raises(RuleBroken) as refusal:
        rules.check_enrolment(dates, now=NOW)
    assert refusal.value.code == code


PRIVATE = ec.derive_private_key(20261122, ec.SECP256R1())
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@pytest.mark.parametrize(
    "public",
    [b"", PUBLIC[:-1], PUBLIC + b"\0", b"\x04" + bytes(64), b"\x02" + PUBLIC[1:33], bytes(65)],
)
def test_only_a_point_of_the_curve_is_a_key(public: bytes) -> None:
    rules.check_public(PUBLIC)
    with pytest.raises(RuleBroken) as refusal:
        rules.check_public(public)
    assert refusal.value.code == "device.key"


def signed(word: Word) -> Word:
    r, s = decode_dss_signature(PRIVATE.sign(word.signed_text(), ec.ECDSA(SHA256())))
    return Word(
        word.device, word.at, word.nonce, word.app, word.is_unsafe, word.asked,
        r.to_bytes(32, "big") + s.to_bytes(32, "big"),
    )  # fmt: skip


WORD = Word(
    "K7Q-M2R", "2026-11-22T06:00:00Z", "n0nce-n0nce", "0123abcd", False, ("one", "two"), b""
)


def test_the_signed_text_of_a_word_is_written_as_phones_write_it() -> None:
    assert WORD.signed_text() == (
        b"cairn contact 1\nK7Q-M2R\n2026-11-22T06:00:00Z\nn0nce-n0nce\n0123abcd\n0\none,two"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"device": "K7Q-M2X"},
        {"at": "2026-11-22T06:00:01Z"},
        {"nonce": "n0nce-n0ncE"},
        {"app": "0123abce"},
        {"is_unsafe": True},
        {"asked": ("one",)},
    ],
)
def test_a_signature_covers_each_part_of_a_word(change: dict[str, object]) -> None:
    word = signed(WORD)
    assert word.is_signed_by(PUBLIC)
    parts = {name: getattr(word, name) for name in Word.__slots__}
    assert not Word(**{**parts, **change}).is_signed_by(PUBLIC)


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), b"\xff" * 64])
def test_what_is_no_signature_signs_nothing(signature: bytes) -> None:
    parts = {name: getattr(WORD, name) for name in Word.__slots__} | {"signature": signature}
    assert not Word(**parts).is_signed_by(PUBLIC)


@pytest.mark.parametrize(
    ("change", "is_fine"),
    [
        ({}, True),
        ({"nonce": "short"}, False),
        ({"nonce": "x" * 65}, False),
        ({"nonce": "with a blank"}, False),
        ({"app": ""}, False),
        ({"app": "x" * 25}, False),
        ({"app": "one\ntwo"}, False),
        ({"asked": ("one",) * 200}, True),
        ({"asked": ("one",) * 201}, False),
    ],
)
def test_words_are_short_and_plain(change: dict[str, object], is_fine: bool) -> None:
    parts = {name: getattr(WORD, name) for name in Word.__slots__} | change
    assert rules.is_well_formed(Word(**parts)) is is_fine


@pytest.mark.parametrize(("minutes", "is_fine"), [(0, True), (15, True), (16, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_word_is_of_now(minutes: int, is_fine: bool, sign: int) -> None:
    assert rules.is_on_time(NOW + sign * timedelta(minutes=minutes), now=NOW) is is_fine


def test_pressing_again_within_minutes_is_the_same_alert() -> None:
    assert not rules.is_same_alert(None, now=NOW)
    assert rules.is_same_alert(NOW - timedelta(minutes=9, seconds=59), now=NOW)
    assert not rules.is_same_alert(NOW - timedelta(minutes=10), now=NOW)


def test_only_a_phone_that_was_enrolled_works_longer() -> None:
    rules.check_renewable(Dates(enrolled_at=BEFORE, valid_until=BEFORE))
    for dates, code in (
        (Dates(enrol_expires_at=AFTER), "device.not-enrolled"),
        (Dates(enrolled_at=BEFORE, revoked_at=BEFORE), "device.revoked"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            rules.check_renewable(dates)
        assert refusal.value.code == code
