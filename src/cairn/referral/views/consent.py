"""Consent of one person: the list, one consent with what can be said and done, and the slip."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.queries.records import emergency_access
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.oversight.views.lists import Cell, ListPage, clock_cell, list_page, state
from cairn.oversight.views.lists import text as text_cell
from cairn.oversight.views.showing import Shown, shown
from cairn.referral import queries as person_queries
from cairn.referral.actions.consent import note_receipt, open_consent
from cairn.referral.documents.consent import FILE_NAME, render_slip
from cairn.referral.forms.consent import LanguageForm, shipped_language
from cairn.referral.models.consent import Consent
from cairn.referral.models.persons import Person
from cairn.referral.queries import consent as queries
from cairn.referral.queries import consent_words as words
from cairn.referral.rules.consent import GIVEN, MOVES, ConsentState, Receipt, is_settled
from cairn.referral.rules.consent_purposes import PURPOSES
from cairn.referral.subjects import PERSON
from cairn.referral.subjects.consent import CONSENT_SEALED
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.templatetags.ui import listed


def may(actor: Actor, permission: Permission, person: Person) -> bool:
    """True where a membership gives `permission` for this person's place."""
    return actor.may_within(permission, person.organisation_id, person.unit_id, person.country)


@never_cache
@require_safe
@signed_in
def consents(request: ActorRequest, code: str) -> HttpResponse:
    """All that the person was asked, newest first, and what may be told today."""
    person = person_queries.find_person(request.actor, code)
    actions = [(reverse("referral:rights", args=[code]), _("Rights of the person"))]
    if person.is_open and may(request.actor, Permission.PERSON_EDIT, person):
        asking = (reverse("referral:consent-new", args=[code]), _("Ask for consent"))
        actions = [asking, *actions]
    page = ListPage(
        heading=_("Consent"),
        lead=_("Whatever the person says, the help stays the same."),
        columns=[_("What for"), _("Who is told"), _("What may be told"), _("State"), _("Until")],
        empty=(
            _("Nothing was asked yet"),
            _("Nothing about the person is told to anybody, but in danger to life."),
        ),
        crumbs=[
            (reverse("referral:persons"), _("Persons of concern")),
            (person.get_absolute_url(), code),
        ],
        actions=actions,
    )
    return list_page(request, page, queries.rows(person), _cells)


def _cells(rows: list[Consent]) -> list[list[Cell]]:
    return [
        [
            text_cell(row.get_purpose_display(), row.get_absolute_url()),
            text_cell(words.recipient(row)),
            text_cell(listed(words.categories(row.categories))),
            state(row.tone, row.get_state_display()),
            clock_cell(row.expires_on if row.state in GIVEN else None),
        ]
        for row in rows
    ]


@never_cache
@require_safe
@signed_in
def consent(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """One consent, with its sealed part closed."""
    found = queries.find_consent(request.actor, code, number)
    return _page(request, found, OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("person.open", per_minute=20, per_hour=200)
def open_sealed(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Open limits and note on this one answer, which nothing keeps."""
    found = queries.find_consent(request.actor, code, number)
    if request.method != "POST":
        return redirect(found)
    form = OpenForm(request.POST)
    parts = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            purpose = ReadingPurpose(given["purpose"])
            parts = shown(open_consent(request.actor, found, purpose, given["reason"]))
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
    return _page(request, found, form, parts)


def _page(
    request: ActorRequest, found: Consent, form: OpenForm, opened: list[Shown] | None = None
) -> HttpResponse:
    person, now = found.person, ConsentState(found.state)
    may_edit = may(request.actor, Permission.PERSON_EDIT, person)
    access = emergency_access(request.actor, PERSON, person)
    script_in = found.language or shipped_language(person.languages)
    context: dict[str, Any] = {
        "consent": found,
        "person": person,
        "recipient": words.recipient(found),
        "categories": words.categories(found.categories),
        "source": PURPOSES[words.purpose(found)].source,
        "script": words.script(found, shipped_language([script_in])),
        "is_asked": now in {ConsentState.NOT_SOUGHT, ConsentState.EXPLAINED},
        "is_given": now in GIVEN,
        "next": _next(found, now) if may_edit and person.is_open else None,
        "may_withdraw": may_edit
        and bool(found.receipt)
        and ConsentState.WITHDRAWN in MOVES[now]
        and not (now is ConsentState.EXPIRED and queries.is_renewed(found)),
        "may_offer": may_edit and person.is_open and now in GIVEN,
        "may_ask_again": may_edit and person.is_open and is_settled(now),
        "slip": LanguageForm(initial={"language": shipped_language(person.languages)}),
        "receipt_is_open": found.receipt_taken == Receipt.NOT_OFFERED,
        "history": words.history(request.actor, queries.steps(found)),
        "parts": [(label, bool(getattr(found, name))) for name, label in CONSENT_SEALED.items()],
        "form": form,
        "opened": opened,
        "is_erased": person.erased_on is not None,
        "may_open": access is not None or may(request.actor, Permission.PERSON_OPEN, person),
    }
    return render(request, "referral/consent.html", context, status=status_of(form))


def _next(found: Consent, now: ConsentState) -> tuple[str, str] | None:
    """Address and words of what comes next."""
    at = [found.person.code, found.number]
    if now == ConsentState.NOT_SOUGHT:
        return reverse("referral:consent-explain", args=at), _("It was explained")
    if now == ConsentState.EXPLAINED:
        return reverse("referral:consent-answer", args=at), _("Write down the answer")
    return None


@never_cache
@require_POST
@signed_in
@limited("consent.slip", per_minute=12, per_hour=120)
def slip(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """The slip as PDF, in the person's language. Its name says nothing."""
    found = queries.find_consent(request.actor, code, number)
    form = LanguageForm(request.POST)
    if not found.receipt or not found.decided_at or not found.expires_on or not form.is_valid():
        messages.error(request, _("There is a slip only for what was agreed."))
        return redirect(found)
    made = render_slip(
        language=form.cleaned_data["language"],
        reference=found.receipt,
        talked_on=found.starts_on or timezone.localdate(found.decided_at),
        holds_until=found.expires_on,
        today=timezone.localdate(clock.now()),
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@require_POST
@signed_in
def receipt(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Note whether the person took the slip or left it."""
    taken = Receipt.TAKEN if request.POST.get("answer") == Receipt.TAKEN else Receipt.LEFT
    found = note_receipt(request.actor, code, number, taken)
    messages.success(request, _("It was noted."))
    return redirect(found)
