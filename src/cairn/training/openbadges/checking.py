"""The answer of a check: what a certificate is worth today, and as of when that is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.training.openbadges import compact, jose
from cairn.training.openbadges.statuslist import Purpose, Statuses

# A list older than this is named as old: a revocation reaches a device that comes online weekly.
STALE_AFTER: Final = timedelta(days=7)


class Verdict(TextChoices):
    """In the order in which they are decided: the first that holds is the answer."""

    UNREADABLE = "unreadable", _("Not a certificate")
    UNKNOWN_KEY = "unknown-key", _("Not issued here")
    ALTERED = "altered", _("Altered")
    REVOKED = "revoked", _("Revoked")
    SUSPENDED = "suspended", _("Suspended")
    NOT_YET = "not-yet", _("Not valid yet")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Replaced by a newer one")
    VALID = "valid", _("Valid")


REFUSALS = {
    "credential.unreadable": Verdict.UNREADABLE,
    "credential.unknown-key": Verdict.UNKNOWN_KEY,
    "credential.altered": Verdict.ALTERED,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """`certificate`: None when its signature did not hold, so that nothing false is repeated.

    `as_of`: when the list was made that the answer rests on; None without a list, when nobody
    can say whether it was revoked. `is_stale`: the list is older than it should be.
    """

    verdict: Verdict
    certificate: compact.Certificate | None
    as_of: datetime | None
    is_stale: bool = False


def check(
    token: str,
    keys: jose.Keys,
    statuses: Statuses | None,
    *,
    now: datetime,
    stale_after: timedelta = STALE_AFTER,
) -> Checked:
    """Check a short token with what a device holds. Never raises for what somebody presents."""
    as_of = statuses.made_at if statuses else None
    stale = as_of is not None and now - as_of > stale_after
    try:
        certificate = compact.opened(token, keys)
    except RuleBroken as refusal:
        return Checked(REFUSALS[refusal.code], None, as_of, stale)
    return Checked(_judged(certificate, statuses, now), certificate, as_of, stale)


def _judged(certificate: compact.Certificate, statuses: Statuses | None, now: datetime) -> Verdict:
    listed = {
        purpose
        for purpose in Purpose
        if statuses is not None and statuses.says(purpose, certificate.status_index)
    }
    return judged(
        is_revoked=Purpose.REVOCATION in listed,
        is_suspended=Purpose.SUSPENSION in listed,
        is_superseded=Purpose.REFRESH in listed,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        now=now,
    )


def judged(
    *,
    is_revoked: bool,
    is_suspended: bool,
    is_superseded: bool,
    valid_from: datetime,
    valid_until: datetime | None,
    now: datetime,
) -> Verdict:
    """The verdict on a genuine certificate. It ends with the moment `valid_until`."""
    if is_revoked:
        return Verdict.REVOKED
    if is_suspended:
        return Verdict.SUSPENDED
    if now < valid_from:
        return Verdict.NOT_YET
    if valid_until is not None and now >= valid_until:
        return Verdict.EXPIRED
    return Verdict.SUPERSEDED if is_superseded else Verdict.VALID
