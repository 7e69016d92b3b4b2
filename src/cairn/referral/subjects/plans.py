"""Kinds of what plans, claims and returns keep sealed: opened with their person, erased with it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.referral.models.plans import (
    FollowUp,
    Goal,
    Matter,
    MatterStep,
    Plan,
    PlanStep,
    SafetyPlan,
    ServiceEpisode,
)
from cairn.referral.models.returns import MonitoringVisit, ReturnPlan, ReturnRisk, ReturnStep
from cairn.referral.subjects.persons import erased_with, row_kind


def _address(name: str) -> Any:
    return lambda code: reverse(f"referral:{name}", args=[code.partition(".")[0].upper()])


PLAN = row_kind(
    "plan",
    "referral.Plan",
    _("Plan"),
    _("Plans"),
    {"note": _("Note on the plan")},
    _address("plans"),
)
GOAL = row_kind(
    "goal",
    "referral.Goal",
    _("Goal"),
    _("Goals"),
    {"words": _("What the person wants to reach")},
    _address("plans"),
)
EPISODE = row_kind(
    "service-given",
    "referral.ServiceEpisode",
    _("Service given"),
    _("Services given"),
    {"note": _("Note on the service")},
    _address("episodes"),
)
FOLLOW_UP = row_kind(
    "follow-up",
    "referral.FollowUp",
    _("What came of work or training"),
    _("What came of work or training"),
    {"note": _("In words")},
    _address("episodes"),
)
SAFETY = row_kind(
    "safety-plan",
    "referral.SafetyPlan",
    _("Safety plan"),
    _("Safety plans"),
    {
        "signs": _("How danger shows itself"),
        "steps": _("What the person does then"),
        "helpers": _("Who helps, and how to reach them"),
    },
    _address("safety"),
)
MATTER = row_kind(
    "matter",
    "referral.Matter",
    _("Claim"),
    _("Claims"),
    {
        "acts": _("What the person is accused of, or lost"),
        "link": _("How it comes from what was done to the person"),
    },
    _address("matters"),
)
MATTER_STEP = row_kind(
    "matter-step",
    "referral.MatterStep",
    _("Step of a claim"),
    _("Steps of claims"),
    {"reason": _("The reason that the authority gave")},
    _address("matters"),
)
RETURN = row_kind(
    "return",
    "referral.ReturnPlan",
    pgettext_lazy("assistance", "Return"),
    pgettext_lazy("assistance", "Returns"),
    {"wishes": _("What the person wishes"), "arrangements": _("What was arranged")},
    _address("returns"),
)
RETURN_RISK = row_kind(
    "return-risk",
    "referral.ReturnRisk",
    _("Danger of a return"),
    _("Dangers of returns"),
    {
        "sources": _("On what it rests"),
        "safeguards": _("What was agreed to keep the person safe"),
    },
    _address("returns"),
)
VISIT = row_kind(
    "return-visit",
    "referral.MonitoringVisit",
    _("Visit after a return"),
    _("Visits after a return"),
    {"note": _("What was heard and seen")},
    _address("returns"),
)
KINDS = (
    PLAN,
    GOAL,
    EPISODE,
    FOLLOW_UP,
    SAFETY,
    MATTER,
    MATTER_STEP,
    RETURN,
    RETURN_RISK,
    VISIT,
)
# What is emptied with the person; states, kinds, days and outcomes stay, to be counted.
_EMPTIED: dict[type[Any], dict[str, Any]] = {
    Plan: {"review_on": None},
    PlanStep: {},
    Goal: {"target_on": None},
    ServiceEpisode: {"referral": None},
    FollowUp: {},
    SafetyPlan: {"review_on": None},
    Matter: {"forum": "", "due_on": None},
    MatterStep: {},
    ReturnPlan: {"to_country": "", "partner": None, "departs_on": None},
    ReturnStep: {},
    ReturnRisk: {"dangers": []},
    MonitoringVisit: {},
}


def forget(person: Any) -> None:
    """After the key is destroyed: no authority, partner or country tells who it was."""
    for model, emptied in _EMPTIED.items():
        # Past the managers that refuse changes: an erasure is the one that these rows take.
        model._base_manager.filter(person=person).update(**emptied, recorded_by=None)


erased_with(forget=forget)
