"""What an HTCDS file says of procedures: their decisions, who decided, which reports are linked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.models import OrganisationKind
from cairn.core.pseudonyms import tidied
from cairn.identification.models import Decision, Notification, Procedure, ReportContent
from cairn.identification.queries.profiles import profile_of
from cairn.identification.rules.procedures import NEGATIVE
from cairn.identification.rules.profiles import AuthorityKind

# Who decides, in our codes for the standard's five. A panel and services are of the government.
_DECIDED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        AuthorityKind.POLICE: "police",
        AuthorityKind.PROSECUTION: "justice",
        AuthorityKind.COURT: "justice",
        AuthorityKind.MIGRATION: "government",
        AuthorityKind.LABOUR: "government",
        AuthorityKind.SOCIAL: "government",
        AuthorityKind.PANEL: "government",
        AuthorityKind.NGO: "ngo",
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A procedure with everything that is not sealed and that the standard asks for."""

    procedure: Procedure
    outcomes: tuple[str, ...]
    decided_by: str
    review_until: date | None
    received_on: date | None


def exportable(actor: Actor, codes: Collection[str]) -> list[Procedure]:
    """Procedures of these codes that the actor sees and may take out. One query."""
    rows = Procedure.objects.visible_to(actor).filter(code__in=codes, erased_on=None)
    rows = rows.filter(scoped(actor, Permission.PROCEDURE_EXPORT))
    return list(rows.select_related("organisation", "unit").order_by("code"))


def codes_in(typed: str) -> list[str]:
    """Codes as somebody types several, each once and in the written form; "" for what is none."""
    parts = typed.replace(",", " ").replace(";", " ").split()
    return list(dict.fromkeys(tidied(part) for part in parts))


def facts_of(procedures: Sequence[Procedure]) -> list[Facts]:
    """Decisions, reviews and reports of some procedures, in their order. Three queries, and one
    for the profile of each country."""
    decisions: dict[UUID, list[Decision]] = defaultdict(list)
    for decision in Decision.objects.filter(procedure__in=procedures).order_by("number"):
        decisions[decision.procedure_id].append(decision)
    told = _told(procedures)
    received: dict[UUID, date] = {}
    reports = ReportContent.objects.filter(procedure__in=procedures)
    for procedure_id, at in reports.values_list("procedure_id", "report__received_at"):
        if procedure_id is not None:
            day = at.date()
            received[procedure_id] = min(day, received.get(procedure_id, day))
    days = {country: profile_of(country).review_days for country in _countries(procedures)}
    return [
        Facts(
            procedure=each,
            outcomes=tuple(decision.outcome for decision in decisions[each.pk]),
            decided_by=_decided_by(each, decisions[each.pk]),
            review_until=_review_until(decisions[each.pk], told, days[each.country]),
            received_on=received.get(each.pk),
        )
        for each in procedures
    ]


def _countries(procedures: Sequence[Procedure]) -> set[str]:
    return {each.country for each in procedures}


def _told(procedures: Sequence[Procedure]) -> dict[UUID, date]:
    """The first day on which somebody was told of each decision."""
    rows = Notification.objects.filter(decision__procedure__in=procedures).order_by("-told_on")
    return {row.decision_id: row.told_on for row in rows}


def _review_until(
    decisions: Sequence[Decision], told: Mapping[UUID, date], days: int
) -> date | None:
    """The last day of review of the newest negative decision; None while nobody was told."""
    negative = [each for each in decisions if each.outcome in NEGATIVE]
    if not negative or negative[-1].pk not in told:
        return None
    return told[negative[-1].pk] + timedelta(days=days)


def _decided_by(procedure: Procedure, decisions: Sequence[Decision]) -> str:
    if not decisions:
        return ""
    kind = decisions[-1].authority_kind or procedure.authority_kind
    if kind:
        return _DECIDED_BY.get(kind, "other")
    is_ngo = procedure.organisation.kind == OrganisationKind.NGO
    return "ngo" if is_ngo else "other"


def opened_reports(actor: Actor, procedures: Sequence[Procedure]) -> list[ReportContent]:
    """Contents of the reports linked with these procedures that the actor may open. One query."""
    if not actor.may(Permission.REPORT_OPEN):
        return []
    rows = ReportContent.objects.visible_to(actor).filter(
        procedure__in=procedures, erased_on=None, report__flaw=""
    )
    found = [
        each
        for each in rows.select_related("report__receiver").order_by("opened_at")
        if actor.may_within(
            Permission.REPORT_OPEN, each.organisation_id, each.unit_id, each.country
        )
    ]
    return found
