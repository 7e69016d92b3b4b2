"""The data standard for cases (HTCDS): what maps, procedures out, partners' files in."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.core.htcds.fields import VERSION, fields
from cairn.core.htcds.intake import in_memory
from cairn.core.limits import limited, takes_files
from cairn.identification.actions.htcds import export_procedures
from cairn.identification.exports.htcds import CONTENT_TYPES, FileFormat, htcds_file
from cairn.identification.forms.htcds import HtcdsExportForm
from cairn.identification.htcds.facts import FIELDS as FACTS
from cairn.identification.htcds.ways import Way, way_of
from cairn.identification.imports.brought import Brought
from cairn.identification.imports.htcds import read_htcds
from cairn.identification.models import Procedure
from cairn.identification.queries import htcds as queries
from cairn.identification.queries.indicators import edition_in_force
from cairn.identification.views.bringing import FilePage, bring
from cairn.oversight.rules import Purpose
from cairn.ui.forms import add_refusal, status_of

FORM = ("GET", "HEAD", "POST")
FIELDS = {
    "htcds.many": "codes",
    "htcds.names": "with_names",
    "htcds.code": "codes",
    "oversight.reason": "reason",
}
SECTIONS = {
    "organisation": gettext_lazy("Organisation"),
    "person": gettext_lazy("Person"),
    "context": gettext_lazy("What happened to the person"),
    "perpetrator": gettext_lazy("Who did it"),
    "case": gettext_lazy("Case"),
    "referral": gettext_lazy("Referral"),
    "comment": gettext_lazy("Comment"),
    "event": gettext_lazy("Past events"),
    "plan": gettext_lazy("Plan of support"),
    "consent": gettext_lazy("Consent"),
}
# Where something stands here, or why it does not: the reasons for fields that do not map at all.
HERE = {
    "prs_FirstName": gettext_lazy("Name in the sealed identity block; out only when asked for"),
    "prs_MiddleName": gettext_lazy("Name in the sealed identity block"),
    "prs_SecondName": gettext_lazy("Name in the sealed identity block"),
    "prs_Birthdate": gettext_lazy("Age group; the date itself is not kept"),
    "prs_MobilePhone": gettext_lazy("Number in the sealed identity block"),
    "prs_HomePhone": gettext_lazy("Number in the sealed identity block"),
    "prs_PrimaryLanguage": gettext_lazy("Language of the person"),
    "vic_TraffickingStatus": gettext_lazy("Out: from the decisions. In: what the partner says"),
    "vic_TraffickingStatusDecisionMakingOrg": gettext_lazy("Kind of authority that decided"),
    "vic_MethodsOfControl": gettext_lazy("Signs that were seen, and what the partner says"),
    "vic_LocationOfRecruitment": gettext_lazy("Note of the report"),
    "vic_LocationOfExploitation": gettext_lazy("Note of the report"),
    "cas_IncomingReferralDetails": gettext_lazy("Note of the report"),
    "cco_CaseComment": gettext_lazy("In: note of the report. Out: what the lists have no code for"),
    "cas_Status": gettext_lazy("Out: from the decisions. In: what the partner says"),
    "cas_IncomingReferralDate": gettext_lazy("Out: day on which the report came in"),
    "cas_ReferredOrganisation": gettext_lazy("The authority of the procedure"),
    "con_Consent": gettext_lazy("Consent; a name is taken in only with it"),
}
WAYS = {
    Way.BOTH: gettext_lazy("in and out"),
    Way.IN: gettext_lazy("in only"),
    Way.OUT: gettext_lazy("out only"),
    Way.NONE: gettext_lazy("not mapped"),
}


@never_cache
@require_safe
@signed_in
def htcds(request: ActorRequest) -> HttpResponse:
    """What maps and what does not, with the ways in and out that one has."""
    may_export = request.actor.may(Permission.PROCEDURE_EXPORT)
    may_import = request.actor.may(Permission.REPORT_SUBMIT)
    if not may_export and not may_import:
        raise PermissionDenied(Permission.PROCEDURE_EXPORT.value)
    kept = set(FACTS.values())
    rows = [
        {
            "name": field.name,
            "section": SECTIONS[field.section],
            "core": field.core,
            "deprecated": field.deprecated,
            "way": WAYS[way_of(field.name)],
            "is_mapped": way_of(field.name) != Way.NONE,
            "here": HERE.get(
                field.name, _("Coded fact of the report") if field.name in kept else ""
            ),
        }
        for field in fields().values()
    ]
    context = {
        "rows": sorted(rows, key=lambda row: not row["is_mapped"]),
        "mapped": sum(bool(row["is_mapped"]) for row in rows),
        "total": len(rows),
        "version": VERSION,
        "may_export": may_export,
        "may_import": may_import,
    }
    return render(request, "identification/htcds.html", context)


@never_cache
@require_http_methods(FORM)
@needs(Permission.PROCEDURE_EXPORT)
@recently
@limited("htcds.export", per_minute=6, per_hour=60, methods=("POST",))
def export(request: ActorRequest) -> HttpResponse:
    """Take procedures out; the file is the answer and is kept nowhere."""
    form = HtcdsExportForm(
        request.POST or None, initial={"codes": request.GET.get("code", "")[:20]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _file(request, form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        except Procedure.DoesNotExist:
            add_refusal(form, _unknown_code(), "codes")
    context = {
        "form": form,
        "heading": _("Take procedures out"),
        "back": (reverse("identification:htcds"), "HTCDS"),
    }
    return render(request, "identification/htcds_export.html", context, status=status_of(form))


def _file(request: ActorRequest, given: dict[str, str]) -> HttpResponse:
    codes = queries.codes_in(given["codes"])
    if "" in codes:
        raise _unknown_code()
    chosen = FileFormat(given["form"])
    with_names = bool(given["with_names"])
    known = export_procedures(
        request.actor,
        codes,
        with_names=with_names,
        purpose=Purpose(given["purpose"]),
        reason=given["reason"],
        form=chosen.value,
    )
    text = htcds_file(known, chosen, today=timezone.localdate(), with_names=with_names)
    response = HttpResponse(text, content_type=f"{CONTENT_TYPES[chosen]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="htcds.{chosen.value}"'
    return response


def _unknown_code() -> RuleBroken:
    return RuleBroken(
        "htcds.code",
        _("One of these is not the code of a procedure that you may take out."),
        _("Look at each code again, such as K7Q-M2R."),
    )


@in_memory
@never_cache
@require_http_methods(FORM)
@needs(Permission.REPORT_SUBMIT)
@limited("report.file", per_minute=10, per_hour=100, methods=("POST",))
@takes_files
def bring_file(request: ActorRequest) -> HttpResponse:
    """A partner's file of the standard: each row becomes a sealed report."""
    edition = edition_in_force().code

    def read(content: bytes, today: date) -> Brought:
        return read_htcds(content, today=today, edition=edition)

    page = FilePage(
        heading=_("Bring a file of the standard"),
        lead=_("Each row becomes a report, sealed for the receiving unit before it is stored."),
        back=(reverse("identification:htcds"), "HTCDS"),
        read=read,
    )
    return bring(request, page)
