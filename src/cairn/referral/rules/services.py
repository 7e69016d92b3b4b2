"""Rules of services: what they are, for whom, when open, and how capacity gets old. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules import access_points
from cairn.referral.rules.access_points import GOOD_FOR, Age, Need, Sex

# A judgement: beds and places change within days. What was said about them is shown as said for a
# fortnight; after sixty days, as with every entry of the directory, nobody is sent there.
SAID_FOR = timedelta(days=14)
OFFERED_FOR = GOOD_FOR
# For so long a link with which a provider says how things stand can be used.
LINK_FOR = timedelta(days=30)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SPANS = 4
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")

Hours = Mapping[str, Sequence[Sequence[str]]]
"""{"mon": [["08:00", "16:00"]]}: times of the place; a day that is missing is closed."""


class ServiceType(TextChoices):
    """What is given there; several may be given by one service."""

    SHELTER = "shelter", gettext_lazy("Shelter")
    HEALTH = "health", pgettext_lazy("service", "Health care")
    MENTAL_HEALTH = "mental-health", gettext_lazy("Mental health and psychosocial support")
    LEGAL_AID = "legal-aid", gettext_lazy("Legal aid")
    INTERPRETATION = "interpretation", gettext_lazy("Interpretation")
    CASE_MANAGEMENT = "case-management", gettext_lazy("Case management")
    CASH = "cash", gettext_lazy("Cash and vouchers")
    BASIC_NEEDS = "basic-needs", gettext_lazy("Food and basic items")
    LIVELIHOOD = "livelihood", gettext_lazy("Work and livelihood")
    VOCATIONAL_TRAINING = "vocational-training", gettext_lazy("Vocational training")
    EDUCATION = "education", gettext_lazy("Education")
    FAMILY_TRACING = "family-tracing", gettext_lazy("Family tracing")
    CHILD_PROTECTION = "child-protection", gettext_lazy("Child protection")
    ASYLUM = "asylum", gettext_lazy("Asylum and refugee status")
    DOCUMENTATION = "documentation", gettext_lazy("Identity papers")
    HOTLINE = "hotline", gettext_lazy("Helpline")
    TRANSPORT = "transport", gettext_lazy("Safe transport")
    RETURN = "return", gettext_lazy("Voluntary return")
    REINTEGRATION = "reintegration", gettext_lazy("Reintegration")


class Exclusion(TextChoices):
    """Whom a service cannot take; said beforehand, so that nobody is sent in vain."""

    BOYS_OVER_12 = "boys-over-12", gettext_lazy("Boys over twelve with their family")
    WITH_CHILDREN = "with-children", gettext_lazy("Adults with children")
    ALONE_UNDER_18 = "alone-under-18", gettext_lazy("Children alone")
    SUBSTANCE_USE = "substance-use", gettext_lazy("Active use of drugs or alcohol")
    ACUTE_MENTAL = "acute-mental", gettext_lazy("Acute mental illness")
    MEDICAL_CARE = "medical-care", gettext_lazy("Who needs medical care day and night")
    STEP_FREE = "step-free", gettext_lazy("Who needs a way without steps")
    NO_PAPERS = "no-papers", gettext_lazy("Who has no papers")
    OUTSIDE_AREA = "outside-area", gettext_lazy("Who lives outside the area")
    DANGER_NEAR = "danger-near", gettext_lazy("Whose danger comes from nearby")


class Capacity(TextChoices):
    """What the provider says."""

    OPEN = "open", pgettext_lazy("capacity", "Open")
    WAITING_LIST = "waiting-list", pgettext_lazy("capacity", "Waiting list")
    CLOSED = "closed", pgettext_lazy("capacity", "Full")


class Standing(TextChoices):
    """How a service stands today: what was said, as far as it is still worth something."""

    OPEN = "open", pgettext_lazy("capacity", "Open")
    WAITING_LIST = "waiting-list", pgettext_lazy("capacity", "Waiting list")
    FULL = "full", pgettext_lazy("capacity", "Full")
    NOT_KNOWN = "not-known", pgettext_lazy("capacity", "Not known")
    STALE = "stale", gettext_lazy("Out of date")
    TAKEN_OUT = "taken-out", gettext_lazy("Taken out")


class Sensitivity(TextChoices):
    """Who may know of a service. What is not said is protected."""

    PUBLIC = "public", gettext_lazy("Public: everybody may know of it")
    RESTRICTED = "restricted", gettext_lazy("Restricted: those who refer persons know of it")
    PROTECTED = "protected", gettext_lazy("Protected: its place is known to very few")


# Kinds whose place endangers the people in it, whatever else is said about them.
SHELTERING = frozenset({ServiceType.SHELTER.value})
# (code of the refusal, known codes, words), in the order in which `faults` looks at them.
_LISTS = (
    ("service.kinds", ServiceType, gettext_lazy("“%(code)s” is no kind of service.")),
    ("service.needs", Need, gettext_lazy("“%(code)s” is no need.")),
    ("service.exclusions", Exclusion, gettext_lazy("“%(code)s” is no reason to turn away.")),
    ("service.ages", Age, gettext_lazy("“%(code)s” is no age.")),
    ("service.sexes", Sex, gettext_lazy("“%(code)s” is no sex.")),
    ("service.capacity", Capacity, gettext_lazy("“%(code)s” is no capacity.")),
)
# How a capacity that was said is shown while it is fresh.
_STANDING = {
    Capacity.OPEN: Standing.OPEN,
    Capacity.WAITING_LIST: Standing.WAITING_LIST,
    Capacity.CLOSED: Standing.FULL,
}


def is_sheltered(kinds: Iterable[str], sensitivity: str) -> bool:
    """True when the place of such a service must stand in no field that is not sealed.

    An unknown sensitivity counts as protected.
    """
    known = sensitivity in {Sensitivity.PUBLIC, Sensitivity.RESTRICTED}
    return not known or bool(SHELTERING & set(kinds))


def standing(
    capacity: str,
    capacity_at: datetime | None,
    assured_on: date,
    closed_at: datetime | None,
    now: datetime,
) -> Standing:
    """How a service stands at `now`.

    What was said of its capacity is worth something for fourteen days. Whoever says it has looked
    at the entry too (`assured_on`); after sixty days without, nobody is sent there.
    """
    if closed_at is not None:
        return Standing.TAKEN_OUT
    if now.date() - assured_on > OFFERED_FOR:
        return Standing.STALE
    if capacity not in Capacity.values or capacity_at is None or now - capacity_at > SAID_FOR:
        return Standing.NOT_KNOWN
    return _STANDING[Capacity(capacity)]


def is_offered(state: Standing) -> bool:
    """True when somebody may be sent there: a full service is not offered, a waiting list is."""
    return state in {Standing.OPEN, Standing.WAITING_LIST, Standing.NOT_KNOWN}


def is_open_at(hours: Hours, zone: str, moment: datetime) -> bool | None:
    """Whether somebody is there at `moment`; None when no times are known.

    `zone`: IANA name, "" for the time zone of the installation (then `moment` is local already).
    A span that ends at or before its start goes on past midnight.
    """
    if not any(hours.get(day) for day in DAYS):
        return None
    local = moment.astimezone(ZoneInfo(zone)) if zone else moment
    minute = local.hour * 60 + local.minute
    today, yesterday = DAYS[local.weekday()], DAYS[local.weekday() - 1]
    for start, end in _spans(hours, today):
        if start <= minute < end or (end <= start and minute >= start):
            return True
    return any(end <= start and minute < end for start, end in _spans(hours, yesterday))


def _spans(hours: Hours, day: str) -> list[tuple[int, int]]:
    return [(_minutes(span[0]), _minutes(span[1])) for span in hours.get(day, ())]


def _minutes(written: str) -> int:
    hour, _colon, minute = written.partition(":")
    return int(hour) * 60 + int(minute)


def check_hours(hours: Hours, zone: str) -> None:
    """Raise RuleBroken("service.hours", "service.zone") for times that are none."""
    for day, spans in hours.items():
        is_week = day in DAYS and len(spans) <= MOST_SPANS
        if not is_week or not all(len(each) == 2 and _are_times(*each) for each in spans):
            raise RuleBroken(
                "service.hours",
                _("These times cannot be read."),
                _("Write them as 08:00-16:00, at most four a day, with a comma between."),
            )
    if zone and zone not in _zones():
        raise RuleBroken("service.zone", _("This time zone is not known."))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _are_times(start: str, end: str) -> bool:
    return bool(_TIME.fullmatch(start) and _TIME.fullmatch(end)) and start not in {end, "24:00"}


@cache
def _codes_of(known: type[TextChoices]) -> frozenset[str]:
    return frozenset(known.values)


def faults(
    *,
    kinds: Sequence[str],
    needs: Sequence[str],
    exclusions: Sequence[str],
    sensitivity: str,
    ages: Sequence[str] = (),
    sexes: Sequence[str] = (),
    capacity: str = "",
) -> Iterator[RuleBroken]:
    """Each thing that is missing or unknown: "service.kinds", "service.needs",
    "service.exclusions", "service.ages", "service.sexes", "service.capacity",
    "service.sensitivity"."""
    if not kinds:
        yield RuleBroken("service.kinds", _("Say what kind of service it is."))
    if not needs:
        yield RuleBroken("service.needs", _("Say what the service helps with."))
    said = [capacity] if capacity else []
    for (code, known, words), values in zip(
        _LISTS, (kinds, needs, exclusions, ages, sexes, said), strict=True
    ):
        if strange := sorted(set(values) - _codes_of(known)):
            yield RuleBroken(
                code,
                str(words) % {"code": str(strange[0])[:40]},
                _("The codes are: %(codes)s.") % {"codes": ", ".join(known.values)},
            )
    if sensitivity not in _codes_of(Sensitivity):
        yield RuleBroken("service.sensitivity", _("Say who may know of this service."))
    if sensitivity == Sensitivity.PUBLIC and SHELTERING & set(kinds):
        yield RuleBroken(
            "service.sensitivity",
            _("A shelter is not public."),
            _("Choose “restricted” or “protected”; its public telephone is an entry of its own."),
        )


def check_service(**facts: Any) -> None:
    """Raise the first of `faults` that a service has."""
    for fault in faults(**facts):
        raise fault


def check_phone(phone: str) -> None:
    """Raise RuleBroken("service.phone") for what is no telephone number."""
    if phone and not access_points.PHONE.fullmatch(phone):
        raise RuleBroken(
            "service.phone",
            _("This is no telephone number."),
            _("Write digits, with + and the country code before them."),
        )


def check_capacity(capacity: str) -> None:
    """Raise RuleBroken("service.capacity") for what nobody can answer."""
    if capacity not in Capacity.values:
        raise RuleBroken(
            "service.capacity", _("Say whether you are open, have a waiting list, or are full.")
        )


def check_in_use(closed_at: datetime | None) -> None:
    """Raise RuleBroken("service.closed") for a service that was taken out."""
    if closed_at is not None:
        raise RuleBroken(
            "service.closed",
            _("This service was taken out of the directory."),
            _("Enter it anew when it is there again."),
        )


def check_link(
    expires_at: datetime, used_at: datetime | None, revoked_at: datetime | None, now: datetime
) -> None:
    """Raise RuleBroken("service.link") for a link that is over."""
    if used_at is not None or revoked_at is not None or now >= expires_at:
        raise RuleBroken(
            "service.link",
            _("This link is over."),
            _("Ask whoever sent it for a new one, or sign in."),
        )
