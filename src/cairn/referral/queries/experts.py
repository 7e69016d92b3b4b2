"""What the roster of experts reads: a list without names, and one entry."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.referral.models.experts import Expert
from cairn.referral.rules.access_points import language_codes
from cairn.referral.rules.experts import Availability, ExpertField


@dataclass(frozen=True, slots=True)
class Filters:
    """What the roster is narrowed to; an empty part narrows nothing. `language`: ISO 639."""

    field: str = ""
    language: str = ""
    country: str = ""
    availability: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        field, country = query.get("field", ""), query.get("country", "")
        can = query.get("state", "")
        return cls(
            field=field if field in ExpertField.values else "",
            language=_language(query.get("language", "")),
            country=country if country in {each.alpha3 for each in geography.countries()} else "",
            availability=can if can in Availability.values else "",
        )


def _language(typed: str) -> str:
    """The code of the first language that was typed, as a name or a code; "" for none."""
    try:
        return next(iter(language_codes(typed[:200], language())), "")
    except RuleBroken:
        return ""


def experts(actor: Actor, filters: Filters) -> QuerySet[Expert]:
    """Entries that the actor sees, without what is sealed; who can be asked comes first."""
    rows = Expert.objects.visible_to(actor).filter(erased_on=None).select_related("organisation")
    rows = rows.defer("name", "contact")
    # The quotation marks keep one code from being found inside another, on every database.
    if filters.field:
        rows = rows.filter(fields__icontains=f'"{filters.field}"')
    if filters.language:
        rows = rows.filter(languages__icontains=f'"{filters.language}"')
    if filters.country:
        rows = rows.filter(Q(countries=[]) | Q(countries__icontains=f'"{filters.country}"'))
    if filters.availability:
        rows = rows.filter(availability=filters.availability)
    return rows.order_by("availability", "title", "code")


def find_expert(actor: Actor, code: str) -> Expert:
    """The entry of this code. Raises Expert.DoesNotExist (also when not visible)."""
    rows = Expert.objects.visible_to(actor).select_related("organisation")
    found: Expert = rows.get(code=code)
    return found
