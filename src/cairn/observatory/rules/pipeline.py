"""The way of a release: its states and steps, its periods, and the hashes that chain its steps."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken

SIGNATURES = 2
START = "0" * 64
# Days after its end until a period may be counted, so that cases that are entered late are in it.
# Judgements, not law: a month for a quarter, a quarter for a year.
WAIT_QUARTER = 30
WAIT_YEAR = 90
# Days that the extract and the exact counts are kept of a release on which nobody went on.
WORK_DAYS = 30
LEAST_REASON = 10


class ReleaseState(TextChoices):
    """Where a release stands. The first five are steps that the machine takes."""

    DRAFT = "draft", pgettext_lazy("release", "begun")
    EXTRACTED = "extracted", pgettext_lazy("release", "extract taken")
    COUNTED = "counted", pgettext_lazy("release", "counted")
    PROTECTED = "protected", pgettext_lazy("release", "protected")
    ATTACKED = "attacked", pgettext_lazy("release", "waits for signatures")
    SIGNED = "signed", pgettext_lazy("release", "signed by two")
    PUBLISHED = "published", pgettext_lazy("release", "published")
    REFUSED = "refused", pgettext_lazy("release", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("release", "withdrawn")


class Step(TextChoices):
    """The steps that leave an artefact, in their order."""

    EXTRACT = "extract", pgettext_lazy("step of a release", "Frozen extract")
    CUBE = "cube", pgettext_lazy("step of a release", "Exact counts")
    PROTECT = "protect", pgettext_lazy("step of a release", "Protection")
    ATTACK = "attack", pgettext_lazy("step of a release", "Attack")


STEPS = tuple(Step)
AFTER: Mapping[Step, ReleaseState] = {
    Step.EXTRACT: ReleaseState.EXTRACTED,
    Step.CUBE: ReleaseState.COUNTED,
    Step.PROTECT: ReleaseState.PROTECTED,
    Step.ATTACK: ReleaseState.ATTACKED,
}
BEFORE: Mapping[Step, ReleaseState] = {
    Step.EXTRACT: ReleaseState.DRAFT,
    Step.CUBE: ReleaseState.EXTRACTED,
    Step.PROTECT: ReleaseState.COUNTED,
    Step.ATTACK: ReleaseState.PROTECTED,
}
BUILDING = frozenset(BEFORE.values())
# Nothing is done to a release any more, but that a published one may be withdrawn.
OVER = frozenset({ReleaseState.PUBLISHED, ReleaseState.REFUSED, ReleaseState.WITHDRAWN})


class Way(TextChoices):
    """How counts are protected."""

    CUBE = "cube", gettext_lazy("open cube: threshold, small noise, rounding to 5")
    TABLE = "table", gettext_lazy("fixed tables: exact, small cells and their partners hidden")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Both days are included."""

    since: date
    until: date

    @property
    def is_year(self) -> bool:
        return (self.since.month, self.since.day, self.until) == (
            1,
            1,
            self.since.replace(day=31, month=12),
        )

    def contains(self, other: "Period") -> bool:
        return self.since <= other.since and other.until <= self.until

    def meets(self, other: "Period") -> bool:
        return self.since <= other.until and other.since <= self.until


def quarter_of(day: date) -> Period:
    """The quarter in which a day lies."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return Period(first, after - timedelta(days=1))


def check_period(period: Period, today: date) -> None:
    """Raise RuleBroken("observatory.period") unless it is a whole quarter or year, long over.

    The calendar is fixed: no other stretch of time can be asked for, so that none can be
    subtracted from another.
    """
    quarter = quarter_of(period.since)
    if period != quarter and not period.is_year:
        raise RuleBroken(
            "observatory.period",
            _("Releases are of a whole quarter or a whole year, from 1 January on."),
            _("Choose such a period: with others one release could be taken from another."),
        )
    opens = period.until + timedelta(days=WAIT_YEAR if period.is_year else WAIT_QUARTER)
    if today <= opens:
        raise RuleBroken(
            "observatory.period",
            _("This period is counted after %(day)s, when what comes late has been entered.")
            % {"day": opens.isoformat()},
            _("Come back then. What comes later still enters with the year."),
        )


def check_step(state: str, step: Step) -> None:
    """Raise RuleBroken("observatory.step") unless the step is the next one, or one done before."""
    order = [ReleaseState.DRAFT, *AFTER.values()]
    if state not in order:
        raise RuleBroken(
            "observatory.step",
            _("This release is not being built any more."),
            _("Begin a new release."),
        )
    if order.index(ReleaseState(state)) < order.index(BEFORE[step]):
        raise RuleBroken(
            "observatory.step",
            _("A step before this one is missing."),
            _("Build the release: it goes on where it stopped."),
        )


def check_signing(
    state: str,
    is_builder: bool,
    signed: Iterable[UUID],
    signer: UUID,
    digests: Iterable[str],
    seen: str,
) -> None:
    """Raise RuleBroken unless this person may sign what they saw (its digest is `seen`).

    `digests`: the digest of the last artefact as it is stored, and as it is computed anew, and
    those that were signed before. Codes: "observatory.not-attacked", "observatory.builder-signs",
    "observatory.twice", "observatory.changed".
    """
    if state != ReleaseState.ATTACKED:
        raise RuleBroken(
            "observatory.not-attacked",
            _("Only a release that has withstood the attack can be signed."),
        )
    if is_builder:
        raise RuleBroken(
            "observatory.builder-signs",
            _("Who built a release does not sign it."),
            _("Two others do; each of them looks at it with their own eyes."),
        )
    if signer in set(signed):
        raise RuleBroken(
            "observatory.twice",
            _("You have signed this release already."),
            _("The second signature is another person's."),
        )
    if any(each != seen for each in digests):
        raise changed()


def changed() -> RuleBroken:
    """The refusal of a release that is not what was signed or attacked."""
    return RuleBroken(
        "observatory.changed",
        _("What is stored is not what was attacked and signed: a hash differs."),
        _(
            "Nothing is published. Refuse this release, tell whoever watches over the "
            "installation, and build anew."
        ),
    )


def check_reason(reason: str) -> None:
    """Raise RuleBroken("observatory.reason") for a reason that says nothing."""
    if len(reason.strip()) < LEAST_REASON:
        raise RuleBroken("observatory.reason", _("Say why in a few words."))


def canonical(content: Any) -> bytes:
    """JSON that is the same for the same content: the form in which everything is hashed."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(content: Any) -> str:
    """SHA-256 (hex) of plain types."""
    return hashlib.sha256(canonical(content)).hexdigest()


def artefact_digest(
    release: str, step: str, previous: str, content: str, summary: Mapping[str, Any]
) -> str:
    """The hash of one artefact. It names the one before, and holds no time of day: the same
    records give the same hash however often a step is taken.
    """
    return digest(
        {
            "release": release,
            "step": step,
            "previous": previous,
            "content": content,
            "summary": summary,
        }
    )
