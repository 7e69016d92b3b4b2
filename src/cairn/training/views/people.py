"""Pages about people: the list by code, one person, searching by name, opening, entering."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import audit, geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited, takes_files
from cairn.core.models import Organisation
from cairn.oversight.queries import records as record_queries
from cairn.oversight.rules import Purpose
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.oversight.views.showing import Shown, shown
from cairn.training.actions import people as actions
from cairn.training.actions import staging
from cairn.training.forms.people import (
    ChangeForm,
    ConsentForm,
    FileForm,
    MoveForm,
    NameSearchForm,
    OpenForm,
    PersonForm,
)
from cairn.training.imports.participants import participants_kind
from cairn.training.models import Practitioner, StagedFile
from cairn.training.queries import duplicates
from cairn.training.queries import events as event_queries
from cairn.training.queries import people as queries
from cairn.training.rules.choices import ConsentMethod, Profession, Sex
from cairn.training.subjects import NAMES, TRAINEE, works_with
from cairn.training.templatetags.people import sex_of_one
from cairn.training.wording.people import SENTENCES
from cairn.ui.forms import add_refusal, status_of

AT = {
    "person.name": "name",
    "person.birth": "birth_band",
    "person.days": "since",
    "consent.given": "purpose",
    "oversight.reason": "reason",
}


@never_cache
@require_safe
@needs(Permission.TRAINEE_VIEW)
def people(request: ActorRequest) -> HttpResponse:
    """People by code. Names are neither shown nor read here."""
    filters = queries.Filters.from_query(request.GET)
    offered = queries.choices_of(request.actor)
    actor = request.actor
    offers = (
        (Permission.TRAINEE_EDIT, "training:person-new", _("Enter somebody")),
        (Permission.TRAINEE_EDIT, "training:people-file", _("Bring a file")),
        (Permission.TRAINEE_EDIT, "training:duplicates", _("Possible doubles")),
        (Permission.TRAINEE_EXPORT, "training:people-export", _("Ask for a file")),
    )
    page = ListPage(
        heading=_("People"),
        lead=_("Everybody who is trained or trains, by code. Names are sealed."),
        columns=(
            _("Code"),
            _("Agency"),
            _("Country"),
            _("Sex"),
            _("Profession"),
            _("Trainings completed"),
        ),
        empty=(
            _("Nobody is here yet"),
            _("People come with nominations, with a file, or are entered one by one."),
        ),
        actions=[(reverse(name), words) for may, name, words in offers if actor.may(may)],
        choices=(
            Choice("country", _("Country"), filters.country, offered["country"]),
            Choice("agency", _("Agency"), filters.agency, offered["agency"]),
            Choice("sex", _("Sex"), filters.sex, Sex.choices),
            Choice("profession", _("Profession"), filters.profession, Profession.choices),
            Choice(
                "trained",
                _("Trained"),
                filters.trained,
                [("yes", _("Completed a training")), ("no", _("Not yet"))],
            ),
        ),
        clear_href=reverse("training:people"),
        template="training/people/people.html",
        more={
            "search": NameSearchForm() if actor.may(Permission.TRAINEE_OPEN) else None,
        },
    )
    return list_page(request, page, queries.people(actor, filters), _cells)


def _cells(rows: list[Practitioner]) -> list[list[lists.Cell]]:
    return [
        [
            lists.code(row.code, href=row.get_absolute_url()),
            lists.text(row.agency.display_name if row.agency else "–"),
            lists.text(country_name(row.country)),
            lists.text(sex_of_one(row.sex)),
            lists.text(row.get_profession_display()),
            lists.number(row.completed),  # type: ignore[attr-defined]
        ]
        for row in rows
    ]


def country_name(code: str) -> str:
    """The country in the reader's language; a dash for none."""
    return geography.country_name(code, language()) if code else "–"


@never_cache
@require_safe
@needs(Permission.TRAINEE_VIEW)
@limited("trainee.find", per_minute=30)
def find(request: ActorRequest) -> HttpResponse:
    """From a code, as people type it, to its person."""
    if code := queries.code_of(request.actor, request.GET.get("code", "")):
        return redirect("training:person", code=code)
    messages.warning(request, _("There is nobody with this code for you to see."))
    return redirect("training:people")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_OPEN)
