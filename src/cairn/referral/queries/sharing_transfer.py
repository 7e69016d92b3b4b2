"""What is read of files that go to another organisation: which may, on what, what they touch."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Unit
from cairn.oversight.models import Erasure, Hold, LinkGrant
from cairn.oversight.queries.access import links_of
from cairn.oversight.rules import ErasureState
from cairn.referral.models.consent import Consent
from cairn.referral.models.persons import KIND, Person
from cairn.referral.models.persons_rows import BestInterests, Guardian, NeedsAssessment
from cairn.referral.models.protocols import Protocol
from cairn.referral.models.referrals import Referral
from cairn.referral.models.sharing import (
    HandOver,
    HandOverLine,
    LateNote,
    Moved,
    ShareAgreement,
    taken,
)
from cairn.referral.queries import protocols, risks
from cairn.referral.queries.consent import heard
from cairn.referral.rules import persons_gates
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent import Heard, standing
from cairn.referral.rules.persons_gates import Finding, Guarded, Question
from cairn.referral.rules.referrals import ENDS, PREPARED, WAITING
from cairn.referral.rules.sharing import OPEN, HandOverState
from cairn.referral.rules.sharing_transfer import (
    RUNNING,
    Facts,
    Fate,
    LineState,
    Stays,
    stays,
)

Ids = Collection[UUID]


@dataclass(frozen=True, slots=True)
class Gate:
    """Why a file stays (None: it may go), and on what it goes."""

    stays: Stays | None
    ground: Heard | None
    protocol: Protocol | None

    @property
    def line(self) -> dict[str, Any]:
        """The fields of a line that say so."""
        if self.stays is not None:
            return {"reason": self.stays, "basis": "", "consent_id": None, "protocol": None}
        found = self.ground
        return {
            "reason": "",
            "basis": found.basis if found else "",
            "consent_id": found.id if found else None,
            "protocol": self.protocol,
        }


def gates(
    persons: Sequence[Person], taker_id: UUID, today: date, *, own_line: UUID | None = None
) -> dict[UUID, Gate]:
    """For each file of one place whether it may go to `taker_id` today.

    `own_line`: the line that is about to be carried out, and does not stand in its own way.
    As many questions for many files as for one.
    """
    if not persons:
        return {}
    ids = [each.pk for each in persons]
    first = persons[0]
    protocol = protocols.in_force(
        first.organisation_id, taker_id, Purpose.TRANSFER, today, country=first.country
    )
    is_excluded = risks.ground_against(taker_id, None, today) is not None
    elsewhere = _running(ids, own_line)
    held, erased = _held(ids, today), _to_be_erased(ids)
    answers, guardians, findings = _answers(ids), _guardians(ids), _findings(ids)
    found = {}
    for each in persons:
        ground = standing(answers[each.pk], taker_id, (), today)
        facts = Facts(
            is_open=each.is_open,
            is_elsewhere=each.pk in elsewhere,
            is_held=each.pk in held,
            is_to_be_erased=each.pk in erased,
            is_excluded=is_excluded,
            ground=ground,
            protocol=protocol,
            is_guarded=persons_gates.is_guarded(each.age_band, guardians[each.pk], today),
            serves_child=persons_gates.serves_child(
                each.age_band, findings[each.pk], Question.TRANSFER, today
            ),
        )
        found[each.pk] = Gate(stays(facts), ground, protocol)
    return found


def _running(ids: Ids, own_line: UUID | None) -> set[UUID]:
    rows = HandOverLine.objects.filter(person__in=ids, state__in=RUNNING)
    rows = rows.exclude(pk=own_line) if own_line else rows
    return set(rows.values_list("person_id", flat=True))


def _held(ids: Ids, today: date) -> set[UUID]:
    rows = Hold.objects.live(today).filter(kind=KIND, subject_id__in=ids)
    return set(rows.values_list("subject_id", flat=True))


def _to_be_erased(ids: Ids) -> set[UUID]:
    states = [ErasureState.ASKED, ErasureState.APPROVED]
    rows = Erasure.objects.filter(kind=KIND, subject_id__in=ids, state__in=states)
    return {found for found in rows.values_list("subject_id", flat=True) if found}


def _answers(ids: Ids) -> dict[UUID, list[Heard]]:
    rows = Consent.objects.filter(
        person__in=ids, purpose=Purpose.TRANSFER, decided_at__isnull=False
    )
    found: dict[UUID, list[Heard]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(heard(row))
    return found


def _guardians(ids: Ids) -> dict[UUID, list[Guarded]]:
    rows = Guardian.objects.filter(person__in=ids).order_by("number")
    found: dict[UUID, list[Guarded]] = defaultdict(list)
    for person_id, starts_on, ends_on in rows.values_list("person_id", "starts_on", "ends_on"):
        found[person_id].append(Guarded(starts_on, ends_on))
    return found


def _findings(ids: Ids) -> dict[UUID, list[Finding]]:
    rows = BestInterests.objects.filter(person__in=ids).order_by("number")
    names = ("person_id", "question", "kind", "outcome", "decided_on", "review_on")
    found: dict[UUID, list[Finding]] = defaultdict(list)
    for person_id, *values in rows.values_list(*names):
        found[person_id].append(Finding(*values))
    return found


def cards(persons: Sequence[Person]) -> dict[UUID, dict[str, Any]]:
    """What the other side sees of each before it accepts: no name, no code. One query."""
    rows = NeedsAssessment.objects.filter(person__in=[each.pk for each in persons])
    needs = dict(rows.order_by("number").values_list("person_id", "needs"))
    return {
        each.pk: {
            "age_band": each.age_band,
            "needs": needs.get(each.pk) or {},
            "languages": list(each.languages),
        }
        for each in persons
    }


@dataclass(frozen=True, slots=True)
class Touched:
    """A referral or a share that is open when its file goes, and what becomes of it."""

    code: str
    is_share: bool
    fate: Fate


def touched(ids: Ids) -> dict[UUID, list[Touched]]:
    """What is open of these persons, by person. Two queries."""
    found: dict[UUID, list[Touched]] = defaultdict(list)
    referrals = Referral.objects.filter(person__in=ids).exclude(state__in=ENDS).order_by("code")
    for person_id, code, state in referrals.values_list("person_id", "code", "state"):
        found[person_id].append(Touched(code, False, _fate(state)))
    shares = ShareAgreement.objects.filter(person__in=ids, state__in=OPEN).order_by("code")
    for person_id, code in shares.values_list("person_id", "code"):
        found[person_id].append(Touched(code, True, Fate.ENDS))
    return found


def _fate(state: str) -> Fate:
    if state in PREPARED:
        return Fate.TAKEN_BACK
    return Fate.WAITS_ON if state in WAITING else Fate.GOES_ON


def live_links(person: Person, today: date) -> QuerySet[LinkGrant]:
    """Links of the record to the other zone, which its old owner authorised."""
    return links_of(Zone.PROTECTION, person.pk).live(today)  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many files of a hand-over have gone, of how many; `stayed`: what came in between."""

    moved: int
    total: int
    stayed: int

    @property
    def is_over(self) -> bool:
        return self.moved + self.stayed >= self.total


