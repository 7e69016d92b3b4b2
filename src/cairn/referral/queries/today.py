"""What needs somebody now: groups of lines, each with a clock and one thing to do."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.oversight.queries.waiting import Waiting
from cairn.referral.models import (
    BroughtReferral,
    Conflict,
    Consent,
    FollowUp,
    MonitoringVisit,
    Pair,
    Person,
    Plan,
    Referral,
    ReturnPlan,
    RiskAssessment,
)
from cairn.referral.models.referrals import received, sent
from cairn.referral.queries import exchange
from cairn.referral.queries import today_agreements as agreements
from cairn.referral.queries import today_care as care
from cairn.referral.queries.sharing_hand_over import supervised
from cairn.referral.queries.today_care import AHEAD, caseload, person_line
from cairn.referral.queries.today_lines import Group, Line, group_of
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.referral.rules.matching import PairState
from cairn.referral.rules.plans import PLAN_ENDS
from cairn.referral.rules.referrals import WAITING, State
from cairn.referral.rules.returns import ReturnState

# A referral that nobody answered is offered for another try for so long.
LATELY = timedelta(days=14)


def today(actor: Actor) -> list[Group]:
    """What needs `actor` now, emergencies first, then what is late, then all else in its order.

    Empty groups are left out.

    Two queries for each group that the permissions of the actor have, whatever is stored.
    """
    now = clock.now()
    asked: Iterable[tuple[Permission, Callable[[Actor, datetime], Group]]] = (
        (Permission.REFERRAL_ANSWER, _to_answer),
        (Permission.REFERRAL_ANSWER, _brought),
        (Permission.REFERRAL_SEND, _questions),
        (Permission.REFERRAL_SEND, _elsewhere),
        (Permission.REFERRAL_SEND, _unanswered),
        (Permission.REFERRAL_ANSWER, _to_begin),
        (Permission.REFERRAL_SEND, _outcomes),
        (Permission.PERSON_EDIT, _conflicts),
        (Permission.PERSON_EDIT, _dangers),
        (Permission.PERSON_EDIT, _returns),
        (Permission.PERSON_EDIT, _follow_ups),
        (Permission.PERSON_EDIT, _visits),
        (Permission.PERSON_EDIT, _consents),
        (Permission.PERSON_EDIT, _plans),
        (Permission.PERSON_EDIT, care.guardians),
        (Permission.PERSON_EDIT, care.safety_plans),
        (Permission.PERSON_EDIT, care.claims),
        (Permission.PERSON_EDIT, care.unanswered),
        (Permission.SHARE_AGREE, agreements.shares),
        (Permission.SHARE_AGREE, agreements.ended_shares),
        (Permission.CASELOAD_SUPERVISE, agreements.offered_records),
        (Permission.CASELOAD_SUPERVISE, _nobodys),
        (Permission.DUPLICATE_REVIEW, _pairs),
        (Permission.PROTOCOL_SIGN, agreements.to_sign),
        (Permission.PROTOCOL_SIGN, agreements.ending),
        (Permission.DIRECTORY_EDIT, agreements.services),
        (Permission.REFERRAL_SEND, _drafts),
    )
    found = [group(actor, now) for permission, group in asked if actor.may(permission)]
    return sorted((group for group in found if group.count), key=_pressing)


# An emergency in one of these groups has nobody who helps yet.
_WITHOUT_HELP = frozenset({"answer", "brought", "questions", "elsewhere", "unanswered"})


def _pressing(group: Group) -> int:
    if group.key in _WITHOUT_HELP and any(line.is_emergency for line in group.lines):
        return 0
    return 1 if group.has_late else 2


def waiting(actor: Actor) -> list[Waiting]:
    """The same for the home: one line for each group, with the clock of its first line."""
    return [
        Waiting(
            group.label,
            group.count,
            group.verb,
            group.href,
            _moment(group.lines[0]),
            is_due=not group.lines[0].is_since,
        )
        for group in today(actor)
    ]


def _moment(line: Line) -> datetime | None:
    """The moment of a line; what is due on a day is late when that day is over, not before."""
    if line.due is None or isinstance(line.due, datetime):
        return line.due
    time = datetime.min.time() if line.is_since else datetime.max.time().replace(microsecond=0)
    return timezone.make_aware(datetime.combine(line.due, time))


# -- referrals -----------------------------------------------------------------------------------

_READ = ("code", "state", "urgency", "need", "place", "ack_by", "decide_by", "next_at", "moved_at")


def _of_state(which: Q, *states: State) -> QuerySet[Referral]:
    """Referrals of these states, what falls due first on top, with what a line tells."""
    rows = Referral.objects.filter(which, state__in=[state.value for state in states])
    return rows.only("id", "data_key", *_READ).order_by("next_at", "code")


def _referral_line(
    row: Referral | BroughtReferral, due: datetime | None, now: datetime, *, is_since: bool = False
) -> Line:
    what = pgettext("referral", "%(need)s · %(urgency)s") % {
        "need": Need(row.need).label,
        "urgency": Urgency(row.urgency).label,
    }
    return Line(
        row.code,
        what,
        due,
        row.get_absolute_url(),
        is_late=due is not None and due <= now and not is_since,
        is_emergency=row.urgency == Urgency.EMERGENCY,
        is_since=is_since,
    )


def _to_answer(actor: Actor, now: datetime) -> Group:
    # What was seen has to be decided; what was not, has to be seen. The clock moves on after a
    # reminder, and what is late stays on top here all the same.
    due = Case(When(state=State.ACKNOWLEDGED, then=F("decide_by")), default=F("ack_by"))
    rows = _of_state(
        received(actor, Permission.REFERRAL_ANSWER),
        State.SENT,
        State.DELIVERED,
        State.ACKNOWLEDGED,
    ).order_by(due, "code")

    def line(row: Referral) -> Line:
        is_seen = row.state == State.ACKNOWLEDGED
        return _referral_line(row, row.decide_by if is_seen else row.ack_by, now)

    return group_of(
        "answer",
        _("Referrals to answer"),
        _("Answer"),
        reverse("referral:referrals-received") + "?state=waiting",
        rows,
        line,
    )


def _brought(actor: Actor, now: datetime) -> Group:
    # Nobody's clock runs for a file that somebody brought: it stands here since it came.
    return group_of(
        "brought",
        _("Referrals that came as files and wait for your answer"),
        _("Answer"),
        reverse("referral:brought-list") + f"?state={BroughtState.WAITING}",
        exchange.to_answer(actor),
        lambda row: _referral_line(row, row.brought_at, now, is_since=True),
    )


def _sent_group(
    actor: Actor,
    now: datetime,
    key: str,
    words: tuple[str, str],
    rows: Callable[[Q], QuerySet[Referral]],
    state: str,
) -> Group:
    return group_of(
        key,
        words[0],
        words[1],
        reverse("referral:referrals") + f"?state={state}",
        rows(sent(actor, Permission.REFERRAL_SEND)),
        lambda row: _referral_line(row, row.next_at, now),
    )


def _questions(actor: Actor, now: datetime) -> Group:
    return _sent_group(
        actor,
        now,
        "questions",
        (_("Questions about what you sent"), _("Reply")),
        lambda which: _of_state(which, State.INFORMATION_REQUESTED),
        "waiting",
    )


def _elsewhere(actor: Actor, now: datetime) -> Group:
    return _sent_group(
        actor,
        now,
        "elsewhere",
        (_("No answer yet: another service was found"), _("Decide")),
        lambda which: _of_state(which, *WAITING).filter(alternate__isnull=False),
        "waiting",
    )


def _unanswered(actor: Actor, now: datetime) -> Group:
    def rows(which: Q) -> QuerySet[Referral]:
        ended = _of_state(which, State.DECLINED, State.EXPIRED)
        later = Referral.objects.filter(
            person=OuterRef("person"), need=OuterRef("need"), made_at__gt=OuterRef("moved_at")
        )
        return ended.filter(~Exists(later), moved_at__gte=now - LATELY).order_by("moved_at", "code")

    return group_of(
        "unanswered",
        _("Declined or never answered: the need is still there"),
        _("Try elsewhere"),
        reverse("referral:referrals") + "?state=ended",
        rows(sent(actor, Permission.REFERRAL_SEND)),
        lambda row: _referral_line(row, row.moved_at, now, is_since=True),
    )


def _to_begin(actor: Actor, now: datetime) -> Group:
    return group_of(
        "begin",
        _("Accepted: help is to begin"),
        _("Say that it began"),
        reverse("referral:referrals-received") + "?state=running",
        _of_state(received(actor, Permission.REFERRAL_ANSWER), State.ACCEPTED),
        lambda row: _referral_line(row, row.next_at, now),
    )


def _outcomes(actor: Actor, now: datetime) -> Group:
    return _sent_group(
        actor,
        now,
        "outcomes",
        (_("Outcomes that nobody has read"), _("Read and close")),
        lambda which: _of_state(which, State.FEEDBACK_RETURNED),
        "running",
    )


def _drafts(actor: Actor, now: datetime) -> Group:
    return _sent_group(
        actor,
        now,
        "drafts",
        (_("Prepared and not sent"), _("Send")),
        lambda which: _of_state(which, State.DRAFT, State.CLEARED),
        "prepared",
    )


# -- what is kept of persons ---------------------------------------------------------------------


def _conflicts(actor: Actor, now: datetime) -> Group:
    rows = Conflict.objects.filter(person__in=caseload(actor), resolved_at=None)
    return group_of(
        "conflicts",
        _("Two colleagues wrote different things"),
        _("Resolve"),
        reverse("referral:persons") + "?mine=1",
        rows.select_related("person").order_by("recorded_at"),
        lambda row: person_line(
            row,
            _("The safer of both holds meanwhile."),
            row.recorded_at,
            timezone.localdate(now),
            "referral:person-conflicts",
        ),
    )


def _dangers(actor: Actor, now: datetime) -> Group:
    day = timezone.localdate(now)
    newer = RiskAssessment.objects.filter(person=OuterRef("person"), number__gt=OuterRef("number"))
    rows = RiskAssessment.objects.filter(
        ~Exists(newer), person__in=caseload(actor), review_on__lte=day + AHEAD
    )
    return group_of(
        "dangers",
        _("Dangers to assess again"),
        _("Assess"),
        reverse("referral:persons") + "?mine=1",
        rows.select_related("person").order_by("review_on"),
        lambda row: person_line(
            row, row.get_level_display(), row.review_on, day, "referral:person-needs"
        ),
    )


def _returns(actor: Actor, now: datetime) -> Group:
    day = timezone.localdate(now)
    states = [ReturnState.BLOCKED, ReturnState.CONCERN]
    rows = ReturnPlan.objects.filter(person__in=caseload(actor), state__in=states, closed_on=None)
    return group_of(
        "returns",
        _("Returns that are blocked, or raise concern"),
        _("Look again"),
        reverse("referral:persons") + "?mine=1",
        rows.select_related("person").order_by("recorded_at"),
        lambda row: person_line(
            row, row.get_state_display(), row.recorded_at, day, "referral:returns"
        ),
    )


def _follow_ups(actor: Actor, now: datetime) -> Group:
    rows = FollowUp.objects.filter(person__in=caseload(actor), seen_on=None)
    words = _("Placements to ask about"), _("Write what came of it")
    return _months_later("follow-ups", words, rows, "referral:episodes", now)


def _visits(actor: Actor, now: datetime) -> Group:
    rows = MonitoringVisit.objects.filter(person__in=caseload(actor), held_on=None)
    words = _("Visits after a return"), _("Write what was found")
    return _months_later("visits", words, rows, "referral:returns", now)


def _months_later(
    key: str, words: tuple[str, str], rows: QuerySet[Any], address: str, now: datetime
) -> Group:
    day = timezone.localdate(now)
    due = rows.filter(due_on__lte=day + AHEAD).select_related("person").order_by("due_on")

    def line(row: Any) -> Line:
        later = _("After %(months)d months") % {"months": row.months}
        return person_line(row, later, row.due_on, day, address)

    return group_of(key, *words, reverse("referral:persons") + "?mine=1", due, line)


def _consents(actor: Actor, now: datetime) -> Group:
    day = timezone.localdate(now)
    rows = Consent.objects.live(day).filter(person__in=caseload(actor), expires_on__lte=day + AHEAD)
    return group_of(
        "consents",
        _("Consents that end"),
        _("Ask again"),
        reverse("referral:persons") + "?mine=1",
        rows.select_related("person").order_by("expires_on"),
        lambda row: person_line(
            row, row.get_purpose_display(), row.expires_on, day, "referral:consents"
        ),
    )


def _plans(actor: Actor, now: datetime) -> Group:
    day = timezone.localdate(now)
    rows = Plan.objects.filter(person__in=caseload(actor), review_on__lte=day + AHEAD).exclude(
        state__in=PLAN_ENDS
    )
    return group_of(
        "plans",
        _("Plans to look at again"),
        _("Look at it with the person"),
        reverse("referral:persons") + "?mine=1",
        rows.select_related("person").order_by("review_on"),
        lambda row: person_line(row, row.get_state_display(), row.review_on, day, "referral:plans"),
    )


# -- what a supervisor decides -------------------------------------------------------------------


def _nobodys(actor: Actor, now: datetime) -> Group:
    rows = supervised(actor).filter(caseworker=None)
    return group_of(
        "nobodys",
        _("Persons whom nobody looks after"),
        _("Choose somebody"),
        reverse("referral:hand-over-new"),
        rows.only("id", "data_key", "code", "opened_on").order_by("opened_on", "code"),
        lambda row: Line(
            row.code, _("The record is open"), row.opened_on, row.get_absolute_url(), is_since=True
        ),
    )


def _pairs(actor: Actor, now: datetime) -> Group:
    seen = Person.objects.visible_to(actor)
    own = {each.organisation_id for each in actor.scopes_with(Permission.DUPLICATE_REVIEW)}
    rows = Pair.objects.filter(
        organisation__in=own, state=PairState.SUGGESTED, first__in=seen, second__in=seen
    )
    return group_of(
        "pairs",
        _("Files that may be about one person"),
        _("Decide"),
        reverse("referral:duplicates"),
        rows.select_related("first", "second").order_by(F("score").desc(), "found_at", "id"),
        lambda row: Line(
            row.first.code,
            _("and %(code)s") % {"code": row.second.code},
            row.found_at,
            reverse("referral:pair", args=[row.pk]),
            is_since=True,
        ),
    )
