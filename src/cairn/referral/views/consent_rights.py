"""The rights of the person: who saw the file, what is kept, what is asked of data protection."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.actions.readings import Opened
from cairn.oversight.models import ReadingSubject
from cairn.oversight.models.desk import Wish
from cairn.oversight.queries.readings import Seen
from cairn.oversight.views.shared import FormPage, form_page
from cairn.oversight.views.showing import shown
from cairn.referral import queries as person_queries
from cairn.referral.actions.consent_rights import Part, open_file, pass_on_wish
from cairn.referral.documents.consent_file import FILE_NAME, Sheet, render_file, sheets
from cairn.referral.forms.consent import FileForm, WishForm, shipped_language
from cairn.referral.models.persons import Person
from cairn.referral.queries import consent_rights as queries
from cairn.referral.queries import consent_seen as seen
from cairn.referral.views.consent import may
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of


@never_cache
@require_safe
@signed_in
def rights(request: ActorRequest, code: str) -> HttpResponse:
    """What the person may know and ask, in words that can be read out."""
    person = person_queries.find_person(request.actor, code)
    today = timezone.localdate(clock.now())
    is_alive = person.erased_on is None
    may_open = is_alive and may(request.actor, Permission.PERSON_OPEN, person)
    page = page_of(seen.readings(person), request)
    context: dict[str, Any] = {
        "person": person,
        "page": page,
        "lines": _lines(page.rows),
        "wishes": [
            (Wish.RECTIFICATION.value, _("To have something corrected")),
            (Wish.ERASURE.value, _("To have it erased")),
            (Wish.OBJECTION.value, _("To object to a use")),
        ],
        "kept": queries.kept(person),
        "asked": queries.asked(person),
        "held": queries.held(person, today),
        "may_ask": may_open,
        "may_copy": may_open,
    }
    return render(request, "referral/consent_rights.html", context)


def _lines(rows: list[ReadingSubject]) -> list[tuple[Seen, list[str]]]:
    """Each opening with what was opened, in words."""
    parts = seen.part_words()
    return [
        (line, [parts.get((line.kind, name), name) for name in line.fields])
        for line in seen.told(rows)
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("rights.ask", per_hour=30, methods=("POST",))
def ask(request: ActorRequest, code: str) -> HttpResponse:
    """Pass on what the person wishes."""
    person = person_queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_OPEN, within=person)
    today = timezone.localdate(clock.now())
    wish = request.GET.get("wish", "")
    held = queries.held(person, today)
    consequences = [
        _("Data protection answers within a month, through the safe channel only."),
        _("The help stays the same, whatever is asked."),
    ]
    if held is not None:
        consequences.append(_("A legal hold keeps the record for now: it cannot be erased yet."))
    page = FormPage(
        heading=_("The person wishes something"),
        send=_("Pass it on"),
        back=(reverse("referral:rights", args=[code]), _("Rights of the person")),
        done=_("It was passed on. A month runs from the day on which the person said it."),
        consequences=consequences,
        seen=_("Data protection sees the wish, the days and the code. The rest is sealed."),
    )
    first = {"received_on": today, "wish": wish if wish in Wish.values else ""}
    return form_page(
        request,
        page,
        WishForm(request.POST or None, initial=first),
        lambda given: pass_on_wish(request.actor, code, Wish(given.pop("wish")), **given),
        lambda made: reverse("referral:rights", args=[code]),
        {"request.future": "received_on"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
@limited("rights.file", per_hour=10, methods=("POST",))
def file(request: ActorRequest, code: str) -> HttpResponse:
    """A copy of all that is kept, opened once for the person who asked. Nothing keeps it."""
    person = person_queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_OPEN, within=person)
    first = {"language": shipped_language(person.languages)}
    form = FileForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            parts = open_file(request.actor, code, form.cleaned_data["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            return _copy(person, parts, form.cleaned_data["language"])
    context = {
        "heading": _("Make a copy for the person"),
        "send": _("Open all of it and make the copy"),
        "back": (reverse("referral:rights", args=[code]), _("Rights of the person")),
        "consequences": [
            _("All that is kept is opened once. Each part is noted as opened by you."),
            _("The copy is not kept here. Hand it over by the way that the person said is safe."),
            _("On paper it can be found: offer to read it out instead."),
        ],
        "seen": _("Data protection sees that you made it, when, and your reason."),
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))


def _copy(person: Person, parts: list[Part], language: str) -> HttpResponse:
    made = render_file(
        person.code,
        lambda: [sheet for part in parts for sheet in _sheets(part)],
        lambda: seen.told(list(seen.readings(person)[: seen.MOST_PRINTED])),
        language=language,
        today=timezone.localdate(clock.now()),
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def _sheets(part: Part) -> list[Sheet]:
    def words(row: Any) -> list[tuple[str, str]]:
        opened: Opened | None = part.opened.get(row.pk)
        lines = shown(opened) if opened is not None else []
        return [(line.label, line.text or line.problem) for line in lines]

    kind = queries.kinds_of(part.model)
    return sheets(part.model, part.rows, words, title=str(kind.label) if kind else "")
