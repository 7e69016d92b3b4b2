"""What a unit does with reports: open, read, link to a procedure, close with a reason, take up.

A report is opened with a member's reading passphrase, on that very request. Its content is then
sealed anew by the vault and read like everything sealed: for a purpose, with a reason, noted before
anything is shown. The identity block stays sealed for the unit's key and takes both, each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.identification.actions.procedures import Place, enter_procedure, note_age
from cairn.identification.actions.unit_keys import private_half
from cairn.identification.envelopes import content as contents
from cairn.identification.envelopes import hpke
from cairn.identification.envelopes.format import Envelope
from cairn.identification.models import Procedure, Report, ReportContent, ReportStep
from cairn.identification.rules import triage as rules
from cairn.identification.rules.choices import ReportState
from cairn.identification.rules.procedures import AgeStatus, check_not_erased
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.rules import Purpose, check_reason

# Coded facts that stand beside the sealed content, so that the unit can compare and count.
_FACTS = ("setting", "age", "age_band", "sex", "area", "language", "band", "judgement", "outcome")
# Flaws of an identity block that leave its texts as they are.
_SHOWN_ALL_THE_SAME = frozenset({"", "control-signs", "markup", "too-long"})


@dataclass(frozen=True, slots=True)
class Opened:
    """What an opening gave. `content`: as content v1, empty where it could not be understood.

    `flaw`: why it could not be read as it should, as a code of rules.triage.Flaw; `raw`: what it
    says all the same, as it was sent; `note`: why the report was closed; `problem`: why the vault
    cannot open it ("altered", "erased", "no-key").
    """

    report: Report
    content: Mapping[str, Any] = field(default_factory=dict)
    raw: str = ""
    flaw: str = ""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity block, for this one answer. `flaw`: why it cannot be read; empty when it can."""

    name: str = ""
    phone: str = ""
    note: str = ""
    flaw: str = ""


def open_report(actor: Actor, code: str, passphrase: str, purpose: Purpose, reason: str) -> Opened:
    """Open a report for the first time: its phone learns that it was read by a person.

    What does not open, or is not understood, keeps its sealed bytes and gets a flaw for all to see.
    Not inside a transaction: the reading is committed before anything is shown.
    Raises Report.DoesNotExist, PermissionDenied, WrongPassphrase, RuleBroken ("report.opened",
    "oversight.reason", "key.holder", "key.destroyed").
    """
    report = _visible(actor, code)
    require(actor, Permission.REPORT_OPEN, within=report)
    rules.check_opening(ReportState(report.state), flaw=report.flaw)
    check_reason(reason)
    private = private_half(actor, report.key, passphrase)
    try:
        plain = hpke.open_(private, bytes(report.payload or b""), _envelope(report).content_info())
    except hpke.Unopened:
        return Opened(_flawed(actor, report), flaw=rules.Flaw.NOT_OPENED.value)
    content = _take_in(actor, report, *_understood(plain))
    return _read(actor, content, purpose, reason)


