"""Practices: two people between a draft and the registry, and a registry that is searched."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cairn.access.queries import SYSTEM, actor_for
from cairn.access.tests.factories import actor_with_role, sign_in, user_with_role
from cairn.core import clock
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.imports.actions import import_file
from cairn.library.actions import practices as actions
from cairn.library.models import Practice
from cairn.library.rules.practices import Guideline, PracticeState
from cairn.portfolio.actions.seed import FOLDER

pytestmark = pytest.mark.django_db

WORDS = "An invented workshop for an invented service, in so many words that it is long enough."


def values(**given: object) -> dict[str, Any]:
    """An invented practice, ready for review."""
    return {
        "title": "Invented workshop",
        "type": "training",
        "countries": ["NPL"],
        "stakeholder": "Invented Agency",
        "description": WORDS,
        "guidelines": ["1"],
        **given,
    }


@pytest.fixture
def writer() -> Actor:
    return actor_with_role("programme-officer")


@pytest.fixture
def reviewer() -> Actor:
    user = user_with_role("programme-officer", name="second-officer")
    return actor_for(user, today=timezone.localdate())


def out(code: str = "PR90", **given: object) -> Practice:
    """A practice that is in the registry."""
    now = timezone.now()
    made = Practice(**values(**given), code=code, state="published", made_at=now, published_at=now)
    made.fold()
    made.save()
    return made


def test_a_practice_goes_to_the_registry_by_two_people(writer: Actor, reviewer: Actor) -> None:
    made = actions.draft_practice(writer, values())
    assert made.code == "PR00001"
    assert not Practice.objects.visible_to(PUBLIC).exists()
    actions.send_practice(writer, made.code)
    with pytest.raises(RuleBroken, match="wrote"):
        actions.publish_practice(writer, made.code, version=1)
    actions.publish_practice(reviewer, made.code, version=1)
    assert Practice.objects.visible_to(PUBLIC).get().reviewed_by == reviewer.user_id
    codes = [each.code for each in AuditEntry.objects.order_by("sequence")]
    assert codes[-3:] == ["practice.drafted", "practice.sent", "practice.published"]


def test_whoever_changed_a_draft_does_not_publish_it(writer: Actor, reviewer: Actor) -> None:
    made = actions.draft_practice(writer, values())
    actions.change_practice(reviewer, made.code, values(title="Other words"), version=1)
    actions.send_practice(writer, made.code)
    with pytest.raises(RuleBroken) as refusal:
        actions.publish_practice(reviewer, made.code, version=1)
    assert refusal.value.code == "practice.two-persons"


def test_what_a_reviewer_has_not_read_is_not_published(writer: Actor, reviewer: Actor) -> None:
    made = actions.draft_practice(writer, values())
    actions.send_practice(writer, made.code)
    actions.return_practice(reviewer, made.code, reason="Say with whom.")
    actions.change_practice(writer, made.code, values(title="Other words"), version=1)
    actions.send_practice(writer, made.code)
    with pytest.raises(RuleBroken) as refusal:
        actions.publish_practice(reviewer, made.code, version=1)
    assert refusal.value.code == "practice.version"


def test_both_texts_are_shown_where_two_wrote_at_once(client: Client, writer: Actor) -> None:
    user = user_with_role("programme-officer", name="third-officer")
    sign_in(client, user)
    made = actions.draft_practice(writer, values())
    actions.change_practice(writer, made.code, values(title="First words"), version=1)
    typed = values(title="Second words", language="en", version="1", countries="Nepal")
    address = f"/practices/{made.code}/edit/"
    answer = client.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "First words" in page
    assert "Second words" in page
    assert 'name="version" value="2"' in page
    assert client.post(address, typed | {"version": "2"}).status_code == 302
    assert Practice.objects.get().title == "Second words"


def test_a_reviewer_sends_a_practice_back_with_a_reason(writer: Actor, reviewer: Actor) -> None:
    made = actions.draft_practice(writer, values())
    actions.send_practice(writer, made.code)
    with pytest.raises(RuleBroken) as refusal:
        actions.return_practice(reviewer, made.code, reason=" ")
    assert refusal.value.code == "practice.reason"
    back = actions.return_practice(reviewer, made.code, reason="Say with whom.")
    assert (back.state, back.reason) == ("draft", "Say with whom.")


@pytest.mark.parametrize("thin", [{"description": "Short."}, {"countries": []}])
def test_a_thin_draft_is_not_sent(writer: Actor, thin: dict[str, object]) -> None:
    made = actions.draft_practice(writer, values(**thin))
    with pytest.raises(RuleBroken) as refusal:
        actions.send_practice(writer, made.code)
    assert refusal.value.code == "practice.thin"


def test_what_is_in_review_or_out_is_not_changed(writer: Actor) -> None:
    made = actions.draft_practice(writer, values())
    actions.send_practice(writer, made.code)
    for code in (made.code, out().code):
        with pytest.raises(RuleBroken) as refusal:
            actions.change_practice(writer, code, values(), version=1)
        assert refusal.value.code == "practice.state"


def test_two_who_write_at_once_learn_of_each_other(writer: Actor) -> None:
    made = actions.draft_practice(writer, values())
    actions.change_practice(writer, made.code, values(title="First"), version=1)
    with pytest.raises(RuleBroken) as refusal:
        actions.change_practice(writer, made.code, values(title="Second"), version=1)
    assert refusal.value.code == "practice.version"
    assert Practice.objects.get().title == "First"


def test_what_was_withdrawn_stays_so_when_its_later_version_comes_out(
    client: Client, writer: Actor, reviewer: Actor
) -> None:
    before = out()
    later = actions.draft_later(writer, before.code)
    actions.send_practice(writer, later.code)
    actions.withdraw_practice(reviewer, before.code, reason="It named a person.")

    actions.publish_practice(reviewer, later.code, version=later.version)

    before.refresh_from_db()
    assert before.state == PracticeState.WITHDRAWN
    assert not Practice.objects.visible_to(PUBLIC).filter(pk=before.pk).exists()
    assert before.get_absolute_url() not in client.get(later.get_absolute_url()).content.decode()


def test_a_later_version_takes_the_place_of_the_one_before(
    writer: Actor, reviewer: Actor, client: Client
) -> None:
    before = out()
    later = actions.draft_later(writer, before.code)
    with pytest.raises(RuleBroken) as refusal:
        actions.draft_later(reviewer, before.code)
    assert refusal.value.code == "practice.later"
    assert [each.code for each in Practice.objects.visible_to(PUBLIC)] == [before.code]
    actions.send_practice(writer, later.code)
    actions.publish_practice(reviewer, later.code, version=later.version)
    before.refresh_from_db()
    assert before.state == PracticeState.REPLACED
    page = client.get(before.get_absolute_url()).content.decode()
    assert later.get_absolute_url() in page
    assert later.code in client.get("/practices/").content.decode()
    assert before.get_absolute_url() not in client.get("/practices/").content.decode()


def test_what_is_withdrawn_is_found_no_more(reviewer: Actor, client: Client) -> None:
    made = out()
    actions.withdraw_practice(reviewer, made.code, reason="It names a place that is not safe.")
    assert client.get(made.get_absolute_url()).status_code == 404
    assert not Practice.objects.visible_to(PUBLIC).exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda actor: actions.draft_practice(actor, values()),
        lambda actor: actions.draft_later(actor, "PR90"),
        lambda actor: actions.publish_practice(actor, "PR90", version=1),
        lambda actor: actions.withdraw_practice(actor, "PR90", reason="So."),
        lambda actor: actions.read_in(actor, [values()], {}),
    ],
)
def test_others_write_nothing(act: Callable[[Actor], object]) -> None:
    out()
    with pytest.raises(PermissionDenied):
        act(actor_with_role("donor"))
    assert Practice.objects.count() == 1


def read_in(actor: Actor) -> dict[str, Any]:
    path = FOLDER / "practices.csv"
    with path.open("rb") as stream:
        return dict(import_file(actor, "practices", path.name, stream).counts)


def seed() -> None:
    """Read in as the seed does."""
    started = clock.now()
    read_in(SYSTEM)
    actions.publish_seeded(SYSTEM, started)


def test_the_practice_of_the_source_comes_in_with_what_looks_odd() -> None:
    seed()
    made = Practice.objects.visible_to(PUBLIC).get()
    assert made.source == "002"
    assert made.stakeholder_types == ["international"]
    # The source answers "other stakeholder" with the countries: kept as it is, beside them.
    assert made.stakeholder_other == "Egypt, Iraq, Jordan, Lebanon and Turkey"
    assert made.countries == ["EGY", "IRQ", "JOR", "LBN", "TUR"]
    assert read_in(SYSTEM)["unchanged"] == 1


def test_a_file_that_is_read_in_at_the_console_publishes_nothing(writer: Actor) -> None:
    assert read_in(SYSTEM)["created"] == 1
    assert not Practice.objects.visible_to(PUBLIC).exists()
    actions.publish_seeded(SYSTEM, clock.now())
    assert Practice.objects.get().state == PracticeState.DRAFT
    with pytest.raises(PermissionDenied):
        actions.publish_seeded(writer, timezone.now())


def test_a_file_of_somebody_brings_drafts(writer: Actor) -> None:
    assert read_in(writer)["created"] == 1
    assert Practice.objects.get().state == PracticeState.DRAFT
    assert Practice.objects.get().writers == [str(writer.user_id)]


def test_a_file_changes_nothing_that_is_out(writer: Actor) -> None:
    seed()
    Practice.objects.update(description="Other words, on which two people agreed since.")
    assert read_in(writer)["unchanged"] == 1
    assert Practice.objects.get().description.startswith("Other words")


def shown(client: Client, query: str) -> list[str]:
    page = client.get(f"/practices/{query}").content.decode()
    rows = Practice.objects.order_by("code")
    return [each.code for each in rows if each.get_absolute_url() in page]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=WÓRKSHOP invented", ["PR1"]),
        ("?q=agency", ["PR1", "PR2"]),
        ("?type=law", ["PR2"]),
        ("?country=KEN", ["PR2"]),
        ("?stakeholder=state", ["PR2"]),
        ("?crisis=conflict", ["PR1"]),
        ("?phase=after", ["PR1"]),
        ("?guideline=1", ["PR1"]),
        ("?guideline=10", ["PR2"]),
        ("?guideline=10&country=NPL", []),
        ("?country=XXX&type=nothing", ["PR1", "PR2"]),
    ],
)
def test_each_filter_narrows_the_registry(client: Client, query: str, found: list[str]) -> None:
    out("PR1", crisis_types=["conflict"], crisis_phases=["after"])
    out(
        "PR2",
        title="A law",
        description="Invented.",
        type="law",
        countries=["KEN"],
        stakeholder_types=["state"],
        guidelines=["10"],
    )
    assert shown(client, query) == found


def test_the_public_cannot_ask_for_drafts(client: Client, writer: Actor) -> None:
    actions.draft_practice(writer, values())
    for state in PracticeState.values:
        assert shown(client, f"?state={state}") == []


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_registry_is_taken_as_a_file(client: Client, writer: Actor, kind: str) -> None:
    out(title="=1+1", countries=["NPL", "KEN"])
    actions.draft_practice(writer, values(title="Draft"))
    answer = client.get(f"/practices/export.{kind}?country=KEN")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    if kind == "json":
        (row,) = json.loads(text)
        assert row["countries"] == ["NPL", "KEN"]
    else:
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["countries"] == "NPL|KEN"
        assert not row["title"].startswith("=")


def test_a_workbook_comes_whole(client: Client) -> None:
    out()
    answer = client.get("/practices/export.xlsx")
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert client.get("/practices/export.exe").status_code == 404


def test_there_are_fifteen_guidelines_by_their_numbers() -> None:
    assert [each.value for each in Guideline] == [str(number) for number in range(1, 16)]
    assert all(str(each.label).startswith(f"{each.value}. ") for each in Guideline)


def test_ten_thousand_practices_cost_no_more_queries(client: Client) -> None:
    now = timezone.now()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/practices/?q=invented&country=NPL").status_code == 200
        return len(captured)

    def many(numbers: range) -> list[Practice]:
        rows = [
            Practice(**values(), code=f"PR{n:05}", state="published", made_at=now, published_at=now)
            for n in numbers
        ]
        for row in rows:
            row.fold()
        return rows

    Practice.objects.bulk_create(many(range(30)))
    few = count()
    Practice.objects.bulk_create(many(range(30, 10_000)), batch_size=500)
    assert count() == few