def progress(hand_over: HandOver) -> Progress:
    """One query."""
    rows = HandOverLine.objects.filter(hand_over=hand_over)
    counts = rows.aggregate(
        moved=Count("pk", filter=Q(state=LineState.MOVED)),
        going=Count("pk", filter=Q(state=LineState.ACCEPTED)),
        stayed=Count("pk", filter=Q(state=LineState.STAYS, moved_at__isnull=False)),
    )
    total = counts["moved"] + counts["going"] + counts["stayed"]
    return Progress(counts["moved"], total, counts["stayed"])


def at_taker(made: HandOver, unit: Unit | None) -> Any:
    """The place to which the files go, as questions about places take it."""
    return SimpleNamespace(
        organisation_id=made.taker_id, unit_id=unit.pk if unit else None, country=made.country
    )


def waiting(actor: Actor) -> QuerySet[HandOver]:
    """What other organisations offer to one's own place, the oldest first."""
    rows = HandOver.objects.filter(
        taken(actor, Permission.CASELOAD_SUPERVISE), state=HandOverState.PROPOSED
    )
    return rows.select_related("organisation").order_by("made_at")


def gone(actor: Actor, record: str) -> Moved | None:
    """What the actor is told of a record that is gone from its own place; the newest. One query."""
    rows = Moved.objects.visible_to(actor).filter(record=record)
    return rows.select_related("organisation", "ask").order_by("-at").first()


def gone_with(actor: Actor, referral: str) -> Moved | None:
    """What the actor is told of the record with which a referral of its own place went along.

    None for a referral that the actor sees, or that its place never sent. Two queries.
    """
    if Referral.objects.visible_to(actor).filter(code=referral).exists():
        return None
    rows = Moved.objects.visible_to(actor).filter(
        scoped(actor, Permission.REFERRAL_SEND),
        person__referrals__code=referral,
        person__referrals__made_at__lte=F("at"),
    )
    return rows.select_related("organisation", "ask", "person").order_by("-at").first()


def all_gone(actor: Actor) -> QuerySet[Moved]:
    """What is gone from one's own places, the newest on top."""
    return Moved.objects.visible_to(actor).select_related("ask").order_by("-at", "code")


def late_notes(person: Person) -> QuerySet[LateNote]:
    """What old owners wrote late, newest first."""
    rows: QuerySet[LateNote] = LateNote.objects.filter(person=person)
    return rows.select_related("source").order_by("-number")


def unfinished() -> list[UUID]:
    """Hand-overs with files that are on their way, the oldest first."""
    rows = HandOver.objects.filter(state=HandOverState.MOVING).order_by("decided_at")
    return list(rows.values_list("pk", flat=True)[:100])
