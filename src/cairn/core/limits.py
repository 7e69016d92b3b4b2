"""How often one person or one address may ask for what costs much or gives much away.

Counted in the shared cache, so that every process sees the same; keys there are keyed hashes, so
that the cache tells nobody who asked for what.
"""

import ipaddress
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connections, router, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from cairn.core import audit
from cairn.core.actor import PUBLIC, Actor

MINUTE, HOUR = 60, 3_600
By = Literal["user", "address"]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# An IPv6 network that a household or a device is given (RFC 6177, section 2): one visitor.
_IPV6_PREFIX = 64


class LimitReached(Exception):
    """Too many requests of one kind. `retry_after`: whole seconds until the next may succeed."""

    def __init__(self, name: str, retry_after: int) -> None:
        super().__init__(name, retry_after)
        self.name = name
        self.retry_after = retry_after


def limited(
    name: str,
    *,
    per_minute: int | None = None,
    per_hour: int | None = None,
    by: By = "user",
    methods: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Raise LimitReached, which the middleware answers with 429, past so many requests.

    `name` is shared by every view that counts together. `by`: "user" counts a signed-in person
    wherever they are and a visitor by address; "address" counts everybody by address. `methods`:
    only these count, all when empty. Windows are fixed (a minute, an hour of the clock), so that
    up to twice the number may come across their border.
    """
    windows = [(MINUTE, per_minute), (HOUR, per_hour)]

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not methods or request.method in methods:
                actor: Actor = getattr(request, "actor", PUBLIC)
                who = asker(request, actor, by)
                for seconds, most in windows:
                    if most is not None:
                        _check(actor, name, who, seconds, most)
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # wraps keeps the signature

    return guard


def spend(name: str, who: str, amount: int, *, seconds: int, most: int) -> bool:
    """Add `amount` to what `who` used of `name` in this window; False when it is above `most`."""
    window = int(time.time() // seconds)
    return _count(_key(name, who, seconds, window), seconds, amount) <= most


def asker(request: HttpRequest, actor: Actor, by: By) -> str:
    """Whom a request counts for: "user:..." or "address:..."."""
    if by == "user" and actor.user_id is not None:
        return f"user:{actor.user_id}"
    return f"address:{address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the network of 64 bits that one visitor may move in.

    A header is believed only behind a proxy that the installation names (CAIRN_BEHIND_PROXY), and
    of that only what this proxy added itself: the last part, as visitors can write those before.
    """
    direct = given = str(request.META.get("REMOTE_ADDR", ""))
    if proxies := _proxies():
        parts = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        given = parts[-proxies].strip() if len(parts) >= proxies else given
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return direct
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)


def _proxies() -> int:
    """How many proxies stand in front: set together with CAIRN_BEHIND_PROXY in the settings."""
    return int(settings.SECURE_PROXY_SSL_HEADER is not None)


def _check(actor: Actor, name: str, who: str, seconds: int, most: int) -> None:
    now = time.time()
    window = int(now // seconds)
    count = _count(_key(name, who, seconds, window), seconds)
    if count <= most:
        return
    if actor.user_id is not None and count == most + 1:  # once for each window
        with transaction.atomic():
            audit.record(actor, "limit.reached", limit=name, most=most, seconds=seconds)
    raise LimitReached(name, max(1, int((window + 1) * seconds - now) + 1))


def _key(name: str, who: str, seconds: int, window: int) -> str:
    digest = salted_hmac("cairn.limits", f"{name}\0{who}\0{seconds}\0{window}", algorithm="sha256")
    return f"limit:{digest.hexdigest()[:40]}"


def _count(key: str, seconds: int, amount: int = 1) -> int:
    """Add `amount` and return the sum; exact also when requests come at the same moment.

    Django's database cache adds by reading and then writing, so there a lock is held meanwhile.
    """
    cache = caches["default"]
    if not isinstance(cache, BaseDatabaseCache):
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key, amount)
    alias = router.db_for_write(cache.cache_model_class)
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":  # SQLite has one writer at a time anyway
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        count = int(cache.get(key, 0)) + amount
        cache.set(key, count, timeout=seconds)
    return count


def takes_files(view: View) -> View:
    """Mark a view that people send files to: see the limits on bodies in cairn.ui.headers."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view
