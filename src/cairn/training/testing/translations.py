"""The words of a question in the reader's language, or in another one that says which it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cairn.training.testing.kinds import direction
from cairn.training.testing.questions import Question, Texts


@dataclass(frozen=True, slots=True)
class Told:
    """A question in words. `wanted` differs from `language` when it fell back."""

    texts: Texts
    language: str
    wanted: str

    @property
    def has_fallen_back(self) -> bool:
        return self.language != self.wanted

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return direction(self.language)

    def sentence(self, name: str) -> str:
        """What to tell the reader; `name`: of the language in the reader's words. "" when as
        wanted."""
        if not self.has_fallen_back:
            return ""
        return _("This question is not in your language yet. It is shown in: %(language)s.") % {
            "language": name
        }


def told(question: Question, wanted: str, others: Iterable[str] = ()) -> Told:
    """The question in `wanted`, or the first language there is of these.

    A form of the same language for another country ("fr" for "fr-ca", and the other way), then
    `others` in their order (what the participant also reads), then the language it was written in.
    """
    there = question.languages
    for language in (wanted, *others):
        if language in there:
            return Told(question.texts[language], language, wanted)
        for near in there:
            if near.split("-")[0] == language.split("-")[0]:
                # The same language in other spelling: to the reader that is none to be told of.
                return Told(question.texts[near], near, near if language == wanted else wanted)
    return Told(question.texts[question.source_language], question.source_language, wanted)


def missing_languages(question: Question, languages: Iterable[str]) -> list[str]:
    """Which of `languages` a question has no words in yet."""
    return [language for language in languages if language not in question.texts]
