"""The sheet of an assessor: one task, every participant by code, a rating from 1 to 4."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.training.actions.practical import rate_task
from cairn.training.actions.steps import require_run
from cairn.training.models import TrainingEvent
from cairn.training.queries import practical as queries

RATINGS = (1, 2, 3, 4)
LONGEST_TASK, LONGEST_COMMENT = 40, 300


def words() -> list[tuple[int, str]]:
    """The four ratings in words. Source: HSEEP 2020."""
    return [
        (4, _("4 - without challenges")),
        (3, _("3 - with some challenges")),
        (2, _("2 - with major challenges")),
        (1, _("1 - unable")),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def practical(request: ActorRequest, reference: str) -> HttpResponse:
    found = TrainingEvent.objects.visible_to(request.actor).select_related("plan")
    event: TrainingEvent = found.get(reference=reference)
    require_run(request.actor, event)
    known = queries.tasks(event)
    asked = (request.POST.get("task") or request.GET.get("task") or "").strip()[:LONGEST_TASK]
    task = asked or (known[0] if known else "")
    refusal, status = None, 200
    if request.method == "POST":
        try:
            count = rate_task(request.actor, reference, task, _given(request))
        except RuleBroken as broken:
            refusal, status = broken, 409
        else:
            messages.success(
                request,
                ngettext("%(count)d rating was kept.", "%(count)d ratings were kept.", count)
                % {"count": count},
            )
            address = reverse("training:practical", args=[reference])
            return redirect(f"{address}?{urlencode({'task': task})}")
    context = {
        "event": event,
        "tasks": known,
        "task": task,
        "rows": queries.rows(request.actor, event, task) if task else [],
        "ratings": words(),
        "agreement": queries.agreement(event),
        "refusal": refusal,
    }
    return render(request, "training/followup/practical.html", context, status=status)


def _given(request: ActorRequest) -> dict[UUID, tuple[int, str]]:
    """The filled rows of the sheet; a row without a rating says nothing."""
    given = {}
    for name, value in request.POST.items():
        kind, _sign, key = name.partition("-")
        if kind != "rating" or not isinstance(value, str) or not value.isdecimal():
            continue
        try:
            enrolment = UUID(key)
        except ValueError:
            continue
        comment = request.POST.get(f"comment-{key}", "")[:LONGEST_COMMENT]
        given[enrolment] = (int(value), comment)
    return given
