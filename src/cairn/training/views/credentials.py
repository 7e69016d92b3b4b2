"""Certificates for staff: of an event, one by one, and their types."""

from collections.abc import Callable
from dataclasses import replace as changed
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import View, needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.record_forms import ReadForm
from cairn.oversight.views.lists import Cell, ListPage, list_page, text
from cairn.oversight.views.shared import FormPage, form_page, missing_as_refusal
from cairn.training.actions import credentials as actions
from cairn.training.actions.credentials_print import Printed, badge_of, print_event, print_one
from cairn.training.actions.steps import require_run
from cairn.training.forms.credentials import DecisionForm, IssueForm, IssueToForm
from cairn.training.models import Credential, TrainingEvent
from cairn.training.queries import credentials as queries
from cairn.training.rules.choices import CredentialKind
from cairn.training.views.credentials_check import places
from cairn.ui.forms import add_refusal, status_of

AT_REASON = {"oversight.reason": "reason", "credential.reason": "reason"}
_PRINTS = limited("credential.print", per_minute=10, per_hour=100, methods=("POST",))


def _event_crumb(event: TrainingEvent) -> tuple[str, str]:
    address = reverse("training:credentials", args=[event.reference])
    return address, _("Certificates of %(reference)s") % {"reference": event.reference}


def _crumb(found: Credential) -> tuple[str, str]:
    return found.get_absolute_url(), found.code


def _language() -> str:
    return get_language() or "en"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
def issue(request: ActorRequest, reference: str) -> HttpResponse:
    """Issue what the participants of an event have earned."""
    event = TrainingEvent.objects.visible_to(request.actor).get(reference=reference)
    require(request.actor, Permission.CREDENTIAL_ISSUE, within=event)
    waiting = [line for line in queries.lines(event) if line.due]
    due = [kind for kind in queries.EVENT_KINDS if any(kind in line.due for line in waiting)]
    form = IssueForm(request.POST or None, initial={"kinds": [kind.value for kind in due]})
    facts = [
        (
            str(kind.label),
            ngettext("%(count)d person", "%(count)d persons", count) % {"count": count},
        )
        for kind in queries.EVENT_KINDS
        if (count := sum(kind in line.due for line in waiting))
    ]
    page = FormPage(
        heading=_("Issue certificates"),
        send=_("Issue and sign"),
        back=_event_crumb(event),
        done=_("The certificates were issued."),
        facts=facts,
        lead=_("Attendance and achievement are two certificates; each follows from its rule."),
        consequences=[
            _("Each certificate is signed and has a code that anybody can check."),
            _("Nothing in it changes afterwards; it can be suspended, revoked or replaced."),
        ],
        seen=_("Data protection sees that names were opened, for whom, and your reason."),
    )

    def act(given: dict[str, Any]) -> actions.Issued:
        return actions.issue_for_event(request.actor, reference, form.chosen(), given["reason"])

    return form_page(request, page, form, act, lambda made: _after_issue(request, event, made),
        AT_REASON)  # fmt: skip


def _after_issue(request: ActorRequest, event: TrainingEvent, made: actions.Issued) -> str:
    if made.left:
        messages.warning(
            request,
            ngettext(
                "%(count)d person still waits: issue again.",
                "%(count)d persons still wait: issue again.",
                made.left,
            )
            % {"count": made.left},
        )
    return reverse("training:credentials", args=[event.reference])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CREDENTIAL_ISSUE)
@recently
def issue_to(request: ActorRequest) -> HttpResponse:
    """Certify a trainer, an assessor or a member of a mobile team."""
    kinds = [kind.value for kind in CredentialKind if kind not in queries.EVENT_KINDS]
    offered = [
        (each, queries.texts_of(each, _language())[0])
        for each in queries.types(request.actor, kinds)
    ]
    initial = {
        "valid_from": timezone.localdate().isoformat(),
        "language": _language(),
        "person": request.GET.get("person", "")[:12],
    }
    form = IssueToForm(request.POST or None, types=offered, initial=initial)
    page = FormPage(
        heading=_("Certify a trainer or team member"),
        send=_("Issue and sign"),
        back=(reverse("training:credential-types"), _("Types of certificates")),
        done=_("The certificate was issued."),
        lead=_("It rests on the qualification or the team that is on record."),
        seen=_("Data protection sees that a name was opened, whose, and your reason."),
    )
    return form_page(
        request,
        page,
        form,
        missing_as_refusal(
            lambda given: actions.issue_to(
                request.actor,
                given["person"].strip().upper(),
                given["type"],
                valid_from=given["valid_from"],
                language=given["language"],
                reason=given["reason"],
            )
        ),
        lambda made: made.get_absolute_url(),
        {
            **AT_REASON,
            "oversight.no-record": "person",
            "credential.no-basis": "person",
            "credential.held": "type",
        },
    )


