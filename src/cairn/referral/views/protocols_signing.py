"""Signing a protocol here, noting a signature on paper, ending a protocol."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import protocols as actions
from cairn.referral.forms.protocols import EndForm, PaperForm, SignForm
from cairn.referral.models.protocols import Protocol
from cairn.referral.queries import protocols as queries
from cairn.referral.rules.protocols import ProtocolState
from cairn.referral.views.protocols import covered, may_sign_for, purposes, today_now

TEMPLATE = "referral/protocols_sign.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PROTOCOL_SIGN)
@recently
def sign(request: ActorRequest, code: str) -> HttpResponse:
    """Sign for one's own organisation, with all that is signed on the same page."""
    found = queries.find_protocol(request.actor, code)
    parties = queries.parties(request.actor, found)
    own = [each for each in parties if may_sign_for(request.actor, each.organisation.pk, found)]
    if not own:
        raise PermissionDenied(Permission.PROTOCOL_SIGN.value)
    named = [(str(each.organisation.pk), each.organisation.display_name) for each in own]
    form = SignForm(request.POST if request.method == "POST" else None, parties=named)
    page = FormPage(
        heading=_("Sign the protocol"),
        send=_("Sign it"),
        back=(found.get_absolute_url(), found.title),
        done=_("You signed the protocol."),
        consequences=_consequences(parties),
        seen=_("All parties see for whom and when you signed."),
        template=TEMPLATE,
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.sign_protocol(request.actor, code, given["party"]),
        lambda made: made.get_absolute_url(),
        {"protocol.twice": "party", "protocol.party": "party"},
        **_words(found),
    )


def _consequences(parties: list[queries.Party]) -> list[str]:
    missing = sum(each.signature is None for each in parties)
    if missing > 1:
        return [_("It holds when the other parties have signed the same words.")]
    return [
        _("Yours is the last signature: with it the protocol holds from its first day on."),
        _("From then on what is named above may be sent to the parties, for these purposes."),
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PROTOCOL_SIGN)
@recently
def paper(request: ActorRequest, code: str) -> HttpResponse:
    """Note that a party signed on paper."""
    found = queries.find_protocol(request.actor, code)
    require(request.actor, Permission.PROTOCOL_SIGN, within=found)
    waiting = [each for each in queries.parties(request.actor, found) if not each.signature]
    named = [(str(each.organisation.pk), each.organisation.display_name) for each in waiting]
    form = PaperForm(request.POST if request.method == "POST" else None, parties=named)
    page = FormPage(
        heading=_("Note a signature on paper"),
        send=_("Note it"),
        back=(found.get_absolute_url(), found.title),
        done=_("The signature was noted."),
        lead=_("For a party that has nobody here. You have the signed paper before you."),
        seen=_("All parties see that it was noted, and where the paper is."),
        template=TEMPLATE,
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.note_paper_signature(
            request.actor,
            code,
            given["party"],
            signed_on=given["signed_on"],
            paper=given["paper"],
        ),
        lambda made: made.get_absolute_url(),
        {"protocol.paper": "paper", "protocol.signed-on": "signed_on"},
        **_words(found),
    )


def _words(protocol: Protocol) -> dict[str, object]:
    """All that is signed, for the page on which somebody signs."""
    return {
        "protocol": protocol,
        "categories": covered(protocol),
        "purposes": purposes(protocol),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PROTOCOL_SIGN)
def end(request: ActorRequest, code: str) -> HttpResponse:
    """End a protocol, or give up a draft."""
    found = queries.find_protocol(request.actor, code)
    parties = queries.parties(request.actor, found)
    if not any(may_sign_for(request.actor, each.organisation.pk, found) for each in parties):
        require(request.actor, Permission.PROTOCOL_SIGN, within=found)
    is_draft = found.state == ProtocolState.DRAFT
    form = EndForm(
        request.POST if request.method == "POST" else None,
        initial={"on": today_now().isoformat()},
    )
    page = FormPage(
        heading=_("Give up the draft") if is_draft else _("End the protocol"),
        send=_("Give it up") if is_draft else _("End it"),
        back=(found.get_absolute_url(), found.title),
        done=_("The protocol was ended."),
        consequences=[
            _("From that day on nothing is sent on the ground of this protocol."),
            _("What was sent before stays with whoever received it."),
            _("It cannot be brought back; a later version can be drafted and signed."),
        ],
        seen=_("All parties are told, and read why."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.end_protocol(
            request.actor, code, on=given["on"], reason=given["reason"]
        ),
        lambda made: made.get_absolute_url(),
        {"protocol.end-day": "on", "protocol.reason": "reason"},
    )
