"""Every write about invitations: made, withdrawn, accepted, and resets of lost factors."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access import duties, factors
from cairn.access.accounts import sessions
from cairn.access.accounts.models import VALID_FOR, Invitation, Purpose
from cairn.access.actions.memberships import Place, grant_role
from cairn.access.models import Membership, User
from cairn.access.permissions import Permission, require
from cairn.access.queries import SYSTEM, actor_for
from cairn.access.roles import ROLES, needs_confirmation
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken

PENDING = "cairn_invitation"
LINK = "cairn_invitation_link"  # in the session: the hash of the link that was opened


@dataclass(frozen=True, slots=True)
class Pending:
    """What somebody typed on the way to single sign-on, which will finish the acceptance."""

    token_hash: str
    username: str
    display_name: str


@transaction.atomic
def invite(actor: Actor, role: str, place: Place) -> tuple[Invitation, str]:
    """An invitation to a new account, and its token, which is told this once.

    Raises PermissionDenied, or RuleBroken ("role.place").
    """
    require(actor, Permission.ACCOUNT_INVITE)
    duties.check_place(place.organisation.pk, place.unit.organisation_id if place.unit else None)
    _check_reach(actor, place.organisation.pk)
    require(actor, Permission.ROLE_GRANT, within=place)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_hash=hash_of(token),
        organisation=place.organisation,
        unit=place.unit,
        role=role,
        country=place.country,
        area=place.area,
        invited_by=actor.user_id,
        expires_at=timezone.now() + VALID_FOR,
    )
    audit.record(actor, "user.invited", invitation, role=role, organisation=place.organisation.slug)
    return invitation, token


@transaction.atomic
def offer_reset(actor: Actor, username: str, place: Place) -> tuple[Invitation, str]:
    """A link for somebody of `place` who lost the password or all factors, told this once.

    Only where every role of that person lies in the actor's reach: whoever gives somebody of
    another organisation a small role here does not become them there.
    Raises PermissionDenied, or RuleBroken ("account.unknown", "account.elsewhere", "role.own").
    """
    require(actor, Permission.ACCOUNT_INVITE)
    _check_reach(actor, place.organisation.pk)
    members = User.objects.filter(memberships__organisation=place.organisation).distinct()
    user = members.filter(username=username.strip().lower()).first()
    if user is None:
        raise RuleBroken(
            "account.unknown", _("Nobody of this organisation has an account of that name.")
        )
    duties.check_not_oneself(actor, user.pk)
    if _out_of_reach(actor, user):
        raise RuleBroken(
            "account.elsewhere",
            _("This person also works where you do not administer accounts."),
            _("Ask whoever runs this installation: the link can be made at the console."),
        )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_hash=hash_of(token),
        purpose=Purpose.RESET,
        organisation=place.organisation,
        user=user,
        invited_by=actor.user_id,
        expires_at=timezone.now() + VALID_FOR,
    )
    audit.record(actor, "user.reset_offered", invitation, user=str(user.pk))
    return invitation, token


@transaction.atomic
def withdraw(actor: Actor, invitation_id: UUID) -> Invitation:
    """Take back an open invitation. Raises Invitation.DoesNotExist, or RuleBroken."""
    invitation = (
        Invitation.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=invitation_id)
    )
    require(actor, Permission.ACCOUNT_INVITE)
    if invitation.state(timezone.now()) != "open":
        raise RuleBroken("invitation.closed", _("This invitation is not open any more."))
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.record(actor, "user.invitation_withdrawn", invitation)
    return invitation


def hash_of(token: str) -> str:
    """What is kept of a token, in the database and in sessions: SHA-256, hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(token_hash: str) -> Invitation:
    """The open invitation of a link. Raises Invitation.DoesNotExist."""
    open_ones = Invitation.objects.open_at(timezone.now()).select_related("organisation", "user")
    return open_ones.get(token_hash=token_hash)


