"""What is read of files that change hands together: whose they are, who may take them on."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.models import Membership
from cairn.access.permissions import Permission, scoped
from cairn.access.roles import ROLES
from cairn.core.actor import Actor
from cairn.referral.models.persons import Person
from cairn.referral.models.sharing import HandOver, HandOverLine
from cairn.referral.rules.sharing_transfer import LineState


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many open records are in the hands of one colleague, or (None) in nobody's."""

    user_id: UUID | None
    name: str
    count: int


def supervised(actor: Actor) -> QuerySet[Person]:
    """Open records of places whose caseloads the actor supervises."""
    rows: QuerySet[Person] = Person.objects.filter(
        scoped(actor, Permission.CASELOAD_SUPERVISE), closed_on=None, erased_on=None
    )
    return rows


def helpers(actor: Actor) -> Mapping[UUID, str]:
    """Colleagues of those places who change records, by id. One query."""
    roles = [role for role, held in ROLES.items() if Permission.PERSON_EDIT in held]
    organisations = {
        scope.organisation_id for scope in actor.scopes_with(Permission.CASELOAD_SUPERVISE)
    }
    rows = Membership.objects.in_force(timezone.localdate()).filter(
        role__in=roles, organisation__in=organisations, user__is_active=True
    )
    found = rows.select_related("user").order_by("user__display_name", "user__username")
    return {each.user_id: str(each.user) for each in found if each.user.may_enter}


def caseloads(actor: Actor, names: Mapping[UUID, str]) -> list[Caseload]:
    """Whose records there are; nobody's first, then those with the most. One query."""
    rows = supervised(actor).order_by().values_list("caseworker").annotate(count=Count("pk"))
    found = [
        Caseload(user, names.get(user) or _("a colleague who left") if user else _("nobody"), count)
        for user, count in rows
    ]
    return sorted(found, key=lambda each: (each.user_id is not None, -each.count, each.name))


def hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """Those of one's own places, the newest on top, with how many files each has."""
    rows = HandOver.objects.visible_to(actor).select_related("organisation", "unit", "taker")
    # What stayed from the start is not for the other side, in numbers neither.
    goes = ~Q(lines__state=LineState.STAYS, lines__moved_at=None)
    return rows.annotate(files=Count("lines", filter=goes)).order_by("-made_at", "code")


def find_hand_over(actor: Actor, code: str) -> HandOver:
    """Raises HandOver.DoesNotExist, also for one that the actor does not see."""
    rows = HandOver.objects.visible_to(actor).select_related("organisation", "unit", "taker")
    found: HandOver = rows.get(code=code)
    return found


def lines(hand_over: HandOver) -> QuerySet[HandOverLine]:
    """The files of one hand-over, by their codes."""
    rows: QuerySet[HandOverLine] = HandOverLine.objects.filter(hand_over=hand_over)
    return rows.select_related("person").order_by("person__code")
