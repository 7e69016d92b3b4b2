"""Tools: versions that are counted without a word about anybody, adaptations, who may enter."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cairn.access.tests.factories import actor_with_role
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.library.actions import tools as actions
from cairn.library.models import Tool, ToolAdaptation, ToolDownloads, ToolVersion
from cairn.library.tests.test_views import tool

pytestmark = pytest.mark.django_db
LINK = "https://example.org/kit.pdf"


@pytest.fixture
def keeper() -> Actor:
    return actor_with_role("programme-officer")


def version(made: Tool, edition: str = "first", **given: Any) -> ToolVersion:
    values = {"language": "en", "link": LINK, **given}
    return ToolVersion.objects.create(tool=made, edition=edition, **values)


def test_a_month_begins_when_it_begins_at_the_place(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = version(tool("Kit"))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 31, 23, tzinfo=UTC))

    with timezone.override("Asia/Bangkok"):
        client.get(f"/tool-versions/{taken.pk}/take/")

    assert str(ToolDownloads.objects.get().month) == "2026-04-01"


def test_taking_a_version_counts_one_for_its_month_and_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = version(tool("Kit"), language="ar")
    for month in (3, 3, 4):
        now = datetime(2026, month, 31 if month == 3 else 1, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        answer = client.get(f"/tool-versions/{taken.pk}/take/")
        assert (answer.status_code, answer["Location"]) == (302, LINK)
        assert not answer.cookies
    counts = {(str(each.month), each.count) for each in ToolDownloads.objects.all()}
    assert counts == {("2026-03-01", 2), ("2026-04-01", 1)}
    columns = {field.name for field in ToolDownloads._meta.get_fields()}
    assert columns == {"id", "version", "month", "count"}
    page = client.get(taken.tool.get_absolute_url()).content.decode()
    assert "2026-03" in page
    assert "Arabic" in page


def test_looking_whether_a_version_is_there_counts_nothing(client: Client) -> None:
    taken = version(tool("Kit"))
    assert client.head(f"/tool-versions/{taken.pk}/take/").status_code == 302
    assert not ToolDownloads.objects.exists()


def test_a_version_without_a_link_is_not_taken(client: Client) -> None:
    taken = version(tool("Kit"), link="")
    assert client.get(f"/tool-versions/{taken.pk}/take/").status_code == 404


def test_the_page_of_a_tool_shows_what_was_made_of_it(client: Client) -> None:
    made = tool("Kit")
    version(made, since="2019-05")
    ToolAdaptation.objects.create(
        tool=made,
        country="NPL",
        languages=["ne"],
        changed="Examples of the hills",
        adapted_by="Invented Academy",
    )
    page = client.get(made.get_absolute_url()).content.decode()
    assert all(each in page for each in ("Examples of the hills", "Nepal", "2019-05", "Nepali"))


def test_the_table_of_languages_tells_what_exists_and_what_was_to_come(client: Client) -> None:
    tool("Kit", languages=["en"], forthcoming=["ar"])
    tool("Film", languages=["fr"])
    page = client.get("/tools/?view=languages").content.decode()
    assert page.count("was to come</span>") == 1
    assert page.count(">exists</td>") == 2


def test_a_tool_is_entered_once_and_changed_by_one_at_a_time(keeper: Actor) -> None:
    values = {"title": "Kit", "kind": "manual", "topic": "law", "languages": ["en"]}
    made = actions.enter_tool(keeper, values)
    with pytest.raises(RuleBroken) as refusal:
        actions.enter_tool(keeper, values)
    assert refusal.value.code == "tool.title"
    actions.change_tool(keeper, made.pk, {"kind": "toolkit"}, version=1)
    with pytest.raises(RuleBroken) as refusal:
        actions.change_tool(keeper, made.pk, {"kind": "film"}, version=1)
    assert refusal.value.code == "tool.version"
    assert Tool.objects.get().kind == "toolkit"


def test_an_edition_is_entered_once_in_a_language(keeper: Actor) -> None:
    made = tool("Kit")
    values = {"edition": "second", "language": "fr", "link": LINK}
    first = actions.enter_version(keeper, made, values)
    with pytest.raises(RuleBroken) as refusal:
        actions.enter_version(keeper, made, values)
    assert refusal.value.code == "tool.edition"
    other = actions.enter_version(keeper, made, values | {"language": "en"})
    with pytest.raises(RuleBroken) as refusal:
        actions.change_version(keeper, other.pk, {"language": "fr"}, version=1)
    assert refusal.value.code == "tool.edition"
    assert actions.change_version(keeper, first.pk, {"since": "2020"}, version=1).since == "2020"


@pytest.mark.parametrize("role", ["donor", "data-steward"])
def test_others_enter_nothing(role: str) -> None:
    made, actor = tool("Kit"), actor_with_role(role)
    held = version(made)
    for act in (
        lambda: actions.enter_tool(actor, {"title": "New"}),
        lambda: actions.change_tool(actor, made.pk, {"title": "New"}, version=1),
        lambda: actions.enter_version(actor, made, {"edition": "2", "language": "en"}),
        lambda: actions.change_version(actor, held.pk, {"edition": "2"}, version=1),
        lambda: actions.enter_adaptation(actor, made, {"country": "NPL"}),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_register_as_a_file_costs_the_same_for_many_tools(client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/tools/export.json")
            assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        return len(captured)

    made = tool("Kit 1")
    ToolDownloads.objects.create(version=version(made), month="2026-01-01", count=4)
    few = count()
    for number in range(2, 20):
        version(tool(f"Kit {number}"))
    assert count() == few


def test_the_page_of_a_tool_costs_the_same_for_many_versions(client: Client) -> None:
    made = tool("Kit")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(made.get_absolute_url()).status_code == 200
        return len(captured)

    version(made)
    few = count()
    for number in range(20):
        ToolDownloads.objects.create(
            version=version(made, f"edition {number}"), month="2026-01-01", count=1
        )
    assert count() == few
