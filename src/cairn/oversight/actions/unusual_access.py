"""Looking through the readings of the last two days for what is unusual, and raising alerts."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import TruncDate

from cairn.access.models import Membership
from cairn.access.roles import ROLES
from cairn.core import clock, geography
from cairn.core.audit import Fact
from cairn.core.models import AuditEntry
from cairn.oversight import subjects, unusual
from cairn.oversight.actions.findings import note_once
from cairn.oversight.models import ExportRequest, Reading, ReadingSubject
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Facts, Finding, Outcome
from cairn.oversight.rules import Basis, Purpose
from cairn.oversight.unusual import DAY, Limits, Opening, Rule, Sign

REFUSED = "sealed.refused"
KINDS = {
    Rule.MANY_PERSONS: AlertKind.MANY_PERSONS,
    Rule.MORE_THAN_USUAL: AlertKind.MANY_PERSONS,
    Rule.OUT_OF_HOURS: AlertKind.OUT_OF_HOURS,
    Rule.OUTSIDE_CASELOAD: AlertKind.OUTSIDE_CASELOAD,
    Rule.MANY_READERS: AlertKind.MANY_READERS,
    Rule.REFUSED_OFTEN: AlertKind.REFUSED_OFTEN,
    Rule.BEFORE_EXPORT: AlertKind.BEFORE_LEAVING,
    Rule.BEFORE_END: AlertKind.BEFORE_LEAVING,
}

# What the count of an alert counts; persons where it is not said.
COUNTED = {Rule.MANY_READERS: "readers", Rule.REFUSED_OFTEN: "refused"}


def look_for_unusual_access(facts: Facts) -> Outcome:
    """One round: every rule over yesterday and today. Nothing is counted twice, however often.

    When nothing was read, refused or asked for since the last time in this hour, nothing is done.
    """
    now, place = clock.now(), installation_clock()
    seen = _newest(now)
    if facts.get("seen") == seen:
        return Outcome(Finding(facts.get("finding", Finding.WELL)), facts)
    today = now.astimezone(place).date()
    midnight = datetime.combine(today - DAY, time(), place)
    # A sign of yesterday may rest on what was read a day before it.
    found = [sign for sign in signs(midnight - DAY, today, place) if sign.since >= midnight]
    news = 0
    for sign in sorted(found, key=lambda sign: sign.last_at):
        with transaction.atomic():
            news += _note(sign)
    finding = Finding.FOUND if found else Finding.WELL
    counted = {"signs": len(found), "news": news, "finding": finding.value}
    return Outcome(finding, {"seen": seen, **counted})


def installation_clock() -> ZoneInfo:
    """The time zone of the installation (CAIRN_TIME_ZONE)."""
    return ZoneInfo(settings.TIME_ZONE or "UTC")


def limits() -> Limits:
    """The thresholds of this installation. Raises ValueError for settings without sense."""
    return unusual.limits_from(getattr(settings, "UNUSUAL_ACCESS", {}))


def signs(since: datetime, today: date, place: ZoneInfo) -> list[Sign]:
    """What every rule says about the readings from `since` on. A constant number of queries."""
    chosen = limits()
    openings = _openings(since)
    found = [
        *unusual.many_persons(openings, chosen, place),
        *unusual.out_of_hours(openings, chosen, place),
        *unusual.outside_caseload(openings, place),
        *unusual.many_readers(openings, chosen, place),
        *unusual.refused_often(_refusals(since), chosen, place),
        *unusual.before_export(openings, _exports(since), chosen, place),
        *unusual.before_end(openings, _ends(openings, place), chosen, place),
    ]
    counts = _days_of(openings, today, chosen, place)
    for day in (today - DAY, today):
        usual = {actor: unusual.usual_day(days, day, chosen) for actor, days in counts.items()}
        own = [each for each in openings if each.at.astimezone(place).date() == day]
        found += unusual.more_than_usual(own, usual, chosen, place)
    return found


def _newest(now: datetime) -> list[Any]:
    """What changes when there is something new to look at, and with each hour."""
    reading = Reading.objects.order_by("-at").values_list("audit_sequence", flat=True).first()
    refusal = AuditEntry.objects.filter(code=REFUSED).order_by("-sequence")
    export = ExportRequest.objects.order_by("-asked_at").values_list("pk", flat=True).first()
    return [
        reading,
        refusal.values_list("sequence", flat=True).first(),
        str(export or ""),
        f"{now:%Y-%m-%dT%H}",
    ]


def _openings(since: datetime) -> list[Opening]:
    """Readings by people; what an approved export opens was decided by a second person."""
    rows = (
        ReadingSubject.objects.filter(reading__at__gte=since, reading__actor_id__isnull=False)
        .exclude(reading__purpose=Purpose.EXPORT)
        .values_list(
            "reading__actor_id",
            "subject_id",
            "reading__at",
            "country",
            "is_own_caseload",
            "reading__basis",
            "reading__purpose",
        )
    )
    return [
        Opening(
            actor,
            record,
            at,
            clocks_of(country),
            # What a link allows was authorised for this record.
            is_own_caseload=is_own or basis == Basis.LINK,
            is_emergency=basis == Basis.BREAK_GLASS,
            is_duty_line=purpose == Purpose.DUTY_LIST,
        )
        for actor, record, at, country, is_own, basis, purpose in rows.iterator()
        if actor is not None
    ]


@cache
def clocks_of(country: str) -> tuple[ZoneInfo, ...]:
    """The time zones of a country (ISO 3166-1 alpha-3), by CLDR; else the installation's own."""
    from babel.core import get_global  # read from a large file, on the first question only

    try:
        names = get_global("territory_zones").get(geography.country(country).alpha2, [])
    except KeyError:
        names = []
    found = []
    for name in names:
        try:
            found.append(ZoneInfo(name))
        except ZoneInfoNotFoundError:  # newer in CLDR than in the machine's own table
            continue
    return tuple(found) or (installation_clock(),)


