"""How far two raters of the same tasks agree."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cairn.training.measures.figure import Figure, Unit, exploratory, interval_words, undefined
from cairn.ui.formats import number_text


def weighted_kappa(first: Sequence[int], second: Sequence[int]) -> Figure:
    """Cohen's kappa with quadratic weights over tasks that two raters rated.

    Ratings are whole numbers of one ordered scale; steps of the scale that nobody used inside its
    range count as distance. n: tasks. Source: Cohen 1968; interval with the standard error of
    Fleiss, Cohen and Everitt 1969. Raises ValueError for lists of different length.
    """
    n = len(first)
    if n != len(second):
        raise ValueError("both raters need a rating for every task")
    if n < 2:
        why = _("Agreement needs two tasks at least that both raters rated.")
        return undefined("rater-agreement", n, Unit.RATIO, why)
    lowest, highest = min(*first, *second), max(*first, *second)
    if lowest == highest:
        why = _("Both raters gave the same rating throughout; agreement by chance is certain.")
        return undefined("rater-agreement", n, Unit.RATIO, why)
    from statsmodels.stats.inter_rater import cohens_kappa

    size = highest - lowest + 1
    table = [[0] * size for _row in range(size)]
    for one, other in zip(first, second, strict=True):
        table[one - lowest][other - lowest] += 1
    result = cohens_kappa(table, wt="quadratic")
    value = float(result.kappa)
    low, high = max(-1.0, float(result.kappa_low)), min(1.0, float(result.kappa_upp))
    said = _(
        "On %(n)s tasks rated twice, agreement beyond chance is %(value)s of 1 (%(interval)s)."
    ) % {
        "n": number_text(n),
        "value": number_text(value, 2),
        "interval": interval_words(low, high, Unit.RATIO, 2),
    }
    return Figure("rater-agreement", value, n, low, high, Unit.RATIO, 2, said, exploratory(n))
