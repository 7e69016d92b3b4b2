"""What the sender of a referral does: prepare, clear, send, answer a question, take back, close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.referral.actions.outbox import tell_users
from cairn.referral.actions.referrals_delivery import deliver_later
from cairn.referral.actions.referrals_moves import (
    Acting,
    check_holds,
    happened,
    held,
    held_by_sender,
    is_done,
    mail_service,
    move,
    once,
    tell,
)
from cairn.referral.actions.rows import locked
from cairn.referral.models.persons import Person
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.models.services import Service
from cairn.referral.queries import referrals_people as people
from cairn.referral.queries.consent import is_left_without
from cairn.referral.queries.referrals_clearing import Grounds
from cairn.referral.rules import persons as person_rules
from cairn.referral.rules import referrals as rules
from cairn.referral.rules.referrals import ACCEPTED_ON, PREPARED, RECALLABLE, Side, State
from cairn.referral.rules.referrals_clocks import PREPARED_FOR
from cairn.referral.rules.services import is_offered


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a service is asked for, and what it is told.

    `categories`: codes of DataCategory; `content`: words by category, sealed; `exclusions`: what
    of rules.services.Exclusion applies to the person; `language`: ISO 639, "" not known.
    `emergency_reason`: the danger to life, for the path that does not wait.
    """

    need: str
    urgency: str
    purpose: str
    categories: Sequence[str]
    content: Mapping[str, str] = field(default_factory=dict)
    exclusions: Sequence[str] = ()
    language: str = ""
    place: str = ""
    emergency_reason: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A referral that was sent. `token`, `number`: for a recipient without an account, shown once
    and kept nowhere: the way in, and the code that is told by another way."""

    referral: Referral
    token: str = ""
    number: str = ""


@transaction.atomic
def prepare(
    actor: Actor,
    person_code: str,
    service_code: str,
    wanted: Wanted,
    *,
    client_id: UUID | None = None,
) -> Referral:
    """Prepare a referral; nobody but the sender sees it.

    Raises Person.DoesNotExist, Service.DoesNotExist, PermissionDenied, RuleBroken
    ("person.is-closed", "referral.self", "referral.content", "referral.categories",
    "referral.place", "referral.service-closed", "referral.emergency-reason",
    "referral.emergency-basis").
    """
    person = locked(actor, person_code)
    require(actor, Permission.REFERRAL_SEND, within=person)
    if client_id is not None:
        before = ReferralEvent.objects.filter(client_id=client_id, referral__person=person)
        if found := before.select_related("referral").first():
            return found.referral
    person_rules.check_open(person.closed_on or person.erased_on)
    service = Service.objects.visible_to(actor).get(code=service_code)
    acting = Acting.as_sender(actor, client_id)
    check_service(service, acting.now)
    rules.check_sender(
        person.organisation_id, service.organisation_id, person.unit_id, service.unit_id
    )
    rules.check_categories(wanted.categories)
    rules.check_content(wanted.content, wanted.categories)
    rules.check_place(wanted.place)
    referral = _new(person, service, wanted, acting)
    save_with_code(referral)
    happened(referral, "prepared", acting, is_shared=False)
    return referral


def check_service(service: Service, now: datetime) -> None:
    """Raise RuleBroken("referral.service-closed") for one to which nobody is sent now."""
    if not is_offered(service.state_now(now)):
        raise RuleBroken(
            "referral.service-closed",
            _("Nobody is sent to this service now: %(state)s.")
            % {"state": service.state_now(now).label},
            _("Choose another service."),
        )


def _new(person: Person, service: Service, wanted: Wanted, acting: Acting) -> Referral:
    today = timezone.localdate(acting.now)
    return Referral(
        person=person,
        organisation_id=person.organisation_id,
        unit_id=person.unit_id,
        country=person.country,
        service=service,
        recipient_id=service.organisation_id,
        recipient_unit_id=service.unit_id,
        recipient_country=service.country,
        is_external=people.is_outside(service),
        need=wanted.need,
        urgency=wanted.urgency,
        purpose=wanted.purpose,
        place=wanted.place,
        card={
            "language": wanted.language,
            "age_band": person.age_band,
            "exclusions": sorted(wanted.exclusions),
        },
        categories=sorted(wanted.categories),
        state=State.DRAFT,
        sent_by=acting.actor.user_id,
        focal_user=service.focal_user,
        made_at=acting.now,
        moved_at=acting.now,
        next_at=acting.now + PREPARED_FOR,
        keep_until=person.keep_until or person_rules.kept_until(today, None),
        content={name: text for name, text in wanted.content.items() if text.strip()},
        emergency_reason=wanted.emergency_reason.strip(),
    )


@transaction.atomic
def clear(actor: Actor, code: str, *, client_id: UUID | None = None) -> Referral:
    """Look whether this may be told to the recipient, and note on what ground.

    Raises Referral.DoesNotExist, PermissionDenied, RuleBroken (of rules.clearing,
    "referral.move", "person.is-closed").
    """
    referral = held_by_sender(actor, code)
    if is_done(referral, client_id):
        return referral
    _clear(referral, Acting.as_sender(actor, client_id))
    return referral


def _clear(referral: Referral, acting: Acting) -> None:
    found = _checked(referral, acting.now)
    changes = {
        "basis": found.basis(referral.urgency, str(referral.emergency_reason)),
        "consent_id": found.consent_id,
        "protocol": found.protocol,
    }
    move(referral, State.CLEARED, acting, changes=changes)


def _checked(referral: Referral, now: datetime) -> Grounds:
    """What holds now, after it was checked."""
    person = Person.objects.get(pk=referral.person_id)
    person_rules.check_open(person.closed_on or person.erased_on)
    return check_holds(referral, person, now)


def send(actor: Actor, code: str, *, expected: str = "", client_id: UUID | None = None) -> Sent:
    """Send a prepared referral. What holds is looked at again: a protocol may have run out.

    For a recipient without an account the words are opened first, noted as a reading, because
    they are sealed anew under what only the recipient has. Raises as `clear`, and
    "referral.changed", "oversight.reason".
    """
    plain = None
    found = Referral.objects.visible_to(actor).get(code=code)
    if found.is_external and found.state in PREPARED:
        require(actor, Permission.REFERRAL_SEND, within=found)
        plain = opened_words(actor, found, _("Sent to a recipient without an account."))
    with transaction.atomic():
        referral = held_by_sender(actor, code)
        if is_done(referral, client_id):
            return Sent(referral)
        rules.check_expected(State(referral.state), expected)
        return _send(referral, Acting.as_sender(actor, client_id), plain)


def _send(referral: Referral, acting: Acting, plain: Mapping[str, str] | None) -> Sent:
    """From prepared or cleared to sent, with the messages; in the caller's transaction."""
    check_service(referral.service, acting.now)
    if referral.state == State.DRAFT:
        _clear(referral, once(acting))
    else:
        _checked(referral, acting.now)
    event = move(referral, State.SENT, acting, changes={"sent_by": acting.actor.user_id})
    if referral.is_emergency:
        _tell_of_danger(referral, acting.now)
    if referral.is_external:
        from cairn.referral.actions import outside

        token, number = outside.make_link(acting.actor, referral, dict(plain or {}))
        return Sent(referral, token, number)
    if referral.is_emergency:
        tell(referral, people.all_told(referral), "emergency", event)
    else:
        tell(referral, people.first_told(referral), "arrived", event)
    mail_service(referral, event)
    deliver_later(referral)
    return Sent(referral)


