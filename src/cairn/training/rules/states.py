"""States of training records and the moves between them. Pure: values in, RuleBroken out."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken

State = TypeVar("State", bound=TextChoices)
Moves = Mapping[State, frozenset[State]]


class EventState(TextChoices):
    """Source of all machines here: the training study, 6.2 to 6.6."""

    IDEA = "idea", pgettext_lazy("training event", "Idea")
    PLANNED = "planned", pgettext_lazy("training event", "Planned")
    CALL_OPEN = "call-open", pgettext_lazy("training event", "Call open")
    SELECTION = "selection", pgettext_lazy("training event", "Selection")
    CONFIRMED = "confirmed", pgettext_lazy("training event", "Confirmed")
    RUNNING = "running", pgettext_lazy("training event", "Running")
    DELIVERED = "delivered", pgettext_lazy("training event", "Delivered")
    REPORTED = "reported", pgettext_lazy("training event", "Reported")
    CLOSED = "closed", pgettext_lazy("training event", "Closed")
    POSTPONED = "postponed", pgettext_lazy("training event", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("training event", "Cancelled")


_E = EventState
EVENT_MOVES: Moves[EventState] = {
    _E.IDEA: frozenset({_E.PLANNED, _E.CANCELLED}),
    _E.PLANNED: frozenset({_E.CALL_OPEN, _E.CONFIRMED, _E.POSTPONED, _E.CANCELLED}),
    _E.CALL_OPEN: frozenset({_E.SELECTION, _E.POSTPONED, _E.CANCELLED}),
    _E.SELECTION: frozenset({_E.CALL_OPEN, _E.CONFIRMED, _E.POSTPONED, _E.CANCELLED}),
    _E.CONFIRMED: frozenset({_E.RUNNING, _E.POSTPONED, _E.CANCELLED}),
    _E.RUNNING: frozenset({_E.DELIVERED}),
    _E.DELIVERED: frozenset({_E.REPORTED}),
    _E.REPORTED: frozenset({_E.CLOSED}),
    _E.CLOSED: frozenset(),
    _E.POSTPONED: frozenset({_E.PLANNED, _E.CANCELLED}),
    _E.CANCELLED: frozenset(),
}
# From here on people were trained: the cascade and every count begin with these.
DELIVERED = frozenset({_E.DELIVERED, _E.REPORTED, _E.CLOSED})


class EnrolmentState(TextChoices):
    ENROLLED = "enrolled", _("Enrolled")
    STARTED = "started", _("Started")
    COMPLETED = "completed", _("Completed")
    INCOMPLETE = "incomplete", _("Not completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("participant", "Withdrawn")
    NO_SHOW = "no-show", _("Did not come")


_N = EnrolmentState
ENROLMENT_MOVES: Moves[EnrolmentState] = {
    _N.ENROLLED: frozenset({_N.STARTED, _N.WITHDRAWN, _N.NO_SHOW}),
    _N.STARTED: frozenset({_N.COMPLETED, _N.INCOMPLETE, _N.WITHDRAWN}),
    # A late mark or a keyed answer sheet may change what the rule computes.
    _N.COMPLETED: frozenset({_N.INCOMPLETE}),
    _N.INCOMPLETE: frozenset({_N.COMPLETED}),
    _N.WITHDRAWN: frozenset(),
    _N.NO_SHOW: frozenset({_N.STARTED}),
}


class VersionState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    PILOTED = "piloted", _("Piloted")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", pgettext_lazy("version of a module", "Withdrawn")


_V = VersionState
VERSION_MOVES: Moves[VersionState] = {
    _V.DRAFT: frozenset({_V.IN_REVIEW, _V.WITHDRAWN}),
    _V.IN_REVIEW: frozenset({_V.DRAFT, _V.PILOTED, _V.APPROVED, _V.WITHDRAWN}),
    _V.PILOTED: frozenset({_V.DRAFT, _V.APPROVED, _V.WITHDRAWN}),
    _V.APPROVED: frozenset({_V.PUBLISHED, _V.WITHDRAWN}),
    _V.PUBLISHED: frozenset({_V.SUPERSEDED, _V.WITHDRAWN}),
    _V.SUPERSEDED: frozenset({_V.WITHDRAWN}),
    _V.WITHDRAWN: frozenset(),
}
# What may be taught: a draft may not.
TEACHABLE = frozenset({_V.IN_REVIEW, _V.PILOTED, _V.APPROVED, _V.PUBLISHED})


class CredentialState(TextChoices):
    """What somebody decided. Whether it has expired is computed from its dates."""

    ISSUED = "issued", pgettext_lazy("certificate", "Issued")
    SUSPENDED = "suspended", pgettext_lazy("certificate", "Suspended")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")
    SUPERSEDED = "superseded", pgettext_lazy("certificate", "Superseded")


_C = CredentialState
CREDENTIAL_MOVES: Moves[CredentialState] = {
    _C.ISSUED: frozenset({_C.SUSPENDED, _C.REVOKED, _C.SUPERSEDED}),
    _C.SUSPENDED: frozenset({_C.ISSUED, _C.REVOKED}),
    _C.REVOKED: frozenset(),
    _C.SUPERSEDED: frozenset({_C.REVOKED}),
}


class ReportState(TextChoices):
    """A report of a training by counts only."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    PLAUSIBLE = "plausible", _("Plausible")
    SAMPLED = "sampled", _("Sampled")
    VERIFIED = "verified", _("Verified")
    DISPUTED = "disputed", _("Disputed")


