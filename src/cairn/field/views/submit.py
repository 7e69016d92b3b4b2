"""Reports of helplines and partners: typed or brought as a file, sealed before they are stored."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, person
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.htcds.intake import in_memory
from cairn.core.language import language
from cairn.core.limits import limited, takes_files
from cairn.field.forms.submit import StartForm, WebReportForm
from cairn.field.imports import xlsform
from cairn.field.imports.submissions import read_submissions
from cairn.field.views.paper import signs_for
from cairn.identification.actions.intake import seal_and_receive
from cairn.identification.envelopes.format import code_of, reference_of
from cairn.identification.imports.brought import Brought, report_id
from cairn.identification.models import IndicatorEdition, ReceivingUnit
from cairn.identification.queries import indicators
from cairn.identification.queries import paper as queries
from cairn.identification.rules.choices import Channel, Setting, WorkerProfile
from cairn.identification.views.bringing import FilePage, bring
from cairn.ui.forms import add_refusal, status_of

SUBMIT = Permission.REPORT_SUBMIT
FORM = ("GET", "HEAD", "POST")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The address of a receipt is good for so long; the reference stays good for ever.
_SALT, _SHOWN_FOR = "cairn.field.submitted", 24 * 3600


def _units(request: ActorRequest) -> list[ReceivingUnit]:
    return queries.units(request.actor, SUBMIT)


@never_cache
@require_safe
@needs(SUBMIT)
def start(request: ActorRequest) -> HttpResponse:
    """To whom, by whom, where: then the questions. Files are brought from here as well."""
    given = request.GET if "unit" in request.GET else None
    form = StartForm(given, units=_units(request))
    return render(request, "field/submit.html", {"form": form}, status=status_of(form))


@never_cache
@require_http_methods(FORM)
@needs(SUBMIT)
@limited("report.send", per_minute=20, per_hour=200, methods=("POST",))
def report(request: ActorRequest) -> HttpResponse:
    """The questions in the order of the app. What is typed is kept nowhere until it is sealed."""
    begin = StartForm(request.GET, units=_units(request))
    if not begin.is_valid():
        return redirect("field:submit")
    unit, given = begin.chosen(), begin.cleaned_data
    pack = indicators.pack(indicators.edition_in_force(), language())
    form = WebReportForm(
        request.POST or None,
        signs=signs_for(pack, given["setting"], given["profile"]),
        bands=pack["bands"],
        unit=unit,
        initial={"once": uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            sent = _seal(request, unit, form, given, str(pack["edition"]))
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("field:submit-done", token=signing.dumps(sent.hex, salt=_SALT))
    context = {
        "form": form,
        "unit": unit,
        "profile": WorkerProfile(given["profile"]).label,
        "setting": Setting(given["setting"]).label,
    }
    return render(request, "field/submit_form.html", context, status=status_of(form))


def _seal(
    request: ActorRequest,
    unit: ReceivingUnit,
    form: WebReportForm,
    given: dict[str, Any],
    edition: str,
) -> UUID:
    """Seal the report of this very form: sent twice, it is here once."""
    id = report_id(unit.pk, f"web {person(request.actor)} {form.number()}")
    content = form.content(profile=given["profile"], setting=given["setting"], edition=edition)
    seal_and_receive(
        request.actor,
        unit,
        content,
        form.identity(),
        Channel.WEB,
        given["profile"],
        clock.now(),
        id,
    )
    return id


@never_cache
@require_safe
@needs(SUBMIT)
def done(request: ActorRequest, token: str) -> HttpResponse:
    """The reference of a report and whether somebody read it. Nothing of what it says."""
    try:
        id = UUID(signing.loads(token, salt=_SALT, max_age=_SHOWN_FOR))
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    state = queries.state_of_sent(request.actor, id)
    context = {
        "reference": reference_of(code_of(str(id))),
        "is_read": state.is_read,
        "state": state,
    }
    return render(request, "field/submit_done.html", context)


@in_memory
@never_cache
@require_http_methods(FORM)
@needs(SUBMIT)
@limited("report.file", per_minute=10, per_hour=100, methods=("POST",))
@takes_files
def bring_file(request: ActorRequest) -> HttpResponse:
    """Submissions of the published form, as CSV, XLSX or JSON."""
    newest = indicators.pack(indicators.edition_in_force(), language())

    def read(content: bytes, today: date) -> Brought:
        return read_submissions(content, pack_called=_packs(), newest=newest)

    page = FilePage(
        heading=_("Bring submissions"),
        lead=_("Of the form that can be had here, filled in with ODK, KoboToolbox or a table."),
        back=(reverse("field:submit"), _("Report")),
        read=read,
        links=[(reverse("field:submit-template"), _("The form as XLSForm"))],
    )
    return bring(request, page)


def _packs() -> Callable[[str], dict[str, Any] | None]:
    """Packs by the code of their list, each read once."""

    @cache
    def called(code: str) -> dict[str, Any] | None:
        if not code or code not in indicators.known_editions({code}):
            return None
        try:
            return indicators.pack(indicators.edition_called(code), language())
        except IndicatorEdition.DoesNotExist:
            return None

    return called


@require_safe
@needs(SUBMIT)
def template(request: ActorRequest) -> HttpResponse:
    """The form as XLSForm in every language, with the list of signs that is in force."""
    edition = indicators.edition_in_force()
    packs = {code: indicators.pack(edition, code) for code, _name in settings.LANGUAGES}
    response = HttpResponse(xlsform.workbook(packs), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="form.xlsx"'
    return response
