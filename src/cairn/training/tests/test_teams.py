"""Mobile teams on record: form, take in, complete, task, and the page that says what is missing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions import teams as actions
from cairn.training.models import MobileTrainingTeam, Practitioner, Step
from cairn.training.queries import teams as queries
from cairn.training.rules.choices import LadderStep, Profession, Sex, TaskingKind
from cairn.training.rules.team_needs import Need, Obstacle, Requirement
from cairn.training.rules.teams import TeamState
from cairn.training.tests.factories import agency, event, officer
from cairn.training.tests.roster_scene import delivered, listed

pytestmark = pytest.mark.django_db
NEEDS = Requirement(
    size=2, most=3, women=1, professions={Profession.PROSECUTOR: 1}, languages=frozenset({"fr"})
)


def _team(actor: Actor, code: str = "MTT-01", needs: Requirement = NEEDS) -> MobileTrainingTeam:
    return actions.form_team(actor, actions.TeamFacts(code, "Invented team", agency(), needs))


def _people() -> tuple[Practitioner, Practitioner]:
    """A lead who speaks French, and a prosecutor, a woman."""
    taught = delivered("D01")
    lead = listed(languages=("fr",), taught=taught)
    law = listed(
        level=LadderStep.ASSISTANT,
        taught=taught,
        sex=Sex.FEMALE,
        profession=Profession.PROSECUTOR,
    )
    return lead, law


def _needs_of(actor: Actor, team: MobileTrainingTeam) -> list[str]:
    view = queries.view_of(actor, team, today=timezone.localdate())
    return [f"{gap.need}{gap.subject}" for gap in view.gaps or ()]


def test_a_team_is_complete_only_when_nothing_is_missing() -> None:
    actor = officer()
    team = _team(actor)
    lead, law = _people()
    assert _needs_of(actor, team) == ["size", "women", "lead", "professionprosecutor", "languagefr"]
    actions.add_member(actor, team.code, lead.code.lower(), function="lead")
    with pytest.raises(RuleBroken, match="1 more woman") as refusal:
        actions.move_team(actor, team.code, TeamState.COMPLETE)
    assert refusal.value.code == "team.incomplete"
    actions.add_member(actor, team.code, law.code)
    actions.move_team(actor, team.code, TeamState.COMPLETE)
    with pytest.raises(RuleBroken, match="no task"):
        actions.move_team(actor, team.code, TeamState.TASKED)
    actions.add_task(actor, team.code, TaskingKind.PILOT, "Invented pilot", courses=2)
    actions.move_team(actor, team.code, TeamState.TASKED)
    with pytest.raises(RuleBroken, match="nobody joins"):
        actions.add_member(actor, team.code, law.code)
    states = Step.objects.filter(subject_id=team.pk).values_list("after", flat=True)
    assert list(states) == ["tasked", "complete", "forming"]


def test_the_builder_proposes_the_smallest_group_and_says_what_nobody_can_fill() -> None:
    actor = officer()
    lead, law = _people()
    team = _team(actor)
    view = queries.view_of(actor, team, today=timezone.localdate())
    assert view.proposal is not None
    assert view.proposal.sets == (tuple(sorted([lead.code, law.code])),)
    arabic = Requirement(size=1, languages=frozenset({"ar"}), women=0)
    other = queries.view_of(actor, _team(actor, "MTT-02", arabic), today=timezone.localdate())
    assert other.proposal is not None
    assert [gap.need for gap in other.proposal.lacking] == [Need.LANGUAGE]


def test_somebody_with_something_against_them_fills_nothing_and_is_told_apart() -> None:
    actor = officer()
    team = _team(actor, needs=Requirement(size=1))
    late = listed(is_vetted=False, taught=delivered("D01"))
    actions.add_member(actor, team.code, late.code)
    view = queries.view_of(actor, team, today=timezone.localdate())
    (member,) = view.members
    assert Obstacle.VETTING_MISSING in member.obstacles
    assert [gap.need for gap in view.gaps or ()] == [Need.SIZE, Need.LEAD]


def test_when_somebody_leaves_a_complete_team_it_is_forming_again() -> None:
    actor = officer()
    lead, law = _people()
    team = _team(actor)
    for person in (lead, law):
        actions.add_member(actor, team.code, person.code)
    actions.move_team(actor, team.code, TeamState.COMPLETE)
    actions.remove_member(actor, team.code, team.members.get(practitioner=law).pk)
    team.refresh_from_db()
    assert team.state == TeamState.FORMING
    back = actions.add_member(actor, team.code, law.code)
    assert back.left_on is None
    with pytest.raises(RuleBroken, match="already"):
        actions.add_member(actor, team.code, law.code)


def test_tasks_are_answered_by_events_and_done_when_these_are_delivered() -> None:
    actor = officer()
    team = _team(actor, needs=Requirement(size=1))
    row = actions.add_task(actor, team.code, TaskingKind.PILOT, "Invented pilot", due="2099-09")
    event("P01")
    actions.settle_task(actor, team.code, row.pk, event="P01")
    with pytest.raises(RuleBroken) as refusal:
        actions.settle_task(actor, team.code, row.pk, is_done=True)
    assert refusal.value.code == "tasking.done"
    with pytest.raises(RuleBroken) as refusal:
        actions.add_task(actor, team.code, TaskingKind.PILOT, "Late", due="2001")
    assert refusal.value.code == "tasking.due"
    assert list(queries.courses_of([team]).values()) == [(1, 0)]


def test_another_organisation_sees_the_team_and_changes_nothing() -> None:
    actor = officer()
    team = _team(actor)
    lead, _law = _people()
    actions.add_member(actor, team.code, lead.code)
    stranger = officer("invented-stranger", at=agency("Invented Other Agency"))
    (member,) = queries.view_of(stranger, team, today=timezone.localdate()).members
    assert member.trainer is None
    with pytest.raises(PermissionDenied):
        actions.move_team(stranger, team.code, TeamState.STOOD_DOWN, "why")


def test_a_code_is_taken_once_and_a_senseless_need_is_refused() -> None:
    actor = officer()
    _team(actor)
    for code, needs, refused in (
        ("MTT-01", NEEDS, "team.code"),
        ("MTT-09", Requirement(size=0), "team.requirement"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            _team(actor, code, needs)
        assert refusal.value.code == refused


def test_the_pages_form_a_team_by_clicking(client: Client) -> None:
    sign_in(client, user_with_role("training-officer", name="invented-officer", at=agency()))
    lead, law = _people()
    given = {
        "code": "MTT-07", "title": "Invented team", "organisation": str(agency().pk),
        "size": 2, "women": 1, "leads": 1, "speakers": 1, "travel_days": 0, "languages": ["fr"],
        **{f"places-{name}": 0 for name in ("investigator", "social", "health", "border", "judge")},
        "places-prosecutor": 1, "needs_vetting": "on",
    }  # fmt: skip
    assert client.post(reverse("training:team-new"), given).status_code == 302
    address = reverse("training:team", args=["MTT-07"])
    page = client.get(address).content.decode()
    for words in ("1 more woman", "1 lead trainer", "Prosecutor", "French", lead.code, law.code):
        assert words in page
    for person in (lead, law):
        taken = client.post(
            reverse("training:team-member", args=["MTT-07"]), {"person": person.code}
        )
        assert taken.status_code == 302
    assert "the team is complete" in client.get(address).content.decode()
    moved = client.post(reverse("training:team-move", args=["MTT-07"]), {"to": "complete"})
    assert moved.status_code == 302
    task = {"kind": "pilot", "title": "Invented pilot", "courses": 2, "due": "2099"}
    assert client.post(reverse("training:team-task", args=["MTT-07"]), task).status_code == 302
    assert "Invented pilot" in client.get(address).content.decode()
    assert "MTT-07" in client.get(reverse("training:teams")).content.decode()


def test_the_page_of_a_team_asks_as_many_queries_for_many_trainers() -> None:
    actor, today = officer(), timezone.localdate()
    team = _team(actor)
    _people()

    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            queries.view_of(actor, team, today=today)
        return len(counted)

    few = asked()
    for _number in range(4):
        listed(languages=("fr",))
    assert asked() == few


def test_a_team_with_days_asks_who_is_free_then() -> None:
    actor, today = officer(), timezone.localdate()
    asked = Requirement(size=1, first=today + timedelta(days=700), last=today + timedelta(days=705))
    team = _team(actor, needs=asked)
    listed(taught=delivered("D01"))
    view = queries.view_of(actor, team, today=today)
    assert view.helpers == []
    (one,) = view.blocked
    assert set(one.obstacles) == {Obstacle.VETTING_LAPSES, Obstacle.NOT_ASKED}
