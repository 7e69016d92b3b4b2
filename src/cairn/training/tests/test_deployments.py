"""Deployments: planned before the training, confirmed after; who goes and who takes over."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions import deployments as actions
from cairn.training.actions.deployments import Posting
from cairn.training.models import Deployment, Practitioner, StagedFile
from cairn.training.queries import deployments as queries
from cairn.training.rules.states import DeploymentState
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db
D = DeploymentState
DAY = timedelta(days=1)


@pytest.fixture
def user() -> User:
    return user_with_role("training-officer", name="the-officer", at=factories.agency())


@pytest.fixture
def actor(user: User) -> Actor:
    return factories.acting(user)


def goes(actor: Actor, who: Practitioner, begins: int, ends: int = 400, **more: str) -> Deployment:
    today = timezone.localdate()
    posting = Posting(
        mission=more.pop("mission", "Invented Mission"),
        planned_from=today + begins * DAY,
        planned_until=today + ends * DAY,
        **more,
    )
    return actions.plan_deployment(actor, who.code, posting)


def test_a_deployment_goes_from_planned_to_ended_with_its_days(actor: Actor) -> None:
    made = goes(actor, factories.practitioner(), -20)
    today = timezone.localdate()

    actions.move_deployment(actor, made.pk, D.CONFIRMED)
    actions.move_deployment(actor, made.pk, D.IN_POST, on=today - 9 * DAY)
    with pytest.raises(RuleBroken) as refusal:
        actions.move_deployment(actor, made.pk, D.ENDED, on=today - 10 * DAY)
    assert refusal.value.code == "deployment.days"
    ended = actions.move_deployment(actor, made.pk, D.ENDED, on=today)
    assert (ended.state, ended.actual_from, ended.actual_until) == (
        D.ENDED,
        today - 9 * DAY,
        today,
    )


def test_a_deployment_is_cancelled_with_a_reason_and_not_begun_tomorrow(actor: Actor) -> None:
    made = goes(actor, factories.practitioner(), 5)

    with pytest.raises(RuleBroken, match="Say why"):
        actions.move_deployment(actor, made.pk, D.CANCELLED)
    actions.move_deployment(actor, made.pk, D.CONFIRMED)
    with pytest.raises(RuleBroken, match="future"):
        actions.move_deployment(actor, made.pk, D.IN_POST, on=timezone.localdate() + DAY)
    actions.move_deployment(actor, made.pk, D.CANCELLED, reason="The post was closed.")


def test_the_same_posting_is_planned_once(actor: Actor) -> None:
    who = factories.practitioner()
    goes(actor, who, 5)

    with pytest.raises(RuleBroken) as refusal:
        goes(actor, who, 5)
    assert refusal.value.code == "deployment.twice"
    with pytest.raises(RuleBroken) as refusal:
        goes(actor, who, 9, ends=8)
    assert refusal.value.code == "deployment.days"


def test_who_is_due_to_go_is_counted_trained_booked_and_untrained(actor: Actor) -> None:
    today = timezone.localdate()
    trained, booked, untrained, later = (factories.practitioner() for _each in range(4))
    done = factories.event("N01", state="closed")
    factories.enrolment(done, trained, state="completed", completed_on=today - 30 * DAY)
    factories.enrolment(factories.event("N02"), booked)
    called_off = factories.event("N03", state="cancelled")
    factories.enrolment(called_off, untrained)
    for who in (trained, booked, untrained):
        goes(actor, who, 30)
    goes(actor, later, 300)

    assert queries.due(actor, today) == queries.Due(trained=1, booked=1, untrained=1)
    rows = list(queries.deployments(actor, queries.Filters(), today))
    lines = {line.deployment.practitioner: line for line in queries.lines(rows, today)}
    assert (lines[trained].training, lines[trained].event) == ("trained", "N01")
    assert (lines[booked].training, lines[booked].event) == ("booked", "N02")
    assert lines[untrained].training == "untrained"
    only = queries.deployments(actor, queries.Filters(training="trained"), today)
    assert [row.practitioner for row in only] == [trained]


def test_the_rotation_names_who_takes_over_a_post_that_ends(actor: Actor) -> None:
    ending, follows, elsewhere, too_late = (factories.practitioner() for _each in range(4))
    post = goes(actor, ending, -200, ends=40, unit_name="North desk")
    actions.move_deployment(actor, post.pk, D.CONFIRMED)
    actions.move_deployment(actor, post.pk, D.IN_POST, on=timezone.localdate() - 190 * DAY)
    goes(actor, follows, 35, unit_name="north desk")
    goes(actor, elsewhere, 35, unit_name="South desk")
    goes(actor, too_late, 300, unit_name="North desk")
    long = goes(actor, factories.practitioner(), -10, ends=300)
    actions.move_deployment(actor, long.pk, D.CONFIRMED)
    actions.move_deployment(actor, long.pk, D.IN_POST)

    (found,) = queries.rotation(actor, timezone.localdate())

    assert found.deployment == post
    assert [line.deployment.practitioner for line in found.successors] == [follows]


def test_deployments_are_planned_and_moved_on_their_pages(user: User, actor: Actor) -> None:
    client = Client()
    client.force_login(user)
    who = factories.practitioner()
    form = {
        "code": who.code.lower(),
        "mission": "Invented Mission",
        "planned_from": "2026-02-01",
        "planned_until": "2026-12-31",
    }

    unknown = client.post(reverse("training:deployment-new"), form | {"code": "K7Q-M2R"})
    assert unknown.status_code == 409
    assert client.post(reverse("training:deployment-new"), form).status_code == 302
    made = Deployment.objects.get()
    step = reverse("training:deployment-step", args=[made.pk, "confirm"])
    assert step in client.get(reverse("training:deployment", args=[made.pk])).content.decode()
    assert client.post(step, {"reason": ""}).status_code == 302
    listed = client.get(reverse("training:deployments")).content.decode()
    assert who.code in listed
    assert "Not trained" in listed
    assert client.get(reverse("training:rotation")).status_code == 200
    nonsense = client.get(reverse("training:deployment-step", args=[made.pk, "explode"]))
    assert nonsense.status_code == 404


def test_a_file_of_deployments_plans_changes_and_tells_what_is_wrong(
    user: User, actor: Actor
) -> None:
    client = Client()
    client.force_login(user)
    first, second = factories.practitioner(), factories.practitioner()
    stranger = factories.practitioner(organisation=factories.agency("Other Agency"))
    known = Deployment.objects.create(
        practitioner=first, mission="Invented Mission", planned_from=date(2026, 2, 1)
    )
    content = (
        "code,mission,planned_from,planned_until,country\n"
        f"{first.code},invented mission,2026-02-01,2026-12-31,Nepal\n"
        f"{second.code},Invented Mission,2026-03-01,,Kenya\n"
        f"{stranger.code},Invented Mission,2026-03-01,,Kenya\n"
        f"{second.code},Other Mission,2026-03-01,2026-02-01,\n"
        "nonsense,Invented Mission,2026-03-01,,\n"
        f"{second.code},Third Mission,soon,,\n"
    ).encode()

    client.post(
        reverse("training:deployments-file"), {"file": SimpleUploadedFile("go.csv", content)}
    )
    staged = StagedFile.objects.get()
    assert (staged.good, staged.refused) == (2, 4)
    assert [each["code"] for each in staged.problems] == [
        "deployment.person",
        "deployment.days",
        "deployment.code",
        "date.shape",
    ]
    client.post(reverse("training:staged-apply", args=[staged.pk]))
    known.refresh_from_db()
    assert known.planned_until == date(2026, 12, 31)
    assert second.deployments.get().country == "KEN"
