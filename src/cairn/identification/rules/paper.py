"""Rules of the paper twin: serials with a check sign, how many are printed, what is overdue."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import ALPHABET

FIRST: Final = "P"
_DRAWN: Final = 6
# A batch that one person can count through and carry away. A judgement.
MOST_AT_ONCE: Final = 50
# A filled form names signs, an area and perhaps a person: two days are enough to destroy it after
# it was sealed. A blank that did not come back after two weeks is looked for. Judgements.
SHRED_WITHIN: Final = timedelta(days=2)
ENTER_WITHIN: Final = timedelta(days=14)


class FormState(TextChoices):
    """Where a form stands; worked out from its days."""

    PRINTED = "printed", pgettext_lazy("state of a form", "Printed")
    MISSING = "missing", gettext_lazy("Printed, not back")
    TO_SHRED = "to-shred", gettext_lazy("Entered, to be shredded")
    LATE = "late", gettext_lazy("Entered, not shredded in time")
    DONE = "shredded", gettext_lazy("Entered and shredded")
    UNUSED = "unused", gettext_lazy("Destroyed unused")


def check_sign(signs: str) -> str:
    """The check sign of `signs`: ISO/IEC 7064, the hybrid system MOD n+1,n for our 24 signs.

    Every single wrong sign is found, and nearly every pair that changed places.
    """
    size = len(ALPHABET)
    product = size
    for sign in signs:
        product = (product + ALPHABET.index(sign)) % size or size
        product = product * 2 % (size + 1)
    return ALPHABET[(1 - product) % size]


def drawn() -> str:
    """A new serial, such as "PK7QM2R9". Random: it says nothing, not even how many there are."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(_DRAWN))
    return f"{FIRST}{signs}{check_sign(signs)}"


def grouped(serial: str) -> str:
    """A serial as it is printed, in groups that can be read aloud: "P K7Q M2R 9"."""
    return f"{serial[0]} {serial[1:4]} {serial[4:7]} {serial[7:]}"


def tidied(typed: str) -> str:
    """A serial as people type it ("p k7q-m2r 9"). Raises RuleBroken("paper.serial")."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    body = signs[1:-1]
    is_whole = len(signs) == _DRAWN + 2 and signs[0] == FIRST and not set(body) - set(ALPHABET)
    if not is_whole or check_sign(body) != signs[-1]:
        raise RuleBroken(
            "paper.serial",
            _("“%(typed)s” is not the serial of a form.") % {"typed": typed[:20]},
            _("Look at each sign again: a serial has P and seven more, and one of them checks."),
        )
    return signs


def check_count(count: int) -> None:
    """Raise RuleBroken("paper.count") unless between 1 and 50 forms are to be printed."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise RuleBroken(
            "paper.count",
            _("At most %(most)d forms are printed at once.") % {"most": MOST_AT_ONCE},
            _("Print the others afterwards."),
        )


def unknown_serial() -> RuleBroken:
    """The refusal for a whole serial that is not known, or not for the one who asks to see."""
    return RuleBroken(
        "paper.unknown",
        _("No form with this serial was printed for a unit that you enter forms for."),
        _("Look at each sign again. If it is right, the paper belongs to another office."),
    )


def check_unused(entered_at: datetime | None, shredded_at: datetime | None) -> None:
    """Raise RuleBroken("paper.used") for a form that was entered or destroyed."""
    if entered_at is not None:
        raise RuleBroken(
            "paper.used",
            _("This form was entered already. A form is entered once."),
            _("If two papers carry this serial, tell your supervisor, and enter neither again."),
        )
    if shredded_at is not None:
        raise RuleBroken(
            "paper.used",
            _("This form was noted as destroyed."),
            _("If you hold it in your hand, tell your supervisor."),
        )


def check_not_shredded(shredded_at: datetime | None) -> None:
    """Raise RuleBroken("paper.shredded") for a form that is gone already."""
    if shredded_at is not None:
        raise RuleBroken("paper.shredded", _("This form was noted as destroyed already."))


def check_content(has_name: bool, consent: str) -> None:
    """Raise RuleBroken("paper.consent") for a name without the person's agreement."""
    if has_name and consent not in {"yes", "only"}:
        raise RuleBroken(
            "paper.consent",
            _("A name is entered only when the person agreed."),
            _("Take the name out, and cross it out on the paper as well."),
        )


def state_of(
    printed_at: datetime,
    entered_at: datetime | None,
    shredded_at: datetime | None,
    *,
    now: datetime,
) -> FormState:
    """Where a form stands at `now`."""
    if shredded_at is not None:
        return FormState.DONE if entered_at is not None else FormState.UNUSED
    if entered_at is not None:
        return FormState.LATE if now > entered_at + SHRED_WITHIN else FormState.TO_SHRED
    return FormState.MISSING if now > printed_at + ENTER_WITHIN else FormState.PRINTED
