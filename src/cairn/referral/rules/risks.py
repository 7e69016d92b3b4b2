"""Rules about recipients that nothing is sent to: on what ground, from when until when. Pure."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RiskGround(TextChoices):
    """Why nobody is referred to a recipient.

    Source: United Nations human rights due diligence policy on support to non-UN security forces
    (A/67/775-S/2013/110).
    """

    IMPLICATED_FORCE = "implicated-force", _("A force that may be implicated")
    CONFLICT = "conflict-of-interest", _("A conflict of interest")
    DUE_DILIGENCE = "due-diligence", _("What a due-diligence check found")


def holds(starts_on: date, ends_on: date | None, ended_on: date | None, today: date) -> bool:
    """True on the first and the last day and between them, and no longer on `ended_on`."""
    if today < starts_on or (ended_on is not None and ended_on <= today):
        return False
    return ends_on is None or today <= ends_on