def _decide(
    request: ActorRequest, code: str, permission: Permission, act: actions.Decision, page: FormPage
) -> HttpResponse:
    """A page with a reason that ends in a decision on one certificate."""
    found = queries.find(request.actor, code)
    require(request.actor, permission, within=found)
    return form_page(
        request,
        changed(page, back=_crumb(found)),
        DecisionForm(request.POST or None),
        lambda given: act(request.actor, code, given["reason"]),
        lambda made: made.get_absolute_url(),
        AT_REASON,
    )


_HERE = ("", "")


def _weighty(view: View) -> View:
    """What every decision asks for: who it is, shown within five minutes."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(signed_in(recently(view))))


@_weighty
def revoke(request: ActorRequest, code: str) -> HttpResponse:
    """Take a certificate back for good."""
    page = FormPage(
        heading=_("Revoke the certificate"),
        send=_("Revoke it for good"),
        back=_HERE,
        done=_("The certificate was revoked. The public list says so from now on."),
        consequences=[
            _("Whoever checks it reads “revoked”; phones learn it with their next list."),
            _("It cannot be undone. A new certificate can be issued in its place."),
        ],
        seen=_("Colleagues read the reason in its history; it is not published."),
    )
    return _decide(request, code, Permission.CREDENTIAL_REVOKE, actions.revoke, page)


@_weighty
def suspend(request: ActorRequest, code: str) -> HttpResponse:
    """Stop a certificate for a while."""
    page = FormPage(
        heading=_("Suspend the certificate"),
        send=_("Suspend it"),
        back=_HERE,
        done=_("The certificate is suspended. The public list says so from now on."),
        consequences=[_("Whoever checks it reads “suspended”, until it is reinstated.")],
        seen=_("Colleagues read the reason in its history; it is not published."),
    )
    return _decide(request, code, Permission.CREDENTIAL_REVOKE, actions.suspend, page)


@_weighty
def reinstate(request: ActorRequest, code: str) -> HttpResponse:
    """Let a suspended certificate count again."""
    page = FormPage(
        heading=_("Reinstate the certificate"),
        send=_("Reinstate it"),
        back=_HERE,
        done=_("The certificate counts again."),
        seen=_("Colleagues read the reason in its history; it is not published."),
    )
    return _decide(request, code, Permission.CREDENTIAL_REVOKE, actions.reinstate, page)


@_weighty
def renew(request: ActorRequest, code: str) -> HttpResponse:
    """A successor with a period of its own."""
    page = FormPage(
        heading=_("Renew the certificate"),
        send=_("Renew and sign"),
        back=_HERE,
        done=_("A new certificate stands in place of the old one."),
        consequences=[
            _("A new certificate with its own code and dates is made."),
            _("The old one keeps its dates and says that a newer one replaced it."),
        ],
        seen=_("Data protection sees that a name was opened, whose, and your reason."),
    )
    return _decide(request, code, Permission.CREDENTIAL_ISSUE, actions.renew, page)


@_weighty
def replace(request: ActorRequest, code: str) -> HttpResponse:
    """A corrected copy for the same period."""
    page = FormPage(
        heading=_("Replace the certificate"),
        send=_("Replace and sign"),
        back=_HERE,
        done=_("A new certificate stands in place of the old one."),
        lead=_("For a name that changed, a consent that was given or withdrawn, or a mistake."),
        consequences=[_("A new certificate for the same period is made, with its own code.")],
        seen=_("Data protection sees that a name was opened, whose, and your reason."),
    )
    return _decide(request, code, Permission.CREDENTIAL_ISSUE, actions.replace, page)


def _file(
    request: ActorRequest,
    heading: str,
    back: tuple[str, str],
    make: Callable[[str], HttpResponse],
) -> HttpResponse:
    """Ask for the reason, then answer with the file itself."""
    form = ReadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return make(form.cleaned_data["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, AT_REASON.get(refusal.code))
    context = {
        "heading": heading,
        "send": _("Open and take the file"),
        "back": back,
        "lead": _("Certificates carry names, so they are opened for a reason."),
        "seen": _("That you opened them, when and why is kept; data protection sees it."),
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))


def _pdf(made: Printed, name: str) -> HttpResponse:
    response = HttpResponse(made.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@_PRINTS
def print_all(request: ActorRequest, reference: str) -> HttpResponse:
    """All certificates of an event that hold, as one PDF."""
    event = TrainingEvent.objects.visible_to(request.actor).get(reference=reference)
    require_run(request.actor, event)
    page = places(request).page

    def make(reason: str) -> HttpResponse:
        made = print_event(request.actor, reference, reason, page)
        return _pdf(made, f"certificates-{event.reference}")

    return _file(request, _("Print all certificates"), _event_crumb(event), make)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@_PRINTS
def print_single(request: ActorRequest, code: str) -> HttpResponse:
    """One certificate as PDF."""
    found = queries.find(request.actor, code)
    page = places(request).page

    def make(reason: str) -> HttpResponse:
        return _pdf(print_one(request.actor, code, reason, page), f"certificate-{found.code}")

    return _file(request, _("Print the certificate"), _crumb(found), make)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@_PRINTS
def take_badge(request: ActorRequest, code: str) -> HttpResponse:
    """One certificate as an Open Badge, which wallets and other systems read."""
    found = queries.find(request.actor, code)
    issuer = changed(places(request).as_issuer, name=found.organisation.display_name)

    def make(reason: str) -> HttpResponse:
        token = badge_of(request.actor, code, reason, issuer)
        response = HttpResponse(token, content_type="application/vc+jwt")
        response["Content-Disposition"] = f'attachment; filename="badge-{found.code}.jwt"'
        return response

    return _file(request, _("Take it as an Open Badge"), _crumb(found), make)


@require_safe
@needs(Permission.TRAINING_VIEW)
@limited("credential.find", per_minute=30)
def find(request: ActorRequest) -> HttpResponse:
    """From a code, as people type it, to its certificate."""
    code = queries.tidied(request.GET.get("code", ""))
    if code and Credential.objects.visible_to(request.actor).filter(code=code).exists():
        return redirect("training:credential", code=code)
    messages.warning(request, _("There is no certificate with this code for you to see."))
    return redirect("training:credential-types")


@require_safe
@needs(Permission.TRAINING_VIEW)
def types(request: ActorRequest) -> HttpResponse:
    """What is certified, by which criteria, for how long."""
    may_decide = request.actor.may(Permission.TRAINING_DECIDE)
    acts = []
    if may_decide:
        acts.append((reverse("training:credential-type-new"), _("Enter a type")))
    if request.actor.may(Permission.CREDENTIAL_ISSUE):
        acts.append((reverse("training:credential-new"), _("Certify a trainer or team member")))
    shown = ListPage(
        heading=_("Types of certificates"),
        lead=_("What is certified, by which criteria, and for how long."),
        columns=[_("Name"), _("Kind"), _("What it takes"), _("Valid for")],
        empty=(
            _("No types yet"),
            _("Add the five usual ones, or enter a type of your own, before you issue."),
        ),
        actions=acts,
        template="training/credentials/types.html",
        more={"may_decide": may_decide, "check_href": reverse("training:check")},
    )
    return list_page(
        request,
        shown,
        queries.types(request.actor),
        lambda rows: _type_rows(rows, may_decide=may_decide),
    )


def _type_rows(rows: list[Any], *, may_decide: bool) -> list[list[Cell]]:
    cells = []
    for each in rows:
        name, criteria = queries.texts_of(each, _language())
        months = each.validity_months
        valid = _("It does not expire")
        if months:
            valid = ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
        href = reverse("training:credential-type", args=[each.code]) if may_decide else ""
        cells.append([text(name, href), text(each.get_kind_display()), text(criteria), text(valid)])
    return cells
