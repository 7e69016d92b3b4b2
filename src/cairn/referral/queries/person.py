"""What the screens about persons read: lists by code, the state of a record, who works on it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from cairn.access.models import Membership
from cairn.access.permissions import Permission
from cairn.access.roles import ROLES
from cairn.core.actor import Actor
from cairn.core.models import Unit
from cairn.core.pseudonyms import tidied
from cairn.referral.models.persons import Person
from cairn.referral.models.sharing import Moved

# Shown in lists and on the page of a record; sealed values are never among them.
CLEAR = (
    "code",
    "country",
    "age_band",
    "opened_on",
    "closed_on",
    "erased_on",
    "keep_until",
    "caseworker",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of persons is narrowed to. `closed`: closed records instead of open ones."""

    own: bool = False
    unit: str = ""
    closed: bool = False

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        unit = query.get("unit", "")
        return cls(
            own=query.get("mine") == "1",
            unit=unit if _is_id(unit) else "",
            closed=query.get("closed") == "1",
        )

    @property
    def is_any(self) -> bool:
        return self.own or bool(self.unit) or self.closed


def listed_persons(actor: Actor, filters: Filters) -> QuerySet[Person]:
    """Records that the actor sees, newest first, without their sealed columns."""
    rows = Person.objects.visible_to(actor).select_related("unit", "organisation")
    rows = rows.only(*CLEAR, "data_key", "unit__name", "organisation__name")
    rows = rows.exclude(closed_on=None) if filters.closed else rows.filter(closed_on=None)
    if filters.own:
        rows = rows.filter(caseworker=actor.user_id) if actor.user_id else rows.none()
    if filters.unit:
        rows = rows.filter(unit=UUID(filters.unit))
    return rows.order_by("-opened_on", "code")


def duty_list(actor: Actor) -> QuerySet[Person]:
    """The actor's own open records, longest open first, with their sealed columns still closed."""
    rows = Person.objects.visible_to(actor).in_caseload_of(actor)
    return rows.select_related("unit").order_by("opened_on", "code")


def find_person(actor: Actor, code: str) -> Person:
    """The record of this exact code. Raises Person.DoesNotExist (also when not visible)."""
    rows = Person.objects.visible_to(actor).select_related("unit", "organisation")
    found: Person = rows.get(code=code)
    return found


def code_of(actor: Actor, typed: str) -> str:
    """The written form of a code that the actor may open, or that is gone from its own place.

    "" for anything else: a code that does not exist and one that the actor does not see are one.
    """
    code = tidied(typed)
    if not code:
        return ""
    is_seen = Person.objects.visible_to(actor).filter(code=code).exists()
    is_gone = not is_seen and Moved.objects.visible_to(actor).filter(record=code).exists()
    return code if is_seen or is_gone else ""


def units(actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the units whose records the actor may look for. One query."""
    rows = Unit.objects.visible_to(actor).order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


@dataclass(frozen=True, slots=True)
class Caseload:
    """What waits in the actor's own caseload. `oldest`: the day the longest open one began."""

    count: int
    oldest: date | None


def caseload(actor: Actor) -> Caseload:
    """How many open records the actor works on, and since when the first is open. One query."""
    rows = Person.objects.visible_to(actor).in_caseload_of(actor).order_by("opened_on")
    days = list(rows.values_list("opened_on", flat=True)[:1_000])
    return Caseload(len(days), days[0] if days else None)


def colleagues(person: Person) -> dict[UUID, str]:
    """Who may take on `person`: users with a role that changes records of its place, by id.

    The name is what the account shows. One query.
    """
    roles = [role for role, held in ROLES.items() if Permission.PERSON_EDIT in held]
    rows = Membership.objects.in_force(timezone.localdate()).filter(
        role__in=roles, organisation=person.organisation_id, user__is_active=True
    )
    rows = rows.select_related("user").order_by("user__display_name", "user__username")
    return {
        each.user_id: str(each.user)
        for each in rows
        if each.unit_id in {None, person.unit_id}
        and each.country in {"", person.country}
        and not each.area
        and each.user.may_enter
    }


def _is_id(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
