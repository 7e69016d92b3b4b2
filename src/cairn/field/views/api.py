"""What phones talk to: enrolment, contact, sealed items. No session, no cookie, no account.

Each answer is JSON, also when nothing could be understood; what failed is said by a short code.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import LimitReached, address_of, limited, takes_files
from cairn.core.pseudonyms import PATTERN
from cairn.field import packs, shipped
from cairn.field.headers import of_the_app
from cairn.identification.actions import devices as actions
from cairn.identification.actions import intake
from cairn.identification.envelopes import base64url, batches
from cairn.identification.envelopes.format import MOST_BATCH_BYTES
from cairn.identification.models import Device
from cairn.identification.queries import devices as queries
from cairn.identification.rules import devices as rules
from cairn.identification.rules.choices import Channel
from cairn.referral.queries import access_points
from cairn.vault import issuing

# A word of a phone is short; the longest asks for 200 items.
MOST_WORD_BYTES = 32 * 1024
# Everybody at a post may come from one address. A code is one of 3.7e16.
_ENROL = limited("field.enrol", per_minute=20, per_hour=120, by="address")
_CONTACT = limited("field.contact", per_minute=120, by="address")
# A post with fifty phones that were without a line for days, twenty items at a time.
_ENVELOPES = limited("field.envelopes", per_minute=600, by="address")
JSON = "application/json"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_DEVICE = re.compile(PATTERN)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
Api = Callable[[HttpRequest], HttpResponse]


class Refused(Exception):
    """The phone is answered with `status` and what went wrong, with further `facts`."""

    def __init__(self, status: int, reason: str, **facts: Any) -> None:
        super().__init__(status, reason)
        self.status, self.reason, self.facts = status, reason, facts


def answered(view: Api) -> Api:
    """Posts of JSON only; whatever goes wrong is an answer that a phone understands.

    No page of another site can make a browser send that type unasked (Fetch standard, CORS), so
    that nobody's visitors fill the list of what was held.
    """

    @csrf_exempt
    @never_cache
    @of_the_app
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            if request.method != "POST":
                raise Refused(405, "method")
            if request.content_type != JSON:
                raise Refused(415, "type")
            return view(request)
        except Refused as refusal:
            status, reason, facts = refusal.status, refusal.reason, refusal.facts
        except LimitReached as limit:
            status, reason, facts = 429, "limit", {"retry_after": limit.retry_after}
        response = JsonResponse({"reason": reason, **facts}, status=status)
        if status == 405:
            response["Allow"] = "POST"
        if status == 429:
            response["Retry-After"] = str(facts["retry_after"])
        return response

    return guarded


def body_of(request: HttpRequest, most: int) -> bytes:
    """The body, when it is no longer than `most` bytes. Raises Refused with 413 or 400."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Refused(400, "unreadable") from None
    if length > most:
        raise Refused(413, "too-large", most=most)
    try:
        body = request.read(most + 1)
    except OSError:  # the line broke in the middle
        raise Refused(400, "unreadable") from None
    if len(body) > most:
        raise Refused(413, "too-large", most=most)
    return bytes(body)


def word_of(request: HttpRequest) -> Mapping[str, Any]:
    """The JSON object in a short body. Raises Refused with 413 or 400."""
    try:
        word = json.loads(body_of(request, MOST_WORD_BYTES))
    except (ValueError, RecursionError):
        raise Refused(400, "unreadable") from None
    if not isinstance(word, dict):
        raise Refused(400, "unreadable")
    return word


