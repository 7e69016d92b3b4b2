"""Possible duplicates among trainees, found by keyed hashes: no name is opened for the list."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from django.db.models import Count, Q

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.training.models import (
    Affiliation,
    IdentifierHash,
    MergeDecision,
    NameKey,
    NotSamePerson,
    Practitioner,
)
from cairn.training.queries import name_keys
from cairn.training.rules.names import KeyKind
from cairn.training.rules.sameness import Facts, Sameness, judged

# A key that very many share (two of the commonest names) tells nothing: its pairs are left out
# unless a rarer key joins them too. A judgement.
MOST_WITH_ONE_KEY = 30
# Pairs that one list shows; the best come first.
MOST_PAIRS = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, and what speaks for and against it."""

    left: Practitioner
    right: Practitioner
    sameness: Sameness


def facts_of(records: Sequence[Practitioner]) -> dict[UUID, Facts]:
    """What is known of each record without opening anything. Two queries."""
    ids = [each.pk for each in records]
    agencies: dict[UUID, set[str]] = defaultdict(set)
    served = Affiliation.objects.filter(practitioner__in=ids)
    for owner, agency in served.values_list("practitioner", "agency"):
        agencies[owner].add(str(agency))
    numbers: dict[UUID, set[str]] = defaultdict(set)
    known = IdentifierHash.objects.filter(practitioner__in=ids)
    for owner, digest in known.values_list("practitioner", "digest"):
        numbers[owner].add(digest)
    return {
        each.pk: Facts(
            agencies=frozenset(agencies[each.pk] | ({str(each.agency_id)} - {"None"})),
            birth_band=each.birth_band,
            identifiers=frozenset(numbers[each.pk]),
            sex=each.sex,
        )
        for each in records
    }


def sameness_of(left: Practitioner, right: Practitioner) -> Sameness:
    """How two records agree, names closed. Three queries."""
    keys = name_keys.keys_of([left.pk, right.pk])
    shared = keys.get(left.pk, frozenset()) & keys.get(right.pk, frozenset())
    facts = facts_of([left, right])
    return judged(facts[left.pk], facts[right.pk], shared={KeyKind(kind) for kind, _d in shared})


def pairs(actor: Actor, *, only_mergeable: bool = True) -> list[Pair]:
    """Records of one's place that may be one person, the likeliest first. At most MOST_PAIRS.

    `only_mergeable`: two fields agree, so that joining could be decided. A constant number of
    queries.
    """
    people = Practitioner.objects.visible_to(actor).kept()
    joined = _joined_by_names(people.values("pk"))
    for pair in _joined_by_numbers(people.values("pk")):
        joined.setdefault(pair, set())
    apart = {
        frozenset(pair)
        for pair in NotSamePerson.objects.filter(left__in=people.values("pk")).values_list(
            "left", "right"
        )
    }
    wanted = {pair: kinds for pair, kinds in joined.items() if pair not in apart}
    ids = {each for pair in wanted for each in pair}
    records = {
        each.pk: each for each in _in_parts(people.select_related("agency", "organisation"), ids)
    }
    facts = facts_of(list(records.values()))
    found = []
    for pair, kinds in wanted.items():
        left, right = sorted((records[each] for each in pair), key=lambda each: each.code)
        result = judged(facts[left.pk], facts[right.pk], shared=kinds)
        if result.may_merge or not only_mergeable:
            found.append(Pair(left, right, result))
    found.sort(key=lambda each: (-each.sameness.score, each.left.code, each.right.code))
    return found[:MOST_PAIRS]


def _in_parts(people: "Iterable[Practitioner]", ids: Collection[UUID]) -> list[Practitioner]:
    """Those of `ids`, asked for in parts: databases take only so many values at once."""
    every = sorted(ids)
    found: list[Practitioner] = []
    for start in range(0, len(every), 500):
        found += people.filter(pk__in=every[start : start + 500])  # type: ignore[attr-defined]
    return found


