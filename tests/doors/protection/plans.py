"""The table, the scene and the readings of plans, claims and returns in assistance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.referral.models import (
    FollowUp,
    Goal,
    Matter,
    MatterStep,
    MonitoringVisit,
    Person,
    Plan,
    PlanStep,
    ReturnPlan,
    ReturnRisk,
    ReturnStep,
    SafetyPlan,
    ServiceEpisode,
)
from cairn.referral.rules.plans import Area, MatterKind, MatterState, PlanState
from cairn.referral.rules.returns import Found, ReturnState
from tests.doors.outcome import FORM, Door, Kind
from tests.doors.outcome import Relation as R
from tests.doors.someone import Someone
from tests.doors.stage import Scene

# All of them are reached through their person, who has one of each in every place of the scene.
KINDS: dict[str, Kind] = {}
_SEEN = Door("person", FORM)
_EDITED = Door("person", FORM, needs=frozenset({P.PERSON_EDIT}))
_STEP = replace(_EDITED, fixed={"number": "1"})

DOORS: dict[str, Door] = {
    "referral:plans": _SEEN,
    # Nothing has to be filled in: the plan that runs is what stands against another one.
    "referral:plan-new": replace(_EDITED, posts=409),
    "referral:plan-move": _STEP,
    "referral:goal-new": _STEP,
    "referral:goal-settle": _STEP,
    "referral:episodes": _SEEN,
    "referral:episode-new": _EDITED,
    "referral:episode-end": _STEP,
    "referral:follow-up": _STEP,
    "referral:safety": _SEEN,
    "referral:safety-new": _EDITED,
    "referral:matters": _SEEN,
    "referral:matter-new": _EDITED,
    "referral:matter-move": _STEP,
    "referral:returns": _SEEN,
    # The same with the return that is open.
    "referral:return-new": replace(_EDITED, posts=409),
    "referral:return-counsel": _STEP,
    "referral:return-assess": _STEP,
    "referral:return-prepare": _STEP,
    "referral:return-move": _STEP,
    "referral:return-visit": replace(_STEP, fixed={"number": "1", "months": "3"}),
    "referral:return-concern": _STEP,
}


def of_person(someone: Someone, row: Any) -> bool:
    return someone.reaches(P.PERSON_VIEW, row.person)


_MODELS = (
    FollowUp,
    Goal,
    Matter,
    MatterStep,
    MonitoringVisit,
    Plan,
    PlanStep,
    ReturnPlan,
    ReturnRisk,
    ReturnStep,
    SafetyPlan,
    ServiceEpisode,
)
READINGS: dict[type, Callable[[Someone, Any], bool]] = dict.fromkeys(_MODELS, of_person)


def add(scene: Scene) -> None:
    """A plan, a placement, a claim and a return for each person, with marked words."""
    for relation in (R.OWN, R.OTHER_ORGANISATION, R.OTHER_COUNTRY):
        person = Person.objects.get(code=scene.subjects["person"][relation].key)
        word = f"sealed{relation.name.lower().replace('_', '')}"
        _make_plan(person, word)
        _make_return(person, word)


def _made(person: Person, model: type[Any], letters: str, **fields: Any) -> Any:
    row = model(
        person=person,
        data_key=person.data_key,
        number=1,
        code=f"{person.code.lower()}.{letters}1",
        recorded_at=timezone.now(),
        **fields,
    )
    row.save()
    return row


def _make_plan(person: Person, word: str) -> None:
    today = timezone.localdate()
    plan = _made(
        person, Plan, "p", state=PlanState.ACTIVE, agreed_on=today, note=f"Proposed {word}"
    )
    _made(person, PlanStep, "ps", plan=plan, after=PlanState.PROPOSED)
    goal = _made(person, Goal, "o", plan=plan, area=Area.WORK, words=f"Wants {word}")
    episode = _made(
        person,
        ServiceEpisode,
        "e",
        goal=goal,
        service_type="livelihood",
        provider=person.organisation,
        starts_on=today,
        note=f"Given {word}",
    )
    later = today + timedelta(days=90)
    _made(person, FollowUp, "f", episode=episode, months=3, due_on=later, note=f"Later {word}")
    _made(
        person, SafetyPlan, "s", signs=f"Signs {word}", steps=f"Steps {word}", helpers=f"H {word}"
    )
    matter = _made(
        person,
        Matter,
        "m",
        kind=MatterKind.COMPENSATION,
        acts=f"Lost {word}",
        link=f"Because {word}",
    )
    _made(
        person,
        MatterStep,
        "ms",
        matter=matter,
        after=MatterState.NOTICED,
        happened_on=today,
        reason=f"Reason {word}",
    )


def _make_return(person: Person, word: str) -> None:
    today = timezone.localdate()
    plan = _made(
        person,
        ReturnPlan,
        "z",
        state=ReturnState.REINTEGRATION,
        received_on=today,
        wishes=f"Wishes {word}",
        arrangements=f"Arranged {word}",
    )
    _made(person, ReturnStep, "zs", plan=plan, after=ReturnState.NOT_CONSIDERED)
    _made(
        person,
        ReturnRisk,
        "zr",
        plan=plan,
        found=Found.SAFE,
        assessed_on=today,
        sources=f"Sources {word}",
        safeguards=f"Safeguards {word}",
    )
    due = today + timedelta(days=90)
    _made(person, MonitoringVisit, "v", plan=plan, months=3, due_on=due, note=f"Visit {word}")
