"""Invented consents: to one organisation, to a kind of service, a no, and an open question."""

from datetime import timedelta

from cairn.core.actor import Actor
from cairn.referral.actions.consent import (
    Explained,
    Question,
    Reply,
    answer_consent,
    ask_consent,
    withdraw,
)
from cairn.referral.models import Person
from cairn.referral.rules import AgeBand, is_treated_as_child
from cairn.referral.rules.choices import DataCategory, Interpreter, LegalBasis, Purpose
from cairn.referral.rules.consent import NAMED, Capacity, ConsentState, GivenBy, Said
from cairn.referral.rules.services import ServiceType
from cairn.web.demo_protection import Home

C, S = DataCategory, ConsentState
LIMITS = "Invented: nothing to anybody from the same village."
NOTE = "Invented: wishes to be asked again after the holiday."


def make_consent(home: Home) -> int:
    """What the first adults were asked and said, and a child for whom the law speaks."""
    actor = home.actors["service-provider"]
    adults = [each for each in home.persons if not _is_child(each)]
    children = [each for each in home.persons if _is_child(each)]
    helped = Question(
        Purpose.ASSISTANCE,
        NAMED,
        home.partner,
        [C.NEED.value, C.CONTACT.value, C.SAFETY.value, C.ASSISTANCE.value],
        LegalBasis.CONSENT,
    )
    treated = Question(
        Purpose.HEALTH, ServiceType.HEALTH.value, None, [C.NEED.value, C.HEALTH.value],
        LegalBasis.CONSENT,
    )  # fmt: skip
    advised = Question(
        Purpose.LEGAL_AID, ServiceType.LEGAL_AID.value, None, [C.LEGAL.value, C.CONTACT.value],
        LegalBasis.CONSENT,
    )  # fmt: skip
    cared = Question(
        Purpose.CHILD_CARE, ServiceType.CHILD_PROTECTION.value, None, [C.NEED.value],
        LegalBasis.LEGAL_DUTY,
    )  # fmt: skip
    made = 0
    for number, person in enumerate(adults[:4]):
        made += _said(home, actor, person, helped, S.GIVEN, 170 if number else 9)
        if number % 2 == 0:
            made += _said(home, actor, person, treated, S.GIVEN_WITH_LIMITS, 90)
        made += _said(home, actor, person, advised, S.REFUSED if number % 2 else None, 0)
    for person in adults[3:4]:
        withdraw(actor, person.code, 1, Said.IN_PERSON, note=NOTE)
    for person in children[:1]:
        made += _said(home, actor, person, cared, S.NOT_POSSIBLE, 60)
    return made


def _is_child(person: Person) -> bool:
    return is_treated_as_child(AgeBand(person.age_band))


def _said(
    home: Home,
    actor: Actor,
    person: Person,
    question: Question,
    state: ConsentState | None,
    days: int,
) -> int:
    """One question, explained; with its answer where `state` is one."""
    language = person.languages[0] if person.languages else "en"
    explained = Explained(language, Interpreter.CHECKED)
    asked = ask_consent(actor, person.code, question, explained)
    if state is not None:
        is_yes = state in {S.GIVEN, S.GIVEN_WITH_LIMITS}
        reply = Reply(
            state,
            Capacity.NOT_NOW if state == S.NOT_POSSIBLE else Capacity.ABLE,
            GivenBy.PERSON if is_yes else None,
            expires_on=home.today + timedelta(days=days) if days else None,
            limits=LIMITS if state == S.GIVEN_WITH_LIMITS else "",
            note=NOTE if state == S.REFUSED else "",
        )
        answer_consent(actor, person.code, asked.number, reply)
    return 1
