"""Files for another organisation: proposed by a supervisor, answered over there, taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, Unit
from cairn.core.pseudonyms import save_with_code
from cairn.referral import queries as persons
from cairn.referral.actions.outbox import tell_users
from cairn.referral.models.persons import Person
from cairn.referral.models.sharing import HandOver, HandOverLine
from cairn.referral.queries import sharing_hand_over
from cairn.referral.queries import sharing_transfer as queries
from cairn.referral.queries.referrals_people import holders
from cairn.referral.rules import persons as person_rules
from cairn.referral.rules import sharing_transfer as rules
from cairn.referral.rules.sharing import HandOverState, Why, check_two
from cairn.referral.rules.sharing_transfer import LineState


@transaction.atomic
def propose_transfer(
    actor: Actor,
    codes: Collection[str],
    taker: Organisation,
    why: Why,
    *,
    from_user: UUID | None = None,
) -> list[HandOver]:
    """Offer open records that the actor supervises to another organisation.

    Each is looked at: what may not go is written down with the reason, and stays. The other side
    sees no name and no code; nothing opens to it. One hand-over for each place where there are
    any. Raises PermissionDenied, RuleBroken ("share.self", "hand-over.changed", "hand-over.none",
    "hand-over.too-many", "hand-over.nobody").
    """
    if not actor.may(Permission.CASELOAD_SUPERVISE):
        raise PermissionDenied(Permission.CASELOAD_SUPERVISE.value)
    by = acting(actor)
    rows = sharing_hand_over.supervised(actor).filter(code__in=list(codes))
    found = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    _check_same(len(found), len(set(codes)))
    rules.check_lines(len(found))
    groups: dict[tuple[UUID, UUID | None, str], list[Person]] = {}
    for person in found:
        check_two(person.organisation_id, taker.pk)
        require(actor, Permission.SHARE_AGREE, within=person)
        key = (person.organisation_id, person.unit_id, person.country)
        groups.setdefault(key, []).append(person)
    wanted = Wanted(taker, why, from_user, by)
    made = [_proposed(actor, group, wanted) for group in groups.values()]
    offered = [each for each in made if each is not None]
    rules.check_lines(len(offered))
    return offered


def _check_same(found: int, asked: int) -> None:
    if found != asked:
        raise RuleBroken(
            "hand-over.changed",
            _("There are other records now than a moment ago: %(count)d.") % {"count": found},
            _("Look again, and hand them over then."),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is proposed, and by whom."""

    taker: Organisation
    why: Why
    from_user: UUID | None
    by: UUID


def _proposed(actor: Actor, group: Sequence[Person], wanted: Wanted) -> HandOver | None:
    """A hand-over of the records of one place; None where not one of them may go."""
    first, now, taker = group[0], clock.now(), wanted.taker
    gates = queries.gates(group, taker.pk, timezone.localdate(now))
    offered = sum(gate.stays is None for gate in gates.values())
    if not offered:
        return None
    able = holders(Permission.CASELOAD_SUPERVISE, taker.pk, None, first.country)
    if not able:
        raise RuleBroken(
            "hand-over.nobody",
            _("Nobody at this organisation takes files over here."),
            _("Share what is needed, or refer the person to a service of it."),
        )
    made = HandOver(
        organisation_id=first.organisation_id,
        unit_id=first.unit_id,
        country=first.country,
        taker=taker,
        why=wanted.why,
        from_user=wanted.from_user,
        made_by=wanted.by,
        made_at=now,
    )
    save_with_code(made)
    cards = queries.cards(group)
    lines = []
    # What stays comes last: the other side sees no gap that would tell of it.
    ordered = sorted(group, key=lambda one: (gates[one.pk].stays is not None, one.code))
    for number, person in enumerate(ordered, 1):
        gate = gates[person.pk]
        is_offered = gate.stays is None
        lines.append(
            HandOverLine(
                hand_over=made,
                person=person,
                number=number,
                state=LineState.OFFERED if is_offered else LineState.STAYS,
                card=cards[person.pk] if is_offered else {},
                **gate.line,
            )
        )
    HandOverLine.objects.bulk_create(lines)
    stay = len(lines) - offered
    audit.record(actor, "hand-over.proposed", made, files=offered, stay=stay, why=wanted.why.value)
    tell_users(able, "hand-over.offered", made.pk, f"{made.code}:offered", pseudonym=made.code)
    return made


