"""Pages of documents: writers write and lose nothing, readers read what came out."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document as read_docx

from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.portfolio.models import Event
from cairn.results.actions import document_issues as issues
from cairn.results.actions.documents import create_document, edit_document, write_section
from cairn.results.models import Document, Highlight, Issue, Section

pytestmark = pytest.mark.django_db
TEXT = "In Kathmandu [[event:E77 participants]] officers took part."
TYPED = {"part": "training", "number": "1", "heading": "Invented", "text": TEXT}


@pytest.fixture
def people(client: Client) -> tuple[Actor, Actor]:
    """The writer, who is signed in, and a colleague."""
    made = [user_with_role("programme-officer", name=name) for name in ("writer", "colleague")]
    client.force_login(made[0])
    today = timezone.localdate()
    return actor_for(made[0], today=today), actor_for(made[1], today=today)


@pytest.fixture
def event() -> Event:
    return Event.objects.create(
        reference="E77",
        kind="invented workshop",
        subject="trafficking",
        place_countries=["NPL"],
        starts="2025",
        participants=18,
        source="Z01",
    )


def begin(writer: Actor) -> None:
    create_document(writer, "thematic-submission", "invented", "Invented", "en", {"until": "2025"})
    values: dict[str, Any] = TYPED | {"number": 1}
    write_section(writer, "invented", values)


def bring_out(people: tuple[Actor, Actor]) -> Issue:
    writer, colleague = people
    issue = issues.compute_issue(writer, "invented")
    issues.send_to_review(writer, "invented", issue.number)
    issues.approve_issue(colleague, "invented", issue.number, digest=issue.digest)
    return issues.publish_issue(colleague, "invented", issue.number, digest=issue.digest)


def test_a_writer_begins_a_document_and_writes_a_section(
    client: Client, people: tuple[Actor, Actor]
) -> None:
    begun = client.post(
        "/documents/new/thematic-submission/",
        {
            "title": "Invented",
            "code": "invented",
            "language": "en",
            "about-since": "2019",
            "about-countries": "Nepal, KEN",
        },
    )
    assert begun["Location"] == "/documents/invented/"
    assert Document.objects.get().parameters == {"since": 2019, "countries": ["NPL", "KEN"]}

    assert client.post("/documents/invented/sections/new/", TYPED).status_code == 302
    assert Section.objects.get().text == TEXT


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"text": "140 officers"}, "Figures are not typed: 140."),
        ({"text": "[[event:E77]]"}, "“event:E77” is no field."),
    ],
)
def test_what_breaks_a_rule_is_said_at_the_text_which_stays(
    changed: dict[str, str], says: str, client: Client, people: tuple[Actor, Actor]
) -> None:
    create_document(people[0], "thematic-submission", "invented", "Invented", "en", {})

    answer = client.post("/documents/invented/sections/new/", TYPED | changed)

    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert changed["text"] in answer.content.decode()


def test_two_who_write_at_once_both_see_both_texts(
    client: Client, people: tuple[Actor, Actor]
) -> None:
    begin(people[0])
    section = Section.objects.get()
    values: dict[str, Any] = TYPED | {"number": 1, "text": "First."}
    write_section(people[1], "invented", values, section_id=section.pk, version=section.version)
    address = f"/documents/invented/sections/{section.pk}/"

    late = client.post(address, TYPED | {"text": "Second.", "version": "1"})

    assert late.status_code == 409
    page = late.content.decode()
    assert "First." in page
    assert "Second." in page
    # Sent once more, now for the version that was shown beside it.
    assert client.post(address, TYPED | {"text": "Both.", "version": "2"}).status_code == 302
    assert Section.objects.get().text == "Both."


def test_the_preview_shows_what_changed_since_the_last_issue(
    client: Client, people: tuple[Actor, Actor], event: Event
) -> None:
    begin(people[0])
    bring_out(people)
    event.participants = 21
    event.save()

    page = client.get("/documents/invented/preview/").content.decode()

    assert "event:E77 participants" in page
    assert "[issue 1: 18]" in page


def test_the_public_reads_what_came_out_and_nothing_of_the_next_issue(
    client: Client, people: tuple[Actor, Actor], event: Event
) -> None:
    begin(people[0])
    assert Client().get("/documents/invented/").status_code == 404
    bring_out(people)
    write_section(people[0], "invented", {**TYPED, "number": 2, "text": "Secret so far."})
    event.participants = 21
    event.save()
    issues.compute_issue(people[0], "invented")
    public = Client()

    page = public.get("/documents/invented/").content.decode()

    assert "In Kathmandu" in page
    assert ">18</span> officers took part." in page
    assert "Secret so far." not in page
    assert "sections" not in page
    assert public.get("/documents/invented/issues/1/").status_code == 200
    for hidden in ("issues/2/", "issues/2.pdf", "issues/2/compare/"):
        assert public.get(f"/documents/invented/{hidden}").status_code == 404
    assert "Invented" in public.get("/documents/").content.decode()


@pytest.mark.parametrize(
    ("kind", "starts"), [("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{"), ("html", b"<!DOCTYPE")]
)
def test_an_issue_is_taken_as_a_file(
    kind: str, starts: bytes, client: Client, people: tuple[Actor, Actor], event: Event
) -> None:
    begin(people[0])
    bring_out(people)

    answer = Client().get(f"/documents/invented/issues/1.{kind}")

    assert answer.content.lstrip().startswith(starts)
    assert answer["Content-Disposition"] == f'attachment; filename="invented-1.{kind}"'
    assert Client().get("/documents/invented/issues/1.exe").status_code == 404


def test_the_steps_are_taken_on_pages_by_two_people(
    client: Client, people: tuple[Actor, Actor], event: Event
) -> None:
    begin(people[0])
    assert client.post("/documents/invented/issues/compute/").status_code == 302
    assert client.post("/documents/invented/issues/1/send/").status_code == 302
    digest = {"digest": Issue.objects.get().digest}
    assert client.post("/documents/invented/issues/1/approve/", digest).status_code == 409
    assert (
        "somebody else reviews it" in client.get("/documents/invented/issues/1/").content.decode()
    )
    issues.approve_issue(people[1], "invented", 1, **digest)
    assert client.post("/documents/invented/issues/1/publish/", digest).status_code == 302

    assert client.post("/documents/invented/issues/1/withdraw/", {"reason": ""}).status_code == 422
    assert client.get("/documents/invented/issues/1/withdraw/").status_code == 200
    taken_back = client.post("/documents/invented/issues/1/withdraw/", {"reason": "Invented"})
    assert taken_back.status_code == 302
    assert Client().get("/documents/invented/").status_code == 404


def test_a_tampered_issue_is_shown_to_nobody(
    client: Client, people: tuple[Actor, Actor], event: Event
) -> None:
    begin(people[0])
    issue = bring_out(people)
    issue.figures[0]["value"] = 99
    issue.save()

    assert Client().get("/documents/invented/").status_code == 409
    assert Client().get("/documents/invented/issues/1/").status_code == 409
    assert Client().get("/documents/invented/issues/1.json").status_code == 409


def test_readers_are_told_the_language_of_what_they_read(
    client: Client, people: tuple[Actor, Actor]
) -> None:
    begin(people[0])
    bring_out(people)
    version = Document.objects.get().version
    edit_document(people[0], "invented", "Invented", "fr", {"until": "2025"}, version=version)

    for address in ("/documents/", "/documents/invented/"):
        assert "French" not in Client().get(address).content.decode()
        assert "French" in client.get(address).content.decode()


def test_a_file_bears_the_day_that_its_page_tells(
    client: Client, people: tuple[Actor, Actor]
) -> None:
    begin(people[0])
    bring_out(people)
    late = datetime(2026, 5, 31, 23, tzinfo=UTC)
    Issue.objects.update(published_at=late)

    with timezone.override("Asia/Bangkok"):
        content = client.get("/documents/invented/issues/1.docx").content

    told = read_docx(BytesIO(content)).core_properties.created
    assert told is not None
    assert told.date() == date(2026, 6, 1)


def test_a_version_that_no_form_sends_is_none(client: Client, people: tuple[Actor, Actor]) -> None:
    begin(people[0])
    address = f"/documents/invented/sections/{Section.objects.get().pk}/remove/"

    assert client.post(address, {"version": "9" * 5000}).status_code == 409


def test_a_document_of_what_readers_do_not_see_says_so(
    client: Client, people: tuple[Actor, Actor]
) -> None:
    typed = {"practice": "PR00099"}
    create_document(people[0], "practice", "unseen", "Invented", "en", typed)

    for answer in (
        client.get("/documents/unseen/preview/"),
        client.post("/documents/unseen/issues/compute/"),
    ):
        assert answer.status_code == 409
        assert "Readers do not see the record" in answer.content.decode()


def test_text_of_a_section_never_becomes_markup(
    client: Client, people: tuple[Actor, Actor]
) -> None:
    begin(people[0])
    section = Section.objects.get()
    section.text = section.heading = "<script>alert()</script>"
    section.save()
    bring_out(people)

    page = Client().get("/documents/invented/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_entry_of_the_highlights_is_written_and_changed(
    client: Client, people: tuple[Actor, Actor]
) -> None:
    typed = {
        "title": "Invented",
        "code": "h-invented",
        "year": "2025",
        "countries": "Nepal",
        "mandates": "S/RES/2331 (2016)\nS/RES/2388 (2017)",
        "text": "In [[cite:S/RES/2331 (2016)]] it was asked for.",
        "sources": "003, 001",
    }
    assert client.post("/highlights/new/", typed).status_code == 302
    entry = Highlight.objects.get()
    assert (entry.countries, entry.sources) == (["NPL"], ["003", "001"])
    assert len(entry.mandates) == 2

    late = client.post("/highlights/h-invented/edit/", typed | {"version": "7"})
    assert late.status_code == 409
    assert client.post("/highlights/h-invented/edit/", typed | {"version": "1"}).status_code == 302
    assert client.post("/highlights/h-invented/publish/", {"version": "2"}).status_code == 409
    assert client.get("/highlights/?year=2025&mandate=S/RES/2331 (2016)").status_code == 200
    wrong = client.post("/highlights/new/", typed | {"countries": "Atlantis", "year": "soon"})
    assert wrong.status_code == 409
    assert "“Atlantis” is no country." in wrong.content.decode()


def test_a_list_asks_a_constant_number_of_queries(
    client: Client, people: tuple[Actor, Actor], django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    Document.objects.bulk_create(
        Document(
            kind="highlights", code=f"d-{number}", title="Invented", made_at=now, changed_at=now
        )
        for number in range(300)
    )

    with django_assert_max_num_queries(9):
        page = client.get("/documents/").content.decode()

    assert page.count('href="/documents/d-') == 25


def test_a_document_asks_a_constant_number_of_queries_whatever_it_tells(
    client: Client, people: tuple[Actor, Actor], event: Event, django_assert_max_num_queries: Any
) -> None:
    begin(people[0])
    fields = " ".join(f"[[event:E{number} participants]]" for number in range(100, 160))
    write_section(people[0], "invented", {**TYPED, "number": 2, "text": fields})
    Event.objects.bulk_create(
        Event(reference=f"E{number}", kind="invented", participants=number, starts="2025")
        for number in range(100, 160)
    )

    with django_assert_max_num_queries(80):
        assert client.get("/documents/invented/preview/").status_code == 200
