"""What is heard months later: response, application and its bounds, retention, nested sampling."""

import math
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from cairn.training.measures.figure import (
    SMALL_CELL,
    Figure,
    Flag,
    Unit,
    exploratory,
    hidden,
    mean_of,
    undefined,
)
from cairn.training.measures.shares import share
from cairn.ui.formats import number_text, percent_text


def response_rate(
    answered: int, invited: int, *, ineligible: int = 0, undeliverable: int = 0
) -> Figure:
    """answered / (invited - ineligible - undeliverable), Wilson's interval.

    Source: the response rates of the American Association for Public Opinion Research. Raises
    ValueError when more answered than could.
    """
    return share("response-rate", answered, invited - ineligible - undeliverable)


def application(applied: int, answered: int, *, invited: int) -> Figure:
    """The share of those who answered that applied what they learnt, with Wilson's interval.

    The sentence also says how far those who were silent could move it.
    """
    figure = share("application", applied, answered)
    if figure.value is None:
        return figure
    bounds = application_bounds(applied, answered, invited=invited)
    return replace(figure, sentence=f"{figure.sentence} {bounds.sentence}")


def application_bounds(applied: int, answered: int, *, invited: int) -> Figure:
    """Worst and best case of application among all invited, if every silent one differs.

    `low`: nobody silent applied it; `high`: everybody did. Source: Manski's bounds. Raises
    ValueError unless applied <= answered <= invited.
    """
    if not 0 <= applied <= answered <= invited:
        raise ValueError("applied, answered and invited must not fall")
    code, unit = "application-bounds", Unit.SHARE
    if invited == 0:
        return undefined(code, 0, unit, _("Nobody has been asked yet."))
    if invited < SMALL_CELL:
        return hidden(code, invited, unit)
    low, high = applied / invited, (applied + invited - answered) / invited
    said = _(
        "Among all %(invited)s invited it lies between %(low)s and %(high)s, whatever those say "
        "who did not answer."
    ) % {
        "invited": number_text(invited),
        "low": percent_text(low),
        "high": percent_text(high),
    }
    value = applied / answered if answered else None
    return Figure(code, value, invited, low, high, unit, 0, said)


def half_life(post: float, later: float, days: float) -> float | None:
    """Days until half of the score is lost: ln 2 · days / ln(post / later).

    None where nothing was lost, or a score or the time is not above zero.
    """
    if later <= 0 or days <= 0 or post <= later:
        return None
    return math.log(2) * days / math.log(post / later)


def retention(pairs: Sequence[tuple[float, float]], days: float) -> Figure:
    """Half-life in days from mean scores at the end and some months later (exponential forgetting).

    `pairs`: (post, later) scores of the same persons on parallel forms; `days` between both. Two
    points make no curve: that needs three (the sentence says so). Source: the training study,
    section 7.
    """
    n, code, unit = len(pairs), "retention", Unit.DAYS
    if n == 0:
        return undefined(code, n, unit, _("Nobody has sat the test again after some months."))
    if n < SMALL_CELL:
        return hidden(code, n, unit)
    post, later = mean_of([one for one, _x in pairs]), mean_of([other for _x, other in pairs])
    value = half_life(post, later, days)
    if value is None:
        why = _(
            "The score did not fall: %(post)s at the end, %(later)s after %(days)s days. There is "
            "nothing to project."
        ) % {
            "post": number_text(post, 1),
            "later": number_text(later, 1),
            "days": number_text(round(days)),
        }
        return undefined(code, n, unit, why)
    said = _(
        "From %(post)s at the end to %(later)s after %(days)s days: at this pace half is gone "
        "after %(value)s days. Two points make no curve, so take it as a sign only."
    ) % {
        "post": number_text(post, 1),
        "later": number_text(later, 1),
        "days": number_text(round(days)),
        "value": number_text(round(value)),
    }
    return Figure(code, value, n, None, None, unit, 0, said, exploratory(n))


def design_effect(class_size: float, correlation: float) -> Figure:
    """1 + (m - 1)ρ: by how much persons of one class carry less than as many strangers.

    `class_size`: mean persons in a class, `correlation`: within classes, 0 to 1. Source: Kish.
    """
    n = round(class_size)
    if class_size < 1:
        why = _("No class has anybody in it yet.")
        return undefined("design-effect", 0, Unit.RATIO, why)
    value = 1 + (class_size - 1) * correlation
    said = _(
        "People who sat in one class resemble each other: with %(size)s in a class, %(value)s "
        "answers tell as much as one from a stranger."
    ) % {"size": number_text(n), "value": number_text(value, 1)}
    flags = (Flag.NESTED,) if value > 1 else ()
    return Figure("design-effect", value, n, None, None, Unit.RATIO, 1, said, flags)
