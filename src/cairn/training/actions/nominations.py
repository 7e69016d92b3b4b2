"""Writes about nominations: an agency proposes, the programme checks, the person confirms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.training.actions import calls, enrolments, people, steps
from cairn.training.actions.people import PersonFacts
from cairn.training.models import Call, Enrolment, Nomination, Practitioner, SeatAllocation
from cairn.training.queries import name_keys
from cairn.training.queries.vetting import standing_of
from cairn.training.rules import nomination as rules
from cairn.training.rules.names import KeyKind
from cairn.training.rules.nomination import NOMINATION_MOVES, NominationState
from cairn.training.rules.vetting import Standing

S = NominationState


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom an agency proposes. `answers`: {"motivation": text, criterion: text}, without names.

    `code`: of a record that is there already, instead of `facts`.
    """

    facts: PersonFacts | None = None
    code: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    priority: int = 0
    note: str = ""


def may_nominate(actor: Actor, call: Call, agency_id: UUID) -> bool:
    """A focal point of the agency; or whoever enters people for the place of the event."""
    if agency_id in nominating(actor):
        return True
    event = call.event
    return actor.may_within(Permission.TRAINEE_EDIT, event.organisation_id, None, event.country)


def nominating(actor: Actor) -> frozenset[UUID]:
    """Ids of the agencies for which the actor speaks."""
    scopes = actor.scopes_with(Permission.NOMINATION_MAKE)
    return frozenset(scope.organisation_id for scope in scopes)


@transaction.atomic
def nominate(actor: Actor, reference: str, agency: Organisation, proposal: Proposal) -> Nomination:
    """Propose somebody for an event while its call is open.

    The person becomes a record of whoever holds the event, unless the proposal names a code.
    Raises Call.DoesNotExist, Practitioner.DoesNotExist, PermissionDenied, RuleBroken
    ("call.closed", "nomination.seats", "nomination.twice", "person.name", "person.birth",
    "person.erased", "person.merged").
    """
    call = calls.locked_call(actor, reference)
    if not may_nominate(actor, call, agency.pk):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    rules.check_open(calls.facts_of(call), timezone.localdate())
    check_seats(call, agency)
    practitioner = _proposed(actor, call, agency, proposal)
    return _propose(actor, call, agency, practitioner, proposal)


def check_seats(call: Call, agency: Organisation) -> None:
    """Raise RuleBroken("nomination.seats") for an agency without seats in this call."""
    if not SeatAllocation.objects.filter(call=call, agency=agency).exists():
        raise RuleBroken(
            "nomination.seats",
            _("%(agency)s has no seats in this call.") % {"agency": agency.display_name},
            _("Ask the programme for seats first."),
        )


def _proposed(actor: Actor, call: Call, agency: Organisation, proposal: Proposal) -> Practitioner:
    if proposal.code:
        found: Practitioner = Practitioner.objects.visible_to(actor).get(code=proposal.code)
        kept = found.merged_into or found
        people.check_alive(kept)
        return kept
    if proposal.facts is None:
        raise RuleBroken("person.name", _("Give a name, or the code of somebody on record."))
    facts = placed(proposal.facts, call, agency)
    if twin := nominated_twin(call, agency, facts):
        raise RuleBroken(
            "nomination.twice",
            _("Somebody of this name was nominated by the same agency already, as %(code)s.")
            % {"code": twin},
            _("If these are two people, tell them apart by their service numbers."),
        )
    record = people.built(call.event.organisation, facts, timezone.localdate())
    return people.store_all(actor, [(record, facts)])[0]


def placed(facts: PersonFacts, call: Call, agency: Organisation) -> PersonFacts:
    """`facts` of somebody who serves at `agency`, in the country of the event unless stated."""
    return PersonFacts(
        **{
            **{name: getattr(facts, name) for name in PersonFacts.__dataclass_fields__},
            "agency": agency,
            "country": facts.country or agency.country or call.event.country,
        }
    )


def nominated_twin(call: Call, agency: Organisation, facts: PersonFacts) -> str:
    """The code of whoever has the same name, agency and call; "" for nobody.

    The same words in any order make the same name; two service numbers tell two people apart.
    """
    digests = name_keys.digests([(facts.name, facts.name_latin)])[0]
    same_words = {each for each in digests if each[0] == KeyKind.WORDS}
    holders = set(name_keys.holders(same_words))
    number = name_keys.number_digests([facts.service_number])[0]
    rows = call.nominations.exclude(state__in=rules.OVER).filter(agency=agency)
    rows = rows.filter(practitioner__in=holders).select_related("practitioner")
    for row in rows.prefetch_related("practitioner__identifiers"):
        theirs = {each.digest for each in row.practitioner.identifiers.all()}
        if not (number and theirs and number not in theirs):
            return row.practitioner.code
    return ""