def _tell_of_danger(referral: Referral, now: datetime) -> None:
    """It waited for neither consent nor protocol: somebody else at the sender looks at it."""
    which, users = people.told_of_danger(referral)
    event = happened(referral, which, Acting.as_clock(now), is_shared=False)
    if which == people.DANGER_DESK:
        # Its page is not for the desk: the notice has the code to ask by, and leads nowhere.
        key = f"{event.code}:{which}"
        tell_users(users, f"referral.{which}", referral.pk, key, reference=referral.code)
    else:
        tell(referral, users, which, event)


@transaction.atomic
def refer(
    actor: Actor,
    person_code: str,
    service_code: str,
    wanted: Wanted,
    *,
    client_id: UUID | None = None,
) -> Sent:
    """Prepare, clear and send in one: all of it is done, or nothing. Raises as those do.

    In danger to life, stated with its reason, it is sent without waiting for a consent or a
    protocol, and the recipient may open what saves life at once.
    """
    referral = prepare(actor, person_code, service_code, wanted, client_id=client_id)
    if referral.state != State.DRAFT:
        return Sent(referral)
    referral = held_by_sender(actor, referral.code)
    content = {name: text for name, text in wanted.content.items() if text.strip()}
    return _send(referral, Acting.as_sender(actor), content)


@transaction.atomic
def recall(
    actor: Actor,
    code: str,
    note: str = "",
    *,
    is_wish: bool = False,
    expected: str = "",
    client_id: UUID | None = None,
) -> Referral:
    """Take a referral back; possible until it is accepted. `is_wish`: the person wants it so.

    Raises Referral.DoesNotExist, PermissionDenied, RuleBroken ("referral.move",
    "referral.changed").
    """
    referral = held_by_sender(actor, code)
    if is_done(referral, client_id):
        return referral
    rules.check_expected(State(referral.state), expected)
    side, to = (Side.PERSON, State.WITHDRAWN) if is_wish else (Side.SENDER, State.RECALLED)
    _take_back(referral, to, Acting(actor, side, clock.now(), client_id), note)
    return referral


def _take_back(referral: Referral, to: State, acting: Acting, note: str = "") -> None:
    was_sent = referral.sent_at is not None
    event = move(referral, to, acting, note=note)
    if was_sent:
        tell(referral, people.all_told(referral), "taken-back", event)
        _end_link(referral, event)


def _end_link(referral: Referral, event: ReferralEvent) -> None:
    """Whoever has no account is shown nothing more; the sender tells them, for nobody else can."""
    if not referral.is_external:
        return
    from cairn.referral.actions import outside

    if referral.state == State.RECALLED:
        outside.end_link(referral)
    elif outside.take_back_link(referral):
        tell(referral, people.senders(referral), "tell-outside", event)
        mail_service(referral, event)


