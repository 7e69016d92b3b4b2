"""What the portfolio counts for the chain of results: money, and requests of States."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.measures import Counted, Found, Measure, Question, Scope, Step, Unit
from cairn.portfolio.models import AssistanceRequest, Expenditure, Project, Receipt
from cairn.portfolio.queries import totals
from cairn.portfolio.queries.listing import Filters, projects
from cairn.portfolio.queries.totals import Total
from cairn.portfolio.rules import RequestState

EVERYWHERE = frozenset(Scope)
UNDATED = _("Requests without a day on record are in no period.")
# A request is answered once it was declined, or help for it is on its way or was given.
ANSWERED = (
    RequestState.FUNDED,
    RequestState.DELIVERING,
    RequestState.DELIVERED,
    RequestState.FOLLOWED_UP,
    RequestState.DECLINED,
)


def asked_about(actor: Actor, question: Question) -> QuerySet[Project]:
    """The projects of a question, as `actor` sees them. A project that is not visible is none."""
    found = projects(actor, Filters(country=question.country))
    return found.filter(**{totals.SHOWN: question.project}) if question.project else found


def _total(actor: Actor, question: Question) -> Total:
    about = (actor, question.country, question.project)
    return measures.once(
        ("portfolio.total", about), lambda: totals.total(asked_about(actor, question))
    )


def _projects(actor: Actor, question: Question) -> Iterator[Found]:
    found = _total(actor, question)
    yield Found(Decimal(found.projects), rows=found.projects)


def _budget(actor: Actor, question: Question) -> Iterator[Found]:
    found = _total(actor, question)
    known = found.projects - found.without_budget
    yield Found(found.budget if known else None, rows=known)


def _pledged(actor: Actor, question: Question) -> Iterator[Found]:
    found = _total(actor, question)
    yield Found(found.pledged if found.projects else None, rows=found.projects)


def _shortfall(actor: Actor, question: Question) -> Iterator[Found]:
    found = _total(actor, question)
    known = found.projects - found.without_budget
    yield Found(found.shortfall if known else None, rows=known)


def _money(rows: QuerySet[Receipt] | QuerySet[Expenditure]) -> Found:
    """None where nothing is recorded: not recorded is not zero."""
    count = rows.count()
    return Found(rows.aggregate(sum=Sum("usd"))["sum"], rows=count)


def _whole_projects(actor: Actor, question: Question) -> QuerySet[Project]:
    """Those that `actor` sees whole: what came in and was spent is told of no other."""
    counted = totals.once(asked_about(actor, question))
    return Project.objects.open_to(actor).filter(pk__in=counted.order_by().values("pk"))


def _received(actor: Actor, question: Question) -> Iterator[Found]:
    span = (question.period.first, question.period.last)
    yield _money(
        Receipt.objects.filter(
            received_on__range=span,
            agreement__pledge__project__in=_whole_projects(actor, question).values("pk"),
        )
    )


def _spent(actor: Actor, question: Question) -> Iterator[Found]:
    span = (question.period.first, question.period.last)
    yield _money(
        Expenditure.objects.filter(
            spent_on__range=span,
            agreement__pledge__project__in=_whole_projects(actor, question).values("pk"),
        )
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """Requests of a question by primary key, and whether others of it have no day on record."""

    dated: tuple[Any, ...]
    has_undated: bool


def requests_of(actor: Actor, question: Question) -> Asking | None:
    """Requests that came in within the period; None for whoever may not see requests.

    A request of which no day is recorded belongs to no period: the register of requests shows it.
    """
    if not actor.may(Permission.REQUEST_VIEW):
        return None
    return measures.once(
        ("portfolio.requests", actor, question), lambda: _requests_of(actor, question)
    )


def _requests_of(actor: Actor, question: Question) -> Asking:
    span = (question.period.first, question.period.last)
    found = AssistanceRequest.objects.visible_to(actor).filter(
        Q(received_on__range=span) | Q(received_on=None)
    )
    if question.project:
        asked = Project.objects.open_to(actor).filter(reference=question.project).values("pk")
        found = found.filter(Q(project__in=asked) | Q(after_event__project__in=asked))
    # The list is JSON; what contains a text is found alike on both databases.
    rows = [
        (pk, day)
        for pk, day, countries in found.values_list("pk", "received_on", "countries").iterator(
            chunk_size=2000
        )
        if not question.country or question.country in countries
    ]
    return Asking(tuple(pk for pk, day in rows if day), any(day is None for _pk, day in rows))


def _told(count: int, asking: Asking) -> Found:
    """A count; not known where no request has a day, which is not the same as none."""
    note = UNDATED if asking.has_undated else ""
    if asking.has_undated and not asking.dated:
        return Found(None, rows=0, note=note)
    return Found(Decimal(count), rows=count, note=note)


def _requests(actor: Actor, question: Question) -> Iterator[Found]:
    asking = requests_of(actor, question)
    if asking is not None:
        yield _told(len(asking.dated), asking)


def _requests_answered(actor: Actor, question: Question) -> Iterator[Found]:
    asking = requests_of(actor, question)
    if asking is not None:
        asked = AssistanceRequest.objects.filter(pk__in=asking.dated)
        yield _told(asked.filter(state__in=ANSWERED).count(), asking)


def _request_rows(actor: Actor, _question: Question) -> str:
    return reverse("portfolio:requests") if actor.may(Permission.REQUEST_VIEW) else ""


def _project_rows(_actor: Actor, question: Question) -> str:
    if question.project:
        return reverse("portfolio:project", args=[question.project])
    if question.country:
        return reverse("portfolio:country", args=[question.country])
    return reverse("portfolio:projects")


_REGISTER = _("The register of projects: as each project prints it, in US dollars.")
_FUNDING = _("Receipts and spending under signed agreements, in US dollars at the rate of the day.")
_DESK = _("The register of requests, by the day on which a request came in.")

MEASURES = (
    Measure(
        "portfolio.projects",
        1,
        Step.MONEY,
        _("Projects"),
        _("Projects that are shown, a part of a larger project not counted beside the whole."),
        _REGISTER,
        Unit.COUNT,
        Counted.EVENTS,
        EVERYWHERE,
        _projects,
        is_stock=True,
        rows=_project_rows,
    ),
    Measure(
        "portfolio.budget",
        1,
        Step.MONEY,
        _("Budget"),
        _("The budgets of the projects that print one. A part is not added to its whole."),
        _REGISTER,
        Unit.MONEY,
        Counted.MONEY,
        EVERYWHERE,
        _budget,
        is_stock=True,
        rows=_project_rows,
    ),
    Measure(
        "portfolio.pledged",
        1,
        Step.MONEY,
        _("Pledged"),
        _("Pledges that were not withdrawn. A pledge is a donor's word, not money that came in."),
        _REGISTER,
        Unit.MONEY,
        Counted.MONEY,
        EVERYWHERE,
        _pledged,
        is_stock=True,
        rows=_project_rows,
    ),
    Measure(
        "portfolio.shortfall",
        1,
        Step.MONEY,
        _("Shortfall"),
        _("Budget less pledges, for each project that prints a budget."),
        _REGISTER,
        Unit.MONEY,
        Counted.MONEY,
        EVERYWHERE,
        _shortfall,
        is_stock=True,
        rows=_project_rows,
    ),
    Measure(
        "portfolio.received",
        1,
        Step.MONEY,
        _("Received"),
        _("Money that came in within the period. Nothing recorded is not the same as nothing."),
        _FUNDING,
        Unit.MONEY,
        Counted.MONEY,
        EVERYWHERE,
        _received,
        rows=_project_rows,
    ),
    Measure(
        "portfolio.spent",
        1,
        Step.MONEY,
        _("Spent"),
        _("Money that was spent within the period. Nothing recorded is not the same as nothing."),
        _FUNDING,
        Unit.MONEY,
        Counted.MONEY,
        EVERYWHERE,
        _spent,
        rows=_project_rows,
    ),
    Measure(
        "portfolio.requests",
        1,
        Step.MONEY,
        _("Requests received"),
        _("Requests for assistance by States and institutions that came in within the period."),
        _DESK,
        Unit.COUNT,
        Counted.EVENTS,
        EVERYWHERE,
        _requests,
        rows=_request_rows,
    ),
    Measure(
        "portfolio.requests_answered",
        1,
        Step.MONEY,
        _("Requests answered"),
        _(
            "Of the requests that came in within the period, those that were declined, or for "
            "which help is funded, on its way or given."
        ),
        _DESK,
        Unit.COUNT,
        Counted.EVENTS,
        EVERYWHERE,
        _requests_answered,
        rows=_request_rows,
    ),
)


def register_measures() -> None:
    measures.register(*MEASURES)
