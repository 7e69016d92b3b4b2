"""The bank of questions: the list, one question in every language, writing and translating."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.language import language
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.training.actions import questions as actions
from cairn.training.measures import items as measures
from cairn.training.models import Question, QuestionVersion
from cairn.training.queries import questions as queries
from cairn.training.testing.kinds import QuestionType, direction
from cairn.training.testing.questions import Question as Value
from cairn.training.testing.scoring import plain
from cairn.training.testing.showing import shown
from cairn.training.views.questions_writing import Written, write
from cairn.ui.formats import number_text, percent_text

EDIT = Permission.TRAINING_EDIT


@never_cache
@require_safe
@needs(EDIT)
def questions(request: ActorRequest) -> HttpResponse:
    """Every question by code, with how participants did so far."""
    filters = queries.Filters.from_query(request.GET)
    words = {each.code: each for each in queries.objectives(request.actor)}
    page = ListPage(
        heading=_("Bank of questions"),
        lead=_("A question that a test has used is never changed: a further version is written."),
        columns=(
            _("Code"),
            _("Type"),
            _("Learning objective"),
            _("Languages"),
            _("Version"),
            _("Forms"),
            _("Taken"),
            _("Facility"),
        ),
        empty=(
            _("No questions here"),
            _("Write one, bring a spreadsheet under “Imports”, or clear the filters."),
        ),
        actions=[
            (
                reverse("training:question-new", args=[QuestionType.SINGLE.value]),
                _("Write a question"),
            ),
            (reverse("training:test-plans"), _("Plans of tests")),
        ],
        choices=(
            Choice("q", _("Code"), filters.words),
            Choice(
                "type", _("Type"), filters.type, [(each.value, each.label) for each in QuestionType]
            ),
            Choice(
                "objective",
                _("Learning objective"),
                filters.objective,
                [
                    (code, f"{code} {queries.objective_words(each, language())}")
                    for code, each in words.items()
                ],
            ),
            Choice(
                "use",
                _("Use"),
                filters.use,
                [("unused", _("In no form yet")), ("retired", _("Out of use"))],
            ),
        ),
        clear_href=reverse("training:questions"),
        template="training/questions/list.html",
    )
    return list_page(request, page, queries.questions(request.actor, filters), _cells)


def _cells(rows: list[Question]) -> list[list[Cell]]:
    used = queries.usage(row.pk for row in rows)
    return [_row(row, used.get(row.pk)) for row in rows]


def _row(row: Question, use: queries.Usage | None) -> list[Cell]:
    newest: QuestionVersion | None = next(iter(getattr(row, "by_number", [])), None)
    facility = use.facility if use else None
    return [
        lists.code(row.code, href=reverse("training:question", args=[row.code])),
        lists.text(QuestionType(row.type).label),
        lists.text(queries.objective_words(row.objective, language())),
        lists.text(", ".join(newest.languages) if newest else ""),
        lists.number(newest.number if newest else 0),
        lists.number(int(getattr(row, "forms", 0))),
        lists.number(use.sittings if use else 0),
        lists.text("–" if facility is None else percent_text(facility)),
    ]


@never_cache
@require_safe
@needs(EDIT)
def question(request: ActorRequest, code: str) -> HttpResponse:
    """One question: its newest version in every language side by side, versions, and use."""
    found = queries.find_question(request.actor, code)
    versions = queries.versions(found)
    use = queries.usage([found.pk]).get(found.pk)
    context = {
        "question": found,
        "type": QuestionType(found.type).label,
        "objective": queries.objective_words(found.objective, language()),
        "version": versions[0],
        "columns": _columns(versions[0]),
        "versions": versions,
        "use": use,
        "facility": percent_text(use.facility) if use and use.facility is not None else "",
        "guess": _guess(queries.read_version(versions[0])),
        "statistics_href": reverse("training:figure", args=["facility"]),
        "missing": [each for each in ("en", "fr", "ar") if each not in versions[0].languages],
    }
    return render(request, "training/questions/question.html", context)


def _guess(value: Value) -> str:
    """What guessing alone would bring, in words; empty where that has no sense."""
    if len(value.items) != 1:
        return ""
    item = value.items[0]
    share = measures.random_guess(item.type.value, len(item.options))
    return "" if share is None else number_text(share * 100, 0)


def _columns(version: QuestionVersion) -> list[dict[str, Any]]:
    """A version in each of its languages, with what is right marked."""
    value = queries.read_version(version)
    columns = []
    for code in value.languages:
        items = []
        for item in value.items:
            seen = shown(value, item, None, code)
            items.append(
                {
                    "shown": seen,
                    "right": set(item.key) if item.type != QuestionType.ORDERING else set(),
                    "order": [each.upper() for each in _letters(seen, item.key)]
                    if item.type == QuestionType.ORDERING
                    else [],
                    "pairs": _pairs(seen, item.key),
                    "mark": plain(item.max_mark),
                }
            )
        columns.append(
            {
                "language": code,
                "direction": direction(code),
                "story": value.texts[code].story,
                "is_source": code == value.source_language,
                "items": items,
            }
        )
    return columns


def _letters(seen: Any, key: tuple[str, ...]) -> list[str]:
    by_code = {each.code: each.letter for each in seen.options}
    return [by_code[code] for code in key]


def _pairs(seen: Any, key: tuple[str, ...]) -> list[tuple[str, str]]:
    if not seen.prompts:
        return []
    words = {each.code: each.text for each in seen.options}
    return [(prompt.text, words[code]) for prompt, code in zip(seen.prompts, key, strict=True)]


@never_cache
@require_safe
@needs(EDIT)
def compare(request: ActorRequest, code: str) -> HttpResponse:
    """Two versions of a question side by side, in the language they were written in."""
    found = queries.find_question(request.actor, code)
    by_number = {str(each.number): each for each in queries.versions(found)}
    chosen = [by_number.get(request.GET.get(name, "")) for name in ("first", "second")]
    if None in chosen:
        newest = sorted(by_number.values(), key=lambda each: -each.number)
        chosen = [newest[min(1, len(newest) - 1)], newest[0]]
    columns = [
        {"version": each, "column": _columns(each)[0]} for each in chosen if each is not None
    ]
    context = {"question": found, "versions": by_number.values(), "columns": columns}
    return render(request, "training/questions/compare.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def create(request: ActorRequest, kind: str) -> HttpResponse:
    """Write a new question of a type."""
    if kind not in QuestionType.values:
        raise Http404
    return _written(request, write(request, QuestionType(kind)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Write a question anew, in the language it was written in."""
    found = queries.find_question(request.actor, code)
    return _written(request, write(request, QuestionType(found.type), found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def translate(request: ActorRequest, code: str, language: str) -> HttpResponse:
    """Write or change a translation, beside the words it is made from."""
    found = queries.find_question(request.actor, code)
    version = queries.newest_version(found)
    if language == version.source_language:
        return redirect("training:question-edit", code=code)
    written = write(request, QuestionType(found.type), found, language)
    written.context["beside"] = _columns(version)[0]
    return _written(request, written)


def _written(request: ActorRequest, written: Written) -> HttpResponse:
    if written.version is not None:
        messages.success(request, _("The question was saved."))
        return redirect("training:question", code=written.version.question.code)
    return render(request, "training/questions/write.html", written.context, status=written.status)


@require_POST
@needs(EDIT)
def retire(request: ActorRequest, code: str) -> HttpResponse:
    """Take a question out of use, or put it back."""
    is_retired = request.POST.get("is_retired") == "1"
    actions.set_retired(request.actor, code, is_retired=is_retired)
    messages.success(
        request,
        _("The question is out of use: no new form gets it.")
        if is_retired
        else _("The question is in use again."),
    )
    return redirect("training:question", code=code)
