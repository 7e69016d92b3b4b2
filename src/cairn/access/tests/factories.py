"""The smallest valid, obviously invented users and actors."""

import base64
import hashlib
import hmac
import struct
import time
from uuid import uuid4

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.utils import timezone

from cairn.access.accounts import sessions
from cairn.access.models import Membership, User
from cairn.access.queries import actor_for
from cairn.access.roles import permissions_of
from cairn.core.actor import Actor, Scope
from cairn.core.models import Organisation, OrganisationKind, Unit

PASSWORD = "an invented pass phrase"


def organisation(name: str = "Invented Agency", kind: str = OrganisationKind.OTHER) -> Organisation:
    made, _ = Organisation.objects.get_or_create(
        name=name, defaults={"slug": name.lower().replace(" ", "-"), "kind": kind}
    )
    return made


def user_with_role(
    role: str,
    password: str = PASSWORD,
    *,
    name: str = "",
    at: Organisation | None = None,
    unit: Unit | None = None,
    country: str = "",
    area: str = "",
) -> User:
    """A user with one confirmed membership; `name` tells two of the same role apart."""
    user = User.objects.create_user(
        name or f"invented-{role}", password, display_name=f"Invented {name or role}"
    )
    member(user, role, at=at, unit=unit, country=country, area=area)
    return user


def member(
    user: User,
    role: str,
    *,
    at: Organisation | None = None,
    unit: Unit | None = None,
    country: str = "",
    area: str = "",
) -> Membership:
    """A confirmed membership of `user`, of today."""
    return Membership.objects.create(
        user=user,
        organisation=at or organisation(),
        role=role,
        unit=unit,
        country=country,
        area=area,
        confirmed_at=timezone.now(),
    )


def actor_with_role(role: str) -> Actor:
    """An actor as stored users have it."""
    return actor_for(user_with_role(role), today=timezone.localdate())


def bare_actor(role: str) -> Actor:
    """An actor without a row in the database: for rules and permissions alone."""
    roles = frozenset({role})
    permissions = permissions_of(roles)
    return Actor(
        name=f"Invented {role}",
        roles=roles,
        permissions=permissions,
        scopes=(Scope(role, permissions, uuid4()),),
    )


def show(client: Client, user: User, *methods: str, at: float | None = None) -> None:
    """Write into a client's session that `user` showed `methods` at `at` (seconds; None: now).

    `methods`: "password", "totp", "webauthn", "recovery_codes".
    """
    moment = time.time() if at is None else at
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": moment}
        if method == "password"
        else {"method": "mfa", "type": method, "at": moment}
        for method in methods
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session[sessions.STARTED] = session[sessions.SEEN] = int(moment)
    session.save()


def sign_in(client: Client, user: User, second_factor: bool = True) -> None:
    """Sign `user` in without the pages, with a second factor or by the password alone."""
    client.force_login(user)
    show(client, user, "password", *(["totp"] if second_factor else []))


def app_code(secret: str, at: float | None = None) -> str:
    """What an authenticator app shows for `secret` (base32): written after RFC 6238 and 4226.

    On its own on purpose, so that the code under test is not its own witness.
    """
    step = int(time.time() if at is None else at) // 30
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
