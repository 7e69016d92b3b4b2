"""Of what needs somebody now: what places agree on, and what they say of themselves."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.referral.models import HandOver, Protocol, ShareAgreement
from cairn.referral.models.sharing import taken
from cairn.referral.queries import protocols, sharing_transfer
from cairn.referral.queries import services as directory
from cairn.referral.queries.today_lines import Group, Line, group_of
from cairn.referral.rules.protocols import Standing as ProtocolStanding
from cairn.referral.rules.services import Standing
from cairn.referral.rules.sharing import ShareState


def shares(actor: Actor, now: datetime) -> Group:
    rows = ShareAgreement.objects.filter(state__in=[ShareState.PROPOSED, ShareState.PREVIEWED])
    words = _("Others want to share something with you"), _("Look and decide")
    return _share_group(actor, "shares", words, reverse("referral:shares"), rows)


def ended_shares(actor: Actor, now: datetime) -> Group:
    states = [ShareState.REVOKED, ShareState.EXPIRED]
    rows = ShareAgreement.objects.filter(state__in=states, erased_on=None)
    words = _("Shares that ended: destroy what was noted"), _("Say that it is destroyed")
    href = reverse("referral:shares") + "?state=ended"
    return _share_group(actor, "ended-shares", words, href, rows.exclude(accepted_by=None))


def _share_group(
    actor: Actor, key: str, words: tuple[str, str], href: str, rows: QuerySet[ShareAgreement]
) -> Group:
    mine = rows.filter(taken(actor, Permission.SHARE_AGREE)).select_related("organisation")
    return group_of(key, *words, href, mine.order_by("moved_at"), _offered_line)


def _offered_line(row: ShareAgreement | HandOver) -> Line:
    since = row.made_at if isinstance(row, HandOver) else row.moved_at
    name = row.organisation.display_name
    return Line(row.code, name, since, row.get_absolute_url(), is_since=True)


def offered_records(actor: Actor, now: datetime) -> Group:
    words = _("Other organisations offer you their records"), _("Look and decide")
    rows, href = sharing_transfer.waiting(actor), reverse("referral:hand-overs")
    return group_of("offered-records", *words, href, rows, _offered_line)


def to_sign(actor: Actor, now: datetime) -> Group:
    return group_of(
        "to-sign",
        _("Protocols that wait for your signature"),
        _("Read and sign"),
        reverse("referral:protocols") + f"?state={ProtocolStanding.DRAFT}",
        protocols.to_sign(actor),
        lambda row: Line(row.code, row.title, row.drafted_at, _protocol_page(row), is_since=True),
    )


def ending(actor: Actor, now: datetime) -> Group:
    return group_of(
        "ending",
        _("Protocols that run out: without one nothing is shared"),
        _("Agree on a later version"),
        reverse("referral:protocols") + f"?state={ProtocolStanding.IN_FORCE}",
        protocols.ending(actor, timezone.localdate(now)),
        lambda row: Line(row.code, row.title, row.ends_on, _protocol_page(row)),
    )


def _protocol_page(row: Protocol) -> str:
    return reverse("referral:protocol", args=[row.code])


def services(actor: Actor, now: datetime) -> Group:
    return group_of(
        "services",
        _("Services of yours of which nobody knows how they stand"),
        _("Say whether they are open"),
        reverse("referral:services") + f"?state={Standing.NOT_KNOWN}",
        directory.unsaid(actor, now),
        lambda row: Line(
            row.code,
            pgettext("service", "%(name)s, %(area)s") % {"name": row.name, "area": row.area},
            row.capacity_at or row.assured_on,
            reverse("referral:service-capacity", args=[row.code]),
            is_since=True,
        ),
    )
