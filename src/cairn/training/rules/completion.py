"""When a participant has completed an event: minutes present, test at the end, tasks. Pure.

Source: the training study, 6.3: "completed" is computed by rule; who decides otherwise says why.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cairn.training.rules.attendance import Attendance


class Missing(TextChoices):
    """Why somebody has not completed."""

    NO_SESSIONS = "no-sessions", _("No session was held yet.")
    MINUTES = "minutes", _("Too few minutes present.")
    TEST_NOT_TAKEN = "test-not-taken", _("The test at the end was not taken.")
    TEST_NOT_MARKED = "test-not-marked", _("The test at the end is not marked yet.")
    SCORE = "score", _("The test at the end is below the mark to reach.")
    TASKS = "tasks", _("A practical task is not passed.")


@dataclass(frozen=True, slots=True)
class CompletionRule:
    """What completing takes. `minutes_percent`: least share of the time held, 0 to 100.

    `cut_percent`: least score of the test at the end, 0 to 100; None: no test is asked for.
    `needs_tasks`: every practical task has to be passed.
    """

    minutes_percent: float = 80
    cut_percent: float | None = None
    needs_tasks: bool = False


@dataclass(frozen=True, slots=True)
class EndTest:
    """The test at the end of one person. `percent` None: handed in, and not marked yet."""

    percent: float | None


def missing_for_completion(
    rule: CompletionRule,
    attended: Attendance,
    test: EndTest | None = None,
    tasks_passed: bool = False,
) -> tuple[Missing, ...]:
    """What a person still lacks, empty when complete.

    Nothing that is not known counts as reached: a test not taken and one not yet marked are two
    different answers, and neither is a pass.
    """
    missing: list[Missing] = []
    if not attended.of_seconds:
        missing.append(Missing.NO_SESSIONS)
    # In whole numbers of seconds, so that exactly 80 % is enough.
    elif attended.seconds * 100 < rule.minutes_percent * attended.of_seconds:
        missing.append(Missing.MINUTES)
    if rule.cut_percent is not None:
        if test is None:
            missing.append(Missing.TEST_NOT_TAKEN)
        elif test.percent is None:
            missing.append(Missing.TEST_NOT_MARKED)
        elif test.percent < rule.cut_percent:
            missing.append(Missing.SCORE)
    if rule.needs_tasks and not tasks_passed:
        missing.append(Missing.TASKS)
    return tuple(missing)
