"""What the screens about plans, services given and claims read."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cairn.core import clock
from cairn.core.actor import Actor
from cairn.oversight.actions.links import shown_through_links
from cairn.oversight.subjects import kind_of
from cairn.referral.models.persons import Person
from cairn.referral.models.plans import (
    FollowUp,
    Goal,
    Matter,
    Plan,
    SafetyPlan,
    ServiceEpisode,
)
from cairn.referral.models.referrals import Referral
from cairn.referral.queries.persons_panels import may_edit
from cairn.referral.rules.plans import PLAN_ENDS, EpisodeOutcome, GoalState, MatterState
from cairn.referral.rules.referrals import ACCEPTED_ON

MOST_SHOWN = 50
MATTER_ENDS = frozenset({MatterState.REMEDIED, MatterState.DROPPED})


def plans(person: Person) -> list[Plan]:
    """Plans of a person, newest first. One query."""
    return list(Plan.objects.filter(person=person).order_by("-number")[:MOST_SHOWN])


def running(found: list[Plan]) -> Plan | None:
    """The one that has not ended, else the newest."""
    return next(
        (each for each in found if each.state not in PLAN_ENDS), found[0] if found else None
    )


def find_plan(person: Person, number: int) -> Plan:
    """Raises Plan.DoesNotExist."""
    found: Plan = Plan.objects.get(person=person, number=number)
    return found


def goals(person: Person) -> list[Goal]:
    """Goals of every plan, open ones first. One query."""
    rows = Goal.objects.filter(person=person).select_related("plan")
    return list(rows.order_by("settled_on", "target_on", "number")[:MOST_SHOWN])


def find_goal(person: Person, number: int) -> Goal:
    """Raises Goal.DoesNotExist."""
    found: Goal = Goal.objects.select_related("plan").get(person=person, number=number)
    return found


def open_goals(person: Person) -> list[Goal]:
    """Goals that are open in a plan that runs. One query."""
    rows = Goal.objects.filter(person=person, state=GoalState.OPEN)
    return list(rows.exclude(plan__state__in=PLAN_ENDS).order_by("number")[:MOST_SHOWN])


def episodes(person: Person) -> list[ServiceEpisode]:
    """Services that were given, newest first. One query."""
    rows = ServiceEpisode.objects.filter(person=person).select_related("provider", "referral")
    return list(rows.order_by("-starts_on", "-number")[:MOST_SHOWN])


def find_episode(person: Person, number: int) -> ServiceEpisode:
    """Raises ServiceEpisode.DoesNotExist."""
    rows = ServiceEpisode.objects.filter(person=person).select_related("provider")
    found: ServiceEpisode = rows.get(number=number)
    return found


def accepted_referrals(person: Person) -> list[Referral]:
    """Referrals on which a service that is given can stand. One query."""
    about = Q(person=person) | Q(received_person=person)
    rows = Referral.objects.filter(about, state__in=ACCEPTED_ON).select_related("service")
    return list(rows.order_by("-decided_at", "code")[:MOST_SHOWN])


def follow_ups(person: Person) -> list[FollowUp]:
    """What came of placements, or is to be asked; the next one first. One query."""
    rows = FollowUp.objects.filter(person=person).select_related("episode")
    rows = rows.exclude(episode__outcome=EpisodeOutcome.NOT_BEGUN, seen_on=None)
    return list(rows.order_by("seen_on", "due_on", "number")[:MOST_SHOWN])


def find_follow_up(person: Person, number: int) -> FollowUp:
    """Raises FollowUp.DoesNotExist."""
    rows = FollowUp.objects.filter(person=person).select_related("episode__provider")
    found: FollowUp = rows.get(number=number)
    return found


def safety_plans(person: Person) -> list[SafetyPlan]:
    """Safety plans, the one that holds first. One query."""
    return list(SafetyPlan.objects.filter(person=person).order_by("-number")[:MOST_SHOWN])


def matters(person: Person) -> list[Matter]:
    """Claims of a person, newest first. One query."""
    return list(Matter.objects.filter(person=person).order_by("-number")[:MOST_SHOWN])


def find_matter(person: Person, number: int) -> Matter:
    """Raises Matter.DoesNotExist."""
    found: Matter = Matter.objects.get(person=person, number=number)
    return found


def follow_ups_due(actor: Actor, today: date, *, within: int = 0) -> QuerySet[FollowUp]:
    """Outcomes to be asked by `within` days from today and not written down, the oldest first.

    Only of placements that began, in open records that the actor sees.
    """
    rows = FollowUp.objects.visible_to(actor).filter(
        seen_on=None, due_on__lte=today + timedelta(days=within), person__closed_on=None
    )
    rows = rows.exclude(episode__outcome=EpisodeOutcome.NOT_BEGUN)
    found: QuerySet[FollowUp] = rows.select_related("person").order_by("due_on", "code")
    return found


def plans_to_review(actor: Actor, today: date, *, within: int = 0) -> QuerySet[Plan]:
    """Plans that are to be looked at by `within` days from today, the oldest first."""
    rows = Plan.objects.visible_to(actor).filter(
        review_on__lte=today + timedelta(days=within), person__closed_on=None
    )
    rows = rows.exclude(state__in=PLAN_ENDS)
    found: QuerySet[Plan] = rows.select_related("person").order_by("review_on", "code")
    return found


# -- the page of a person ------------------------------------------------------------------------


def plan_panel(actor: Actor, person: Person) -> Mapping[str, Any]:
    """The plan that runs, its goals, services that are given, what is to be asked. Five queries."""
    today = timezone.localdate(clock.now())
    plan = running(plans(person))
    of_plan = Goal.objects.filter(plan=plan) if plan is not None else Goal.objects.none()
    counted = of_plan.aggregate(all=Count("pk"), open=Count("pk", filter=Q(state=GoalState.OPEN)))
    given = ServiceEpisode.objects.filter(person=person, outcome="").filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )
    later = FollowUp.objects.filter(person=person, seen_on=None)
    later = later.exclude(episode__outcome=EpisodeOutcome.NOT_BEGUN).order_by("due_on")
    safety = SafetyPlan.objects.filter(person=person).order_by("-number").first()
    return {
        "person": person,
        "plan": plan,
        "has_ended": plan is not None and plan.state in PLAN_ENDS,
        "tone": f"plan_{plan.state}" if plan is not None else "",
        "goals": counted["all"],
        "goals_settled": counted["all"] - counted["open"],
        "given": [each.get_service_type_display() for each in given.order_by("starts_on")[:6]],
        "next": later.first(),
        "safety": safety,
        "may_edit": may_edit(actor, person),
    }


def rights_panel(actor: Actor, person: Person) -> Mapping[str, Any]:
    """Rights and their days, as far as a live link shows them, and claims.

    Nothing is asked of the records of the other zone but through the link.
    """
    seen = shown_through_links(kind_of(person), person, timezone.localdate(clock.now()))
    return {
        "person": person,
        "links": [
            {
                "label": each.label,
                "holds": [fact for fact in each.facts if fact.holds],
                "over": [fact for fact in each.facts if not fact.holds],
            }
            for each in seen
        ],
        "matters": [(each, f"matter_{each.state}") for each in matters(person)],
        "may_edit": may_edit(actor, person),
    }
