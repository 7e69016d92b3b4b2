"""The log of events: who did what, whether it holds, and a checkpoint for somebody outside."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.oversight.actions.checkpoints import export_checkpoint
from cairn.oversight.queries import log as queries
from cairn.oversight.views.desk import verdict_words
from cairn.oversight.wording import sentence_of
from cairn.ui.pages import page_of


@never_cache
@require_safe
@needs(Permission.AUDIT_VIEW)
def log(request: ActorRequest) -> HttpResponse:
    """Entries, the newest first; filters by code, person, record and days."""
    filters = queries.LogFilters.from_query(request.GET)
    page = page_of(queries.entries(filters), request)
    state = queries.chain_state()
    who = queries.actor_names(page.rows)
    context = {
        "page": page,
        "filters": filters,
        "rows": [(each, sentence_of(each), who(each)) for each in page],
        "codes": queries.code_groups(),
        "state": state,
        "verdict": verdict_words(state.verdict) if state else "",
        "may_export": request.actor.may(Permission.AUDIT_EXPORT),
    }
    return render(request, "oversight/log.html", context)


@require_POST
@needs(Permission.AUDIT_EXPORT)
@recently
def checkpoint(request: ActorRequest) -> HttpResponse:
    """A signed checkpoint as a file; making it is in the log."""
    made = export_checkpoint(request.actor)
    response = HttpResponse(made.as_text(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    response["Cache-Control"] = "no-store"
    return response
