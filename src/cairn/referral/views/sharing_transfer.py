"""Files that go to another organisation: choosing them, offering them, answering, and watching."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions.sharing_moving import move_files
from cairn.referral.actions.sharing_transfer import (
    answer_transfer,
    propose_transfer,
    take_back_transfer,
)
from cairn.referral.forms.sharing_transfer import SeenForm, TakeForm, WhereForm, WhichForm
from cairn.referral.models import HandOver, HandOverLine, Person
from cairn.referral.queries import sharing_hand_over as caseloads
from cairn.referral.queries import sharing_moving as shown
from cairn.referral.queries import sharing_transfer as queries
from cairn.referral.queries.consent import recipients
from cairn.referral.queries.sharing_moving import Going
from cairn.referral.rules.sharing import HandOverState, Why
from cairn.referral.rules.sharing_transfer import MOST_LINES, LineState, check_waits
from cairn.referral.views.persons_rows import form_view
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

LIST = "referral:hand-overs"


# -- offering ------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CASELOAD_SUPERVISE)
def other(request: ActorRequest) -> HttpResponse:
    """Choose records and an organisation; see which may go and why others stay; offer them."""
    actor, record = request.actor, request.GET.get("record", "")[:7]
    where = WhereForm(
        request.GET if "taker" in request.GET else None,
        caseloads=[] if record else caseloads.caseloads(actor, caseloads.helpers(actor)),
        takers=recipients(actor),
        record=record,
        initial={"record": record},
    )
    context: dict[str, Any] = {"where": where, "record": record}
    status = status_of(where)
    if where.is_bound and where.is_valid():
        found = _found(request, where, record)
        rows = _rows(found, where)
        may_go = [row.person.code for row in rows if not row.reason]
        which = WhichForm(request.POST if request.method == "POST" else None, codes=may_go)
        if request.method == "POST" and which.is_valid():
            stay = [row.person.code for row in rows if row.reason]
            made = _offered(request, where, which, stay)
            if made is not None:
                return made
        status = status_of(which)
        context |= {"rows": rows, "which": which, "may_go": may_go}
        context["missing"] = shown.missing(rows)
    return render(request, "referral/sharing_other.html", context, status=status)


def _found(request: ActorRequest, where: WhereForm, record: str) -> list[Person]:
    rows = caseloads.supervised(request.actor)
    rows = rows.filter(code=record) if record else rows.filter(caseworker=where.from_user)
    return list(rows.order_by("code")[: MOST_LINES + 1])


def _rows(found: Sequence[Person], where: WhereForm) -> list[Going]:
    """Those that may go and those that stay; each place is asked for on its own."""
    today = timezone.localdate(clock.now())
    taker = where.cleaned_data["taker"]
    places: dict[Any, list[Person]] = {}
    for each in found:
        places.setdefault((each.organisation_id, each.country), []).append(each)
    gates: dict[UUID, queries.Gate] = {}
    for group in places.values():
        gates |= queries.gates(group, taker.pk, today)
    return shown.going(found, gates)


def _offered(
    request: ActorRequest, where: WhereForm, which: WhichForm, stay: Sequence[str]
) -> HttpResponse | None:
    """To the page of what was offered; None where a rule refuses, which the form then says."""
    given = where.cleaned_data
    try:
        made = propose_transfer(
            request.actor,
            [*which.cleaned_data["records"], *stay],
            given["taker"],
            Why(given["why"]),
            from_user=where.from_user,
        )
    except RuleBroken as refusal:
        add_refusal(which, refusal, None)
        return None
    messages.success(request, _("The records were offered. Nothing has moved yet."))
    return redirect(made[0] if len(made) == 1 else LIST)


# -- one hand-over, from both sides --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One file on the page. `code`, `href`: where the reader may know them."""

    number: int
    code: str
    href: str
    card: shown.Card
    state: str
    label: str
    reason: str
    remedy: str
    touched: Sequence[tuple[str, str, str]] = ()


def page(request: ActorRequest, made: HandOver) -> HttpResponse:
    """A hand-over between two organisations, as either side sees it."""
    is_given = made.is_given_by(request.actor)
    waits = made.state == HandOverState.PROPOSED
    listed = page_of(shown.shown_lines(made, is_given=is_given), request)
    open_things = (
        queries.touched([line.person_id for line in listed.rows]) if is_given and waits else {}
    )
    context = {
        "made": made,
        "state": f"hand_over_{made.state}",
        "is_given": is_given,
        "totals": shown.totals(made),
        "page": listed,
        "lines": [_line(line, is_given, open_things) for line in listed.rows],
        "can_answer": waits and made.is_taken_by(request.actor),
        "can_take_back": waits and is_given,
        "progress": queries.progress(made),
        "is_moving": made.state == HandOverState.MOVING,
    }
    return render(request, "referral/sharing_hand_over.html", context)


