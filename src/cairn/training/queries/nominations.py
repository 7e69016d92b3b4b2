"""What the screens about calls read: seats, nominations by code, the funnel by sex."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.portfolio.models import AssistanceRequest
from cairn.training.measures import funnel
from cairn.training.measures.figure import SMALL_CELL
from cairn.training.models import (
    Call,
    Enrolment,
    Nomination,
    SeatAllocation,
    SelectionDecision,
    StagedFile,
)
from cairn.training.queries import vetting
from cairn.training.queries.selection import criteria_of
from cairn.training.rules.choices import Sex
from cairn.training.rules.nomination import OVER, SEATED, NominationState
from cairn.training.rules.selection import total_of
from cairn.training.rules.vetting import Standing

S = NominationState
# States that come after a check: whoever is in one of them was cleared.
_CLEARED = frozenset(
    {S.ELIGIBLE, S.SELECTED, S.RESERVE, S.NOT_SELECTED, S.CONFIRMED, S.ATTENDED, S.NO_SHOW}
)


def agencies_of(actor: Actor) -> frozenset[UUID]:
    """Ids of the agencies for which the actor speaks."""
    return frozenset(
        scope.organisation_id for scope in actor.scopes_with(Permission.NOMINATION_MAKE)
    )


def calls(actor: Actor) -> QuerySet[Call]:
    """Calls that the actor sees with `nominated` and `seats_given`, those that close last first."""
    rows = Call.objects.visible_to(actor).select_related("event", "event__organisation")
    return rows.annotate(
        nominated=Count("nominations", filter=~Q(nominations__state__in=OVER), distinct=True),
        agencies=Count("allocations", distinct=True),
    ).order_by("-closes_on", "event__reference")


def find_call(actor: Actor, reference: str) -> Call:
    """The call of an event. Raises Call.DoesNotExist (also when not visible)."""
    rows = Call.objects.visible_to(actor).select_related("event", "event__organisation")
    found: Call = rows.get(event__reference=reference)
    return found


def call_by_id(actor: Actor, pk: UUID) -> Call:
    """The call that a file is for. Raises Call.DoesNotExist (also when not visible)."""
    found: Call = (
        Call.objects.visible_to(actor).select_related("event", "event__organisation").get(pk=pk)
    )
    return found


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One agency in a call: its seats and how far they are filled."""

    agency: Organisation
    seats: int
    minimum_women: int
    nominated: int
    women: int
    selected: int
    women_selected: int
    confirmed: int

    @property
    def women_missing(self) -> int:
        """How many women are missing among those nominated."""
        return max(0, self.minimum_women - self.women)


def seat_lines(actor: Actor, call: Call) -> list[SeatLine]:
    """The agencies of a call; a focal point sees the own ones only. Two queries."""
    rows = SeatAllocation.objects.filter(call=call).select_related("agency")
    if not actor.may(Permission.TRAINING_VIEW):
        rows = rows.filter(agency__in=agencies_of(actor))
    counts: Counter[tuple[UUID, str, str]] = Counter()
    for agency, sex, state, count in (
        Nomination.objects.filter(call=call)
        .order_by()
        .values_list("agency", "practitioner__sex", "state")
        .annotate(count=Count("pk"))
    ):
        counts[(agency, sex, state)] += count
    return [_seat_line(row, counts) for row in rows]


