"""What training computes for a project's page: figures, each with its definition and its rows.

Counts and shares only. Small groups are hidden by the rules of `measures`; who may see the project
whole is decided by the portfolio before it asks here.
"""

from collections.abc import Iterable, Sequence

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.partial_dates import PartialDate, PartialDateRefused, span_text
from cairn.portfolio.models import Project
from cairn.portfolio.panels import Block, Panel, PanelFigure
from cairn.training.measures import cost, rates, shares
from cairn.training.measures.definitions import register
from cairn.training.measures.definitions.book import NEVER
from cairn.training.measures.figure import Figure, Unit, flag_label
from cairn.training.queries.outcomes_counts import Team, Training, Work, total_of, work_of
from cairn.training.rules.choices import EventKind
from cairn.ui.formats import number_text

RECORDS = gettext_lazy("Records of training")

register(
    "trainings",
    gettext_lazy("Trainings delivered"),
    gettext_lazy("Events that were delivered, whatever their kind, each counted once."),
    gettext_lazy("Number of events that are delivered, reported or closed."),
    RECORDS,
    NEVER,
)
register(
    "people-trained",
    gettext_lazy("People trained"),
    gettext_lazy(
        "People who completed a training, and people whom a report counts without naming them. Who"
        " completed two trainings is counted in each."
    ),
    gettext_lazy("Completed enrolments + head counts of reports."),
    RECORDS,
    gettext_lazy("Not hidden: a number of people of one event tells nothing about one of them."),
)
register(
    "countries-together",
    gettext_lazy("Countries that trained together"),
    gettext_lazy("Countries that sent people to one joint exercise."),
    gettext_lazy("Number of different countries of origin."),
    RECORDS,
    NEVER,
)
register(
    "team-chosen",
    gettext_lazy("Chosen for a mobile training team"),
    gettext_lazy("Trainees chosen for a mobile team, among those trained where it was chosen."),
    gettext_lazy("Chosen / trained, with Wilson's interval."),
    RECORDS,
    gettext_lazy("Hidden when fewer than five people were trained."),
)
register(
    "pilot-courses",
    gettext_lazy("Pilot courses"),
    gettext_lazy("Courses that mobile training teams were asked to give, and those given."),
    gettext_lazy("Sum of the courses of the tasks; given: those done, or with a delivered event."),
    RECORDS,
    NEVER,
)
register(
    "requests-raised",
    gettext_lazy("Requests raised"),
    gettext_lazy("Requests for help that came out of the project's trainings."),
    gettext_lazy("Requests raised at an event of the project, or that the project answers."),
    RECORDS,
    NEVER,
)


def training_panel(actor: Actor, project: Project) -> Panel | None:
    """The panel of training for one project; None when it has no delivered training."""
    work = work_of(actor, project)
    if not work.trainings:
        return None
    sees = actor.may(Permission.TRAINING_VIEW)
    blocks = [
        Block(
            _("Who was trained"),
            _("People who completed a training, or whom a report counts."),
            tuple(_trained(work, project, sees)),
        )
    ]
    if work.teams:
        blocks.append(
            Block(
                _("Trainers who train others"),
                _("Chosen from those trained, and asked to give courses elsewhere."),
                tuple(row for team in work.teams for row in _team(team, sees)),
            )
        )
    if work.requests and work.requests[0]:
        blocks.append(Block(_("What was asked for after"), "", (_requests(work.requests),)))
    if work.beside:
        blocks.append(
            Block(
                _("Other trainings on record, of no project"),
                _(
                    "They belong to the same programme and stand in no project's budget. They are "
                    "not counted above."
                ),
                tuple(row for each in work.beside for row in _beside(each, sees)),
            )
        )
    return Panel(
        "training",
        _("Training, computed from records"),
        tuple(blocks),
        address=_address("training:events") if sees else "",
        address_label=_("All trainings"),
        notes=tuple(_notes(work)),
    )


