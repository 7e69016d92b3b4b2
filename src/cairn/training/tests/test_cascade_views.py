"""Pages of the cascade: what they show, to whom, what they refuse, and how much they ask."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.models import User
from cairn.access.permissions import person
from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.actor import Actor
from cairn.training.actions import cascade as actions
from cairn.training.models import CascadePlan, CascadeTarget
from cairn.training.tests import factories
from cairn.training.tests.cascade_scene import Scene, three_generations

pytestmark = pytest.mark.django_db


def client_of(actor: Actor) -> Client:
    client = Client()
    sign_in(client, User.objects.get(pk=person(actor)))
    return client


def text(response: Any) -> str:
    html = response.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def found() -> Scene:
    scene = three_generations()
    actions.rebuild()
    return scene


@pytest.fixture
def officer() -> Actor:
    return factories.officer()


def test_the_page_shows_picture_table_and_activation_without_a_code_or_name(
    found: Scene, officer: Actor
) -> None:
    response = client_of(officer).get(reverse("training:cascade"))
    html, said = response.content.decode(), text(response)
    assert html.count('class="chart-svg chart-cascade"') == 2
    assert html.count('class="chart-svg chart-steps"') == 2
    assert reverse("training:event", args=["T2"]) in html
    assert "T3, Generation 2" not in html
    assert "T3, Generation 3: 31 people, counted, not measured" in html
    assert "Graduates: 11. Gave a session: 3." in said
    assert reverse("training:figure", args=["effective-reach"]) in html
    for each in found.people.values():
        assert each.code not in html
    assert "Invented Trainee" not in html


def test_a_part_is_kept_in_the_address_and_can_be_cleared(found: Scene, officer: Actor) -> None:
    client = client_of(officer)
    response = client.get(reverse("training:cascade"), {"root": "T2"})
    html = response.content.decode()
    assert '<option value="T2" selected>' in html
    assert f'<a href="{reverse("training:cascade")}">Clear all filters</a>' in html
    assert "T4, Generation" not in html
    assert client.get(reverse("training:cascade"), {"root": "T99"}).status_code == 404
    del found


def test_an_empty_cascade_says_how_it_begins(officer: Actor) -> None:
    said = text(client_of(officer).get(reverse("training:cascade")))
    assert "No cascade yet" in said
    assert "whose trainers came from elsewhere" in said


def test_what_it_rests_on_is_shown_by_code_to_whom_it_concerns(
    found: Scene, officer: Actor
) -> None:
    address = reverse("training:cascade-resting")
    html = client_of(officer).get(address).content.decode()
    assert found.people["g"].code in html
    assert "31 people" in text(client_of(officer).get(address))
    elsewhere = factories.officer("invented-stranger", at=factories.agency("Invented Elsewhere"))
    other = client_of(elsewhere).get(address)
    assert other.status_code == 200
    assert found.people["g"].code not in other.content.decode()


def test_a_trainers_page_leads_on_by_code(found: Scene, officer: Actor) -> None:
    client = client_of(officer)
    own = found.people["a"]
    response = client.get(reverse("training:trainer-cascade", args=[own.code]))
    said = text(response)
    assert "People credited 5.5" in said
    assert found.people["g"].code in said
    assert "Invented Trainee" not in said
    assert response["Cache-Control"].find("no-store") >= 0
    elsewhere = factories.officer("invented-stranger", at=factories.agency("Invented Elsewhere"))
    for code, who in ((own.code, elsewhere), ("ZZZ-ZZZ", officer)):
        answer = client_of(who).get(reverse("training:trainer-cascade", args=[code]))
        assert answer.status_code == 404


def test_strangers_and_visitors_do_not_see_the_cascade(found: Scene) -> None:
    donor = Client()
    sign_in(donor, user_with_role("donor", name="invented-donor"))
    for name in ("training:cascade", "training:cascade-resting", "training:cascade-plans"):
        assert donor.get(reverse(name)).status_code == 403
        visitor = Client().get(reverse(name))
        assert visitor.status_code == 302
    del found


def test_a_plan_is_made_given_targets_and_read_beside_what_was_reached(
    found: Scene, officer: Actor
) -> None:
    client = client_of(officer)
    new = reverse("training:cascade-plan-new")
    refused = client.post(new, {"title": "Invented plan", "minimum_share": "0.5"})
    assert refused.status_code == 409
    assert "does not say whose cascade" in text(refused)
    client.post(
        new,
        {"title": "Invented plan", "minimum_share": "0.5", "root": str(found.events["T1"].pk)},
    )
    plan = CascadePlan.objects.get()
    target = reverse("training:cascade-target-new", args=[plan.pk])
    assert client.post(target, {"generation": "0", "persons": "5"}).status_code == 422
    client.post(target, {"generation": "2", "persons": "14"})
    again = client.post(target, {"generation": "2", "persons": "20"})
    assert again.status_code == 409
    page = reverse("training:cascade-plan", args=[plan.pk])
    assert "14 7 50%" in text(client.get(page))
    assert "Invented plan" in text(client.get(reverse("training:cascade-plans")))
    client.post(reverse("training:cascade-target-remove", args=[CascadeTarget.objects.get().pk]))
    assert "No target yet" in text(client.get(page))


def test_who_only_runs_events_reads_plans_and_changes_none(found: Scene) -> None:
    officer = factories.officer()
    plan = actions.make_plan(officer, actions.PlanFacts("Invented plan", root=found.events["T1"]))
    target = actions.add_target(officer, plan, actions.TargetFacts(1, 5))
    trainer = client_of(factories.trainer(found.events["T1"]))
    assert trainer.get(reverse("training:cascade-plan", args=[plan.pk])).status_code == 200
    for name, key in (("cascade-target-new", plan.pk), ("cascade-target-remove", target.pk)):
        assert trainer.post(reverse(f"training:{name}", args=[key])).status_code == 403
    assert trainer.get(reverse("training:cascade-plan-new")).status_code == 403
    assert CascadeTarget.objects.count() == 1


def test_pages_ask_as_much_for_many_rows_as_for_few(found: Scene, officer: Actor) -> None:
    client = client_of(officer)
    addresses = [
        reverse("training:cascade"),
        reverse("training:cascade-resting"),
        reverse("training:trainer-cascade", args=[found.people["a"].code]),
    ]

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    for address in addresses:
        client.get(address)
    few = [count(address) for address in addresses]
    for number in range(4):
        found.event(f"T1{number}", f"2025-08-0{number + 1}", "ag", "")
        for letter in "xyz":
            found.complete(f"T1{number}", f"{number}{letter}")
    actions.rebuild()
    assert [count(address) for address in addresses] == few
