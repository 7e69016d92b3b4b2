"""States of a pair of records that may be of one person, and what somebody may decide."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken


class PairState(TextChoices):
    SUGGESTED = "suggested", pgettext_lazy("two records", "To be looked at")
    SAME = "same", pgettext_lazy("two records", "Same person")
    DIFFERENT = "different", pgettext_lazy("two records", "Two persons")


class PairStep(TextChoices):
    """What was decided; "undone" takes the decision before it back."""

    SAME = "same", pgettext_lazy("two records", "Same person")
    DIFFERENT = "different", pgettext_lazy("two records", "Two persons")
    UNDONE = "undone", pgettext_lazy("two records", "Decision taken back")


class PairReason(TextChoices):
    """What a decision rests on. Codes only: no story and no name is kept with a pair."""

    TOLD = "told", gettext_lazy("The person says so")
    PAPERS = "papers", gettext_lazy("Papers were compared")
    KNOWN = "known", gettext_lazy("A colleague knows the person or both persons")
    RECORDS = "records", gettext_lazy("Both records were read")
    RELATIVES = "relatives", gettext_lazy("They are twins, sisters, brothers or other relatives")
    MISTAKE = "mistake", gettext_lazy("The decision before was a mistake")


# What may follow from which state.
STEPS = {
    PairState.SUGGESTED: {PairStep.SAME, PairStep.DIFFERENT},
    PairState.SAME: {PairStep.UNDONE},
    PairState.DIFFERENT: {PairStep.UNDONE},
}
AFTER = {
    PairStep.SAME: PairState.SAME,
    PairStep.DIFFERENT: PairState.DIFFERENT,
    PairStep.UNDONE: PairState.SUGGESTED,
}


def check_step(now: PairState, step: PairStep, reason: PairReason) -> None:
    """Raise RuleBroken ("pair.step", "pair.reason") unless `step` may follow, for this reason."""
    if step not in STEPS[now]:
        raise RuleBroken(
            "pair.step",
            _('This pair says "%(now)s", so that cannot be decided now.') % {"now": now.label},
            _("Take the decision back first, or read what a colleague has just decided."),
        )
    if step is PairStep.SAME and reason in {PairReason.RELATIVES, PairReason.MISTAKE}:
        raise RuleBroken(
            "pair.reason", _("This reason does not say that both records are of one person.")
        )
