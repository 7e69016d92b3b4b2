"""Rules of phones: who may be given one, for which unit, how long it works, when it ends."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.core.models import OrganisationKind
from cairn.core.pseudonyms import ALPHABET
from cairn.identification.envelopes.format import is_signature
from cairn.identification.envelopes.hpke import public_key
from cairn.identification.rules.choices import WorkerProfile

# Twelve signs of twenty-four: 3.7e16 codes, of which a handful are open at a time.
CODE_GROUPS, CODE_GROUP = 3, 4
# Long enough for the next visit to a post, short for a paper that lies about: a judgement.
CODE_LIVES = timedelta(hours=72)
# Further apart than that and a signed word of a phone may be an old one: a judgement.
MOST_CLOCK_ERROR = timedelta(minutes=15)
# From then on the list says that the phone will soon end: a judgement.
SOON = timedelta(days=3)
# One alert stands for what an officer presses again within that time: a judgement.
SAME_ALERT = timedelta(minutes=10)
MOST_ASKED = 200
PUBLIC_BYTES = 65
APP = re.compile(r"[A-Za-z0-9.+_-]{1,24}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_STATE_KINDS = frozenset({OrganisationKind.STATE.value, OrganisationKind.STATE_BODY.value})


class DeviceState(TextChoices):
    """Where a phone stands; computed from its dates, never stored."""

    INVITED = "invited", pgettext_lazy("phone", "Invited")
    LAPSED = "run-out", pgettext_lazy("phone", "Invitation ran out")
    IN_USE = "in-use", pgettext_lazy("phone", "In use")
    SILENT = "silent", pgettext_lazy("phone", "Ended: no contact for too long")
    REVOKED = "revoked", pgettext_lazy("phone", "Revoked")


@dataclass(frozen=True, slots=True)
class Dates:
    """What the state of a phone is computed from; None: it did not happen."""

    enrol_expires_at: datetime | None = None
    enrolled_at: datetime | None = None
    valid_until: datetime | None = None
    revoked_at: datetime | None = None


def state_of(dates: Dates, *, now: datetime) -> DeviceState:
    """The state at `now`. A phone works until the moment `valid_until`, that moment excluded."""
    if dates.revoked_at is not None:
        return DeviceState.REVOKED
    if dates.enrolled_at is None:
        waits = dates.enrol_expires_at is not None and now < dates.enrol_expires_at
        return DeviceState.INVITED if waits else DeviceState.LAPSED
    works = dates.valid_until is not None and now < dates.valid_until
    return DeviceState.IN_USE if works else DeviceState.SILENT


def ends_soon(dates: Dates, *, now: datetime) -> bool:
    """True for a phone in use that ends within three days if it stays silent."""
    if state_of(dates, now=now) != DeviceState.IN_USE or dates.valid_until is None:
        return False
    return dates.valid_until - now <= SOON


# --- Being given a phone ---------------------------------------------------------------------


def tidied(typed: str) -> str:
    """A one-time code as people type it, in its written form "XXXX-XXXX-XXXX"; "" for none."""
    signs = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-‐‑–—")
    if len(signs) != CODE_GROUPS * CODE_GROUP or set(signs) - set(ALPHABET):
        return ""
    starts = range(0, len(signs), CODE_GROUP)
    return "-".join(signs[start : start + CODE_GROUP] for start in starts)


def check_receiver(profile: str, kind: str, *, accepts_mission: bool, is_active: bool) -> None:
    """The unit that a phone reports to takes reports, and takes them from this kind of officer.

    `kind`: of the unit's organisation. Peacekeepers report through the mission: to a body of a
    State only where the profile of the mission permits it (casework study, part f).
    Raises RuleBroken ("device.receiver", "device.mission").
    """
    if not is_active:
        raise RuleBroken(
            "device.receiver",
            _("This receiving unit takes no reports any more."),
            _("Choose another one."),
        )
    is_peacekeeper = profile == WorkerProfile.PEACEKEEPER.value
    if is_peacekeeper and kind in _STATE_KINDS and not accepts_mission:
        raise RuleBroken(
            "device.mission",
            _("Peacekeepers do not report to a body of a State."),
            _("Choose the focal point of the mission, or a unit that accepts reports of missions."),
        )


def check_area(area: str, areas: list[list[str]]) -> None:
    """The area is one of the unit's list, or none. Raises RuleBroken ("device.area")."""
    if area and area not in {code for code, _label in areas}:
        raise RuleBroken(
            "device.area",
            _("The receiving unit does not know this area."),
            _("Choose one of its list, or none."),
        )


class Refusal(StrEnum):
    """Why a phone was not enrolled, as it is told to the phone."""

    UNKNOWN = "unknown-code"
    USED = "used"
    EXPIRED = "expired"


def check_enrolment(dates: Dates, *, now: datetime) -> None:
    """A one-time code works once, and until it ends.

    Raises RuleBroken ("device.used", "device.expired"); a revoked invitation counts as used.
    """
    state = state_of(dates, now=now)
    if state == DeviceState.LAPSED:
        raise RuleBroken("device.expired", _("This code ran out."), _("Ask for a new one."))
    if state != DeviceState.INVITED:
        raise RuleBroken("device.used", _("This code was used."), _("Ask for a new one."))


def check_public(public: bytes) -> None:
    """`public` is an uncompressed point of P-256. Raises RuleBroken ("device.key")."""
    try:
        if len(public) != PUBLIC_BYTES:
            raise ValueError(len(public))
        public_key(public)
    except ValueError:
        raise RuleBroken("device.key", _("The key of the phone cannot be read.")) from None


# --- Being in touch --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """What a phone says when it gets in touch. `asked`: ids of items whose state it wants."""

    device: str
    at: str
    nonce: str
    app: str
    is_unsafe: bool
    asked: tuple[str, ...]
    signature: bytes

    def signed_text(self) -> bytes:
        """What its key signed."""
        return (
            f"cairn contact 1\n{self.device}\n{self.at}\n{self.nonce}\n{self.app}\n"
            f"{int(self.is_unsafe)}\n{','.join(self.asked)}"
        ).encode()

    def is_signed_by(self, public: bytes) -> bool:
        return is_signature(public, self.signature, self.signed_text())


def is_well_formed(word: Word) -> bool:
    """True when the free parts of a word are short and of the expected signs."""
    return bool(
        APP.fullmatch(word.app) and _NONCE.fullmatch(word.nonce) and len(word.asked) <= MOST_ASKED
    )


def is_on_time(at: datetime, *, now: datetime) -> bool:
    """True when the phone's clock is near enough that what it says now cannot be an old word."""
    return abs(at - now) <= MOST_CLOCK_ERROR


def is_same_alert(before: datetime | None, *, now: datetime) -> bool:
    """True when an alert of `before` that nobody has answered stands for this one too."""
    return before is not None and now - before < SAME_ALERT


# --- Ending ----------------------------------------------------------------------------------


def check_not_revoked(revoked_at: datetime | None) -> None:
    """Raises RuleBroken ("device.revoked")."""
    if revoked_at is not None:
        raise RuleBroken("device.revoked", _("This phone is revoked."), _("Invite a new one."))


def check_renewable(dates: Dates) -> None:
    """Only a phone that was enrolled and is not revoked works longer.

    Raises RuleBroken ("device.revoked", "device.not-enrolled").
    """
    check_not_revoked(dates.revoked_at)
    if dates.enrolled_at is None:
        raise RuleBroken(
            "device.not-enrolled",
            _("No phone has used this invitation yet."),
            _("Invite again: that gives a new code."),
        )
