"""Shares: the lists of both sides, one share, offering, changing and deciding."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.limits import limited
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.oversight.views.showing import Shown
from cairn.referral import queries as persons
from cairn.referral.actions import sharing as actions
from cairn.referral.forms.sharing import AmendForm, ShareForm, VersionForm
from cairn.referral.models.sharing import ShareAgreement
from cairn.referral.queries import sharing as queries
from cairn.referral.queries.consent import recipients
from cairn.referral.rules.choices import DataCategory
from cairn.referral.rules.sharing import OPEN, ShareState
from cairn.referral.subjects.sharing import SHARE_SEALED
from cairn.referral.views.persons_rows import back_to, form_view
from cairn.referral.views.protocols_sealed import opened_once
from cairn.ui.forms import status_of
from cairn.ui.templatetags.ui import day, listed

# At which field a refusal of a rule is shown.
FIELDS = {
    "share.self": "taker",
    "share.days": "expires_on",
    "share.outlasts": "expires_on",
    "oversight.reason": "reason",
}


@never_cache
@require_safe
@needs(Permission.SHARE_VIEW)
def shares(request: ActorRequest) -> HttpResponse:
    """What others share with one's own place, or (side=given) what it shares with others."""
    is_given = request.GET.get("side") == "given"
    is_ended = request.GET.get("state") == "ended"
    shown = ListPage(
        heading=_("What we share with others") if is_given else _("What others share with us"),
        lead=_("Each share names what is told, what for, and its last day."),
        columns=[
            _("Share"),
            _("With") if is_given else pgettext("organisation", "From"),
            _("What for"),
            _("State"),
            _("Last day"),
        ],
        empty=(
            _("Nothing is shared here"),
            _("Something is shared from the page of a person, under “Shares”."),
        ),
        choices=[
            Choice("side", _("Which"), "given" if is_given else "",
                   [("given", _("What we share with others"))]),
            Choice("state", _("State"), "ended" if is_ended else "", [("ended", _("Ended"))]),
        ],
        clear_href=reverse("referral:shares"),
    )  # fmt: skip
    found = queries.shares(request.actor, is_taken=not is_given, is_ended=is_ended)
    return list_page(request, shown, found, lambda rows: [_cells(row, is_given) for row in rows])


def _cells(share: ShareAgreement, is_given: bool) -> list[Cell]:
    other = share.taker if is_given else share.organisation
    return [
        lists.code(share.code, href=share.get_absolute_url()),
        lists.text(other.display_name),
        lists.text(share.get_purpose_display()),
        lists.state(f"share_{share.state}", share.get_state_display()),
        lists.clock_cell(share.expires_on),
    ]


