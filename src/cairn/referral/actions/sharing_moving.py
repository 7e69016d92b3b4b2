"""Files on their way to another organisation: each moves whole, in one transaction, or not at all.

Killed in the middle, the next round takes up what is left: a line says whether its file has gone.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.access.queries import SYSTEM
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.models import BreakGlass, LinkGrant
from cairn.oversight.outcomes import Facts, Outcome
from cairn.referral.actions import consent
from cairn.referral.actions.matching import forget_keys
from cairn.referral.actions.outbox import tell_users
from cairn.referral.actions.referrals_moves import Acting, happened, move, tell
from cairn.referral.actions.rows import hold_what_is_open, numbered
from cairn.referral.actions.sharing import end_shares
from cairn.referral.models.persons import KIND, Person
from cairn.referral.models.referrals import Referral
from cairn.referral.models.sharing import HandOver, HandOverLine, LateNote, Moved
from cairn.referral.queries import referrals_people as people
from cairn.referral.queries import sharing_transfer as queries
from cairn.referral.rules.referrals import ENDS, PREPARED, Side, State
from cairn.referral.rules.sharing import Gone, HandOverState
from cairn.referral.rules.sharing_transfer import LineState, Stays

# Files that move while somebody waits for the page; the round takes the others.
AT_ONCE = 20
IN_A_ROUND = 1_000
MOST_NOTES = 50
LONGEST_NOTE = 8_000


def move_files(actor: Actor, hand_over_id: UUID, at_most: int = AT_ONCE) -> int:
    """Move files that were accepted, each in a transaction of its own; returns how many have gone.

    What stands for it is looked at again: a file whose consent was taken back meanwhile stays. Not
    inside a transaction. Called again, it goes on where it ended; two at once move each file once.
    """
    rows = HandOverLine.objects.filter(hand_over=hand_over_id, state=LineState.ACCEPTED)
    gone = 0
    for line_id in list(rows.order_by("number").values_list("pk", flat=True)[:at_most]):
        gone += _move(actor, line_id)
    _finish(actor, hand_over_id)
    return gone


def move_all(facts: Facts) -> Outcome:
    """The round: take every hand-over that is on its way to its end."""
    gone = 0
    for each in queries.unfinished():
        gone += move_files(SYSTEM, each, IN_A_ROUND - gone)
        if gone >= IN_A_ROUND:
            break
    return Outcome(facts={"moved": gone})


@transaction.atomic
def _move(actor: Actor, line_id: UUID) -> bool:
    """Move one file; False when it stays, or has gone already."""
    person_id = HandOverLine.objects.values_list("person", flat=True).get(pk=line_id)
    # The person first, as everywhere: whoever edits the record or takes a consent back holds it.
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    hold_what_is_open(person)
    line = HandOverLine.objects.select_related("hand_over").get(pk=line_id)
    hand_over = line.hand_over
    if line.state != LineState.ACCEPTED or hand_over.taker_id is None:
        return False
    now = clock.now()
    reason = _stays(person, line, hand_over)
    line.moved_at = now
    if reason is not None:
        line.state, line.reason = LineState.STAYS, reason
        line.save(update_fields=["state", "reason", "moved_at"])
        audit.record(actor, "person.stays", person, reason=reason.value)
        return False
    # Held before the log as well: whoever decides a pair, or ends an access or a link, holds it.
    forget_keys(person)
    ways_in = _held_ways_in(person, now)
    end_shares(actor, person)
    _end_ways_in(actor, ways_in, now)
    _take_referrals_along(actor, person, hand_over, hand_over.taker_id)
    consent.end_all(actor, person)
    _leave_word(actor, person, hand_over)
    person.organisation_id = hand_over.taker_id
    person.unit_id = hand_over.taker_unit_id
    person.caseworker = hand_over.to_user
    person.version += 1
    person.save(update_fields=["organisation", "unit", "caseworker", "version"])
    line.state = LineState.MOVED
    line.save(update_fields=["state", "moved_at"])
    audit.record(actor, "person.moved", person, hand_over=hand_over.code)
    return True


def _stays(person: Person, line: HandOverLine, hand_over: HandOver) -> Stays | None:
    """Why the file does not go after all: what stood for it has ended, or it is elsewhere."""
    if hand_over.taker_id is None or person.organisation_id != hand_over.organisation_id:
        return Stays.ELSEWHERE
    today = timezone.localdate(clock.now())
    gates = queries.gates([person], hand_over.taker_id, today, own_line=line.pk)
    return gates[person.pk].stays


Ways = tuple[list[BreakGlass], list[LinkGrant]]


def _held_ways_in(person: Person, now: datetime) -> Ways:
    """Live emergency accesses and links of a record, held."""
    accesses = BreakGlass.objects.live(now).filter(kind=KIND, subject_id=person.pk)
    grants = queries.live_links(person, timezone.localdate(now))
    return (
        list(accesses.select_for_update().order_by("pk")),
        list(grants.select_for_update().order_by("pk")),
    )


def _end_ways_in(actor: Actor, ways: Ways, now: datetime) -> None:
    """Emergency accesses, and links that the old owner authorised, end with its work."""
    accesses, grants = ways
    for access in accesses:
        access.ended_at = now
        access.save(update_fields=["ended_at"])
        audit.record(actor, "glass.ended", access)
    for grant in grants:
        grant.revoked_at = now
        grant.save(update_fields=["revoked_at"])
        audit.record(actor, "link.revoked", grant, side=Person.zone.value)


def _take_referrals_along(
    actor: Actor, person: Person, hand_over: HandOver, taker_id: UUID
) -> None:
    """What was sent goes along with its clock and its outcome; what nobody saw is taken back."""
    acting = Acting(actor, Side.SENDER, clock.now())
    rows = Referral.objects.select_for_update(of=("self",)).filter(
        person=person, organisation=hand_over.organisation_id
    )
    for referral in rows.select_related("service", "person").order_by("made_at", "pk"):
        if referral.state in PREPARED:
            move(referral, State.RECALLED, acting)
        referral.organisation_id = taker_id
        referral.unit_id = hand_over.taker_unit_id
        referral.sent_by = hand_over.to_user
        referral.save(update_fields=["organisation", "unit", "sent_by"])
        if referral.state not in ENDS:
            event = happened(referral, "handed-over", acting)
            tell(referral, people.all_told(referral), "handed-over", event)


def _leave_word(actor: Actor, person: Person, hand_over: HandOver) -> None:
    """What the old owner is told from now on, in place of the record."""
    number = Moved.objects.filter(person=person).count() + 1
    Moved.objects.create(
        code=f"{person.code.lower()}.t{number}",
        record=person.code,
        person=person,
        organisation_id=person.organisation_id,
        unit_id=person.unit_id,
        country=person.country,
        how=Gone.MOVED,
        at=clock.now(),
        by=actor.user_id or hand_over.decided_by,
        ask_id=hand_over.taker_id,
    )


@transaction.atomic
def _finish(actor: Actor, hand_over_id: UUID) -> None:
    """When nothing is on its way any more the hand-over is done; both sides are told, once."""
    made = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over_id)
    lines = HandOverLine.objects.filter(hand_over=made)
    is_moving = made.state == HandOverState.MOVING
    if not is_moving or lines.filter(state=LineState.ACCEPTED).exists():
        return
    made.state = HandOverState.DONE
    made.save(update_fields=["state"])
    gone = lines.filter(state=LineState.MOVED).count()
    audit.record(actor, "hand-over.moved", made, files=gone)
    users = {made.made_by, made.decided_by, made.to_user} - {None}
    told = [user for user in users if user is not None]
    tell_users(told, "hand-over.moved", made.pk, f"{made.code}:moved", pseudonym=made.code)


@transaction.atomic
def keep_late_note(actor: Actor, record: str, page: str, words: str) -> LateNote:
    """Keep what somebody still wrote about a record that is gone, for its new owner to read.

    It is applied to nothing. Raises Moved.DoesNotExist, PermissionDenied, RuleBroken
    ("moved.nowhere", "moved.too-many").
    """
    gone = queries.gone(actor, record)
    if gone is None:
        raise Moved.DoesNotExist(record)
    require(actor, Permission.PERSON_EDIT, within=gone)
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=gone.person_id)
    if person.erased_on is not None:
        raise RuleBroken("moved.nowhere", _("The record is not kept any more, by nobody."))
    if LateNote.objects.filter(person=person, source=gone.organisation_id).count() >= MOST_NOTES:
        raise RuleBroken(
            "moved.too-many",
            _("You have sent many notes about this record. It is not yours any more."),
            _("Speak with the organisation that has it now."),
        )
    note = LateNote(
        **numbered(person, "l", LateNote, acting(actor)),
        source_id=gone.organisation_id,
        page=page[:40],
        note=words[:LONGEST_NOTE],
    )
    note.save(force_insert=True)
    audit.record(actor, "person.late-note", person, number=note.number)
    place = (person.organisation_id, person.unit_id, person.country)
    able = people.holders(Permission.PERSON_EDIT, *place)
    above = people.holders(Permission.CASELOAD_SUPERVISE, *place)
    users = [person.caseworker] if person.caseworker in able else above or able
    told = [user for user in users if user is not None]
    tell_users(told, "late-note.came", person.pk, note.code, pseudonym=person.code)
    return note
