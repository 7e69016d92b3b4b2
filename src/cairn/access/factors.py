"""Second factors: who needs one, who has one, what a session has shown, and codes that count once.

Secrets lie sealed in allauth's `Authenticator` (accounts.adapter.FactorAdapter seals and opens).
"""

import time
from datetime import date

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cairn.access.accounts import records
from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.roles import needs_second_factor as needs_second_factor
from cairn.core.errors import RuleBroken

Type = Authenticator.Type
# A recovery code opens the door once more; it is no factor to live with.
LASTING = (Type.TOTP, Type.WEBAUTHN)
PENDING = "cairn_totp_pending"  # in the session: the sealed secret of a set-up under way
LAST_STEP = "last_step"


def needs(user: User, *, today: date) -> bool:
    """True when a role that `user` holds today asks for a second factor."""
    return needs_second_factor(actor_for(user, today=today).roles)


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=LASTING).exists())


def has_shown_second_factor(request: HttpRequest) -> bool:
    """True when this session has shown a code of an app, a passkey or a recovery code."""
    return any(
        each["method"] == "mfa" for each in get_authentication_records(request, request.user)
    )


def factors_of(user: User) -> list[Authenticator]:
    """All of a person's factors, recovery codes last."""
    found = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    return sorted(found, key=lambda one: one.type == Type.RECOVERY_CODES)


def check_removal(authenticator: Authenticator, *, today: date) -> None:
    """Raise RuleBroken("factor.last") for the last factor of somebody whose roles need one."""
    if authenticator.type not in LASTING:
        return
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=LASTING)
    if not others.exclude(pk=authenticator.pk).exists() and needs(authenticator.user, today=today):
        raise RuleBroken(
            "factor.last",
            _("Your role needs a second factor, and this is the last one you have."),
            _("Add another one first."),
        )


def current_step(now: float) -> int:
    """The number of the 30-second step that `now` (seconds since 1970) lies in: RFC 6238."""
    return int(now) // int(app_settings.TOTP_PERIOD)


def code_at(secret: str, now: float) -> str:
    """The six digits that an app shows for `secret` at `now`."""
    return str(format_hotp_value(hotp_value(secret, current_step(now))))


def step_of(secret: str, code: str, now: float) -> int | None:
    """The step whose code was typed, one step early or late included; None for a wrong code."""
    here, tolerance = current_step(now), app_settings.TOTP_TOLERANCE
    for step in range(here - tolerance, here + tolerance + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


@transaction.atomic
def matching(user: User, code: str) -> Authenticator | None:
    """The factor of `user` that `code` belongs to, now spent; None when there is none.

    A code of an app counts once, also within its own 30 seconds (RFC 6238, section 5.2); in a
    demonstration, where several people share an account, it may be used again.
    """
    own = Authenticator.objects.select_for_update().filter(user=user)
    for authenticator in own.filter(type=Type.TOTP):
        step = step_of(decrypt(authenticator.data["secret"]), code, time.time())
        is_shared = settings.DEMO and user.is_demo
        if step is not None and (is_shared or step > authenticator.data.get(LAST_STEP, -1)):
            authenticator.data[LAST_STEP] = step
            authenticator.save(update_fields=["data"])
            return authenticator
    for authenticator in own.filter(type=Type.RECOVERY_CODES):
        if RecoveryCodes(authenticator).validate_code(code):
            records.of_own(user, "user.recovery_used")
            return authenticator
    return None


def pending_secret(request: HttpRequest) -> str:
    """The secret of the set-up under way, made at its first page; sealed in the session."""
    sealed = request.session.get(PENDING)
    if sealed:
        return str(decrypt(sealed))
    secret = generate_totp_secret()
    request.session[PENDING] = encrypt(secret)
    return str(secret)


@transaction.atomic
def set_up_app(request: HttpRequest, user: User, step: int) -> None:
    """Keep the secret of the set-up as the person's app; a former one is replaced.

    `step`: of the code that showed it, which is spent with it.
    """
    secret = pending_secret(request)
    Authenticator.objects.filter(user=user, type=Type.TOTP).delete()
    kept = keep_app(user, secret, step)
    del request.session[PENDING]
    _added(request, user, kept, "user.second_factor_added")


def keep_app(user: User, secret: str, step: int = -1) -> Authenticator:
    """Store `secret`, sealed, as the app of `user`."""
    return Authenticator.objects.create(
        user=user, type=Type.TOTP, data={"secret": encrypt(secret), LAST_STEP: step}
    )


@transaction.atomic
def add_passkey(request: HttpRequest, user: User, name: str, credential: dict[str, object]) -> None:
    """Keep a passkey whose ceremony was checked."""
    kept = Authenticator.objects.create(
        user=user, type=Type.WEBAUTHN, data={"name": name, "credential": credential}
    )
    _added(request, user, kept, "user.passkey_added")


def _added(request: HttpRequest, user: User, kept: Authenticator, code: str) -> None:
    """What follows every new factor: it counts as shown, and there are recovery codes."""
    if not Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        RecoveryCodes.activate(user)
    record_authentication(request, user, "mfa", id=kept.pk, type=kept.type)
    records.of_own(user, code, type=records.METHODS.get(kept.type, kept.type))


def passkey_of(user: User, pk: int) -> Authenticator:
    """One of the person's own passkeys. Raises Authenticator.DoesNotExist."""
    return Authenticator.objects.get(pk=pk, user=user, type=Type.WEBAUTHN)


def rename_passkey(user: User, pk: int, name: str) -> None:
    passkey = passkey_of(user, pk)
    passkey.data["name"] = name
    passkey.save(update_fields=["data"])


def label_of(user: User, pk: int) -> str:
    """What the owner calls one of the own factors. Raises Authenticator.DoesNotExist."""
    found = Authenticator.objects.get(pk=pk, user=user, type__in=LASTING)
    return str(found.wrap().name) if found.type == Type.WEBAUTHN else _("Authenticator app")


@transaction.atomic
def remove(user: User, pk: int, *, today: date) -> None:
    """Take away one's own factor; recovery codes go with the last.

    Raises Authenticator.DoesNotExist or RuleBroken("factor.last").
    """
    authenticator = Authenticator.objects.select_for_update().get(
        pk=pk, user=user, type__in=LASTING
    )
    check_removal(authenticator, today=today)
    code = records.METHODS.get(authenticator.type, authenticator.type)
    authenticator.delete()
    if not has_second_factor(user):
        Authenticator.objects.filter(user=user).delete()
    records.of_own(user, "user.second_factor_removed", type=code)


@transaction.atomic
def new_recovery_codes(user: User) -> None:
    """Ten new codes; the former ones stop working."""
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    records.of_own(user, "user.recovery_codes_made")


@transaction.atomic
def codes_to_show(user: User) -> list[str]:
    """The recovery codes, the first time they are asked for; an empty list ever after."""
    kept = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    if kept is None or (codes := RecoveryCodes(kept)).did_view:
        return []
    codes.mark_as_viewed()
    return list(codes.get_unused_codes())


def codes_unseen(user: User) -> bool:
    """True while there are recovery codes that nobody has looked at."""
    kept = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return kept is not None and not RecoveryCodes(kept).did_view


def codes_left(user: User) -> int | None:
    """How many recovery codes are unused; None when there are none at all."""
    kept = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return None if kept is None else len(RecoveryCodes(kept).get_unused_codes())


@transaction.atomic
def take_all(user: User) -> int:
    """Remove every factor of somebody who lost them all (a reset link does that)."""
    count, _models = Authenticator.objects.filter(user=user).delete()
    return int(count)
