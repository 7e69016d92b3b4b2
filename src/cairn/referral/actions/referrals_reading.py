"""Opening what is sealed of a referral, and the file that the recipient begins from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened, Unreadable
from cairn.oversight.rules import Purpose
from cairn.referral.actions.persons import Facts, SealedTexts, enter_person
from cairn.referral.actions.referrals_moves import held
from cairn.referral.models.persons import Person
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.rules.choices import DataCategory
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.referrals import ACCEPTED_ON, Lapsed, State, not_open
from cairn.referral.subjects.referrals import NOTE, SEALED, has_open_notes, why_lapsed, works_with


@dataclass(frozen=True, slots=True)
class Whole:
    """What was opened: the words, None where they are not open to the reader, and the notes."""

    words: Opened | None
    notes: Sequence[Opened]


def may_open_words(actor: Actor, referral: Referral) -> bool:
    """The sender always; the recipient from acceptance on, in danger to life at once, and as long
    as what it stood on has not run out."""
    if referral.erased_on is not None:
        return False
    if _opens_as_sender(actor, referral):
        return True
    return works_with(actor, referral)


def may_open_notes(actor: Actor, referral: Referral) -> bool:
    """Questions and answers are read by both sides, as long as nothing was taken back."""
    if referral.erased_on is not None:
        return False
    if _opens_as_sender(actor, referral):
        return True
    is_open = has_open_notes(referral) and why_lapsed(referral) is not Lapsed.EXCLUDED
    return is_open and referral.is_received_by(actor, Permission.REFERRAL_OPEN)


def _opens_as_sender(actor: Actor, referral: Referral) -> bool:
    """Whoever sends for the place, and may open; in one organisation both sides may be there."""
    return referral.is_sent_by(actor) and referral.is_sent_by(actor, Permission.REFERRAL_OPEN)


def open_referral(actor: Actor, code: str, purpose: Purpose, reason: str) -> Whole:
    """Open, once, what the actor may read of a referral: its words, questions and answers.

    Not inside a transaction. Raises Referral.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason", "referral.not-open", "referral.lapsed").
    """
    referral = Referral.objects.visible_to(actor).get(code=code)
    if not actor.may(Permission.REFERRAL_OPEN):
        raise PermissionDenied(Permission.REFERRAL_OPEN.value)
    events = _with_notes(actor, referral) if may_open_notes(actor, referral) else []
    has_words = may_open_words(actor, referral)
    if not has_words and not events:
        raise not_open(why_lapsed(referral) if referral.is_content_open else None)
    words = readings.read(actor, [referral], list(SEALED), purpose, reason) if has_words else []
    notes = readings.read(actor, events, list(NOTE), purpose, reason)
    return Whole(words[0] if words else None, notes)


def _with_notes(actor: Actor, referral: Referral) -> list[ReferralEvent]:
    rows = ReferralEvent.objects.visible_to(actor).filter(referral=referral, note__isnull=False)
    return list(rows.select_related("referral").order_by("number"))


def words_for_file(actor: Actor, code: str) -> dict[str, str]:
    """The words of an accepted referral, opened so that the recipient begins its own file.

    Not inside a transaction. Raises as `open_referral`, and RuleBroken ("referral.file").
    """
    referral = Referral.objects.visible_to(actor).get(code=code)
    _check_file(actor, referral)
    if not may_open_words(actor, referral):
        return {}
    reason = _("To begin our own file from an accepted referral.")
    opened = readings.read(actor, [referral], ["content"], Purpose.ASSISTANCE, reason)[0]
    found: Any = opened.values["content"]
    if isinstance(found, Unreadable) or not found:
        return {}
    return dict(found)


def proposed(words: dict[str, str]) -> dict[str, str]:
    """How the words fill a new file: name, safe contact, and all else as the note."""
    labels = dict(DataCategory.choices)
    others = [
        f"{labels.get(name, name)}: {text}"
        for name, text in words.items()
        if name not in {DataCategory.IDENTITY, DataCategory.CONTACT}
    ]
    return {
        "name": words.get(DataCategory.IDENTITY.value, "")[:200],
        "safe_contact": words.get(DataCategory.CONTACT.value, "")[:500],
        "note": "\n\n".join(others)[:4_000],
    }


@transaction.atomic
def begin_file(
    actor: Actor, code: str, texts: SealedTexts, *, client_id: UUID | None = None
) -> Person:
    """The recipient enters the person as its own record; the sender never sees it.

    Sent twice it is one file. Raises Referral.DoesNotExist, PermissionDenied, RuleBroken
    ("referral.file", and as `enter_person`).
    """
    referral = held(actor, code)
    _check_keeper(actor, referral)
    if referral.received_person is not None and client_id is not None:
        return referral.received_person
    _check_file(actor, referral)
    spoken = referral.card.get("language")
    facts = Facts(
        organisation=referral.recipient,
        country=referral.recipient_country,
        age_band=AgeBand(referral.card.get("age_band") or AgeBand.AGE_DISPUTED),
        opened_on=timezone.localdate(clock.now()),
        unit=referral.recipient_unit,
        languages=[spoken] if spoken else [],
    )
    person = enter_person(actor, facts, texts)
    referral.received_person = person
    referral.save(update_fields=["received_person"])
    audit.record(actor, "referral.file-begun", person)
    return person


def _check_keeper(actor: Actor, referral: Referral) -> None:
    if not referral.is_received_by(actor, Permission.REFERRAL_OPEN) or not actor.may_within(
        Permission.PERSON_EDIT,
        referral.recipient_id,
        referral.recipient_unit_id,
        referral.recipient_country,
    ):
        raise PermissionDenied(Permission.PERSON_EDIT.value)


def _check_file(actor: Actor, referral: Referral) -> None:
    _check_keeper(actor, referral)
    if referral.received_person_id is not None:
        raise RuleBroken("referral.file", _("Your file was begun already."))
    if State(referral.state) not in ACCEPTED_ON:
        raise RuleBroken(
            "referral.file",
            _("A file is begun from a referral that was accepted."),
            _("Accept it first."),
        )
    if referral.taken_back_at is not None:
        raise RuleBroken(
            "referral.file",
            _("The person took the consent back, so no file is begun from this referral."),
            _("A file of your own is begun with what the person tells you."),
        )
