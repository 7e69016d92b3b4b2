"""The table, the scene and the readings of referrals in assistance.

There are two sides: "referral" was sent from the place, "referral-in" came to the place. Each has
its outcome told, so that it is accepted and its words are open to whoever answered.
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
from cairn.referral.models import OutboxMessage, Person, Referral, ReferralEvent, Service
from cairn.referral.rules.referrals import State
from tests.doors.outcome import (
    AGAINST_A_RULE,
    EVERYWHERE,
    FINE,
    FORM,
    MOVED,
    SENDING,
    Door,
    Kind,
    R,
)
from tests.doors.people import make_person, places
from tests.doors.someone import Someone
from tests.doors.stage import HERE, Scene, body

STRAYS = frozenset({R.OTHER_ZONE, R.MISSING})
OWN = frozenset({R.OWN})
KINDS: dict[str, Kind] = {
    "referral": Kind("protection", {P.REFERRAL_SEND: OWN}, EVERYWHERE | STRAYS),
    "referral-in": Kind("protection", {P.REFERRAL_VIEW: OWN}, EVERYWHERE | STRAYS),
}
_SENDS = Door("referral", FORM, needs=frozenset({P.REFERRAL_SEND}))
_ANSWERS = Door("referral-in", SENDING, needs=frozenset({P.REFERRAL_ANSWER}), posts=AGAINST_A_RULE)
_READ = frozenset(
    {
        "core_auditentry",
        "oversight_reading",
        "oversight_readingsubject",
        "vault_datakey",
        "vault_namedkey",
    }
)

DOORS: dict[str, Door] = {
    "referral:referrals": Door(before=frozenset({P.REFERRAL_VIEW})),
    "referral:referrals-received": Door(before=frozenset({P.REFERRAL_VIEW})),
    "referral:referral": Door("referral-in"),
    "referral:referral-open": Door("referral-in", FORM, answers=MOVED),
    "referral:referral-edit": _SENDS,
    # It was sent long ago, and accepted.
    "referral:referral-send": replace(_SENDS, posts=AGAINST_A_RULE),
    "referral:referral-recall": replace(_SENDS, posts=AGAINST_A_RULE),
    "referral:referral-reply": _SENDS,
    "referral:referral-again": _SENDS,
    "referral:referral-close": replace(
        _SENDS,
        methods=SENDING,
        posts=MOVED,
        # It is closed indeed, and so is what a link would hold.
        leaves=frozenset(
            {
                "core_auditentry",
                "referral_onetimelink",
                "referral_referral",
                "referral_referralevent",
            }
        ),
    ),
    "referral:referral-seen": _ANSWERS,
    "referral:referral-accept": _ANSWERS,
    "referral:referral-begin": _ANSWERS,
    "referral:referral-say": replace(
        _ANSWERS, methods=FORM, posts=Door().posts, fixed={"verb": "decline"}
    ),
    # The words are opened into a form, for whoever keeps files of persons as well.
    "referral:referral-file": replace(
        _ANSWERS,
        needs=frozenset({P.REFERRAL_ANSWER, P.REFERRAL_OPEN, P.PERSON_EDIT}),
        posts=FINE,
        leaves=_READ,
        opens=True,
    ),
    # Without a service in the address it asks which one.
    "referral:referral-new": Door("person", FORM, needs=frozenset({P.REFERRAL_SEND}), posts=FINE),
}


def is_sender(someone: Someone, referral: Referral) -> bool:
    return someone.reaches(P.REFERRAL_SEND, referral)


def is_recipient(someone: Someone, referral: Referral) -> bool:
    place = SimpleNamespace(
        organisation_id=referral.recipient_id,
        unit_id=referral.recipient_unit_id,
        country=referral.recipient_country,
    )
    return referral.sent_at is not None and someone.reaches(P.REFERRAL_VIEW, place)


def sees(someone: Someone, referral: Referral) -> bool:
    return is_sender(someone, referral) or is_recipient(someone, referral)


def sees_event(someone: Someone, event: ReferralEvent) -> bool:
    shared = event.is_shared and is_recipient(someone, event.referral)
    return shared or is_sender(someone, event.referral)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Referral: sees,
    ReferralEvent: sees_event,
    OutboxMessage: lambda _someone, _message: False,
}


def add(scene: Scene) -> None:
    """In each relation one that was sent from there, and one that came in from a third party."""
    third = body("Third Invented Agency")
    for number, (relation, organisation, country) in enumerate(places(), 1):
        name = relation.name.lower().replace("_", "")
        person = Person.objects.get(code=scene.subjects["person"][relation].key)
        word = f"sealedsent{name}"
        made = make_referral(person, make_service(third, HERE), word)
        scene.put("referral", relation, made.code, sealed=(word,))
        word = f"sealedreceived{name}"
        stranger = make_person(f"JJJ-{number}RD", third, HERE, word)
        made = make_referral(stranger, make_service(organisation, country), word)
        scene.put("referral-in", relation, made.code, f"Place{name}", sealed=(word,))
        OutboxMessage.objects.create(
            kind="notice",
            dedupe_key=f"{made.code}:invented",
            code="referral.arrived",
            to_user=uuid4(),
            queued_at=made.made_at,
            due_at=made.made_at,
        )


def make_service(organisation: Organisation, country: str) -> Service:
    made = Service(
        organisation=organisation,
        name="Invented help",
        kinds=["health"],
        needs=["health"],
        country=country,
        area="Invented Town",
        assured_on=timezone.localdate(),
        sensitivity="restricted",
    )
    save_with_code(made)
    return made


def make_referral(person: Person, service: Service, word: str) -> Referral:
    """Accepted, helped and told, with a note; marked words in every sealed part."""
    now = timezone.now()
    made = Referral(
        person=person,
        organisation=person.organisation,
        country=person.country,
        service=service,
        recipient=service.organisation,
        recipient_country=service.country,
        need="health",
        urgency="urgent",
        purpose="assistance",
        basis="consent",
        place=f"Place{word.removeprefix('sealedreceived')}",
        card={"language": "ne", "age_band": "adult", "exclusions": []},
        categories=["need", "health"],
        state=State.FEEDBACK_RETURNED,
        feedback="helped",
        made_at=now,
        moved_at=now,
        sent_at=now,
        next_at=now + timedelta(days=4),
        keep_until=person.keep_until,
        content={"health": f"Words {word}"},
        emergency_reason=f"Danger {word}",
    )
    save_with_code(made)
    for number, is_shared in ((1, False), (2, True)):
        ReferralEvent(
            data_key=made.data_key,
            referral=made,
            number=number,
            code=f"{made.code.lower()}.e{number}",
            event="sent",
            before=State.CLEARED,
            after=State.SENT,
            side="sender",
            is_shared=is_shared,
            at=now,
            by=uuid4(),
            note=f"Note {word}",
        ).save()
    return made
