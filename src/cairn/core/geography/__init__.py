"""Countries, regions and groups of countries, and the reading of printed place names.

Pure Python over fact tables: no models, nothing is loaded until the first question.
"""

from cairn.core.geography.m49 import (
    continents_of,
    countries,
    countries_in,
    country,
    region,
    regions,
    regions_of,
)
from cairn.core.geography.membership import group, groups, groups_of, members
from cairn.core.geography.mentions import names_in
from cairn.core.geography.names import (
    UN_LANGUAGES,
    country_name,
    group_name,
    place_name,
    region_name,
)
from cairn.core.geography.records import (
    WORLD,
    Country,
    Group,
    Kind,
    Membership,
    Reason,
    Region,
    Resolution,
    Suggestion,
)
from cairn.core.geography.resolver import (
    expand,
    expand_codes,
    region_codes,
    resolve,
    resolve_list,
)

__all__ = [
    "UN_LANGUAGES",
    "WORLD",
    "Country",
    "Group",
    "Kind",
    "Membership",
    "Reason",
    "Region",
    "Resolution",
    "Suggestion",
    "continents_of",
    "countries",
    "countries_in",
    "country",
    "country_name",
    "expand",
    "expand_codes",
    "group",
    "group_name",
    "groups",
    "groups_of",
    "members",
    "names_in",
    "place_name",
    "region",
    "region_codes",
    "region_name",
    "regions",
    "regions_of",
    "resolve",
    "resolve_list",
]
