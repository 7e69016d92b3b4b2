"""Keys by which a record is found again, questions to them, and decisions about pairs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.referral.matching import scoring
from cairn.referral.matching.features import EDITION
from cairn.referral.models.matching import MatchFeatures, MatchKey, Pair, PairDecision
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_identity import Identity
from cairn.referral.queries import matching as queries
from cairn.referral.queries import matching_pairs as pairs
from cairn.referral.rules import matching as rules
from cairn.referral.rules.matching import PairReason, PairState, PairStep
from cairn.referral.rules.persons import AgeBand, is_treated_as_child

# Persons whom one run compares with all others, and how many in one transaction.
MOST_IN_A_RUN = 20_000
_AT_ONCE = 100


# -- keys ----------------------------------------------------------------------------------------


@transaction.atomic
def refresh_keys(person: Person, facts: Mapping[str, Any]) -> None:
    """Make the keys of a record anew from the facts of its identity, which are not kept here.

    Called where an identity is entered or changed, in the same transaction, by the action that
    has asked for permission already. Without any fact to go by there are no keys.
    """
    forget_keys(person)
    if person.erased_on is not None:
        return
    keys = queries.batch(person.organisation_id)
    store_keys(keys, {person: facts})


def store_keys(keys: Any, identities: Mapping[Person, Mapping[str, Any]]) -> None:
    """Keys for new records of one organisation. `keys`: `queries.matching.batch` of it."""
    now = clock.now()
    marks, features = [], []
    for person, facts in identities.items():
        is_child = is_treated_as_child(AgeBand(person.age_band))
        made = queries.hashed(keys, {**facts, "is_child": is_child})
        if not made.marks:
            continue
        own = {"person_id": person.pk, "organisation_id": person.organisation_id}
        marks += [MatchKey(mark=mark, **own) for mark in made.marks]
        covered = keys.cover(made.packed, person.pk.bytes)
        features.append(MatchFeatures(marks=covered, edition=EDITION, changed_at=now, **own))
    MatchKey.objects.bulk_create(marks, batch_size=200)
    MatchFeatures.objects.bulk_create(features, batch_size=200)


def forget_keys(person: Any) -> None:
    """Nobody finds the record by its identity any more: it was erased, moved or is made anew.

    Pairs that nobody has decided go with the keys; what was decided stays in the history.
    """
    MatchKey.objects.filter(person=person).delete()
    MatchFeatures.objects.filter(person=person).delete()
    pairs.undecided_of(person).delete()


# -- questions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be of the person who is being entered. No name: a code and words.

    `reasons`: (sentence, how often), the strongest first.
    """

    code: str
    address: str
    age_band: str
    opened_on: date
    is_closed: bool
    is_likely: bool
    score: int
    reasons: list[tuple[Promise, int]]


@transaction.atomic
def look_for(
    actor: Actor,
    identity: Mapping[str, Any],
    organisation: Organisation,
    *,
    is_child: bool = False,
    without: UUID | None = None,
) -> list[Candidate]:
    """Records of the organisation, as far as the actor sees them, that may be of this person.

    At most MOST_SHOWN, the likeliest first. Equal hashes are compared and no identity is opened.
    That somebody asked is written down, with the codes that were shown and no name: who asks
    after one person learns whether there is a record, and leaves that. The page that asks is
    limited. Raises PermissionDenied.
    """
    require(actor, Permission.PERSON_VIEW)
    keys = queries.batch(organisation.pk)
    sought = queries.hashed(keys, {**identity, "is_child": is_child})
    found = queries.similar(keys, organisation.pk, sought, without=without)
    seen = pairs.seen_persons(actor, [each.person_id for each in found])
    listed = [
        _candidate(seen[each.person_id], each.comparison)
        for each in found
        if each.person_id in seen
    ][: scoring.MOST_SHOWN]
    shown = [each.code for each in listed]
    audit.record(actor, "person.looked-for", organisation, found=len(listed), shown=shown)
    return listed


def _candidate(person: Person, comparison: scoring.Comparison) -> Candidate:
    return Candidate(
        code=person.code,
        address=person.get_absolute_url(),
        age_band=str(AgeBand(person.age_band).label),
        opened_on=person.opened_on,
        is_closed=person.closed_on is not None,
        is_likely=comparison.is_likely,
        score=round(comparison.score),
        reasons=scoring.sentences(comparison.reasons),
    )


