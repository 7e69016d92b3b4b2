"""Bulletins: the calendar and those that came out, each as page and PDF; issuing one."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.actor import PUBLIC
from cairn.core.language import language as current_language
from cairn.core.limits import limited
from cairn.observatory.actions.bulletins import issue_bulletin
from cairn.observatory.documents import bulletins as documents
from cairn.observatory.queries import bulletins as queries
from cairn.observatory.queries import public_pages as pages
from cairn.observatory.queries.bulletins import Section
from cairn.observatory.views.public import FRESH_SECONDS
from cairn.ui.charts import Bar, fluid_bar_chart
from cairn.ui.pages import page_of


@require_safe
def bulletins(request: ActorRequest) -> HttpResponse:
    """The calendar, and every bulletin that came out."""
    due = queries.dates(PUBLIC, timezone.localdate())
    context = {
        "page": page_of(queries.issued(PUBLIC), request),
        "calendar": due,
        "may_issue": request.actor.may(Permission.STATISTICS_BUILD),
    }
    return render(request, "observatory/public_bulletins.html", context)


@require_safe
def bulletin(request: ActorRequest, year: int, number: int) -> HttpResponse:
    found = queries.bulletin(PUBLIC, year, number)
    sections = queries.sections(found, queries.withdrawn_reasons())
    context = {
        "bulletin": found,
        "languages": settings.LANGUAGES,
        "notes": documents.notes(),
        "sections": [
            {
                "section": section,
                "period": pages.period_text(section.since, section.until),
                "unit": pages.unit_text(section.unit),
                "tables": [(table, _chart(section, place)) for place, table in _tables(section)],
            }
            for section in sections
        ],
    }
    return render(request, "observatory/public_bulletin.html", context)


def _tables(section: Section) -> list[tuple[int, queries.Table]]:
    return list(enumerate(section.tables))


def _chart(section: Section, place: int) -> str:
    table = section.tables[place]
    return fluid_bar_chart(
        [Bar(row.label, row.value) for row in table.rows if row.value is not None],
        title=_("%(what)s, by %(columns)s") % {"what": section.label, "columns": table.column},
        description=_("One bar for each figure that is shown, largest first."),
        value_label=_("Figure"),
        language=current_language(),
        direction=pages.direction(),
        unit="",
    )


@require_safe
@limited("statistics.file", per_minute=30, per_hour=300)
def bulletin_file(request: ActorRequest, year: int, number: int, language: str) -> HttpResponse:
    """The bulletin as PDF in one of the languages of the pages."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    found = queries.bulletin(PUBLIC, year, number)
    with override(language):
        sections = queries.sections(found, queries.withdrawn_reasons())
    made = documents.bulletin_pdf(found, sections, language)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"cairn-statistics-{year}-{number}-{language}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


@require_POST
@signed_in
def issue(request: ActorRequest, year: int, number: int) -> HttpResponse:
    require(request.actor, Permission.STATISTICS_BUILD)
    made = issue_bulletin(request.actor, year, number)
    messages.success(request, _("The bulletin is out."))
    return redirect(made)
