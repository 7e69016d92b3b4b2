"""Sessions: when they end by themselves, on which devices they are, and how they are ended."""

import time
from dataclasses import dataclass
from datetime import datetime

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access import factors
from cairn.access.accounts import records
from cairn.access.models import User
from cairn.access.roles import needs_second_factor
from cairn.core.actor import Actor

# OWASP ASVS 5.0, 7.3.1 and 7.3.2 ask for both limits and leave their lengths to the application:
# half an hour without a request where sealed records can be open, a working day for everybody.
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
RECENT_SECONDS = 5 * 60
# How often a session notes that it was used; every request would be a write to the database.
NOTED_EVERY = 60

STARTED, SEEN, ENDED = "cairn_started", "cairn_seen", "cairn_ended"

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
# In this order: most browsers also name those that they want to be taken for.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One session of a person, as its owner recognises it. `is_this`: the one that asks."""

    id: int
    name: str
    address: str
    began: datetime
    last_seen: datetime
    is_this: bool


def begin(request: HttpRequest) -> None:
    """Start the clocks of a new session."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


def over(request: HttpRequest, actor: Actor) -> str:
    """Why the session has come to its end: "idle" or "old", or an empty string."""
    now = int(time.time())
    if now - int(request.session.get(STARTED, now)) >= LONGEST_SECONDS:
        return "old"
    is_strict = actor.awaits_second_factor or needs_second_factor(actor.roles)
    if is_strict and now - int(request.session.get(SEEN, now)) >= IDLE_SECONDS:
        return "idle"
    return ""


def note_use(request: HttpRequest) -> None:
    """Remember that the session is used, once a minute."""
    now = int(time.time())
    request.session.setdefault(STARTED, now)
    if now - int(request.session.get(SEEN, 0)) >= NOTED_EVERY:
        request.session[SEEN] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now()
        )


@transaction.atomic
def close(request: HttpRequest, user: User, reason: str) -> None:
    """End the session that asks; the sign-in page will say why."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    records.of_own(user, "user.session_ended", reason=reason)
    logout(request)
    request.session[ENDED] = reason


def why_ended(request: HttpRequest) -> str:
    """A sentence about how the last session here ended, told once; empty when there is none."""
    reason = request.session.pop(ENDED, "")
    if reason == "idle":
        return _("You were signed out, because nothing was asked for during 30 minutes.")
    if reason == "old":
        return _("You were signed out: a session lasts twelve hours at most.")
    return ""


def is_recent(request: HttpRequest) -> bool:
    """True when this session has shown within five minutes who it is."""
    found = get_authentication_records(request, request.user)
    return bool(found) and time.time() - found[-1]["at"] < RECENT_SECONDS


def owes_second_factor(request: HttpRequest) -> bool:
    """True when the account has a second factor that this session has not shown."""
    if not isinstance(request.user, User) or factors.has_shown_second_factor(request):
        return False
    return factors.has_second_factor(request.user)


def devices(request: HttpRequest, user: User) -> list[Device]:
    """The live sessions of `user`, this one first, then the last used."""
    rows = UserSession.objects.purge_and_list(user)
    found = [
        Device(
            row.pk,
            device_name(row.user_agent),
            row.ip,
            row.created_at,
            row.last_seen_at,
            row.session_key == request.session.session_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda device: (not device.is_this, -device.last_seen.timestamp()))


@transaction.atomic
def end_one(user: User, session_id: int) -> None:
    """End one session of `user`. Raises UserSession.DoesNotExist."""
    session = UserSession.objects.get(pk=session_id, user=user)
    session.end()
    records.of_own(user, "user.session_ended", reason="remote", count=1)


@transaction.atomic
def end_all(user: User, *, but: str | None = None, reason: str = "remote") -> int:
    """End all sessions of `user` but the one with that key; returns how many there were."""
    found = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in found:
        session.end()
    if found:
        records.of_own(user, "user.session_ended", reason=reason, count=len(found))
    return len(found)


@transaction.atomic
def change_password(request: HttpRequest, user: User, password: str) -> None:
    """A new password for whoever asks; every other session ends, this one goes on."""
    before = request.session.session_key
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
    records.of_own(user, "user.password_changed")
    end_all(user, but=request.session.session_key, reason="password")


def device_name(user_agent: str) -> str:
    """Browser and system in words, as far as the browser tells."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")
