"""Every write about certificates: issue, renew, replace, suspend, reinstate, revoke."""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, pseudonyms
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.actions import readings
from cairn.oversight.rules import Purpose
from cairn.training.actions.steps import locked_event, move, record_step
from cairn.training.models import (
    Credential,
    CredentialType,
    Practitioner,
    TeamMember,
    TrainerQualification,
    TrainingEvent,
)
from cairn.training.openbadges import compact, jose, statuslist
from cairn.training.queries import credentials as queries
from cairn.training.queries.credentials import EVENT_KINDS, Line
from cairn.training.rules.choices import CredentialKind, LadderStep
from cairn.training.rules.states import CREDENTIAL_MOVES, DELIVERED, CredentialState, EventState
from cairn.vault import issuing

# As many people at a time as their names may be opened at once.
MOST_AT_ONCE = readings.MOST_AT_ONCE
# How far a trainer's level stands on the ladder.
_LADDER = list(LadderStep)


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of issuing for an event. `left`: people who still wait, for another go."""

    credentials: list[Credential]
    left: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A certificate that is to be made. `evidence`: facts that it rests on, of ids and counts."""

    type: CredentialType
    practitioner: Practitioner
    event: TrainingEvent | None
    organisation_id: UUID
    country: str
    language: str
    valid_from: date
    valid_until: date | None
    evidence: Mapping[str, object]
    level: str = ""
    before: Credential | None = None


def issue_for_event(
    actor: Actor,
    reference: str,
    kinds: Collection[CredentialKind] = EVENT_KINDS,
    reason: str = "",
) -> Issued:
    """Issue what the participants of a delivered event have earned and do not hold yet.

    Names of those who agreed to it are opened for `reason` and signed in; so this is never called
    inside another transaction. At most a hundred people at a time. Raises
    TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("credential.not-delivered",
    "credential.no-type", "credential.nobody-due", "oversight.reason").
    """
    event = TrainingEvent.objects.visible_to(actor).get(reference=reference)
    require(actor, Permission.CREDENTIAL_ISSUE, within=event)
    _check_delivered(event)
    types = _types_of(actor, kinds)
    waiting = _waiting(event, types)
    if not waiting:
        raise RuleBroken(
            "credential.nobody-due",
            _("Nobody waits for a certificate of this event."),
            _("Look at minutes and results first: they decide who has earned one."),
        )
    now_on = waiting[:MOST_AT_ONCE]
    people = [line.enrolment.practitioner for line in now_on]
    reason = reason or _("Certificates of the training %(reference)s") % {"reference": reference}
    holders = _holders(actor, people, [line.enrolment.language for line in now_on], reason)
    with transaction.atomic():
        event = locked_event(actor, reference)
        still = {line.enrolment.pk: line for line in _waiting(event, types)}
        lines = [still[line.enrolment.pk] for line in now_on if line.enrolment.pk in still]
        press = _Press(actor)
        made = [
            press.issue(_from_event(event, line, types[kind]), holders)
            for line in lines
            for kind in line.due
            if kind in types
        ]
        audit.record(actor, "credential.event_certified", event, count=len(made))
    return Issued(made, len(waiting) - len(now_on))


def issue_to(
    actor: Actor,
    person_code: str,
    type_code: str,
    *,
    valid_from: date,
    language: str = "",
    reason: str = "",
) -> Credential:
    """Certify a trainer, an assessor or a member of a mobile team by what is on record.

    Not inside another transaction (a name may be opened). Raises Practitioner.DoesNotExist,
    CredentialType.DoesNotExist, PermissionDenied, RuleBroken ("credential.of-event",
    "credential.no-basis", "credential.held", "oversight.reason").
    """
    practitioner = Practitioner.objects.visible_to(actor).get(code=person_code)
    require(actor, Permission.CREDENTIAL_ISSUE, within=practitioner)
    kind = queries.types(actor).get(code=type_code)
    level, evidence = _basis(kind, practitioner, valid_from)
    language = queries.language_for(language, None)
    holders = _holders(actor, [practitioner], [language], reason)
    plan = _Plan(
        type=kind,
        practitioner=practitioner,
        event=None,
        organisation_id=practitioner.organisation_id,
        country=practitioner.country,
        language=language,
        valid_from=valid_from,
        valid_until=_valid_until(kind, valid_from),
        evidence=evidence,
        level=level,
    )
    with transaction.atomic():
        _lock(actor, practitioner)
        _check_not_held(practitioner, kind, level)
        return _Press(actor).issue(plan, holders, reason)


