"""The kinds that oversight knows as "recipient-risk" and "expert"."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind
from cairn.referral.models.experts import EXPERT_KIND
from cairn.referral.models.risks import RISK_KIND


def forget_risk(risk: Any) -> None:
    """After the key is destroyed: that it was decided stays, what was found out does not."""
    risk.erased_on, risk.keep_until = clock.now().date(), None
    risk.save(update_fields=["erased_on", "keep_until"])


def forget_expert(expert: Any) -> None:
    """After the key is destroyed: nobody is asked any more, and nothing tells who it was."""
    expert.erased_on, expert.keep_until = clock.now().date(), None
    expert.title, expert.languages, expert.countries = "–", [], []
    expert.save(update_fields=["erased_on", "keep_until", "title", "languages", "countries"])


RISK = SubjectKind(
    key=RISK_KIND,
    model="referral.RecipientRisk",
    zone=Zone.PROTECTION,
    label=_("Recipient that is left out"),
    plural=_("Recipients that are left out"),
    sealed={"note": _("What was found out")},
    view=Permission.RISK_VIEW,
    open=Permission.RISK_DECIDE,
    address=lambda code: reverse("referral:risk", args=[code]),
    after_erasure=forget_risk,
)
EXPERT = SubjectKind(
    key=EXPERT_KIND,
    model="referral.Expert",
    zone=Zone.PROTECTION,
    label=pgettext_lazy("roster", "Expert"),
    plural=pgettext_lazy("roster", "Experts"),
    sealed={
        "name": pgettext_lazy("expert", "Name"),
        "contact": pgettext_lazy("expert", "How to make contact"),
    },
    view=Permission.EXPERT_VIEW,
    open=Permission.EXPERT_OPEN,
    address=lambda code: reverse("referral:expert", args=[code]),
    after_erasure=forget_expert,
)