def _refusals(since: datetime) -> list[tuple[UUID, datetime]]:
    rows = AuditEntry.objects.filter(code=REFUSED, at__gte=since).values_list("actor_id", "at")
    return [(UUID(actor), at) for actor, at in rows if _is_person(actor)]


def _is_person(actor_id: str) -> bool:
    return len(actor_id) == 36  # the public and the system have no id


def _exports(since: datetime) -> list[tuple[UUID, datetime]]:
    return list(
        ExportRequest.objects.filter(asked_at__gte=since).values_list("asked_by", "asked_at")
    )


def _ends(openings: Iterable[Opening], place: ZoneInfo) -> dict[UUID, datetime]:
    """For each reader: the midnight from which no role of theirs opens sealed values any more."""
    opening = {kind.open for kind in subjects.kinds()}
    roles = [role for role, permissions in ROLES.items() if permissions & opening]
    rows = Membership.objects.filter(
        user__in={each.actor for each in openings}, role__in=roles
    ).exclude(confirmed_at=None)
    last: dict[UUID, date | None] = {}
    for user, ends_on in rows.values_list("user_id", "ends_on"):
        known = last.get(user, date.min)
        last[user] = None if ends_on is None or known is None else max(known, ends_on)
    return {user: datetime.combine(day + DAY, time(), place) for user, day in last.items() if day}


def _days_of(
    openings: Iterable[Opening], today: date, chosen: Limits, place: ZoneInfo
) -> dict[UUID, dict[date, int]]:
    """Different persons by day, over the last weeks, of those who opened many in these days."""
    persons: dict[UUID, set[UUID]] = {}
    for each in openings:
        persons.setdefault(each.actor, set()).add(each.record)
    busy = [actor for actor, own in persons.items() if len(own) >= chosen.least_unusual]
    if not busy:
        return {}
    since = datetime.combine(today - DAY - chosen.usual_over, time(), place)
    rows = (
        ReadingSubject.objects.filter(reading__at__gte=since, reading__actor_id__in=busy)
        .exclude(reading__purpose=Purpose.EXPORT)
        .exclude(reading__purpose=Purpose.DUTY_LIST, is_own_caseload=True)
        .annotate(day=TruncDate("reading__at", tzinfo=place), actor=F("reading__actor_id"))
        .values("actor", "day")
        .annotate(persons=Count("subject_id", distinct=True))
    )
    counts: dict[UUID, dict[date, int]] = {}
    for row in rows:
        counts.setdefault(row["actor"], {})[row["day"]] = row["persons"]
    return counts


def _note(sign: Sign) -> bool:
    """One alert for each rule, actor (or record) and window, with ids and counts only."""
    start = sign.since.astimezone(ZoneInfo("UTC"))
    window = f"{sign.rule.value} {start:%Y%m%d%H}"
    if sign.record is not None:
        window = f"{start:%Y%m%d%H} {sign.record.hex}"
    facts: dict[str, Fact | list[Fact]] = {
        "rule": sign.rule.value,
        COUNTED.get(sign.rule, "persons"): sign.count,
        "since": sign.since.isoformat(),
        "until": sign.until.isoformat(),
    }
    if sign.record is not None:
        facts["record"] = str(sign.record)
    return note_once(
        KINDS[sign.rule], window=window, actor_id=sign.actor, count=sign.count, facts=facts
    )