def _propose(
    actor: Actor,
    call: Call,
    agency: Organisation,
    practitioner: Practitioner,
    proposal: Proposal,
) -> Nomination:
    earlier = call.nominations.filter(practitioner=practitioner).first()
    if earlier is not None and earlier.state != S.WITHDRAWN:
        raise RuleBroken(
            "nomination.twice",
            _("%(code)s was nominated for this event already.") % {"code": practitioner.code},
        )
    state = first_state(practitioner, proposal)
    found = earlier or Nomination(call=call, practitioner=practitioner)
    found.agency, found.state, found.priority = agency, state, proposal.priority
    found.answers, found.note = dict(proposal.answers), proposal.note.strip()
    found.reason = ""
    found.proposed_by, found.proposed_at = actor.user_id, clock.now()
    found.save()
    steps.record_step(actor, found, S.WITHDRAWN if earlier else "", state)
    audit.record(
        actor,
        "nomination.made",
        found,
        event=call.event.reference,
        agency=str(agency.pk),
        person=practitioner.code,
    )
    return found


def first_state(practitioner: Practitioner, proposal: Proposal) -> NominationState:
    """Complete when nothing is missing, else submitted: the page says what to add."""
    function = proposal.facts.function if proposal.facts else "on record"
    given = {
        "name": bool(practitioner.name),
        "sex": practitioner.sex,
        "profession": practitioner.profession != "not-stated",
        "function": function,
        "languages": practitioner.languages,
        "motivation": proposal.answers.get("motivation", ""),
    }
    return S.SUBMITTED if rules.missing(given) else S.COMPLETE


def lacking(found: Nomination) -> tuple[str, ...]:
    """What is missing before a nomination is complete, as names in rules.nomination.NEEDED."""
    practitioner = found.practitioner
    given = {
        "name": bool(practitioner.name),
        "sex": practitioner.sex,
        "profession": practitioner.profession != "not-stated",
        "function": any(row.function for row in practitioner.affiliations.all()),
        "languages": practitioner.languages,
        "motivation": found.answers.get("motivation", ""),
    }
    return rules.missing(given)


def locked(actor: Actor, nomination_id: UUID) -> Nomination:
    """The nomination, locked. Raises Nomination.DoesNotExist."""
    rows = Nomination.objects.visible_to(actor).select_for_update(of=("self",))
    found: Nomination = rows.select_related("call__event", "practitioner", "agency").get(
        pk=nomination_id
    )
    return found


def _move(actor: Actor, found: Nomination, to: NominationState, reason: str) -> None:
    rules.check_reason(to, reason)
    steps.move(
        actor,
        found,
        NOMINATION_MOVES,
        to,
        code="nomination.moved",
        reason=reason,
        person=found.practitioner.code,
    )
    found.reason = reason.strip()[:300]
    found.save(update_fields=["reason"])


@transaction.atomic
def complete(actor: Actor, nomination_id: UUID, *, answers: Mapping[str, str]) -> Nomination:
    """Add what was missing; once nothing is, the nomination is complete.

    Raises Nomination.DoesNotExist, PermissionDenied, RuleBroken ("call.closed",
    "nomination.move").
    """
    found = locked(actor, nomination_id)
    if not may_nominate(actor, found.call, found.agency_id):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    if found.state not in {S.SUBMITTED, S.COMPLETE}:
        raise RuleBroken(
            "nomination.move", _("This nomination is being worked on and is not changed any more.")
        )
    found.answers = {**found.answers, **answers}
    found.save(update_fields=["answers"])
    is_complete = not lacking(found)
    if is_complete != (found.state == S.COMPLETE):
        _move(actor, found, S.COMPLETE if is_complete else S.SUBMITTED, "")
    return found


@transaction.atomic
def withdraw(actor: Actor, nomination_id: UUID, reason: str) -> Nomination:
    """The agency takes a nomination back before the panel has decided.

    Raises Nomination.DoesNotExist, PermissionDenied, RuleBroken ("nomination.move",
    "nomination.reason").
    """
    found = locked(actor, nomination_id)
    if not may_nominate(actor, found.call, found.agency_id):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    _move(actor, found, S.WITHDRAWN, reason)
    return found


@transaction.atomic
def decide_eligibility(
    actor: Actor, nomination_id: UUID, to: NominationState, reason: str = ""
) -> Nomination:
    """The programme finds a nominee eligible or not; vetting has to be clear for "eligible".

    Raises Nomination.DoesNotExist, PermissionDenied, RuleBroken ("nomination.move",
    "nomination.reason", "nomination.vetting").
    """
    found = locked(actor, nomination_id)
    require(actor, Permission.TRAINING_DECIDE, within=found.call.event)
    if to == S.ELIGIBLE and standing_of(found, timezone.localdate()) != Standing.CLEAR:
        raise RuleBroken(
            "nomination.vetting",
            _("The checks that this call asks for are not all clear."),
            _("Ask for them, and record how they ended."),
        )
    if to not in {S.ELIGIBLE, S.NOT_ELIGIBLE, S.SUBMITTED}:
        raise RuleBroken("nomination.move", _("This is decided elsewhere."))
    _move(actor, found, to, reason)
    return found