@never_cache
@require_safe
@signed_in
def share(request: ActorRequest, code: str) -> HttpResponse:
    """One share, as both sides see it, with its words closed."""
    return _page(request, queries.find_share(request.actor, code), OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("share.open", per_minute=20, per_hour=200, methods=("POST",))
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open the words on this one answer, which nothing keeps."""
    found = queries.find_share(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form, parts = opened_once(
        request, lambda purpose, reason: actions.open_share(request.actor, code, purpose, reason)
    )
    return _page(request, found, form, parts)


def _page(
    request: ActorRequest,
    found: ShareAgreement,
    form: OpenForm,
    opened: list[Shown] | None = None,
) -> HttpResponse:
    actor, state = request.actor, ShareState(found.state)
    today = timezone.localdate(clock.now())
    is_given = found.is_given_by(actor)
    may_give = found.is_given_by(actor, Permission.SHARE_AGREE)
    may_take = found.is_taken_by(actor, Permission.SHARE_AGREE)
    opens = found.is_given_by(actor, Permission.REFERRAL_OPEN) or (
        found.is_open_on(today) and found.is_taken_by(actor, Permission.REFERRAL_OPEN)
    )
    is_asked = state in {ShareState.PROPOSED, ShareState.PREVIEWED}
    context: dict[str, Any] = {
        "share": found,
        "state": f"share_{state.value}",
        "is_given": is_given,
        "terms": terms(found),
        "may_open": opens and bool(found.content),
        "parts": [(SHARE_SEALED["content"], bool(found.content))],
        "is_erased": found.erased_on is not None,
        "form": form,
        "opened": opened,
        "can_decide": may_take and is_asked,
        "can_look": may_take and state == ShareState.PROPOSED,
        "can_purge": may_take and state in {ShareState.REVOKED, ShareState.EXPIRED},
        "can_amend": may_give and state == ShareState.ACTIVE,
        "can_revoke": may_give and state in OPEN,
        "history": queries.history(found),
    }
    return render(request, "referral/sharing_one.html", context, status=status_of(form))


def terms(found: ShareAgreement) -> list[tuple[str, str]]:
    """What is agreed, as words."""
    labels = dict(DataCategory.choices)
    return [
        (pgettext("organisation", "From"), found.organisation.display_name),
        (_("With"), found.taker.display_name),
        (_("What is told"), listed([str(labels[each]) for each in found.categories])),
        (_("What for"), str(found.get_purpose_display())),
        (_("Legal basis"), str(found.get_basis_display())),
        (_("Last day"), day(found.expires_on)),
        (_("Version"), str(found.version)),
    ]


@form_view
def new(request: ActorRequest, code: str) -> HttpResponse:
    """Offer another organisation to know something of a person."""
    person = persons.find_person(request.actor, code)
    require(request.actor, Permission.SHARE_AGREE, within=person)
    page = FormPage(
        heading=_("Share with another organisation"),
        send=_("Offer and seal"),
        back=back_to("person", code, code),
        done=_("It was offered. The other side reads it when it has accepted."),
        lead=_("Write only what the other side needs. What you leave empty is not shared."),
        consequences=[
            _("The other side sees which kinds of things are told, what for, and until when."),
            _("It reads the words from its acceptance until the last day, and never your file."),
            _("You end it at any time; then the words are destroyed here, at once."),
        ],
    )
    form = ShareForm(request.POST or None, takers=recipients(request.actor))
    return form_page(
        request,
        page,
        form,
        lambda given: actions.propose_share(request.actor, code, given["taker"], form.terms()),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


@form_view
def amend(request: ActorRequest, code: str) -> HttpResponse:
    """Change what is shared."""
    found = queries.find_share(request.actor, code)
    require(request.actor, Permission.SHARE_AGREE, within=found)
    page = FormPage(
        heading=_("Change what is shared"),
        send=_("Change and seal"),
        back=(found.get_absolute_url(), found.code),
        done=_("It was changed."),
        facts=terms(found),
        consequences=[
            _("Less holds at once."),
            _("More, or other words, wait until the other side has accepted; till then it reads "
              "nothing."),
        ],
    )  # fmt: skip
    form = AmendForm(
        request.POST or None,
        categories=found.categories,
        initial={
            "purpose": found.purpose,
            "expires_on": found.expires_on,
            "stays": found.categories,
        },
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.amend_share(
            request.actor, code, form.terms(given["stays"]), given["reason"]
        ),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


def _words(verb: str) -> tuple[str, str, list[str]]:
    """(heading and button, what is said afterwards, what happens). Raises ObjectDoesNotExist."""
    words = {
        "look": (
            _("We look at it"),
            _("The other side sees that you look at it."),
            [_("Nothing is decided. The words stay closed.")],
        ),
        "accept": (
            _("Accept the share"),
            _("Accepted. You can read the words now."),
            [_("You read the words until the last day, for this purpose and no other.")],
        ),
        "reject": (
            _("Say no"),
            _("The other side was told."),
            [_("What was offered is destroyed, unread.")],
        ),
        "revoke": (
            _("End the share"),
            _("The share has ended. The words are destroyed."),
            [
                _("The words are destroyed here, at once."),
                _("The other side is asked to destroy what it noted, and says so."),
            ],
        ),
        "purged": (
            _("Say that it is destroyed"),
            _("The other side was told."),
            [_("You say that nothing which you noted from this share is left with you.")],
        ),
    }
    if verb not in words:
        raise ObjectDoesNotExist(verb)
    return words[verb]


_ACTS: dict[str, Callable[..., ShareAgreement]] = {
    "look": lambda actor, code, version: actions.preview_share(actor, code),
    "accept": lambda actor, code, version: actions.accept_offer(actor, code, version),
    "reject": lambda actor, code, version: actions.reject_share(actor, code),
    "revoke": lambda actor, code, version: actions.revoke_share(actor, code),
    "purged": lambda actor, code, version: actions.confirm_purge(actor, code),
}


@form_view
def say(request: ActorRequest, code: str, verb: str) -> HttpResponse:
    """One step of one's own side, with what happens said before."""
    found = queries.find_share(request.actor, code)
    is_giver = verb == "revoke"
    may = found.is_given_by if is_giver else found.is_taken_by
    heading, done, consequences = _words(verb)
    if not may(request.actor, Permission.SHARE_AGREE):
        raise PermissionDenied(Permission.SHARE_AGREE.value)
    page = FormPage(
        heading=heading,
        send=heading,
        back=(found.get_absolute_url(), found.code),
        done=done,
        facts=terms(found),
        consequences=consequences,
    )
    return form_page(
        request,
        page,
        VersionForm(
            request.POST if request.method == "POST" else None, initial={"version": found.version}
        ),
        lambda given: _ACTS[verb](request.actor, code, given["version"]),
        lambda made: made.get_absolute_url(),
    )