@limited("trainee.search", per_minute=10, per_hour=60, methods=("POST",))
def search(request: ActorRequest) -> HttpResponse:
    """Who may be called so: codes, found by hashes. That somebody searched is written down."""
    form = NameSearchForm(request.POST or None)
    found: list[queries.Found] | None = None
    if request.method == "POST" and form.is_valid():
        found = queries.by_name(request.actor, form.cleaned_data["wanted"])
        with transaction.atomic():
            audit.record(request.actor, "trainee.searched", found=len(found))
    context = {"form": form, "found": found}
    return render(request, "training/people/search.html", context, status=status_of(form))


@never_cache
@require_safe
@signed_in
def person(request: ActorRequest, code: str) -> HttpResponse:
    """One person: where they serve, what they learnt and taught, where they go."""
    return page_of_person(request, queries.find_person(request.actor, code), OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("trainee.open", per_minute=20, per_hour=200)
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open the sealed part on this one answer, which nothing keeps."""
    found = queries.find_person(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form = OpenForm(request.POST)
    parts = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = actions.open_person(
                request.actor, code, Purpose(given["purpose"]), given["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            parts = shown(opened)
    return page_of_person(request, found, form, parts)


def page_of_person(
    request: ActorRequest,
    found: Practitioner,
    form: forms.Form,
    opened: list[Shown] | None = None,
) -> HttpResponse:
    """The page of one person, its sealed part closed or opened once."""
    actor = request.actor
    may_edit = may(request, found, Permission.TRAINEE_EDIT) and found.erased_on is None
    context: dict[str, Any] = {
        "person": found,
        "story": queries.story(actor, found),
        "affiliations": list(found.affiliations.select_related("agency")),
        "consents": list(found.consents.all()),
        "parts": [(label, bool(getattr(found, name))) for name, label in NAMES.items()],
        "form": form,
        "opened": opened,
        "may_edit": may_edit and found.merged_into_id is None,
        "similar": queries.similar_to(actor, found) if may_edit else [],
        "merges": duplicates.decisions(actor, found) if may_edit else [],
        "sees_events": actor.may(Permission.TRAINING_VIEW),
        "sees_people": actor.may(Permission.TRAINEE_VIEW),
        "today": timezone.localdate(),
        "history": record_queries.history(TRAINEE, found, SENTENCES, actor),
        "is_erased": found.erased_on is not None,
        "may_open": may(request, found, Permission.TRAINEE_OPEN) or works_with(actor, found),
        "may_erase": may(request, found, Permission.ERASURE_ASK),
        "erasure_href": reverse("oversight:erasure-new", args=[TRAINEE.key, found.code]),
        "is_erasure_asked": record_queries.is_erasure_asked(TRAINEE, found),
    }
    return render(request, "training/people/person.html", context, status=status_of(form))


def may(request: ActorRequest, found: Practitioner, permission: Permission) -> bool:
    """Whether the actor holds `permission` for this record."""
    return request.actor.may_within(
        permission, found.organisation_id, None, found.country, found.area
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter somebody; who may be the same person is shown before it is saved."""
    places = record_queries.places(request.actor, Permission.TRAINEE_EDIT)
    form = PersonForm(request.POST or None, places=places, agencies=queries.organisations())
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        facts = form.facts(given["agency"])
        if "anyway" not in request.POST:
            alike = duplicates.possible_duplicates(
                request.actor,
                given["organisation"],
                facts.name,
                name_latin=facts.name_latin,
                service_number=facts.service_number,
                agency=facts.agency,
                birth_band=facts.birth_band,
                sex=facts.sex,
            )[:5]
        if not alike:
            try:
                made = actions.enter_practitioner(request.actor, given["organisation"], facts)
            except RuleBroken as refusal:
                add_refusal(form, refusal, AT.get(refusal.code))
            else:
                words = {"code": made.code}
                messages.success(request, _("The person was entered as %(code)s.") % words)
                return redirect(made)
    context = {"form": form, "alike": alike}
    return render(request, "training/people/person_new.html", context, status=status_of(form))


def _form_of(
    request: ActorRequest,
    code: str,
    form_of: Callable[[Practitioner], forms.Form],
    act: Callable[[dict[str, Any], forms.Form], object],
    words: tuple[str, str, str],
    *,
    seen: str = "",
) -> HttpResponse:
    """A page with one form about a person. `words`: heading, what the button says, when done."""
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.TRAINEE_EDIT, within=found)
    form = form_of(found)
    heading, send, done = words
    page = FormPage(
        heading=heading,
        send=send,
        back=(found.get_absolute_url(), found.code),
        done=done,
        seen=seen,
    )
    return form_page(
        request,
        page,
        form,
        lambda given: act(given, form),
        lambda _made: found.get_absolute_url(),
        AT,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change what is not sealed, or write sealed parts anew."""
    return _form_of(
        request,
        code,
        lambda found: ChangeForm(request.POST or None, initial=ChangeForm.of(found)),
        lambda _given, form: actions.change_practitioner(
            request.actor,
            code,
            **form.changes(),  # type: ignore[attr-defined]
        ),
        (_("Change the record"), _("Save"), _("The record was changed.")),
        seen=_("What is sealed stays closed: a field that you leave empty keeps its content."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def service(request: ActorRequest, code: str) -> HttpResponse:
    """Somebody serves elsewhere from a day on."""
    return _form_of(
        request,
        code,
        lambda _found: MoveForm(request.POST or None, agencies=queries.organisations()),
        lambda given, _form: actions.move_service(request.actor, code, **given),
        (_("Record a new service"), _("Save"), _("The new service was recorded.")),
        seen=_("What was before stays, with its last day: past trainings keep their agency."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def consent(request: ActorRequest, code: str) -> HttpResponse:
    """Record what somebody agreed to."""
    return _form_of(
        request,
        code,
        lambda _found: ConsentForm(request.POST or None),
        lambda given, _form: actions.record_consent(
            request.actor,
            code,
            given["purpose"],
            wording_version=given["wording_version"],
            language=given["language"],
            method=ConsentMethod(given["method"]),
        ),
        (_("Record a consent"), _("Save"), _("The consent was recorded.")),
    )


@require_POST
@signed_in
def withdraw_consent(request: ActorRequest, code: str) -> HttpResponse:
    """Somebody takes a consent back."""
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.TRAINEE_EDIT, within=found)
    try:
        actions.withdraw_consent(request.actor, code, request.POST.get("purpose", ""))
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The consent was taken back. That it was given stays."))
    return redirect(found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
@limited("training.file", per_minute=6, per_hour=60, methods=("POST",))
@takes_files
def people_file(request: ActorRequest, reference: str = "") -> HttpResponse:
    """Bring a file of people for the directory, or of the participants of one event."""
    actor = request.actor
    event = event_queries.find(actor, reference) if reference else None
    keeper = event.organisation if event else _keeper(request)
    country = event.country if event else _country_of(request)
    kind = participants_kind(actor, keeper, country, event)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            staged = staging.stage_file(
                actor, kind, keeper, upload.name, upload, subject_id=event.pk if event else None
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "file")
        else:
            return redirect("training:staged", pk=staged.pk)
    context = {
        "heading": _("Bring a file of people"),
        "lead": _("Everybody in the file is entered, unless they are on record already."),
        "kind": kind,
        "form": form,
        "back": (reverse("training:people"), _("People")),
        "empty": "people",
    }
    return render(request, "training/people/file.html", context, status=status_of(form))


def people_kind_of(request: ActorRequest) -> Callable[[StagedFile], Any]:
    """For applying a file of people: its kind, checked once more for who asks."""

    def kind_of(staged: StagedFile) -> Any:
        event = None
        if staged.subject_id is not None:
            event = queries.event_of(request.actor, staged.subject_id)
        country = event.country if event else _country_of(request)
        return participants_kind(request.actor, staged.organisation, country, event)

    return kind_of


def _keeper(request: ActorRequest) -> Organisation:
    """Whose records a file makes: the first organisation where the actor enters people."""
    places = record_queries.places(request.actor, Permission.TRAINEE_EDIT)
    return next(iter(places.organisations.values()))


def _country_of(request: ActorRequest) -> str:
    places = record_queries.places(request.actor, Permission.TRAINEE_EDIT)
    return places.countries[0][0] if len(places.countries) == 1 else ""
