"""The table, the scene and the readings of recipients without an account."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.core.pseudonyms import save_with_code
from cairn.referral.models import BroughtReferral, OneTimeLink, Referral
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.vault.handed import mark_of
from tests.doors.outcome import EVERYWHERE, FINE, FORM, MOVED, SENDING, Door, Kind, R
from tests.doors.people import places
from tests.doors.protection.referrals import STRAYS, make_service
from tests.doors.someone import Someone
from tests.doors.stage import Scene

KINDS: dict[str, Kind] = {
    "brought": Kind("protection", {P.REFERRAL_VIEW: frozenset({R.OWN})}, EVERYWHERE | STRAYS),
}
_ANSWERS = Door("brought", SENDING, needs=frozenset({P.REFERRAL_ANSWER}))
_BEGUN = frozenset(
    {
        "core_auditentry",
        "oversight_reading",
        "oversight_readingsubject",
        "referral_broughtreferral",
        "referral_person",
        "vault_datakey",
        "vault_namedkey",
    }
)
COUNTED = Door(before=frozenset({P.ASSISTANCE_COUNT}))
DOORS: dict[str, Door] = {
    "referral:referral-schema": Door(is_open=True),
    "referral:referral-export": Door("referral-in", FORM, needs=frozenset({P.REFERRAL_OPEN})),
    "referral:counts": COUNTED,
    "referral:counts-file": replace(COUNTED, leaves=frozenset({"core_auditentry"})),
    "referral:exchange": Door(
        any_of=frozenset(
            {
                P.PERSON_EXPORT,
                P.PERSON_EDIT,
                P.REFERRAL_OPEN,
                P.REFERRAL_ANSWER,
                P.REFERRAL_VIEW,
            }
        )
    ),
    "referral:exchange-persons": Door(
        methods=FORM, before=frozenset({P.PERSON_EXPORT}), is_recent=True
    ),
    "referral:exchange-referrals": Door(
        methods=FORM, before=frozenset({P.REFERRAL_OPEN}), is_recent=True
    ),
    "referral:exchange-bring": Door(methods=FORM, before=frozenset({P.PERSON_EDIT})),
    "referral:person-file": Door(
        "person", FORM, needs=frozenset({P.PERSON_EXPORT, P.PERSON_OPEN}), is_recent=True
    ),
    "referral:brought-list": Door(before=frozenset({P.REFERRAL_VIEW})),
    "referral:brought-new": Door(methods=FORM, before=frozenset({P.REFERRAL_ANSWER})),
    "referral:brought": Door("brought"),
    "referral:brought-open": Door("brought", FORM, answers=MOVED),
    "referral:brought-answer": _ANSWERS,
    "referral:brought-finish": _ANSWERS,
    "referral:brought-answer-file": replace(
        _ANSWERS, posts=FINE, leaves=frozenset({"core_auditentry"})
    ),
    "referral:brought-begin": replace(
        _ANSWERS,
        needs=frozenset({P.REFERRAL_ANSWER, P.REFERRAL_OPEN, P.PERSON_EDIT}),
        posts=MOVED,
        leaves=_BEGUN,
    ),
    # Nobody signs in here: it asks everybody for a number, whatever stands in the address.
    "referral:answer-outside": Door(methods=FORM, is_open=True, fixed={"token": "x" * 32}),
}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    BroughtReferral: lambda someone, row: someone.reaches(P.REFERRAL_VIEW, row),
    OneTimeLink: lambda someone, link: someone.reaches(P.REFERRAL_SEND, link.referral),
}


def add(scene: Scene) -> None:
    """A link for the referral in each relation, and an accepted one that came as a file."""
    now = timezone.now()
    for relation, organisation, country in places():
        word = f"sealedbrought{relation.name.lower().replace('_', '')}"
        made = BroughtReferral(
            organisation=organisation,
            country=country,
            service=make_service(organisation, country),
            mark=word,
            sender="Invented Sender",
            their_code="K7Q-M2R",
            need="health",
            urgency="urgent",
            purpose="assistance",
            basis="consent",
            card={"language": "ne", "age_band": "adult", "exclusions": []},
            categories=["health"],
            state=BroughtState.ACCEPTED,
            brought_at=now,
            answered_at=now,
            content={"health": f"Words {word}"},
        )
        save_with_code(made)
        scene.put("brought", relation, made.code, sealed=(word,))
    for relation in EVERYWHERE:
        referral = Referral.objects.get(code=scene.subjects["referral"][relation].key)
        OneTimeLink.objects.create(
            referral=referral,
            mark=mark_of(str(referral.pk)),
            made_at=now,
            expires_at=now + timedelta(days=1),
            proof=b"\1",
        )
