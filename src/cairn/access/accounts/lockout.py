"""Attempts to sign in: how many are left for a name or an address, and when the next is allowed.

The counting is allauth's (settings.ACCOUNT_RATE_LIMITS, "login_failed"), in the shared cache.
"""

import hashlib
import math
import time

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import ngettext

from cairn.access.accounts import records
from cairn.access.models import User

APP, ACTION = "allauth.account", "login_failed"


def of_name(username: str) -> str:
    """The key of a typed name; the same whether such an account exists or not."""
    return f"name:{username.strip().lower()}"


def of_factor(user: User) -> str:
    """The key that allauth's own forms use for second factors, so that both count together."""
    return f"mfa-auth-user-{user.pk}"


def take(request: HttpRequest, key: str, user: User | None) -> RateLimitUsage:
    """One attempt of those that are left; give it back with `.rollback()` when it succeeded.

    Raises ValidationError ("locked") with the minutes to wait; the first refusal of a lock is
    recorded, with the user when there is one.
    """
    usage = ratelimit.consume(request, app=APP, action=ACTION, key=key)
    if usage is not None:
        return usage
    seconds = wait(request, key)
    mark = hashlib.sha256(key.encode()).hexdigest()
    if cache.add(f"cairn:locked:{mark}", True, timeout=max(1, math.ceil(seconds))):
        records.locked_out(user)
    raise ValidationError(refusal(seconds), code="locked")


def release(request: HttpRequest, key: str) -> None:
    """Forget the failures of `key`, also those that came from this address."""
    ratelimit.clear(request, app=APP, action=ACTION, key=key)
    cache.delete(f"cairn:locked:{hashlib.sha256(key.encode()).hexdigest()}")


def wait(request: HttpRequest, key: str) -> float:
    """Seconds until an attempt is allowed again; 0 when one is allowed now."""
    now, longest = time.time(), 0.0
    for rate in ratelimit.get_rates(app=APP, action=ACTION):
        place = ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key)
        live = [moment for moment in cache.get(place, []) if moment > now - rate.duration]
        if len(live) >= rate.amount:
            longest = max(longest, min(live[: rate.amount]) + rate.duration - now)
    return longest


def refusal(seconds: float) -> str:
    """When to try again. Says nothing of whether the account exists."""
    minutes = max(1, math.ceil(seconds / 60))
    return ngettext(
        "Too many attempts did not succeed. Try again in %(minutes)s minute.",
        "Too many attempts did not succeed. Try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
