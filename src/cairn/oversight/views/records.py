"""What pages of records about persons share: history, openings, links, and asking for a file.

The contexts put these views at addresses of their own and say by `kind` what they are about.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight import subjects
from cairn.oversight.actions.exports import ask_export
from cairn.oversight.actions.links import grant_link, read_through_link, revoke_link
from cairn.oversight.queries import records as queries
from cairn.oversight.record_forms import ExportForm, LinkForm, ReadForm
from cairn.oversight.rules import LinkBasis
from cairn.oversight.subjects import SubjectKind
from cairn.oversight.views.shared import FormPage, form_page, missing_as_refusal
from cairn.oversight.views.showing import shown
from cairn.ui.forms import add_refusal, status_of


def page_parts(
    actor: Actor, kind: SubjectKind, record: Any, sentences: Mapping[str, Promise]
) -> dict[str, Any]:
    """What the template of a record needs from here: history, links, and what may be asked."""
    place = (record.organisation_id, record.unit_id, record.country)
    access = queries.emergency_access(actor, kind, record)
    return {
        "access": access,
        "history": queries.history(kind, record, sentences, actor),
        "links": queries.links(kind, record),
        "is_erased": record.erased_on is not None,
        "may_open": access is not None or actor.may_within(kind.open, *place),
        "may_link": actor.may_within(Permission.LINK_AUTHORISE, *place),
        "erasure_href": reverse("oversight:erasure-new", args=[kind.key, record.code]),
        "may_erase": actor.may_within(Permission.ERASURE_ASK, *place),
        "is_erasure_asked": queries.is_erasure_asked(kind, record),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
@limited("export.ask", per_hour=20, methods=("POST",))
def export(request: ActorRequest, kind: str, back: str) -> HttpResponse:
    """Ask to take records of one's own organisation out as a file; `back` names the list's page."""
    found = subjects.kind(kind)
    if found.export is None:
        raise ObjectDoesNotExist(kind)
    require(request.actor, found.export)
    places = queries.places(request.actor, found.export)
    page = FormPage(
        heading=_("Ask for a file with records"),
        send=_("Ask for the file"),
        back=(reverse(back), str(found.plural)),
        done=_("You asked for the file. You are told when somebody has decided."),
        consequences=[
            _("Another person agrees to it or refuses it."),
            _("You can take the file once, within a day. It is made then, and not kept here."),
            _("Each record whose sealed parts it holds is noted as opened by you."),
        ],
        seen=_("Data protection sees who asked, and your reason."),
    )
    return form_page(
        request,
        page,
        ExportForm(request.POST or None, kind=found, places=places),
        lambda given: ask_export(
            request.actor, found.key, UUID(given["organisation"]), given["parts"], given["reason"]
        ),
        lambda made: reverse("oversight:export", args=[made.pk]),
        {"oversight.reason": "reason", "link.scope": "parts"},
    )


def _find(request: ActorRequest, key: str, code: str) -> tuple[SubjectKind, Any]:
    """The kind and the record of this exact code. Raises the model's DoesNotExist."""
    kind = subjects.kind(key)
    return kind, kind.visible_to(request.actor).get(code=code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("link", per_hour=20, methods=("POST",))
def new_link(request: ActorRequest, code: str, kind: str) -> HttpResponse:
    """Let the owners of a record of another zone read parts of this one."""
    found, record = _find(request, kind, code)
    require(request.actor, Permission.LINK_AUTHORISE, within=record)
    page = FormPage(
        heading=_("Join with a record of another zone"),
        send=_("Join the two records"),
        back=(found.address(record.code), record.code),
        done=_("The two records are joined."),
        facts=[(_("Your record"), f"{found.label} {record.code}")],
        consequences=[
            _("Whoever may open the other record can read what you choose, with a reason."),
            _("You learn nothing about the other record. Either side can end the link."),
            _("Which two records it joins is kept sealed, for each side by its own key."),
        ],
        seen=_("Both sides and data protection see the ground, the purpose and the end."),
    )
    return form_page(
        request,
        page,
        LinkForm(request.POST or None, kind=found),
        missing_as_refusal(
            lambda given: grant_link(
                request.actor,
                record,
                given["other_kind"],
                given["other_code"],
                basis=LinkBasis(given["basis"]),
                purpose=given["purpose"],
                scope=given["scope"],
                ends_on=given["ends_on"],
            )
        ),
        lambda made: found.address(record.code),
        {
            "oversight.no-record": "other_code",
            "link.scope": "scope",
            "link.expiry": "ends_on",
            "link.purpose": "purpose",
            "link.held": "other_code",
        },
    )


@require_POST
@signed_in
def end_link(request: ActorRequest, code: str, link: UUID, kind: str) -> HttpResponse:
    """End a link, from either side."""
    found, record = _find(request, kind, code)
    revoke_link(request.actor, record, link)
    messages.success(request, _("The link has ended."))
    return redirect(found.address(record.code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("link.open", per_minute=20, per_hour=200, methods=("POST",))
def open_link(request: ActorRequest, code: str, link: UUID, kind: str) -> HttpResponse:
    """Read, once and with a reason, what a link allows of the record on its other side."""
    found, record = _find(request, kind, code)
    require(request.actor, found.open, within=record)
    readable = {each.id: each for each in queries.links(found, record) if each.is_ours_to_read}
    if link not in readable or not readable[link].is_live:
        raise ObjectDoesNotExist(str(link))
    form = ReadForm(request.POST or None)
    opened = None
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            opened = shown(read_through_link(request.actor, record, link, given["reason"]))
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
    context = {
        "heading": _("Read through a link"),
        "send": _("Read it once"),
        "back": (found.address(record.code), record.code),
        "link": readable[link],
        "form": form,
        "opened": opened,
        "seen": _("Data protection sees who read it, when and why. It is shown once."),
    }
    return render(request, "oversight/records/link.html", context, status=status_of(form))
