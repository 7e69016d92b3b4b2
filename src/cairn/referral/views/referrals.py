"""Referrals: the lists of what was sent and of what came in."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.referral.models.referrals import Referral
from cairn.referral.queries import referrals as queries
from cairn.referral.queries.referrals import Filters
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.referrals import TAKEN_BACK, WAITING, State, is_card_shown


@never_cache
@require_safe
@needs(Permission.REFERRAL_VIEW)
def sent(request: ActorRequest) -> HttpResponse:
    """What one's own place sent or prepares; whoever only answers sees what came in."""
    if not request.actor.may(Permission.REFERRAL_SEND):
        return _received(request)
    filters = Filters.from_query(request.GET)
    shown = ListPage(
        heading=_("Referrals that we sent"),
        lead=_("Each gets an answer or comes to an end: the clock asks, and tells you."),
        columns=[
            _("Referral"),
            _("Service"),
            pgettext("help", "Need"),
            _("How urgent"),
            _("State"),
            _("Person"),
            _("Next"),
        ],
        empty=(
            _("No referral here"),
            _("A person is referred from the page of the record, under “Referrals”."),
        ),
        actions=[
            (reverse("referral:referrals-received"), _("Referrals that came in")),
            (reverse("referral:exchange"), _("Files for other programs")),
        ],
        choices=_choices(filters),
        clear_href=reverse("referral:referrals"),
    )
    found = queries.sent(request.actor, filters)
    return list_page(request, shown, found, lambda rows: [_sent_cells(row) for row in rows])


@never_cache
@require_safe
@needs(Permission.REFERRAL_VIEW)
def received(request: ActorRequest) -> HttpResponse:
    """What came in; the card only, no names."""
    return _received(request)


def _received(request: ActorRequest) -> HttpResponse:
    filters = Filters.from_query(request.GET)
    others = [(reverse("referral:referrals"), _("Referrals that we sent"))]
    files = [(reverse("referral:brought-list"), _("Referrals that came as files"))]
    shown = ListPage(
        heading=_("Referrals that came in"),
        lead=_("You see what is needed to decide. The rest opens when you accept."),
        columns=[
            _("Referral"),
            _("Service"),
            pgettext("help", "Need"),
            _("How urgent"),
            _("Area"),
            _("State"),
            _("Answer by"),
        ],
        empty=(
            _("Nothing came in"),
            _("When somebody is referred to your service, you are told and it stands here."),
        ),
        actions=[*(others if request.actor.may(Permission.REFERRAL_SEND) else []), *files],
        choices=_choices(filters, is_received=True),
        clear_href=reverse("referral:referrals-received"),
    )
    found = queries.received(request.actor, filters)
    return list_page(request, shown, found, lambda rows: [_received_cells(row) for row in rows])


def _choices(filters: Filters, *, is_received: bool = False) -> list[Choice]:
    groups = [
        ("prepared", pgettext("referrals", "Being prepared")),
        ("waiting", pgettext("referrals", "Waiting for an answer")),
        ("running", pgettext("referrals", "Accepted")),
        ("ended", pgettext("referrals", "Ended")),
    ]
    return [
        Choice("q", _("Code or area"), filters.words),
        Choice("state", _("State"), filters.group, groups[1:] if is_received else groups),
        Choice("urgency", _("How urgent"), filters.urgency, Urgency.choices),
        Choice("need", pgettext("help", "Need"), filters.need, Need.choices),
    ]


def _state(row: Referral) -> Cell:
    return lists.state(f"referral-{row.state}", row.get_state_display())


def _sent_cells(row: Referral) -> list[Cell]:
    return [
        lists.code(row.code, href=row.get_absolute_url()),
        lists.text(row.service.name),
        lists.text(row.get_need_display()),
        lists.text(row.get_urgency_display()),
        _state(row),
        lists.code(row.person.code, href=row.person.get_absolute_url()),
        lists.clock_cell(row.next_at),
    ]


def _received_cells(row: Referral) -> list[Cell]:
    state = State(row.state)
    is_seen = row.acknowledged_at is not None
    until = row.decide_by if is_seen else row.ack_by
    is_known = state not in TAKEN_BACK
    return [
        lists.code(row.code, href=row.get_absolute_url()),
        lists.text(row.service.name),
        lists.text(row.get_need_display() if is_known else ""),
        lists.text(row.get_urgency_display() if is_known else ""),
        lists.text(row.place if is_card_shown(state) else ""),
        _state(row),
        lists.clock_cell(until if state in WAITING else None),
    ]
