"""The table, the scene and the readings of: documents, their issues, highlights.

Documents are shared by all who write them, wherever they work; the public sees what came out.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.results.actions.document_issues import digest_of
from cairn.results.documents.blocks import to_json
from cairn.results.models import Document, Highlight, Issue, Section
from cairn.results.rules.documents import HighlightState, IssueState
from cairn.results.tests.document_bodies import body_of_each
from tests.doors.outcome import (
    AGAINST_A_RULE,
    EVERYWHERE,
    FORM,
    READING,
    SENDING,
    Door,
    Kind,
    R,
)
from tests.doors.people import places
from tests.doors.someone import Someone
from tests.doors.stage import Scene

STRAYS = frozenset({R.OTHER_ZONE, R.MISSING})
WRITES, LETS_OUT = frozenset({P.DOCUMENT_EDIT}), frozenset({P.DOCUMENT_PUBLISH})
SHARED = "shared-invented"
OPEN = Kind("programme", {None: EVERYWHERE}, EVERYWHERE | STRAYS)
STAFF = Kind(
    "programme", {P.DOCUMENT_EDIT: EVERYWHERE, P.DOCUMENT_PUBLISH: EVERYWHERE}, EVERYWHERE | STRAYS
)
KINDS: dict[str, Kind] = {
    "document": OPEN,
    "document-in-review": STAFF,
    "section": STAFF,
    "highlight": STAFF,
}
FIRST = {"number": "1"}
READ = Door("document", is_open=True)
ISSUE = replace(READ, fixed=FIRST)
WRITTEN = Door("document-in-review", FORM, needs=WRITES)
# One is in review: nothing is computed, sent or let out beside it.
COMPUTED = Door("document-in-review", SENDING, needs=WRITES, posts=AGAINST_A_RULE)
STEP = replace(COMPUTED, needs=LETS_OUT, fixed=FIRST)
REASONED = Door("document-in-review", FORM, needs=LETS_OUT, fixed=FIRST)
PARTED = Door("section", FORM, needs=WRITES, fixed={"code": SHARED})
DOORS: dict[str, Door] = {
    "results:documents": Door(is_open=True),
    "results:document-new": Door(methods=FORM, before=WRITES, fixed={"kind": "highlights"}),
    "results:document": READ,
    "results:document-edit": WRITTEN,
    "results:document-preview": replace(WRITTEN, methods=READING),
    "results:section-new": WRITTEN,
    "results:section": PARTED,
    "results:section-remove": replace(PARTED, methods=SENDING, posts=AGAINST_A_RULE),
    "results:issue-compute": COMPUTED,
    "results:issue": ISSUE,
    "results:issue-file": replace(ISSUE, fixed=FIRST | {"kind": "json"}),
    "results:issue-compare": ISSUE,
    "results:issue-send": replace(COMPUTED, fixed=FIRST),
    "results:issue-approve": STEP,
    "results:issue-publish": STEP,
    "results:issue-return": REASONED,
    "results:issue-withdraw": REASONED,
    "results:highlights": Door(before=WRITES),
    "results:highlight-new": Door(methods=FORM, before=WRITES),
    "results:highlight": Door("highlight", before=WRITES),
    "results:highlight-edit": Door("highlight", FORM, needs=WRITES),
    "results:highlight-publish": Door("highlight", SENDING, needs=LETS_OUT, posts=AGAINST_A_RULE),
}


def _is_staff(someone: Someone) -> bool:
    return someone.may(P.DOCUMENT_EDIT) or someone.may(P.DOCUMENT_PUBLISH)


def _is_out(document: Document) -> bool:
    return any(each.state == IssueState.PUBLISHED for each in document.issues.all())


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Document: lambda someone, document: _is_staff(someone) or _is_out(document),
    Section: lambda someone, _section: _is_staff(someone),
    Issue: lambda someone, issue: _is_staff(someone) or issue.state == IssueState.PUBLISHED,
    Highlight: lambda someone, entry: _is_staff(someone) or entry.state == HighlightState.PUBLISHED,
}


def add(scene: Scene) -> None:
    """In each relation a document that came out, one in review, a section, an entry."""
    shared = make_document(SHARED, IssueState.DRAFT)
    for relation, _organisation, _country in places():
        word = f"draft{relation.name.lower().replace('_', '')}"
        name = relation.name.lower().replace("_", "-")
        out = make_document(f"out-{name}", IssueState.PUBLISHED)
        scene.put("document", relation, out.code)
        reviewed = make_document(f"review-{name}", IssueState.IN_REVIEW, word)
        scene.put("document-in-review", relation, reviewed.code, word)
        section = Section.objects.create(document=shared, text=f"Words {word}")
        scene.put("section", relation, section.pk, word)
        entry = Highlight.objects.create(
            code=f"h-{name}",
            title=f"Entry {word}",
            text="Invented.",
            sources=["Z01"],
            changed_at=timezone.now(),
        )
        scene.put("highlight", relation, entry.code, word)


def make_document(code: str, state: IssueState, word: str = "") -> Document:
    now = timezone.now()
    document = Document.objects.create(
        kind="highlights",
        code=code,
        title=f"Invented {word}",
        made_at=now,
        made_by=uuid4(),
        changed_at=now,
    )
    payload = to_json(body_of_each())
    figures = payload.pop("figures")
    is_out = state == IssueState.PUBLISHED
    Issue.objects.create(
        document=document,
        number=1,
        language="en",
        state=state,
        payload=payload,
        figures=figures,
        digest=digest_of(payload, figures),
        made_at=now,
        made_by=uuid4(),
        reviewed_by=uuid4() if is_out else None,
        published_at=now if is_out else None,
    )
    return document
