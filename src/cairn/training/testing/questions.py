"""A question as a value: its items, its key, and its texts in each language.

Stored as one JSON value. Options, prompts and lines of a rubric have short codes that are the same
in every language, so that no translation can change what is right:

    {"type": "single", "source_language": "en", "max_mark": "1",
     "options": ["a", "b", "c"], "key": ["b"],
     "texts": {"en": {"stem": "…", "options": {"a": "…", "b": "…", "c": "…"}, "rationale": "…"}}}

`key` by type: single and true/false one code; multiple the right codes; ordering all codes in the
right order; matching {code of a prompt: code of its option}; short answer none, but a `rubric` of
{"code": "r1", "marks": "2"} whose marks make `max_mark`. A case has `items`, each such a value with
a `code`, and in each language a `stem` (the story) and `items` {code: texts}.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cairn.training.testing.checking import problems
from cairn.training.testing.kinds import FALSE, TRUE, ContentRefused, QuestionType


@dataclass(frozen=True, slots=True)
class RubricLine:
    """What a good answer says, and the marks for it."""

    code: str
    marks: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """What is answered and marked as one. `code` is "" unless it belongs to a case.

    `key`: for matching the option of each prompt, in the order of `prompts`; else see the module.
    """

    code: str
    type: QuestionType
    max_mark: Decimal
    options: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    rubric: tuple[RubricLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """The words of an item in one language; codes -> text. `rationale`: why the key is right."""

    stem: str
    options: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    rubric: Mapping[str, str] = field(default_factory=dict)
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a question in one language. `story` is "" unless it is a case."""

    story: str
    items: Mapping[str, ItemTexts]


@dataclass(frozen=True, slots=True)
class Question:
    type: QuestionType
    source_language: str
    items: tuple[Item, ...]
    texts: Mapping[str, Texts]

    @property
    def max_mark(self) -> Decimal:
        """The marks that can be had for all items together."""
        return sum((item.max_mark for item in self.items), Decimal(0))

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of its languages, the one it was written in first."""
        others = sorted(set(self.texts) - {self.source_language})
        return (self.source_language, *others)

    def item(self, code: str) -> Item:
        """The item with this code. Raises KeyError."""
        for each in self.items:
            if each.code == code:
                return each
        raise KeyError(code)


def read(content: Mapping[str, Any]) -> Question:
    """The question in a stored value. Raises ContentRefused with everything wrong with it."""
    if found := problems(content):
        raise ContentRefused(found)
    kind = QuestionType(content["type"])
    is_case = kind == QuestionType.CASE
    given = content["items"] if is_case else [{**content, "code": ""}]
    items = tuple(_item(each) for each in given)
    return Question(
        type=kind,
        source_language=content["source_language"],
        items=items,
        texts={language: _texts(words, items) for language, words in content["texts"].items()},
    )


def as_json(question: Question) -> dict[str, Any]:
    """The stored value of a question: `read` gives the same question back."""
    content: dict[str, Any] = {
        "type": question.type.value,
        "source_language": question.source_language,
    }
    if question.type == QuestionType.CASE:
        content["items"] = [{"code": item.code, **_item_json(item)} for item in question.items]
        content["texts"] = {
            language: {
                "stem": texts.story,
                "items": {code: _texts_json(each) for code, each in texts.items.items()},
            }
            for language, texts in question.texts.items()
        }
    else:
        content.update(_item_json(question.items[0]))
        content["texts"] = {
            language: _texts_json(texts.items[""]) for language, texts in question.texts.items()
        }
    return content


def _item(value: Mapping[str, Any]) -> Item:
    kind = QuestionType(value["type"])
    key: Any = value["key"] if kind != QuestionType.SHORT else ()
    prompts: tuple[str, ...] = ()
    if kind == QuestionType.MATCHING:
        prompts = tuple(value["prompts"])
        key = [key[prompt] for prompt in prompts]
    lines = value["rubric"] if kind == QuestionType.SHORT else ()
    return Item(
        code=value["code"],
        type=kind,
        max_mark=Decimal(str(value["max_mark"])),
        options=_options(kind, value),
        prompts=prompts,
        key=tuple(key),
        rubric=tuple(RubricLine(line["code"], Decimal(str(line["marks"]))) for line in lines),
    )


def _options(kind: QuestionType, value: Mapping[str, Any]) -> tuple[str, ...]:
    if kind == QuestionType.TRUE_FALSE:
        return (TRUE, FALSE)
    return () if kind == QuestionType.SHORT else tuple(value["options"])


def _texts(words: Mapping[str, Any], items: tuple[Item, ...]) -> Texts:
    if items[0].code:
        by_code = {item.code: _item_texts(words["items"][item.code], item) for item in items}
        return Texts(story=words["stem"], items=by_code)
    return Texts(story="", items={"": _item_texts(words, items[0])})


def _item_texts(words: Mapping[str, Any], item: Item) -> ItemTexts:
    has_texts = item.type != QuestionType.TRUE_FALSE
    return ItemTexts(
        stem=words["stem"],
        options={code: words["options"][code] for code in item.options if has_texts},
        prompts={code: words["prompts"][code] for code in item.prompts},
        rubric={line.code: words["rubric"][line.code] for line in item.rubric},
        rationale=words.get("rationale") or "",
    )


def _item_json(item: Item) -> dict[str, Any]:
    value: dict[str, Any] = {"type": item.type.value, "max_mark": str(item.max_mark)}
    if item.options and item.type != QuestionType.TRUE_FALSE:
        value["options"] = list(item.options)
    if item.prompts:
        value["prompts"] = list(item.prompts)
        value["key"] = dict(zip(item.prompts, item.key, strict=True))
    elif item.key:
        value["key"] = list(item.key)
    if item.rubric:
        value["rubric"] = [{"code": line.code, "marks": str(line.marks)} for line in item.rubric]
    return value


def _texts_json(texts: ItemTexts) -> dict[str, Any]:
    value: dict[str, Any] = {"stem": texts.stem}
    for name in ("options", "prompts", "rubric"):
        if given := getattr(texts, name):
            value[name] = dict(given)
    if texts.rationale:
        value["rationale"] = texts.rationale
    return value