_R = ReportState
REPORT_MOVES: Moves[ReportState] = {
    _R.DRAFT: frozenset({_R.SENT}),
    _R.SENT: frozenset({_R.PLAUSIBLE, _R.DISPUTED}),
    _R.PLAUSIBLE: frozenset({_R.SAMPLED, _R.DISPUTED}),
    _R.SAMPLED: frozenset({_R.VERIFIED, _R.DISPUTED}),
    _R.VERIFIED: frozenset({_R.DISPUTED}),
    _R.DISPUTED: frozenset({_R.PLAUSIBLE}),
}


class DeploymentState(TextChoices):
    PLANNED = "planned", pgettext_lazy("deployment", "Planned")
    CONFIRMED = "confirmed", pgettext_lazy("deployment", "Confirmed")
    IN_POST = "in-post", pgettext_lazy("deployment", "In post")
    ENDED = "ended", pgettext_lazy("deployment", "Ended")
    CANCELLED = "cancelled", pgettext_lazy("deployment", "Cancelled")


_D = DeploymentState
DEPLOYMENT_MOVES: Moves[DeploymentState] = {
    _D.PLANNED: frozenset({_D.CONFIRMED, _D.CANCELLED}),
    _D.CONFIRMED: frozenset({_D.IN_POST, _D.CANCELLED}),
    _D.IN_POST: frozenset({_D.ENDED}),
    _D.ENDED: frozenset(),
    _D.CANCELLED: frozenset(),
}


class CheckoutState(TextChoices):
    """Where the editable part of an event is kept: here, or on a kit."""

    OUT = "out", _("On the kit")
    RETURNED = "returned", _("Returned")
    RECALLED = "recalled", _("Recalled")


class AdaptationState(TextChoices):
    DRAFT = "draft", _("Draft")
    PILOTED = "piloted", _("Piloted")
    ADOPTED = "adopted", _("Adopted")
    ENDED = "ended", _("Ended")


_A = AdaptationState
ADAPTATION_MOVES: Moves[AdaptationState] = {
    _A.DRAFT: frozenset({_A.PILOTED, _A.ENDED}),
    _A.PILOTED: frozenset({_A.DRAFT, _A.ADOPTED, _A.ENDED}),
    _A.ADOPTED: frozenset({_A.ENDED}),
    _A.ENDED: frozenset(),
}


def check_move(moves: Moves[State], now: State, to: State, code: str) -> None:
    """Raise RuleBroken(`code`) unless `moves` lets `now` become `to`; names what is possible."""
    if to in moves[now]:
        return
    possible = ", ".join(str(state.label) for state in sorted(moves[now]))
    raise RuleBroken(
        code,
        _now("What is “%(now)s” cannot become “%(to)s”.") % {"now": now.label, "to": to.label},
        _now("It can become: %(possible)s.") % {"possible": possible}
        if possible
        else _now("This state is final."),
    )
