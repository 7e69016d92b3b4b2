"""Rules of protocols: what is agreed between organisations before anything is shared. Pure.

Source of the idea: information-sharing protocols of the GBV Information Management System and of
CPIMS+ (signed by every party, with a first and a last day, before any sharing).
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import DataCategory, Purpose

# A judgement: people, mandates and front lines change; after five years it is agreed anew.
LONGEST = timedelta(days=5 * 365)
# A judgement: one signs after having read, so a protocol that nobody could read is none.
SHORTEST_TEXT = 40


class ProtocolState(TextChoices):
    """What somebody did with a protocol; whether it holds on a day is `Standing`."""

    DRAFT = "draft", pgettext_lazy("protocol", "Draft")
    SIGNED = "signed", pgettext_lazy("protocol", "Signed by all")
    ENDED = "ended", pgettext_lazy("protocol", "Ended")


class SignatureForm(TextChoices):
    HERE = "here", pgettext_lazy("signature", "Signed here")
    PAPER = "paper", pgettext_lazy("signature", "Signed on paper")


class Standing(TextChoices):
    """How a protocol stands on a day. Only one that is in force lets anything be shared."""

    DRAFT = "draft", pgettext_lazy("protocol", "Waits for signatures")
    TO_COME = "to-come", pgettext_lazy("protocol", "Begins later")
    IN_FORCE = "in-force", pgettext_lazy("protocol", "In force")
    EXPIRED = "expired", pgettext_lazy("protocol", "Has run out")
    ENDED = "ended", pgettext_lazy("protocol", "Ended")


def standing(
    state: str, starts_on: date, ends_on: date, ended_on: date | None, today: date
) -> Standing:
    """How a protocol stands on `today`. Both days are included; it no longer holds on `ended_on`."""
    if state == ProtocolState.DRAFT:
        return Standing.DRAFT
    if state == ProtocolState.ENDED or (ended_on is not None and ended_on <= today):
        return Standing.ENDED
    if today > ends_on:
        return Standing.EXPIRED
    return Standing.TO_COME if today < starts_on else Standing.IN_FORCE
