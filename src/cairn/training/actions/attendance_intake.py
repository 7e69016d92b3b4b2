"""Taking attendance marks in: what is known, what is new, what is refused with which reason."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from cairn.core import audit, clock, pseudonyms
from cairn.core.actor import Actor
from cairn.training.models import (
    AttendanceMark,
    Enrolment,
    ReceivedRecord,
    RefusedRecord,
    Step,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.rules import attendance as rules
from cairn.training.rules.attendance import Judgement
from cairn.training.rules.choices import MarkKind, MarkMeans
from cairn.training.rules.states import EnrolmentState
from cairn.training.testing import personal_codes

KIND = "mark"
# What stands on paper or is said at the desk is entered later; what is scanned is not.
_WINDOWED = frozenset({MarkMeans.QR, MarkMeans.CODE})
_SCANNED = frozenset({MarkKind.IN, MarkKind.OUT})
# What shows that somebody came, and the states that it ends.
_SHOWS = frozenset({MarkKind.IN, MarkKind.PRESENT})
_EXPECTED = frozenset({EnrolmentState.ENROLLED, EnrolmentState.NO_SHOW})
Outcome = ReceivedRecord.Outcome


@dataclass(frozen=True, slots=True)
class MarkSent:
    """A mark as a device or a kit sends it.

    `code`: personal code, or the person's own code; `enrolment` instead where the sender knows it.
    `at`: aware, by the device's clock; `offset_seconds`: device clock minus ours, None: unknown.
    `corrects`: the mark that a VOID takes back.
    """

    id: UUID
    session: UUID | None
    kind: str
    at: datetime
    code: str = ""
    enrolment: UUID | None = None
    means: str = MarkMeans.CODE
    device: str = ""
    sequence: int = 0
    offset_seconds: int | None = None
    corrects: UUID | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What is kept of it when it is refused: codes, ids, time in milliseconds since 1970."""
        return {
            "id": str(self.id),
            "session": str(self.session or ""),
            "code": self.code[:40],
            "enrolment": str(self.enrolment or ""),
            "kind": self.kind[:8],
            "means": self.means[:6],
            "at": round(self.at.timestamp() * 1000),
            "device": self.device[:40],
            "sequence": self.sequence,
            "corrects": str(self.corrects or ""),
        }

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the content in canonical JSON; the clock's offset is not part of it.

        Phones make the same from what they hold (static/training/attendance/scan.js).
        """
        text = json.dumps(self.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a record. `digest`: hash of what is kept; the sender compares it.

    `outcome`: "accepted", "duplicate", "refused", "parked". `reason`: for people, when refused.
    """

    record_id: UUID
    outcome: str
    digest: str
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: str
    reason: str
    is_parked: bool = False


@dataclass(slots=True)
class _Person:
    """A participant as far as a mark needs one. `state` changes as the batch is gone through."""

    pk: UUID
    code: str
    state: str


