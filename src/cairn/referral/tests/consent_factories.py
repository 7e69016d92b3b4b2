"""Obviously invented consents, asked and answered through the actions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from cairn.access.tests.factories import organisation
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.consent import (
    Explained,
    Question,
    Reply,
    answer_consent,
    ask_consent,
)
from cairn.referral.models import Guardian, Person
from cairn.referral.models.consent import Consent
from cairn.referral.rules.choices import Interpreter, LegalBasis, Purpose
from cairn.referral.rules.consent import NAMED, Capacity, ConsentState, GivenBy

LIMITS, TALK = "Nothing to Zorblatt", "Quavering conversation note"
EXPLAINED = Explained("en", Interpreter.CHECKED)


def clinic(name: str = "Invented Clinic") -> Organisation:
    return organisation(name)


def question(**changes: Any) -> Question:
    """Need and safe contact, told to the clinic, so that it helps."""
    plain = Question(Purpose.ASSISTANCE, NAMED, clinic(), ["need", "contact"], LegalBasis.CONSENT)
    return replace(plain, **changes)


def to_any(kind: str = "health") -> dict[str, Any]:
    return {"recipient_class": kind, "recipient": None}


def reply(state: ConsentState = ConsentState.GIVEN, **changes: Any) -> Reply:
    """An answer of an adult who could decide, for thirty days."""
    is_yes = state in {ConsentState.GIVEN, ConsentState.GIVEN_WITH_LIMITS}
    is_limited = state == ConsentState.GIVEN_WITH_LIMITS
    plain = Reply(
        state,
        Capacity.ABLE,
        GivenBy.PERSON if is_yes else None,
        limits=LIMITS if is_limited else "",
        expires_on=None if state == ConsentState.REFUSED else in_days(30),
    )
    return replace(plain, **changes)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def asked(actor: Actor, person: Person, **changes: Any) -> Consent:
    return ask_consent(actor, person.code, question(**changes), EXPLAINED)


def answered(
    actor: Actor, person: Person, state: ConsentState = ConsentState.GIVEN, **changes: Any
) -> Consent:
    """Asked, explained, and answered with `state`."""
    made = asked(actor, person, **changes)
    return answer_consent(actor, person.code, made.number, reply(state))


def guardian_of(person: Person, **changes: Any) -> Guardian:
    """A guardian whose days run."""
    number = Guardian.objects.filter(person=person).count() + 1
    row = Guardian(
        data_key=person.data_key,
        person=person,
        number=number,
        code=f"{person.code.lower()}.g{number}",
        recorded_at=timezone.now(),
        appointed_by="An invented court",
        starts_on=in_days(-10),
        name="Guardia Inventeria",
    )
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row