def renew(actor: Actor, code: str, reason: str, *, valid_from: date | None = None) -> Credential:
    """A successor with a period of its own, from today or `valid_from`; the old one is replaced.

    What a trainer's certificate rests on must still hold. Not inside another transaction. Raises
    Credential.DoesNotExist, PermissionDenied, RuleBroken ("credential.move", "credential.no-basis",
    "credential.succeeded", "oversight.reason").
    """
    old = queries.find(actor, code)
    require(actor, Permission.CREDENTIAL_ISSUE, within=old)
    _check_may_follow(old, {CredentialState.ISSUED})
    begins = valid_from or timezone.localdate()
    level, evidence = old.level, _evidence_of(old)
    if old.type.kind not in EVENT_KINDS:
        level, evidence = _basis(old.type, old.practitioner, begins)
    ends = _valid_until(old.type, begins)
    return _succeed(actor, old, reason, (begins, ends), level=level, evidence=evidence)


def replace(actor: Actor, code: str, reason: str) -> Credential:
    """A corrected copy for the same period (a name changed, consent was withdrawn, or it was
    revoked by mistake). The old one is replaced; a revoked one stays revoked.

    Not inside another transaction. Raises as `renew`.
    """
    old = queries.find(actor, code)
    require(actor, Permission.CREDENTIAL_ISSUE, within=old)
    _check_may_follow(old, {CredentialState.ISSUED, CredentialState.REVOKED})
    period = (old.valid_from, old.valid_until)
    return _succeed(actor, old, reason, period, level=old.level, evidence=_evidence_of(old))


def suspend(actor: Actor, code: str, reason: str) -> Credential:
    """Stop a certificate for a while. Raises as `revoke`."""
    return _decide(actor, code, CredentialState.SUSPENDED, "credential.suspended", reason)


def reinstate(actor: Actor, code: str, reason: str) -> Credential:
    """Let a suspended certificate count again. Raises as `revoke`."""
    return _decide(actor, code, CredentialState.ISSUED, "credential.reinstated", reason)


def revoke(actor: Actor, code: str, reason: str) -> Credential:
    """Take a certificate back for good. `reason` stays in its history and is not published.

    Raises Credential.DoesNotExist, PermissionDenied, RuleBroken ("credential.move",
    "credential.reason").
    """
    return _decide(actor, code, CredentialState.REVOKED, "credential.revoked", reason)


@transaction.atomic
def _decide(actor: Actor, code: str, to: CredentialState, entry: str, reason: str) -> Credential:
    found = _locked(actor, code)
    require(actor, Permission.CREDENTIAL_REVOKE, within=found)
    _check_reason(reason)
    move(actor, found, CREDENTIAL_MOVES, to, code=entry, reason=reason)
    return found


def _succeed(
    actor: Actor,
    old: Credential,
    reason: str,
    period: tuple[date, date | None],
    *,
    level: str,
    evidence: Mapping[str, object],
) -> Credential:
    _check_reason(reason)
    holders = _holders(actor, [old.practitioner], [old.language], reason)
    plan = _Plan(
        type=old.type,
        practitioner=old.practitioner,
        event=old.event,
        organisation_id=old.organisation_id,
        country=old.country,
        language=old.language,
        valid_from=period[0],
        valid_until=period[1],
        evidence=evidence,
        level=level,
        before=old,
    )
    with transaction.atomic():
        locked = _locked(actor, old.code)
        _check_may_follow(locked, {CredentialState(old.state)})
        if locked.state == CredentialState.ISSUED:
            move(
                actor,
                locked,
                CREDENTIAL_MOVES,
                CredentialState.SUPERSEDED,
                code="credential.superseded",
                reason=reason,
            )
        return _Press(actor).issue(plan, holders, reason)