def read_report(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Read an opened report again, for a purpose and a reason that are kept.

    Raises Report.DoesNotExist, ReportContent.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason").
    """
    report = _visible(actor, code)
    require(actor, Permission.REPORT_OPEN, within=report)
    return _read(actor, _content(report), purpose, reason)


def open_identity(
    actor: Actor, code: str, passphrase: str, purpose: Purpose, reason: str
) -> Identity:
    """The name and contact that a person agreed to give: shown on this answer, stored nowhere.

    Raises Report.DoesNotExist, ReportContent.DoesNotExist, PermissionDenied, WrongPassphrase,
    RuleBroken ("oversight.reason", "key.holder", "key.destroyed").
    """
    report = _visible(actor, code)
    require(actor, Permission.REPORT_OPEN, within=report)
    content = _content(report)
    check_reason(reason)
    private = private_half(actor, report.key, passphrase)
    sealed = readings.read(actor, [content], ["identity"], purpose, reason)[0].values["identity"]
    if isinstance(sealed, Unreadable):
        return Identity(flaw=sealed.reason)
    try:
        plain = hpke.open_(private, sealed, _envelope(report).identity_info())
        given = contents.read_padded(plain)
    except hpke.Unopened:
        return Identity(flaw=rules.Flaw.NOT_OPENED.value)
    except contents.ContentFlaw as flaw:
        return Identity(flaw=rules.flaw_of(flaw.code).value)
    # What a text holds is no reason to show nothing: nobody could ask the person again.
    if (flaw_code := contents.check_identity(given)) not in _SHOWN_ALL_THE_SAME:
        return Identity(flaw=rules.flaw_of(flaw_code).value)
    texts = (str(given.get(name, "")) for name in ("name", "phone", "note"))
    return Identity(*map(contents.without_hidden_signs, texts))


@transaction.atomic
def settle(
    actor: Actor,
    code: str,
    outcome: ReportState,
    reason: str,
    *,
    note: str = "",
    repeats: str = "",
) -> Report:
    """Close a report: no concern, not enough known, or reported already (`repeats`: that code).

    Raises Report.DoesNotExist, PermissionDenied, RuleBroken ("report.move", "report.reason",
    "report.same", "report.repeats", "report.other-unit").
    """
    report = _locked(actor, code)
    require(actor, Permission.REPORT_TRIAGE, within=report)
    rules.check_outcome(ReportState(report.state), outcome, flaw=report.flaw)
    why = rules.check_reason(outcome, reason)
    content = _content_or_new(actor, report)
    rules.check_not_erased(content.erased_on)
    facts: dict[str, str] = {}
    if outcome == ReportState.DUPLICATE:
        other = Report.objects.visible_to(actor).get(code=repeats)
        rules.check_repeats(report.pk, other.pk, ReportState(other.state))
        rules.check_in_one_unit(report.receiver_id == other.receiver_id)
        content.duplicate_of = other
        facts["repeats"] = other.code
    content.note = note.strip()
    content.keep_until = timezone.localdate() + rules.KEEP_FOR
    content.save()
    _move(actor, report, outcome, due_at=None, reason=why.value, facts=facts)
    audit.record(actor, "report.settled", content, outcome=outcome.value, reason=why.value)
    return report


@transaction.atomic
def link_to_procedure(actor: Actor, code: str, procedure_code: str | None = None) -> Procedure:
    """Link a report to the person whom it is about: a procedure that exists, or (None) a new one.

    The age travels with it: a child stays a child, and a doubt about age counts as one.
    Raises Report.DoesNotExist, Procedure.DoesNotExist, PermissionDenied, RuleBroken
    ("report.move", "procedure.erased").
    """
    report = _locked(actor, code)
    require(actor, Permission.REPORT_TRIAGE, within=report)
    rules.check_outcome(ReportState(report.state), ReportState.LINKED, flaw=report.flaw)
    content = _content(report)
    rules.check_not_erased(content.erased_on)
    age = AgeStatus(rules.age_status_of(content.age))
    is_new = procedure_code is None
    if procedure_code is None:
        unit = report.receiver
        procedure = enter_procedure(
            actor,
            Place(unit.organisation, unit.country, unit.unit),
            opened_on=timezone.localdate(),
            age_status=age,
        )
    else:
        procedure = _procedure(actor, procedure_code, age)
    content.procedure = procedure
    content.keep_until = procedure.keep_until
    content.save()
    _move(actor, report, ReportState.LINKED, due_at=None, facts={"procedure": procedure.code})
    audit.record(actor, "report.linked", content, procedure=procedure.code, is_new=is_new)
    return procedure


@transaction.atomic
def take_up(actor: Actor, code: str, reason: str) -> Report:
    """Take a closed report up again: it waits for an outcome anew, and what it was joined to is
    no longer said of it. The steps keep what was.

    Raises Report.DoesNotExist, PermissionDenied, RuleBroken ("report.move", "report.reason").
    """
    report = _locked(actor, code)
    require(actor, Permission.REPORT_TRIAGE, within=report)
    rules.check_taking_up(ReportState(report.state))
    why = rules.check_reason(ReportState.OPENED, reason)
    content = _content(report)
    rules.check_not_erased(content.erased_on)
    content.procedure = content.duplicate_of = None
    content.keep_until = timezone.localdate() + rules.KEEP_FOR
    content.save()
    now = clock.now()
    _move(actor, report, ReportState.OPENED, due_at=rules.triage_by(now), reason=why.value, at=now)
    audit.record(actor, "report.taken_up", content, reason=why.value)
    return report


# --- Opening, step by step -------------------------------------------------------------------


def _envelope(report: Report) -> Envelope:
    """The outside of the envelope, to which its two sealed parts are tied."""
    return Envelope(
        id=str(report.pk),
        device=report.device.code if report.device else "",
        sequence=report.sequence or 0,
        key=report.key_id,
        made_at=report.made_at,
        edition=report.edition,
        is_urgent=report.urgent,
        content=b"",
        identity=b"",
    )


def _understood(plain: bytes) -> tuple[dict[str, Any], str]:
    """What was sealed and "", or the text as it was sent and the code of its flaw."""
    try:
        given = contents.read_padded(plain)
        flaw = contents.check_content(given)
    except contents.ContentFlaw as problem:
        given, flaw = None, problem.code
    if not flaw:
        return given, ""
    raw = plain.rstrip(b" ").decode("utf-8", "replace").replace("\0", "�")
    return {"v": 0, "raw": raw}, rules.flaw_of(flaw).value


def _flawed(actor: Actor, report: Report) -> Report:
    """Note that a report does not open; it stays received, with its clock and its bytes."""
    with transaction.atomic():
        locked = _locked(actor, report.code)
        if locked.flaw != rules.Flaw.NOT_OPENED:
            locked.flaw = rules.Flaw.NOT_OPENED.value
            locked.save(update_fields=["flaw"])
            facts = {"flaw": locked.flaw}
            _step(actor, locked, ReportState(locked.state), clock.now(), facts=facts)
        audit.record(actor, "report.flawed", locked, flaw=locked.flaw)
    return locked


def _take_in(actor: Actor, report: Report, given: Mapping[str, Any], flaw: str) -> ReportContent:
    """Seal the content anew, store the coded facts, and note who opened it when."""
    with transaction.atomic():
        locked = _locked(actor, report.code)
        was = ReportState(locked.state)
        rules.check_opening(was, flaw=locked.flaw)
        now = clock.now()
        content = ReportContent.objects.filter(report=locked).first() or ReportContent(
            report=locked,
            code=locked.code,
            opened_at=now,
            opened_by=person(actor),
            keep_until=timezone.localdate() + rules.KEEP_FOR,
        )
        content.content = dict(given)
        if not flaw:
            for name in _FACTS:
                setattr(content, name, given.get(name, ""))
            # Script and country stay in the content: the language is enough to compare and count.
            content.language = content.language.partition("-")[0]
            content.signs = rules.signs_seen(given)
            # From here on the vault's seal is the only one, so that erasing its key erases all.
            locked.payload = None
        if locked.identity_payload:
            content.identity = bytes(locked.identity_payload)
            locked.identity_payload = None
        content.save()
        locked.flaw = flaw
        locked.read_at, locked.read_by = locked.read_at or now, locked.read_by or person(actor)
        due_at = rules.triage_by(now) if was == ReportState.RECEIVED else locked.due_at
        facts = {"flaw": flaw} if flaw else {}
        _move(actor, locked, ReportState.OPENED, due_at=due_at, facts=facts, at=now)
        locked.save()
        audit.record(actor, "report.opened", content, **facts)
    return content


def _read(actor: Actor, content: ReportContent, purpose: Purpose, reason: str) -> Opened:
    report = content.report
    values = readings.read(actor, [content], ["content", "note"], purpose, reason)[0].values
    stored, note = values["content"], values["note"]
    problem = stored.reason if isinstance(stored, Unreadable) else ""
    given: Mapping[str, Any] = {} if problem or stored is None else stored
    return Opened(
        report,
        content={} if report.flaw else given,
        raw=str(given.get("raw", "")) if report.flaw else "",
        flaw=report.flaw,
        note="" if isinstance(note, Unreadable) else note,
        problem=problem,
    )


# --- Steps -----------------------------------------------------------------------------------


def _move(
    actor: Actor,
    report: Report,
    to: ReportState,
    *,
    due_at: datetime | None,
    reason: str = "",
    facts: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    report.state, report.due_at = to, due_at
    report.save(update_fields=["state", "due_at"])
    _step(actor, report, to, at or clock.now(), reason=reason, facts=facts)


def _step(
    actor: Actor,
    report: Report,
    state: ReportState,
    at: datetime,
    *,
    reason: str = "",
    facts: Mapping[str, str] | None = None,
) -> None:
    ReportStep.objects.create(
        report=report,
        at=at,
        user_id=actor.user_id,
        state=state,
        reason=reason,
        facts=dict(facts or {}),
    )


def _visible(actor: Actor, code: str) -> Report:
    rows = Report.objects.visible_to(actor).select_related("receiver", "key", "device")
    found: Report = rows.get(code=code)
    return found


def _locked(actor: Actor, code: str) -> Report:
    rows = Report.objects.visible_to(actor).select_related("receiver", "key")
    found: Report = rows.select_for_update(of=("self",)).get(code=code)
    return found


def _content(report: Report) -> ReportContent:
    """Raises ReportContent.DoesNotExist for a report that nobody has opened."""
    return ReportContent.objects.select_related("report__receiver").get(report=report)


def _content_or_new(actor: Actor, report: Report) -> ReportContent:
    """What was found, or a place for the note about a report that could not be opened."""
    found = ReportContent.objects.filter(report=report).first()
    return found or ReportContent(
        report=report, code=report.code, opened_at=clock.now(), opened_by=person(actor)
    )


def _procedure(actor: Actor, code: str, age: AgeStatus) -> Procedure:
    """The procedure that somebody chose, with the more careful of both ages."""
    procedure: Procedure = Procedure.objects.visible_to(actor).get(code=code)
    check_not_erased(procedure.erased_on)
    careful = rules.more_careful_age(procedure.age_status, age)
    if careful != procedure.age_status:
        procedure = note_age(actor, code, careful)
    return procedure