def text_of(word: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    """A text of the word in its one right form. Raises Refused with 400."""
    value = word.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Refused(400, "unreadable", field=name)
    return value


def bytes_of(word: Mapping[str, Any], name: str, length: int) -> bytes:
    """Bytes in base64url, exactly `length` of them. Raises Refused with 400."""
    value = word.get(name)
    try:
        raw = base64url.decoded(value) if isinstance(value, str) else b""
    except ValueError:
        raw = b""
    if len(raw) != length:
        raise Refused(400, "unreadable", field=name)
    return raw


@answered
@_ENROL
def enrol(request: HttpRequest) -> HttpResponse:
    """A phone takes its place by a one-time code and its public key."""
    word = word_of(request)
    code = word.get("code")
    public = bytes_of(word, "public", rules.PUBLIC_BYTES)
    app = text_of(word, "app", rules.APP)
    now = clock.now()
    try:
        device = actions.enrol(code if isinstance(code, str) else "", public, app, now)
    except RuleBroken as refusal:
        known = {f"device.{each.value}": each.value for each in rules.Refusal}
        if refusal.code in known:
            raise Refused(403, known[refusal.code]) from None
        raise Refused(400, "unreadable", field="public") from None
    return JsonResponse(
        {
            "device": device.code,
            "profile": device.profile,
            "role": device.role,
            "organisation": device.organisation.name,
            "area": device.area,
            "valid_until": _said(device.valid_until),
            "now": _said(now),
            "issuer": _issuer(),
            "unit": queries.unit_of(device, now=now),
        }
    )


@answered
@_CONTACT
def contact(request: HttpRequest) -> HttpResponse:
    """A phone says that it is there, and hears whether it still is trusted and what is new."""
    word = word_of(request)
    said = _word(word)
    now = clock.now()
    try:
        device = actions.contact(said, _moment(said.at), now)
    except RuleBroken as refusal:
        if refusal.code == "device.clock":
            raise Refused(409, "clock", now=_said(now)) from None
        reason = "expired" if refusal.code == "device.silent" else "signature"
        raise Refused(403, reason, now=_said(now)) from None
    if device.revoked_at is not None:
        return JsonResponse({"revoked": True, "now": _said(now)})
    return JsonResponse(_news(device, said, now))


def _word(word: Mapping[str, Any]) -> rules.Word:
    asked, is_unsafe = word.get("ask", []), word.get("unsafe", False)
    if not isinstance(asked, list) or not isinstance(is_unsafe, bool):
        raise Refused(400, "unreadable")
    if not all(isinstance(each, str) and _ID.fullmatch(each) for each in asked):
        raise Refused(400, "unreadable", field="ask")
    nonce = word.get("nonce")
    said = rules.Word(
        device=text_of(word, "device", _DEVICE),
        at=text_of(word, "at", _AT),
        nonce=nonce if isinstance(nonce, str) else "",
        app=text_of(word, "app", rules.APP),
        is_unsafe=is_unsafe,
        asked=tuple(asked),
        signature=bytes_of(word, "sig", 64),
    )
    if not rules.is_well_formed(said):
        raise Refused(400, "unreadable")
    return said


def _news(device: Device, said: rules.Word, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    return {
        "revoked": False,
        "now": _said(now),
        "valid_until": _said(device.valid_until),
        "unit": queries.unit_of(device, now=now),
        "items": queries.item_states(device, said.asked),
        "directory": {
            "as_of": today.isoformat(),
            "points": access_points.extract(device.country, today),
        },
        "app": shipped.build(),
        "pack": packs.packs().build,
        "issuer": _issuer(),
    }


@takes_files
@answered
@_ENVELOPES
def envelopes(request: HttpRequest) -> HttpResponse:
    """Sealed items, from the phone that made them or from whoever carries them.

    Answered when all of them are stored, never before.
    """
    try:
        batch = batches.batch_of(body_of(request, MOST_BATCH_BYTES))
    except batches.TooLarge:
        raise Refused(413, "too-large", most=MOST_BATCH_BYTES) from None
    except batches.NoBatch:
        raise Refused(400, "unreadable") from None
    now = clock.now()
    source = address_of(request)
    results = intake.receive(batch.items, channel=Channel.DEVICE, now=now, source=source)
    answer: dict[str, Any] = {
        "v": 1,
        "now": _said(now),
        "results": [
            {
                "id": each.id,
                "outcome": each.outcome,
                "digest": each.digest,
                "reason": each.reason,
            }
            for each in results
        ],
    }
    if batch.wants_receipts:
        answer["receipts"] = intake.receipts(results, now)
    return JsonResponse(answer)


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise Refused(400, "unreadable", field="at") from None


def _said(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime(_MOMENT)


def _issuer() -> dict[str, str]:
    """The key by which the phone checks receipts that a courier brings back."""
    current = next((key for key in issuing.public_keys() if key.is_current), None)
    if current is None:
        issuing.signer()  # the first one is made here
        current = issuing.public_keys()[0]
    return {
        "kid": current.key_id,
        "x": base64url.encoded(current.x),
        "y": base64url.encoded(current.y),
    }
