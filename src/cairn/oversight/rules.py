"""States, moves, clocks and duties of oversight. Pure: values in, values or RuleBroken out."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken

# How long emergency access lasts (reference study on casework, E4: 24 hours, reviewed).
BREAK_GLASS_LASTS = timedelta(hours=24)
# GDPR (Regulation (EU) 2016/679, 27 April 2016) Article 12(3): within one month of receipt.
ANSWER_WITHIN_DAYS = 30
# The same, Article 33(1): notification of a breach within 72 hours of becoming aware of it.
NOTIFY_WITHIN = timedelta(hours=72)
# An approved export waits this long to be taken, once.
EXPORT_WAITS = timedelta(hours=24)
# A link that nobody limits ends by itself after this many days; longer ones are refused.
LINK_DAYS, LONGEST_LINK_DAYS = 90, 366
# A record whose time is over is kept at most this much longer by one decision: a judgement.
LONGEST_EXTENSION_DAYS = 366
# Shorter texts say nothing that a reviewer could weigh.
SHORTEST_REASON = 10
LONGEST_REASON = 1_000


class Purpose(TextChoices):
    """Why somebody opens sealed values. What each covers is explained where it is asked."""

    ASSISTANCE = "assistance", gettext_lazy("To give assistance")
    SAFETY = "safety", gettext_lazy("To keep somebody safe")
    IDENTIFICATION = "identification", gettext_lazy("To identify")
    DUTY_LIST = "duty-list", gettext_lazy("Duty list of one's own work")
    LEGAL_ORDER = "legal-order", gettext_lazy("To follow a legal order")
    SUBJECT_REQUEST = "subject-request", gettext_lazy("The person asked what is kept")
    TRAINING = "training", gettext_lazy("To run a training")
    SUPERVISION = "supervision", gettext_lazy("Supervision of the work")
    EXPORT = "export", gettext_lazy("Approved export")


class Basis(TextChoices):
    """What makes a reading lawful here."""

    MEMBERSHIP = "membership", gettext_lazy("Own organisation")
    WORK = "work", gettext_lazy("Own work with this very person")
    BREAK_GLASS = "break-glass", gettext_lazy("Emergency access")
    LINK = "link", gettext_lazy("Link between two zones")


class LinkBasis(TextChoices):
    """On what ground two records of different zones are joined (design: LinkGrant)."""

    CONSENT = "consent", gettext_lazy("Consent of the person")
    LEGAL_ORDER = "legal-order", gettext_lazy("Order of a court or authority")
    LEGAL_DUTY = "legal-duty", gettext_lazy("Duty under the law")
    VITAL_INTEREST = "vital-interest", gettext_lazy("Danger to life or health")


class ReviewState(TextChoices):
    """What became of an emergency access."""

    WAITING = "waiting", pgettext_lazy("review", "Waits for review")
    JUSTIFIED = "justified", gettext_lazy("Justified")
    NOT_JUSTIFIED = "not-justified", gettext_lazy("Not justified")


class AlertState(TextChoices):
    OPEN = "open", pgettext_lazy("alert", "Open")
    EXPLAINED = "explained", gettext_lazy("Explained")
    ESCALATED = "escalated", gettext_lazy("Made an incident")


class ExportState(TextChoices):
    ASKED = "asked", pgettext_lazy("decision", "Asked for")
    APPROVED = "approved", pgettext_lazy("export", "Approved")
    REFUSED = "refused", gettext_lazy("Refused")
    TAKEN = "taken", pgettext_lazy("export", "Taken")
    EXPIRED = "expired", gettext_lazy("Expired")


class RequestState(TextChoices):
    """A person asks about their own record (reference study on casework, E3)."""

    RECEIVED = "received", gettext_lazy("Received")
    IDENTITY_VERIFIED = "identity-verified", gettext_lazy("Identity verified safely")
    HOLD_CHECKED = "hold-checked", gettext_lazy("Legal holds checked")
    FULFILLED = "fulfilled", gettext_lazy("Fulfilled")
    PARTLY = "partly", gettext_lazy("Fulfilled in part")
    REFUSED = "refused", gettext_lazy("Refused")
    NOTIFIED = "notified", gettext_lazy("Person told, through the safe channel")


class IncidentState(TextChoices):
    REPORTED = "reported", pgettext_lazy("incident", "Reported")
    CONTAINED = "contained", pgettext_lazy("incident", "Contained")
    ASSESSED = "assessed", pgettext_lazy("incident", "Assessed")
    NOTIFIED = "notified", gettext_lazy("Authority and persons told")
    CLOSED = "closed", pgettext_lazy("incident", "Closed")


class ErasureState(TextChoices):
    ASKED = "asked", pgettext_lazy("decision", "Asked for")
    REFUSED = "refused", gettext_lazy("Refused")
    APPROVED = "approved", pgettext_lazy("erasure", "Approved")
    ERASED = "erased", gettext_lazy("Erased")


# Two kinds may share a word, and choices are compared as text: so one table for each kind.
MOVES: dict[type[TextChoices], dict[TextChoices, frozenset[TextChoices]]] = {
    ReviewState: {
        ReviewState.WAITING: frozenset({ReviewState.JUSTIFIED, ReviewState.NOT_JUSTIFIED}),
        ReviewState.JUSTIFIED: frozenset(),
        ReviewState.NOT_JUSTIFIED: frozenset(),
    },
    AlertState: {
        AlertState.OPEN: frozenset({AlertState.EXPLAINED, AlertState.ESCALATED}),
        AlertState.EXPLAINED: frozenset({AlertState.ESCALATED}),
        AlertState.ESCALATED: frozenset(),
    },
    ExportState: {
        ExportState.ASKED: frozenset(
            {ExportState.APPROVED, ExportState.REFUSED, ExportState.EXPIRED}
        ),
        ExportState.APPROVED: frozenset(
            {ExportState.TAKEN, ExportState.REFUSED, ExportState.EXPIRED}
        ),
        ExportState.REFUSED: frozenset(),
        ExportState.TAKEN: frozenset(),
        ExportState.EXPIRED: frozenset(),
    },
    RequestState: {
        RequestState.RECEIVED: frozenset({RequestState.IDENTITY_VERIFIED, RequestState.REFUSED}),
        RequestState.IDENTITY_VERIFIED: frozenset(
            {RequestState.HOLD_CHECKED, RequestState.REFUSED}
        ),
        RequestState.HOLD_CHECKED: frozenset(
            {RequestState.FULFILLED, RequestState.PARTLY, RequestState.REFUSED}
        ),
        RequestState.FULFILLED: frozenset({RequestState.NOTIFIED}),
        RequestState.PARTLY: frozenset({RequestState.NOTIFIED}),
        RequestState.REFUSED: frozenset({RequestState.NOTIFIED}),
        RequestState.NOTIFIED: frozenset(),
    },
    IncidentState: {
        IncidentState.REPORTED: frozenset({IncidentState.CONTAINED, IncidentState.ASSESSED}),
        IncidentState.CONTAINED: frozenset({IncidentState.ASSESSED}),
        IncidentState.ASSESSED: frozenset(
            {IncidentState.CONTAINED, IncidentState.NOTIFIED, IncidentState.CLOSED}
        ),
        IncidentState.NOTIFIED: frozenset({IncidentState.CLOSED}),
        IncidentState.CLOSED: frozenset(),
    },
    ErasureState: {
        ErasureState.ASKED: frozenset({ErasureState.APPROVED, ErasureState.REFUSED}),
        ErasureState.APPROVED: frozenset({ErasureState.ERASED}),
        ErasureState.REFUSED: frozenset(),
        ErasureState.ERASED: frozenset(),
    },
}


def check_move(now: TextChoices, to: TextChoices) -> None:
    """Raise RuleBroken("oversight.move") unless `now` may become `to` (same kind of record)."""
    if type(now) is not type(to) or to not in MOVES[type(now)][now]:
        raise RuleBroken(
            "oversight.move",
            _("What is “%(now)s” cannot become “%(to)s”.") % {"now": now.label, "to": to.label},
        )


def moves_from(now: TextChoices) -> list[TextChoices]:
    """What `now` may become, in the order of its kind."""
    return [each for each in type(now) if each in MOVES[type(now)][now]]


def check_reason(text: str) -> str:
    """The reason without blanks around it.

    Raises RuleBroken("oversight.reason") when it is too short to be weighed, or too long.
    """
    reason = text.strip()
    if len(reason) < SHORTEST_REASON:
        raise RuleBroken(
            "oversight.reason",
            _("The reason is too short to be reviewed."),
            _("Write at least %(count)d characters.") % {"count": SHORTEST_REASON},
        )
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(
            "oversight.reason",
            _("The reason is too long."),
            _("Write at most %(count)d characters.") % {"count": LONGEST_REASON},
        )
    return reason


def check_amount(count: int, most: int) -> None:
    """Raise RuleBroken("oversight.too-many") when more records than that are opened at once."""
    if count > most:
        raise RuleBroken(
            "oversight.too-many",
            _("At most %(count)d records are opened at once.") % {"count": most},
            _("Open fewer, or ask for an export, which another person approves."),
        )


def check_other_person(first: UUID | None, second: UUID | None, message: Promise | str) -> None:
    """Raise RuleBroken("oversight.second-person") when one person would do both parts."""
    if first == second:
        raise RuleBroken(
            "oversight.second-person", str(message), _("Ask somebody else to decide this.")
        )


def check_link_zones(left: str, right: str) -> None:
    """Raise RuleBroken("link.same-zone"): inside one zone no link is needed."""
    if left == right:
        raise RuleBroken("link.same-zone", _("A link joins records of two different zones."))


def link_ends(asked: date | None, *, today: date) -> date:
    """The last day of a link: as asked, or 90 days on. Both ends included.

    Raises RuleBroken("link.expiry") for a day that is past, or more than a year away.
    """
    ends = asked or today + timedelta(days=LINK_DAYS)
    if not today <= ends <= today + timedelta(days=LONGEST_LINK_DAYS):
        raise RuleBroken(
            "link.expiry",
            _("A link ends between today and a year from now."),
            _("Choose a day in that time; a link can be made again."),
        )
    return ends


def keep_until(asked: date, *, today: date, before: date | None) -> date:
    """The last day of a record that is kept longer: as asked. Both ends included.

    `before`: its last day until now. Raises RuleBroken("retention.until") for a day that is past,
    not later than it was, or more than a year away, as the decision is looked at again each year.
    """
    first = max(today, before + timedelta(days=1)) if before else today
    if not first <= asked <= today + timedelta(days=LONGEST_EXTENSION_DAYS):
        raise RuleBroken(
            "retention.until",
            _("A record is kept longer until a day after its last one, at most a year from now."),
            _("Choose a day in that time; it can be decided again."),
        )
    return asked


def check_scope(asked: set[str], known: set[str], *, may_be_empty: bool = False) -> None:
    """Raise RuleBroken("link.scope") unless `asked` names some of the `known` field classes."""
    if asked - known or (not asked and not may_be_empty):
        raise RuleBroken(
            "link.scope",
            _("Choose which parts of the record this is about."),
            _("Only parts that the record has can be chosen."),
        )


def check_purpose(text: str) -> str:
    """The purpose without blanks around it; RuleBroken("link.purpose") when it says nothing."""
    purpose = text.strip()
    if not SHORTEST_REASON <= len(purpose) <= 200:
        raise RuleBroken(
            "link.purpose",
            _("Say in 10 to 200 characters what the link is for, without names."),
        )
    return purpose


def check_waits(expires_at: datetime, *, now: datetime) -> None:
    """Raise RuleBroken("export.expired") when an export waited longer than it may."""
    if expires_at <= now:
        raise RuleBroken(
            "export.expired",
            _("The time for this export is over."),
            _("Ask for it again."),
        )


def check_not_future(day: date, *, today: date) -> None:
    """Raise RuleBroken("request.future") for a day that has not come yet."""
    if day > today:
        raise RuleBroken("request.future", _("This day has not come yet."))


def check_happened(moment: datetime, *, now: datetime) -> None:
    """Raise RuleBroken("incident.future") for a moment that has not come yet."""
    if moment > now:
        raise RuleBroken("incident.future", _("This moment has not come yet."))


def check_has_key(has_key: bool) -> None:
    """Raise RuleBroken("erasure.erased") for a record whose key was destroyed already."""
    if not has_key:
        raise RuleBroken("erasure.erased", _("This record was erased already."))


def check_not_held(holds: int) -> None:
    """Raise RuleBroken("erasure.held") while a legal hold keeps the record."""
    if holds:
        raise RuleBroken(
            "erasure.held",
            _("A legal hold keeps this record."),
            _("End the hold first, or wait until it ends."),
        )


def notify_by(aware_at: datetime) -> datetime:
    """Until when the supervisory authority is to be told of a breach."""
    return aware_at + NOTIFY_WITHIN


def answer_by(received_on: date) -> date:
    """Until when a person who asked is to be answered."""
    return received_on + timedelta(days=ANSWER_WITHIN_DAYS)
