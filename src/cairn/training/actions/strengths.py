"""How many people a unit has, as a source says: the denominator of coverage."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.training.models import UnitStrength
from cairn.training.rules.choices import Profession


@transaction.atomic
def record_strength(
    actor: Actor,
    organisation: Organisation,
    *,
    country: str,
    total: int,
    as_of: date,
    source: str,
    area: str = "",
    profession: Profession | str = "",
    women: int | None = None,
) -> UnitStrength:
    """Record the strength of an agency in a country (alpha-3) or area, on a day.

    An earlier figure stays; coverage takes the newest. Raises PermissionDenied, RuleBroken
    ("strength.total", "strength.women").
    """
    require(actor, Permission.TRAINING_EDIT)
    if total < 1:
        raise RuleBroken("strength.total", _("A strength counts one person at least."))
    if women is not None and women > total:
        raise RuleBroken(
            "strength.women",
            _("%(women)d women among %(total)d people is not possible.")
            % {"women": women, "total": total},
            _("Check both counts."),
        )
    made = UnitStrength.objects.create(
        organisation=organisation,
        country=country,
        area=area.strip(),
        profession=profession,
        total=total,
        women=women,
        as_of=as_of,
        source=source.strip(),
    )
    audit.record(actor, "unit_strength.recorded", made, total=total)
    return made
