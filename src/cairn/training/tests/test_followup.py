"""Questionnaires: one token for each person and wave, answers apart from who gave them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.training.actions import followup as actions
from cairn.training.models import SurveyInvitation, SurveyResponse, SurveyWave, TrainingEvent
from cairn.training.queries import followup as queries
from cairn.training.rules import questionnaires as rules
from cairn.training.rules.choices import InstrumentKind, Sex
from cairn.training.rules.questionnaires import Answer
from cairn.training.tests.factories import agency, enrolment, event, officer, practitioner, trainer

pytestmark = pytest.mark.django_db(databases="__all__")
TODAY = date(2026, 6, 10)
State = SurveyInvitation.State


@pytest.fixture
def planner() -> Actor:
    return officer()


@pytest.fixture
def course() -> TrainingEvent:
    return event("T01")


def opened(
    planner: Actor,
    course: TrainingEvent,
    people: int = 8,
    kind: InstrumentKind = InstrumentKind.APPLICATION_SELF,
) -> SurveyWave:
    for number in range(people):
        who = practitioner(sex=Sex.FEMALE if number % 4 == 0 else Sex.MALE)
        enrolment(course, who, state="completed", completed_on=TODAY)
    return actions.open_wave(
        planner,
        course.reference,
        kind,
        months=3,
        opens_on=TODAY,
        closes_on=TODAY + timedelta(days=30),
    )


def asked(wave: SurveyWave) -> list[str]:
    return actions.tokens(wave.invitations.order_by("enrolment__personal_code"))


def give(token: str, **answers: Any) -> SurveyResponse:
    return actions.answer(token, answers or {"applied": "yes"}, language="en", today=TODAY)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (Answer.SCALE, "5", 5),
        (Answer.NUMBER, "0", 0),
        (Answer.SINGLE, "yes", "yes"),
        (Answer.MULTIPLE, ["yes", "no", "yes"], ["no", "yes"]),
        (Answer.SCALE, "", None),
        (Answer.MULTIPLE, [], None),
    ],
)
def test_an_answer_is_stored_as_what_it_means(kind: Answer, value: Any, stored: Any) -> None:
    item: dict[str, Any] = {"type": kind.value, "options": {"yes": {}, "no": {}}}
    assert rules.check_answer(item, value) == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Answer.SCALE, "0"),
        (Answer.SCALE, "6"),
        (Answer.NUMBER, "501"),
        (Answer.NUMBER, "-1"),
        (Answer.SINGLE, "perhaps"),
        (Answer.MULTIPLE, ["yes", "perhaps"]),
    ],
)
def test_what_is_no_choice_is_refused(kind: Answer, value: Any) -> None:
    item: dict[str, Any] = {"type": kind.value, "options": {"yes": {}, "no": {}}}
    with pytest.raises(RuleBroken, match="none of the answers"):
        rules.check_answer(item, value)


@pytest.mark.parametrize("kind", InstrumentKind)
def test_every_question_is_there_in_three_languages(kind: InstrumentKind) -> None:
    _title, items = rules.QUESTIONNAIRES[kind]
    for item in items:
        assert set(item.stem) == {"en", "fr", "ar"}
        assert all(set(words) == {"en", "fr", "ar"} for words in item.options.values())


def test_everybody_who_came_is_invited_once(planner: Actor, course: TrainingEvent) -> None:
    enrolment(course, state="no-show")
    wave = opened(planner, course, 5)
    assert wave.invitations.count() == 5
    enrolment(course, state="started")
    assert actions.invite_missing(planner, wave) == 1
    assert actions.invite_missing(planner, wave) == 0
    with pytest.raises(RuleBroken, match="already"):
        opened(planner, course, 0)


def test_answers_have_no_way_back_to_the_person(planner: Actor, course: TrainingEvent) -> None:
    wave = opened(planner, course)
    given = give(asked(wave)[0], applied="yes")
    invitation = SurveyInvitation.objects.get(state=State.ANSWERED)
    keys = {str(invitation.pk), str(invitation.enrolment_id), invitation.token_digest}
    assert not keys & {str(value) for value in vars(given).values()}
    assert given.answered_on == wave.closes_on
    entry = AuditEntry.objects.get(code="survey.answered")
    assert entry.subject_id == str(wave.pk)
    assert entry.facts == {}


def test_a_token_answers_once(planner: Actor, course: TrainingEvent) -> None:
    wave = opened(planner, course)
    token = asked(wave)[0]
    give(token)
    with pytest.raises(RuleBroken, match="already"):
        give(token.upper().replace("-", " "))
    assert SurveyResponse.objects.count() == 1


def test_outside_its_days_nothing_is_taken(planner: Actor, course: TrainingEvent) -> None:
    token = asked(opened(planner, course))[0]
    for day, why in ((-1, "not open yet"), (31, "closed")):
        with pytest.raises(RuleBroken, match=why):
            actions.answer(
                token, {"applied": "yes"}, language="en", today=TODAY + timedelta(days=day)
            )


def test_an_empty_answer_is_not_an_answer(planner: Actor, course: TrainingEvent) -> None:
    token = asked(opened(planner, course))[0]
    with pytest.raises(RuleBroken, match="Nothing was answered"):
        actions.answer(token, {"applied": ""}, language="en", today=TODAY)
    assert SurveyInvitation.objects.filter(state=State.ANSWERED).count() == 0


def test_the_rate_leaves_out_whom_nobody_could_ask(planner: Actor, course: TrainingEvent) -> None:
    wave = opened(planner, course, 10)
    tokens = asked(wave)
    for token in tokens[:6]:
        give(token)
    waiting = list(queries.silent(wave))
    actions.note_unreached(planner, waiting[0], State.UNDELIVERABLE)
    actions.note_unreached(planner, waiting[1], State.INELIGIBLE)
    figure = queries.response(queries.wave(planner, wave.pk))
    assert figure.value == pytest.approx(0.75)
    assert figure.n == 8


def test_what_is_applied_comes_with_the_bounds_of_silence(
    planner: Actor, course: TrainingEvent
) -> None:
    wave = opened(planner, course, 10)
    for number, token in enumerate(asked(wave)[:8]):
        give(token, applied="yes" if number < 6 else "no")
    figure = queries.applied(queries.wave(planner, wave.pk))
    assert figure is not None
    assert figure.value == pytest.approx(0.75)
    assert "60" in figure.sentence
    assert "80" in figure.sentence


def test_answers_of_fewer_than_five_are_hidden(planner: Actor, course: TrainingEvent) -> None:
    wave = opened(planner, course)
    for token in asked(wave)[:4]:
        give(token)
    applied = queries.said(wave)[0]
    assert applied.is_hidden
    assert applied.lines == []
    give(asked(wave)[4])
    assert queries.said(wave)[0].lines[0].count == 5


def test_only_who_runs_the_event_asks(planner: Actor, course: TrainingEvent) -> None:
    stranger = officer("other-officer", at=agency("Other Invented Agency"))
    with pytest.raises(PermissionDenied):
        opened(stranger, course)
    own = trainer(course)
    assert actions.open_wave(
        own,
        course.reference,
        InstrumentKind.REACTION,
        months=0,
        opens_on=TODAY,
        closes_on=TODAY,
    )


def test_a_respondent_without_account_answers_by_the_slip(
    planner: Actor, course: TrainingEvent, client: Client
) -> None:
    wave = opened(planner, course)
    today = timezone.localdate()
    SurveyWave.objects.update(opens_on=today, closes_on=today)
    address = reverse("training:answer", args=[asked(wave)[0]])
    assert "used" in client.get(address).content.decode()
    french = client.get(address, headers={"accept-language": "fr"}).content.decode()
    assert "obstacles" in french
    sent = client.post(address, {"applied": "yes", "barriers": ["no-time"], "passed-on": "3"})
    assert sent.status_code == 302
    assert "already" in client.get(address).content.decode()
    assert SurveyResponse.objects.get().answers == {
        "applied": "yes",
        "barriers": ["no-time"],
        "passed-on": 3,
    }
    assert client.get(reverse("training:answer", args=["0000-0000-0000-0000"])).status_code == 404


def test_the_pages_of_a_wave_ask_a_constant_number_of_queries(
    planner: Actor, course: TrainingEvent, client: Client
) -> None:
    assert planner.user_id is not None
    client.force_login(User.objects.get(pk=planner.user_id))
    wave = opened(planner, course, 2)

    def queries_of(name: str, key: object) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(name, args=[key])).status_code == 200
        return len(seen)

    pages = [
        ("training:waves", course.reference),
        ("training:wave", wave.pk),
        ("training:wave-slips", wave.pk),
    ]
    few = [queries_of(*page) for page in pages]
    for _number in range(12):
        enrolment(course, state="completed", completed_on=TODAY)
    actions.invite_missing(planner, wave)
    for token in asked(wave)[:6]:
        give(token)
    assert [queries_of(*page) for page in pages] == few
