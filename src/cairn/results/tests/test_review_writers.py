"""Whoever wrote words of an issue never approves them, however the issues follow each other."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.results.actions import document_issues as issues
from cairn.results.actions import documents
from cairn.results.documents import kinds
from cairn.results.documents.blocks import Body
from cairn.results.documents.kinds import Kind, register_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind() -> Iterator[str]:
    register_kind(Kind("test-kind", "A kind", lambda *_given: Body("Title", "", "en", ())))  # type: ignore[arg-type]
    yield "test-kind"
    kinds._KINDS.pop("test-kind")


def officer(name: str) -> Actor:
    return actor_for(user_with_role("programme-officer", name=name), today=timezone.localdate())


def section(text: str) -> dict[str, object]:
    return {"part": "", "number": 1, "heading": "", "text": text}


def test_what_is_written_during_a_review_is_not_approved_by_its_writer(kind: str) -> None:
    writer, other = officer("writer"), officer("other")
    documents.create_document(other, kind, "doc", "A document", "en", {})
    number = issues.compute_issue(other, "doc").number
    digest = issues.send_to_review(other, "doc", number).digest
    documents.write_section(writer, "doc", section("Words of the writer."))
    third = officer("third")
    issues.approve_issue(third, "doc", number, digest=digest)
    issues.publish_issue(third, "doc", number, digest=digest)

    number = issues.compute_issue(other, "doc").number
    digest = issues.send_to_review(other, "doc", number).digest
    with pytest.raises(RuleBroken) as refused:
        issues.approve_issue(writer, "doc", number, digest=digest)
    assert refused.value.code == "issue.reviewer"
