"""Pages of left-out recipients and of experts: who sees what, and that sealed words stay closed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.oversight.models import Reading
from cairn.referral.actions.experts import Skills, enter_expert
from cairn.referral.models import Expert, RecipientRisk
from cairn.referral.tests.factories import REASON, actor_of
from cairn.referral.tests.protocols_made import NOTE, editor, other, risk, service

OPENING = {"purpose": "safety", "reason": REASON}
NAME = "Quorvella Inventzky"


@pytest.fixture
def user() -> User:
    return user_with_role("directory-editor")


@pytest.fixture
def desk(client: Client, user: User) -> Client:
    sign_in(client, user)
    return client


def as_role(role: str, name: str = "") -> Client:
    made = Client()
    sign_in(made, user_with_role(role, name=name))
    return made


@pytest.mark.django_db
def test_a_recipient_is_left_out_by_one_and_let_back_by_another(desk: Client) -> None:
    answer = desk.post(
        "/recipients/new/",
        {
            "organisation": str(organisation().pk),
            "country": "NPL",
            "recipient": str(other().pk),
            "ground": "conflict-of-interest",
            "starts_on": timezone.localdate().isoformat(),
            "note": NOTE,
        },
    )
    made = RecipientRisk.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    page = desk.get(made.get_absolute_url()).content.decode()
    assert "You decided this" in page
    assert "Xanthoquil" not in page
    assert desk.post(f"/recipients/{made.code}/end/", {"sure": "on"}).status_code == 409
    second = as_role("directory-editor", "second")
    assert "Let it back in" in second.get(made.get_absolute_url()).content.decode()
    assert second.post(f"/recipients/{made.code}/end/", {"sure": "on"}).status_code == 302
    assert made.code in str(second.get("/recipients/?state=over").content)
    assert made.get_absolute_url() not in str(second.get("/recipients/").content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "status"),
    [({"note": ""}, 422), ({"service": "ZZZ-ZZZ"}, 409), ({"ends_on": "2020-01-01"}, 409)],
)
def test_a_faulty_decision_is_refused_where_it_was_typed(
    desk: Client, changes: dict[str, str], status: int
) -> None:
    typed = {
        "organisation": str(organisation().pk),
        "country": "NPL",
        "recipient": str(other().pk),
        "ground": "due-diligence",
        "starts_on": timezone.localdate().isoformat(),
        "note": NOTE,
    }
    answer = desk.post("/recipients/new/", typed | changes)
    assert answer.status_code == status
    assert not RecipientRisk.objects.exists()
    mine = service()
    assert desk.post("/recipients/new/", typed | {"service": mine.code.lower()}).status_code == 302
    assert RecipientRisk.objects.get().service == mine


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_the_note_is_shown_once_with_a_reason(desk: Client) -> None:
    made = risk(editor("first"))
    address = f"/recipients/{made.code}/open/"
    assert NOTE not in desk.post(address, {"purpose": "safety"}).content.decode()
    assert NOTE in desk.post(address, OPENING).content.decode()
    assert Reading.objects.count() == 1
    assert desk.get(address).status_code == 302
    history = desk.get(made.get_absolute_url()).content.decode()
    assert NOTE not in history
    assert "opened the sealed part" in history


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sees"), [("service-provider", 403), ("case-supervisor", 200), ("donor", 403)]
)
def test_the_grounds_are_for_few(role: str, sees: int) -> None:
    made = risk(editor("first"))
    client = as_role(role)
    assert client.get("/recipients/").status_code == sees
    assert client.get(made.get_absolute_url()).status_code == (200 if sees == 200 else 404)
    refused = client.post(f"/recipients/{made.code}/open/", OPENING).status_code
    assert refused == (403 if sees == 200 else 404)


def expert(user: User, title: str = "Invented physician") -> Expert:
    keep = timezone.localdate() + timedelta(days=90)
    skills = Skills(title=title, fields=("health",), keep_until=keep, languages=("ar",))
    return enter_expert(actor_of(user), organisation(), "NPL", skills, NAME, "Ring 000")


@pytest.mark.django_db
def test_an_expert_is_entered_found_and_changed(desk: Client) -> None:
    keep = (timezone.localdate() + timedelta(days=200)).isoformat()
    typed = {
        "organisation": str(organisation().pk),
        "country": "NPL",
        "title": "Invented interpreter",
        "fields_known": ["interpreting", "culture"],
        "languages": "Arabic, ti",
        "countries": ["KEN"],
        "availability": "available",
        "keep_until": keep,
        "name": NAME,
        "contact": "Ring 000",
    }
    answer = desk.post("/experts/new/", typed)
    made = Expert.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert made.languages == ["ar", "ti"]
    worker = as_role("service-provider")
    found = worker.get("/experts/?field=culture&language=Tigrinya&country=KEN").content.decode()
    assert "Invented interpreter" in found
    assert "Quorvella" not in found
    page = worker.get(made.get_absolute_url()).content.decode()
    assert "it makes the contact" in page
    assert "Quorvella" not in page
    desk.post(f"/experts/{made.code}/edit/", typed | {"availability": "away", "name": ""})
    made.refresh_from_db()
    assert made.availability == "away"
    refused = desk.post("/experts/new/", typed | {"title": "Dr Quorvella"})
    assert refused.status_code == 409
    assert "part of the name" in refused.content.decode()


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_who_an_expert_is_stands_on_one_answer_only(desk: Client, user: User) -> None:
    made = expert(user)
    address = f"/experts/{made.code}/open/"
    assert NAME in desk.post(address, OPENING).content.decode()
    assert NAME not in desk.get(made.get_absolute_url()).content.decode()
    assert as_role("service-provider").post(address, OPENING).status_code == 403
    assert Reading.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/experts/", "/recipients/"])
def test_the_lists_cost_the_same_for_many(
    desk: Client, user: User, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = actor_of(user)

    def add(number: int) -> None:
        expert(user, f"Invented kind {number}")
        risk(first, recipient=other(f"Invented recipient {number}"))

    add(0)
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    for number in range(1, 9):
        add(number)
    with django_assert_num_queries(len(few)):
        desk.get(address)
