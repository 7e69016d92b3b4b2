"""Links with which a provider says, in one step and without an account, how a service stands."""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.outcomes import Facts, Outcome
from cairn.referral.actions import outbox
from cairn.referral.actions.services import require_edit, write_capacity
from cairn.referral.models.outbox import MessageKind
from cairn.referral.models.services import Confirmation, Service
from cairn.referral.queries import services as queries
from cairn.referral.rules import services as rules
from cairn.referral.rules.services import Standing

_TOKEN_BYTES = 24
# How many services one round asks; the rest is asked the next day.
AT_ONCE = 500
SYSTEM = Actor(name="Cairn", is_system=True)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was just made: its address is given here only. `is_mailed`: it is on its way."""

    confirmation: Confirmation
    path: str
    is_mailed: bool


@transaction.atomic
def ask_provider(actor: Actor, code: str, *, by_mail: bool = False, site: str = "") -> Link:
    """Make a link for whoever runs the service; an earlier one of it is over.

    `by_mail`: send it to the work address of the service; `site` ("https://…") stands before its
    path there. Raises Service.DoesNotExist, PermissionDenied, RuleBroken ("service.closed",
    "service.mail").
    """
    rows = Service.objects.visible_to(actor).select_for_update(of=("self",))
    service: Service = rows.get(code=code)
    require_edit(actor, service)
    rules.check_in_use(service.closed_at)
    if by_mail and not service.email:
        raise RuleBroken(
            "service.mail",
            _("No work address is entered for this service."),
            _("Enter one, or hand the link over yourself."),
        )
    link = make_link(actor, service)
    if by_mail:
        return _mailed(service, link, site)
    return link


def make_link(actor: Actor, service: Service) -> Link:
    """A new link for a service that the caller holds. In the caller's transaction."""
    now = clock.now()
    Confirmation.objects.live(now).filter(service=service).update(revoked_at=now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = Confirmation.objects.create(
        service=service,
        token_hash=hash_of(token),
        made_at=now,
        made_by=actor.user_id,
        expires_at=now + rules.LINK_FOR,
    )
    audit.record(actor, "service.asked", service)
    return Link(made, reverse("referral:service-say", args=[token]), is_mailed=False)


def find_link(token: str) -> Confirmation:
    """The link with this token. Raises Confirmation.DoesNotExist, RuleBroken ("service.link")."""
    rows = Confirmation.objects.select_related("service__organisation")
    found = rows.get(token_hash=hash_of(token))
    rules.check_link(found.expires_at, found.used_at, found.revoked_at, clock.now())
    rules.check_in_use(found.service.closed_at)
    return found


@transaction.atomic
def answer_link(actor: Actor, token: str, capacity: str) -> Confirmation:
    """Keep what a provider said with a link; the link is over then.

    Whoever holds the link may answer, nobody is asked who they are: it changes how full a service
    is, and nothing else. Raises Confirmation.DoesNotExist, RuleBroken ("service.link",
    "service.closed", "service.capacity").
    """
    rules.check_capacity(capacity)
    # The service first, as whoever makes a new link holds them in this order.
    service_id = Confirmation.objects.get(token_hash=hash_of(token)).service_id
    service = Service.objects.select_for_update(of=("self",)).get(pk=service_id)
    link = service.confirmations.select_for_update().get(token_hash=hash_of(token))
    now = clock.now()
    rules.check_link(link.expires_at, link.used_at, link.revoked_at, now)
    rules.check_in_use(service.closed_at)
    link.used_at, link.answer = now, capacity
    link.save(update_fields=["used_at", "answer"])
    write_capacity(actor, service, capacity)
    audit.record(actor, "service.answered", service, capacity=capacity)
    return link


def ask_where_not_known(facts: Facts) -> Outcome:
    """The round that asks by mail how services stand of which nobody has said it for a fortnight.

    Each service is asked once in that time. Without mail nobody is asked: editors see what waits.
    """
    if not (settings.MAIL and settings.ADDRESS):
        return Outcome(facts={"asked": 0})
    now = clock.now()
    asked = Confirmation.objects.filter(made_at__gt=now - rules.SAID_FOR)
    rows = Service.objects.filter(queries.standing(Standing.NOT_KNOWN, now)).exclude(email="")
    rows = rows.exclude(pk__in=asked.values("service")).order_by("capacity_at", "pk")
    ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:
        with transaction.atomic():
            service = Service.objects.select_for_update(of=("self",)).get(pk=pk)
            if service.closed_at is None:
                _mailed(service, make_link(SYSTEM, service), settings.ADDRESS)
    return Outcome(facts={"asked": len(ids)})


def hash_of(token: str) -> str:
    """As it is kept. The token has 192 bits by chance: nobody finds it by trying."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mailed(service: Service, link: Link, site: str) -> Link:
    sent = outbox.queue(
        MessageKind.MAIL,
        f"confirm:{link.confirmation.pk}",
        code="service-asked",
        to_address=service.email,
        secret=f"{site}{link.path}",
        subject_id=service.pk,
    )
    return Link(link.confirmation, link.path, is_mailed=sent is not None)
