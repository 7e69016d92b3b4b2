"""The second factor of demo accounts: a secret of this installation that everybody may know.

Nothing here works outside a demonstration; demo accounts cannot enter there either.
"""

import secrets
import time
from base64 import b32encode
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cairn.access import factors
from cairn.access.actions import demo_accounts
from cairn.access.models import User
from cairn.access.roles import needs_second_factor


def secret_file() -> Path:
    return Path(settings.HOME) / "demo-secret"


def secret() -> str:
    """The secret of all demo accounts (base32): made once, in a file that its owner can read.

    Raises ImproperlyConfigured outside a demonstration.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("There is no demo secret outside a demonstration.")
    path = secret_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(b32encode(secrets.token_bytes(20)).decode() + "\n")
    return path.read_text().strip()


def equip(users: list[User]) -> None:
    """Give the secret to those demo accounts whose role needs a second factor."""
    roles = demo_accounts()
    shared = secret()
    held = set(
        Authenticator.objects.filter(user__in=users, type=factors.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    for user in users:
        role = roles.get(user.username, "")
        if user.is_demo and user.pk not in held and needs_second_factor(frozenset({role})):
            factors.keep_app(user, shared)


def for_user(user: User) -> str:
    """The code of this moment, to be shown in a demonstration; else an empty string.

    Also empty for a demo account whose app somebody replaced: that secret is theirs.
    """
    if not (settings.DEMO and user.is_demo):
        return ""
    app = Authenticator.objects.filter(user=user, type=factors.Type.TOTP).first()
    shared = secret()
    if app is None or decrypt(app.data["secret"]) != shared:
        return ""
    return factors.code_at(shared, time.time())
