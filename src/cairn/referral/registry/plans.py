"""What the platform is told of assistance plans, claims and returns."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.referral.queries.plans import plan_panel, rights_panel
from cairn.referral.queries.returns_tables import panel as return_panel
from cairn.referral.registry.told import Panel, Told
from cairn.referral.subjects.plans import KINDS
from cairn.referral.wording.plans import NOTICES


def _place(notice: Any) -> str:
    """The page of the person whose return a notice is about."""
    return reverse("referral:returns", args=[notice.facts["pseudonym"]])


TOLD = Told(
    tones={
        "NEUTRAL": "goal_given_up matter_noticed matter_dropped return_not_considered "
        "return_declined later_waits safety_replaced found_not_known",
        "WAITING": "plan_proposed plan_agreed plan_under_review goal_open matter_raised "
        "matter_considered return_counselled return_risk_assessed return_pre_departure "
        "return_travelling later_due visit_not_reached found_safeguards",
        "ACTIVE": "plan_active goal_partly return_received return_reintegration return_monitored "
        "safety_holds right_holds",
        "DONE": "plan_completed plan_transferred goal_reached matter_applied matter_partly "
        "matter_remedied return_closed visit_well found_safe",
        "STOPPED": "plan_ended_by_person plan_lost_contact matter_not_applied return_blocked "
        "found_unsafe right_over",
        "ATTENTION": "return_concern visit_concern",
    },
    kinds=KINDS,
    panels=(
        Panel(50, _("Assistance plan"), "referral/plans_panel.html", plan_panel),
        Panel(60, _("Rights and reflection"), "referral/plans_rights_panel.html", rights_panel),
        Panel(
            70, pgettext_lazy("assistance", "Return"), "referral/returns_panel.html", return_panel
        ),
    ),
    notices=NOTICES,
    places={"return": _place},
)
