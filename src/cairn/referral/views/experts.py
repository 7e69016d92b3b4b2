"""The roster of experts: the list without names, one entry, entering, changing, opening."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import geography
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.oversight.queries import records
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import experts as actions
from cairn.referral.forms.experts import ExpertForm
from cairn.referral.models.experts import Expert
from cairn.referral.queries import experts as queries
from cairn.referral.queries.experts import Filters
from cairn.referral.rules import experts as rules
from cairn.referral.rules.experts import Availability, ExpertField
from cairn.referral.subjects.protocols import EXPERT
from cairn.referral.views.protocols import today_now
from cairn.referral.views.protocols_sealed import opened_once, sealed_page
from cairn.ui.templatetags.ui import language_name, listed

FIELDS = {
    "expert.title": "title",
    "expert.fields": "fields_known",
    "expert.keep": "keep_until",
}


@never_cache
@require_safe
@needs(Permission.EXPERT_VIEW)
def experts(request: ActorRequest) -> HttpResponse:
    """Who can be asked about what, without names."""
    filters = Filters.from_query(request.GET)
    may_keep = request.actor.may(Permission.EXPERT_OPEN)
    names = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    shown = ListPage(
        heading=pgettext("roster", "Experts"),
        lead=_(
            "Who can be asked, by what they know. Names are sealed: whoever keeps an entry makes "
            "the contact."
        ),
        columns=[
            pgettext("roster", "Expert"),
            _("Asked about"),
            _("Languages"),
            _("Kept by"),
            _("State"),
        ],
        empty=(_("No expert here"), _("Clear the filters, or ask who keeps the roster.")),
        actions=[(reverse("referral:expert-new"), _("Enter an expert"))] if may_keep else [],
        choices=[
            Choice("field", _("Asked about"), filters.field, ExpertField.choices),
            Choice("language", _("Language"), str(language_name(filters.language))),
            Choice("country", _("Country"), filters.country, sorted(names, key=lambda n: n[1])),
            Choice("state", _("State"), filters.availability, Availability.choices),
        ],
        clear_href=reverse("referral:experts"),
    )
    found = queries.experts(request.actor, filters)
    return list_page(request, shown, found, lambda rows: [_cells(row) for row in rows])


def _cells(expert: Expert) -> list[Cell]:
    spoken = listed(language_name(each) for each in expert.languages)
    return [
        lists.text(expert.title, href=expert.get_absolute_url()),
        lists.text(listed(ExpertField(each).label for each in expert.fields)),
        lists.text(spoken),
        lists.text(expert.organisation.display_name),
        lists.state(f"expert_{expert.availability}", Availability(expert.availability).label),
    ]


@never_cache
@require_safe
@signed_in
def expert(request: ActorRequest, code: str) -> HttpResponse:
    """One entry, with the name closed."""
    return _page(request, queries.find_expert(request.actor, code), OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("expert.open", per_minute=20, per_hour=200, methods=("POST",))
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open who it is on this one answer, which nothing keeps."""
    found = queries.find_expert(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form, parts = opened_once(
        request,
        lambda purpose, reason: actions.open_expert(request.actor, code, purpose, reason),
    )
    return _page(request, found, form, parts)


def _page(request: ActorRequest, found: Expert, form: OpenForm, parts: Any = None) -> HttpResponse:
    may_edit = found.erased_on is None and request.actor.may_within(
        Permission.EXPERT_OPEN, found.organisation_id, None, found.country
    )
    context = {
        "expert": found,
        "fields": [ExpertField(each).label for each in found.fields],
        "may_edit": may_edit,
        "is_due": found.is_due(today_now()),
    }
    return sealed_page(request, "referral/experts_one.html", EXPERT, found, form, parts, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXPERT_OPEN)
def create(request: ActorRequest) -> HttpResponse:
    """Enter an expert who agreed to be asked."""
    form = ExpertForm(
        request.POST or None,
        places=records.places(request.actor, Permission.EXPERT_OPEN),
        initial={"keep_until": (today_now() + rules.KEEP_FOR).isoformat()},
    )
    page = FormPage(
        heading=_("Enter an expert"),
        send=_("Enter and seal"),
        back=(reverse("referral:experts"), pgettext("roster", "Experts")),
        done=_("The expert was entered."),
        consequences=[
            _("The expert has agreed to stand here, and knows until when."),
            _("Caseworkers find the entry by what the expert knows, without the name."),
        ],
        seen=_("Name and contact are sealed: whoever opens them gives a reason."),
    )

    def enter(given: dict[str, Any]) -> Expert:
        return actions.enter_expert(
            request.actor,
            given["organisation"],
            given["country"],
            form.skills(),
            given["name"],
            given["contact"],
        )

    return form_page(request, page, form, enter, lambda made: made.get_absolute_url(), FIELDS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change an entry. What is sealed is not shown: it is replaced or left."""
    found = queries.find_expert(request.actor, code)
    require(request.actor, Permission.EXPERT_OPEN, within=found)
    form = ExpertForm(
        request.POST or None,
        places=records.places(request.actor, Permission.EXPERT_OPEN),
        is_new=False,
        initial=ExpertForm.initial_of(found),
    )
    page = FormPage(
        heading=_("Change the entry"),
        send=_("Save and seal"),
        back=(found.get_absolute_url(), found.title),
        done=_("The entry was changed."),
        seen=_("Name and contact are sealed: whoever opens them gives a reason."),
    )

    def change(given: dict[str, Any]) -> Expert:
        return actions.change_expert(
            request.actor, code, form.skills(), name=given["name"], contact=given["contact"]
        )

    return form_page(request, page, form, change, lambda made: made.get_absolute_url(), FIELDS)
