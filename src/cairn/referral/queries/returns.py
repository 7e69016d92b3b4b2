"""What the screens about returns read, and what a departure rests on."""

from datetime import date, timedelta

from django.db.models import QuerySet

from cairn.core.actor import Actor
from cairn.referral.models.persons import Person
from cairn.referral.models.returns import MonitoringVisit, ReturnPlan, ReturnRisk
from cairn.referral.queries import persons, risks
from cairn.referral.rules.persons_gates import Question
from cairn.referral.rules.returns import LEFT, Found, Readiness

MOST_SHOWN = 50


def returns(person: Person) -> list[ReturnPlan]:
    """Returns of a person, newest first. One query."""
    rows = ReturnPlan.objects.filter(person=person).select_related("partner")
    return list(rows.order_by("-number")[:MOST_SHOWN])


def current(person: Person) -> ReturnPlan | None:
    """The one that is open, else the newest. One query."""
    found = returns(person)
    return next((each for each in found if each.closed_on is None), found[0] if found else None)


def find_return(person: Person, number: int) -> ReturnPlan:
    """Raises ReturnPlan.DoesNotExist."""
    rows = ReturnPlan.objects.filter(person=person).select_related("partner")
    found: ReturnPlan = rows.get(number=number)
    return found


def find_visit(plan: ReturnPlan, months: int) -> MonitoringVisit:
    """Raises MonitoringVisit.DoesNotExist."""
    found: MonitoringVisit = MonitoringVisit.objects.get(plan=plan, months=months)
    return found


def visits(plan: ReturnPlan) -> list[MonitoringVisit]:
    """Visits after a return, the first one first. One query."""
    return list(MonitoringVisit.objects.filter(plan=plan).order_by("months"))


def assessments(person: Person) -> list[ReturnRisk]:
    """Every assessment of the danger of a return, newest first. One query."""
    rows = ReturnRisk.objects.filter(person=person).select_related("plan")
    return list(rows.order_by("-number")[:MOST_SHOWN])


def newest_found(plan: ReturnPlan) -> ReturnRisk | None:
    """The newest assessment of a return. One query."""
    found: ReturnRisk | None = ReturnRisk.objects.filter(plan=plan).order_by("-number").first()
    return found


def readiness(plan: ReturnPlan, today: date) -> Readiness:
    """What a departure rests on, with the partner that `plan` names. At most four queries."""
    person, newest, partner = plan.person, newest_found(plan), plan.partner_id
    return Readiness(
        found=Found(newest.found) if newest is not None else None,
        is_wanted=plan.wanted_on is not None,
        has_partner=partner is not None,
        is_partner_excluded=partner is not None
        and risks.ground_against(partner, None, today) is not None,
        is_guarded=persons.guarded(person, today),
        is_determined=persons.best_interests(person, Question.RETURN, today),
    )


def visits_due(actor: Actor, today: date, *, within: int = 0) -> QuerySet[MonitoringVisit]:
    """Visits that are due by `within` days from today and not written down, the oldest first.

    Only of returns that are followed, in open records that the actor sees.
    """
    rows = MonitoringVisit.objects.visible_to(actor).filter(
        held_on=None,
        due_on__lte=today + timedelta(days=within),
        plan__state__in=LEFT,
        person__closed_on=None,
    )
    found: QuerySet[MonitoringVisit] = rows.select_related("person").order_by("due_on", "code")
    return found
