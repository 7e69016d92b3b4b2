"""Paper forms: printed with serials, entered and sealed at once, then destroyed."""

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.field.forms.paper import BANDS, PrintForm, ReportForm, SerialForm
from cairn.field.texts import texts
from cairn.identification.actions import paper as actions
from cairn.identification.documents.paper import MOST_SIGNS, render_forms
from cairn.identification.envelopes.format import code_of, reference_of
from cairn.identification.indicatorbank import guidance
from cairn.identification.models import PaperForm
from cairn.identification.queries import indicators
from cairn.identification.queries import paper as queries
from cairn.identification.rules import paper as rules
from cairn.identification.rules.choices import Setting, WorkerProfile
from cairn.identification.rules.paper import FormState
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page, named
from cairn.ui.forms import add_refusal, status_of

ENTER = Permission.PAPER_ENTER
FORM = ("GET", "HEAD", "POST")
FIELDS = {"paper.count": "count", "paper.serial": "serial", "paper.unknown": "serial",
          "paper.used": "serial", "paper.consent": "name"}  # fmt: skip


@never_cache
@require_safe
@needs(ENTER)
def forms(request: ActorRequest) -> HttpResponse:
    """Forms by serial: what is overdue first."""
    now = clock.now()
    state = request.GET.get("state", "")
    page = ListPage(
        heading=_("Paper forms"),
        lead=_("Blanks with a serial, for where no phone works. Entered once, then destroyed."),
        columns=(
            _("Serial"),
            _("State"),
            _("Receiving unit"),
            pgettext("state of a form", "Printed"),
            pgettext("state of a form", "Entered"),
        ),
        empty=(_("No form here"), _("Print a batch, hand it out, and enter what comes back.")),
        actions=[
            (reverse("field:paper-find"), _("Enter a form")),
            (reverse("field:paper-print"), _("Print forms")),
        ],
        choices=[Choice("state", _("State"), state, FormState.choices)],
        clear_href=reverse("field:paper"),
        template="field/paper.html",
        more={"overdue": _overdue(request, now)},
    )
    rows = queries.forms(request.actor, state, now=now)
    return list_page(request, page, rows, partial(_cells, now))


def _overdue(request: ActorRequest, now: datetime) -> list[dict[str, str]]:
    found = queries.overdue(request.actor, now=now)
    late, missing = found[FormState.LATE], found[FormState.MISSING]
    told = []
    if late:
        words = ngettext(
            "%(count)d entered form was not destroyed within two days.",
            "%(count)d entered forms were not destroyed within two days.",
            late,
        )
        told.append({"state": FormState.LATE.value, "words": words % {"count": late}})
    if missing:
        words = ngettext(
            "%(count)d form did not come back within two weeks.",
            "%(count)d forms did not come back within two weeks.",
            missing,
        )
        told.append({"state": FormState.MISSING.value, "words": words % {"count": missing}})
    return told


def _state(form: PaperForm, now: datetime) -> FormState:
    return rules.state_of(form.printed_at, form.entered_at, form.shredded_at, now=now)


def _cells(now: datetime, rows: list[PaperForm]) -> list[list[Cell]]:
    return [
        [
            lists.code(
                rules.grouped(row.serial), href=reverse("field:paper-form", args=[row.serial])
            ),
            lists.state(_state(row, now).value, _state(row, now).label),
            lists.text(row.receiver.name),
            lists.clock_cell(row.printed_at),
            lists.clock_cell(row.entered_at) if row.entered_at else lists.text("–"),
        ]
        for row in rows
    ]


@never_cache
@require_http_methods(FORM)
@needs(ENTER)
@limited("paper.print", per_minute=6, per_hour=60, methods=("POST",))
def print_batch(request: ActorRequest) -> HttpResponse:
    """Draw the serials of a batch; the sheets themselves are a document on the next page."""
    form = PrintForm(
        request.POST or None,
        units=queries.units(request.actor, ENTER),
        initial={"language": language(), "count": 10},
    )
    page = FormPage(
        heading=_("Print forms"),
        send=_("Draw the serials"),
        back=(reverse("field:paper"), _("Paper forms")),
        done=_("The serials were drawn. Print the sheets now."),
        lead=_("Each sheet has a serial of its own and is entered once."),
    )

    def act(given: dict[str, Any]) -> list[PaperForm]:
        return actions.print_forms(
            request.actor,
            given["unit"],
            given["count"],
            language=given["language"],
            profile=given["profile"],
            setting=given["setting"],
        )

    def onward(made: list[PaperForm]) -> str:
        return reverse("field:paper-batch", args=[made[0].serial])

    return form_page(request, page, form, act, onward, FIELDS)


@never_cache
@require_safe
@needs(ENTER)
def batch(request: ActorRequest, serial: str) -> HttpResponse:
    """The serials that were drawn together and are still blank, with their sheets."""
    found = queries.batch_of(request.actor, serial)
    one = queries.find_form(request.actor, serial)
    context = {
        "one": one,
        "serials": [rules.grouped(each.serial) for each in found],
        "setting": Setting(one.setting).label if one.setting in Setting.values else "",
        "language": dict(settings.LANGUAGES).get(one.language, one.language),
    }
    return render(request, "field/paper_batch.html", context)


