"""Every write about consent: asked, explained, answered, taken back; and what follows at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.pseudonyms import drawn
from cairn.oversight.actions import readings
from cairn.oversight.actions.desk import pass_on_request
from cairn.oversight.actions.readings import Opened
from cairn.oversight.models.desk import Wish
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.referral.actions import referrals, sharing
from cairn.referral.actions.rows import edited, hold_what_is_open, locked, numbered
from cairn.referral.models.consent import Consent, ConsentStep
from cairn.referral.models.persons import Person
from cairn.referral.queries import consent as queries
from cairn.referral.rules import consent as rules
from cairn.referral.rules.choices import Interpreter, LegalBasis, Purpose
from cairn.referral.rules.consent import (
    GIVEN,
    LIVE,
    NAMED,
    Answer,
    Assent,
    Capacity,
    ConsentState,
    GivenBy,
    Receipt,
    Said,
)
from cairn.referral.rules.consent_purposes import check_asked
from cairn.referral.rules.persons import AgeBand, is_treated_as_child
from cairn.referral.subjects.consent import CONSENT_SEALED


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the person. `recipient` is None exactly for a kind of service."""

    purpose: Purpose
    recipient_class: str
    recipient: Organisation | None
    categories: Sequence[str]
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class Explained:
    """In which language it was explained, and who interpreted."""

    language: str
    interpreter: Interpreter


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking. `expires_on` None: the default time. `limits`, `note` are sealed."""

    state: ConsentState
    capacity: Capacity
    given_by: GivenBy | None = None
    assent: Assent | None = None
    starts_on: date | None = None
    expires_on: date | None = None
    limits: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@transaction.atomic
def ask_consent(
    actor: Actor, code: str, question: Question, explained: Explained | None = None
) -> Consent:
    """Note what the person is asked; with `explained` when it was explained already.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed",
    "consent.vital", "consent.basis", "consent.categories", "consent.recipient",
    "consent.language").
    """
    person, user_id = edited(actor, code)
    check_asked(question.purpose, question.basis, question.categories)
    _check_recipient(question)
    consent = Consent(
        **numbered(person, "c", Consent, user_id),
        purpose=question.purpose,
        recipient=question.recipient,
        recipient_class=question.recipient_class,
        categories=[each for each in question.categories],
        basis=question.basis,
        state=ConsentState.NOT_SOUGHT,
    )
    consent.save(force_insert=True)
    _step(consent, "", ConsentState.NOT_SOUGHT, user_id)
    audit.record(
        actor, "consent.asked", person, number=consent.number, purpose=question.purpose.value
    )
    if explained is not None:
        _explain(actor, consent, explained, user_id)
    return consent


@transaction.atomic
def explain_consent(actor: Actor, code: str, number: int, explained: Explained) -> Consent:
    """Note that it was explained to the person.

    Raises Person.DoesNotExist, Consent.DoesNotExist, PermissionDenied, RuleBroken
    ("person.is-closed", "consent.move", "consent.language").
    """
    person, user_id = edited(actor, code)
    consent = _of(person, number)
    _explain(actor, consent, explained, user_id)
    return consent


@transaction.atomic
def answer_consent(actor: Actor, code: str, number: int, reply: Reply) -> Consent:
    """Write down what the person said. It takes the place of an older answer about the same.

    What may not be told any more is stopped at once: a no to what was agreed is a consent taken
    back. Raises Person.DoesNotExist, Consent.DoesNotExist, PermissionDenied, RuleBroken
    ("person.is-closed", "consent.move" and those of `rules.consent.check_answer`).
    """
    person, user_id = edited(actor, code)
    hold_what_is_open(person)
    consent = _of(person, number)
    before, now = ConsentState(consent.state), clock.now()
    rules.check_move(before, reply.state)
    today = timezone.localdate(now)
    is_child = is_treated_as_child(AgeBand(person.age_band))
    is_yes, is_live = reply.state in GIVEN, reply.state in LIVE
    guardian = queries.live_guardian(person, today)
    by_guardian = reply.given_by == GivenBy.GUARDIAN
    starts_on = (reply.starts_on or today) if is_live else None
    expires_on = rules.ends(starts_on, reply.expires_on) if starts_on else None
    answer = Answer(
        reply.state,
        reply.capacity,
        reply.given_by,
        reply.assent if is_child else None,
        starts_on,
        expires_on,
        bool(reply.limits.strip()),
        guardian is not None,
    )
    rules.check_answer(answer, LegalBasis(consent.basis), is_child=is_child, today=today)
    consent.state, consent.decided_at = reply.state, now
    consent.starts_on, consent.expires_on = starts_on, expires_on
    consent.capacity = reply.capacity
    consent.given_by = reply.given_by or ""
    consent.guardian = guardian if by_guardian else None
    consent.assent = answer.assent or ""
    consent.receipt = _receipt() if is_yes else ""
    consent.limits, consent.note = reply.limits.strip(), reply.note.strip()
    consent.save()
    _step(consent, before, reply.state, user_id)
    audit.record(
        actor, "consent.answered", person, number=number, state=reply.state.value, before=before
    )
    for old in _replaced(consent):
        _replace(actor, person, old, consent, user_id)
    if reply.state == ConsentState.REFUSED:
        # Also what went to this recipient on a yes to its kind.
        _stop_what_rests_on(actor, person, consent)
    return consent


@transaction.atomic
def withdraw(
    actor: Actor, code: str, number: int, said_how: Said, *, safe_channel: str = "", note: str = ""
) -> Consent:
    """Take a consent back, because the person says so; also of a closed record.

    In one transaction: nothing more is told under it, what waits to be sent is stopped, whoever
    has received something is told to stop, and the desk looks at what has to be erased. The help
    goes on as it was. After the last day too: what was told is with the recipients still.
    Raises Person.DoesNotExist, Consent.DoesNotExist, PermissionDenied, RuleBroken
    ("consent.move", "consent.renewed").
    """
    person = locked(actor, code)
    require(actor, Permission.PERSON_EDIT, within=person)
    user_id = acting(actor)
    hold_what_is_open(person)
    consent = _of(person, number)
    rules.check_taken_back(
        ConsentState(consent.state),
        was_given=bool(consent.receipt),
        is_renewed=queries.is_renewed(consent),
    )
    _withdraw(actor, person, consent, said_how, user_id, safe_channel=safe_channel, note=note)
    return consent


@transaction.atomic
def note_receipt(actor: Actor, code: str, number: int, receipt: Receipt) -> Consent:
    """Note whether the person took the slip or left it.

    Raises Person.DoesNotExist, Consent.DoesNotExist, PermissionDenied, RuleBroken
    ("person.is-closed", "consent.receipt").
    """
    person, _user_id = edited(actor, code)
    consent = _of(person, number)
    if not consent.receipt:
        raise RuleBroken("consent.receipt", _("There is a receipt only for what was agreed."))
    consent.receipt_taken = receipt
    consent.save(update_fields=["receipt_taken"])
    audit.record(actor, "consent.receipt_offered", person, number=number, answer=receipt.value)
    return consent


def open_consent(actor: Actor, consent: Consent, purpose: ReadingPurpose, reason: str) -> Opened:
    """Open limits and note of one consent, once, for a purpose and a reason that are kept.

    Not inside a transaction. Raises PermissionDenied, RuleBroken ("oversight.reason").
    """
    return readings.read(actor, [consent], list(CONSENT_SEALED), purpose, reason)[0]


def expire(actor: Actor, person: Person, number: int, today: date) -> bool:
    """Note that the last day of a consent is over; False when it was settled meanwhile.

    In the caller's transaction, which holds the person.
    """
    consent = _of(person, number)
    if ConsentState(consent.state) not in LIVE or (consent.expires_on or today) >= today:
        return False
    _end(actor, person, consent)
    return True


def end_all(actor: Actor, person: Person) -> int:
    """End what was agreed with the old holder of a record that goes to another organisation.

    The new holder asks anew. In the caller's transaction, which holds the person; returns how many.
    """
    rows = Consent.objects.filter(person=person, state__in=LIVE).select_related("person")
    for consent in rows:
        _end(actor, person, consent)
    return len(rows)


def _end(actor: Actor, person: Person, consent: Consent) -> None:
    before = ConsentState(consent.state)
    consent.state = ConsentState.EXPIRED
    consent.save(update_fields=["state"])
    _step(consent, before, ConsentState.EXPIRED, actor.user_id)
    audit.record(actor, "consent.expired", person, number=consent.number)


def _of(person: Person, number: int) -> Consent:
    """A consent of a person whom the caller holds; so nobody else changes it meanwhile."""
    found: Consent = Consent.objects.select_related("recipient").get(person=person, number=number)
    return found


def _check_recipient(question: Question) -> None:
    known = question.recipient_class in dict(rules.RECIPIENTS)
    if not known or (question.recipient_class == NAMED) is (question.recipient is None):
        raise RuleBroken(
            "consent.recipient",
            _("Say who is told: one organisation by name, or one kind of service."),
        )


def _explain(actor: Actor, consent: Consent, explained: Explained, user_id: UUID) -> None:
    before = ConsentState(consent.state)
    rules.check_move(before, ConsentState.EXPLAINED)
    rules.check_language(
        explained.language,
        consent.person.languages,
        is_interpreted=explained.interpreter != Interpreter.NONE,
    )
    consent.state = ConsentState.EXPLAINED
    consent.language, consent.interpreter = explained.language, explained.interpreter
    consent.save(update_fields=["state", "language", "interpreter"])
    _step(consent, before, ConsentState.EXPLAINED, user_id)
    audit.record(
        actor,
        "consent.explained",
        consent.person,
        number=consent.number,
        interpreter=explained.interpreter.value,
    )


def _step(
    consent: Consent, before: str, after: ConsentState, user_id: UUID | None, how: str = ""
) -> None:
    row = numbered(consent.person, "cs", ConsentStep, user_id)
    ConsentStep(**row, consent=consent, before=before, after=after, how=how).save(force_insert=True)


def _receipt() -> str:
    """A reference that no other slip has."""
    while Consent._base_manager.filter(receipt=(code := drawn())).exists():
        continue
    return code


def _replaced(new: Consent) -> list[Consent]:
    """Older answers to the same question, which the new one takes the place of."""
    rows = Consent.objects.filter(
        person=new.person_id, purpose=new.purpose, decided_at__isnull=False
    ).exclude(pk=new.pk)
    newest = queries.heard(new)
    return [
        old
        for old in rows.select_related("person").order_by("number")
        if rules.takes_place_of(newest, queries.heard(old))
    ]


def _replace(actor: Actor, person: Person, old: Consent, new: Consent, user_id: UUID) -> None:
    if old.state in GIVEN and new.state not in LIVE:
        _withdraw(actor, person, old, Said.LATER_ANSWER, user_id)
        return
    before = ConsentState(old.state)
    narrower = rules.is_narrower(queries.heard(new), queries.heard(old))
    old.state, old.superseded_by = ConsentState.SUPERSEDED, new
    old.save(update_fields=["state", "superseded_by"])
    _step(old, before, ConsentState.SUPERSEDED, user_id)
    audit.record(actor, "consent.superseded", person, number=old.number, by=new.number)
    if narrower:
        _stop_what_rests_on(actor, person, old)


def _withdraw(
    actor: Actor,
    person: Person,
    consent: Consent,
    said_how: Said,
    user_id: UUID,
    *,
    safe_channel: str = "",
    note: str = "",
) -> None:
    before = ConsentState(consent.state)
    consent.state, consent.decided_at = ConsentState.WITHDRAWN, clock.now()
    consent.save(update_fields=["state", "decided_at"])
    _step(consent, before, ConsentState.WITHDRAWN, user_id, said_how)
    audit.record(actor, "consent.withdrawn", person, number=consent.number, how=said_how.value)
    _stop_what_rests_on(actor, person, consent)
    if person.erased_on is None:
        _open_erasure_review(actor, person, consent, safe_channel, note)


def _stop_what_rests_on(actor: Actor, person: Person, consent: Consent) -> None:
    """Nothing that waits is sent any more, and whoever received something is told to stop."""
    referrals.stop_for_withdrawal(actor, person, consent)
    sharing.stop_for_withdrawal(actor, person, consent)


def _open_erasure_review(
    actor: Actor, person: Person, consent: Consent, safe_channel: str, note: str
) -> None:
    """The desk looks at what was kept under the consent and need not be kept any more."""
    statement = _("Consent %(number)d of the record was taken back. Look at what was told under it "
                  "and need not be kept any more.") % {"number": consent.number}  # fmt: skip
    pass_on_request(
        actor,
        Wish.ERASURE,
        person,
        received_on=timezone.localdate(clock.now()),
        safe_channel=safe_channel.strip()
        or _("Only through whoever works with the person; nothing is sent to the person."),
        statement=f"{statement}\n\n{note.strip()}".strip(),
    )
