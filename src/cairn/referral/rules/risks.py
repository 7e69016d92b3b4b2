"""Rules about recipients that nothing is sent to: on what ground, from when until when. Pure."""

from datetime import date
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken


class RiskGround(TextChoices):
    """Why nobody is referred to a recipient.

    Source: United Nations human rights due diligence policy on support to non-UN security forces
    (A/67/775-S/2013/110).
    """

    IMPLICATED_FORCE = "implicated-force", gettext_lazy("A force that may be implicated")
    CONFLICT = "conflict-of-interest", gettext_lazy("A conflict of interest")
    DUE_DILIGENCE = "due-diligence", gettext_lazy("What a due-diligence check found")


def holds(starts_on: date, ends_on: date | None, ended_on: date | None, today: date) -> bool:
    """True on the first and the last day and between them, and no longer on `ended_on`."""
    if today < starts_on or (ended_on is not None and ended_on <= today):
        return False
    return ends_on is None or today <= ends_on


def check_decided(
    recipient: UUID,
    service_of: UUID | None,
    ground: str,
    starts_on: date,
    ends_on: date | None,
    note: str,
    *,
    today: date,
) -> None:
    """Raise RuleBroken("risk.service", "risk.ground", "risk.days", "risk.note") for what nobody
    could act on. `service_of`: whose the one service is, None when it is about all of them."""
    if service_of is not None and service_of != recipient:
        raise RuleBroken("risk.service", _("This service belongs to another organisation."))
    if ground not in RiskGround.values:
        raise RuleBroken("risk.ground", _("Say on what ground."))
    if ends_on is not None and ends_on < max(starts_on, today):
        raise RuleBroken(
            "risk.days",
            _("The last day lies before the first, or is over already."),
            _("Leave it empty when no end is known."),
        )
    if not note.strip():
        raise RuleBroken(
            "risk.note",
            _("Say what was found out, and from whom: another person decides on it later."),
        )


def check_new(*, is_known: bool) -> None:
    """Raise RuleBroken("risk.known") when the same stands already."""
    if is_known:
        raise RuleBroken("risk.known", _("Nobody is referred there already, on the same ground."))


def check_ending(starts_on: date, ends_on: date | None, ended_on: date | None, today: date) -> None:
    """Raise RuleBroken("risk.over") for one that does not hold any more."""
    is_over = ended_on is not None or (ends_on is not None and ends_on < today)
    if is_over:
        raise RuleBroken("risk.over", _("This does not hold any more."))


def check_other_person(decided_by: UUID, ending: UUID) -> None:
    """Raise RuleBroken("risk.second-person") when one person alone would let a recipient back."""
    if decided_by == ending:
        raise RuleBroken(
            "risk.second-person",
            _("Whoever decided that nobody is referred there does not end it alone."),
            _("Ask a colleague who may decide on recipients."),
        )
