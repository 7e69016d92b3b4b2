"""A document is written, computed, reviewed by somebody else, and comes out; past issues stay."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.queries import actor_for
from cairn.access.tests.factories import actor_with_role, user_with_role
from cairn.core import measures
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.measures import Counted, Found, Measure, Scope, Step, Unit
from cairn.core.models import AuditEntry
from cairn.portfolio.models import Event
from cairn.results.actions import document_highlights as highlights
from cairn.results.actions import document_issues as issues
from cairn.results.actions.documents import (
    create_document,
    edit_document,
    remove_section,
    write_section,
)
from cairn.results.documents.blocks import from_json, texts_of
from cairn.results.documents.walkers import FORMATS, written
from cairn.results.models import Document, Highlight, Issue, Section
from cairn.results.queries.document_fields import tell
from cairn.results.queries.documents import documents
from cairn.results.rules.fields import fields_of
from cairn.results.tests.document_bodies import text_of_docx, text_of_pdf

pytestmark = pytest.mark.django_db
CODE = "invented"
TEXT = "In Kathmandu [[event:E77 participants]] officers took part."
SECTION = {"part": "training", "number": 1, "heading": "Invented", "text": TEXT}


@pytest.fixture
def writer() -> Actor:
    return actor_with_role("programme-officer")


@pytest.fixture
def colleague() -> Actor:
    return actor_for(
        user_with_role("programme-officer", name="colleague"), today=timezone.localdate()
    )


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


def persons_of(code: str) -> Measure:
    return Measure(
        code,
        1,
        Step.HELP,
        "Invented",
        "Invented",
        "Invented",
        Unit.COUNT,
        Counted.PERSONS,
        frozenset({Scope.PROGRAMME}),
        lambda _actor, _question: [Found(Decimal(12))],
    )


def titles(found: Any) -> list[str]:
    return [each.shown for each in found]


def begin(writer: Actor) -> Document:
    made = create_document(writer, "thematic-submission", CODE, "Invented", "en", {"until": "2025"})
    write_section(writer, CODE, SECTION)
    return made


def bring_out(writer: Actor, colleague: Actor) -> Issue:
    issue = issues.compute_issue(writer, CODE)
    issues.send_to_review(writer, CODE, issue.number)
    issues.approve_issue(colleague, CODE, issue.number, digest=issue.digest)
    return issues.publish_issue(colleague, CODE, issue.number, digest=issue.digest)


def test_an_issue_comes_out_and_is_read_by_the_public(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    begin(writer)
    assert not Document.objects.visible_to(PUBLIC).exists()

    issue = bring_out(writer, colleague)

    read = Issue.objects.visible_to(PUBLIC).get()
    assert read.pk == issue.pk
    assert "In Kathmandu 18 officers took part." in list(
        texts_of(from_json(read.payload | {"figures": read.figures}))
    )
    codes = set(AuditEntry.objects.values_list("code", flat=True))
    assert {"issue.computed", "issue.sent", "issue.approved", "issue.published"} <= codes


def test_a_figure_that_changed_is_marked_in_every_format_and_the_old_issue_stays(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    begin(writer)
    first = bring_out(writer, colleague)
    event.participants = 21
    event.save()

    second = bring_out(writer, colleague)

    body = from_json(second.payload | {"figures": second.figures})
    day = timezone.localdate()
    for form in FORMATS:
        content = written(body, form, document=CODE, created=day)
        readers = {"docx": text_of_docx, "pdf": text_of_pdf}
        text = readers[form](content) if form in readers else content.decode()
        if form == "json":
            assert '"mark": "issue 1: 18"' in text
        else:
            assert "issue 1: 18" in text, form
    first.refresh_from_db()
    assert {each["field"]: each["value"] for each in first.figures}["event:E77 participants"] == 18
    assert second.replaces == first
    assert Issue.objects.visible_to(PUBLIC).count() == 2


def test_who_wrote_a_part_does_not_review_even_after_the_issue_was_computed_by_another(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    begin(writer)
    issue = issues.compute_issue(colleague, CODE)
    issues.send_to_review(colleague, CODE, issue.number)

    for each in (writer, colleague):
        with pytest.raises(RuleBroken) as refused:
            issues.approve_issue(each, CODE, issue.number, digest=issue.digest)
        assert refused.value.code == "issue.reviewer"
    assert Issue.objects.get().state == "in_review"


def test_what_is_approved_is_what_was_looked_at(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    begin(writer)
    issue = issues.compute_issue(writer, CODE)
    issues.send_to_review(writer, CODE, issue.number)

    with pytest.raises(RuleBroken) as refused:
        issues.approve_issue(colleague, CODE, issue.number, digest="0" * 64)
    assert refused.value.code == "issue.digest"


def test_a_tampered_issue_is_not_published(writer: Actor, colleague: Actor, event: Event) -> None:
    begin(writer)
    issue = issues.compute_issue(writer, CODE)
    issues.send_to_review(writer, CODE, issue.number)
    issues.approve_issue(colleague, CODE, issue.number, digest=issue.digest)
    stored = Issue.objects.get()
    stored.figures[0]["value"] = 99
    stored.save()

    with pytest.raises(RuleBroken) as refused:
        issues.publish_issue(colleague, CODE, issue.number, digest=issue.digest)
    assert refused.value.code == "issue.digest"


def test_a_record_that_changes_before_review_has_to_be_computed_anew(
    writer: Actor, event: Event
) -> None:
    begin(writer)
    issue = issues.compute_issue(writer, CODE)
    event.participants = 21
    event.save()

    with pytest.raises(RuleBroken) as refused:
        issues.send_to_review(writer, CODE, issue.number)
    assert refused.value.code == "issue.stale"

    again = issues.compute_issue(writer, CODE)
    assert again.pk == issue.pk
    assert issues.send_to_review(writer, CODE, issue.number).state == "in_review"


def test_what_is_frozen_does_not_follow_the_records(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    begin(writer)
    issue = issues.compute_issue(writer, CODE)
    issues.send_to_review(writer, CODE, issue.number)
    event.participants = 21
    event.save()
    write_section(writer, CODE, SECTION | {"text": "Other words."})

    with pytest.raises(RuleBroken) as refused:
        issues.compute_issue(writer, CODE)
    assert refused.value.code == "issue.open"
    out = issues.approve_issue(colleague, CODE, issue.number, digest=issue.digest)
    assert "18 officers" in str(out.payload["blocks"]).replace("'}, {'text': '", "").replace(
        "', 'figure': 'event:E77 participants", ""
    )


def test_an_issue_goes_back_with_a_reason_and_is_computed_anew(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    begin(writer)
    issue = issues.compute_issue(writer, CODE)
    issues.send_to_review(writer, CODE, issue.number)
    with pytest.raises(RuleBroken) as refused:
        issues.send_back(colleague, CODE, issue.number, " ")
    assert refused.value.code == "issue.reason"

    assert issues.send_back(colleague, CODE, issue.number, "Invented reason").state == "draft"
    assert issues.compute_issue(writer, CODE).number == issue.number


def test_a_withdrawn_issue_is_read_by_staff_alone(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    begin(writer)
    issue = bring_out(writer, colleague)

    issues.withdraw_issue(writer, CODE, issue.number, "Invented reason")

    assert not Issue.objects.visible_to(PUBLIC).exists()
    assert not Document.objects.visible_to(PUBLIC).exists()
    assert Issue.objects.visible_to(writer).get().reason == "Invented reason"


def test_a_step_is_taken_once(writer: Actor, colleague: Actor, event: Event) -> None:
    begin(writer)
    issue = bring_out(writer, colleague)

    steps: list[Callable[[], Any]] = [
        lambda: issues.publish_issue(colleague, CODE, issue.number, digest=issue.digest),
        lambda: issues.send_to_review(writer, CODE, issue.number),
        lambda: issues.send_back(colleague, CODE, issue.number, "no"),
    ]
    for step in steps:
        with pytest.raises(RuleBroken) as refused:
            step()
        assert refused.value.code == "issue.move"


def test_the_second_writer_is_refused_and_nothing_is_lost(writer: Actor, event: Event) -> None:
    begin(writer)
    section = Section.objects.get()
    write_section(
        writer, CODE, SECTION | {"text": "First."}, section_id=section.pk, version=section.version
    )

    attempts: list[Callable[[], Any]] = [
        lambda: write_section(
            writer, CODE, SECTION | {"text": "Second."}, section_id=section.pk, version=1
        ),
        lambda: remove_section(writer, CODE, section.pk, version=1),
        lambda: edit_document(writer, CODE, "Other", "en", {}, version=7),
    ]
    for late in attempts:
        with pytest.raises(RuleBroken) as refused:
            late()
        assert refused.value.code == "document.version"
    assert Section.objects.get().text == "First."


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "140 officers took part."}, "document.figure"),
        ({"heading": "Our 12 cases"}, "document.figure"),
        ({"text": "[[event:E77]]"}, "document.field"),
        ({"part": "nowhere"}, "document.part"),
    ],
)
def test_a_section_that_breaks_a_rule_is_not_kept(
    values: dict[str, Any], code: str, writer: Actor
) -> None:
    create_document(writer, "thematic-submission", CODE, "Invented", "en", {})

    with pytest.raises(RuleBroken) as refused:
        write_section(writer, CODE, SECTION | values)

    assert refused.value.code == code
    assert not Section.objects.exists()


@pytest.mark.parametrize("role", ["training-officer", "auditor", "donor-viewer"])
def test_who_may_not_write_or_publish(role: str, writer: Actor, event: Event) -> None:
    from cairn.access.roles import ROLES

    stranger = actor_with_role(role if role in ROLES else "trainer")
    begin(writer)
    issue = issues.compute_issue(writer, CODE)
    attempts: list[Callable[[], Any]] = [
        lambda: write_section(stranger, CODE, SECTION),
        lambda: issues.compute_issue(stranger, CODE),
        lambda: issues.publish_issue(stranger, CODE, issue.number, digest=issue.digest),
    ]

    for attempt in attempts:
        with pytest.raises((Document.DoesNotExist, PermissionDenied)):
            attempt()
    with pytest.raises(PermissionDenied):
        create_document(stranger, "highlights", "other", "Invented", "en", {})


def test_a_highlight_is_let_out_by_somebody_who_did_not_write_it(
    writer: Actor, colleague: Actor
) -> None:
    values = {
        "title": "Invented",
        "year": 2025,
        "countries": ["NPL"],
        "mandates": ["S/RES/2331 (2016)"],
        "text": "Invented words.",
        "sources": ["Z01"],
    }
    made = highlights.write_highlight(writer, "h-invented", values)
    with pytest.raises(RuleBroken) as refused:
        highlights.publish_highlight(writer, made.code, version=made.version)
    assert refused.value.code == "issue.reviewer"

    highlights.publish_highlight(colleague, made.code, version=made.version)
    assert Highlight.objects.visible_to(PUBLIC).exists()

    again = highlights.publish_highlight(writer, made.code, version=made.version)
    assert again.published_by == colleague.user_id

    highlights.write_highlight(colleague, made.code, values | {"text": "Others."}, version=1)
    assert not Highlight.objects.visible_to(PUBLIC).exists()
    with pytest.raises(RuleBroken) as refused:
        highlights.publish_highlight(colleague, made.code, version=2)
    assert refused.value.code == "issue.reviewer"
    out = highlights.publish_highlight(writer, made.code, version=2)
    assert (out.text, out.published_by) == ("Others.", writer.user_id)
    with pytest.raises(RuleBroken) as refused:
        highlights.write_highlight(writer, "h-other", values | {"sources": []})
    assert refused.value.code == "highlight.source"


def test_counts_of_persons_are_told_from_released_statistics_only(
    monkeypatch: pytest.MonkeyPatch, writer: Actor
) -> None:
    known = {code: persons_of(code) for code in ("invented.persons", "observatory.invented")}
    monkeypatch.setattr(measures, "_MEASURES", known)
    asked = "since=2024-01-01 until=2024-03-31"
    fields = fields_of(
        f"[[figure:invented.persons {asked}]][[figure:observatory.invented {asked}]]"
    )

    own, released = tell(writer, fields).values()

    assert (own.value, own.note) == (None, "told in released statistics only")
    assert released.value == 12


def test_a_part_is_no_part_of_a_part(monkeypatch: pytest.MonkeyPatch, writer: Actor) -> None:
    made = replace(
        persons_of("observatory.invented"),
        compute=lambda _actor, _question: [
            Found(Decimal(12)),
            Found(Decimal(5), (("sex", "female"), ("age", "child"))),
        ],
    )
    monkeypatch.setattr(measures, "_MEASURES", {made.code: made})
    asked = "part=female since=2024-01-01 until=2024-03-31"

    (told,) = tell(writer, fields_of(f"[[figure:observatory.invented {asked}]]")).values()

    assert told.value is None


def test_readers_are_told_the_title_that_was_reviewed(
    writer: Actor, colleague: Actor, event: Event
) -> None:
    made = begin(writer)
    bring_out(writer, colleague)
    edit_document(writer, CODE, "Other words", "en", {"until": "2025"}, version=made.version)

    assert titles(documents(PUBLIC)) == ["Invented"]
    assert not documents(PUBLIC, "Other")
    assert titles(documents(writer, "Other")) == ["Other words"]
