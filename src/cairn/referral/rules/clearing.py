"""May this be told to this recipient? Every ground on which a referral is stopped. Pure."""

from collections.abc import Collection
from typing import Protocol as Shape

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import DataCategory, Urgency

# What may be told without an agreement when a life is in danger: what saves it, and no story.
# Source: Regulation (EU) 2016/679 (27 April 2016), Art. 6(1)(d) and Art. 5(1)(c).
SAVES_LIFE = frozenset(
    {
        DataCategory.NEED,
        DataCategory.CONTACT,
        DataCategory.IDENTITY,
        DataCategory.FAMILY,
        DataCategory.HEALTH,
        DataCategory.SAFETY,
    }
)


class Covering(Shape):
    """A legal ground or a protocol, as far as clearing asks: which categories it covers."""

    @property
    def categories(self) -> Collection[str]: ...


def is_vital(urgency: str, emergency_reason: str) -> bool:
    """True when danger to life or health is stated with its reason: then nothing waits."""
    return urgency == Urgency.EMERGENCY and bool(emergency_reason.strip())


def check_cleared(
    *,
    ground: Covering | None,
    protocol: Covering | None,
    excluded: str | None,
    categories: Collection[str],
    guarded: bool,
    is_child: bool,
    urgency: str,
    emergency_reason: str = "",
    is_within: bool = False,
) -> None:
    """Raise RuleBroken unless `categories` may be told to the recipient.

    `ground`, `protocol`: None when none holds today. `excluded`: the ground on which nobody is
    referred to the recipient, or None. `guarded`: a guardian is there who holds office today.
    `is_within`: sender and recipient are one organisation, which needs no protocol with itself.
    Codes, in this order: "referral.excluded" (never passed, not in an emergency either),
    "referral.categories", "referral.no-basis", "referral.no-protocol", "referral.guardian".
    Danger to life or health, stated with its reason, stands for basis, protocol and guardian;
    what may be told then is what an agreement covers, and what saves life.
    """
    if excluded is not None:
        raise RuleBroken(
            "referral.excluded",
            _("Nobody is referred to this recipient."),
            _("Choose another service; whoever may know the ground can tell you."),
        )
    if not categories or set(categories) - set(DataCategory.values):
        raise RuleBroken("referral.categories", _("Say what the recipient is to be told."))
    agreements = [each for each in (ground, None if is_within else protocol) if each is not None]
    if is_vital(urgency, emergency_reason):
        _check_covered(set(categories) - SAVES_LIFE, agreements)
        return
    if ground is None:
        raise RuleBroken(
            "referral.no-basis",
            _("Nothing allows to tell this recipient about the person."),
            _or_emergency(urgency, _("Ask the person first, and write down what was agreed.")),
        )
    if protocol is None and not is_within:
        raise RuleBroken(
            "referral.no-protocol",
            _("No protocol with this recipient is in force."),
            _or_emergency(urgency, _("Nothing is shared until all parties have signed one.")),
        )
    _check_covered(set(categories), agreements)
    if is_child and not guarded:
        raise RuleBroken(
            "referral.guardian",
            _("A child, or somebody who may be one, is not referred without a guardian."),
            _or_emergency(urgency, _("Have a guardian appointed, and enter who it is.")),
        )


def _check_covered(categories: set[str], agreements: Collection[Covering]) -> None:
    """Each agreement must cover all; where there is none, there is nothing to tell."""
    kept_out = {each for each in categories if not agreements}
    for agreement in agreements:
        kept_out |= categories - set(agreement.categories)
    if kept_out:
        words = ", ".join(str(each.label) for each in DataCategory if each.value in kept_out)
        raise RuleBroken(
            "referral.categories",
            _("This was not agreed to be told: %(categories)s.") % {"categories": words},
            _("Leave it out, or agree on it first."),
        )


def _or_emergency(urgency: str, remedy: str) -> str:
    if urgency != Urgency.EMERGENCY:
        return remedy
    return _("Say what the danger to life or health is: then nothing waits for it.")
