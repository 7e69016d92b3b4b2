"""Which help somebody needs, how soon, and how great the danger is. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.persons_contact import RiskFactor, RiskLevel

# When an assessment of danger is looked at again where nobody chooses a day. A judgement: danger
# changes with every move of those who exploit, so the greater it is, the sooner.
REVIEW_AFTER = {
    RiskLevel.EXTREME: timedelta(days=1),
    RiskLevel.HIGH: timedelta(days=7),
    RiskLevel.MEDIUM: timedelta(days=30),
    RiskLevel.LOW: timedelta(days=90),
}
# No assessment holds longer than this: what nobody looks at again is not known.
REVIEW_AT_MOST = timedelta(days=180)
SOONEST_FIRST = tuple(Urgency.values)


def review_day(level: RiskLevel, assessed_on: date, chosen: date | None) -> date:
    """The day on which the danger is looked at again."""
    return chosen or assessed_on + REVIEW_AFTER[level]


def check_risk(factors: Collection[str], assessed_on: date, review_on: date, today: date) -> None:
    """Raise RuleBroken("assessment.factors", "assessment.day" or "assessment.review")."""
    if set(factors) - set(RiskFactor.values):
        raise RuleBroken("assessment.factors", _("Choose what makes the danger from the list."))
    if assessed_on > today:
        raise RuleBroken("assessment.day", _("This day is still to come."))
    if review_on <= assessed_on:
        raise RuleBroken("assessment.review", _("It is looked at again on a later day."))
    if review_on > assessed_on + REVIEW_AT_MOST:
        raise RuleBroken(
            "assessment.review",
            _("Danger is looked at again within half a year."),
            _("Choose an earlier day; it can be looked at as often as needed."),
        )


def check_needs(needs: Mapping[str, str], assessed_on: date, today: date) -> None:
    """Raise RuleBroken("assessment.needs" or "assessment.day"). To need nothing is a finding."""
    if set(needs) - set(Need.values) or set(needs.values()) - set(Urgency.values):
        raise RuleBroken("assessment.needs", _("Choose the needs and how soon from the lists."))
    if assessed_on > today:
        raise RuleBroken("assessment.day", _("This day is still to come."))


def in_order(needs: Mapping[str, str]) -> list[tuple[str, str]]:
    """(need, urgency), what cannot wait first, else in the order of the list."""
    order = list(Need.values)
    return sorted(
        needs.items(), key=lambda pair: (SOONEST_FIRST.index(pair[1]), order.index(pair[0]))
    )
