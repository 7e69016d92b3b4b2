"""What participants answer, as plain values: read from a form, checked, and shown as words.

An answer is stored as JSON: the code of an option for single and true/false; a list of codes for
multiple (in the order of the options) and ordering (first to last); {prompt: option} for matching;
text for a short answer. None means "not answered", which is not the same as wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.testing.kinds import LONGEST_ANSWER, QuestionType
from cairn.training.testing.questions import Item

Answer = str | list[str] | dict[str, str] | None
Lists = Callable[[str], Sequence[str]]


def checked(item: Item, value: Any) -> Answer:
    """`value` as an answer to `item`; what is blank becomes None.

    A choice among several keeps the order of the options. Raises RuleBroken: "answer.choice" (no
    such answer), "answer.twice" (one place for two), "answer.shape", "answer.long".
    """
    if value is None or (isinstance(value, str | list | dict | tuple) and not value):
        return None
    if item.type in {QuestionType.SINGLE, QuestionType.TRUE_FALSE}:
        return _choice(item, value)
    if item.type == QuestionType.MULTIPLE:
        chosen = [_choice(item, each) for each in _list(value)]
        return [option for option in item.options if option in chosen]
    if item.type == QuestionType.ORDERING:
        return _order(item, value)
    if item.type == QuestionType.MATCHING:
        return _matches(item, value)
    return _text(value)


def from_form(item: Item, name: str, lists: Lists) -> Answer:
    """The answer to `item` in a form that was sent; `lists` gives all values of a field.

    Fields: `name` for one or several choices and for text; `name`-CODE for each prompt of a
    matching question (its value: the option) and each option of an ordering one (its value: the
    place from 1). Raises RuleBroken as `checked`, and "answer.places" for an order with gaps.
    """
    if item.type == QuestionType.MATCHING:
        pairs = {code: _last(lists(f"{name}-{code}")) for code in item.prompts}
        return checked(item, {code: option for code, option in pairs.items() if option})
    if item.type == QuestionType.ORDERING:
        places = {code: _last(lists(f"{name}-{code}")) for code in item.options}
        return _from_places(item, {code: place for code, place in places.items() if place})
    given = [value for value in lists(name) if value.strip()]
    if item.type == QuestionType.MULTIPLE:
        return checked(item, given)
    return checked(item, _last(given))


def from_sheet(item: Item, typed: str) -> Answer:
    """An answer as it is keyed in from paper, letters by the options' printed order.

    "B" for one choice, "A C" or "AC" for several, "CAB" for an order, "1B 2A" or "BA" for
    matching (printed numbers of prompts), T or F for true and false; short answers as text. An
    empty cell or "-" is no answer. Raises RuleBroken as `checked`.
    """
    text = typed.strip()
    if text in {"", "-", "–"}:
        return None
    if item.type == QuestionType.SHORT:
        return checked(item, text)
    signs = [sign for sign in text.upper() if sign.isalnum()]
    if item.type == QuestionType.TRUE_FALSE:
        return checked(item, {"T": "true", "F": "false"}.get("".join(signs)[:1], text))
    if not signs:
        raise _shape()
    pairs = item.type == QuestionType.MATCHING
    options = [_option_at(item, sign) for sign in signs if not (pairs and sign.isdigit())]
    if pairs:
        numbers = [int(sign) for sign in signs if sign.isdigit()]
        prompts = _prompts_at(item, numbers or list(range(1, len(options) + 1)))
        if len(prompts) != len(options):
            raise _shape()
        return checked(item, dict(zip(prompts, options, strict=True)))
    if item.type in {QuestionType.MULTIPLE, QuestionType.ORDERING}:
        return checked(item, options)
    if len(options) != 1:
        raise _shape()
    return checked(item, options[0])


def letter(place: int) -> str:
    """The letter printed at an option: 0 gives A."""
    return chr(ord("A") + place)


def as_typed(item: Item, answer: Answer) -> str:
    """An answer in the letters of the sheet: what `from_sheet` would read again."""
    if answer is None:
        return ""
    if item.type == QuestionType.TRUE_FALSE:
        return "T" if answer == "true" else "F"
    letters = {code: letter(place) for place, code in enumerate(item.options)}
    if isinstance(answer, dict):
        numbers = {code: place for place, code in enumerate(item.prompts, start=1)}
        return " ".join(
            f"{numbers[prompt]}{letters[answer[prompt]]}"
            for prompt in item.prompts
            if prompt in answer
        )
    if isinstance(answer, list):
        return " ".join(letters[code] for code in answer)
    return letters.get(answer, answer)


def _from_places(item: Item, places: Mapping[str, str]) -> Answer:
    if not places:
        return None
    expected = {str(place) for place in range(1, len(item.options) + 1)}
    if set(places.values()) != expected or len(places) != len(item.options):
        raise RuleBroken(
            "answer.places",
            _("Each place from 1 to %(last)d has to be given once.") % {"last": len(item.options)},
            _("Give every answer another place."),
        )
    return checked(item, sorted(places, key=lambda code: int(places[code])))


def _choice(item: Item, value: Any) -> str:
    if not isinstance(value, str) or value not in item.options:
        raise _unknown(value)
    return value


def _order(item: Item, value: Any) -> list[str]:
    order = [_choice(item, each) for each in _list(value)]
    if len(set(order)) < len(order):
        raise RuleBroken(
            "answer.twice",
            _("One answer stands in two places."),
            _("Give every answer another place."),
        )
    if len(order) < len(item.options):
        raise RuleBroken(
            "answer.places",
            _("Each place from 1 to %(last)d has to be given once.") % {"last": len(item.options)},
            _("Give every answer another place."),
        )
    return order


def _matches(item: Item, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _shape()
    if unknown := [prompt for prompt in value if prompt not in item.prompts]:
        raise _unknown(unknown[0])
    return {
        prompt: _choice(item, value[prompt])
        for prompt in item.prompts
        if value.get(prompt) not in (None, "")
    }


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        raise _shape()
    # NUL is no sign that a person types, and PostgreSQL keeps none.
    text = value.replace("\x00", "").strip()
    if len(text) > LONGEST_ANSWER:
        raise RuleBroken(
            "answer.long",
            _("The answer has %(length)d characters; at most %(longest)d fit.")
            % {"length": len(text), "longest": LONGEST_ANSWER},
            _("Shorten it."),
        )
    return text or None


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise _shape()
    return value


def _last(values: Sequence[str]) -> str:
    return values[-1].strip() if values else ""


def _option_at(item: Item, sign: str) -> str:
    place = ord(sign) - ord("A")
    if not 0 <= place < len(item.options):
        raise _unknown(sign)
    return item.options[place]


def _prompts_at(item: Item, numbers: Sequence[int]) -> list[str]:
    for number in numbers:
        if not 1 <= number <= len(item.prompts):
            raise _unknown(number)
    if len(set(numbers)) < len(numbers):
        raise RuleBroken(
            "answer.twice",
            _("One number has two answers."),
            _("Look at the sheet again, and key in one answer for each number."),
        )
    return [item.prompts[number - 1] for number in numbers]


def _unknown(value: Any) -> RuleBroken:
    return RuleBroken(
        "answer.choice",
        _("“%(answer)s” is not among the answers to this question.") % {"answer": str(value)[:40]},
        _("Choose one of those that are offered."),
    )


def _shape() -> RuleBroken:
    return RuleBroken(
        "answer.shape",
        _("This is not an answer to this type of question."),
        _("Answer the question again."),
    )
