"""Referrals that came as files of other programs: looked at, brought, opened, answered."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened, Unreadable
from cairn.oversight.rules import Purpose
from cairn.referral.actions.persons import enter_person
from cairn.referral.actions.persons_facts import Facts, SealedTexts
from cairn.referral.actions.referrals_reading import proposed
from cairn.referral.models.exchange import BroughtReferral
from cairn.referral.models.persons import Person
from cairn.referral.models.services import Service
from cairn.referral.queries import exchange as queries
from cairn.referral.rules import exchange_brought as rules
from cairn.referral.rules import persons as person_rules
from cairn.referral.rules.exchange import FORMAT, Flaw
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.referral.rules.persons import AgeBand
from cairn.referral.subjects.exchange import SEALED


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it would be brought. `known`: what it became before, at this place."""

    document: dict[str, Any] | None
    flaws: tuple[Flaw, ...]
    digest: str
    known: BroughtReferral | None = None


def look_at(actor: Actor, service: Service, content: bytes) -> Looked:
    """What stands in a file; nothing is stored. Raises PermissionDenied."""
    require(actor, Permission.REFERRAL_ANSWER, within=service)
    digest = hashlib.sha256(content).hexdigest()
    found = rules.read_document(content)
    if isinstance(found, list):
        return Looked(None, tuple(found), digest)
    known = queries.known(service.organisation_id, _mark(found))
    return Looked(found, (), digest, known)


def _mark(document: dict[str, Any]) -> str:
    """What tells a referral from every other: who sent it, and its code there. A keyed hash."""
    told = f"{document['from']}\n{document['code']}"
    return salted_hmac("cairn.brought", told, algorithm="sha256").hexdigest()


@transaction.atomic
def bring_referral(
    actor: Actor, service: Service, content: bytes, seen: str
) -> tuple[BroughtReferral, bool]:
    """Take a referral in for one of our services, and whether it is new.

    `seen`: digest of the file that was looked at; another one is refused. The same referral twice
    is the one that it became before, unchanged.
    Raises PermissionDenied, RuleBroken ("brought.file", "brought.other-file").
    """
    # Two who bring the same file at once: the second waits, and finds what the first made.
    Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    looked = look_at(actor, service, content)
    document = looked.document
    if document is None:
        raise RuleBroken("brought.file", _("There is something wrong with this file."))
    if looked.digest != seen:
        raise RuleBroken(
            "brought.other-file",
            _("This is not the file that you looked at."),
            _("Look at this one first."),
        )
    if looked.known is not None:
        return looked.known, False
    now = clock.now()
    made = BroughtReferral(
        organisation=service.organisation,
        unit=service.unit,
        country=service.country,
        service=service,
        mark=_mark(document),
        sender=document["from"],
        their_code=document["code"],
        need=document["need"],
        urgency=document["urgency"],
        purpose=document["purpose"],
        basis=document["basis"],
        place=document["area"],
        card={name: document[name] for name in ("language", "age_band", "exclusions")},
        categories=document["categories"],
        brought_at=now,
        brought_by=actor.user_id,
        keep_until=person_rules.kept_until(timezone.localdate(now), None),
        content=document["content"],
    )
    save_with_code(made)
    audit.record(actor, "brought.taken_in", made, urgency=made.urgency)
    return made, True


def _held(actor: Actor, code: str) -> BroughtReferral:
    rows = BroughtReferral.objects.visible_to(actor).select_for_update(of=("self",))
    found: BroughtReferral = rows.select_related("service", "organisation").get(code=code)
    require(actor, Permission.REFERRAL_ANSWER, within=found)
    return found


@transaction.atomic
def answer_brought(
    actor: Actor, code: str, to: BroughtState, *, reason: str = "", feedback: str = ""
) -> BroughtReferral:
    """Accept, decline, or say what came of it.

    Raises BroughtReferral.DoesNotExist, PermissionDenied, RuleBroken ("brought.move",
    "brought.reason", "brought.feedback").
    """
    found = _held(actor, code)
    before = BroughtState(found.state)
    rules.check_brought_move(before, to)
    rules.check_answer(to, reason, feedback)
    now = clock.now()
    if to is BroughtState.ENDED:
        found.feedback, found.ended_at = feedback, now
    else:
        found.reason, found.answered_at = reason, now
    found.state = to
    found.save(update_fields=["state", "reason", "feedback", "answered_at", "ended_at"])
    audit.record(actor, "brought.answered", found, before=before.value, after=to.value)
    return found


def open_brought(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open, once, what was written for the service.

    Not inside a transaction. Raises BroughtReferral.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason", "brought.closed").
    """
    found = BroughtReferral.objects.visible_to(actor).get(code=code)
    if not actor.may(Permission.REFERRAL_OPEN):
        raise PermissionDenied(Permission.REFERRAL_OPEN.value)
    rules.check_words_open(found.is_content_open)
    return readings.read(actor, [found], list(SEALED), purpose, reason)[0]


def begin_brought_file(actor: Actor, code: str) -> Person:
    """Begin our own file of the person with what was told; once, however often it is asked.

    Whoever is not said to be an adult is treated as a child. Not inside a transaction.
    Raises BroughtReferral.DoesNotExist, PermissionDenied, RuleBroken ("brought.closed").
    """
    found = BroughtReferral.objects.visible_to(actor).get(code=code)
    require(actor, Permission.REFERRAL_ANSWER, within=found)
    require(actor, Permission.PERSON_EDIT, within=found)
    rules.check_words_open(found.is_content_open)
    why = _("To begin our own file from a referral that came as a file.")
    opened = readings.read(actor, [found], ["content"], Purpose.ASSISTANCE, why)[0]
    words: Any = opened.values["content"]
    told = {} if isinstance(words, Unreadable) or not words else dict(words)
    return _entered(actor, code, told)


@transaction.atomic
def _entered(actor: Actor, code: str, told: dict[str, str]) -> Person:
    found = _held(actor, code)
    if found.received_person is not None:
        return found.received_person
    rules.check_words_open(found.is_content_open)
    spoken = found.card.get("language")
    facts = Facts(
        organisation=found.organisation,
        country=found.country,
        age_band=AgeBand(found.card.get("age_band") or AgeBand.AGE_DISPUTED),
        opened_on=timezone.localdate(clock.now()),
        unit=found.unit,
        languages=[spoken] if spoken else [],
    )
    found.received_person = enter_person(actor, facts, SealedTexts(**proposed(told)))
    found.save(update_fields=["received_person"])
    audit.record(actor, "brought.file_begun", found)
    return found.received_person


@transaction.atomic
def answer_file(actor: Actor, code: str) -> str:
    """The answer as a file for the sender: codes and days, no words, nobody's name.

    Raises BroughtReferral.DoesNotExist, PermissionDenied, RuleBroken ("brought.unanswered").
    """
    found = _held(actor, code)
    rules.check_answered(BroughtState(found.state))
    audit.record(actor, "brought.answer_made", found)
    return rules.written_answer(
        {
            "format": f"{FORMAT}-answer",
            "version": 1,
            "code": found.their_code,
            "from": found.organisation.display_name,
            "to": found.sender,
            "answer": found.state,
            "reason": found.reason,
            "feedback": found.feedback,
            "answered_at": found.answered_at.isoformat() if found.answered_at else "",
            "ended_at": found.ended_at.isoformat() if found.ended_at else "",
        }
    )
