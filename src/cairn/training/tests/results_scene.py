"""An invented event with crossed tests that were sat, marked and asked about, to compute from."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cairn.training.models import (
    AngoffRating,
    Enrolment,
    FormItem,
    Instrument,
    PracticalRating,
    Question,
    QuestionVersion,
    Response,
    SurveyInvitation,
    SurveyResponse,
    SurveyWave,
    TestBlueprint,
    TestForm,
    TestSitting,
    TrainingEvent,
)
from cairn.training.rules.choices import InstrumentKind, Sex, SittingMeans, TestWave
from cairn.training.rules.states import EnrolmentState, EventState
from cairn.training.tests.factories import agency, enrolment, event, practitioner

# Right or wrong before and after, four questions each; the first and second stand in both forms.
# A: took form A before and B after. The last of each is a man.
BEFORE = ["1000", "1010", "0000", "1100", "0010", "1001", "1000", "0001", "1010", "0100"]
AFTER = ["1110", "1111", "1010", "1110", "1011", "1101", "1100", "1111", "1010", "1110"]


def choice(code: str, stem: str) -> dict[str, Any]:
    """A question of the bank with one right answer among three."""
    return {
        "type": "single",
        "source_language": "en",
        "max_mark": "1",
        "options": ["a", "b", "c"],
        "key": ["a"],
        "texts": {
            "en": {
                "stem": stem,
                "options": {"a": f"Right {code}", "b": f"Wrong {code}", "c": f"Odd {code}"},
            }
        },
    }


def version(code: str) -> QuestionVersion:
    question = Question.objects.create(code=code, type="single")
    return QuestionVersion.objects.create(
        question=question,
        content=choice(code, f"Invented question {code}"),
        languages=["en"],
        created_at=timezone.now(),
    )


def forms() -> dict[str, TestForm]:
    """Forms A and B with four items: two in both, two of their own; cut score one half."""
    blueprint = TestBlueprint.objects.create(title="Invented blueprint")
    shared = [version("Q1"), version("Q2")]
    made: dict[str, TestForm] = {}
    for letter, own in (("A", ["Q3", "Q4"]), ("B", ["Q5", "Q6"])):
        form = TestForm.objects.create(
            blueprint=blueprint, letter=letter, cut_score=Decimal("0.500")
        )
        for place, each in enumerate([*shared, *(version(code) for code in own)], 1):
            FormItem.objects.create(
                form=form, version=each, position=place, maximum=1, is_anchor=place <= 2
            )
        made[letter] = form
    return made


def sit(
    at: Enrolment, form: TestForm, wave: str, marks: str, *, needs_marking: bool = False
) -> TestSitting:
    """Hand in a sitting whose item marks are the digits of `marks`."""
    now = timezone.now()
    sitting = TestSitting.objects.create(
        event=at.event,
        enrolment=at,
        form=form,
        wave=wave,
        means=SittingMeans.PAPER,
        started_at=now,
        handed_in_at=now,
        needs_marking=needs_marking,
        mark=sum(int(digit) for digit in marks),
        maximum=len(marks),
    )
    Response.objects.bulk_create(
        Response(
            sitting=sitting,
            item=item,
            answer="a" if digit == "1" else "b",
            mark=int(digit),
            answered_at=now,
        )
        for item, digit in zip(form.items.order_by("position"), marks, strict=True)
    )
    return sitting


def event_that_was_sat(reference: str = "T01", **values: Any) -> TrainingEvent:
    """A delivered event of ten people in two agencies; all completed and sat both tests."""
    given: dict[str, Any] = {"state": EventState.DELIVERED, "cost_usd": Decimal(5000)}
    made = event(reference, **given | values)
    both = forms()
    bodies = [agency("Invented Border Guard"), agency("Invented Prosecution")]
    for number, (before, after) in enumerate(zip(BEFORE, AFTER, strict=True)):
        is_first_half = number % 2 == 0
        who = practitioner(organisation=made.organisation)
        member = enrolment(
            made,
            who,
            code=f"AA-AA-{number:02d}",
            sex=Sex.MALE if number > 5 else Sex.FEMALE,
            agency=bodies[0] if number < 7 else bodies[1],
            country="NPL" if number < 5 else "SEN",
            state=EnrolmentState.COMPLETED,
            completed_on=date(2026, 3, 4),
        )
        first, second = ("A", "B") if is_first_half else ("B", "A")
        sit(member, both[first], TestWave.PRE, before)
        sit(member, both[second], TestWave.POST, after)
    return made


def judged(made: TrainingEvent) -> None:
    """Two judges estimate form A; two assessors rate a task of each participant."""
    from uuid import uuid4

    form = TestForm.objects.get(letter="A")
    for shares in ("0.50", "0.80"):
        judge = uuid4()
        for item in form.items.all():
            AngoffRating.objects.create(
                item=item, judge_id=judge, share=Decimal(shares), rated_at=timezone.now()
            )
    for number, member in enumerate(made.enrolments.all()):
        for assessor, rating in enumerate((number % 4 + 1, min(4, number % 4 + 1 + number % 2))):
            PracticalRating.objects.create(
                event=made,
                enrolment=member,
                task="micro-teaching",
                rating=rating,
                assessor_id=uuid4(),
                rated_at=timezone.now() + timedelta(minutes=assessor),
            )


def asked(made: TrainingEvent) -> SurveyWave:
    """A questionnaire at the end: eight of ten answer, four of them the last question."""
    instrument = Instrument.objects.create(
        code="invented",
        kind=InstrumentKind.REACTION,
        title="Invented questionnaire",
        questions=[
            {"code": "useful", "type": "scale", "stem": {"en": "Was it useful?"}, "options": {}},
            {
                "code": "safe",
                "type": "single",
                "stem": {"en": "Did you feel safe?"},
                "options": {"yes": {"en": "Yes"}, "no": {"en": "No"}},
            },
            {
                "code": "change",
                "type": "multiple",
                "stem": {"en": "What should change?"},
                "options": {"time": {"en": "More time"}, "place": {"en": "Another place"}},
            },
            {"code": "passed-on", "type": "number", "stem": {"en": "To how many?"}, "options": {}},
        ],
    )
    wave = SurveyWave.objects.create(
        event=made,
        instrument=instrument,
        months=0,
        opens_on=date(2026, 3, 4),
        closes_on=date(2026, 3, 11),
    )
    for number, member in enumerate(made.enrolments.all()):
        state = SurveyInvitation.State.ANSWERED if number < 8 else SurveyInvitation.State.INVITED
        SurveyInvitation.objects.create(
            wave=wave, enrolment=member, token_digest=f"{number:064d}", state=state
        )
    for number in range(8):
        SurveyResponse.objects.create(
            wave=wave,
            answers={
                "useful": 5 if number < 3 else 4 if number < 6 else 2,
                "safe": "yes" if number else "no",
                "change": ["time", "place"] if number % 2 else ["time"],
                **({"passed-on": 3} if number < 4 else {}),
            },
            answered_on=date(2026, 3, 5),
        )
    return wave
