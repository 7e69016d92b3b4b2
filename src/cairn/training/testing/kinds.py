"""Types of question, what fits into one, and the words for what is wrong with one."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken


class QuestionType(TextChoices):
    """Source of the list: the training study, 6.2 (types needed)."""

    SINGLE = "single", _("One right answer")
    MULTIPLE = "multiple", _("Several right answers")
    TRUE_FALSE = "true-false", _("True or false")
    ORDERING = "ordering", _("Put in order")
    MATCHING = "matching", _("Match the pairs")
    SHORT = "short", _("Short answer")
    CASE = "case", pgettext_lazy("type of question", "Case with several questions")


# What one item can be: a case is made of these and is none itself.
ITEM_TYPES = frozenset(QuestionType) - {QuestionType.CASE}
# A key decides these; a short answer is marked by a person.
CLOSED_TYPES = ITEM_TYPES - {QuestionType.SHORT}
TRUE, FALSE = "true", "false"
# The languages that the interface ships with come first; a question may be in any other too.
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

# What still can be read on a phone of 360 pixels and printed on one sheet.
LONGEST_STEM = 4_000
LONGEST_OPTION = 600
LONGEST_ANSWER = 4_000
MOST_OPTIONS = 10
MOST_PROMPTS = 6
MOST_ITEMS = 12
MOST_RUBRIC_LINES = 10
HIGHEST_MARK = Decimal(100)
MARK_STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a question. `field`: its path, as "texts.fr.options.b"."""

    field: str
    code: str
    reason: str
    remedy: str


class ContentRefused(RuleBroken):
    """A question that cannot be used. `problems`: everything wrong with it, at least one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(first.code, first.reason, first.remedy)
        self.problems = problems


def direction(language: str) -> str:
    """ "rtl" for a language that is written from right to left, else "ltr"."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"
