"""The registry of practices: what matches, one practice with its versions, who wrote it."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.lists import naming
from cairn.library.models import Practice
from cairn.library.rules.practices import (
    CrisisPhase,
    CrisisType,
    Guideline,
    PracticeState,
    PracticeType,
    StakeholderType,
    folded,
)
from cairn.oversight.queries.people import names

# Filter of an address -> the list of a practice that it asks, and its words.
ASKED: dict[str, tuple[str, Any]] = {
    "stakeholder": ("stakeholder_types", StakeholderType),
    "crisis": ("crisis_types", CrisisType),
    "phase": ("crisis_phases", CrisisPhase),
    "guideline": ("guidelines", Guideline),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the registry is narrowed to; an empty part narrows nothing. `state`: for staff."""

    words: str = ""
    type: str = ""
    country: str = ""
    stakeholder: str = ""
    crisis: str = ""
    phase: str = ""
    guideline: str = ""
    state: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        known = {name: set(listed.values) for name, (_, listed) in ASKED.items()}
        known["type"], known["state"] = set(PracticeType.values), set(PracticeState.values)
        known["country"] = {each.alpha3 for each in geography.countries()}
        given = {name: query.get(name, "") for name in known}
        understood = {name: value for name, value in given.items() if value in known[name]}
        return cls(words=query.get("q", "").strip()[:80], **understood)


def practices(actor: Actor, filters: Filters) -> QuerySet[Practice]:
    """Practices that match, by title; without a state those that are in the registry."""
    found: QuerySet[Practice] = Practice.objects.visible_to(actor)
    found = found.filter(state=filters.state or PracticeState.PUBLISHED)
    for word in folded([filters.words]).split():
        found = found.filter(search_text__contains=word)
    if filters.type:
        found = found.filter(type=filters.type)
    if filters.country:
        found = naming(found, filters.country, "countries")
    for name, (column, _) in ASKED.items():
        if code := getattr(filters, name):
            found = naming(found, code, column)
    return found.order_by("title", "code")


def find_practice(actor: Actor, code: str) -> Practice:
    """The practice of this code. Raises Practice.DoesNotExist."""
    rows = Practice.objects.visible_to(actor)
    found: Practice = rows.get(code=code.upper())
    return found


def versions(actor: Actor, practice: Practice) -> list[Practice]:
    """The version before and those after, as far as the actor sees them. One query."""
    rows = Practice.objects.visible_to(actor).exclude(state=PracticeState.WITHDRAWN)
    return list(rows.filter(Q(replaces=practice) | Q(pk=practice.replaces_id)).order_by("made_at"))


def written_by(practice: Practice) -> list[str]:
    """Names of those who wrote a practice, for staff. One query."""
    known = names(UUID(each) for each in practice.writers)
    return sorted(known.values())


def waiting(actor: Actor) -> int:
    """How many practices wait for a review by somebody else than their writers."""
    rows = Practice.objects.visible_to(actor).filter(state=PracticeState.IN_REVIEW)
    return sum(
        str(actor.user_id) not in writers for writers in rows.values_list("writers", flat=True)
    )
