"""One person of concern: the page of the record, the opening of its sealed part, its changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.queries import records as record_queries
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views import records
from cairn.oversight.views.showing import Shown, shown
from cairn.referral import queries
from cairn.referral.actions import (
    assign_caseworker,
    change_person,
    close_person,
    enter_person,
    open_person,
)
from cairn.referral.actions.matching import Candidate, look_for
from cairn.referral.forms import CaseworkerForm, ChangeForm, CloseForm, EnterForm
from cairn.referral.models import Person
from cairn.referral.queries import persons_panels as panels
from cairn.referral.registry import PARTS
from cairn.referral.registry.told import Panel
from cairn.referral.rules import AgeBand, is_treated_as_child
from cairn.referral.subjects import PERSON, SEALED
from cairn.referral.views.listing import caseworker_word
from cairn.referral.wording import SENTENCES
from cairn.ui.forms import add_refusal, status_of

# At which field a refusal of a rule is shown.
FIELDS = {
    "person.opened": "opened_on",
    "person.closed": "closed_on",
    "person.keep": "keep_until",
    "person.place": "unit",
    "person.elsewhere": "organisation",
    "person.lines": "do_not_contact",
    "person.adult": "adult_ground",
    "identity.birth": "birth",
    "identity.nationality": "nationality",
}


@never_cache
@require_safe
@signed_in
def person(request: ActorRequest, code: str) -> HttpResponse:
    """What is kept of a person, with its sealed part closed."""
    found = queries.find_person(request.actor, code)
    return _page(request, found, OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("person.open", per_minute=20, per_hour=200)
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open the sealed part on this one answer, which nothing keeps.

    Whoever comes back to the address without the form is led to the record, closed.
    """
    found = queries.find_person(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form = OpenForm(request.POST)
    parts = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = open_person(request.actor, code, Purpose(given["purpose"]), given["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            parts = shown(opened)
    return _page(request, found, form, parts)


def _page(
    request: ActorRequest,
    found: Person,
    form: OpenForm,
    opened: list[Shown] | None = None,
) -> HttpResponse:
    may_edit = request.actor.may_within(
        Permission.PERSON_EDIT, found.organisation_id, found.unit_id, found.country
    )
    colleagues = queries.colleagues(found) if may_edit and found.is_open else {}
    chosen = str(found.caseworker) if found.caseworker in colleagues else ""
    context: dict[str, Any] = {
        "person": found,
        "caseworker": caseworker_word(request.actor, found.caseworker),
        "is_treated_as_child": is_treated_as_child(AgeBand(found.age_band)),
        "is_due": found.is_due(timezone.localdate()),
        "parts": [(label, bool(getattr(found, name))) for name, label in SEALED.items()],
        "form": form,
        "opened": opened,
        "may_edit": may_edit and found.is_open,
        "conflicts": panels.open_conflicts(request.actor, found),
        "panels": _panels(request, found),
        "hand_over": CaseworkerForm(colleagues=colleagues, initial={"caseworker": chosen}),
        **records.page_parts(request.actor, PERSON, found, SENTENCES),
    }
    return render(request, "referral/person.html", context, status=status_of(form))


def _panels(request: ActorRequest, found: Person) -> list[tuple[Panel, Any]]:
    """The parts of the page that have something to say to this actor about this person."""
    told = sorted((each for part in PARTS for each in part.panels), key=lambda one: one.order)
    facts = ((each, each.facts(request.actor, found)) for each in told)
    return [(each, shown) for each, shown in facts if shown is not None]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PERSON_EDIT)
@limited("person.look", per_minute=10, per_hour=100, methods=("POST",))
def create(request: ActorRequest) -> HttpResponse:
    """Enter a person of concern; records that may be of the same person are shown before."""
    form = EnterForm(
        request.POST or None,
        places=record_queries.places(request.actor, Permission.PERSON_EDIT),
        initial={"opened_on": timezone.localdate().isoformat()},
    )
    candidates: list[Candidate] = []
    if request.method == "POST" and form.is_valid():
        try:
            candidates = _alike(request, form)
            if not candidates:
                made = _entered(request, form)
                messages.success(request, _("The record was entered. Its code is %(code)s.")
                    % {"code": made.code})  # fmt: skip
                return redirect(made)
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
    context = {
        "heading": _("Enter a person"),
        "send": _("Enter and seal"),
        "form": form,
        "candidates": candidates,
    }
    return render(request, "referral/person_form.html", context, status=status_of(form))


def _alike(request: ActorRequest, form: EnterForm) -> list[Candidate]:
    """Records that may be of this person; none once whoever enters it has looked at them."""
    identity = form.identity()
    if form.cleaned_data["looked"] or not identity:
        return []
    facts = form.facts()
    is_child = is_treated_as_child(facts.age_band)
    return look_for(request.actor, identity, facts.organisation, is_child=is_child)


def _entered(request: ActorRequest, form: EnterForm) -> Person:
    return enter_person(
        request.actor,
        form.facts(),
        form.texts(),
        is_mine=form.cleaned_data["is_mine"],
        identity=form.identity(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a record. What is sealed is not shown: it is replaced, emptied or left.

    What a colleague changes meanwhile is brought together with it.
    """
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    form = ChangeForm(
        request.POST or None,
        places=record_queries.places(request.actor, Permission.PERSON_EDIT),
        initial=ChangeForm.initial_of(found),
    )
    if request.method == "POST" and form.is_valid():
        before = panels.open_conflicts(request.actor, found)
        try:
            change_person(
                request.actor,
                code,
                form.facts(),
                form.texts(),
                base=form.seen(found),
                adult_ground=form.cleaned_data["adult_ground"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        else:
            _say_what_became(request, found, before)
            return redirect("referral:person", code=code)
    context = {
        "heading": _("Change the record"),
        "send": _("Save and seal"),
        "form": form,
        "person": found,
    }
    return render(request, "referral/person_form.html", context, status=status_of(form))


def _say_what_became(request: ActorRequest, found: Person, before: int) -> None:
    if panels.open_conflicts(request.actor, found) > before:
        messages.warning(
            request,
            _(
                "A colleague changed the same meanwhile. Nothing is lost: see below what stands, "
                "and resolve it."
            ),
        )
    else:
        messages.success(request, _("The record was changed."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Close a record; nothing in it changes any more."""
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    form = CloseForm(request.POST or None, initial={"closed_on": timezone.localdate().isoformat()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            close_person(
                request.actor, code, closed_on=given["closed_on"], keep_until=given["keep_until"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        else:
            messages.success(request, _("The record was closed."))
            return redirect("referral:person", code=code)
    context = {
        "heading": _("Close the record"),
        "send": _("Close it"),
        "form": form,
        "person": found,
    }
    return render(request, "referral/person_form.html", context, status=status_of(form))


@require_POST
@signed_in
def hand_over(request: ActorRequest, code: str) -> HttpResponse:
    """Put the record into a colleague's hands, or into nobody's."""
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    form = CaseworkerForm(request.POST, colleagues=queries.colleagues(found))
    if form.is_valid():
        assign_caseworker(request.actor, code, form.cleaned_data["caseworker"])
        messages.success(request, _("It is written down who works on the record."))
    else:
        messages.error(request, _("This colleague does not work with records of this place."))
    return redirect("referral:person", code=code)
