"""What assistance counts for the chain of results: referrals, their answers, who was helped.

Every figure is one that the counts of assistance tell of a country and a quarter, or the sum of
what the countries tell: nothing is counted here that is not told there.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.held_back import added
from cairn.core.measures import (
    Counted,
    Found,
    Measure,
    Question,
    Scope,
    Step,
    Unit,
    Words,
    counted,
    share_of,
)
from cairn.referral.queries.counts import countries
from cairn.referral.rules.counts import quarter_of
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import PersonSex
from cairn.referral.rules.services import ServiceType
from cairn.referral.statistics import AGES, SEXES, Counts, assistance_by_country

PLACES: Final = frozenset({Scope.PROGRAMME, Scope.COUNTRY})
# Whoever sees the programme or its statistics; others see what is released.
SEEN_BY: Final = (Permission.PORTFOLIO_VIEW, Permission.STATISTICS_VIEW)
# Of what is told of several countries together.
SUMMED: Final = _("The countries that tell a count, together; what one holds back is not in it.")
NOT_ASKED: Final = "not-asked"

Figure = Callable[[Counts], int | None]


def _told(actor: Actor, question: Question) -> list[Counts] | None:
    """The counts of the country, or of every country that has any; None to those not told."""
    is_told = actor.may_any(SEEN_BY) or (question.country and question.country in countries(actor))
    if not is_told:
        return None
    quarter = quarter_of(question.period.first)
    found = measures.once(
        ("referral.assistance", question),
        lambda: assistance_by_country(quarter, question.country),
    )
    return list(found.values())


def _counted(values: Sequence[int | None]) -> Found:
    """The sum of what is told, with a word where a country holds its own back; 0 of none."""
    told = [each for each in values if each is not None]
    if values and not told:
        return counted(None)
    return counted(sum(told), note=SUMMED if len(told) < len(values) else "")


def _whole(figure: Figure) -> Callable[[Actor, Question], Iterator[Found]]:
    """A measure that is one figure of the counts."""

    def compute(actor: Actor, question: Question) -> Iterator[Found]:
        found = _told(actor, question)
        if found is not None:
            yield _counted([figure(each) for each in found])

    return compute


def _share(part: Figure, whole: Figure) -> Callable[[Actor, Question], Iterator[Found]]:
    """A measure that is a share: of the countries that tell both, so that they belong together."""

    def compute(actor: Actor, question: Question) -> Iterator[Found]:
        found = _told(actor, question)
        if found is None:
            return
        pairs = [(part(each), whole(each)) for each in found]
        both = [(one, all_) for one, all_ in pairs if one is not None and all_ is not None]
        if pairs and not both:
            yield Found(None, is_held_back=True)
        else:
            yield share_of(sum(one for one, _all in both), sum(all_ for _one, all_ in both))

    return compute


def _services(actor: Actor, question: Question) -> Iterator[Found]:
    found = _told(actor, question)
    if found is None:
        return
    yield _counted([each.services_total for each in found])
    by_kind = added(dict(each.services) for each in found)
    for name, count in sorted(by_kind.items(), key=lambda pair: (-(pair[1] or 0), str(pair[0]))):
        yield counted(count, service=str(name))


def _persons(actor: Actor, question: Question) -> Iterator[Found]:
    """All, by age, by sex, and by both; what nobody was is left out."""
    found = _told(actor, question)
    if found is None:
        return
    grids = [each.persons for each in found if each.persons.cells]
    cells = added(
        {
            (row, column): cell
            for row, line in enumerate(grid.cells)
            for column, cell in enumerate(line)
        }
        for grid in grids
    )
    yield _counted([grid.cells[-1][-1] for grid in grids])
    for row, age in enumerate((*AGES, "")):
        for column, sex in enumerate((*SEXES[:-1], NOT_ASKED, "")):
            part = ({"age": age} if age else {}) | ({"sex": sex} if sex else {})
            count = cells.get((row, column), 0)
            if part and count != 0:
                yield counted(count, **part)


def _rows(actor: Actor, question: Question) -> str:
    """The tables of the country, for those who have them."""
    if not actor.may(Permission.ASSISTANCE_COUNT) or not question.country:
        return ""
    if question.country not in countries(actor) or not question.period.is_quarter:
        return ""
    quarter = quarter_of(question.period.first)
    return f"{reverse('referral:counts')}?country={question.country}&quarter={quarter}"


def _words(dimension: str, value: str) -> Words:
    if dimension == "service":
        return ServiceType(value).label
    if dimension == "age":
        return AgeBand(value).label
    return _("not asked") if value == NOT_ASKED else PersonSex(value).label


_REFERRALS = _("The register of referrals: that one was sent, and how and when it was answered.")
_EPISODES = _("Services that providers recorded, with the day on which each began.")


def _measure(
    code: str,
    label: Words,
    definition: Words,
    compute: Callable[[Actor, Question], Iterator[Found]],
    *,
    source: Words = _REFERRALS,
    unit: Unit = Unit.COUNT,
    parts: tuple[str, ...] = (),
) -> Measure:
    return Measure(
        f"referral.{code}",
        1,
        Step.HELP,
        label,
        definition,
        source,
        unit,
        Counted.PERSONS,
        PLACES,
        compute,
        parts=parts,
        rows=_rows,
        words=_words,
    )


MEASURES = (
    _measure(
        "sent",
        _("Referrals sent"),
        _("Referrals that were sent within the quarter and not taken back."),
        _whole(lambda each: each.total.asked),
    ),
    _measure(
        "accepted",
        _("Referrals accepted"),
        _("Of the referrals that were sent within the quarter, those that a service accepted."),
        _whole(lambda each: each.total.accepted),
    ),
    _measure(
        "accepted_share",
        _("Accepted, of those answered"),
        _("Referrals accepted for those that were accepted or declined; Wilson's interval."),
        _share(lambda each: each.total.accepted, lambda each: each.total.answered),
        unit=Unit.SHARE,
    ),
    _measure(
        "in_time",
        _("Referrals answered in time"),
        _(
            "Of the referrals that were sent within the quarter, those that were accepted or "
            "declined before the clock asked for it: the time depends on how urgent it is."
        ),
        _whole(lambda each: each.in_time),
    ),
    _measure(
        "in_time_share",
        _("Answered in time, of those sent"),
        _("Referrals answered in time for those that were sent; Wilson's interval."),
        _share(lambda each: each.in_time, lambda each: each.total.asked),
        unit=Unit.SHARE,
    ),
    _measure(
        "services",
        _("Services begun"),
        _("Services that began within the quarter, by kind: a person may have had several."),
        _services,
        source=_EPISODES,
        parts=("service",),
    ),
    _measure(
        "persons",
        _("Persons assisted"),
        _(
            "Persons for whom a service began within the quarter, each once in a country. "
            "Quarters do not add up to a year: the same person may be in each of them."
        ),
        _persons,
        source=_EPISODES,
        parts=("age", "sex"),
    ),
)


def register_measures() -> None:
    measures.register(*MEASURES)