def _line(line: HandOverLine, is_given: bool, open_things: Any) -> Line:
    reason, remedy = shown.reasons(line)
    knows = is_given or line.state == LineState.MOVED
    return Line(
        number=line.number,
        code=line.person.code if knows else "",
        href=line.person.get_absolute_url() if knows else "",
        card=shown.card(line),
        state=f"file_{line.state}",
        label=str(line.get_state_display()),
        reason=reason,
        remedy=remedy if is_given else "",
        touched=shown.touched_words(open_things.get(line.person_id, ())),
    )


@never_cache
@require_safe
@signed_in
def progress(request: ActorRequest, code: str) -> HttpResponse:
    """How far the records are, for the page that waits for them."""
    made = caseloads.find_hand_over(request.actor, code)
    context = {
        "made": made,
        "progress": queries.progress(made),
        "is_moving": made.state == HandOverState.MOVING,
        "is_polled": True,
    }
    return render(request, "referral/_sharing_progress.html", context)


def _back(made: HandOver) -> tuple[str, str]:
    return made.get_absolute_url(), made.code


@form_view
def answer(request: ActorRequest, code: str) -> HttpResponse:
    """Take records over, all or some of them."""
    made = caseloads.find_hand_over(request.actor, code)
    if not made.is_taken_by(request.actor):
        raise PermissionDenied(Permission.CASELOAD_SUPERVISE.value)
    offered = shown.shown_lines(made, is_given=False).filter(state=LineState.OFFERED)
    lines = [(each.number, _words(each)) for each in offered]
    form = TakeForm(
        request.POST if request.method == "POST" else None,
        lines=lines,
        units=shown.units_of(request.actor, made),
        helpers=shown.takers(made),
    )
    form_words = FormPage(
        heading=_("Take the records over"),
        send=_("Take what is ticked"),
        back=_back(made),
        done=_("The records are on their way. This page shows how far they are."),
        lead=str(made.organisation.display_name),
        consequences=[
            _("Each record comes whole, with its history, and the old organisation opens it no "
              "more."),
            _("What it had shared of the person with others ends, and those are told."),
            _("Referrals that were sent come along. Their clocks go on."),
            _("What was agreed with the old organisation ends: you ask the person anew."),
        ],
    )  # fmt: skip

    def act(given: dict[str, Any]) -> HandOver:
        answered = answer_transfer(request.actor, code, **form.given())
        move_files(request.actor, answered.pk)
        return answered

    return form_page(
        request,
        form_words,
        form,
        act,
        lambda answered: answered.get_absolute_url(),
        {"hand-over.unit": "unit", "person.caseworker": "to_user"},
    )


def _words(line: HandOverLine) -> str:
    words = _("Record %(number)d") % {"number": line.number}
    return f"{words}: {shown.card(line)}"


@form_view
def refuse(request: ActorRequest, code: str) -> HttpResponse:
    """Decline all of them."""
    made = caseloads.find_hand_over(request.actor, code)
    if not made.is_taken_by(request.actor):
        raise PermissionDenied(Permission.CASELOAD_SUPERVISE.value)
    words = FormPage(
        heading=_("Decline all of them"),
        send=_("Decline all of them"),
        back=_back(made),
        done=_("The other side was told."),
        consequences=[_("The records stay where they are. You have seen nothing of them.")],
    )
    return _without_fields(request, words, made, lambda: answer_transfer(request.actor, code, ()))


@form_view
def take_back(request: ActorRequest, code: str) -> HttpResponse:
    """Take back what nobody has answered."""
    made = caseloads.find_hand_over(request.actor, code)
    if not made.is_given_by(request.actor):
        raise PermissionDenied(Permission.CASELOAD_SUPERVISE.value)
    words = FormPage(
        heading=_("Take the offer back"),
        send=_("Take it back"),
        back=_back(made),
        done=_("It was taken back. The records stay here."),
        consequences=[_("The records stay where they are.")],
    )
    return _without_fields(request, words, made, lambda: take_back_transfer(request.actor, code))


def _without_fields(
    request: ActorRequest, words: FormPage, made: HandOver, act: Callable[[], HandOver]
) -> HttpResponse:
    """A form that only says what its sender had before the eyes."""
    sent = request.POST if request.method == "POST" else None
    form = SeenForm(sent, initial={"seen": made.state})

    def acted(given: dict[str, Any]) -> HandOver:
        check_waits(given["seen"])
        return act()

    return form_page(request, words, form, acted, lambda done: done.get_absolute_url())