@transaction.atomic
def answer_question(
    actor: Actor,
    code: str,
    text: str,
    *,
    expected: str = "",
    client_id: UUID | None = None,
) -> Referral:
    """Answer what the recipient asked; it reads the answer at once, before it accepts.

    What holds is looked at again. Raises Referral.DoesNotExist, PermissionDenied, RuleBroken
    ("referral.move", "referral.changed", "referral.words", "person.is-closed", and those of
    rules.clearing).
    """
    referral = held_by_sender(actor, code)
    if is_done(referral, client_id):
        return referral
    rules.check_expected(State(referral.state), expected)
    rules.check_words(text)
    acting = Acting.as_sender(actor, client_id)
    _checked(referral, acting.now)
    event = move(referral, State.ACKNOWLEDGED, acting, event="answered", note=text.strip())
    if referral.is_external:
        from cairn.referral.actions import outside

        outside.leave_answer(referral, text.strip())
    tell(referral, people.first_told(referral), "answered", event)
    return referral


@transaction.atomic
def close(actor: Actor, code: str, *, client_id: UUID | None = None) -> Referral:
    """The sender has read the outcome: the referral is closed.

    Raises Referral.DoesNotExist, PermissionDenied, RuleBroken ("referral.move").
    """
    referral = held_by_sender(actor, code)
    if not is_done(referral, client_id):
        move(referral, State.CLOSED, Acting.as_sender(actor, client_id))
    return referral


def again(
    actor: Actor,
    code: str,
    service_code: str,
    *,
    client_id: UUID | None = None,
) -> Referral:
    """Prepare a referral with the same words to another service, such as the one passed on to.

    The words are opened for it, noted as a reading. One that still waits for an answer stays as
    it is: whoever answers first has it. Not inside a transaction. Raises as `prepare`,
    PermissionDenied, RuleBroken ("referral.unreadable").
    """
    found = Referral.objects.visible_to(actor).get(code=code)
    require(actor, Permission.REFERRAL_SEND, within=found)
    words = opened_words(actor, found, _("The same words go to another service."))
    wanted = Wanted(
        found.need,
        found.urgency,
        found.purpose,
        found.categories,
        words,
        found.card.get("exclusions", ()),
        found.card.get("language", ""),
        found.place,
    )
    with transaction.atomic():
        # The person first, as everywhere: `prepare` holds it.
        made = prepare(actor, found.person.code, service_code, wanted, client_id=client_id)
        earlier = held(actor, code)
        if earlier.state == State.REDIRECTED and earlier.redirected_to_id is None:
            earlier.redirected_to = made
            earlier.save(update_fields=["redirected_to"])
    return made


def opened_words(actor: Actor, referral: Referral, reason: str) -> dict[str, str]:
    """The words of one's own referral. Raises RuleBroken("referral.unreadable")."""
    purpose = ReadingPurpose.ASSISTANCE
    opened = readings.read(actor, [referral], ["content"], purpose, reason)[0].values["content"]
    if isinstance(opened, Unreadable):
        raise RuleBroken(
            "referral.unreadable",
            _("What was written for the service cannot be opened any more."),
            _("Prepare a new referral."),
        )
    return dict(opened or {})


@transaction.atomic
def stop_for_withdrawal(actor: Actor, person: Person, consent: Any) -> int:
    """What stood on a consent that was withdrawn, or can stand on it alone, is stopped.

    A no to a recipient stops what went there on an older yes as well. Returns how many referrals.

    What waits is taken back at the person's wish. What was accepted goes on: help never depends
    on it; but its content opens no more, and the service is asked to destroy what it noted. What
    was sent in danger to life did not stand on consent. In the caller's transaction, which holds
    the person.
    """
    own = _with_earlier(consent)
    rows = Referral.objects.select_for_update(of=("self",)).filter(
        Q(consent__in=own) | Q(purpose=consent.purpose, consent__isnull=False), person=person
    )
    acting = Acting(actor, Side.PERSON, clock.now())
    count = 0
    for referral in rows.order_by("made_at").select_related("service", "person"):
        state = State(referral.state)
        if referral.is_emergency:
            continue
        if referral.consent_id not in own and not is_left_without(referral, consent, acting.now):
            continue
        if state in RECALLABLE:
            _take_back(referral, State.WITHDRAWN, acting)
        elif state in ACCEPTED_ON and referral.taken_back_at is None:
            referral.taken_back_at = acting.now
            referral.save(update_fields=["taken_back_at"])
            event = happened(referral, "consent-withdrawn", acting)
            tell(referral, people.all_told(referral), "consent-withdrawn", event)
            _end_link(referral, event)
        else:
            continue
        count += 1
    return count


def _with_earlier(consent: Any) -> set[UUID]:
    """The consent and those whose place it took, one after the other."""
    found: set[UUID] = {consent.pk}
    while True:
        rows = type(consent).objects.filter(person=consent.person_id, superseded_by__in=found)
        earlier = set(rows.values_list("pk", flat=True)) - found
        if not earlier:
            return found
        found |= earlier
