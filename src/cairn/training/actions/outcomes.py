"""Every write about outcomes from the field: report, claim, confirm, withdraw. Nobody's data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate, PartialDateRefused
from cairn.core.storing import saved_as_new
from cairn.training.actions.steps import record_step
from cairn.training.models import ContributionClaim, FieldOutcomeReport, TrainingEvent
from cairn.training.queries.roster import last_day
from cairn.training.rules import outcomes as rules
from cairn.training.rules.choices import Confidence, OutcomeKind, Strength
from cairn.training.rules.states import DELIVERED

_NUMBER = re.compile(r"FO(\d+)")
_TRIES = 20


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """What is reported. `month`: "2026-02"; `country`: alpha-3; `area`: a province, no place."""

    kind: OutcomeKind
    month: str
    country: str
    count: int
    confidence: Confidence
    unit: str = "cases"
    area: str = ""
    note: str = ""


@transaction.atomic
def report_outcome(
    actor: Actor,
    facts: OutcomeFacts,
    *,
    event: str = "",
    factors: Sequence[str] = (),
    today: date | None = None,
) -> FieldOutcomeReport:
    """Enter what trained officers report of one month and area, with the claim that comes with it.

    `event`: reference of the training that is said to have contributed; its claim begins as the
    officer's own word. Raises PermissionDenied, TrainingEvent.DoesNotExist, RuleBroken
    ("outcome.month", "outcome.count", "outcome.note-...", "outcome.event", "claim.factors").
    """
    require(actor, Permission.OUTCOME_REPORT)
    day = today or timezone.localdate()
    trained = _trained_event(actor, event) if event else None
    rules.check_month(
        _month(facts.month), today=day, trained_on=last_day(trained) if trained else None
    )
    rules.check_count(facts.count)
    rules.check_note(facts.note)
    if trained:
        rules.check_factors(factors)
    made = _saved(actor, facts)
    if trained:
        ContributionClaim.objects.create(
            report=made,
            event=trained,
            strength=Strength.SELF_REPORTED,
            factors=list(factors),
            made_by=actor.user_id,
            made_at=clock.now(),
        )
    audit.record(actor, "field_outcome.reported", made, kind=facts.kind.value, count=facts.count)
    return made


def _trained_event(actor: Actor, reference: str) -> TrainingEvent:
    found: TrainingEvent = TrainingEvent.objects.visible_to(actor).get(reference=reference)
    if found.state not in DELIVERED:
        raise RuleBroken(
            "outcome.event",
            _("This training is not delivered yet, so it cannot have contributed."),
            _("Choose another event, or none."),
        )
    return found


def _month(text: str) -> date:
    try:
        parsed = PartialDate.parse(text.strip())
    except PartialDateRefused as refusal:
        raise RuleBroken("outcome.month", str(refusal), _("Give the month as 2026-02.")) from None
    if len(text.strip()) != len("2026-02"):
        raise RuleBroken(
            "outcome.month", _("A report is about one month."), _("Give the month as 2026-02.")
        )
    return parsed.first


def _saved(actor: Actor, facts: OutcomeFacts) -> FieldOutcomeReport:
    """Stored under the next free reference ("FO0001"); who comes second takes the next."""
    for _try in range(_TRIES):
        made = FieldOutcomeReport(
            reference=_next_reference(),
            kind=facts.kind,
            month=facts.month.strip(),
            month_until=facts.month.strip(),
            countries=[facts.country] if facts.country else [],
            area=facts.area.strip(),
            count=Decimal(facts.count),
            unit=facts.unit.strip(),
            note=facts.note.strip(),
            confidence=facts.confidence,
            reported_by=actor.user_id,
            reported_at=clock.now(),
        )
        if saved_as_new(made):
            return made
    raise RuleBroken(
        "outcome.reference", _("Too many reports were entered at once."), _("Send it again.")
    )


def _next_reference() -> str:
    rows = FieldOutcomeReport.objects.filter(reference__startswith="FO")
    numbers = [
        int(match[1])
        for reference in rows.values_list("reference", flat=True)
        if (match := _NUMBER.fullmatch(reference))
    ]
    return f"FO{max(numbers, default=0) + 1:04}"


def _locked(actor: Actor, reference: str) -> FieldOutcomeReport:
    rows = FieldOutcomeReport.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.get(reference=reference)
    if found.withdrawn_on:
        raise RuleBroken("outcome.withdrawn", _("This report was withdrawn."))
    return found


@transaction.atomic
def claim_contribution(
    actor: Actor,
    reference: str,
    event: str,
    strength: Strength,
    *,
    factors: Sequence[str],
    evidence: str = "",
) -> ContributionClaim:
    """Claim that an event contributed to a report, or raise the strength of a claim.

    Beyond the officer's own word somebody else confirms, who plans training. Raises
    FieldOutcomeReport.DoesNotExist, TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken
    ("claim.weaker", "claim.own", "claim.evidence", "claim.factors", "outcome.event",
    "outcome.withdrawn").
    """
    report = _locked(actor, reference)
    trained = _trained_event(actor, event)
    if strength == Strength.SELF_REPORTED:
        require(actor, Permission.OUTCOME_REPORT)
    else:
        require(actor, Permission.TRAINING_DECIDE, within=trained)
    current = ContributionClaim.objects.filter(report=report, event=trained).first()
    now = Strength(current.strength) if current else None
    is_own = actor.user_id is not None and report.reported_by == actor.user_id
    rules.check_strength(now, strength, evidence=evidence, is_own_report=is_own)
    rules.check_factors(factors)
    # The document is named in words; whoever is in it is nobody's business here.
    rules.check_note(evidence)
    claim, _is_new = ContributionClaim.objects.update_or_create(
        report=report,
        event=trained,
        defaults={
            "strength": strength,
            "factors": list(factors),
            "evidence": evidence.strip(),
            "made_by": actor.user_id,
            "made_at": clock.now(),
        },
    )
    audit.record(
        actor,
        "field_outcome.claimed",
        report,
        before=now.value if now else "",
        after=strength.value,
        event=trained.reference,
    )
    return claim


@transaction.atomic
def withdraw_outcome(actor: Actor, reference: str, reason: str) -> FieldOutcomeReport:
    """Take back a report that was wrong: it stays on record and counts no more.

    Whoever reported it, or who plans training. Raises FieldOutcomeReport.DoesNotExist,
    PermissionDenied, RuleBroken ("outcome.withdrawn", "outcome.note-...").
    """
    report = _locked(actor, reference)
    rules.check_note(reason)
    is_own = actor.user_id is not None and report.reported_by == actor.user_id
    require(actor, Permission.OUTCOME_REPORT if is_own else Permission.TRAINING_DECIDE)
    report.withdrawn_on = timezone.localdate()
    report.save(update_fields=["withdrawn_on"])
    record_step(actor, report, "", "withdrawn", reason)
    audit.record(actor, "field_outcome.withdrawn", report)
    return report
