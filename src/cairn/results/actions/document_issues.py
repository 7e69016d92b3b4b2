"""Issues of a document: computed, reviewed by somebody who wrote nothing of it, published."""

import hashlib
import json
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.results.actions.documents import locked
from cairn.results.documents.blocks import Body, to_json
from cairn.results.documents.composing import composed, marked
from cairn.results.documents.kinds import kind_of
from cairn.results.models import Document, Issue, Section
from cairn.results.rules import documents as rules
from cairn.results.rules.documents import IssueState


def body_of(actor: Actor, document: Document) -> Body:
    """The document as it would come out now: figures as the public sees them, with marks.

    Raises RuleBroken ("document.field", "document.kind", "document.record": readers do not see
    what it is about; and what the kind raises).
    """
    try:
        body = composed(
            kind_of(document.kind),
            PUBLIC,
            document.parameters,
            document.language,
            title=document.title,
            sections=list(Section.objects.visible_to(actor).filter(document=document)),
        )
    except ObjectDoesNotExist:
        raise RuleBroken(
            "document.record",
            _("Readers do not see the record that this document is about."),
            _("Let the record be published first, or change what the document is about."),
        ) from None
    last = last_published(document)
    return marked(body, last.figures, last.number) if last else body


def last_published(document: Document) -> Issue | None:
    """The issue that readers have now; None before the first."""
    out = Issue.objects.visible_to(PUBLIC).filter(document=document)
    return out.order_by("-number").first()