@transaction.atomic
def confirm(actor: Actor, nomination_id: UUID) -> Nomination:
    """Somebody who was selected comes. Whoever runs the event enrols them in the same step.

    Raises Nomination.DoesNotExist, PermissionDenied, RuleBroken ("nomination.move", and those of
    enrolment).
    """
    found = locked(actor, nomination_id)
    if not may_nominate(actor, found.call, found.agency_id):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    _move(actor, found, S.CONFIRMED, "")
    if steps.may_run(actor, found.call.event):
        _enrol(actor, found)
    return found


@transaction.atomic
def enrol_confirmed(actor: Actor, reference: str) -> int:
    """Enrol everybody who was confirmed by their agency and is not enrolled yet; how many.

    Raises Call.DoesNotExist, PermissionDenied, RuleBroken (those of enrolment).
    """
    call = calls.locked_call(actor, reference)
    steps.require_run(actor, call.event)
    waiting = not_enrolled(call)
    for found in waiting:
        _enrol(actor, found)
    return len(waiting)


def not_enrolled(call: Call) -> list[Nomination]:
    """Confirmed nominations without an enrolment. Two queries."""
    enrolled = Enrolment.objects.filter(event=call.event_id).values("practitioner")
    rows = call.nominations.filter(state=S.CONFIRMED).exclude(practitioner__in=enrolled)
    return list(rows.select_related("practitioner", "call__event"))


def _enrol(actor: Actor, found: Nomination) -> None:
    event, practitioner = found.call.event, found.practitioner
    if not Enrolment.objects.filter(event=event, practitioner=practitioner).exists():
        enrolments.enrol(actor, event, practitioner)


@transaction.atomic
def decline(actor: Actor, nomination_id: UUID, reason: str) -> Nomination:
    """Somebody who was selected, in reserve or confirmed does not come after all.

    Raises Nomination.DoesNotExist, PermissionDenied, RuleBroken ("nomination.move",
    "nomination.reason", and those of enrolment).
    """
    found = locked(actor, nomination_id)
    if not may_nominate(actor, found.call, found.agency_id):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    _move(actor, found, S.DECLINED, reason)
    _end_enrolment(actor, found, reason)
    return found


@transaction.atomic
def replace(
    actor: Actor, nomination_id: UUID, by_id: UUID, reason: str
) -> tuple[Nomination, Nomination]:
    """Give the seat of one nominee to another of the same agency who is on the reserve list.

    Raises Nomination.DoesNotExist, PermissionDenied, RuleBroken ("nomination.move",
    "nomination.reason", "nomination.replacement").
    """
    first, second = sorted((nomination_id, by_id))
    both = {each: locked(actor, each) for each in (first, second)}
    gone, comes = both[nomination_id], both[by_id]
    require(actor, Permission.TRAINING_DECIDE, within=gone.call.event)
    if comes.call_id != gone.call_id or comes.agency_id != gone.agency_id:
        raise RuleBroken(
            "nomination.replacement",
            _("A seat goes to somebody of the same agency and the same call."),
        )
    if comes.state != S.RESERVE:
        raise RuleBroken(
            "nomination.replacement",
            _("Only somebody on the reserve list takes over a seat."),
        )
    _move(actor, gone, S.REPLACED, reason)
    _end_enrolment(actor, gone, reason)
    _move(actor, comes, S.SELECTED, reason)
    comes.replaces = gone
    comes.save(update_fields=["replaces"])
    return gone, comes


def _end_enrolment(actor: Actor, found: Nomination, reason: str) -> None:
    rows = Enrolment.objects.filter(event=found.call.event_id, practitioner=found.practitioner_id)
    enrolled = rows.filter(state="enrolled").first()
    if enrolled is not None and steps.may_run(actor, found.call.event):
        enrolments.withdraw(actor, enrolled.pk, reason)


@transaction.atomic
def settle_attendance(actor: Actor, reference: str, today: date) -> tuple[int, int]:
    """After an event: who was confirmed has attended, or did not come. (attended, no show).

    Raises Call.DoesNotExist, PermissionDenied.
    """
    call = calls.locked_call(actor, reference)
    steps.require_run(actor, call.event)
    last = calls.last_day(call.event)
    if last is not None and today < last:
        raise RuleBroken("nomination.attendance", _("The event is not over yet."))
    states = dict(
        Enrolment.objects.filter(event=call.event_id).values_list("practitioner", "state")
    )
    counts = {S.ATTENDED: 0, S.NO_SHOW: 0}
    rows: Sequence[Nomination] = list(
        call.nominations.filter(state__in=[S.CONFIRMED, S.NO_SHOW]).select_related("practitioner")
    )
    for found in rows:
        came = states.get(found.practitioner_id) in {"started", "completed", "incomplete"}
        to = S.ATTENDED if came else S.NO_SHOW
        if to != found.state:
            _move(actor, found, to, "")
            counts[to] += 1
    return counts[S.ATTENDED], counts[S.NO_SHOW]