class Intake:
    """One batch of marks for one event: what is known, what is new, what is refused."""

    def __init__(self, actor: Actor, event: TrainingEvent) -> None:
        self.actor, self.event, self.now = actor, event, clock.now()
        self.sessions = {each.pk: each for each in event.sessions.all()}
        self.people: dict[UUID, _Person] = {}
        self.codes: dict[str, UUID] = {}
        self.known: dict[UUID, ReceivedRecord] = {}
        self.refused_before: dict[tuple[UUID, str], RefusedRecord] = {}
        self.targets: dict[UUID, tuple[UUID, UUID]] = {}
        self.new: list[AttendanceMark] = []
        self.ledger: list[ReceivedRecord] = []
        self.refusals: list[RefusedRecord] = []
        # Those whom this batch shows for the first time, with the state before.
        self.started: dict[UUID, str] = {}

    def in_order(self, sent: Sequence[MarkSent]) -> list[MarkSent]:
        """Each id once, what is corrected before what corrects it; looks up what is known."""
        once = list({each.id: each for each in reversed(sent)}.values())
        self._look_up(once)
        ids = [each.id for each in once]
        ledger = ReceivedRecord.objects.filter(kind=KIND, record_id__in=ids)
        self.known = {each.record_id: each for each in ledger}
        before = RefusedRecord.objects.filter(kind=KIND, record_id__in=ids)
        self.refused_before = {(each.record_id, each.digest): each for each in before}
        wanted = [each.corrects for each in once if each.corrects is not None]
        if wanted:
            rows = AttendanceMark.objects.filter(pk__in=wanted)
            self.targets = {
                pk: (session, enrolment)
                for pk, session, enrolment in rows.values_list("pk", "session", "enrolment")
            }
        return sorted(once, key=lambda each: each.kind == MarkKind.VOID)

    def _look_up(self, marks: Sequence[MarkSent]) -> None:
        """The participants whom `marks` name, and nobody else: phones send one mark at a time."""
        personal = {personal_codes.tidied(each.code) for each in marks} - {""}
        own = {pseudonyms.tidied(each.code) for each in marks} - {""}
        # Codes that were drawn elsewhere may have the form of a person's code.
        rows = Enrolment.objects.filter(event=self.event).filter(
            Q(personal_code__in=personal | own)
            | Q(practitioner__code__in=own)
            | Q(pk__in=[each.enrolment for each in marks if each.enrolment])
        )
        for pk, code, practitioner, state in rows.values_list(
            "pk", "personal_code", "practitioner__code", "state"
        ):
            self.people.setdefault(pk, _Person(pk, code, state))
            self.codes[code] = pk
            self.codes.setdefault(practitioner, pk)

    def take(self, mark: MarkSent) -> Receipt:
        digest = mark.digest
        if (known := self.known.get(mark.id)) is not None:
            if known.digest == digest:
                return self._again(mark, known)
            why = _("Another mark with this id came before, and it counts.")
            return self._refuse(mark, _Refusal("mark.conflict", why), is_noted=False)
        who = self._person(mark)
        if found := self._refusal(mark, who):
            return self._refuse(mark, found)
        if who is None or mark.session is None:
            return self._refuse(mark, _stranger(mark.code))
        self._accept(mark, mark.session, who)
        return Receipt(mark.id, "accepted", digest)

    def _again(self, mark: MarkSent, known: ReceivedRecord) -> Receipt:
        if known.outcome == Outcome.ACCEPTED:
            return Receipt(mark.id, "duplicate", known.digest)
        kept = self.refused_before.get((mark.id, known.digest))
        return Receipt(
            mark.id,
            known.outcome,
            known.digest,
            kept.reason_code if kept else "",
            kept.reason if kept else "",
        )

    def _person(self, mark: MarkSent) -> "_Person | None":
        if mark.enrolment is not None:
            return self.people.get(mark.enrolment)
        key = self.codes.get(personal_codes.tidied(mark.code)) or self.codes.get(
            pseudonyms.tidied(mark.code)
        )
        return self.people.get(key) if key else None

    def _refusal(self, mark: MarkSent, who: "_Person | None") -> _Refusal | None:
        """Why the mark cannot be taken; None when it can."""
        if mark.kind not in MarkKind.values or mark.means not in MarkMeans.values:
            return _Refusal("mark.kind", _("The mark is of a kind that is not known here."))
        session = self.sessions.get(mark.session) if mark.session else None
        if session is None:
            return _Refusal("mark.session", _("The session does not belong to this event."))
        if who is None:
            return _stranger(mark.code)
        if who.state == EnrolmentState.WITHDRAWN:
            return _Refusal(
                "mark.withdrawn",
                _("%(code)s has withdrawn from the event.") % {"code": who.code},
            )
        if mark.kind == MarkKind.VOID:
            return self._void_refusal(mark, session, who)
        if mark.means in _WINDOWED and mark.kind in _SCANNED:
            return _outside(mark, session)
        if self.now < session.starts_at - timedelta(hours=1):
            return _Refusal("mark.not-begun", _("The session has not begun yet."))
        return None

    def _void_refusal(
        self, mark: MarkSent, session: TrainingSession, who: "_Person"
    ) -> _Refusal | None:
        if mark.corrects is None:
            return _Refusal("mark.corrects", _("A correction names the mark that it takes back."))
        target = self.targets.get(mark.corrects)
        if target is None:
            return _Refusal(
                "mark.waits",
                _("The mark that this one corrects has not arrived yet."),
                is_parked=True,
            )
        if target != (session.pk, who.pk):
            return _Refusal(
                "mark.corrects", _("The correction names a mark of another person or session.")
            )
        return None

    def _accept(self, mark: MarkSent, session: UUID, who: "_Person") -> None:
        self.new.append(
            AttendanceMark(
                id=mark.id,
                event=self.event,
                session_id=session,
                enrolment_id=who.pk,
                kind=mark.kind,
                means=mark.means,
                at=mark.at,
                offset_seconds=mark.offset_seconds,
                device=mark.device[:40],
                sequence=mark.sequence,
                corrects=mark.corrects,
                recorded_by=self.actor.user_id,
                received_at=self.now,
            )
        )
        self.targets[mark.id] = (session, who.pk)
        self._note(mark, Outcome.ACCEPTED)
        if who.state in _EXPECTED and mark.kind in _SHOWS:
            self.started[who.pk] = who.state
            who.state = EnrolmentState.STARTED

    def _refuse(self, mark: MarkSent, refusal: _Refusal, *, is_noted: bool = True) -> Receipt:
        """Keep it for people. `is_noted` False: the ledger holds another mark under this id."""
        outcome = Outcome.PARKED if refusal.is_parked else Outcome.REFUSED
        receipt = Receipt(mark.id, outcome.value, mark.digest, refusal.code, refusal.reason)
        if (mark.id, mark.digest) in self.refused_before:
            return receipt
        self.refusals.append(
            RefusedRecord(
                record_id=mark.id,
                kind=KIND,
                event=self.event,
                content=mark.content,
                digest=mark.digest,
                origin=mark.device[:40],
                reason_code=refusal.code,
                reason=refusal.reason[:400],
                is_parked=refusal.is_parked,
                received_at=self.now,
            )
        )
        if is_noted:
            self._note(mark, outcome)
        return receipt

    def _note(self, mark: MarkSent, outcome: Outcome) -> None:
        self.ledger.append(
            ReceivedRecord(
                record_id=mark.id,
                kind=KIND,
                digest=mark.digest,
                origin=mark.device[:40],
                event=self.event,
                outcome=outcome,
                received_at=self.now,
            )
        )

    def keep(self) -> None:
        """Write everything down, and offer what waited for a mark that is here now."""
        AttendanceMark.objects.bulk_create(self.new)
        ReceivedRecord.objects.bulk_create(self.ledger)
        RefusedRecord.objects.bulk_create(self.refusals)
        accepted = len(self.new)
        self._offer_parked()
        self._keep_started()
        if accepted or self.refusals:
            audit.record(
                self.actor,
                "attendance.marked",
                self.event,
                accepted=accepted,
                refused=len(self.refusals),
            )

    def _keep_started(self) -> None:
        """Whoever was seen has started; one step in the history of each."""
        if not self.started:
            return
        Enrolment.objects.filter(pk__in=self.started).update(state=EnrolmentState.STARTED)
        Step.objects.bulk_create(
            Step(
                subject="enrolment",
                subject_id=key,
                before=before,
                after=EnrolmentState.STARTED,
                at=self.now,
                author_id=self.actor.user_id,
            )
            for key, before in self.started.items()
        )

    def _offer_parked(self) -> None:
        """Corrections that waited for a mark of this batch count from now on."""
        arrived = {str(each.pk) for each in self.new}
        if not arrived:
            return
        waiting = RefusedRecord.objects.filter(event=self.event, kind=KIND, is_parked=True)
        for each in waiting:
            if each.content.get("corrects") not in arrived:
                continue
            mark = _read_back(each.content)
            self._look_up([mark])
            who = self._person(mark)
            if who is None or mark.session is None or self._refusal(mark, who):
                continue
            self.new, self.ledger = [], []
            self._accept(mark, mark.session, who)
            AttendanceMark.objects.bulk_create(self.new)
            ReceivedRecord.objects.filter(kind=KIND, record_id=mark.id).update(
                outcome=Outcome.ACCEPTED
            )
            each.delete()