# -- pairs ---------------------------------------------------------------------------------------


def look_through(organisation_id: UUID, persons: Iterable[UUID]) -> int:
    """Compare these records with all others of their organisation; returns new suggestions."""
    keys = queries.batch(organisation_id)
    made = 0
    ids = list(persons)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        with transaction.atomic():
            waiting = queries.stored(keys, organisation_id, part)
            for person_id, own in waiting.items():
                found = queries.similar(keys, organisation_id, own, without=person_id)
                likely = {each.person_id: each.comparison for each in found}
                made += suggest(
                    organisation_id,
                    {
                        (person_id, other): comparison
                        for other, comparison in likely.items()
                        if comparison.is_likely
                    },
                )
            MatchFeatures.objects.filter(person__in=part).update(looked_at=clock.now())
    return made


def suggest(organisation_id: UUID, likely: Mapping[tuple[UUID, UUID], scoring.Comparison]) -> int:
    """Keep pairs that may be of one person, for somebody to decide. Returns how many are new.

    What somebody has decided stays as it is, however often the pair is found again.
    """
    wanted = {
        (min(pair, key=lambda each: each.int), max(pair, key=lambda each: each.int)): comparison
        for pair, comparison in likely.items()
    }
    rows = [
        Pair(
            organisation_id=organisation_id,
            first_id=first,
            second_id=second,
            score=round(comparison.score),
            reasons=list(comparison.reasons),
            found_at=clock.now(),
        )
        for (first, second), comparison in wanted.items()
    ]
    before = pairs.known_pairs(wanted)
    new = [row for row in rows if (row.first_id, row.second_id) not in before]
    Pair.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    for row in rows:
        known = before.get((row.first_id, row.second_id))
        if known is not None and known.state == PairState.SUGGESTED:
            known.score, known.reasons = row.score, row.reasons
            known.save(update_fields=["score", "reasons"])
    return len(new)


@transaction.atomic
def decide_pair(actor: Actor, pair_id: UUID, step: PairStep, reason: PairReason) -> Pair:
    """Decide that two records are of one person or of two. Both stay as they are.

    Raises Pair.DoesNotExist, PermissionDenied, RuleBroken ("pair.step", "pair.reason").
    """
    rows = Pair.objects.visible_to(actor).select_for_update(of=("self",))
    pair: Pair = rows.select_related("first", "second").get(pk=pair_id)
    require(actor, Permission.DUPLICATE_REVIEW, within=pair.first)
    require(actor, Permission.DUPLICATE_REVIEW, within=pair.second)
    rules.check_step(PairState(pair.state), step, reason)
    PairDecision.objects.create(
        pair=pair,
        number=pair.decisions.count() + 1,
        step=step,
        reason=reason,
        decided_at=clock.now(),
        decided_by=acting(actor),
    )
    pair.state = rules.AFTER[step]
    pair.save(update_fields=["state"])
    for person in (pair.first, pair.second):
        audit.record(actor, f"pair.{step.value}", person, pair=str(pair.pk), reason=reason.value)
    return pair


def undo_pair(actor: Actor, pair_id: UUID, reason: PairReason = PairReason.MISTAKE) -> Pair:
    """Take the last decision back; it stays in the history. Raises as `decide_pair` does."""
    return decide_pair(actor, pair_id, PairStep.UNDONE, reason)


def open_pair(
    actor: Actor, pair_id: UUID, purpose: Purpose, reason: str
) -> list[tuple[Person, list[Opened]]]:
    """Open who the two records are about, once, for a purpose and a reason that are kept.

    Not inside a transaction: the readings are committed before anything is opened. Raises
    Pair.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    pair = pairs.find_pair(actor, pair_id)
    persons = list(Person.objects.visible_to(actor).filter(pk__in=[pair.first_id, pair.second_id]))
    for person in persons:
        require(actor, Permission.DUPLICATE_REVIEW, within=person)
    names = {
        each.record.pk: each for each in readings.read(actor, persons, ["name"], purpose, reason)
    }
    rows = list(
        Identity.objects.visible_to(actor).select_related("person").filter(person__in=persons)
    )
    facts = {
        each.record.person_id: each
        for each in readings.read(actor, rows, ["facts"], purpose, reason)
    }
    return [
        (person, [found for found in (names.get(person.pk), facts.get(person.pk)) if found])
        for person in sorted(persons, key=lambda each: each.pk != pair.first_id)
    ]
