"""Pages of a return: the choices, the danger, the journey, visits, and what is feared."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.access.middleware import ActorRequest
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import returns as actions
from cairn.referral.actions.returns_concern import note_visit, raise_concern
from cairn.referral.forms.returns import (
    AssessForm,
    ConcernForm,
    ConsiderForm,
    CounselForm,
    PrepareForm,
    ReturnStepForm,
    VisitForm,
)
from cairn.referral.queries import returns as queries
from cairn.referral.queries import returns_tables as tables
from cairn.referral.queries.consent import recipients
from cairn.referral.rules.returns import Found, ReturnState, Wish
from cairn.referral.subjects.plans import RETURN, RETURN_RISK, VISIT
from cairn.referral.views.persons_rows import RowsPage, back_to, form_view, page_of_rows
from cairn.referral.views.plans import edited, to_page, today

# At which field a refusal of a rule is shown.
FIELDS = {
    "return.country": "to_country",
    "return.sources": "sources",
    "return.safeguards": "safeguards",
    "return.dangers": "dangers",
    "return.partner": "partner",
    "return.excluded": "partner",
    "return.visits": "is_wish",
    "return.words": "words",
    "return.move": "to",
}

returns = page_of_rows(
    lambda: RowsPage(
        heading=pgettext("assistance", "Return"),
        lead=_("Wanted and safe, or none. Help goes on whatever the person decides."),
        tables=tables.returns,
        kinds=(RETURN, RETURN_RISK, VISIT),
        facts=tables.facts,
        template="referral/returns_page.html",
    )
)


def _page(code: str, heading: str, done: str, **words: Any) -> FormPage:
    """A page with a form about a return."""
    words = {"send": _("Write down and seal")} | words
    return FormPage(
        heading=heading,
        done=done,
        back=back_to("returns", code, pgettext("assistance", "Return")),
        **words,
    )


@form_view
def new_return(request: ActorRequest, code: str) -> HttpResponse:
    """Begin to think about a return."""
    edited(request, code)
    page = _page(
        code,
        _("Think about a return"),
        _("It is written down that a return is thought about."),
        send=_("Begin"),
        consequences=[
            _("Nothing is decided: the person can say no at every step until the journey begins."),
            _("Nobody travels before the danger was assessed and found small enough."),
        ],
    )
    return form_page(
        request,
        page,
        ConsiderForm(request.POST if request.method == "POST" else None),
        lambda given: actions.consider_return(request.actor, code, to_country=given["to_country"]),
        to_page("returns", code),
        FIELDS,
    )


@form_view
def counsel(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Write down that the choices were explained, and what the person says."""
    plan = queries.find_return(edited(request, code), number)
    page = _page(
        code,
        _("The choices were explained"),
        _("It was written down."),
        lead=_("Staying, going elsewhere and returning, with what each brings."),
        seen=_("Colleagues see yes or no and the country. The words are sealed."),
        consequences=[_("What was assessed before is assessed again after it.")],
    )
    initial = {"said_on": today(), "to_country": plan.to_country}
    return form_page(
        request,
        page,
        CounselForm(request.POST or None, initial=initial),
        lambda given: actions.counsel_return(
            request.actor,
            code,
            number,
            wish=Wish(given["wish"]),
            said_on=given["said_on"],
            to_country=given["to_country"],
            wishes=given["wishes"],
        ),
        to_page("returns", code),
        FIELDS | {"return.day": "said_on"},
    )


