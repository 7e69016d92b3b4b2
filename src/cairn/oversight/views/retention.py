"""Records whose time is over, and legal holds."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.oversight import forms
from cairn.oversight.actions import erasures
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.queries import retention as queries
from cairn.oversight.subjects import kinds
from cairn.oversight.views.shared import FormPage, form_page, kind_label, missing_as_refusal, named
from cairn.oversight.views.showing import Shown, shown_notes
from cairn.ui.pages import page_of


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def due(request: ActorRequest) -> HttpResponse:
    """Records by kind whose time is over, the longest over first; other tables with counts."""
    today = clock.now().date()
    counts = [(kind, queries.due_count(kind, today)) for kind in kinds()]
    asked = request.GET.get("kind", "")
    chosen = next((kind for kind, _n in counts if kind.key == asked), None)
    chosen = chosen or next((kind for kind, count in counts if count), None)
    page = page_of(queries.due(chosen, today), request) if chosen else None
    context = {
        "counts": counts,
        "chosen": chosen,
        "page": page,
        "rows": queries.rows(page.rows, chosen) if page and chosen else [],
        "tables": queries.tables_due(today),
        "today": today,
        "may_decide": request.actor.may(Permission.RETENTION_DECIDE),
    }
    return render(request, "oversight/retention.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RETENTION_DECIDE)
def keep_longer(request: ActorRequest, kind: str, code: str) -> HttpResponse:
    """Decide that a record is kept until another day."""
    record = queries.record(kind, code)
    page = FormPage(
        heading=_("Keep a record longer"),
        send=_("Keep it until that day"),
        back=(reverse("oversight:retention"), _("Records whose time is over")),
        done=_("The record is kept until the day that you chose."),
        facts=[
            (_("Record"), f"{kind_label(kind)} {record.code}"),
            (_("Its time was over on"), record.keep_until or "–"),
        ],
        seen=_("Your decision and its day are in the log; the reason is sealed."),
    )
    return form_page(
        request,
        page,
        forms.LongerForm(request.POST or None),
        lambda given: erasures.keep_longer(
            request.actor, kind, code, given["until"], given["reason"]
        ),
        lambda made: reverse("oversight:retention"),
        {"retention.until": "until", "oversight.reason": "reason"},
    )


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def holds(request: ActorRequest) -> HttpResponse:
    """Legal holds, live ones first."""
    page = page_of(queries.holds(request.actor), request)
    who = named(hold.placed_by for hold in page)
    context = {
        "page": page,
        "rows": [(hold, kind_label(hold.kind), who(hold.placed_by)) for hold in page],
        "today": clock.now().date(),
        "may_decide": request.actor.may(Permission.RETENTION_DECIDE),
    }
    return render(request, "oversight/holds.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RETENTION_DECIDE)
def place_hold(request: ActorRequest) -> HttpResponse:
    """Forbid that a record is erased."""
    page = FormPage(
        heading=_("Place a legal hold"),
        send=_("Place the hold"),
        back=(reverse("oversight:holds"), _("Legal holds")),
        done=_("The hold is placed: the record cannot be erased."),
        seen=_("Data protection sees the code and the end; the reason is sealed."),
    )
    form = forms.HoldForm(request.POST or None, initial={"code": request.GET.get("code", "")[:24]})

    def act(given: dict[str, object]) -> object:
        return erasures.place_hold(
            request.actor,
            str(given["kind"]),
            str(given["code"]),
            str(given["reason"]),
            given["ends_on"],  # type: ignore[arg-type]
        )

    return form_page(
        request,
        page,
        form,
        missing_as_refusal(act),
        lambda made: reverse("oversight:holds"),
        {"oversight.no-record": "code", "hold.past": "ends_on"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_VIEW)
def hold(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One hold; sending the form opens its legal reason, which is written down."""
    found = queries.holds(request.actor).get(pk=pk)
    opened: list[Shown] = []
    if request.method == "POST":
        opened = shown_notes(found, open_notes(request.actor, [found], ["reason"])[0])
    context = {
        "found": found,
        "kind": kind_label(found.kind),
        "who": named([found.placed_by])(found.placed_by),
        "opened": opened,
        "may_open": request.actor.may(Permission.OVERSIGHT_REVIEW),
    }
    return render(request, "oversight/hold.html", context)


@require_POST
@needs(Permission.RETENTION_DECIDE)
def lift_hold(request: ActorRequest, pk: UUID) -> HttpResponse:
    erasures.lift_hold(request.actor, pk)
    messages.success(request, _("The hold is lifted."))
    return redirect("oversight:holds")