def digest_of(payload: Any, figures: Any) -> str:
    """SHA-256 of payload and figures, whatever the order of their keys."""
    text = json.dumps([payload, figures], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def compute_issue(actor: Actor, code: str) -> Issue:
    """Compute the next issue, or compute it anew while it is a draft.

    Raises Document.DoesNotExist, PermissionDenied, RuleBroken ("issue.open": one is in review;
    and what `body_of` raises).
    """
    document = locked(actor, code)
    require(actor, Permission.DOCUMENT_EDIT)
    latest = Issue.objects.visible_to(actor).filter(document=document).order_by("-number").first()
    if latest and latest.state in {IssueState.IN_REVIEW, IssueState.APPROVED}:
        raise RuleBroken(
            "issue.open",
            _("Issue %(number)d is being reviewed.") % {"number": latest.number},
            _("Wait for the review, or have it sent back first."),
        )
    issue = latest if latest and latest.state == IssueState.DRAFT else None
    if issue is None:
        issue = Issue(document=document, number=latest.number + 1 if latest else 1)
    payload = to_json(body_of(actor, document))
    issue.figures = payload.pop("figures")
    issue.payload = payload
    issue.language, issue.replaces = document.language, last_published(document)
    issue.made_at, issue.made_by = clock.now(), actor.user_id
    issue.digest = digest_of(issue.payload, issue.figures)
    issue.save()
    audit.record(
        actor,
        "issue.computed",
        issue,
        reference=code,
        number=issue.number,
        figures=len(issue.figures),
        digest=issue.digest,
    )
    return issue


@transaction.atomic
def send_to_review(actor: Actor, code: str, number: int) -> Issue:
    """Freeze a draft for review: from now on neither its text nor its figures change.

    Raises Issue.DoesNotExist, PermissionDenied, RuleBroken ("issue.move", "issue.stale": records
    or texts changed since it was computed).
    """
    document, issue = _taken(actor, code, number)
    require(actor, Permission.DOCUMENT_EDIT)
    rules.check_move(IssueState(issue.state), IssueState.IN_REVIEW)
    now = to_json(body_of(actor, document))
    if digest_of({name: now[name] for name in now if name != "figures"}, now["figures"]) != (
        issue.digest
    ):
        raise RuleBroken(
            "issue.stale",
            _("Records or texts changed since this issue was computed."),
            _("Compute it anew and look at what changed."),
        )
    issue.state, issue.sent_at = IssueState.IN_REVIEW, clock.now()
    # Its writers go with it. Who writes from now on is a writer of the issue after this one.
    issue.writers = sorted({*document.writers, str(issue.made_by), str(actor.user_id)})
    issue.save()
    document.writers = []
    document.save(update_fields=["writers"])
    audit.record(actor, "issue.sent", issue, reference=code, number=number, digest=issue.digest)
    return issue


@transaction.atomic
def approve_issue(actor: Actor, code: str, number: int, *, digest: str) -> Issue:
    """Say as a second person that the issue may come out. `digest`: of what was looked at.

    Raises Issue.DoesNotExist, PermissionDenied, RuleBroken ("issue.move", "issue.reviewer",
    "issue.digest").
    """
    _document, issue = _taken(actor, code, number)
    require(actor, Permission.DOCUMENT_PUBLISH)
    rules.check_move(IssueState(issue.state), IssueState.APPROVED)
    rules.check_reviewer(actor.user_id, issue.writers)
    check_digest(issue, digest)
    issue.state, issue.reviewed_at = IssueState.APPROVED, clock.now()
    issue.reviewed_by = actor.user_id
    issue.save()
    audit.record(actor, "issue.approved", issue, reference=code, number=number, digest=digest)
    return issue


@transaction.atomic
def send_back(actor: Actor, code: str, number: int, reason: str) -> Issue:
    """Give an issue back to its writers, with a reason; it may be computed anew.

    Raises Issue.DoesNotExist, PermissionDenied, RuleBroken ("issue.move", "issue.reason").
    """
    document, issue = _taken(actor, code, number)
    require(actor, Permission.DOCUMENT_PUBLISH)
    rules.check_move(IssueState(issue.state), IssueState.DRAFT)
    rules.check_reason(reason)
    document.writers = sorted({*document.writers, *issue.writers})
    document.save(update_fields=["writers"])
    issue.state, issue.reason = IssueState.DRAFT, reason
    issue.reviewed_at = issue.reviewed_by = None
    issue.save()
    audit.record(actor, "issue.returned", issue, reference=code, number=number)
    return issue


@transaction.atomic
def publish_issue(actor: Actor, code: str, number: int, *, digest: str) -> Issue:
    """Let an approved issue out. The issue before stays readable. `digest`: of what was seen.

    Raises Issue.DoesNotExist, PermissionDenied, RuleBroken ("issue.move", "issue.digest").
    """
    _document, issue = _taken(actor, code, number)
    require(actor, Permission.DOCUMENT_PUBLISH)
    rules.check_move(IssueState(issue.state), IssueState.PUBLISHED)
    check_digest(issue, digest)
    issue.state, issue.published_at = IssueState.PUBLISHED, clock.now()
    issue.published_by, issue.reason = actor.user_id, ""
    issue.save()
    audit.record(actor, "issue.published", issue, reference=code, number=number, digest=digest)
    return issue


@transaction.atomic
def withdraw_issue(actor: Actor, code: str, number: int, reason: str) -> Issue:
    """Take a published issue back, with a reason. It stays on record, for staff.

    Raises Issue.DoesNotExist, PermissionDenied, RuleBroken ("issue.move", "issue.reason").
    """
    _document, issue = _taken(actor, code, number)
    require(actor, Permission.DOCUMENT_PUBLISH)
    rules.check_move(IssueState(issue.state), IssueState.WITHDRAWN)
    rules.check_reason(reason)
    issue.state, issue.reason = IssueState.WITHDRAWN, reason
    issue.withdrawn_at = clock.now()
    issue.save()
    audit.record(actor, "issue.withdrawn", issue, reference=code, number=number)
    return issue


def check_digest(issue: Issue, seen: str) -> None:
    """Raises RuleBroken("issue.digest") unless the issue is what was seen, and what was frozen."""
    if issue.digest != seen or digest_of(issue.payload, issue.figures) != issue.digest:
        raise RuleBroken(
            "issue.digest",
            _("This issue is not what was looked at."),
            _("Load the page again and read it once more."),
        )


def _taken(actor: Actor, code: str, number: int) -> tuple[Document, Issue]:
    """Document and issue, both held. Raises their DoesNotExist."""
    document = locked(actor, code)
    rows = Issue.objects.visible_to(actor).filter(document=document)
    return document, rows.select_for_update().get(number=number)
