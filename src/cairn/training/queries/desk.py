"""The event desk: what an event has, what it lacks, who takes part in numbers, what was done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import AuditEntry
from cairn.oversight.queries.people import names
from cairn.portfolio.models import AssistanceRequest
from cairn.training.measures.figure import cells_to_hide
from cairn.training.models import (
    Enrolment,
    HeadCount,
    KitCheckout,
    Staffing,
    Step,
    TestWindow,
    TrainingEvent,
    TrainingRequest,
    TrainingSession,
)
from cairn.training.queries.events import AWAY
from cairn.training.queries.links import link
from cairn.training.rules.choices import TEACHING, Participation, Sex, TestWave
from cairn.training.rules.states import DELIVERED, CheckoutState, EnrolmentState, EventState
from cairn.training.wording.events import AS_STEPS, IN_LISTS, SENTENCES, WITH_CODES

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of a table of participants. `women`: of `count`. `completed` None in small groups,
    and beside them: of one officer it would say who did not."""

    label: str
    count: int
    women: int
    completed: int | None


@dataclass(frozen=True, slots=True)
class Participants:
    """Who takes part, in numbers. `is_counted`: reported by counts only, not person by person."""

    total: int
    women: int
    sex_not_stated: int
    enrolled: int
    started: int
    completed: int
    incomplete: int
    away: int
    by_agency: list[Tally]
    by_country: list[Tally]
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist. `href`: where it is put right; None when not by this reader."""

    is_done: bool
    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history, as a sentence that begins with who."""

    who: str
    what: str
    when: datetime
    why: str = ""


def participants(event: TrainingEvent) -> Participants:
    """The numbers of an event. One query."""
    if event.participation == Participation.AGGREGATE:
        rows = HeadCount.objects.filter(report__event=event).values_list(
            "sex", "agency__name", "country", "count"
        )
        lines = [
            (sex, agency, country, EnrolmentState.COMPLETED.value, count)
            for sex, agency, country, count in rows
        ]
    else:
        found = Enrolment.objects.filter(event=event).values_list(
            "sex", "agency__name", "country", "state"
        )
        lines = [(*line, number) for line, number in Counter(found).items()]
    here = [line for line in lines if line[3] not in AWAY]
    by_state: Counter[str] = Counter()
    for *_rest, state, number in lines:
        by_state[state] += number
    return Participants(
        total=sum(line[4] for line in here),
        women=sum(line[4] for line in here if line[0] == Sex.FEMALE),
        sex_not_stated=sum(line[4] for line in here if line[0] == Sex.NOT_STATED),
        enrolled=by_state[EnrolmentState.ENROLLED],
        started=by_state[EnrolmentState.STARTED],
        completed=by_state[EnrolmentState.COMPLETED],
        incomplete=by_state[EnrolmentState.INCOMPLETE],
        away=by_state[EnrolmentState.WITHDRAWN] + by_state[EnrolmentState.NO_SHOW],
        by_agency=_tallies(here, lambda line: line[1] or ""),
        by_country=_tallies(here, lambda line: line[2] or ""),
        is_counted=event.participation == Participation.AGGREGATE,
    )