@transaction.atomic
def answer_transfer(
    actor: Actor,
    code: str,
    numbers: Collection[int],
    *,
    unit: Unit | None = None,
    to_user: UUID | None = None,
) -> HandOver:
    """Take the files of these lines over, and decline the others; no number declines them all.

    From now on they are on their way, see `actions.sharing_moving`. `unit`, `to_user`: where they
    go to, and who works on them. Raises HandOver.DoesNotExist, PermissionDenied, RuleBroken
    ("hand-over.decided", "hand-over.changed", "hand-over.unit", "person.caseworker").
    """
    made = _held(actor, code)
    if not made.is_taken_by(actor):
        raise PermissionDenied(Permission.CASELOAD_SUPERVISE.value)
    rules.check_waits(made.state)
    if unit is not None and unit.organisation_id != made.taker_id:
        raise RuleBroken("hand-over.unit", _("This unit belongs to another organisation."))
    if to_user is not None:
        there = queries.at_taker(made, unit)
        person_rules.check_caseworker(to_user, frozenset(persons.colleagues(there)))
    made.decided_by, made.decided_at = acting(actor), clock.now()
    made.taker_unit, made.to_user = unit, to_user
    waiting = HandOverLine.objects.filter(hand_over=made, state=LineState.OFFERED)
    accepted = waiting.filter(number__in=list(numbers)).update(state=LineState.ACCEPTED)
    if numbers and not accepted:
        raise RuleBroken(
            "hand-over.changed",
            _("None of these records may go any more."),
            _("Look at the page again: what was agreed may have been taken back."),
        )
    declined = waiting.update(state=LineState.DECLINED)
    made.state = HandOverState.MOVING if accepted else HandOverState.REFUSED
    made.save(update_fields=["state", "decided_by", "decided_at", "taker_unit", "to_user"])
    what = "taken" if accepted else "refused"
    audit.record(actor, f"hand-over.{what}", made, files=accepted, declined=declined)
    _tell_proposer(made, what)
    return made


@transaction.atomic
def take_back_transfer(actor: Actor, code: str) -> HandOver:
    """Take an offer back that waits for its answer.

    Raises HandOver.DoesNotExist, PermissionDenied, RuleBroken ("hand-over.decided").
    """
    made = _held(actor, code)
    require(actor, Permission.CASELOAD_SUPERVISE, within=made)
    rules.check_waits(made.state)
    made.state = HandOverState.TAKEN_BACK
    made.decided_by, made.decided_at = acting(actor), clock.now()
    made.save(update_fields=["state", "decided_by", "decided_at"])
    lines = HandOverLine.objects.filter(hand_over=made, state=LineState.OFFERED)
    lines.update(state=LineState.TAKEN_BACK)
    audit.record(actor, "hand-over.taken-back", made)
    return made


def _held(actor: Actor, code: str) -> HandOver:
    """The hand-over, held until the end of the transaction."""
    rows = HandOver.objects.visible_to(actor).select_for_update(of=("self",))
    found: HandOver = rows.get(code=code)
    return found


def _tell_proposer(made: HandOver, what: str) -> None:
    place = (made.organisation_id, made.unit_id, made.country)
    able = holders(Permission.CASELOAD_SUPERVISE, *place)
    users = [made.made_by] if made.made_by in able else able
    tell_users(users, f"hand-over.{what}", made.pk, f"{made.code}:{what}", pseudonym=made.code)