def _stranger(code: str) -> _Refusal:
    shown = code.strip()[:12] or "–"
    return _Refusal(
        "mark.stranger",
        _("Nobody at this event has the code %(code)s.") % {"code": shown},
    )


def _outside(mark: MarkSent, session: TrainingSession) -> _Refusal | None:
    known = mark.offset_seconds
    true_time = None if known is None else mark.at - timedelta(seconds=known)
    judged = rules.judge_window(session.marks_open_from, session.marks_open_until, true_time)
    reasons = {
        Judgement.NOT_OPEN: _("Attendance for this session was never opened."),
        Judgement.TOO_EARLY: _("The mark was made before attendance was opened."),
        Judgement.TOO_LATE: _("The mark was made after attendance was closed."),
    }
    if judged is Judgement.ACCEPTED:
        return None
    return _Refusal(f"mark.{judged.value}", reasons[judged])


def _read_back(content: Mapping[str, Any]) -> MarkSent:
    """A mark as `MarkSent.content` wrote it down."""

    def key(name: str) -> UUID | None:
        return UUID(content[name]) if content.get(name) else None

    return MarkSent(
        id=UUID(content["id"]),
        session=key("session"),
        kind=content["kind"],
        at=datetime.fromtimestamp(content["at"] / 1000, tz=UTC),
        code=content["code"],
        enrolment=key("enrolment"),
        means=content["means"],
        device=content["device"],
        sequence=content["sequence"],
        corrects=key("corrects"),
    )
