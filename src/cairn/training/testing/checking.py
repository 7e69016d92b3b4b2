"""Whether a stored value is a question that can be used, and what exactly is wrong when not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

from django.utils.translation import gettext as _

from cairn.training.testing.kinds import (
    FALSE,
    HIGHEST_MARK,
    ITEM_TYPES,
    LONGEST_OPTION,
    LONGEST_STEM,
    MARK_STEP,
    MOST_ITEMS,
    MOST_OPTIONS,
    MOST_PROMPTS,
    MOST_RUBRIC_LINES,
    TRUE,
    Problem,
    QuestionType,
)

_CODE = re.compile(r"[a-z][a-z0-9]{0,7}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_WITH_OPTIONS = frozenset(
    {QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.ORDERING, QuestionType.MATCHING}
)
# With one of these it is not known which texts there have to be.
_SHAPELESS = frozenset(
    {
        "question.codes",
        "question.items",
        "question.options",
        "question.prompts",
        "question.rubric",
        "question.type",
    }
)
Found = Iterator[Problem]


def problems(content: Any) -> tuple[Problem, ...]:
    """Everything wrong with a stored value, in the order of its fields; empty when it is sound."""
    return tuple(_problems(content))


def _problems(content: Any) -> Found:
    if not isinstance(content, Mapping):
        yield _problem("", "question.shape", _("This is no question."), _("Write it again."))
        return
    kind = content.get("type")
    if kind not in QuestionType.values:
        yield _problem(
            "type",
            "question.type",
            _("“%(type)s” is no type of question.") % {"type": str(kind)[:40]},
            _("Use one of: %(types)s.") % {"types": ", ".join(QuestionType.values)},
        )
        return
    is_case = kind == QuestionType.CASE
    found = list(_items(content.get("items")) if is_case else _item("", content))
    yield from found
    if not any(problem.code in _SHAPELESS for problem in found):
        yield from _languages(content, is_case)


def _items(items: Any) -> Found:
    if not _is_list(items) or not 1 <= len(items) <= MOST_ITEMS:
        yield _problem(
            "items",
            "question.items",
            _("A case has from 1 to %(most)d questions.") % {"most": MOST_ITEMS},
            _("Add or take away questions of the case."),
        )
        return
    yield from _codes("items", [_get(item, "code") for item in items])
    for item in items:
        path = f"items.{_get(item, 'code')}."
        if not isinstance(item, Mapping) or str(item.get("type")) not in ITEM_TYPES:
            yield _problem(
                f"{path}type",
                "question.type",
                _("A question of a case needs a type, and cannot be a case itself."),
                _("Use one of: %(types)s.") % {"types": ", ".join(sorted(ITEM_TYPES))},
            )
        else:
            yield from _item(path, item)


def _item(path: str, item: Mapping[str, Any]) -> Found:
    kind = QuestionType(item["type"])
    yield from mark_problems(f"{path}max_mark", item.get("max_mark"))
    if kind in _WITH_OPTIONS:
        options = item.get("options")
        if not _is_list(options) or not 2 <= len(options) <= MOST_OPTIONS:
            yield _problem(
                f"{path}options",
                "question.options",
                _("This type of question has from 2 to %(most)d answers to choose from.")
                % {"most": MOST_OPTIONS},
                _("Add or take away answers."),
            )
            return
        yield from _codes(f"{path}options", options)
    if kind == QuestionType.SHORT:
        yield from _rubric(path, item)
    else:
        yield from _key(path, kind, item)


def mark_problems(field: str, value: Any) -> Found:
    """What is wrong with a highest mark: a number above 0, at most 100, two decimals."""
    mark = _number(value)
    if mark is None or not 0 < mark <= HIGHEST_MARK or mark % MARK_STEP:
        yield _problem(
            field,
            "question.mark",
            _("The highest mark has to be above 0 and at most %(most)s, with two decimals.")
            % {"most": HIGHEST_MARK},
            _("Write a number such as 1 or 2.5."),
        )


def _key(path: str, kind: QuestionType, item: Mapping[str, Any]) -> Found:
    key, options = item.get("key"), list(item.get("options") or ())
    field = f"{path}key"
    if kind == QuestionType.MATCHING:
        yield from _pairs(path, item)
        return
    chosen = list(key) if _is_list(key) else []
    if kind == QuestionType.TRUE_FALSE:
        if chosen not in ([TRUE], [FALSE]):
            yield _key_problem(field, _("Say whether the statement is true or false."))
    elif kind == QuestionType.ORDERING:
        if sorted(map(str, chosen)) != sorted(map(str, options)):
            yield _key_problem(field, _("The right order names each of the answers once."))
        elif chosen == options:
            yield _problem(
                field,
                "question.key",
                _("The answers are shown in the right order already."),
                _("Show them in another order."),
            )
    elif len(set(map(str, chosen))) != len(chosen) or not set(map(str, chosen)) <= set(
        map(str, options)
    ):
        yield _key_problem(field, _("The right answer is not among the answers."))
    elif kind == QuestionType.SINGLE and len(chosen) != 1:
        yield _key_problem(field, _("This type of question has exactly one right answer."))
    elif kind == QuestionType.MULTIPLE and not 1 <= len(chosen) < len(options):
        yield _key_problem(
            field, _("At least one answer has to be right, and at least one has to be wrong.")
        )


def _pairs(path: str, item: Mapping[str, Any]) -> Found:
    prompts, key = item.get("prompts"), item.get("key")
    if not _is_list(prompts) or not 2 <= len(prompts) <= MOST_PROMPTS:
        yield _problem(
            f"{path}prompts",
            "question.prompts",
            _("There have to be from 2 to %(most)d things to find a match for.")
            % {"most": MOST_PROMPTS},
            _("Add or take away pairs."),
        )
        return
    yield from _codes(f"{path}prompts", prompts)
    options = set(map(str, item.get("options") or ()))
    if (
        not isinstance(key, Mapping)
        or set(map(str, key)) != set(map(str, prompts))
        or not set(map(str, key.values())) <= options
    ):
        yield _key_problem(f"{path}key", _("Each thing needs one match among the answers."))


def _rubric(path: str, item: Mapping[str, Any]) -> Found:
    lines = item.get("rubric")
    field = f"{path}rubric"
    if not _is_list(lines) or not 1 <= len(lines) <= MOST_RUBRIC_LINES:
        yield _problem(
            field,
            "question.rubric",
            _("A short answer is marked by a rubric of 1 to %(most)d lines.")
            % {"most": MOST_RUBRIC_LINES},
            _("Say what a good answer contains, a line for each point."),
        )
        return
    yield from _codes(field, [_get(line, "code") for line in lines])
    marks = [_number(_get(line, "marks")) for line in lines]
    if any(mark is None or mark <= 0 or mark % MARK_STEP for mark in marks):
        yield _problem(
            field,
            "question.rubric",
            _("Each line of the rubric has to give marks above 0, with two decimals."),
            _("Write a number at each line."),
        )
    elif sum(filter(None, marks), Decimal(0)) != _number(item.get("max_mark")):
        yield _problem(
            field,
            "question.rubric",
            _("The marks of the rubric do not add up to the highest mark."),
            _("Change the lines, or the highest mark."),
        )


def _languages(content: Mapping[str, Any], is_case: bool) -> Found:
    texts, source = content.get("texts"), content.get("source_language")
    if not isinstance(texts, Mapping) or not texts:
        yield _problem(
            "texts",
            "question.texts",
            _("The question has no words in any language."),
            _("Write it in one language first."),
        )
        return
    if source not in texts:
        yield _problem(
            "source_language",
            "question.language",
            _("The language it was written in has no text."),
            _("Choose a language that has one."),
        )
    for language, words in texts.items():
        path = f"texts.{language}."
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            yield _problem(
                path.rstrip("."),
                "question.language",
                _("“%(language)s” is no code of a language.") % {"language": str(language)[:40]},
                _("Use a code such as en, fr or ar."),
            )
        elif not isinstance(words, Mapping):
            yield _missing(path.rstrip("."))
        elif is_case:
            yield from _case_words(path, content, words)
        else:
            yield from _words(path, content, words)


def _case_words(path: str, content: Mapping[str, Any], words: Mapping[str, Any]) -> Found:
    yield from _text(f"{path}stem", words.get("stem"), LONGEST_STEM)
    items = content.get("items")
    given = words.get("items")
    for item in items if _is_list(items) else ():
        code = _get(item, "code")
        of_item = given.get(code) if isinstance(given, Mapping) else None
        if isinstance(of_item, Mapping) and isinstance(item, Mapping):
            yield from _words(f"{path}items.{code}.", item, of_item)
        else:
            yield _missing(f"{path}items.{code}")


def _words(path: str, item: Mapping[str, Any], words: Mapping[str, Any]) -> Found:
    yield from _text(f"{path}stem", words.get("stem"), LONGEST_STEM)
    if words.get("rationale"):
        yield from _text(f"{path}rationale", words["rationale"], LONGEST_STEM)
    wanted = {
        "options": item.get("options") if item.get("type") in _WITH_OPTIONS else (),
        "prompts": item.get("prompts") if item.get("type") == QuestionType.MATCHING else (),
        "rubric": [_get(line, "code") for line in item.get("rubric") or ()]
        if item.get("type") == QuestionType.SHORT
        else (),
    }
    for name, codes in wanted.items():
        if not _is_list(codes):
            continue
        given = words.get(name)
        by_code = given if isinstance(given, Mapping) else {}
        for code in codes:
            yield from _text(f"{path}{name}.{code}", by_code.get(code), LONGEST_OPTION)
        seen = [str(by_code[code]).strip().casefold() for code in codes if by_code.get(code)]
        if len(set(seen)) < len(seen):
            yield _problem(
                f"{path}{name}",
                "question.same",
                _("Two of these say the same."),
                _("Make each of them different."),
            )


def _text(field: str, value: Any, longest: int) -> Found:
    if not isinstance(value, str) or not value.strip():
        yield _missing(field)
    elif len(value) > longest:
        yield _problem(
            field,
            "question.long",
            _("The text has %(length)d characters; at most %(longest)d fit.")
            % {"length": len(value), "longest": longest},
            _("Shorten it."),
        )


def _codes(field: str, codes: Sequence[Any]) -> Found:
    sound = [code for code in codes if isinstance(code, str) and _CODE.fullmatch(code)]
    if len(sound) < len(codes) or len(set(sound)) < len(sound):
        yield _problem(
            field,
            "question.codes",
            _("Each of these needs a short code of its own, such as a, b or r1."),
            _("Give each another code of small letters and digits."),
        )


def _missing(field: str) -> Problem:
    return _problem(field, "question.empty", _("This text is missing."), _("Write it."))


def _key_problem(field: str, reason: str) -> Problem:
    return _problem(field, "question.key", reason, _("Mark what is right."))


def _problem(field: str, code: str, reason: str, remedy: str) -> Problem:
    return Problem(field, code, reason, remedy)


def _number(value: Any) -> Decimal | None:
    """A plain number; None for anything else, also for true, infinity and exponents."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    text = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # the pattern lets none through, Decimal has the last word
        return None


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)
