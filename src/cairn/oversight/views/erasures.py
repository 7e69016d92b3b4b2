"""Erasures: asked, decided by another person, and the proof that stays."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.limits import limited
from cairn.oversight import forms
from cairn.oversight.actions import erasures
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.models import Erasure
from cairn.oversight.queries import erasures as queries
from cairn.oversight.rules import ErasureState
from cairn.oversight.views.shared import (
    FormPage,
    form_page,
    kind_label,
    missing_as_refusal,
    named,
    record_address,
    top_crumb,
)
from cairn.oversight.views.showing import Shown, shown_notes
from cairn.ui.pages import page_of


@never_cache
@require_safe
@signed_in
def erasures_list(request: ActorRequest) -> HttpResponse:
    """Erasures that one asked for; all of them for data protection. Waiting ones first."""
    state = request.GET.get("state", "")
    page = page_of(queries.erasures(request.actor, state), request)
    who = named(each.asked_by for each in page)
    context = {
        "page": page,
        "rows": [(each, kind_label(each.kind), who(each.asked_by)) for each in page],
        "states": list(ErasureState),
        "state": state,
        "top": top_crumb(request.actor),
        "may_decide": request.actor.may(Permission.ERASURE_APPROVE),
    }
    return render(request, "oversight/erasures.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def erasure(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One erasure: who asked, who agreed, and what it proves once it is done.

    Sending the form opens the sealed reasons, for who decides and who asked; it is written down.
    """
    found = queries.erasure(request.actor, pk)
    opened = _opened(request.actor, found) if request.method == "POST" else []
    is_own = found.asked_by is not None and found.asked_by == request.actor.user_id
    who = named([found.asked_by, found.decided_by])
    context = {
        "found": found,
        "kind": kind_label(found.kind),
        "asked_by": who(found.asked_by),
        "decided_by": who(found.decided_by) if found.decided_by else "",
        "top": top_crumb(request.actor),
        "opened": opened,
        "is_own": is_own,
        "record_href": record_address(found.kind, found.code) if is_own else "",
        "may_open": is_own or request.actor.may(Permission.ERASURE_APPROVE),
        "may_decide": request.actor.may(Permission.ERASURE_APPROVE) and not is_own,
    }
    return render(request, "oversight/erasure.html", context)


def _opened(actor: Actor, found: Erasure) -> list[Shown]:
    """Why it was asked and, where it was refused, why. Raises PermissionDenied."""
    authors, allowed = [found.asked_by], Permission.ERASURE_APPROVE
    reasons = open_notes(actor, [found], ["reason"], authors=authors, permission=allowed)
    parts = shown_notes(found, reasons[0])
    steps = list(queries.refusals(actor, found))
    for step, note in zip(
        steps,
        open_notes(actor, steps, ["note"], authors=authors, permission=allowed),
        strict=True,
    ):
        parts += shown_notes(step, note)
    return parts


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("erasure.ask", per_hour=30, methods=("POST",))
def ask(request: ActorRequest, kind: str, code: str) -> HttpResponse:
    """Whoever works with a record asks, or the desk for a person who wishes it; another decides."""
    record = queries.askable(request.actor, kind, code)
    page = FormPage(
        heading=_("Ask for an erasure"),
        send=_("Ask for it"),
        back=(record_address(kind, record.code), record.code),
        done=_("You asked for the erasure. A data-protection officer decides."),
        facts=[(_("Record"), f"{kind_label(kind)} {record.code}")],
        consequences=[
            _("A data-protection officer looks at your reason and decides; you cannot."),
            _("When it is agreed, the key of this record is destroyed at once."),
            _("Then nobody can read its sealed parts again, from copies either."),
        ],
        seen=_("Data protection sees who asked, and your reason."),
    )
    return form_page(
        request,
        page,
        forms.ErasureForm(request.POST or None),
        missing_as_refusal(
            lambda given: erasures.ask_erasure(request.actor, kind, code, given["reason"])
        ),
        lambda made: reverse("oversight:erasure", args=[made.pk]),
        {"oversight.reason": "reason"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ERASURE_APPROVE)
@recently
def approve(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Agree and erase: cannot be undone, so the code is typed again."""
    found = queries.waiting_erasure(request.actor, pk)
    page = FormPage(
        heading=_("Agree to an erasure"),
        send=_("Erase it for good"),
        back=(reverse("oversight:erasure", args=[pk]), _("The asking")),
        done=_("The key is destroyed. The proof of the erasure stays."),
        facts=[(_("Record"), f"{kind_label(found.kind)} {found.code}")],
        consequences=[
            _("The key of this record is destroyed now. This cannot be undone by anybody."),
            _("Its sealed parts become noise, here and in every copy of the records."),
            _("A proof stays: when, and how many values; it does not say whose."),
        ],
    )
    return form_page(
        request,
        page,
        forms.ConfirmForm(request.POST or None, code=found.code),
        lambda given: erasures.approve_erasure(request.actor, pk),
        lambda made: reverse("oversight:erasure", args=[pk]),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ERASURE_APPROVE)
def refuse(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Refuse an erasure, with the reason."""
    found = queries.waiting_erasure(request.actor, pk)
    page = FormPage(
        heading=_("Refuse an erasure"),
        send=_("Refuse it"),
        back=(reverse("oversight:erasure", args=[pk]), _("The asking")),
        done=_("The erasure is refused; who asked is told."),
        facts=[(_("Record"), f"{kind_label(found.kind)} {found.code}")],
    )
    return form_page(
        request,
        page,
        forms.NoteForm(request.POST or None),
        lambda given: erasures.refuse_erasure(request.actor, pk, given["note"]),
        lambda made: reverse("oversight:erasure", args=[pk]),
        {"oversight.reason": "note"},
    )