def _seat_line(row: SeatAllocation, counts: Counter[tuple[UUID, str, str]]) -> SeatLine:
    def total(states: frozenset[NominationState] | set[NominationState], sex: str = "") -> int:
        return sum(
            count
            for (agency, each, state), count in counts.items()
            if agency == row.agency_id and state in states and sex in {"", each}
        )

    live = set(S) - OVER
    return SeatLine(
        agency=row.agency,
        seats=row.seats,
        minimum_women=row.minimum_women,
        nominated=total(live),
        women=total(live, Sex.FEMALE),
        selected=total(SEATED),
        women_selected=total(SEATED, Sex.FEMALE),
        confirmed=total({S.CONFIRMED, S.ATTENDED}),
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """What the grid is narrowed to; empty for all."""

    state: str = ""
    agency: str = ""
    sex: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        state, agency, sex = (query.get(name, "") for name in ("state", "agency", "sex"))
        return cls(
            state=state if state in NominationState.values else "",
            agency=agency if _is_uuid(agency) else "",
            sex=sex if sex in Sex.values else "",
        )


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def grid(actor: Actor, call: Call, filters: Filters) -> QuerySet[Nomination]:
    """The nominations of a call that the actor sees, agency by agency; nothing sealed is read."""
    rows = Nomination.objects.visible_to(actor).filter(call=call)
    rows = rows.select_related("practitioner", "agency", "call__event").defer(
        "practitioner__name",
        "practitioner__name_latin",
        "practitioner__contact",
        "practitioner__service_number",
    )
    wanted = {
        "state": filters.state,
        "agency": filters.agency,
        "practitioner__sex": filters.sex,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.order_by("agency__name", "priority", "proposed_at", "pk")


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the grid: by code; `total` is of the criteria, None until all are scored."""

    nomination: Nomination
    standing: Standing
    total: object


def grid_lines(call: Call, rows: list[Nomination], today: date) -> list[GridLine]:
    """The lines of one page. One query."""
    standings = vetting.standings_of(call, [row.practitioner_id for row in rows], today)
    criteria = criteria_of(call)
    return [
        GridLine(row, standings[row.practitioner_id], total_of(criteria, row.scores))
        for row in rows
    ]


def find_nomination(actor: Actor, pk: UUID) -> Nomination:
    """One nomination. Raises Nomination.DoesNotExist (also when not visible)."""
    rows = Nomination.objects.visible_to(actor)
    found: Nomination = rows.select_related(
        "call__event", "practitioner", "agency", "replaces__practitioner"
    ).get(pk=pk)
    return found


def decisions(nomination: Nomination) -> list[SelectionDecision]:
    """What panels decided, newest first. One query."""
    return list(SelectionDecision.objects.filter(nomination=nomination))


def reserve(nomination: Nomination) -> list[Nomination]:
    """Who of the same agency is on the reserve list, the best ranked first. One query."""
    rows = Nomination.objects.filter(
        call=nomination.call_id, agency=nomination.agency_id, state=S.RESERVE
    ).select_related("practitioner")
    criteria = criteria_of(nomination.call)
    return sorted(
        rows,
        key=lambda row: (-(total_of(criteria, row.scores) or 0), row.proposed_at, str(row.pk)),
    )


def sex_funnel(call: Call) -> list[funnel.Row]:
    """Women and men from nominated to passed, with intervals. Two queries.

    Who was cleared is left out where fewer than five of a sex were nominated.
    """
    by_state: Counter[tuple[str, str]] = Counter()
    rows = call.nominations.order_by().values_list("state", "practitioner__sex")
    for state, sex, count in rows.annotate(count=Count("pk")):
        by_state[(state, sex)] += count
    passed: Counter[str] = Counter()
    completed = Enrolment.objects.filter(
        event=call.event_id, state="completed", practitioner__nominations__call=call
    )
    for sex, count in completed.order_by().values_list("sex").annotate(count=Count("pk")):
        passed[sex] += count
    steps = (
        ("nominated", frozenset(S) - {S.WITHDRAWN}),
        ("cleared", _CLEARED),
        ("selected", SEATED | {S.NO_SHOW}),
        ("attended", frozenset({S.ATTENDED})),
    )
    counts = [_count(code, _by_sex(by_state, states)) for code, states in steps]
    first = counts[0]
    if any(0 < each < SMALL_CELL for each in (first.women, first.men, first.others)):
        # Of one woman it would say that a check about her was refused.
        counts = [each for each in counts if each.step != "cleared"]
    counts.append(_count("passed", passed))
    return funnel.funnel(counts)


def _by_sex(by_state: Counter[tuple[str, str]], states: frozenset[NominationState]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (state, sex), count in by_state.items():
        if state in states:
            found[sex] += count
    return found


def _count(step: str, by_sex: Counter[str]) -> funnel.Count:
    women, men = by_sex[Sex.FEMALE], by_sex[Sex.MALE]
    return funnel.Count(step, women, men, by_sex.total() - women - men)


def own_files(actor: Actor, call: Call) -> list[StagedFile]:
    """Files that the actor brought for a call and has neither applied nor thrown away."""
    rows = StagedFile.objects.visible_to(actor).filter(
        subject_id=call.pk, state=StagedFile.State.PREVIEWED
    )
    return list(rows.defer("rows"))


def find_file(actor: Actor, pk: UUID) -> StagedFile:
    """A file that the actor brought; its rows stay sealed. Raises StagedFile.DoesNotExist."""
    return (
        StagedFile.objects.visible_to(actor).select_related("organisation").defer("rows").get(pk=pk)
    )


def own_requests(actor: Actor) -> list[AssistanceRequest]:
    """Requests for assistance that name one of the actor's agencies as who asked. Two queries."""
    names = {
        name.casefold()
        for each in Organisation.objects.filter(pk__in=agencies_of(actor))
        for name in (each.name, each.short_name)
        if name
    }
    if not names:
        return []
    asked = Q(pk__in=[])
    for name in names:
        asked |= Q(requested_by__iexact=name)
    rows = AssistanceRequest.objects.filter(asked).select_related("after_event")
    return list(rows.order_by("-received_on", "reference"))
