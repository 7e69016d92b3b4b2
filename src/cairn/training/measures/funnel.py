"""Women and men at each step from nomination to deployment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.training.measures.figure import Figure, Unit, undefined
from cairn.training.measures.gain import gap
from cairn.training.measures.shares import difference, share
from cairn.ui.formats import number_text

# The steps in the order of the way. Source: the training study, section 7, "Gender balance".
STEPS = (
    ("nominated", gettext_lazy("Nominated")),
    ("cleared", gettext_lazy("Cleared")),
    ("selected", gettext_lazy("Selected")),
    ("attended", gettext_lazy("Attended")),
    ("passed", gettext_lazy("Passed")),
    ("trainer", gettext_lazy("Became trainers")),
    ("team", gettext_lazy("In a mobile team")),
    ("deployed", gettext_lazy("Deployed")),
)


@dataclass(frozen=True, slots=True)
class Count:
    """Persons at one step by sex. `others`: another sex, or not stated."""

    step: str
    women: int
    men: int
    others: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One step as shown: its counts, the share of women, and the change from the step before."""

    count: Count
    label: str
    women: Figure
    change: Figure | None


def women_share(count: Count) -> Figure:
    """Share of women among those whose sex is stated as woman or man, Wilson's interval.

    Those of another sex or not stated are said in the sentence, not guessed into one of both.
    """
    if count.others and not count.women + count.men:
        why = _("The sex of these people was not recorded.")
        return undefined("women", count.others, Unit.SHARE, why)
    figure = share("women", count.women, count.women + count.men)
    if count.others and figure.value is not None:
        more = _("%(n)s with another sex or none stated are not part of it.") % {
            "n": number_text(count.others)
        }
        return replace(figure, sentence=f"{figure.sentence} {more}")
    return figure


def funnel(counts: Sequence[Count]) -> list[Row]:
    """Each step with the share of women; `change` compares with the step before it.

    The interval of the change treats both steps as separate groups, although one is part of the
    other: it is wider than needed, never narrower.
    """
    labels = {code: label for code, label in STEPS}
    rows: list[Row] = []
    before: Count | None = None
    for count in counts:
        change = None
        if before is not None:
            change = difference(
                "women-change",
                count.women,
                count.women + count.men,
                before.women,
                before.women + before.men,
            )
        label = str(labels.get(count.step, count.step))
        rows.append(Row(count, label, women_share(count), change))
        before = count
    return rows


def gain_gap(women: Sequence[float], men: Sequence[float]) -> Figure:
    """Women's mean gain less men's, percentage points, with Welch's interval."""
    return gap("gain-gap", women, men, (_("Women"), _("men")))
