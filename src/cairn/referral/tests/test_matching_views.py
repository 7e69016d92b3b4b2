"""Pages about records that may be of one person: the queue, a pair, the panel, candidates."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.referral.actions.matching import decide_pair, look_for, undo_pair
from cairn.referral.registry.matching import panel
from cairn.referral.rules.matching import PairReason, PairStep
from cairn.referral.rules.persons import AgeBand
from cairn.referral.tests.factories import REASON, actor_of
from cairn.referral.tests.matching_made import (  # noqa: F401 - a fixture
    AGAIN,
    FIRST,
    known,
    pair_of,
    plain_caseworkers,
    supervisor,
)

pytestmark = pytest.mark.django_db


def visitor(role: str = "case-supervisor", name: str = "page", **place: Any) -> Client:
    client = Client()
    sign_in(client, user_with_role(role, name=name, **place))
    return client


def test_the_queue_names_codes_and_reasons_and_no_name(django_assert_max_num_queries: Any) -> None:
    pair = pair_of(supervisor())
    client = visitor()
    page = client.get(reverse("referral:duplicates"))
    text = page.content.decode()
    assert pair.first.code in text
    assert pair.second.code in text
    assert "a name is the same in another spelling" in text
    assert "Zarquil" not in text
    assert client.get(reverse("referral:duplicates"), {"state": "nonsense"}).status_code == 200
    assert (
        pair.first.code
        not in client.get(reverse("referral:duplicates"), {"state": "same"}).content.decode()
    )


def test_a_pair_is_decided_and_taken_back_on_its_page() -> None:
    pair = pair_of(supervisor())
    client = visitor()
    at = reverse("referral:pair", args=[pair.pk])
    assert client.get(at).status_code == 200
    decide = reverse("referral:pair-decide", args=[pair.pk])
    assert client.post(decide, {"step": "same"}).status_code == 422
    wrong = client.post(decide, {"step": "same", "reason": "relatives"})
    assert wrong.status_code in {409, 422}
    assert client.post(decide, {"step": "same", "reason": "told"}).status_code == 302
    page = client.get(reverse("referral:person", args=[pair.first.code]))
    assert page.status_code == 200
    undo = reverse("referral:pair-undo", args=[pair.pk])
    assert client.post(undo, {"reason": "mistake"}).status_code == 302
    assert "Decision taken back" in client.get(at).content.decode()
    assert client.get(decide).status_code == client.get(undo).status_code == 302


def test_both_are_opened_on_the_page_once() -> None:
    pair = pair_of(supervisor())
    client = visitor()
    address = reverse("referral:pair-open", args=[pair.pk])
    assert client.post(address, {"purpose": "assistance", "reason": ""}).status_code == 422
    shown = client.post(address, {"purpose": "assistance", "reason": REASON}).content.decode()
    assert shown.count("Zarquil Inventeria") == 2
    assert "Zarquil Inventeria" not in client.get(address, follow=True).content.decode()


@pytest.mark.usefixtures("plain_caseworkers")
def test_the_page_of_a_person_names_the_other_record() -> None:
    actor = supervisor()
    pair = pair_of(actor)
    waiting = panel(actor, pair.first)
    assert waiting is not None
    assert waiting["waiting"].waiting == 1
    decide_pair(actor, pair.pk, PairStep.SAME, PairReason.TOLD)
    told = panel(actor, pair.second)
    assert told is not None
    assert list(told["same"]) == [(pair.first.code, pair.pk)]
    caseworker = actor_of(user_with_role("service-provider", name="caseworker"))
    assert panel(caseworker, pair.first) is not None
    undo_pair(actor, pair.pk)
    assert panel(caseworker, pair.first) is None


def test_candidates_are_shown_in_words() -> None:
    actor = supervisor()
    made = known(actor, FIRST)
    text = render_to_string(
        "referral/_candidates.html", {"candidates": look_for(actor, AGAIN, organisation())}
    )
    assert made.code in text
    assert "likely" in text
    assert "Zarquil" not in text
    assert "No record here is like it" in render_to_string(
        "referral/_candidates.html", {"candidates": []}
    )


@pytest.mark.usefixtures("plain_caseworkers")
def test_pages_are_shut_for_others() -> None:
    pair = pair_of(supervisor())
    stranger = visitor(name="stranger", at=organisation("Another Invented House"))
    assert stranger.get(reverse("referral:pair", args=[pair.pk])).status_code == 404
    caseworker = visitor("service-provider", name="caseworker")
    assert caseworker.get(reverse("referral:duplicates")).status_code == 403
    assert caseworker.get(reverse("referral:pair", args=[pair.pk])).status_code == 200
    assert (
        "Write the decision down"
        not in caseworker.get(reverse("referral:pair", args=[pair.pk])).content.decode()
    )
    for name in ("pair-open", "pair-decide", "pair-undo"):
        assert caseworker.post(reverse(f"referral:{name}", args=[pair.pk])).status_code == 403


def test_facts_of_a_child_say_so() -> None:
    actor = supervisor()
    child = {**FIRST, "phones": ["0615551234"]}
    known(actor, child, age_band=AgeBand.CHILD)
    [candidate] = look_for(actor, child, organisation(), is_child=True)
    assert "same telephone number, as children of one family have" in [
        str(words) for words, _often in candidate.reasons
    ]
