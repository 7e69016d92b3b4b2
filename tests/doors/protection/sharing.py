"""The table, the scene and the readings of sharing in assistance.

There are two sides: "share" is given by the place, "share-in" is taken by it, and holds.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.referral.models import (
    HandOver,
    HandOverLine,
    LateNote,
    Moved,
    Person,
    ShareAgreement,
    ShareStep,
    ShareVersion,
)
from cairn.referral.rules.sharing import Gone, ShareState, Why
from cairn.referral.rules.sharing_transfer import LineState
from tests.doors.outcome import EVERYWHERE, FINE, FORM, MOVED, Door, Kind, R
from tests.doors.people import make_person, places
from tests.doors.someone import Someone
from tests.doors.stage import Scene, body

_RELATIONS = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
_OWN = frozenset({R.OWN})
KINDS: dict[str, Kind] = {
    "share": Kind("protection", {P.SHARE_VIEW: _OWN}, _RELATIONS),
    "share-in": Kind("protection", {P.SHARE_VIEW: _OWN}, _RELATIONS),
    "hand-over": Kind("protection", {P.CASELOAD_SUPERVISE: _OWN}, _RELATIONS),
    "hand-over-in": Kind("protection", {P.CASELOAD_SUPERVISE: _OWN}, _RELATIONS),
    "moved": Kind("protection", {P.PERSON_VIEW: _OWN}, _RELATIONS),
}
_SUPERVISES = frozenset({P.CASELOAD_SUPERVISE})
_AGREED = Door("share", FORM, needs=frozenset({P.SHARE_AGREE}))

DOORS: dict[str, Door] = {
    "referral:today": Door(any_of=frozenset({P.REFERRAL_VIEW, P.PERSON_VIEW})),
    "referral:shares": Door(before=frozenset({P.SHARE_VIEW})),
    "referral:share": Door("share-in"),
    "referral:share-open": Door("share-in", FORM, answers=MOVED),
    "referral:share-amend": _AGREED,
    "referral:share-say": replace(_AGREED, kind="share-in", fixed={"verb": "accept"}),
    "referral:hand-overs": Door(before=_SUPERVISES),
    "referral:hand-over": Door("hand-over-in"),
    "referral:hand-over-new": Door(methods=FORM, before=_SUPERVISES),
    # Nothing is chosen in its address, so there is nothing to offer yet.
    "referral:hand-over-other": Door(methods=FORM, before=_SUPERVISES, posts=FINE),
    "referral:hand-over-progress": Door("hand-over"),
    "referral:hand-over-back": Door("hand-over", FORM),
    "referral:hand-over-answer": Door("hand-over-in", FORM),
    "referral:hand-over-decline": Door("hand-over-in", FORM),
    "referral:all-moved": Door(before=frozenset({P.PERSON_VIEW})),
    "referral:moved": Door("moved"),
    "referral:late-notes": Door("person", FORM),
    "referral:share-new": replace(_AGREED, kind="person"),
}


def _reaches_either(someone: Someone, permission: P, row: Any) -> bool:
    taker = SimpleNamespace(
        organisation_id=row.taker_id, unit_id=row.taker_unit_id, country=row.country
    )
    return someone.reaches(permission, row) or someone.reaches(permission, taker)


def sees(someone: Someone, share: ShareAgreement) -> bool:
    return _reaches_either(someone, P.SHARE_VIEW, share)


def supervises(someone: Someone, row: HandOver) -> bool:
    return _reaches_either(someone, P.CASELOAD_SUPERVISE, row)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    ShareAgreement: sees,
    ShareVersion: lambda someone, row: sees(someone, row.share),
    ShareStep: lambda someone, row: sees(someone, row.share),
    HandOver: supervises,
    HandOverLine: lambda someone, row: supervises(someone, row.hand_over),
    Moved: lambda someone, row: someone.reaches(P.PERSON_VIEW, row),
    LateNote: lambda someone, row: someone.reaches(P.PERSON_VIEW, row),
}


def add(scene: Scene) -> None:
    """In each relation a share that is given there, one that is taken, and files that went."""
    third = body("Fourth Invented Agency")
    for number, (relation, organisation, country) in enumerate(places(), 1):
        name = relation.name.lower().replace("_", "")
        person = Person.objects.get(code=scene.subjects["person"][relation].key)
        word = f"sealedgiven{name}"
        made = make_share(person, third, word)
        scene.put("share", relation, made.code, sealed=(word,))
        word = f"sealedtaken{name}"
        stranger = make_person(f"JJJ-{number}TH", third, country, word)
        made = make_share(stranger, organisation, word)
        scene.put("share-in", relation, made.code, sealed=(word,))
        scene.put("hand-over", relation, make_hand_over(person, third).code)
        scene.put("hand-over-in", relation, make_hand_over(stranger, organisation).code)
        scene.put("moved", relation, person.code)


def make_share(person: Person, taker: Organisation, word: str) -> ShareAgreement:
    """Accepted, with a version and a step."""
    now, today = timezone.now(), timezone.localdate()
    agreed: dict[str, Any] = {
        "purpose": "assistance",
        "basis": "consent",
        "categories": ["need"],
        "starts_on": today,
        "expires_on": today + timedelta(days=30),
    }
    made = ShareAgreement(
        person=person,
        organisation=person.organisation,
        country=person.country,
        taker=taker,
        state=ShareState.ACTIVE,
        proposed_by=uuid4(),
        accepted_by=uuid4(),
        moved_at=now,
        content={"need": f"Words {word}"},
        **agreed,
    )
    save_with_code(made)
    ShareVersion(share=made, number=1, at=now, **agreed).save()
    ShareStep(share=made, number=1, at=now, side="giver", after=ShareState.PROPOSED).save()
    return made


def make_hand_over(person: Person, taker: Organisation) -> HandOver:
    """One file that is offered to somebody else, and what was left behind of another."""
    now = timezone.now()
    made = HandOver(
        organisation=person.organisation,
        country=person.country,
        taker=taker,
        why=Why.POST_CLOSES,
        made_by=uuid4(),
        made_at=now,
    )
    save_with_code(made)
    HandOverLine(
        hand_over=made, person=person, number=1, state=LineState.OFFERED, basis="consent"
    ).save()
    LateNote(
        data_key=person.data_key,
        person=person,
        number=1,
        code=f"{person.code.lower()}.l1",
        recorded_at=now,
        source=taker,
        page="person-edit",
        note="Note sealedlate",
    ).save()
    Moved(
        code=f"{person.code.lower()}.t1",
        record=person.code,
        person=person,
        organisation=person.organisation,
        country=person.country,
        how=Gone.MOVED,
        at=now,
        ask=taker,
    ).save()
    return made
