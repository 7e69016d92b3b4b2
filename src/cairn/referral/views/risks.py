"""Recipients that nobody is referred to: the list, one, deciding, ending, the sealed note."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.core.models import Organisation
from cairn.oversight.queries import records
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import risks as actions
from cairn.referral.actions.risks import Against
from cairn.referral.forms.risks import LetBackForm, RiskForm
from cairn.referral.models.risks import RecipientRisk
from cairn.referral.models.services import Service
from cairn.referral.queries import risks as queries
from cairn.referral.queries.risks import Filters
from cairn.referral.rules.risks import RiskGround
from cairn.referral.subjects.protocols import RISK
from cairn.referral.views.protocols import today_now
from cairn.referral.views.protocols_sealed import opened_once, sealed_page

FIELDS = {
    "risk.service": "service",
    "risk.ground": "ground",
    "risk.days": "ends_on",
    "risk.note": "note",
    "risk.known": "recipient",
}


def badge(risk: RecipientRisk, today: date) -> tuple[str, str]:
    """(code of a badge, words)."""
    if risk.holds(today):
        return "risk_holds", _("Nobody is referred there")
    is_over = risk.ended_on is not None or (risk.ends_on is not None and risk.ends_on < today)
    return ("risk_over", _("Over")) if is_over else ("risk_to_come", _("Begins later"))


@never_cache
@require_safe
@needs(Permission.RISK_VIEW)
def risks(request: ActorRequest) -> HttpResponse:
    """Recipients that are left out, for whoever may know of them."""
    today = today_now()
    filters = Filters.from_query(request.GET)
    may_decide = request.actor.may(Permission.RISK_DECIDE)
    new = (reverse("referral:risk-new"), _("Leave out a recipient"))
    shown = ListPage(
        heading=_("Left-out recipients"),
        lead=_(
            "Nobody is referred to them, not even in an emergency. Caseworkers see that, and not "
            "the ground."
        ),
        columns=[_("Recipient"), _("Service"), _("Ground"), _("Since"), _("State")],
        empty=(
            _("No recipient is left out"),
            _("Leave one out when it may be part of the danger, or judges its own case."),
        ),
        actions=[new] if may_decide else [],
        choices=[
            Choice("q", _("Recipient"), filters.words),
            Choice("ground", _("Ground"), filters.ground, RiskGround.choices),
            Choice("state", _("State"), "over" if filters.over else "", [("over", _("Over"))]),
        ],
        clear_href=reverse("referral:risks"),
    )
    found = queries.risks(request.actor, filters, today)
    return list_page(request, shown, found, lambda rows: [_cells(row, today) for row in rows])


def _cells(risk: RecipientRisk, today: date) -> list[Cell]:
    return [
        lists.text(risk.recipient.display_name, href=risk.get_absolute_url()),
        lists.text(risk.service.name if risk.service else _("all of its services")),
        lists.text(RiskGround(risk.ground).label),
        lists.clock_cell(risk.starts_on),
        lists.state(*badge(risk, today)),
    ]


@never_cache
@require_safe
@signed_in
def risk(request: ActorRequest, code: str) -> HttpResponse:
    """One recipient that is left out, with what was found out closed."""
    found = queries.find_risk(request.actor, code)
    return _page(request, found, OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("risk.open", per_minute=20, per_hour=200, methods=("POST",))
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open what was found out on this one answer, which nothing keeps."""
    found = queries.find_risk(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form, parts = opened_once(
        request,
        lambda purpose, reason: actions.open_risk(request.actor, code, purpose, reason),
    )
    return _page(request, found, form, parts)


def _page(
    request: ActorRequest, found: RecipientRisk, form: OpenForm, parts: Any = None
) -> HttpResponse:
    today = today_now()
    state, label = badge(found, today)
    may_end = (
        found.ended_on is None
        and state != "risk_over"
        and found.decided_by != request.actor.user_id
        and request.actor.may_within(
            Permission.RISK_DECIDE, found.organisation_id, None, found.country
        )
    )
    context = {
        "risk": found,
        "state": state,
        "state_label": label,
        "may_end": may_end,
        "is_own": found.decided_by == request.actor.user_id and state != "risk_over",
    }
    return sealed_page(request, "referral/risks_one.html", RISK, found, form, parts, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RISK_DECIDE)
def create(request: ActorRequest) -> HttpResponse:
    """Decide that nobody is referred to a recipient."""
    recipients = {str(each.pk): each for each in Organisation.objects.visible_to(request.actor)}
    form = RiskForm(
        request.POST or None,
        places=records.places(request.actor, Permission.RISK_DECIDE),
        recipients=recipients,
        initial={"starts_on": today_now().isoformat()},
    )
    page = FormPage(
        heading=_("Leave out a recipient"),
        send=_("Leave it out"),
        back=(reverse("referral:risks"), _("Left-out recipients")),
        done=_("Nobody is referred there from the first day on."),
        consequences=[
            _("It is offered to nobody any more, and nothing can be sent to it."),
            _("This holds for everybody, and in an emergency too."),
            _("Another person than you has to end it."),
        ],
        seen=_("Supervisors and editors of the directory see the ground; the note is sealed."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: _decide(request, given),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


def _decide(request: ActorRequest, given: dict[str, Any]) -> RecipientRisk:
    against = Against(
        organisation=given["organisation"],
        country=given["country"],
        recipient=given["recipient"],
        ground=given["ground"],
        starts_on=given["starts_on"],
        ends_on=given["ends_on"],
        service=_service(request, given["service"]),
    )
    return actions.decide_risk(request.actor, against, given["note"])


def _service(request: ActorRequest, code: str) -> Service | None:
    """The service of a typed code. Raises RuleBroken("risk.service") for one that is not there."""
    if not code:
        return None
    found = Service.objects.visible_to(request.actor).filter(code=code).first()
    if found is None:
        raise RuleBroken("risk.service", _("No service has this code."))
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RISK_DECIDE)
@recently
def end(request: ActorRequest, code: str) -> HttpResponse:
    """End it, as another person than the one who decided."""
    found = queries.find_risk(request.actor, code)
    require(request.actor, Permission.RISK_DECIDE, within=found)
    page = FormPage(
        heading=_("Let the recipient back in"),
        send=_("Let it back in"),
        back=(found.get_absolute_url(), found.recipient.display_name),
        done=_("Persons may be referred there again."),
        facts=[
            (_("Recipient"), found.recipient.display_name),
            (_("Ground"), RiskGround(found.ground).label),
        ],
        consequences=[
            _("It is offered to caseworkers again from now on."),
            _("Whoever decided to leave it out cannot do this alone."),
        ],
        lead=_("Open the note first, and be sure that what it says does not hold any more."),
    )
    return form_page(
        request,
        page,
        LetBackForm(request.POST if request.method == "POST" else None),
        lambda given: actions.end_risk(request.actor, code),
        lambda made: made.get_absolute_url(),
    )
