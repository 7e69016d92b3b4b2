"""A referral as a file: as its schema says, of what may be told only, and of no other state."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from cairn.access.models import User
from cairn.core.models import AuditEntry
from cairn.oversight.rules import Purpose
from cairn.referral.actions import exchange as actions
from cairn.referral.actions.exchange import Form
from cairn.referral.actions.referrals_answers import Verb
from cairn.referral.exports import primero
from cairn.referral.htcds.record import PersonRecord
from cairn.referral.models import Referral
from cairn.referral.rules import exchange
from cairn.referral.rules.exchange import SCHEMA, check_goes_out, flaws, written
from cairn.referral.rules.referrals import ACCEPTED_ON, State
from cairn.referral.tests.referrals_made import (
    DANGER,
    HEALTH,
    WAY,
    elsewhere,
    referred,
    refused,
    say,
    sides,
)

WHY = "Our partner's system needs it."
DOCUMENT: dict[str, Any] = {
    "format": exchange.FORMAT,
    "version": exchange.VERSION,
    "code": "K7Q-M2R",
    "from": "Invented Agency",
    "to": "Invented Clinic",
    "service": {"name": "Night clinic", "kinds": ["health"], "country": "NPL", "area": "North"},
    "sent_at": "2026-05-05T12:00:00+00:00",
    "need": "health",
    "urgency": "urgent",
    "purpose": "assistance",
    "basis": "consent",
    "area": "Invented Town",
    "language": "ne",
    "age_band": "adult",
    "exclusions": [],
    "categories": ["health"],
    "content": {"health": HEALTH},
}
Change = Callable[[dict[str, Any]], Any]
WRONG: list[tuple[str, Change]] = [
    ("need", lambda made: made.update(need="gold")),
    ("content.name", lambda made: made["content"].update(name="x")),
    ("service.kinds", lambda made: made["service"].update(kinds=["health", "health"])),
    ("service.kinds", lambda made: made["service"].update(kinds=[7])),
    ("version", lambda made: made.update(version=2)),
    ("version", lambda made: made.update(version=True)),
    ("basis", lambda made: made.update(basis="")),
    ("code", lambda made: made.pop("code")),
    ("person", lambda made: made.update(person="x")),
    ("service", lambda made: made.update(service="clinic")),
    ("area", lambda made: made.update(area="x" * 81)),
]


def test_what_is_written_is_as_the_schema_says_and_comes_back() -> None:
    Draft202012Validator.check_schema(dict(SCHEMA))
    Draft202012Validator(dict(SCHEMA)).validate(DOCUMENT)
    assert json.loads(written(DOCUMENT)) == DOCUMENT


@pytest.mark.parametrize(("place", "change"), WRONG)
def test_each_fault_is_named_at_its_place(place: str, change: Change) -> None:
    made = deepcopy(DOCUMENT)
    change(made)
    assert [flaw.place for flaw in flaws(made)] == [place]
    assert not Draft202012Validator(dict(SCHEMA)).is_valid(made)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*DOCUMENT]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_whatever_comes_is_answered_with_flaws_and_never_with_a_crash(document: Any) -> None:
    assert list(flaws(document))


def test_primero_gets_only_what_its_documentation_takes_and_nothing_sealed() -> None:
    id = uuid4()
    made = json.loads(primero.referral(DOCUMENT, id))
    assert set(made) == {"data"}
    assert set(made["data"]) == {"ids", "transitioned_to", "notes"}
    assert made["data"]["ids"] == [str(id)]
    assert "need: health" in made["data"]["notes"]
    assert HEALTH not in made["data"]["notes"]
    assert "Night clinic" not in made["data"]["notes"]


@pytest.mark.parametrize(
    ("known", "data"),
    [
        ({}, {}),
        ({"sex": "female", "given": "Zarquil"}, {"sex": "female", "name": "Zarquil"}),
        ({"sex": "other", "birth": "1998"}, {}),
        ({"birth": "1998-04-03", "family": "Inventeria"}, {"age": 28, "name": "Inventeria"}),
        ({"birth": "1998-11-23"}, {"age": 27}),
        ({"needs": {"health": "urgent"}, "displacement": "refugee", "words": "x"}, {}),
    ],
)
def test_a_case_for_primero_holds_documented_fields_only(known: Any, data: Any) -> None:
    id = uuid4()
    made = json.loads(primero.case(PersonRecord("A", **known), id, date(2026, 11, 22)))
    assert made == {"data": {"id": str(id)} | data}


@pytest.mark.parametrize("state", list(State))
def test_a_file_is_made_of_accepted_referrals_with_a_ground_only(state: State) -> None:
    with refused("referral.file-basis"):
        check_goes_out(state, "", is_open=True)
    if state in ACCEPTED_ON:
        check_goes_out(state, "consent", is_open=True)
        with refused("referral.file-state"):
            check_goes_out(state, "consent", is_open=False)
    else:
        with refused("referral.file-state"):
            check_goes_out(state, "consent", is_open=True)


@pytest.mark.django_db
def test_both_sides_take_out_an_accepted_referral_and_nobody_else_does() -> None:
    at = sides()
    made = referred(at)
    with refused("referral.file-state"):
        actions.take_out(at.focal, made.code, Form.OWN, Purpose.ASSISTANCE, WHY)
    say(at, made, Verb.ACCEPT)
    for actor in (at.worker, at.focal):
        found = json.loads(actions.take_out(actor, made.code, Form.OWN, Purpose.ASSISTANCE, WHY))
        Draft202012Validator(dict(SCHEMA)).validate(found)
        assert found["content"] == {"health": HEALTH, "contact": WAY}
        assert at.person.code not in json.dumps(found)
    assert AuditEntry.objects.filter(code="referral.file_made").count() == 2
    with pytest.raises(Referral.DoesNotExist):
        actions.take_out(elsewhere(), made.code, Form.OWN, Purpose.ASSISTANCE, WHY)


@pytest.mark.django_db
def test_the_page_gives_the_file_after_a_reason_and_the_schema_is_for_all(client: Client) -> None:
    at = sides()
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    schema = client.get(reverse("referral:referral-schema"))
    assert json.loads(schema.content) == SCHEMA
    assert at.focal.user_id is not None
    client.force_login(User.objects.get(pk=at.focal.user_id))
    address = reverse("referral:referral-export", args=[made.code])
    assert client.post(address, {"form": "own"}).status_code == 422
    given_ = {"form": "own", "purpose": "assistance", "reason": WHY}
    answer = client.post(address, given_)
    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["content"]["health"] == HEALTH
    other = client.post(address, given_ | {"form": "primero"}).content.decode()
    for word in (HEALTH, WAY, DANGER):
        assert word not in other
