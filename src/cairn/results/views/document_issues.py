"""Pages of issues: one to read, as a file, beside the one before, and its steps to the public."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.results.actions import document_issues as actions
from cairn.results.documents.blocks import Body, from_json
from cairn.results.documents.composing import changes
from cairn.results.documents.walkers import FORMATS, TYPES, to_html, written
from cairn.results.forms.documents import ReasonForm
from cairn.results.models import Issue
from cairn.results.queries import documents as queries
from cairn.results.rules.documents import MOVES, IssueState
from cairn.ui.forms import add_refusal, status_of


def body_of(issue: Issue) -> Body:
    """The frozen body. Raises RuleBroken("issue.digest") where the record was tampered with."""
    actions.check_digest(issue, issue.digest)
    return from_json(issue.payload | {"figures": issue.figures})


@require_safe
def page(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """One issue as it came out, or as it is being reviewed."""
    issue = queries.issue(request.actor, code, number)
    body = body_of(issue)
    actor, before = request.actor, queries.issue_before(request.actor, issue)
    steps = MOVES[IssueState(issue.state)]
    context = {
        "issue": issue,
        "document": issue.document,
        "body": body,
        "text": to_html(body),
        "before": before,
        "changes": changes(before.figures, issue.figures) if before else [],
        "formats": FORMATS,
        "steps": {step.value for step in steps} if actor.may(Permission.DOCUMENT_PUBLISH) else (),
        "may_send": IssueState.IN_REVIEW in steps and actor.may(Permission.DOCUMENT_EDIT),
        "is_writer": str(actor.user_id) in issue.writers,
    }
    return render(request, "results/issue.html", context)


@require_safe
@limited("document-file", per_minute=60, per_hour=600)
def as_file(request: ActorRequest, code: str, number: int, kind: str) -> HttpResponse:
    """An issue as a file; every reader gets the same bytes."""
    if kind not in FORMATS:
        raise Http404
    issue = queries.issue(request.actor, code, number)
    day = timezone.localtime(issue.published_at or issue.made_at).date()
    content = written(body_of(issue), kind, document=code, created=day)
    response = HttpResponse(content, content_type=TYPES[kind])
    name = f"{code}-{number}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def compare(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Every figure that differs from the issue before, with both values."""
    issue = queries.issue(request.actor, code, number)
    before = queries.issue_before(request.actor, issue)
    context = {
        "issue": issue,
        "document": issue.document,
        "before": before,
        "changes": changes(before.figures, issue.figures) if before else [],
    }
    return render(request, "results/issue_compare.html", context)


@require_POST
@signed_in
def compute(request: ActorRequest, code: str) -> HttpResponse:
    """Compute the next issue as a draft."""
    issue = actions.compute_issue(request.actor, code)
    messages.success(request, _("The issue was computed. Look at what changed before you send it."))
    return redirect("results:issue", code, issue.number)


@require_POST
@signed_in
def send(request: ActorRequest, code: str, number: int) -> HttpResponse:
    actions.send_to_review(request.actor, code, number)
    messages.success(request, _("The issue is frozen and waits for a review."))
    return redirect("results:issue", code, number)


@require_POST
@signed_in
def approve(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """The digest in the form says what was looked at."""
    actions.approve_issue(request.actor, code, number, digest=request.POST.get("digest", ""))
    messages.success(request, _("The issue was approved. It may be published now."))
    return redirect("results:issue", code, number)


@require_POST
@signed_in
def publish(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """The digest in the form says what was looked at."""
    actions.publish_issue(request.actor, code, number, digest=request.POST.get("digest", ""))
    messages.success(request, _("The issue is out. Everybody can read it."))
    return redirect("results:issue", code, number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give_back(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Send an issue back to its writers."""
    return _reasoned(request, code, number, actions.send_back, _("Send back"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Take a published issue back."""
    return _reasoned(request, code, number, actions.withdraw_issue, _("Withdraw"))


def _reasoned(
    request: ActorRequest,
    code: str,
    number: int,
    do: Callable[[Actor, str, int, str], Issue],
    heading: str,
) -> HttpResponse:
    issue = queries.issue(request.actor, code, number)
    require(request.actor, Permission.DOCUMENT_PUBLISH)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            do(request.actor, code, number, form.cleaned_data["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Done, and the reason is on record."))
            return redirect("results:issue", code, number)
    context = {
        "heading": heading,
        "lead": _("Issue %(number)d") % {"number": issue.number},
        "document": issue.document,
        "form": form,
    }
    return render(request, "results/document_form.html", context, status=status_of(form))
