"""Pairs of records that may be of one person: the queue, one pair, what was decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.referral.matching import scoring
from cairn.referral.models.matching import MatchFeatures, Pair, PairDecision
from cairn.referral.models.persons import Person
from cairn.referral.rules.matching import PairReason, PairState, PairStep

# What is shown of the two records: never a sealed value.
_CLEAR = ("code", "age_band", "sex", "country", "opened_on", "closed_on", "erased_on")


def seen_persons(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those of these records that the actor sees, erased ones left out. One query."""
    rows = Person.objects.visible_to(actor).filter(pk__in=list(ids), erased_on=None)
    only = ("code", "age_band", "opened_on", "closed_on", "organisation")
    return {row.pk: row for row in rows.only(*only, "data_key")}


def undecided_of(person: Any) -> QuerySet[Pair]:
    """Suggestions about a record that nobody ever decided."""
    of_person = Q(first=person) | Q(second=person)
    found: QuerySet[Pair] = Pair.objects.filter(
        of_person, state=PairState.SUGGESTED, decisions=None
    )
    return found


def known_pairs(pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Pair]:
    """Those of these pairs that are kept already, held until the end of the transaction."""
    wanted = set(pairs)
    found: dict[tuple[UUID, UUID], Pair] = {}
    firsts = sorted({first for first, _second in wanted})
    for start in range(0, len(firsts), 500):
        for row in Pair.objects.select_for_update().filter(first__in=firsts[start : start + 500]):
            if (row.first_id, row.second_id) in wanted:
                found[row.first_id, row.second_id] = row
    return found


def waiting(most: int) -> dict[UUID, list[UUID]]:
    """{organisation: records that changed since they were last compared}, the oldest first."""
    rows = MatchFeatures.objects.filter(looked_at=None).order_by("changed_at")
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for organisation_id, person_id in rows.values_list("organisation_id", "person_id")[:most]:
        found[organisation_id].append(person_id)
    return found


def astray() -> QuerySet[Person]:
    """Records that were erased or moved to another organisation and still have keys."""
    kept = MatchFeatures.objects.exclude(person__erased_on=None)
    moved = MatchFeatures.objects.exclude(organisation=F("person__organisation"))
    return Person.objects.filter(Q(pk__in=kept.values("person")) | Q(pk__in=moved.values("person")))


@dataclass(frozen=True, slots=True)
class Line:
    """One decision of the history. `by_oneself`: the reader took it."""

    step: str
    reason: str
    at: datetime
    by_oneself: bool


def listed(actor: Actor, state: PairState) -> QuerySet[Pair]:
    """Pairs of this state that the actor sees, the likeliest first. One query."""
    rows: QuerySet[Pair] = Pair.objects.visible_to(actor).filter(state=state)
    return _with_records(rows).order_by("-score", "found_at", "id")


def find_pair(actor: Actor, pair_id: UUID) -> Pair:
    """Raises Pair.DoesNotExist, also for a pair of which the actor sees one record only."""
    return _with_records(Pair.objects.visible_to(actor)).get(pk=pair_id)


def _with_records(rows: QuerySet[Pair]) -> QuerySet[Pair]:
    names = [f"{side}__{name}" for side in ("first", "second") for name in _CLEAR]
    keys = ("first__data_key", "second__data_key", "first__organisation", "second__organisation",
            "first__unit", "second__unit")  # fmt: skip
    own = ("organisation", "score", "reasons", "found_at", "state")
    return rows.select_related("first", "second").only(*own, *names, *keys)


def history(actor: Actor, pair: Pair) -> list[Line]:
    """What was decided about a pair, the newest first. One query."""
    rows = PairDecision.objects.visible_to(actor).filter(pair=pair).order_by("-number")
    return [
        Line(
            str(PairStep(row.step).label),
            str(PairReason(row.reason).label),
            row.decided_at,
            row.decided_by == actor.user_id,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The records that are of the same person, and how many pairs wait for a decision."""

    same: Sequence[tuple[str, UUID]]
    waiting: int
    first_waiting: UUID | None


def of_person(actor: Actor, person: Person) -> OfPerson | None:
    """What the page of a record says of others; None where there is nothing to say. One query.

    Suggestions are shown to whoever may decide them.
    """
    reviews = actor.may(Permission.DUPLICATE_REVIEW)
    rows = Pair.objects.visible_to(actor).filter(Q(first=person) | Q(second=person))
    rows = rows.exclude(state=PairState.DIFFERENT).select_related("first", "second")
    rows = rows.only("state", "first__code", "second__code", "first__data_key", "second__data_key")
    same: list[tuple[str, UUID]] = []
    waits: list[UUID] = []
    for row in rows.order_by("-score", "id")[:50]:
        other = row.second if row.first_id == person.pk else row.first
        if row.state == PairState.SAME:
            same.append((other.code, row.pk))
        elif reviews:
            waits.append(row.pk)
    if not same and not waits:
        return None
    return OfPerson(same, len(waits), waits[0] if waits else None)


def words(pair: Pair) -> list[tuple[Promise, int]]:
    """Why the two records may be of one person: (sentence, how often), the strongest first."""
    return scoring.sentences(pair.reasons)
