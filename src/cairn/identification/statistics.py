"""Counts about reports: all that other contexts may know of them. No report can be told apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from cairn.core.held_back import LEAST_TOLD
from cairn.identification.models import Decision, Procedure, Report
from cairn.identification.rules.procedures import AgeStatus, State


@dataclass(frozen=True, slots=True)
class Screenings:
    """Reports that came in: `total`, and those of officers who showed a certificate of training.

    `by_generation`: 1 for those whom the programme taught itself, 2 for whom these taught, and so
    on. None: too few to be told, or told by the others.
    """

    total: int | None
    by_trained: int | None
    by_generation: dict[int, int | None]


def screenings(since: datetime, until: datetime, country: str) -> Screenings:
    """Reports received from `since` and before `until`, of one country (alpha-3).

    One query. What officers noted stays where it is; only that they reported is counted.
    """
    rows = Report.objects.filter(
        received_at__gte=since, received_at__lt=until, receiver__country=country
    )
    found = {
        generation: count
        for generation, count in rows.order_by()
        .values_list("generation")
        .annotate(count=Count("pk", filter=~Q(state="duplicate")))
        if count
    }
    untrained = found.pop(None, 0)
    return told(untrained, found)


def told(untrained: int, by_generation: dict[int, int]) -> Screenings:
    """The counts as they may be told: small ones are left out, and what would give them away.

    What is left out adds up to the threshold at least, so that no difference tells a small count.
    """
    trained = sum(by_generation.values())
    total = trained + untrained
    hidden: set[int] = {one for one, count in by_generation.items() if count < LEAST_TOLD}
    for one in sorted(by_generation, key=lambda one: (by_generation[one], one)):
        if hidden and sum(by_generation[each] for each in hidden) < LEAST_TOLD:
            hidden.add(one)
    is_split_told = trained >= LEAST_TOLD and (untrained >= LEAST_TOLD or not untrained)
    if not is_split_told:
        hidden = set(by_generation)
    return Screenings(
        total=total if total >= LEAST_TOLD or not total else None,
        by_trained=trained if is_split_told else None,
        by_generation={
            one: None if one in hidden else count for one, count in sorted(by_generation.items())
        },
    )


# Codes of a country that no record names, and of ages that nobody knows.
UNKNOWN = "unknown"


def formally_identified(since: date, until: date) -> Iterator[tuple[str, dict[str, str]]]:
    """Whom an authority identified as a victim between two days (both included), for a release.

    A token that stays the same, and codes by age and country: nothing else leaves the zone. Each
    procedure counts once, on the day of its first such decision. One query.
    """
    first = (
        Decision.objects.filter(outcome=State.CONCLUSIVE_POSITIVE)
        .order_by()
        .values("procedure", "procedure__age_status", "procedure__country")
        .annotate(first=Min("decided_at"))
        .filter(first__gte=_start_of(since), first__lt=_start_of(until + timedelta(days=1)))
    )
    for row in first.order_by("procedure").iterator(chunk_size=2000):
        age = row["procedure__age_status"]
        yield (
            f"procedure {row['procedure']}",
            {
                "age": UNKNOWN if age == AgeStatus.DISPUTED else age,
                "country": row["procedure__country"] or UNKNOWN,
            },
        )


def identified_months(since: date, until: date) -> list[tuple[str, int]]:
    """Countries with enough procedures to be named, and in how many months they opened any."""
    rows = (
        Procedure.objects.filter(opened_on__gte=since, opened_on__lte=until)
        .order_by()
        .values_list("country")
        .annotate(count=Count("pk"), months=Count(TruncMonth("opened_on"), distinct=True))
        .filter(count__gte=LEAST_TOLD)
    )
    return sorted((country, months) for country, _count, months in rows)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