@never_cache
@require_safe
@needs(ENTER)
@limited("paper.pdf", per_minute=12, per_hour=120)
def pdf(request: ActorRequest, serial: str) -> HttpResponse:
    """The sheets of a batch that are still blank, as PDF."""
    found = queries.batch_of(request.actor, serial) or [queries.find_form(request.actor, serial)]
    response = HttpResponse(render_forms(_payload(found)), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="forms.pdf"'
    return response


def _payload(found: list[PaperForm]) -> dict[str, Any]:
    one = found[0]
    with override(one.language):
        words = texts()
        setting = str(Setting(one.setting).label) if one.setting in Setting.values else ""
    pack = indicators.pack(indicators.edition_called(one.edition), one.language)
    return {
        "language": one.language,
        "printed_on": timezone.localdate(one.printed_at).isoformat(),
        "serials": [each.serial for each in found],
        "unit": one.receiver.name,
        "setting": setting,
        "texts": words,
        "bands": [pack["bands"][band]["label"] for band in BANDS],
        "signs": [sign["text"] for sign in signs_for(pack, one.setting, one.profile)],
        "emergency": one.receiver.emergency,
        "areas": [area[1] for area in one.receiver.areas],
        "recipients": [each[1] for each in one.receiver.recipients],
    }


def signs_for(pack: dict[str, Any], setting: str, profile: str) -> list[dict[str, Any]]:
    """The signs of a pack for a place and a kind of officer: those that fit on one page."""
    return [dict(sign) for sign in guidance.shown(pack["signs"], setting, profile)][:MOST_SIGNS]


@never_cache
@require_http_methods(FORM)
@needs(ENTER)
@limited("paper.find", per_minute=30, methods=("POST",))
def find(request: ActorRequest) -> HttpResponse:
    """From a serial, as people type it, to the questions of its form."""
    page = FormPage(
        heading=_("Enter a form"),
        send=_("Go on"),
        back=(reverse("field:paper"), _("Paper forms")),
        done=_("Now enter what stands on the paper."),
        lead=_(
            "What you enter is sealed at once for the receiving unit. You cannot read it again."
        ),
    )

    def act(given: dict[str, Any]) -> PaperForm:
        serial = rules.tidied(given["serial"])
        try:
            found = queries.find_form(request.actor, serial)
        except PaperForm.DoesNotExist:
            raise rules.unknown_serial() from None
        rules.check_unused(found.entered_at, found.shredded_at)
        return found

    def onward(found: PaperForm) -> str:
        return reverse("field:paper-enter", args=[found.serial])

    return form_page(request, page, SerialForm(request.POST or None), act, onward, FIELDS)


@never_cache
@require_safe
@needs(ENTER)
def form(request: ActorRequest, serial: str) -> HttpResponse:
    """One form: where it stands. What it said is sealed and not shown here."""
    found = queries.find_form(request.actor, serial)
    state = _state(found, clock.now())
    who = named([found.printed_by, found.entered_by, found.shredded_by])
    context = {
        "one": found,
        "serial": rules.grouped(found.serial),
        "state": state,
        "is_blank": found.entered_at is None and found.shredded_at is None,
        "printed_by": who(found.printed_by),
        "entered_by": who(found.entered_by) if found.entered_at else "",
        "shredded_by": who(found.shredded_by) if found.shredded_at else "",
        "reference": reference_of(code_of(str(found.report_id))) if found.report_id else "",
        "shred_by": found.entered_at + rules.SHRED_WITHIN if found.entered_at else None,
    }
    return render(request, "field/paper_form.html", context)


@never_cache
@require_http_methods(FORM)
@needs(ENTER)
def enter(request: ActorRequest, serial: str) -> HttpResponse:
    """The questions of a form in the order of the paper; what is sent is sealed at once."""
    found = queries.find_form(request.actor, serial)
    pack = indicators.pack(indicators.edition_called(found.edition), language())
    form = ReportForm(
        request.POST or None,
        signs=signs_for(pack, found.setting, found.profile),
        bands=pack["bands"],
        unit=found.receiver,
    )
    refusal: RuleBroken | None = None
    if request.method == "POST" and form.is_valid():
        content = form.content(profile=found.profile, setting=found.setting, edition=found.edition)
        try:
            actions.enter_form(request.actor, found.serial, content, form.identity())
        except RuleBroken as broken:
            refusal = broken
            add_refusal(form, broken, FIELDS.get(broken.code))
        else:
            messages.success(request, _("Sealed. Destroy the paper now, then note it here."))
            return redirect("field:paper-form", serial=found.serial)
    context = {
        "one": found,
        "serial": rules.grouped(found.serial),
        "form": form,
        "profile": WorkerProfile(found.profile).label,
        "setting": Setting(found.setting).label if found.setting in Setting.values else "",
        "is_used": refusal is not None and refusal.code == "paper.used",
    }
    return render(request, "field/paper_enter.html", context, status=status_of(form))


@require_POST
@needs(ENTER)
def shred(request: ActorRequest, serial: str) -> HttpResponse:
    """Note that a paper is destroyed."""
    try:
        actions.confirm_shredded(request.actor, serial)
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted: the paper is destroyed."))
    return redirect("field:paper-form", serial=serial)