@transaction.atomic
def accept(token_hash: str, username: str, display_name: str, *, password: str | None) -> User:
    """Make the invited account, with its role; `password` None when single sign-on opens it.

    Raises RuleBroken ("invitation.closed", "account.taken", and those of grant_role).
    """
    invitation = _locked(token_hash, Purpose.NEW_ACCOUNT)
    name = username.strip().lower()
    if User.objects.filter(username=name).exists():
        raise RuleBroken("account.taken", _("This user name is taken. Choose another one."))
    user = User.objects.create_user(name, password, display_name=display_name.strip())
    place = Place(invitation.organisation, invitation.unit, invitation.country, invitation.area)
    today = timezone.localdate()
    inviter = _inviter(invitation, today)
    grant_role(inviter, user.pk, invitation.role, place, starts_on=today)
    _spend(invitation, user)
    audit.record(actor_for(user, today=today), "user.invitation_accepted", invitation)
    return user


@transaction.atomic
def accept_reset(token_hash: str, password: str) -> User:
    """A new password; every factor and session of the account goes.

    Roles that need a second person wait for one again, unless the link was made at the console:
    otherwise whoever may make such links could become anybody. So do roles that the maker of the
    link could not have given, and nothing happens when the maker may no longer make such links.

    Raises PermissionDenied, RuleBroken ("invitation.closed").
    """
    invitation = _locked(token_hash, Purpose.RESET)
    user = invitation.user
    if user is None:
        raise Invitation.DoesNotExist
    today = timezone.localdate()
    maker = _inviter(invitation, today)
    require(maker, Permission.ACCOUNT_INVITE)
    _check_reach(maker, invitation.organisation_id)
    elsewhere = _out_of_reach(maker, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    count = factors.take_all(user)
    sessions.end_all(user, reason="reset")
    waiting = 0
    if invitation.invited_by is not None:
        roles = [role for role in ROLES if needs_confirmation(role)]
        waiting = (
            Membership.objects.filter(user=user)
            .filter(Q(role__in=roles) | Q(pk__in=elsewhere))
            .update(granted_by=invitation.invited_by, confirmed_by=None, confirmed_at=None)
        )
    _spend(invitation, user)
    audit.record(
        actor_for(user, today=today),
        "user.reset_used",
        invitation,
        factors=count,
        roles_waiting=waiting,
    )
    return user


def keep_pending(request: HttpRequest, wanted: Pending) -> None:
    """Remember across the way to the provider what is being accepted."""
    request.session[PENDING] = asdict(wanted)


def pending(request: HttpRequest) -> Pending | None:
    kept = request.session.get(PENDING)
    return Pending(**kept) if kept else None


def forget(request: HttpRequest) -> None:
    request.session.pop(PENDING, None)


def _locked(token_hash: str, purpose: Purpose) -> Invitation:
    found = (
        Invitation.objects.open_at(timezone.now())
        .select_for_update(of=("self",))
        .filter(token_hash=token_hash, purpose=purpose)
        .first()
    )
    if found is None:
        raise RuleBroken(
            "invitation.closed",
            _("This invitation is not open any more."),
            _("Ask whoever invited you for a new one."),
        )
    return found


def _spend(invitation: Invitation, user: User) -> None:
    invitation.used_at, invitation.user = timezone.now(), user
    invitation.save(update_fields=["used_at", "user"])


def _inviter(invitation: Invitation, today: date) -> Actor:
    """Who invited, as they are now: an invitation gives no more than its author still could."""
    if invitation.invited_by is None:
        return SYSTEM
    return actor_for(User.objects.get(pk=invitation.invited_by), today=today)


def _out_of_reach(actor: Actor, user: User) -> list[int]:
    """Ids of the roles of `user`, of today or to come, that `actor` does not administer."""
    held = Membership.objects.filter(user=user).exclude(ends_on__lt=timezone.localdate())
    return [
        each.pk
        for each in held
        if not actor.may_within(
            Permission.ACCOUNT_INVITE, each.organisation_id, each.unit_id, each.country, each.area
        )
    ]


def _check_reach(actor: Actor, organisation_id: UUID) -> None:
    if not actor.is_system and not any(
        scope.organisation_id == organisation_id
        for scope in actor.scopes_with(Permission.ACCOUNT_INVITE)
    ):
        raise RuleBroken(
            "invitation.place", _("You invite for organisations where you administer accounts.")
        )
