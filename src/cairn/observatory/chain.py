"""What published statistics tell for the chain of results: persons, as everybody may know them.

Nothing is counted here: a figure is the one that a release shows, under the protection of that
release, and None where it hides it or where nothing was published of the quarter.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.core import measures
from cairn.core.actor import PUBLIC, Actor
from cairn.core.measures import Counted, Found, Measure, Question, Scope, Step, Unit
from cairn.observatory.queries import published
from cairn.observatory.queries.published import Found as Released
from cairn.observatory.rules.publication import Publication

PLACES: Final = frozenset({Scope.PROGRAMME, Scope.COUNTRY})
# Names of series and of columns, as the sources call them (see observatory.sources).
IDENTIFIED, ASSISTED = "identified", "assisted"
COUNTRY = "country"
PARTS = ("age", "sex")
NOTHING_YET: Final = _("No release of this quarter is published.")
PROTECTED: Final = _("A published figure: protected, so that parts do not add up to their totals.")


def _release(series: str, question: Question) -> Released | None:
    """The release of this quarter, which is looked for once while measures are asked together."""
    period = question.period
    return measures.once(
        ("observatory.release", series, period),
        lambda: published.of_period(PUBLIC, [series], period.first, period.last),
    )


def _figures(series: str) -> Callable[[Actor, Question], Iterator[Found]]:
    def compute(_actor: Actor, question: Question) -> Iterator[Found]:
        found = _release(series, question)
        if found is None:
            yield Found(None, note=NOTHING_YET)
            return
        told = found.publication
        fixed = {COUNTRY: question.country} if question.country else {}
        yield _found(told, fixed)
        for name in PARTS:
            column = told.by_name.get(name)
            if column is None or told.grouping([*fixed, name]) is None:
                continue
            for code in column.leaves:
                yield _found(told, fixed | {name: code}, (name, code))

    return compute


def _found(told: Publication, codes: dict[str, str], *part: tuple[str, str]) -> Found:
    """The figure of one cell; a cell that is hidden, not listed or not in a table is held back."""
    by = told.grouping(list(codes))
    value = None
    if by is not None:
        value = told.groupings[by].get(tuple(codes[name] for name in by))
    if value is None:
        return Found(None, part, is_held_back=True, note=PROTECTED)
    return Found(Decimal(value), part, note=PROTECTED)


def _address(series: str) -> Callable[[Actor, Question], str]:
    """Where the release stands, for whoever asks: it is public."""

    def rows(_actor: Actor, question: Question) -> str:
        found = _release(series, question)
        if found is None:
            return ""
        return reverse("observatory:statistics-release", args=[found.publication.code])

    return rows


_SOURCE = _("The published release of statistics of the quarter, signed by two persons.")

MEASURES = (
    Measure(
        "observatory.assisted",
        1,
        Step.HELP,
        _("Persons assisted (published)"),
        _("Persons for whom a service began in the quarter, as the release of it tells."),
        _SOURCE,
        Unit.COUNT,
        Counted.PERSONS,
        PLACES,
        _figures(ASSISTED),
        PARTS,
        rows=_address(ASSISTED),
    ),
    Measure(
        "observatory.identified",
        1,
        Step.DECISIONS,
        _("Persons identified (published)"),
        _("Persons whom an authority identified in the quarter, as the release of it tells."),
        _SOURCE,
        Unit.COUNT,
        Counted.PERSONS,
        PLACES,
        _figures(IDENTIFIED),
        PARTS,
        rows=_address(IDENTIFIED),
    ),
)
