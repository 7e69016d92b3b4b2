"""Plans, services given and claims as tables: what is clear in them, a page at most."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.core import clock
from cairn.referral.models.persons import Person
from cairn.referral.models.plans import Goal, Matter, Plan
from cairn.referral.queries import plans as queries
from cairn.referral.queries.persons_tables import Cell, Row, Table, deed
from cairn.referral.rules.plans import MATTER_MOVES, PLAN_ENDS, MatterState


def plans(person: Person, may_change: bool) -> list[Table]:
    """Goals, and every plan there was. Two queries."""
    goals, found = queries.goals(person), queries.plans(person)
    return [
        Table(
            _("Goals"),
            (
                _("Number"),
                _("What it is about"),
                _("State"),
                pgettext("goal", "To be reached by"),
                _("Plan"),
            ),
            [
                Row(
                    [
                        Cell(str(each.number)),
                        Cell(each.get_area_display()),
                        Cell(each.get_state_display(), "state", f"goal_{each.state}"),
                        Cell(each.target_on, "day"),
                        Cell(str(each.plan.number)),
                    ],
                    deed(
                        may_change and _is_open(each),
                        _("What became of it"),
                        "goal-settle",
                        person,
                        each.number,
                    ),
                )
                for each in goals
            ],
            _("No goal is written down yet."),
        ),
        Table(
            _("Plans"),
            (_("Number"), _("State"), _("Agreed on"), _("Looked at again on"), _("Ended on")),
            [_plan(person, each, may_change) for each in found],
            _("There is no plan. Help waits for none."),
        ),
    ]


def _is_open(goal: Goal) -> bool:
    return goal.plan.state not in PLAN_ENDS


def _plan(person: Person, plan: Plan, may_change: bool) -> Row:
    return Row(
        [
            Cell(str(plan.number)),
            Cell(plan.get_state_display(), "state", f"plan_{plan.state}"),
            Cell(plan.agreed_on, "day"),
            Cell(plan.review_on, "day"),
            Cell(plan.ended_on, "day"),
        ],
        deed(may_change, _("What comes next"), "plan-move", person, plan.number),
    )


def episodes(person: Person, may_change: bool) -> list[Table]:
    """Services that were given, and what came of work and training. Two queries."""
    today = timezone.localdate(clock.now())
    return [
        Table(
            _("Services given"),
            (_("What is given"), _("Who gives it"), _("Since"), _("Last day"), _("How it ended")),
            [
                Row(
                    [
                        Cell(each.get_service_type_display()),
                        Cell(each.provider.display_name),
                        Cell(each.starts_on, "day"),
                        Cell(each.ends_on, "day"),
                        Cell(each.get_outcome_display()),
                    ],
                    deed(
                        may_change and not each.outcome,
                        _("Write down its end"),
                        "episode-end",
                        person,
                        each.number,
                    ),
                )
                for each in queries.episodes(person)
            ],
            _("No service is written down yet."),
        ),
        Table(
            _("What came of work or training"),
            (_("What was given"), _("Months later"), _("To be asked on"), _("What came of it")),
            [
                Row(
                    [
                        Cell(each.episode.get_service_type_display()),
                        Cell(str(each.months)),
                        Cell(each.due_on, "day"),
                        Cell(each.get_outcome_display())
                        if each.seen_on
                        else _waits(each.due_on <= today),
                    ],
                    deed(
                        may_change and each.seen_on is None and each.episode.starts_on <= today,
                        _("Write down what came of it"),
                        "follow-up",
                        person,
                        each.number,
                    ),
                )
                for each in queries.follow_ups(person)
            ],
            _("Nothing is to be asked: no work or training was given."),
        ),
    ]


def _waits(is_due: bool) -> Cell:
    if is_due:
        return Cell(_("To be asked now"), "state", "later_due")
    return Cell(_("To be asked later"), "state", "later_waits")


def safety(person: Person, may_change: bool) -> list[Table]:
    """Safety plans, the one that holds first. One query."""
    return [
        Table(
            _("Safety plans"),
            (_("Number"), _("Written on"), _("Looked at again on"), _("State")),
            [
                Row(
                    [
                        Cell(str(each.number)),
                        Cell(timezone.localdate(each.recorded_at), "day"),
                        Cell(each.review_on, "day"),
                        Cell(pgettext("safety plan", "Holds"), "state", "safety_holds")
                        if place == 0
                        else Cell(pgettext("safety plan", "Replaced"), "state", "safety_replaced"),
                    ]
                )
                for place, each in enumerate(queries.safety_plans(person))
            ],
            _("There is no safety plan yet."),
        )
    ]


def matters(person: Person, may_change: bool) -> list[Table]:
    """Claims before an authority. One query."""
    return [
        Table(
            _("Claims"),
            (
                _("What is claimed"),
                _("State"),
                _("Court or authority"),
                pgettext("claim", "Next term"),
            ),
            [_matter(person, each, may_change) for each in queries.matters(person)],
            _("No claim is noted."),
        )
    ]


def _matter(person: Person, matter: Matter, may_change: bool) -> Row:
    goes_on = bool(MATTER_MOVES[MatterState(matter.state)])
    return Row(
        [
            Cell(matter.get_kind_display()),
            Cell(matter.get_state_display(), "state", f"matter_{matter.state}"),
            Cell(matter.forum),
            Cell(matter.due_on, "day"),
        ],
        deed(may_change and goes_on, _("What happened"), "matter-move", person, matter.number),
    )