def _address(name: str, *args: str) -> str:
    """The address of a page, or an empty text where this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _shown(figure: Figure, *, label: str = "", rows: str = "", source: str = "") -> PanelFigure:
    return PanelFigure(
        code=figure.code,
        label=label or figure.label,
        value=figure.value,
        n=figure.n,
        low=figure.low,
        high=figure.high,
        unit=str(figure.unit),
        shown=figure.shown,
        sentence=figure.sentence,
        definition=_address("training:figure", figure.code),
        rows=rows,
        source=source,
        flags=tuple(flag_label(flag) for flag in figure.flags),
    )


def _count(code: str, value: int, sentence: str, *, n: int | None = None) -> Figure:
    behind = value if n is None else n
    return Figure(code, float(value), behind, None, None, Unit.COUNT, 0, sentence)


def _rows_of(events: Sequence[Training], sees: bool) -> str:
    """The event, when it is one; else the list of trainings. Nothing for who may see neither."""
    if not sees or not events:
        return ""
    if len(events) == 1:
        return _address("training:event", events[0].event.reference)
    return _address("training:events")


def _sources(events: Iterable[Training]) -> str:
    """The sources that printed these events, in words; empty for events of the installation."""
    codes = sorted({each.event.source for each in events if each.event.source})
    if not codes:
        return ""
    said = ngettext("Source document %(codes)s", "Source documents %(codes)s", len(codes))
    return said % {"codes": _joined(codes)}


def _joined(parts: Iterable[str]) -> str:
    return _(", ").join(parts)


def _trained(work: Work, project: Project, sees: bool) -> Iterable[PanelFigure]:
    every = work.trainings
    said = _joined(f"{each.event.reference} ({_when(each)})" for each in every)
    yield _shown(
        _count("trainings", len(every), _("These are: %(events)s.") % {"events": said}),
        rows=_rows_of(every, sees),
        source=_sources(every),
    )
    for kinds, label in (
        ((EventKind.TOT,), _("Trained to train others")),
        ((EventKind.SIMULATION,), _("In the joint exercise")),
    ):
        if rows := work.of_kind(*kinds):
            yield _people(rows, label, sees)
            if EventKind.SIMULATION in kinds:
                yield _countries(rows, sees)
    yield _people(every, _("People trained in all"), sees)
    people = total_of(each.people for each in every)
    yield _women(people.women, people.sexed, people.total, rows=_rows_of(every, sees))
    if project.budget_usd and people.total:
        # The whole budget also pays for materials, meetings and staff: shown as no unit cost.
        figure = cost.cost_each(
            "cost-completed",
            float(project.budget_usd),
            people.total,
            included=[_("the whole budget of the project, with all its other components")],
            rate_day=None,
            is_unit_cost=False,
        )
        yield _shown(figure, label=_("Budget for each person trained"))


def _people(events: Sequence[Training], label: str, sees: bool) -> PanelFigure:
    people = total_of(each.people for each in events)
    parts = _(" + ").join(number_text(each.people.total) for each in events)
    if len(events) == 1:
        said = _("Event %(event)s.") % {"event": events[0].event.reference}
    else:
        said = _("%(parts)s, in the order of the events.") % {"parts": parts}
    if people.total and people.unverified == people.total:
        said += " " + _("Counted by reports; nobody verified them by a sample.")
    elif people.unverified:
        said += " " + ngettext(
            "%(count)s of them is counted by a report that nobody verified by a sample.",
            "%(count)s of them are counted by reports that nobody verified by a sample.",
            people.unverified,
        ) % {"count": number_text(people.unverified)}
    return _shown(
        _count("people-trained", people.total, said),
        label=label,
        rows=_rows_of(events, sees),
        source=_sources(events),
    )


def _countries(events: Sequence[Training], sees: bool) -> PanelFigure:
    codes = sorted({code for each in events for code in each.event.from_countries})
    names = _joined(geography.country_name(code, language()) for code in codes)
    return _shown(
        _count("countries-together", len(codes), _("From %(names)s.") % {"names": names}),
        rows=_rows_of(events, sees),
        source=_sources(events),
    )


def _women(women: int, sexed: int, people: int, *, rows: str, label: str = "") -> PanelFigure:
    """The share of women, or why there is none: a sex that is not recorded is not counted."""
    if not sexed:
        why = _("The sex of nobody is on record, so there is no share of women.")
        return _shown(Figure("women", None, people, None, None, Unit.SHARE, 0, why), label=label)
    return _shown(shares.share("women", women, sexed), rows=rows, label=label)


def _team(team: Team, sees: bool) -> Iterable[PanelFigure]:
    rows = _address("training:team", team.team.code) if sees else ""
    if team.chosen_from >= team.chosen:
        figure = shares.share("team-chosen", team.chosen, team.chosen_from)
    else:
        said = _("The number of those they were chosen from is not on record.")
        figure = _count("team-chosen", team.chosen, said)
    yield _shown(figure, rows=rows)
    said = _("Asked for: %(asked)s. Given so far: %(done)s.") % {
        "asked": number_text(team.courses_tasked),
        "done": number_text(team.courses_done),
    }
    yield _shown(_count("pilot-courses", team.courses_tasked, said), rows=rows)


def _requests(counts: tuple[int, int]) -> PanelFigure:
    total, waiting = counts
    said = ngettext(
        "%(open)s of them is still open.", "%(open)s of them are still open.", waiting
    ) % {"open": number_text(waiting)}
    return _shown(
        _count("requests-raised", total, said),
        rows=_address("training:requests"),
    )


def _beside(each: Training, sees: bool) -> Iterable[PanelFigure]:
    """A training of no project: how many, how many women where known, what officers reported."""
    place = _place(each)
    rows = _rows_of([each], sees)
    if each.generation is not None and each.event.kind != EventKind.TOT:
        said = _(
            "Trained by a pool of trainers who were trained before: generation %(number)s of their"
            " cascade."
        ) % {"number": number_text(each.generation)}
    else:
        said = _("Event %(event)s.") % {"event": each.event.reference}
    yield _shown(
        _count("people-trained", each.people.total, said),
        label=place,
        rows=rows,
        source=_sources([each]),
    )
    if each.people.sexed:
        yield _women(
            each.people.women,
            each.people.sexed,
            each.people.total,
            rows=rows,
            label=_("Share of women: %(place)s") % {"place": place},
        )
    if each.claims:
        yield _shown(
            rates.outcome_rate(int(each.reports), each.people.total),
            label=_("Outcomes for every 100 trained: %(place)s") % {"place": place},
            rows=_address("training:outcomes") if sees else "",
            source=_sources([each]),
        )


def _place(each: Training) -> str:
    names = _joined(geography.country_name(code, language()) for code in each.event.place_countries)
    parts = [part for part in (names, each.event.place, _when(each)) if part]
    return _joined(parts)


def _when(each: Training) -> str:
    """The days of an event in words; "not dated" for one whose source gives none."""
    try:
        first = PartialDate.parse(each.event.starts) if each.event.starts else None
        last = PartialDate.parse(each.event.ends) if each.event.ends else None
    except PartialDateRefused:
        return each.event.starts
    return span_text(first, last, language()) or _("not dated")


def _notes(work: Work) -> Iterable[str]:
    if any(each.claims for each in [*work.trainings, *work.beside]):
        yield _(
            "What officers report from the field is a contribution of training, not proof of its "
            "effect; no report holds anything about a victim."
        )
