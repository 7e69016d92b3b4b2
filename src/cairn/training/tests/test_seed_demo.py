"""The invented training of the demonstration: whole, once, and visibly invented."""

import pytest
from django.utils import timezone

from cairn.training.actions import demo_texts as texts
from cairn.training.actions.demo import certify_training_demo, load_training_demo
from cairn.training.models import (
    CascadeCredit,
    Enrolment,
    FieldOutcomeReport,
    MobileTrainingTeam,
    Nomination,
    SurveyInvitation,
    TestSitting,
    TrainingEvent,
)
from cairn.training.queries.teams import view_of
from cairn.training.rules.teams import TeamState
from cairn.training.tests.factories import agency, officer

# On each database it is made with the rest of the demonstration, by test_prepare.py.
pytestmark = [pytest.mark.django_db, pytest.mark.processes, pytest.mark.once]


def test_the_demonstration_tells_the_whole_way_once() -> None:
    actor, today = officer(), timezone.localdate()
    made = load_training_demo(actor, agency(), today=today)
    assert made == len(texts.NAMES) + len(texts.TRAINERS) + 3
    assert load_training_demo(actor, agency(), today=today) == 0
    event = TrainingEvent.objects.get(reference=texts.EVENT)
    assert event.state == "delivered"
    states = Enrolment.objects.filter(event=event).values_list("state", flat=True)
    assert len(states) == 24
    assert {"completed", "incomplete"} <= set(states)
    handed_in = TestSitting.objects.filter(event=event).exclude(handed_in_at=None)
    assert handed_in.count() == 48
    generations = CascadeCredit.objects.values_list("generation", flat=True)
    assert set(generations) == {1, 2}
    view = view_of(actor, MobileTrainingTeam.objects.get(), today=today)
    assert view.state == TeamState.FORMING
    assert view.gaps
    assert Nomination.objects.count() == 5
    answered = SurveyInvitation.objects.exclude(answered_on=None)
    assert set(answered.values_list("wave__months", flat=True)) == {0, 3}
    assert answered.count() < SurveyInvitation.objects.count()
    marks = handed_in.filter(wave="post").values_list("mark", flat=True)
    assert len(set(marks)) > 1
    assert FieldOutcomeReport.objects.get().claims.get().event == event
    shown = TrainingEvent.objects.values_list("title", flat=True)
    assert all("invented" in title for title in shown)
    issued = certify_training_demo(actor)
    assert issued >= Enrolment.objects.filter(event=event, state="completed").count() > 0
    assert certify_training_demo(actor) == 0
