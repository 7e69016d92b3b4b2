"""The table, the scene and the readings of persons in assistance.

The record itself stands in table_people.py; what is noted about a person is seen with the person.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.referral.models import (
    Alias,
    BestInterests,
    Conflict,
    Guardian,
    Identity,
    NeedsAssessment,
    Person,
    RiskAssessment,
)
from cairn.referral.rules.persons_contact import AliasKind, PanelKind, RiskLevel
from cairn.referral.rules.persons_gates import BestOutcome, Question
from tests.doors.outcome import FORM, Door, Kind
from tests.doors.outcome import Relation as R
from tests.doors.someone import Someone
from tests.doors.stage import Scene

# Rows are reached through their person, who has one of each in every place of the scene.
KINDS: dict[str, Kind] = {}
_ROWS = Door("person", FORM)
_EDITED = Door("person", FORM, needs=frozenset({P.PERSON_EDIT}))
_NUMBERED = replace(_EDITED, fixed={"number": "1"})

DOORS: dict[str, Door] = {
    "referral:person-identity": _ROWS,
    "referral:person-identity-write": _EDITED,
    "referral:person-alias-new": _EDITED,
    "referral:person-alias-end": _NUMBERED,
    "referral:person-guardians": _ROWS,
    "referral:person-guardian-new": _EDITED,
    "referral:person-guardian-end": _NUMBERED,
    "referral:person-interests-new": _EDITED,
    "referral:person-needs": _ROWS,
    "referral:person-needs-new": _EDITED,
    "referral:person-risk-new": _EDITED,
    "referral:person-conflicts": _ROWS,
    "referral:person-conflict": _NUMBERED,
}


def with_person(someone: Someone, row: Any) -> bool:
    return someone.reaches(P.PERSON_VIEW, row.person)


ROWS = (Alias, BestInterests, Conflict, Guardian, Identity, NeedsAssessment, RiskAssessment)
READINGS: dict[type, Callable[[Someone, Any], bool]] = dict.fromkeys(ROWS, with_person)


def add(scene: Scene) -> None:
    """One row of each kind for each person of the scene, with marked words in what is sealed."""
    for relation in (R.OWN, R.OTHER_ORGANISATION, R.OTHER_COUNTRY):
        person = Person.objects.get(code=scene.subjects["person"][relation].key)
        add_rows(person, f"sealed{relation.name.lower().replace('_', '')}")


def add_rows(person: Person, word: str) -> None:
    now, today = timezone.now(), timezone.localdate()
    Identity(
        person=person,
        code=f"{person.code.lower()}.id",
        recorded_at=now,
        facts={"given": f"Given {word}"},
    ).save()

    def row(letter: str) -> dict[str, Any]:
        return {
            "person": person,
            "data_key": person.data_key,
            "number": 1,
            "code": f"{person.code.lower()}.{letter}1",
            "recorded_at": now,
        }

    Alias(**row("a"), kind=AliasKind.WORK, name=f"Alias {word}").save()
    Guardian(**row("g"), appointed_by="A court", starts_on=today, name=f"Guardian {word}").save()
    RiskAssessment(
        **row("r"), level=RiskLevel.HIGH, assessed_on=today, note=f"Danger {word}"
    ).save()
    NeedsAssessment(
        **row("n"), needs={"health": "urgent"}, assessed_on=today, note=f"Needs {word}"
    ).save()
    BestInterests(
        **row("b"),
        kind=PanelKind.ASSESSMENT,
        question=Question.FAMILY,
        outcome=BestOutcome.YES,
        decided_by="A panel",
        decided_on=today,
        view=f"View {word}",
    ).save()
    Conflict(**row("x"), field="country", base="NPL", values=["KEN", "SEN"], standing="NPL").save()
