"""Every write about users: signing in and out, demo accounts."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cairn.access.accounts import records
from cairn.access.models import Membership, User
from cairn.access.queries import connected_account
from cairn.access.roles import LABELS
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.models import Organisation

# What takes two people needs two accounts to be tried: name -> role. Those of ELSEWHERE work for
# another invented organisation, to which persons are referred.
SECONDS = {
    "administrator-2": "administrator",
    "case-supervisor-2": "case-supervisor",
    "data-protection-officer-2": "data-protection-officer",
    "directory-editor-2": "directory-editor",
    "identification-authority-2": "identification-authority",
    "programme-officer-2": "programme-officer",
    "service-provider-2": "service-provider",
    "statistics-officer-2": "statistics-officer",
}
ELSEWHERE = frozenset(
    {"case-supervisor-2", "directory-editor-2", "referral-focal-point", "service-provider-2"}
)


def demo_accounts() -> dict[str, str]:
    """Name of every demo account -> its role; the first of each role is named after it."""
    return {role: role for role in LABELS} | SECONDS


@transaction.atomic
def record_sign_out(actor: Actor) -> None:
    """Record that a person signed out; of a visitor there is nothing to record."""
    if actor.user_id is not None:
        audit.record(actor, "user.signed_out")


@transaction.atomic
def disconnect_account(user: User) -> None:
    """Single sign-on does not open the account of `user` any more."""
    connected = connected_account(user)
    if connected is not None:
        connected.delete()
        records.of_own(user, "user.sign_on_disconnected")


@transaction.atomic
def create_demo_users(
    actor: Actor,
    organisation: Organisation,
    password: str,
    *,
    today: date,
    elsewhere: Organisation | None = None,
) -> list[User]:
    """Invented accounts, one or two for each role; existing ones are left as they are."""
    created = []
    wanted = demo_accounts()
    known = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
    for name, role in wanted.items():
        if name in known:
            continue
        user = User.objects.create_user(
            name,
            password,
            display_name=f"Demo {name.replace('-', ' ')}",
            is_demo=True,
        )
        place = elsewhere if name in ELSEWHERE else None
        Membership.objects.create(
            user=user,
            organisation=place or organisation,
            role=role,
            starts_on=today,
            confirmed_at=timezone.now(),
        )
        created.append(user)
    if created:
        audit.record(actor, "user.demo_created", count=len(created))
    return created
