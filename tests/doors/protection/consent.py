"""The table, the scene and the readings of consent in assistance."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.referral.models import Consent, ConsentStep, Person
from cairn.referral.rules.choices import LegalBasis, Purpose
from cairn.referral.rules.consent import Capacity, ConsentState, GivenBy
from tests.doors.outcome import FORM, MOVED, SENDING, Door, Kind
from tests.doors.outcome import Relation as R
from tests.doors.someone import Someone
from tests.doors.stage import Scene

# A consent is reached through its person, who has one in every place of the scene.
KINDS: dict[str, Kind] = {}
_SEEN = Door("person")
_ONE = replace(_SEEN, fixed={"number": "1"})
_EDITED = Door("person", FORM, needs=frozenset({P.PERSON_EDIT}))
_STEP = replace(_EDITED, fixed={"number": "1"})
_OPENED = Door("person", FORM, needs=frozenset({P.PERSON_OPEN}))

DOORS: dict[str, Door] = {
    "referral:consents": _SEEN,
    "referral:consent-new": _EDITED,
    "referral:consent": _ONE,
    "referral:consent-explain": _STEP,
    "referral:consent-answer": _STEP,
    "referral:consent-withdraw": _STEP,
    "referral:consent-open": replace(_ONE, methods=FORM, answers=MOVED),
    # No language was chosen: back to the consent with a word about it.
    "referral:consent-slip": replace(_ONE, methods=SENDING, posts=MOVED),
    "referral:consent-receipt": replace(
        _STEP,
        methods=SENDING,
        posts=MOVED,
        leaves=frozenset({"core_auditentry", "referral_consent"}),
    ),
    "referral:rights": _SEEN,
    "referral:rights-ask": _OPENED,
    "referral:rights-file": replace(_OPENED, is_recent=True),
}


def of_person(someone: Someone, row: Any) -> bool:
    return someone.reaches(P.PERSON_VIEW, row.person)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Consent: of_person,
    ConsentStep: of_person,
}


def add(scene: Scene) -> None:
    """A consent with limits for each person of the scene, with marked words in what is sealed."""
    for relation in (R.OWN, R.OTHER_ORGANISATION, R.OTHER_COUNTRY):
        person = Person.objects.get(code=scene.subjects["person"][relation].key)
        word = f"sealed{relation.name.lower().replace('_', '')}"
        make_consent(person, word)


def make_consent(person: Person, word: str) -> Consent:
    """An agreement with limits, and the step that led to it."""
    now = timezone.now()
    row = {"person": person, "data_key": person.data_key, "number": 1, "recorded_at": now}
    consent = Consent(
        **row,
        code=f"{person.code.lower()}.c1",
        purpose=Purpose.ASSISTANCE,
        recipient_class="health",
        categories=["need"],
        basis=LegalBasis.CONSENT,
        state=ConsentState.GIVEN_WITH_LIMITS,
        starts_on=timezone.localdate(),
        expires_on=timezone.localdate(),
        decided_at=now,
        given_by=GivenBy.PERSON,
        capacity=Capacity.ABLE,
        receipt=person.code,
        limits=f"Limits {word}",
        note=f"Talk {word}",
    )
    consent.save()
    ConsentStep(
        **row,
        code=f"{person.code.lower()}.cs1",
        consent=consent,
        before=ConsentState.EXPLAINED,
        after=ConsentState.GIVEN_WITH_LIMITS,
    ).save()
    return consent