class _Press:
    """Makes certificates inside one transaction: opens the key once, draws codes and places."""

    def __init__(self, actor: Actor) -> None:
        opened = issuing.signer()
        self.actor = actor
        self.signer = jose.Signer(opened.key_id, opened.sign)
        self.today = timezone.localdate()
        # Half of the list stays empty, so that a free place is soon found by chance and says
        # nothing about when a certificate was made.
        count = Credential.objects.count()
        highest = Credential.objects.order_by("-status_index").values_list(
            "status_index", flat=True
        ).first()  # fmt: skip
        self.size = statuslist.size_for(max(2 * count, highest or 0))

    def issue(self, plan: _Plan, holders: Mapping[UUID, str], reason: str = "") -> Credential:
        """Store and sign one certificate, with its first step and its entry in the log."""
        holder = holders.get(plan.practitioner.pk, "")
        evidence = json.dumps(plan.evidence, sort_keys=True, default=str)
        made = Credential(
            data_key=plan.practitioner.data_key,
            type=plan.type,
            practitioner=plan.practitioner,
            event=plan.event,
            organisation_id=plan.organisation_id,
            country=plan.country,
            language=plan.language,
            level=plan.level,
            issued_on=self.today,
            valid_from=plan.valid_from,
            valid_until=plan.valid_until,
            successor_of=plan.before,
            key_id=self.signer.key_id,
            evidence_hash=hashlib.sha256(evidence.encode()).hexdigest(),
            keep_until=plan.practitioner.keep_until,
        )
        pseudonyms.save_with_code(made, partial(self._drawn, made, holder))
        record_step(self.actor, made, "", CredentialState.ISSUED.value, reason)
        audit.record(
            self.actor,
            "credential.issued",
            made,
            kind=plan.type.kind,
            event=plan.event.reference if plan.event else "",
            follows=plan.before.code if plan.before else "",
            is_named=bool(holder),
        )
        return made

    def _drawn(self, made: Credential, holder: str) -> str:
        """A code and a place in the list, and the certificate signed with both."""
        groups = [pseudonyms.drawn().replace("-", "") for _group in range(2)]
        signs = "".join(groups)[: queries.GROUPS * queries.GROUP]
        made.code = queries.tidied(signs)
        made.status_index = secrets.randbelow(self.size)
        made.name_form = holder
        made.token = compact.compact(queries.certificate_of(made, holder), self.signer)
        return made.code


def _from_event(event: TrainingEvent, line: Line, kind: CredentialType) -> _Plan:
    enrolment = line.enrolment
    today = timezone.localdate()
    return _Plan(
        type=kind,
        practitioner=enrolment.practitioner,
        event=event,
        organisation_id=event.organisation_id,
        country=event.country,
        language=queries.language_for(enrolment.language, event),
        valid_from=today,
        valid_until=_valid_until(kind, today),
        evidence={
            "enrolment": enrolment.pk,
            "state": enrolment.state,
            "minutes_present": enrolment.minutes_present,
            "completed_on": enrolment.completed_on,
            "edition": event.edition_id,
        },
    )


def _evidence_of(old: Credential) -> dict[str, object]:
    """A successor rests on what its predecessor rested on."""
    return {"follows": old.code, "evidence": old.evidence_hash}


def _basis(
    kind: CredentialType, practitioner: Practitioner, day: date
) -> tuple[str, dict[str, object]]:
    """(level, evidence) on which a certificate outside an event rests on `day`."""
    if kind.kind in EVENT_KINDS:
        raise RuleBroken(
            "credential.of-event",
            _("This certificate follows from an event and its results."),
            _("Issue it on the page of the event."),
        )
    if kind.kind == CredentialKind.TEAM_MEMBER:
        member = TeamMember.objects.filter(practitioner=practitioner, left_on=None).first()
        if member is not None:
            return "", {"team_member": member.pk}
        raise _no_basis(_("This person is in no mobile training team now."))
    held = [
        row
        for row in TrainerQualification.objects.filter(practitioner=practitioner)
        if row.since <= day and (row.valid_until is None or row.valid_until >= day)
    ]
    if kind.kind == CredentialKind.ASSESSOR:
        held = [row for row in held if row.is_assessor]
    else:
        held = [row for row in held if row.level != LadderStep.PARTICIPANT]
    if not held:
        raise _no_basis(_("This person has no qualification that is valid on that day."))
    best = max(held, key=lambda row: _LADDER.index(LadderStep(row.level)))
    return best.level, {"qualification": best.pk, "level": best.level, "since": best.since}


