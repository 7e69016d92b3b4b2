"""A question as it is laid before somebody: letters, words in a language, what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cairn.training.testing.answers import Answer, as_typed, letter
from cairn.training.testing.kinds import QuestionType
from cairn.training.testing.questions import Item, Question
from cairn.training.testing.translations import Told, told


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose from. `place`: from 1, in an order that was answered; "" without.

    `prompt` choices of a matching question carry the option that was chosen in `place`.
    """

    code: str
    letter: str
    text: str
    is_chosen: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One item in words. `answer` is the text of a short answer, "" otherwise."""

    item: Item
    story: str
    stem: str
    options: tuple[Choice, ...]
    prompts: tuple[Choice, ...]
    rubric: tuple[Choice, ...]
    rationale: str
    answer: str
    told: Told

    @property
    def type(self) -> str:
        return self.item.type.value

    @property
    def places(self) -> list[str]:
        """The places of an order: "1", "2" and on."""
        return [str(place) for place in range(1, len(self.item.options) + 1)]


def shown(
    question: Question, item: Item, answer: Answer, language: str, others: Sequence[str] = ()
) -> Shown:
    """An item of a question in `language`, or in one it falls back to (see translations)."""
    words = told(question, language, others)
    texts = words.texts.items[item.code]
    chosen = _chosen(answer)
    order = answer if item.type == QuestionType.ORDERING and isinstance(answer, list) else []
    pairs = answer if isinstance(answer, dict) else {}
    return Shown(
        item=item,
        story=words.texts.story,
        stem=texts.stem,
        options=tuple(
            Choice(
                code,
                letter(place),
                _truth(code) if item.type == QuestionType.TRUE_FALSE else texts.options[code],
                code in chosen,
                str(order.index(code) + 1) if code in order else "",
            )
            for place, code in enumerate(item.options)
        ),
        prompts=tuple(
            Choice(code, str(place), texts.prompts[code], code in pairs, pairs.get(code, ""))
            for place, code in enumerate(item.prompts, start=1)
        ),
        rubric=tuple(
            Choice(line.code, str(line.marks), texts.rubric[line.code]) for line in item.rubric
        ),
        rationale=texts.rationale,
        answer=answer if isinstance(answer, str) and item.type == QuestionType.SHORT else "",
        told=words,
    )


def in_words(seen: Shown, answer: Answer) -> str:
    """An answer in short, for a table: letters, pairs, or the text itself; "" for none."""
    if seen.item.type == QuestionType.TRUE_FALSE and isinstance(answer, str):
        return _truth(answer)
    return as_typed(seen.item, answer)


def _chosen(answer: Answer) -> frozenset[str]:
    if isinstance(answer, str):
        return frozenset({answer})
    return frozenset(answer or ())


def _truth(code: str) -> str:
    return _("True") if code == "true" else _("False")
