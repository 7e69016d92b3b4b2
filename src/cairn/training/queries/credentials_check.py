"""What the check page knows: keys, the published lists, and one certificate by its code."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import caches

from cairn.access.queries import SYSTEM
from cairn.core.pseudonyms import tidied as tidied_join_code
from cairn.training.models import Credential, Enrolment
from cairn.training.openbadges import badge, checking, compact, jose, statuslist
from cairn.training.openbadges.statuslist import Purpose, Statuses
from cairn.training.queries.credentials import certificate_of, tidied, verdict_of, whole
from cairn.training.rules.states import CredentialState
from cairn.training.testing import personal_codes
from cairn.vault import issuing

# A list is signed anew after this long, so that its date says how fresh it is.
FRESH_FOR = timedelta(minutes=10)
_SETS = {
    CredentialState.SUSPENDED: (Purpose.SUSPENSION,),
    CredentialState.REVOKED: (Purpose.SUSPENSION, Purpose.REVOCATION),
    CredentialState.SUPERSEDED: (Purpose.REFRESH,),
}


def keys() -> dict[str, dict[str, str]]:
    """The public keys of certificates as JWK, by id, newest first."""
    return {
        key.key_id: {
            "kty": "EC",
            "crv": "P-256",
            "alg": jose.ALGORITHM,
            "use": "sig",
            "kid": key.key_id,
            "x": jose.to_base64(key.x),
            "y": jose.to_base64(key.y),
        }
        for key in issuing.public_keys()
    }


@dataclass(frozen=True, slots=True)
class Places:
    """Full addresses that published documents name. `issuer`, `lists` end with "/"."""

    page: str
    issuer: str
    lists: str
    name: str

    def list_address(self, purpose: Purpose) -> str:
        return f"{self.lists}{purpose.value}/"

    @property
    def as_issuer(self) -> badge.Issuer:
        return badge.Issuer(
            name=self.name,
            profile=self.issuer,
            keys=self.issuer,
            status_list=self.list_address(Purpose.SUSPENSION),
            page=self.page,
        )


def lists(places: Places, *, now: datetime) -> Mapping[str, str]:
    """The signed lists by purpose. A change shows at once; else signed every ten minutes."""
    rows = (
        Credential.objects.visible_to(SYSTEM)
        .exclude(state=CredentialState.ISSUED)
        .order_by("status_index")
        .values_list("status_index", "state")
    )
    found = [(index, CredentialState(state)) for index, state in rows]
    highest = (
        Credential.objects.visible_to(SYSTEM)
        .order_by("-status_index")
        .values_list("status_index", flat=True)
        .first()
    )
    size = statuslist.size_for(highest or 0)
    window = int(now.timestamp() // FRESH_FOR.total_seconds())
    marks = hashlib.sha256(repr((places, size, found, window)).encode()).hexdigest()
    cache = caches["documents"]
    kept: dict[str, str] | None = cache.get(f"status-lists:{marks}")
    if kept is None:
        kept = _signed(places, found, size, now)
        cache.set(f"status-lists:{marks}", kept, FRESH_FOR.total_seconds())
    return kept


def _signed(
    places: Places, found: list[tuple[int, CredentialState]], size: int, now: datetime
) -> dict[str, str]:
    opened = issuing.signer()
    signer = jose.Signer(opened.key_id, opened.sign)
    return {
        purpose.value: statuslist.signed(
            statuslist.credential(
                purpose,
                [index for index, state in found if purpose in _SETS[state]],
                size=size,
                address=places.list_address(purpose),
                issuer=places.issuer,
                at=now,
            ),
            signer,
            key_address=f"{places.issuer}{signer.key_id}/",
        )
        for purpose in Purpose
    }


def by_token(token: str, places: Places, *, now: datetime) -> checking.Checked:
    """The answer to what somebody presents in full, by the state of this moment."""
    signed = lists(places, now=now)  # makes the first key, where there is none yet
    known = keys()
    statuses: Statuses = statuslist.opened(signed, known)
    return checking.check(token, known, statuses, now=now)


def by_code(typed: str, *, now: datetime) -> checking.Checked | None:
    """The answer to a code: never with a name. None when there is no such certificate."""
    code = tidied(typed)
    if not code:
        return None
    row = whole(Credential.objects.visible_to(SYSTEM)).filter(code=code).first()
    if row is None:
        return None
    return checking.Checked(verdict_of(row, now=now), certificate_of(row), now)


@dataclass(frozen=True, slots=True)
class Own:
    """One's own certificates of one event, without a name."""

    event: str
    personal_code: str
    held: list[tuple[Credential, checking.Verdict]]


def own(join_code: str, personal_code: str, *, now: datetime) -> Own | None:
    """The certificates of whoever has this personal code at the event with this code.

    None for every mistake alike, so that nothing can be learnt by trying.
    """
    event, person = tidied_join_code(join_code), personal_codes.tidied(personal_code)
    if not event or not person:
        return None
    enrolment = (
        Enrolment.objects.visible_to(SYSTEM)
        .filter(event__join_code=event, personal_code=person)
        .select_related("event")
        .first()
    )
    if enrolment is None:
        return None
    rows = Credential.objects.visible_to(SYSTEM).filter(
        practitioner=enrolment.practitioner_id, event=enrolment.event_id
    )
    held = [(row, verdict_of(row, now=now)) for row in whole(rows)]
    return Own(enrolment.event.title, enrolment.personal_code, held)


def signed_without_name(credential: Credential) -> str:
    """A short token that says no name, for the holder's own page."""
    opened = issuing.signer()
    return compact.compact(certificate_of(credential), jose.Signer(opened.key_id, opened.sign))


def as_json(known: Mapping[str, Mapping[str, str]], signed: Mapping[str, str]) -> dict[str, Any]:
    """What a phone keeps: keys and lists in one piece, so that they belong together."""
    return {"keys": list(known.values()), "lists": dict(signed)}
