"""Of what needs somebody now: guardians, safety plans, claims, questions without an answer."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.referral.models import Consent, Guardian, Matter, Person, SafetyPlan
from cairn.referral.queries.sharing_hand_over import supervised
from cairn.referral.queries.today_lines import Group, Line, group_of
from cairn.referral.rules.consent import ConsentState
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.plans import MatterState

# What ends or falls due within so many days is looked at now.
AHEAD = timedelta(days=7)


def caseload(actor: Actor) -> QuerySet[Person]:
    """Open records that the actor answers for: one's own, and all of a place that one supervises.

    Whoever supervises one place has only the own records of another. One that was opened in an
    emergency belongs to the caseload of whoever works on it.
    """
    own = Person.objects.visible_to(actor).in_caseload_of(actor)
    return supervised(actor) | own if actor.may(Permission.CASELOAD_SUPERVISE) else own


def person_line(
    row: Any, what: str, due: date | datetime | None, day: date, address: str = "referral:person"
) -> Line:
    code = row.person.code
    is_since = isinstance(due, datetime)
    is_late = due is not None and not isinstance(due, datetime) and due < day
    return Line(code, what, due, reverse(address, args=[code]), is_late, is_since=is_since)


def _group(
    key: str, words: tuple[str, str], rows: QuerySet[Any], by: str, address: str, now: datetime
) -> Group:
    """Rows of persons; `by`: the field that holds the clock."""
    day = timezone.localdate(now)
    return group_of(
        key,
        *words,
        reverse("referral:persons") + "?mine=1",
        rows.select_related("person").order_by(by, "code"),
        lambda row: person_line(row, _what(row), getattr(row, by), day, address),
    )


def _what(row: Any) -> str:
    if isinstance(row, Matter):
        return str(row.get_kind_display())
    if isinstance(row, Consent):
        return str(row.get_purpose_display())
    if isinstance(row, Guardian):
        return _("Somebody has to stand by the child")
    return _("The newest one holds")


def guardians(actor: Actor, now: datetime) -> Group:
    """Of a child: the last guardian's time ends, or ended, and nobody follows."""
    day = timezone.localdate(now)
    longer = Guardian.objects.filter(person=OuterRef("person")).filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on"))
    )
    rows = Guardian.objects.filter(
        ~Exists(longer),
        ~Q(person__age_band=AgeBand.ADULT),
        person__in=caseload(actor),
        ends_on__lte=day + AHEAD,
    )
    words = _("Guardians whose time ends"), _("Note who follows")
    return _group("guardians", words, rows, "ends_on", "referral:person-guardians", now)


def safety_plans(actor: Actor, now: datetime) -> Group:
    newer = SafetyPlan.objects.filter(person=OuterRef("person"), number__gt=OuterRef("number"))
    rows = SafetyPlan.objects.filter(
        ~Exists(newer),
        person__in=caseload(actor),
        review_on__lte=timezone.localdate(now) + AHEAD,
    )
    words = _("Safety plans to look at again"), _("Look at it with the person")
    return _group("safety", words, rows, "review_on", "referral:safety", now)


def claims(actor: Actor, now: datetime) -> Group:
    """Claims for which something has to be done by a day."""
    over = [MatterState.REMEDIED, MatterState.DROPPED]
    rows = Matter.objects.filter(
        person__in=caseload(actor), due_on__lte=timezone.localdate(now) + AHEAD
    ).exclude(state__in=over)
    words = _("Claims with a deadline"), _("See to it")
    return _group("claims", words, rows, "due_on", "referral:matters", now)


def unanswered(actor: Actor, now: datetime) -> Group:
    """Explained to the person, and nobody wrote down the answer."""
    rows = Consent.objects.filter(person__in=caseload(actor), state=ConsentState.EXPLAINED)
    words = _("Explained, and no answer written down"), _("Write down the answer")
    return _group("unanswered-consents", words, rows, "recorded_at", "referral:consents", now)
