"""The way between the parts of training, on top of its pages."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission as P
from cairn.core.actor import PUBLIC, Actor
from cairn.ui.navigation import address

register = template.Library()

# Pages that belong to a part without standing under its address.
BELONGING = {
    "training:plans": "training:modules",
    "training:objectives": "training:modules",
    "training:needs": "training:modules",
    "training:test-plans": "training:questions",
    "training:requests": "training:outcomes",
    "training:figures": "training:overview",
    "training:duplicates": "training:people",
}


@register.inclusion_tag("training/_parts.html", takes_context=True)
def training_parts(context: dict[str, Any]) -> dict[str, Any]:
    """Links to the parts of training that the reader may see; `parts`: (address, word, is here)."""
    request = context.get("request")
    actor: Actor = getattr(request, "actor", PUBLIC)
    path = getattr(request, "path", "")
    asked = (
        ("training:events", _("Trainings"), (P.TRAINING_VIEW,)),
        ("training:calls", _("Nominations"), (P.TRAINING_VIEW, P.NOMINATION_MAKE)),
        ("training:people", _("People"), (P.TRAINEE_VIEW,)),
        ("training:vetting", _("Vetting"), (P.VETTING_RECORD,)),
        ("training:trainers", _("Trainers"), (P.TRAINING_VIEW,)),
        ("training:teams", _("Teams"), (P.TRAINING_VIEW,)),
        ("training:cascade", _("Cascade"), (P.TRAINING_VIEW,)),
        ("training:overview", _("Figures"), (P.TRAINING_VIEW,)),
        ("training:modules", _("Modules"), (P.TRAINING_VIEW,)),
        ("training:questions", _("Questions"), (P.TRAINING_EDIT,)),
        ("training:deployments", _("Deployments"), (P.TRAINEE_VIEW,)),
        ("training:outcomes", _("Outcomes"), (P.TRAINING_VIEW,)),
        ("training:kits", _("Event kits"), (P.KIT_OPERATE,)),
    )
    shown = [
        (href, word)
        for name, word, needed in asked
        if actor.may_any(needed) and (href := address(name)) is not None
    ]
    parts = {href: href for href, _word in shown}
    parts |= {
        page: part
        for name, of in BELONGING.items()
        if (page := address(name)) is not None and (part := address(of)) in parts
    }
    here = parts.get(max((each for each in parts if path.startswith(each)), key=len, default=""))
    return {"parts": [(href, word, href == here) for href, word in shown]}
