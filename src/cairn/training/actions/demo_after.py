"""Around the invented training: the next call with its nominations, and what came after."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.training.actions import calls, followup, nominations, outcomes
from cairn.training.actions import demo_texts as texts
from cairn.training.actions.events import EventFacts, create_event, move_event
from cairn.training.actions.people import PersonFacts
from cairn.training.models import CoursePlan, SurveyInvitation, SurveyWave, TrainingEvent
from cairn.training.rules.choices import (
    Confidence,
    EventKind,
    InstrumentKind,
    OutcomeKind,
    Profession,
    Sex,
)
from cairn.training.rules.selection import Criterion
from cairn.training.rules.states import EventState

COUNTRY, LANGUAGE = "NPL", "en"


@dataclass(frozen=True, slots=True)
class Stage:
    """Who enters the invented records, for whom, and on which day."""

    actor: Actor
    organisation: Organisation
    today: date

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), timezone.get_current_timezone())


def open_call(stage: Stage, plan: CoursePlan) -> None:
    """The next training, whose call is open and has five nominations."""
    first = stage.today + timedelta(days=60)
    event = create_event(
        stage.actor,
        EventFacts(
            title="First contact: next course (invented)",
            kind=EventKind.DIRECT,
            organisation=stage.organisation,
            reference=texts.NEXT_EVENT,
            country=COUNTRY,
            place_countries=(COUNTRY,),
            starts=first.isoformat(),
            ends=(first + timedelta(days=1)).isoformat(),
            languages=(LANGUAGE,),
            plan=plan,
            seats=12,
        ),
    )
    move_event(stage.actor, event.reference, EventState.PLANNED)
    calls.set_call(
        stage.actor,
        event.reference,
        calls.CallTerms(
            opens_on=stage.today,
            closes_on=stage.today + timedelta(days=30),
            criteria=[
                Criterion("post", "Will work in the field", 2),
                Criterion("train", "Can train others", 1),
            ],
        ),
    )
    calls.allot_seats(stage.actor, event.reference, stage.organisation, seats=12, minimum_women=4)
    move_event(stage.actor, event.reference, EventState.CALL_OPEN)
    for number, name in enumerate(texts.NOMINEES):
        nominations.nominate(
            stage.actor,
            event.reference,
            stage.organisation,
            nominations.Proposal(
                facts=PersonFacts(
                    name,
                    sex=Sex.FEMALE if number % 2 else Sex.MALE,
                    country=COUNTRY,
                    agency=stage.organisation,
                    profession=Profession.POLICE,
                ),
                answers={"motivation": "Invented: will be posted to a border crossing."},
            ),
        )


def tell_what_came(stage: Stage, event: TrainingEvent, *, event_ended: date) -> None:
    """What came after: two questionnaires that many answered, and a report from the field."""
    for kind, months, opens_on, closes_on, day in (
        (InstrumentKind.REACTION, 0, event_ended, event_ended + timedelta(days=7), event_ended),
        (
            InstrumentKind.APPLICATION_SELF,
            3,
            stage.today - timedelta(days=20),
            stage.today + timedelta(days=40),
            stage.today,
        ),
    ):
        wave = followup.open_wave(
            stage.actor,
            event.reference,
            kind,
            months=months,
            opens_on=opens_on,
            closes_on=closes_on,
        )
        _answers(wave, day)
    outcomes.report_outcome(
        stage.actor,
        outcomes.OutcomeFacts(
            kind=OutcomeKind.REFERRAL_MADE,
            month=(stage.today - timedelta(days=40)).isoformat()[:7],
            country=COUNTRY,
            count=3,
            confidence=Confidence.MEDIUM,
            unit="referrals",
            area="Invented Province",
            note="Invented: new form in use at the post",
        ),
        event=event.reference,
        factors=["partners"],
        today=stage.today,
    )


def _answers(wave: SurveyWave, today: date) -> None:
    """Two of three answer, by the token of their invitation."""
    rows = list(SurveyInvitation.objects.filter(wave=wave).select_related("wave__instrument"))
    for number, token in enumerate(followup.tokens(rows)):
        if number % 3 == 2:
            continue
        asked = wave.instrument.questions
        given = {each["code"]: _said(each, number) for each in asked}
        followup.answer(token, given, language=LANGUAGE, today=today)


def _said(item: dict[str, Any], number: int) -> object:
    """An answer that can be given: high on scales, the first options else."""
    options = sorted(item["options"])
    match item["type"]:
        case "scale":
            return 3 + number % 3
        case "number":
            return number % 4
        case "multiple":
            return options[: 1 + number % 2]
        case _:
            return options[number % len(options)]
