"""Files for other programs: where they are, persons out and in, several referrals out."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.htcds.fields import VERSION
from cairn.core.htcds.intake import MOST_BYTES, in_memory, read_rows
from cairn.core.limits import limited, takes_files
from cairn.oversight.actions.exports import ask_file
from cairn.oversight.queries.records import places
from cairn.oversight.rules import Purpose as Why
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions.exchange_persons import Place, bring_persons, take_person_out
from cairn.referral.forms.exchange import (
    BringPersonsForm,
    PersonFileForm,
    PersonsFileForm,
    ReferralsFileForm,
)
from cairn.referral.htcds.columns import COLUMNS
from cairn.referral.htcds.reading import Persons, read_persons
from cairn.referral.models.persons import Person
from cairn.referral.queries.consent import recipients
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.persons import AgeBand
from cairn.ui.forms import NOT_VALID, add_refusal, status_of

FORM = ("GET", "HEAD", "POST")
MOST_TOLD = 100
FIELDS = {
    "file.code": "codes",
    "file.many": "codes",
    "file.not-told": "codes",
    "oversight.reason": "reason",
    "referral.no-basis": "told_for",
    "referral.no-protocol": "recipient",
    "referral.excluded": "recipient",
    "referral.categories": "told_for",
}
TYPES = {"json": ("application/json", "json"), "csv": ("text/csv", "csv")}
TYPES["primero"] = TYPES["json"]


def _hub() -> tuple[str, str]:
    return reverse("referral:exchange"), _("Files for other programs")


@never_cache
@require_safe
@signed_in
def exchange(request: ActorRequest) -> HttpResponse:
    """What can be taken out and brought in, and in which forms."""
    actor = request.actor
    may = {
        "take_persons": actor.may(Permission.PERSON_EXPORT),
        "bring_persons": actor.may(Permission.PERSON_EDIT),
        "take_referrals": actor.may(Permission.REFERRAL_OPEN),
        "bring_referrals": actor.may(Permission.REFERRAL_ANSWER),
        "see_brought": actor.may(Permission.REFERRAL_VIEW),
    }
    if not any(may.values()):
        raise PermissionDenied(Permission.REFERRAL_VIEW.value)
    context = {"may": may, "version": VERSION, "fields": COLUMNS[1:]}
    return render(request, "referral/exchange.html", context)


@never_cache
@require_http_methods(FORM)
@signed_in
@recently
@limited("person.file", per_minute=6, per_hour=60, methods=("POST",))
def person_file(request: ActorRequest, code: str) -> HttpResponse:
    """One person as a file of the data standard; the file is the answer and is kept nowhere."""
    rows = Person.objects.visible_to(request.actor).select_related("organisation")
    found = rows.get(code=code)
    require(request.actor, Permission.PERSON_EXPORT, within=found)
    require(request.actor, Permission.PERSON_OPEN, within=found)
    form = PersonFileForm(request.POST or None, recipients=recipients(request.actor))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            text = take_person_out(
                request.actor,
                code,
                recipient=given["recipient"],
                purpose=Purpose(given["told_for"]),
                form=given["form"],
                why=Why(given["purpose"]),
                reason=given["reason"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        else:
            kind, ending = TYPES[given["form"]]
            response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
            name = f"person-{code.lower()}.{ending}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    context = {
        "heading": _("Take the record out as a file"),
        "lead": _("In the data standard for cases (HTCDS) that other agencies read."),
        "send": _("Make the file"),
        "back": (found.get_absolute_url(), found.code),
        "consequences": [
            _("It holds what the person agreed that the recipient may know, and nothing else."),
            _("Protected places are never in it, nor notes and ways to make contact."),
            _("The file is no longer protected here. Keep it where nobody else reads it."),
        ],
        "seen": _("The person can ask who took it, for whom and why."),
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))


def _asking(heading: str) -> FormPage:
    return FormPage(
        heading=heading,
        send=_("Ask for the file"),
        back=_hub(),
        done=_("You asked for the file. You are told when somebody has decided."),
        consequences=[
            _("Each record is looked at now and again when you take the file."),
            _("Where one of them may not leave, no file is made, and you are told which and why."),
            _("Another person agrees to it or refuses it. You can take the file once."),
        ],
        seen=_("Data protection sees who asked, and your reason."),
    )


@never_cache
@require_http_methods(FORM)
@needs(Permission.PERSON_EXPORT)
@recently
@limited("export.ask", per_hour=20, methods=("POST",))
def ask_persons(request: ActorRequest) -> HttpResponse:
    """Ask to take several persons out as one file of the data standard."""
    own = places(request.actor, Permission.PERSON_EXPORT)
    form = PersonsFileForm(
        request.POST or None,
        organisations=list(own.organisations.values()),
        recipients=recipients(request.actor),
    )
    return form_page(
        request,
        _asking(_("Ask for a file of several persons")),
        form,
        lambda given: ask_file(
            request.actor,
            f"persons-{given['form']}",
            UUID(given["organisation"]),
            {
                "codes": given["codes"],
                "recipient": str(given["recipient"].pk),
                "purpose": given["told_for"],
            },
            given["reason"],
        ),
        lambda made: reverse("oversight:export", args=[made.pk]),
        FIELDS,
    )


@never_cache
@require_http_methods(FORM)
@needs(Permission.REFERRAL_OPEN)
@recently
@limited("export.ask", per_hour=20, methods=("POST",))
def ask_referrals(request: ActorRequest) -> HttpResponse:
    """Ask to take several referrals out as one file."""
    own = places(request.actor, Permission.REFERRAL_OPEN)
    form = ReferralsFileForm(request.POST or None, organisations=list(own.organisations.values()))
    return form_page(
        request,
        _asking(_("Ask for a file of several referrals")),
        form,
        lambda given: ask_file(
            request.actor,
            "referrals-json",
            UUID(given["organisation"]),
            {"codes": given["codes"]},
            given["reason"],
        ),
        lambda made: reverse("oversight:export", args=[made.pk]),
        FIELDS,
    )


@in_memory
@never_cache
@require_http_methods(FORM)
@needs(Permission.PERSON_EDIT)
@limited("person.bring", per_minute=10, per_hour=60, methods=("POST",))
@takes_files
def bring(request: ActorRequest) -> HttpResponse:
    """Show what a file of persons would do, or do it, when it is the file that was looked at."""
    is_sent = request.method == "POST"
    form = BringPersonsForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        places=places(request.actor, Permission.PERSON_EDIT),
        most_bytes=MOST_BYTES,
    )
    context: dict[str, Any] = {"form": form, "back": _hub()}
    if not is_sent or not form.is_valid():
        return _bring_page(request, context, status_of(form))
    given = form.cleaned_data
    try:
        content = given["file"].read()
        found = read_persons(read_rows(content), today=timezone.localdate())
        if found.stands and request.POST.get("seen") == found.digest:
            place = Place(given["organisation"], given.get("unit"), given["country"])
            made = bring_persons(request.actor, place, found.records)
            context["made"] = list(zip(found.records, made, strict=True))
            return render(request, "referral/exchange_brought.html", context)
    except RuleBroken as refusal:
        add_refusal(form, refusal, "file")
        return _bring_page(request, context, status_of(form))
    context |= _shown(found)
    return _bring_page(request, context, NOT_VALID if found.problems else 200)


def _bring_page(request: ActorRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "referral/exchange_bring.html", context, status=status)


def _shown(found: Persons) -> dict[str, Any]:
    return {
        "found": found,
        "told": [(each.row, each) for each in found.problems[:MOST_TOLD]],
        "untold": max(0, len(found.problems) - MOST_TOLD),
        "named": sum(each.has_identity for each in found.records),
        "children": sum(each.age_band != AgeBand.ADULT for each in found.records),
        "persons": len(found.records),
        "needs": sum(len(each.needs) for each in found.records),
        "goals": sum(len(each.goals) for each in found.records),
        "lines": sum(
            len(each.sent) + len(each.services) + len(each.returns) + bool(each.came)
            for each in found.records
        ),
    }
