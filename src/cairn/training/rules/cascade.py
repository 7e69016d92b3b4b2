"""What a plan for a cascade may say. Pure: values in, RuleBroken out."""

from decimal import Decimal

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# A cascade of twenty layers would be one that nobody watches; a slip of the keyboard.
MOST_GENERATIONS = 20


def check_plan(*, has_project: bool, has_root: bool, minimum_share: Decimal) -> None:
    """Raise RuleBroken unless a plan is for something and its share can link anybody.

    "cascade_plan.scope": neither a project nor an event. "cascade_plan.share": not a share, or 0.
    """
    if not has_project and not has_root:
        raise RuleBroken(
            "cascade_plan.scope",
            _("The plan does not say whose cascade it is for."),
            _("Choose a project, or the event that the cascade begins with."),
        )
    if not 0 < minimum_share <= 1:
        raise RuleBroken(
            "cascade_plan.share",
            _("The share of objectives lies above 0 and reaches up to 1."),
            _("Half of them, 0.5, is usual."),
        )


def check_target(generation: int, *, is_known: bool) -> None:
    """Raise RuleBroken for a generation that cannot be or a target that is there already.

    Codes: "cascade_target.generation", "cascade_target.twice".
    """
    if not 1 <= generation <= MOST_GENERATIONS:
        raise RuleBroken(
            "cascade_target.generation",
            _("A target is for a generation from 1 to %(most)s.") % {"most": MOST_GENERATIONS},
            _("Generation 1 is who the root trainers train."),
        )
    if is_known:
        raise RuleBroken(
            "cascade_target.twice",
            _("The plan has a target for this generation, place and day already."),
            _("Remove it first, when the number should be another."),
        )
