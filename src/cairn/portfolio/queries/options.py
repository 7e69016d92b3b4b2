"""What the list of projects can be filtered by: no value that would tell what is withheld."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.portfolio.models import Pledge, Project, ProjectCountry, ProjectRegion
from cairn.portfolio.queries.listing import SHARES, Filters
from cairn.portfolio.rules import Chapter, Publication, State, Theme

Choices = list[tuple[str, str]]
NOT_NAMED = "not-named"

# The three orders that readers ask for, besides the headings of the table.
ORDERS: dict[str, Callable[[], str]] = {
    "": lambda: _("Reference"),
    "title": lambda: _("Title"),
    "-shortfall": lambda: _("Most lacking first"),
    "-budget": lambda: _("Largest budget first"),
    "-pledged": lambda: _("Most pledged first"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """(code, name) pairs for each filter, sorted as people look for them."""

    countries: Choices
    regions: Choices
    groups: Choices
    themes: Choices
    donors: Choices
    states: Choices
    shares: Choices
    chapters: Choices
    publications: Choices


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words. `field`: its name in the address."""

    field: str
    label: str
    value: str


def asked(actor: Actor, query: Mapping[str, str]) -> Filters:
    """The filters of an address; `publication` is for staff."""
    filters = Filters.from_query(query)
    if actor.may(Permission.PORTFOLIO_VIEW):
        return filters
    return replace(filters, publication="")


def options(actor: Actor) -> Options:
    """All choices for `actor`. Four queries.

    Countries, groups, sub-regions and donors come only from projects that the actor may see
    whole; a continent also from those that are shown without their country.
    """
    open_ones = Project.objects.open_to(actor).values("pk")
    reached = list(
        ProjectCountry.objects.filter(project__in=open_ones)
        .order_by()
        .values_list("country", "via")
        .distinct()
    )
    visible = Project.objects.visible_to(actor).values("pk")
    regions = set(
        ProjectRegion.objects.filter(project__in=open_ones)
        .order_by()
        .values_list("region", flat=True)
    ) | set(
        ProjectRegion.objects.filter(project__in=visible, is_continent=True)
        .order_by()
        .values_list("region", flat=True)
    )
    return Options(
        countries=_named({code for code, _via in reached}, geography.country_name),
        regions=_named(regions, geography.region_name),
        groups=_named({via for _code, via in reached if via}, geography.group_name),
        themes=[(theme.value, str(theme.label)) for theme in Theme],
        donors=_donors(actor),
        states=[(state.value, str(state.label)) for state in State],
        shares=[(share, share_label(share)) for share in SHARES],
        chapters=[(chapter.value, str(chapter.label)) for chapter in Chapter],
        publications=[(each.value, str(each.label)) for each in Publication]
        if actor.may(Permission.PORTFOLIO_VIEW)
        else [],
    )


def _donors(actor: Actor) -> Choices:
    """Donors with a current pledge that the actor may see; those without a name come last."""
    given = Pledge.objects.visible_to(actor).current().order_by().values_list("donor", flat=True)
    keys = set(given.distinct())
    named = [
        (donor.slug, donor.display_name)
        for donor in Organisation.objects.filter(pk__in=[key for key in keys if key])
    ]
    unnamed = [(NOT_NAMED, _("Donor not named in the source"))] if None in keys else []
    return sorted(named, key=lambda pair: pair[1].casefold()) + unnamed


def share_label(share: str) -> str:
    """A value of SHARES in words."""
    words = {
        "none": _("No pledges"),
        "under-half": _("Less than half pledged"),
        "half-or-more": _("Half or more pledged"),
        "full": _("Fully pledged"),
        "unknown": _("Budget not known"),
    }
    return words[share]


def chips(filters: Filters, choices: Options) -> list[Chip]:
    """Every filter that is set, in words. A code that no row has is shown as it was asked."""
    named: list[tuple[str, str, str, Choices]] = [
        ("q", _("Search"), filters.search, []),
        ("country", _("Country"), filters.country.upper(), choices.countries),
        ("region", _("Region"), filters.region, choices.regions),
        ("group", _("Group of countries"), filters.group, choices.groups),
        ("theme", _("Theme"), filters.theme, choices.themes),
        ("donor", pgettext("one who gives money", "Donor"), filters.donor, choices.donors),
        ("state", _("Status"), filters.state, choices.states),
        ("share", _("Funded share"), filters.share, choices.shares),
        ("chapter", _("Chapter of the folder"), filters.chapter, choices.chapters),
        ("publication", _("Publication"), filters.publication, choices.publications),
    ]
    return [
        Chip(field, label, dict(listed).get(value, value))
        for field, label, value, listed in named
        if value
    ]


def _named(codes: Iterable[str], name_of: Callable[[str, str], str]) -> Choices:
    pairs = [(code, name_of(code, language())) for code in codes]
    return sorted(pairs, key=lambda pair: pair[1].casefold())
