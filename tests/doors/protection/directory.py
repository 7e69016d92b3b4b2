"""The table, the scene and the readings of the directory: services, links, secret places.

The directory is shared: whoever has it sees the services of all. Each provider changes its own;
whoever keeps the directory, those of every organisation of the country. A protected place is known
to few people of its own organisation.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.referral.actions.confirmations import hash_of
from cairn.referral.models import Confirmation, ProtectedLocation, Service
from tests.doors.outcome import EVERYWHERE, FORM, READING, Door, Kind
from tests.doors.outcome import Relation as R
from tests.doors.people import places
from tests.doors.someone import Someone
from tests.doors.stage import Scene

_OWN = frozenset({R.OWN})
_RELATIONS = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
KINDS: dict[str, Kind] = {
    "service": Kind("protection", {P.DIRECTORY_VIEW: EVERYWHERE}, _RELATIONS),
    "location": Kind("protection", {P.LOCATION_VIEW: _OWN}, _RELATIONS),
    # A link is its own key: whoever has it is let in, and nobody else finds it.
    "service-link": Kind("protection", {None: EVERYWHERE}, _RELATIONS),
}

_KEPT = frozenset({P.DIRECTORY_EDIT})
_KEEPS = frozenset({P.DIRECTORY_KEEP})
_CHANGE = Door("service", FORM, needs=_KEPT, at_place=True, keeps=_KEEPS)
_CHOICE = replace(_CHANGE, posts=302)
_LISTED = Door(before=frozenset({P.DIRECTORY_VIEW}))

DOORS: dict[str, Door] = {
    "referral:services": _LISTED,
    "referral:service-areas": _LISTED,
    "referral:service-new": Door(methods=FORM, before=_KEPT),
    "referral:service": Door("service"),
    "referral:service-edit": _CHANGE,
    "referral:service-capacity": _CHANGE,
    "referral:service-assure": _CHANGE,
    "referral:service-close": _CHANGE,
    # Nothing chosen is a choice: no office, everybody there, a link that is handed over.
    "referral:service-points": _CHOICE,
    "referral:service-focal": _CHOICE,
    "referral:service-ask": replace(
        _CHANGE, posts=200, leaves=frozenset({"core_auditentry", "referral_confirmation"})
    ),
    "referral:service-say": Door("service-link", FORM, is_open=True),
    "referral:directory-files": Door(methods=READING, before=_KEPT),
    "referral:directory-bring": Door(methods=FORM, before=_KEPT),
    "referral:directory-export": Door(methods=FORM, before=_KEEPS, is_recent=True),
    "referral:location-new": Door("service", FORM, before=frozenset({P.LOCATION_OPEN})),
    "referral:location": Door("location", FORM, opens=True),
    "referral:location-close": Door("location", FORM, needs=frozenset({P.LOCATION_OPEN})),
}

REFERRING = (P.REFERRAL_SEND, P.REFERRAL_VIEW, P.DIRECTORY_EDIT)


def edits(someone: Someone, service: Service) -> bool:
    """Of the own place, or of the country of which somebody keeps the whole directory."""
    if someone.reaches(P.DIRECTORY_EDIT, service):
        return True
    keeping = [each for each in someone.held if each.gives(P.DIRECTORY_KEEP) and not each.unit]
    return any(each.country in {"", service.country} for each in keeping)


def knows_service(someone: Someone, service: Service) -> bool:
    """What is public whoever has the directory, the rest those who refer; gone ones, editors."""
    if not someone.may(P.DIRECTORY_VIEW):
        return False
    if edits(someone, service):
        return True
    refers = any(someone.may(permission) for permission in REFERRING)
    return service.closed_at is None and (service.sensitivity == "public" or refers)


def knows_link(someone: Someone, link: Confirmation) -> bool:
    return someone.may(P.DIRECTORY_VIEW) and edits(someone, link.service)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Service: knows_service,
    Confirmation: knows_link,
    ProtectedLocation: lambda someone, place: someone.reaches(P.LOCATION_VIEW, place),
}


def add(scene: Scene) -> None:
    """Services of every sensitivity, a link and a sealed place, in each relation."""
    for relation, organisation, country in places():
        word = f"sealed{relation.name.lower().replace('_', '')}"
        made = make_service(organisation, country, "public")
        for sensitivity in ("restricted", "protected"):
            make_service(organisation, country, sensitivity)
        gone = make_service(organisation, country, "public")
        gone.closed_at = timezone.now()
        gone.save()
        token = f"invented-token-{relation.name.lower()}"
        make_link(made, token)
        place = make_place(made, word)
        scene.put("service", relation, made.code)
        scene.put("service-link", relation, token)
        scene.put("location", relation, place.code, sealed=(word,))


def make_service(organisation: Organisation, country: str, sensitivity: str) -> Service:
    service = Service(
        organisation=organisation,
        name="Invented service",
        kinds=["health"],
        needs=["health"],
        country=country,
        area="Invented Town",
        sensitivity=sensitivity,
        assured_on=timezone.localdate(),
    )
    save_with_code(service)
    return service


def make_link(service: Service, token: str) -> Confirmation:
    now = timezone.now()
    return Confirmation.objects.create(
        service=service,
        token_hash=hash_of(token),
        made_at=now,
        expires_at=now + timedelta(days=30),
    )


def make_place(service: Service, word: str) -> ProtectedLocation:
    place = ProtectedLocation(
        service=service,
        organisation=service.organisation,
        country=service.country,
        address=f"Address {word}",
        contact=f"Call {word}",
        recorded_at=timezone.now(),
    )
    save_with_code(place)
    return place