def _tallies(lines: Sequence[Any], key: Any) -> list[Tally]:
    groups: dict[str, list[Any]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    tallies = [
        Tally(
            label=_label(name),
            count=sum(line[4] for line in group),
            women=sum(line[4] for line in group if line[0] == Sex.FEMALE),
            completed=sum(line[4] for line in group if line[3] == EnrolmentState.COMPLETED),
        )
        for name, group in groups.items()
    ]
    tallies.sort(key=lambda tally: (-tally.count, tally.label))
    small = cells_to_hide([tally.count for tally in tallies])
    return [
        replace(tally, completed=None) if place in small else tally
        for place, tally in enumerate(tallies)
    ]


def _label(name: str) -> str:
    if not name:
        return _("Not recorded")
    try:
        return geography.country_name(name, language())
    except KeyError:
        return name


def sessions(event: TrainingEvent) -> list[TrainingSession]:
    """The agenda, with versions and materials. Two queries."""
    return list(
        event.sessions.select_related("module_version__module").prefetch_related("materials")
    )


def staff(event: TrainingEvent) -> list[Staffing]:
    """Who teaches and helps, teachers first. Two queries."""
    rows = event.staffing.select_related(
        "practitioner", "supervised_by__practitioner"
    ).prefetch_related("sessions")
    order = ["lead", "co-trainer", "assistant", "assessor", "observer", "interpreter", "organiser"]
    return sorted(rows, key=lambda each: (order.index(each.role), each.practitioner.code))


def checkout(event: TrainingEvent) -> KitCheckout | None:
    """On which kit the event is now; None when it is here."""
    rows = KitCheckout.objects.filter(event=event, state=CheckoutState.OUT).select_related("kit")
    return rows.first()


def checklist(
    event: TrainingEvent,
    agenda: Sequence[TrainingSession],
    team: Sequence[Staffing],
    people: Participants,
    *,
    refused: int,
    edits: bool,
) -> list[Item]:
    """What the event has and lacks, in the order in which it is needed. Two queries at most.

    `edits`: the reader plans the event, so what is missing in the plan leads to where it is made.
    """
    reference = event.reference
    edit = link("training:event-edit", reference) if edits else None
    roomless = sum(not each.room for each in agenda)
    items = [
        Item(len(event.starts) == 10, _("First and last day are fixed"), edit),
        Item(bool(event.place), _("The place is known"), edit),
        Item(
            any(each.role in TEACHING for each in team),
            _("Somebody teaches"),
            link("training:staff-new", reference) if edits else None,
        ),
    ]
    if event.participation == Participation.AGGREGATE:
        reported = hasattr(event, "report")
        report = link("training:event-report", reference)
        return [*items, Item(reported, _("The counts were reported"), report)]
    items += [
        Item(
            bool(agenda),
            _("Sessions are planned"),
            link("training:session-new", reference) if edits else None,
        ),
        Item(
            bool(agenda) and not roomless,
            _("Every session has a room"),
            link("training:agenda", reference),
        ),
        Item(
            people.total > 0,
            _("Participants are enrolled"),
            link("training:participants", reference),
        ),
        Item(
            _has_tests(event),
            _("Tests before and after are set"),
            link("training:tests", reference),
        ),
    ]
    items += _while_it_runs(event, agenda, refused)
    if event.state in DELIVERED:
        judged = people.completed + people.incomplete
        items.append(
            Item(
                judged == people.total,
                _("It is settled who completed"),
                link("training:participants", reference),
            )
        )
    return items


def _while_it_runs(
    event: TrainingEvent, agenda: Sequence[TrainingSession], refused: int
) -> list[Item]:
    """What is to be seen to from the first day on; nothing before. One query at most."""
    if event.state not in {EventState.RUNNING, *DELIVERED}:
        return []
    marked = set(event.marks.order_by().values_list("session_id", flat=True).distinct())
    untaken = [each for each in agenda if each.marks_open_from is None and each.pk not in marked]
    return [
        Item(
            bool(agenda) and not untaken,
            _("Attendance was taken in every session"),
            link("training:attendance", event.reference),
        ),
        Item(
            not refused,
            _("No refused record waits for somebody"),
            link("training:refused", event.reference),
        ),
    ]


def _has_tests(event: TrainingEvent) -> bool:
    waves = set(TestWindow.objects.filter(event=event).values_list("wave", flat=True))
    return {TestWave.PRE, TestWave.POST} <= waves


def requests_raised(event: TrainingEvent, actor: Actor) -> list[TrainingRequest]:
    """Requests for assistance that were raised at this event, for who may see them. One query."""
    seen = AssistanceRequest.objects.visible_to(actor)
    rows = TrainingRequest.objects.filter(raised_at=event, request__in=seen)
    return list(rows.select_related("request"))


def steps(event: TrainingEvent) -> list[Step]:
    """How the event came to its state, newest first. One query."""
    rows = Step.objects.filter(subject="trainingevent", subject_id=event.pk)
    return list(rows[:MOST_SHOWN])


def history(event: TrainingEvent, actor: Actor, *, with_codes: bool) -> list[Told]:
    """What was done with the event, newest first. Three queries.

    `with_codes`: also lines that name a person by code, for those who run the event.
    """
    told = set(SENTENCES) - AS_STEPS - IN_LISTS - (frozenset() if with_codes else WITH_CODES)
    entries = AuditEntry.objects.filter(
        subject_type="training.TrainingEvent",
        subject_id=str(event.pk),
        code__in=told,
    ).order_by("-sequence")[:MOST_SHOWN]
    lines: list[tuple[UUID | None, str, datetime, str]] = [
        (each.author_id, _step_told(each), each.at, each.reason) for each in steps(event)
    ]
    lines += [
        (_user_id(each.actor_id), str(SENTENCES[each.code]) % _Facts(each.facts), each.at, "")
        for each in entries
    ]
    lines.sort(key=lambda line: line[2], reverse=True)
    known = names(who for who, *_rest in lines)
    return [
        Told(_called(who, known, actor), what, when, why)
        for who, what, when, why in lines[:MOST_SHOWN]
    ]


def _step_told(step: Step) -> str:
    after = EventState(step.after).label
    if not step.before:
        return _("entered the event as “%(after)s”.") % {"after": after}
    return _("moved the event from “%(before)s” to “%(after)s”.") % {
        "before": EventState(step.before).label,
        "after": after,
    }


class _Facts(dict[str, Any]):
    """Facts of an entry for a sentence; one that is missing reads as a dash, not as an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def _called(who: UUID | None, known: Any, actor: Actor) -> str:
    if who is None:
        return "Cairn"
    return _("You") if who == actor.user_id else str(known[who])


def _user_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
