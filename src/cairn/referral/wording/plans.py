"""How the history of assistance plans and returns is told."""

from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cairn.referral.rules.plans import GoalState, MatterState, PlanState
from cairn.referral.rules.returns import ReturnState


def _reached(code: str, words: Any, states: type[TextChoices]) -> dict[str, Promise]:
    """For each state the sentence of a step that leads there."""
    return {f"{code}:{state.value}": format_lazy(words, state=state.label) for state in states}


SENTENCES: dict[str, Promise] = {
    "person.reopened": _("opened the record again."),
    "plan.proposed": _("proposed plan %(number)s."),
    "plan.moved": _("took plan %(number)s a step further."),
    "plan.goal_set": _("wrote down goal %(number)s."),
    "plan.goal_settled": _("wrote down what became of goal %(number)s."),
    "plan.service_begun": _("wrote down a service that is given, number %(number)s."),
    "plan.service_ended": _("wrote down the end of service %(number)s."),
    "plan.followed_up": _("wrote down what came of work or training, %(months)s months later."),
    "plan.safety_written": _("wrote safety plan %(number)s."),
    "matter.noticed": _("noted claim %(number)s."),
    "matter.moved": _("took claim %(number)s a step further."),
    "return.considered": _("began to think about a return, number %(number)s."),
    "return.moved": _("took return %(number)s a step further."),
    "return.assessed": _("assessed the danger of a return, number %(number)s."),
    "return.visited": _("wrote down the visit %(months)s months after return %(number)s."),
    "return.concern": _("fears that it has happened again, after return %(number)s."),
    **_reached("plan.moved", _("took plan %(number)s a step further: {state}."), PlanState),
    **_reached(
        "plan.goal_settled",
        _("wrote down what became of goal %(number)s: {state}."),
        GoalState,
    ),
    **_reached("matter.moved", _("took claim %(number)s a step further: {state}."), MatterState),
    **_reached("return.moved", _("took return %(number)s a step further: {state}."), ReturnState),
}
NOTICES: dict[str, Promise] = {
    "return.concern": _(
        "It is feared that somebody is in danger again after a return: record %(pseudonym)s. "
        "Help is open again."
    ),
}