def _joined_by_names(people: object) -> dict[frozenset[UUID], set[KeyKind]]:
    rows = NameKey.objects.filter(practitioner__in=people)  # type: ignore[misc]
    shared = (
        rows.values("kind", "digest")
        .annotate(holders=Count("practitioner"))
        .filter(holders__gt=1, holders__lte=MOST_WITH_ONE_KEY)
    )
    digests = {(row["kind"], row["digest"]) for row in shared}
    holders: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    hashes = sorted({digest for _kind, digest in digests})
    for start in range(0, len(hashes), 500):
        found = rows.filter(digest__in=hashes[start : start + 500])
        for kind, digest, owner in found.values_list("kind", "digest", "practitioner"):
            if (kind, digest) in digests:
                holders[(kind, digest)].append(owner)
    joined: dict[frozenset[UUID], set[KeyKind]] = defaultdict(set)
    for (kind, _digest), owners in holders.items():
        for pair in combinations(sorted(owners), 2):
            joined[frozenset(pair)].add(KeyKind(kind))
    return dict(joined)


def _joined_by_numbers(people: object) -> set[frozenset[UUID]]:
    rows = IdentifierHash.objects.filter(practitioner__in=people)  # type: ignore[misc]
    shared = rows.values("digest").annotate(holders=Count("practitioner")).filter(holders__gt=1)
    holders: dict[str, list[UUID]] = defaultdict(list)
    for digest, owner in rows.filter(digest__in=shared.values("digest")).values_list(
        "digest", "practitioner"
    ):
        holders[digest].append(owner)
    return {
        frozenset(pair) for owners in holders.values() for pair in combinations(sorted(owners), 2)
    }


def possible_duplicates(
    actor: Actor,
    organisation: Organisation,
    name: str,
    *,
    name_latin: str = "",
    service_number: str = "",
    agency: Organisation | None = None,
    birth_band: str = "",
    sex: str = "",
) -> list[tuple[Practitioner, Sameness]]:
    """Records of `organisation` that may be this person already, likeliest first.

    For whoever enters somebody new. Names stay closed; at most MOST_FOUND. Six queries.
    """
    digests = name_keys.digests([(name, name_latin)])[0]
    shared = name_keys.holders(digests)
    number = name_keys.number_digests([service_number])[0] if service_number else ""
    for owner in name_keys.numbered([number]).get(number, set()) if number else set():
        shared.setdefault(owner, set())
    people = Practitioner.objects.visible_to(actor).filter(organisation=organisation)
    records = _in_parts(people.kept().select_related("agency"), set(shared))
    facts = facts_of(records)
    asked = Facts(
        agencies=frozenset({str(agency.pk)} if agency else set()),
        birth_band=birth_band,
        identifiers=frozenset({number} - {""}),
        sex=sex,
    )
    found = [(each, judged(asked, facts[each.pk], shared=shared[each.pk])) for each in records]
    found.sort(key=lambda pair: (-pair[1].score, pair[0].code))
    return found[: name_keys.MOST_FOUND]


def decisions(actor: Actor, practitioner: Practitioner) -> list[MergeDecision]:
    """The joinings in which a record was kept or went, newest first. One query."""
    visible = Practitioner.objects.visible_to(actor)
    rows = MergeDecision.objects.filter(Q(kept=practitioner) | Q(merged=practitioner))
    return list(rows.filter(kept__in=visible).select_related("kept", "merged"))


def find_pair(actor: Actor, left: str, right: str) -> tuple[Practitioner, Practitioner]:
    """Two records by their codes. Raises Practitioner.DoesNotExist."""
    rows = Practitioner.objects.visible_to(actor).select_related("agency", "organisation")
    return rows.get(code=left), rows.get(code=right)


def find_decision(actor: Actor, pk: UUID) -> MergeDecision:
    """One joining. Raises MergeDecision.DoesNotExist (also when not visible)."""
    rows = MergeDecision.objects.filter(kept__in=Practitioner.objects.visible_to(actor))
    found: MergeDecision = rows.select_related("kept", "merged").get(pk=pk)
    return found
