"""What stands above and beside a list of projects: totals in a sentence, map, bars, tables."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.portfolio.models import Project
from cairn.portfolio.queries import documents, totals
from cairn.portfolio.queries.totals import Line, Total
from cairn.ui.charts import Bar, MapPicture, fluid_bar_chart, world_map

# A chart with more bars than this is longer than two screens: the table has them all.
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """A total with its two sentences: what it counts, what it leaves out (may be empty).

    `listed`: how many projects a reader sees; the total counts fewer where parts stand in a whole.
    """

    total: Total
    includes: str
    excludes: str
    listed: int


def summary(found: QuerySet[Project]) -> Summary:
    """The total of `found`, from listing.projects, as its reader sees it. Three queries."""
    total = totals.total(found)
    return Summary(total, documents.includes(total), documents.excludes(total), found.count())


def countries(actor: Actor, found: QuerySet[Project]) -> list[Line]:
    """Lines by country. A country whose projects all print no budget has None, not zero."""
    return [
        line if line.budget else replace(line, budget=None, shortfall=None)
        for line in totals.by_country(actor, found)
    ]


def country_map(lines: list[Line]) -> MapPicture:
    """The map of what is lacking, each country leading to its page."""
    known = [line for line in lines if line.shortfall is not None]
    return world_map(
        {line.code: float(line.shortfall or 0) for line in known},
        title=_("Shortfall by country"),
        description=_(
            "World map: the stronger the colour, the more is lacking in the projects that work in "
            "a country. The table has every figure."
        ),
        legend_title=_("Shortfall of the projects in a country"),
        language=language(),
        direction=direction(),
        hrefs={line.code: reverse("portfolio:country", args=[line.code]) for line in known},
        names={line.code: line.name for line in known},
    )


def chapter_bars(lines: list[Line]) -> str:
    """Pledged and lacking by chapter; the bars add up to the total."""
    address = reverse("portfolio:projects")
    return fluid_bar_chart(
        [
            Bar(
                line.name,
                line.pledged,
                href=f"{address}?chapter={line.code}",
                second=line.shortfall or 0,
            )
            for line in lines
        ],
        title=_("Pledged and lacking by region"),
        description=_("One bar for each region: what was pledged, then what is lacking."),
        value_label=_("Pledged"),
        second_label=_("Shortfall"),
        language=language(),
        direction=direction(),
    )


def donor_bars(lines: list[Line]) -> str:
    """Pledges by donor, the largest `MOST_BARS`."""
    return fluid_bar_chart(
        [
            Bar(
                line.name,
                line.pledged,
                href=reverse("portfolio:donor", args=[line.code]),
            )
            for line in lines[:MOST_BARS]
        ],
        title=_("Pledges by donor"),
        description=_("One bar for each donor, largest first."),
        value_label=_("Pledged"),
        language=language(),
        direction=direction(),
    )


def year_bars(years: Mapping[int, Decimal]) -> str:
    """Budgets by calendar year, the last `MOST_BARS`."""
    return fluid_bar_chart(
        [Bar(str(year), amount) for year, amount in list(years.items())[-MOST_BARS:]],
        title=_("US dollars in each calendar year"),
        description=_("One bar for each calendar year, in their order."),
        value_label=_("Budget"),
        language=language(),
        direction=direction(),
    )


def direction() -> str:
    """The direction of the page: "rtl" or "ltr"."""
    return "rtl" if get_language_bidi() else "ltr"
