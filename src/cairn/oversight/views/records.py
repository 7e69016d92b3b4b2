"""What pages of records about persons share: history, links, openings, and asking for a file.

The contexts put `export` at an address of their own and say by `kind` what it is about.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.actor import Actor
from cairn.oversight import subjects
from cairn.oversight.actions.exports import ask_export
from cairn.oversight.queries import records as queries
from cairn.oversight.record_forms import ExportForm
from cairn.oversight.subjects import SubjectKind
from cairn.oversight.views.shared import FormPage, form_page


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
        "may_open": access is not None or actor.may_within(kind.open, *place),
        "links_href": reverse("oversight:record-links", args=[kind.key, record.code]),
        "may_link": actor.may_within(Permission.LINK_AUTHORISE, *place),
        "erasure_href": reverse("oversight:erasure-new", args=[kind.key, record.code]),
        "may_erase": actor.may_within(Permission.ERASURE_ASK, *place),
        "is_erasure_asked": queries.is_erasure_asked(kind, record),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
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
        lambda made: reverse(back),
        {"oversight.reason": "reason", "link.scope": "parts"},
    )
