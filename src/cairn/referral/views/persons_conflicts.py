"""What two wrote at the same time: shown beside each other, and resolved by somebody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.referral import queries
from cairn.referral.actions.persons_conflicts import Choice, resolve_fact, resolve_text
from cairn.referral.forms.persons_rows import FactForm, TextForm
from cairn.referral.models import Conflict, Person
from cairn.referral.queries import persons as noted
from cairn.referral.queries import persons_conflicts as words
from cairn.referral.queries.persons_panels import may_edit
from cairn.referral.subjects.persons_rows import CONFLICT
from cairn.referral.views.persons_rows import RowsPage, form_view, page_of_rows
from cairn.ui.forms import add_refusal, status_of

conflicts = page_of_rows(
    lambda: RowsPage(
        heading=_("Written at the same time"),
        lead=_(
            "Two colleagues changed the same before either saw the other's change. Nothing of it "
            "is lost; until somebody resolves it, what protects more stands."
        ),
        tables=words.table,
        kinds=(CONFLICT,),
    )
)


@form_view
@limited("person.open", per_minute=20, per_hour=200, methods=("POST",))
def resolve(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Say which of the versions holds."""
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    conflict = noted.find_conflict(found, number)
    form = _form(request, conflict)
    if request.method == "POST" and form.is_valid():
        try:
            _resolve(request, found, conflict, form)
        except RuleBroken as refusal:
            place = {"person.adult": "adult_ground", "oversight.reason": "reason"}
            add_refusal(form, refusal, place.get(refusal.code))
        else:
            messages.success(request, _("It is resolved. What you chose holds."))
            return redirect("referral:person", code=code)
    context: dict[str, Any] = {
        "person": found,
        "conflict": conflict,
        "what": words.named(conflict.field),
        "is_sealed": bool(conflict.content),
        "is_open": conflict.resolved_at is None and may_edit(request.actor, found),
        "back": reverse("referral:person-conflicts", args=[code]),
        "standing": words.in_words(conflict.field, conflict.standing),
        "form": form,
    }
    return render(request, "referral/persons_conflict.html", context, status=status_of(form))


def _form(request: ActorRequest, conflict: Conflict) -> FactForm | TextForm:
    given = request.POST or None
    if conflict.content:
        return TextForm(given, has_both=conflict.field != "identity")
    return FactForm(given, versions=words.versions(conflict), asks_age=conflict.field == "age_band")


def _resolve(
    request: ActorRequest, found: Person, conflict: Conflict, form: FactForm | TextForm
) -> None:
    if isinstance(form, TextForm):
        choice = Choice(form.cleaned_data["choice"])
        reason = form.cleaned_data["reason"]
        resolve_text(request.actor, found.code, conflict.number, choice, reason)
        return
    resolve_fact(
        request.actor,
        found.code,
        conflict.number,
        form.chosen(),
        adult_ground=form.cleaned_data.get("adult_ground", ""),
    )
