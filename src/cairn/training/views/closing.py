"""The closing report of an event as page, and as PDF, workbook or JSON to take away."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.training import reports
from cairn.training.documents.closing import gone_words, hidden_words, printed_words
from cairn.training.models import TrainingEvent
from cairn.training.queries import closing as queries

TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@needs(Permission.TRAINING_VIEW)
def closing(request: ActorRequest, reference: str) -> HttpResponse:
    """The report as it stands now; nothing is stored, so it is never out of date."""
    try:
        report = queries.closing_report(request.actor, reference, timezone.localdate())
    except TrainingEvent.DoesNotExist:
        raise Http404 from None
    who = report["participants"]
    context = {
        "report": report,
        "languages": settings.LANGUAGES,
        "kinds": reports.KINDS,
        "printed": printed_words(who)
        if who["printed"] not in (None, who["total"]["total"])
        else "",
        "gone": gone_words(who) if who["gone"] else "",
        "hidden": hidden_words(),
        "knows_completed": who["total"]["completed"] is not None,
        "learnt": [row for row in report["figures"] if row["code"] not in SAID_ABOVE],
    }
    return render(request, "training/results/closing.html", context)


# Figures that stand with the counts of participants.
SAID_ABOVE = frozenset({"women", "completion-rate"})


@require_safe
@needs(Permission.TRAINING_VIEW)
@limited("document", per_minute=60, per_hour=600)
def closing_file(request: ActorRequest, reference: str, kind: str) -> HttpResponse:
    """The report as a file; `language` in the query, else the reader's."""
    if kind not in TYPES:
        raise Http404
    asked = request.GET.get("language", "")
    chosen = asked if asked in dict(settings.LANGUAGES) else language()
    today = timezone.localdate()
    try:
        content = reports.closing_file(request.actor, reference, kind, chosen, today)
    except TrainingEvent.DoesNotExist:
        raise Http404 from None
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="closing-{reference}.{kind}"'
    return response
