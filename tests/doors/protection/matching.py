"""The table, the scene and the readings of records that may be of one person."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.identification.models import Procedure
from cairn.referral.actions.matching import refresh_keys
from cairn.referral.models import MatchFeatures, MatchKey, Pair, PairDecision, Person
from cairn.referral.rules.matching import PairReason, PairStep
from tests.doors.outcome import EVERYWHERE, FORM, MOVED, Door, Kind
from tests.doors.outcome import Relation as R
from tests.doors.someone import Someone
from tests.doors.stage import Scene

_REVIEWS = frozenset({P.DUPLICATE_REVIEW})

KINDS: dict[str, Kind] = {
    "pair": Kind(
        "protection",
        {P.PERSON_VIEW: frozenset({R.OWN})},
        EVERYWHERE | {R.OTHER_ZONE, R.MISSING},
    )
}
_FORM = Door("pair", FORM, before=_REVIEWS, answers=MOVED)
DOORS: dict[str, Door] = {
    "referral:duplicates": Door(before=_REVIEWS),
    "referral:pair": Door("pair", before=frozenset({P.PERSON_VIEW})),
    "referral:pair-open": _FORM,
    "referral:pair-decide": _FORM,
    "referral:pair-undo": _FORM,
}


def with_person(someone: Someone, row: Any) -> bool:
    return someone.reaches(P.PERSON_VIEW, row.person)


def with_both(someone: Someone, pair: Any) -> bool:
    """Whoever sees one of two records only does not learn that there is another."""
    return all(someone.reaches(P.PERSON_VIEW, each) for each in (pair.first, pair.second))


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    MatchKey: with_person,
    MatchFeatures: with_person,
    Pair: with_both,
    PairDecision: lambda someone, row: with_both(someone, row.pair),
}


def add(scene: Scene) -> None:
    """A pair in each place: the person who is there already, and another record like it."""
    for relation in (R.OWN, R.OTHER_ORGANISATION, R.OTHER_COUNTRY):
        person = Person.objects.get(code=scene.subjects["person"][relation].key)
        pair = add_pair(person)
        other = pair.second if pair.first_id == person.pk else pair.first
        scene.put("pair", relation, pair.pk, other.code)
    procedure = Procedure.objects.get(code=scene.subjects["procedure"][R.OWN].key)
    scene.put("pair", R.OTHER_ZONE, procedure.pk)
    scene.put("pair", R.MISSING, uuid4())


def add_pair(person: Person) -> Pair:
    """Another record in the place of `person`, and a decision about both."""
    other = Person(
        organisation=person.organisation,
        country=person.country,
        age_band=person.age_band,
        opened_on=person.opened_on,
        keep_until=person.keep_until,
        code=f"{uuid4().hex[:3]}-{uuid4().hex[:3]}".upper(),
    )
    other.save()
    refresh_keys(other, {"given": "Invented", "family": "Double", "birth": "1990"})
    first, second = sorted((person, other), key=lambda each: each.pk.int)
    now = timezone.now()
    pair: Pair = Pair.objects.create(
        organisation=person.organisation,
        first=first,
        second=second,
        score=21,
        reasons=["name.same", "birth.year"],
        found_at=now,
    )
    PairDecision.objects.create(
        pair=pair,
        number=1,
        step=PairStep.UNDONE,
        reason=PairReason.MISTAKE,
        decided_at=now,
        decided_by=uuid4(),
    )
    return pair
