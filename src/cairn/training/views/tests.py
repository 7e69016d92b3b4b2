"""Tests of an event, for whoever runs it: windows, who has finished, sheets, marking."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import person
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.training.actions import tests as actions
from cairn.training.actions import tests_marking, tests_paper
from cairn.training.actions.steps import require_run
from cairn.training.documents import testpaper
from cairn.training.forms.tests import DecideForm, MarkForm, SheetForm, TestChoiceForm
from cairn.training.models import Response, TrainingEvent
from cairn.training.queries import tests as queries
from cairn.training.queries import tests_marking as marking_queries
from cairn.training.rules.choices import TestWave
from cairn.training.testing.answers import as_typed
from cairn.training.testing.kinds import QuestionType
from cairn.training.testing.showing import shown
from cairn.training.testing.sittings import WindowState
from cairn.ui.forms import add_refusal, status_of

# How far somebody is with a test, in words, with the tone that it is shown in.
STAGES = {
    "waiting": ("neutral", gettext_lazy("not begun")),
    "begun": ("waiting", gettext_lazy("begun")),
    "keyed": ("waiting", gettext_lazy("keyed in once")),
    "differs": ("attention", gettext_lazy("entries differ")),
    "handed-in": ("done", gettext_lazy("handed in")),
}
TONES = {
    WindowState.NOT_OPENED: "neutral",
    WindowState.OPEN: "active",
    WindowState.CLOSED: "waiting",
    WindowState.RELEASED: "done",
}


def _event(request: ActorRequest, reference: str) -> TrainingEvent:
    """The event (404 unless seen), for those who run it (403)."""
    found = queries.find_event(request.actor, reference)
    require_run(request.actor, found)
    return found


@never_cache
@require_safe
@signed_in
def event_tests(request: ActorRequest, reference: str) -> HttpResponse:
    """The tests of an event: their windows, and who has finished, by code."""
    event = _event(request, reference)
    windows = queries.windows(event)
    usable = [
        (
            each.value,
            _("%(title)s, edition %(number)d")
            % {"title": each.blueprint.title, "number": each.edition},
        )
        for each in queries.usable_forms(request.actor)
    ]
    rows: dict[str, dict[str, Any]] = {}
    cards: list[dict[str, Any]] = []
    for wave in TestWave:
        window = windows.get(wave)
        standings = queries.standings(event, wave) if window else []
        for each in standings:
            rows.setdefault(each.code, {"code": each.code, "by_wave": {}})["by_wave"][wave] = each
        state = queries.state_of(window)
        chosen = f"{window.blueprint_id}:{window.form_edition}" if window else ""
        cards.append(
            {
                "wave": wave,
                "window": window,
                "state": state,
                "tone": TONES[state],
                "handed_in": sum(each.stage == "handed-in" for each in standings),
                "begun": sum(each.stage == "begun" for each in standings),
                "differs": sum(each.stage == "differs" for each in standings),
                "of": len(standings),
                "waiting": queries.waiting_for_marks(event, wave).count() if window else 0,
                "form": TestChoiceForm(
                    usable=usable, prefix=wave.value, initial={"forms_used": chosen}
                ),
            }
        )
    used = list(windows)
    context = {
        "event": event,
        "cards": cards,
        "usable": usable,
        "waves": used,
        "rows": [_line(row, used) for _code, row in sorted(rows.items())],
        "join_href": request.build_absolute_uri(reverse("training:join")),
    }
    return render(request, "training/tests/event.html", context)


def _line(row: dict[str, Any], waves: list[TestWave]) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    for wave in waves:
        standing = row["by_wave"].get(wave)
        if standing is None:
            cells.append({"wave": wave, "standing": None})
            continue
        tone, words = STAGES[standing.stage]
        cells.append({"wave": wave, "standing": standing, "tone": tone, "words": words})
    return {"code": row["code"], "cells": cells}


@require_POST
@signed_in
def move(request: ActorRequest, reference: str, wave: str, act: str) -> HttpResponse:
    """Choose the forms of a test, open, close, or release it; `act` says which."""
    _event(request, reference)
    at = TestWave(wave)
    try:
        if act == "choose":
            blueprint, edition = _chosen(request.POST.get(f"{wave}-forms_used", ""))
            actions.set_test(request.actor, reference, at, blueprint, edition)
            messages.success(request, _("The forms of this test were chosen."))
        elif act == "open":
            actions.open_window(request.actor, reference, at)
            messages.success(request, _("The test is open: participants can begin."))
        elif act == "close":
            actions.close_window(request.actor, reference, at)
            messages.success(
                request, _("The test is closed. Who had begun may finish within an hour.")
            )
        elif act == "release":
            actions.release(request.actor, reference, at)
            messages.success(request, _("Every participant sees their own result now."))
        else:
            raise Http404
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    return redirect("training:tests", reference=reference)


def _chosen(value: str) -> tuple[UUID, int]:
    blueprint, _colon, edition = value.partition(":")
    try:
        return UUID(blueprint), int(edition)
    except ValueError:
        raise RuleBroken("window.forms", _("Choose a test first.")) from None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def key_sheet(request: ActorRequest, reference: str, wave: str, code: str) -> HttpResponse:
    """Key in an answer sheet, first or second; or decide where both entries differ."""
    event, at = _event(request, reference), TestWave(wave)
    sheet = tests_paper.sheet(event, at, code)
    if len(sheet.entries) >= 2:
        return _decide(request, event, at, code, sheet)
    form = SheetForm(request.POST or None, cells=_cells(sheet.asked))
    if request.method == "POST" and form.is_valid():
        try:
            entry = tests_paper.key_sheet(request.actor, reference, at, code, form.cleaned_data)
        except tests_paper.SheetRefused as refusal:
            for key, error in refusal.cells.items():
                add_refusal(form, error, key)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return _after_keying(request, event, at, code, entry.entry)
    context = {
        "event": event,
        "wave": at,
        "code": code,
        "sheet": sheet,
        "entry": len(sheet.entries) + 1,
        "form": form,
    }
    return render(request, "training/tests/sheet.html", context, status=status_of(form))


def _after_keying(
    request: ActorRequest, event: TrainingEvent, wave: TestWave, code: str, entry: int
) -> HttpResponse:
    if entry == 1:
        messages.success(request, _("Kept as the first entry. It takes a second one."))
        return redirect("training:tests", reference=event.reference)
    if tests_paper.sheet(event, wave, code).entries:
        messages.warning(request, _("Both entries differ. Look at the paper again."))
        return redirect(
            "training:test-sheet", reference=event.reference, wave=wave.value, code=code
        )
    messages.success(request, _("Both entries say the same. The sheet counts."))
    return redirect("training:tests", reference=event.reference)


def _decide(
    request: ActorRequest,
    event: TrainingEvent,
    wave: TestWave,
    code: str,
    sheet: tests_paper.Sheet,
) -> HttpResponse:
    cells = [
        (place.key, place.label, as_typed(place.item, first), as_typed(place.item, second))
        for place, first, second in sheet.differences
    ]
    form = DecideForm(request.POST or None, cells=cells)
    if request.method == "POST" and form.is_valid():
        try:
            tests_paper.settle_sheets(request.actor, event.reference, wave, code, form.cleaned_data)
        except tests_paper.SheetRefused as refusal:
            for key, error in refusal.cells.items():
                add_refusal(form, error, key)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The sheet counts as you decided."))
            return redirect("training:tests", reference=event.reference)
    is_same = len({entry.keyed_by for entry in sheet.entries}) == 1
    context = {
        "event": event,
        "wave": wave,
        "code": code,
        "form": form,
        "is_same_person": is_same,
        "alike": len(sheet.asked) - len(cells),
        "of": len(sheet.asked),
    }
    return render(request, "training/tests/decide.html", context, status=status_of(form))


_HINTS = {
    QuestionType.SINGLE: gettext_lazy("one letter"),
    QuestionType.MULTIPLE: gettext_lazy("letters, such as A C"),
    QuestionType.TRUE_FALSE: gettext_lazy("T or F"),
    QuestionType.ORDERING: gettext_lazy("letters in order, such as C A B"),
    QuestionType.MATCHING: gettext_lazy("number and letter, such as 1C 2A"),
    QuestionType.SHORT: gettext_lazy("the words as they are written"),
}


def _cells(asked: list[queries.Place]) -> list[tuple[str, str, str, str]]:
    return [
        (place.key, place.label, place.item.type.value, str(_HINTS[place.item.type]))
        for place in asked
    ]


@never_cache
@require_safe
@signed_in
def marking(request: ActorRequest, reference: str) -> HttpResponse:
    """Short answers that wait for a mark, question by question; nobody is named by a code."""
    event = _event(request, reference)
    groups = marking_queries.marking_groups(event, request.actor.user_id)
    context = {"event": event, "groups": groups}
    return render(request, "training/tests/marking.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mark(request: ActorRequest, reference: str, pk: UUID) -> HttpResponse:
    """Mark one short answer by its rubric, without seeing whose it is."""
    event = _event(request, reference)
    response = marking_queries.response_to_mark(event, pk)
    place = marking_queries.place_of(response)
    seen = shown(
        place.question, place.item, response.answer, language(), [response.sitting.language]
    )
    highest = {line.code: line.marks for line in place.item.rubric}
    lines = [(each.code, each.text, highest[each.code]) for each in seen.rubric]
    form = MarkForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            marking = tests_marking.mark_answer(request.actor, pk, form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            words = {"mark": marking.total, "highest": place.item.max_mark}
            messages.success(request, _("Marked with %(mark)s of %(highest)s.") % words)
            return _next_to_mark(request, event, response)
    context = {"event": event, "shown": seen, "answer": response.answer, "form": form}
    return render(request, "training/tests/mark.html", context, status=status_of(form))


def _next_to_mark(request: ActorRequest, event: TrainingEvent, response: Response) -> HttpResponse:
    """On to the next answer to the same question that this person has not marked yet."""
    waiting = marking_queries.next_to_mark(event, response, person(request.actor))
    if waiting is None:
        return redirect("training:test-marking", reference=event.reference)
    return redirect("training:test-mark", reference=event.reference, pk=waiting)


@never_cache
@require_POST
@signed_in
@limited("training.pdf", per_minute=20)
def print_test(request: ActorRequest, reference: str, wave: str, kind: str) -> HttpResponse:
    """Question sheets of both forms, or answer sheets by code, as PDF; no names.

    A form that is sent, as printing settles who takes which form.
    """
    event, at = _event(request, reference), TestWave(wave)
    window = queries.windows(event).get(at)
    if window is None or kind not in {"forms", "sheets"}:
        raise Http404
    tests_paper.divide_forms(request.actor, reference)
    forms = {letter: queries.places(queries.form_of(window, letter)) for letter in "AB"}
    shown_in = request.POST.get("language", "") or language()
    payload = {
        "language": language(),
        "generated_on": timezone.localdate().isoformat(),
        "event": {"reference": event.reference, "title": event.title, "lang": language()},
        "wave": str(at.label),
        "forms": [
            {"letter": letter, "questions": testpaper.form_questions(asked, shown_in)}
            for letter, asked in forms.items()
        ],
        "sheets": [
            {
                "code": each.personal_code,
                "letter": queries.letter_for(each, at),
                "cells": testpaper.sheet_cells(forms[queries.letter_for(each, at)]),
            }
            for each in queries.participants(event)
        ],
    }
    draw = testpaper.render_forms if kind == "forms" else testpaper.render_answer_sheets
    response = HttpResponse(draw(payload), content_type="application/pdf")
    name = f"test-{kind}-{event.reference}-{wave}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
