"""What the audit log keeps of signing in: codes, methods and user ids; never what was typed."""

from datetime import date
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.core import audit
from cairn.core.actor import PUBLIC

METHODS = {"socialaccount": "single-sign-on", "webauthn": "passkey", "recovery_codes": "recovery"}


def methods(request: HttpRequest, user: User) -> list[str]:
    """How this session showed who it is, first to last: password, totp, passkey, ..."""
    found = []
    for each in get_authentication_records(request, user):
        code = each["type"] if each["method"] == "mfa" else each["method"]
        found.append(METHODS.get(code, code))
    return list(dict.fromkeys(found))


@transaction.atomic
def signed_in(request: HttpRequest, user: User, *, today: date) -> None:
    audit.record(
        actor_for(user, today=today), "user.signed_in", user, methods=methods(request, user)
    )


@transaction.atomic
def sign_in_failed(user: User | None, method: str) -> None:
    """`user`: whose name was typed, when there is one; the name itself is not kept."""
    audit.record(PUBLIC, "user.sign_in_failed", user, method=method)


@transaction.atomic
def locked_out(user: User | None) -> None:
    audit.record(PUBLIC, "user.locked_out", user)


@transaction.atomic
def of_own(user: User, code: str, **facts: Any) -> None:
    """Something that `user` did about the own account."""
    audit.record(actor_for(user, today=timezone.localdate()), code, user, **facts)
