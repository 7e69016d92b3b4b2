"""Counts about reports: all that other contexts may know of them. No report can be told apart."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from cairn.core.held_back import LEAST_TOLD
from cairn.identification.models import Report


@dataclass(frozen=True, slots=True)
class Screenings:
    """Reports that came in: `total`, and those of officers who showed a certificate of training.

    `by_generation`: 1 for those whom the programme taught itself, 2 for whom these taught, and so
    on. None: too few to be told, or told by the others.
    """

    total: int | None
    by_trained: int | None
    by_generation: dict[int, int | None]


def screenings(since: datetime, until: datetime, country: str = "") -> Screenings:
    """Reports received from `since` and before `until`, of one country (alpha-3) or of all.

    One query. What officers noted stays where it is; only that they reported is counted.
    """
    rows = Report.objects.filter(received_at__gte=since, received_at__lt=until)
    if country:
        rows = rows.filter(receiver__country=country)
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
