"""Aid data: files of version 2.03 for everybody, and a file of others held against the records."""

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited, takes_files
from cairn.portfolio.actions.iati import compare_iati, preview_of, take_iati
from cairn.portfolio.exports import iati as exports
from cairn.portfolio.forms.iati import CompareForm, TakeForm
from cairn.portfolio.queries import iati as queries
from cairn.portfolio.queries import iati_comparison
from cairn.portfolio.queries.iati_comparison import Comparison
from cairn.portfolio.queries.options import asked
from cairn.portfolio.queries.project import find_project
from cairn.ui.forms import add_refusal, status_of

TONES = {
    "created": "active",
    "changed": "waiting",
    "unchanged": "neutral",
    "kept": "neutral",
    "other": "neutral",
    "refused": "stopped",
}


@require_safe
@limited("export", per_minute=30, per_hour=300)
def file(request: ActorRequest, name: str) -> HttpResponseBase:
    """What the public sees, as an activities or organisation file, whoever asks.

    Activities: of the projects that match the filters of the list, or of `?project=` alone.
    Raises Project.DoesNotExist for one that is not published.
    """
    if name not in exports.FILES:
        raise Http404
    now = timezone.now()
    if name == "organisation":
        parts = exports.organisation(now=now)
    else:
        found = queries.published(asked(PUBLIC, request.GET))
        if address := request.GET.get("project", ""):
            found = found.filter(pk=find_project(PUBLIC, address).pk)
        parts = exports.activities(found, now=now)
    headers = {"Content-Disposition": f'attachment; filename="cairn-{name}.xml"'}
    return StreamingHttpResponse(parts, content_type=exports.CONTENT_TYPE, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("import", per_minute=10, per_hour=100, methods=("POST",))
@takes_files
def compare(request: ActorRequest) -> HttpResponse:
    """Bring a file, see what in it is new or differs, and take it in; the file is not kept."""
    require(request.actor, Permission.PORTFOLIO_IMPORT)
    require(request.actor, Permission.FUNDING_EDIT)
    is_taking = request.method == "POST" and "preview" in request.POST
    kind = TakeForm if is_taking else CompareForm
    form: Form = kind(request.POST or None, request.FILES or None)
    found: Comparison | None = None
    preview = ""
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        today = timezone.localdate()
        try:
            if is_taking:
                given = form.cleaned_data["preview"]
                found = take_iati(request.actor, upload, today=today, preview=given)
                form = CompareForm()  # for the next file
            else:
                found = compare_iati(request.actor, upload, today=today)
                if found.can_be_taken:
                    preview = preview_of(request.actor, upload, found)
        except RuleBroken as refusal:
            add_refusal(form, refusal, "file")
    context = {
        "form": form,
        "take": TakeForm(initial={"preview": preview}, auto_id="take_%s") if preview else None,
        "limit": filesizeformat(settings.IMPORT_MAX_BYTES),
        "found": found,
        "counts": [
            (label, found.counts[outcome], TONES[outcome])
            for outcome, label in iati_comparison.LABELS.items()
        ]
        if found
        else [],
        "lines": [
            (line, iati_comparison.LABELS[line.outcome], TONES[line.outcome], _named(line))
            for line in found.lines
        ]
        if found
        else [],
    }
    return render(request, "portfolio/iati_compare.html", context, status=status_of(form))


def _named(line: iati_comparison.Line) -> list[tuple[object, str, str, bool]]:
    """(label of the field, on record, in the file, whether the record stays)."""
    return [
        (iati_comparison.FIELD_LABELS[name], before, after, name in line.kept)
        for name, (before, after) in line.differences.items()
    ]
