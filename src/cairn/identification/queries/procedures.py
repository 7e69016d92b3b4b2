"""What the screens about procedures read: procedures by code, and their decisions."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cairn.core.actor import Actor
from cairn.core.pseudonyms import tidied
from cairn.identification.models import Decision, Procedure, ReportContent
from cairn.identification.rules import procedures as rules
from cairn.identification.rules.procedures import State

CLEAR = ("code", "country", "opened_on", "investigated_by", "keep_until", "erased_on")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of procedures is narrowed to. `state`: a code of State, or empty for all."""

    state: str = ""
    own: bool = False

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        state = query.get("state", "")
        return cls(state=state if state in State.values else "", own=query.get("mine") == "1")

    @property
    def is_any(self) -> bool:
        return bool(self.state) or self.own


def procedures(actor: Actor, filters: Filters) -> QuerySet[Procedure]:
    """Procedures that the actor sees with `latest`, newest first, without sealed columns."""
    rows = Procedure.objects.visible_to(actor).with_state().select_related("unit", "organisation")
    rows = rows.only(*CLEAR, "data_key", "unit__name", "organisation__name")
    if filters.state == State.DETECTED:
        rows = rows.filter(Q(latest=None))
    elif filters.state:
        rows = rows.filter(Q(latest=filters.state))
    if filters.own:
        rows = rows.filter(investigated_by=actor.user_id) if actor.user_id else rows.none()
    return rows.order_by("-opened_on", "code")


def find_procedure(actor: Actor, code: str) -> Procedure:
    """The procedure of this exact code. Raises Procedure.DoesNotExist (also when not visible)."""
    rows = Procedure.objects.visible_to(actor).select_related("unit", "organisation")
    found: Procedure = rows.get(code=code)
    return found


def code_of(actor: Actor, typed: str) -> str:
    """The written form of a code that the actor sees; "" for anything else, whatever it is."""
    code = tidied(typed)
    if not code or not Procedure.objects.visible_to(actor).filter(code=code).exists():
        return ""
    return code


def report_codes(actor: Actor, procedure: Procedure) -> list[str]:
    """The codes of the reports about this person that the actor sees, in their order. One query."""
    rows = ReportContent.objects.visible_to(actor).filter(procedure=procedure)
    return list(rows.order_by("opened_at").values_list("code", flat=True))


def decisions(procedure: Procedure) -> list[Decision]:
    """The decisions of a procedure, oldest first; their reasons stay sealed. One query."""
    rows = Decision.objects.filter(procedure=procedure).select_related("procedure")
    return list(rows.order_by("number"))


def state_of(procedure: Procedure) -> State:
    """The state of a procedure, from its decisions. One query."""
    outcomes = Decision.objects.filter(procedure=procedure).order_by("number")
    return rules.state_of(outcomes.values_list("outcome", flat=True))


def investigators(procedure: Procedure) -> frozenset[UUID]:
    """Everybody who investigates a procedure or did so before. One query."""
    before = procedure.investigations.values_list("user_id", flat=True)
    now = {procedure.investigated_by} if procedure.investigated_by else set()
    return frozenset(before) | now


def waiting(actor: Actor) -> QuerySet[Procedure]:
    """Procedures in which a decision is awaited, the longest open first."""
    rows = Procedure.objects.visible_to(actor).with_state().filter(erased_on=None)
    states = [
        State.UNDER_ASSESSMENT,
        State.REASONABLE_GROUNDS,
        State.DEFERRED,
        State.UNDER_REVIEW,
        State.OVERTURNED,
    ]
    return rows.filter(Q(latest__in=states)).order_by("opened_on", "code")


def find_decision(procedure: Procedure, number: int) -> Decision:
    """One decision of a procedure. Raises Decision.DoesNotExist."""
    found: Decision = Decision.objects.get(procedure=procedure, number=number)
    return found