def _no_basis(message: str) -> RuleBroken:
    remedy = _("Enter it on the page of the trainer or the team first.")
    return RuleBroken("credential.no-basis", message, remedy)


def _valid_until(kind: CredentialType, begins: date) -> date | None:
    """The last day: `validity_months` calendar months on, less a day; None for ever."""
    if kind.validity_months is None:
        return None
    years, month = divmod(begins.month - 1 + kind.validity_months, 12)
    year, month = begins.year + years, month + 1
    try:
        anniversary = begins.replace(year=year, month=month)
    except ValueError:  # no 31st there, or no 29 February: the first of the month after
        anniversary = (date(year, month, 28) + timedelta(days=4)).replace(day=1)
    return anniversary - timedelta(days=1)


def _types_of(
    actor: Actor, kinds: Collection[CredentialKind]
) -> dict[CredentialKind, CredentialType]:
    """The type to issue for each of `kinds`: the first by its code."""
    found: dict[CredentialKind, CredentialType] = {}
    for each in queries.types(actor, kinds):
        found.setdefault(CredentialKind(each.kind), each)
    if missing := [kind for kind in kinds if kind not in found]:
        raise RuleBroken(
            "credential.no-type",
            _("There is no type of certificate for: %(kinds)s.")
            % {"kinds": ", ".join(str(kind.label) for kind in missing)},
            _("Enter one under types of certificates, or add the usual ones there."),
        )
    return found


def _waiting(event: TrainingEvent, types: Collection[CredentialKind]) -> list[Line]:
    return [line for line in queries.lines(event) if set(line.due) & set(types)]


def _holders(
    actor: Actor, people: Sequence[Practitioner], languages: Sequence[str], reason: str
) -> dict[UUID, str]:
    """The names of those who agreed to have them shown, in letters that fit the language."""
    agreed = queries.agreed(person.pk for person in people)
    named = [each for each in zip(people, languages, strict=True) if each[0].pk in agreed]
    opened = readings.read(
        actor, [person for person, _code in named], ["name", "name_latin"], Purpose.TRAINING, reason
    )
    holders = {}
    for (person, language), each in zip(named, opened, strict=True):
        own, latin = (each.values[field] for field in ("name", "name_latin"))
        first, second = (own, latin) if language in settings.LANGUAGES_BIDI else (latin, own)
        holders[person.pk] = next((name for name in (first, second) if _is_name(name)), "")
    return holders


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _locked(actor: Actor, code: str) -> Credential:
    rows = Credential.objects.visible_to(actor).select_for_update(of=("self",))
    found: Credential = rows.select_related("type").get(code=code)
    return found


def _lock(actor: Actor, practitioner: Practitioner) -> None:
    Practitioner.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=practitioner.pk)


def _check_delivered(event: TrainingEvent) -> None:
    if EventState(event.state) not in DELIVERED:
        raise RuleBroken(
            "credential.not-delivered",
            _("Certificates follow from an event that was delivered."),
            _("Say on its page that the event is over, then issue them."),
        )


def _check_not_held(practitioner: Practitioner, kind: CredentialType, level: str) -> None:
    held = Credential.objects.filter(
        practitioner=practitioner, type=kind, level=level,
        state__in=[CredentialState.ISSUED, CredentialState.SUSPENDED],
    )  # fmt: skip
    if held.exists():
        raise RuleBroken(
            "credential.held",
            _("This person holds this certificate already."),
            _("Renew the one there is."),
        )


def _check_may_follow(old: Credential, allowed: Collection[CredentialState]) -> None:
    if Credential.objects.filter(successor_of=old).exists():
        raise RuleBroken(
            "credential.succeeded",
            _("There is a newer certificate in its place already."),
            _("Renew or replace the newest one."),
        )
    if CredentialState(old.state) not in allowed:
        raise RuleBroken(
            "credential.move",
            _("What is “%(now)s” cannot be followed by a new certificate.")
            % {"now": CredentialState(old.state).label},
            _("A suspended one is reinstated first."),
        )


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken(
            "credential.reason",
            _("A reason is missing."),
            _("Say in a sentence why, without names."),
        )


SHORTEST_REASON = 5
Decision = Callable[[Actor, str, str], Credential]