@form_view
def assess(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Write down how dangerous the return would be."""
    queries.find_return(edited(request, code), number)
    page = _page(
        code,
        _("Assess the danger of the return"),
        _("The danger was assessed."),
        seen=_("Colleagues see what was found and which dangers. The words are sealed."),
    )
    return form_page(
        request,
        page,
        AssessForm(request.POST or None, initial={"assessed_on": today()}),
        lambda given: actions.assess_return(
            request.actor,
            code,
            number,
            found=Found(given["found"]),
            dangers=given["dangers"],
            assessed_on=given["assessed_on"],
            sources=given["sources"],
            safeguards=given["safeguards"],
        ),
        to_page("returns", code),
        FIELDS | {"return.day": "assessed_on"},
    )


@form_view
def prepare(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Prepare the departure."""
    plan = queries.find_return(edited(request, code), number)
    page = _page(
        code,
        _("Prepare the departure"),
        _("The departure is being prepared."),
        lead=_("Naming the partner tells them nothing: refer the person with consent for that."),
        seen=_("Colleagues see the partner and the day. What was arranged is sealed."),
    )
    initial = {"partner": str(plan.partner_id or ""), "departs_on": plan.departs_on}
    return form_page(
        request,
        page,
        PrepareForm(request.POST or None, partners=recipients(request.actor), initial=initial),
        lambda given: actions.prepare_departure(
            request.actor,
            code,
            number,
            partner=given["partner"],
            departs_on=given["departs_on"],
            arrangements=given["arrangements"],
        ),
        to_page("returns", code),
        FIELDS | {"return.day": "departs_on"},
    )


@form_view
def step(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """A step that asks for little more than that it was taken."""
    plan = queries.find_return(edited(request, code), number)
    state = ReturnState(plan.state)
    onward = tables.plain_steps(state)
    page = _page(
        code,
        _("Return %(number)d: what happened") % {"number": number},
        _("It was written down."),
        send=_("Write it down"),
        facts=[(_("State"), state.label)],
    )
    initial = {"to": onward[0] if onward else "", "seen": state.value, "received_on": today()}
    return form_page(
        request,
        page,
        ReturnStepForm(request.POST or None, onward=onward, shown=state, initial=initial),
        lambda given: _take(request, code, number, given),
        to_page("returns", code),
        FIELDS | {"return.day": "received_on"},
    )


def _take(request: ActorRequest, code: str, number: int, given: dict[str, Any]) -> object:
    """The action that takes the step which was chosen."""
    to = ReturnState(given["to"])
    act: Callable[..., object]
    more: dict[str, Any] = {}
    match to:
        case ReturnState.RECEIVED:
            act, more = actions.arrive, {"received_on": given["received_on"]}
        case ReturnState.CLOSED:
            act, more = actions.close_return, {"is_wish": given.get("is_wish", False)}
        case ReturnState.DECLINED:
            act = actions.decline_return
        case ReturnState.TRAVELLING:
            act = actions.set_out
        case _:
            act = actions.settle_in
    seen = ReturnState(given["seen"]) if given["seen"] else None
    return act(request.actor, code, number, seen=seen, **more)


@form_view
def visit(request: ActorRequest, code: str, number: int, months: int) -> HttpResponse:
    """Write down a visit."""
    plan = queries.find_return(edited(request, code), number)
    found = queries.find_visit(plan, months)
    page = _page(
        code,
        _("Visit %(months)d months after the return") % {"months": months},
        _("The visit was written down."),
        facts=[(_("To be visited on"), found.due_on)],
        seen=_("Colleagues see whether the person was reached and whether danger is feared."),
    )
    return form_page(
        request,
        page,
        VisitForm(request.POST or None, initial={"held_on": today()}),
        lambda given: note_visit(
            request.actor,
            code,
            number,
            months,
            held_on=given["held_on"],
            is_reached=given["is_reached"] == "yes",
            has_concern=given["has_concern"] == "yes",
            note=given["note"],
        ),
        to_page("returns", code),
        FIELDS | {"return.day": "held_on", "return.words": "note"},
    )


@form_view
def concern(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """It is feared that the person is trafficked again."""
    queries.find_return(edited(request, code), number)
    page = _page(
        code,
        _("Danger is feared"),
        _("Help is open again, and those who work with the person were told."),
        send=_("Open the help again"),
        consequences=[
            _("The record opens again if it was closed, and so does the plan."),
            _("The danger counts as high until somebody assesses it."),
            _("Another return that is being prepared stops."),
            _("Whoever works on the record and supervises it is told, without the words."),
        ],
    )
    return form_page(
        request,
        page,
        ConcernForm(request.POST or None),
        lambda given: raise_concern(request.actor, code, number, words=given["words"]),
        to_page("returns", code),
        FIELDS,
    )
