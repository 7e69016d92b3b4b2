"""Documents and issues for screens: which there are, and which one readers have now."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from cairn.core.actor import PUBLIC, Actor
from cairn.results.models import Document, Highlight, Issue, Section
from cairn.results.models.documents import STAFF
from cairn.results.rules.documents import IssueState


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader asked the register of highlights for; "" means all."""

    words: str = ""
    year: str = ""
    mandate: str = ""


def documents(actor: Actor, words: str = "") -> QuerySet[Document]:
    """Documents with `out` (number of the issue that readers have) and its day, newest first."""
    out = Issue.objects.visible_to(PUBLIC).filter(document=OuterRef("pk")).order_by("-number")
    told = out.annotate(told=KeyTextTransform("title", "payload")).values("told")
    rows = Document.objects.visible_to(actor).annotate(
        out=Subquery(out.values("number")[:1]),
        out_at=Subquery(out.values("published_at")[:1]),
        # What is written since is not told before a second person has read it.
        shown=F("title") if actor.may_any(STAFF) else Subquery(told[:1], CharField()),
        spoken=F("language") if actor.may_any(STAFF) else Subquery(out.values("language")[:1]),
    )
    found = rows.filter(shown__icontains=words) if words else rows
    return found.order_by(F("out_at").desc(nulls_first=True), "code")


def document(actor: Actor, code: str) -> Document:
    """Raises Document.DoesNotExist."""
    return Document.objects.visible_to(actor).get(code=code)


def sections(actor: Actor, of: Document) -> list[Section]:
    return list(Section.objects.visible_to(actor).filter(document=of))


def issues(actor: Actor, of: Document) -> list[Any]:
    """Without their payloads, newest first."""
    rows = Issue.objects.visible_to(actor).filter(document=of)
    return list(rows.defer("payload", "figures"))


def issue(actor: Actor, code: str, number: int) -> Issue:
    """Raises Issue.DoesNotExist."""
    rows = Issue.objects.visible_to(actor).select_related("document", "replaces")
    return rows.get(document__code=code, number=number)


def newest(actor: Actor, of: Document) -> Issue | None:
    """The issue that readers have now."""
    rows = Issue.objects.visible_to(actor).filter(document=of, state=IssueState.PUBLISHED)
    return rows.order_by("-number").first()


def issue_before(actor: Actor, of: Issue) -> Issue | None:
    """The issue that was out before this one came."""
    rows = Issue.objects.visible_to(actor).filter(
        document=of.document_id, number__lt=of.number, state=IssueState.PUBLISHED
    )
    return rows.order_by("-number").first()


def highlights(actor: Actor, chosen: Chosen) -> list[Highlight]:
    found = Highlight.objects.visible_to(actor)
    if chosen.words:
        found = found.filter(title__icontains=chosen.words)
    if chosen.year.isdecimal():
        found = found.filter(year=int(chosen.year))
    return [each for each in found if not chosen.mandate or chosen.mandate in each.mandates]
