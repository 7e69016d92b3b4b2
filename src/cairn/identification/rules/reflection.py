"""The time for recovery and reflection: offered, running, extended, ended; counted in days."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.rules.profiles import MOST_DAYS
from cairn.identification.rules.rights import Change, Entry


class Reflection(TextChoices):
    """Where the time for reflection stands. How it ended is told apart, and decides nothing."""

    ELIGIBLE = "eligible", pgettext_lazy("time for reflection", "Open, not offered yet")
    OFFERED = "offered", pgettext_lazy("time for reflection", "Offered")
    RUNNING = "running", pgettext_lazy("time for reflection", "Running")
    EXTENDED = "extended", pgettext_lazy("time for reflection", "Extended")
    COOPERATION = "ended-cooperation", gettext_lazy("Ended: the person wishes to cooperate")
    NO_COOPERATION = "ended-no-cooperation", gettext_lazy("Ended: the person does not cooperate")
    PERMIT = "ended-permit", gettext_lazy("Ended: a residence permit was given")
    SAFE_RETURN = "ended-safe-return", gettext_lazy("Ended: the person returned safely")
    LEFT = "ended-left", gettext_lazy("Ended: the person left")
    PUBLIC_ORDER = "ended-public-order", gettext_lazy("Ended for public order by the authority")


ENDS = frozenset(
    {
        Reflection.COOPERATION,
        Reflection.NO_COOPERATION,
        Reflection.PERMIT,
        Reflection.SAFE_RETURN,
        Reflection.LEFT,
        Reflection.PUBLIC_ORDER,
    }
)
# These end the right with the time. What the person wishes about the police does not: the days
# that were opened are given whole, since cooperation is no input to any right here.
SHORTENING = ENDS - {Reflection.COOPERATION, Reflection.NO_COOPERATION}
RUNS = frozenset({Reflection.RUNNING, Reflection.EXTENDED})
MOVES: dict[Reflection, frozenset[Reflection]] = {
    Reflection.ELIGIBLE: frozenset({Reflection.OFFERED}),
    Reflection.OFFERED: frozenset({Reflection.RUNNING}),
    Reflection.RUNNING: ENDS | {Reflection.EXTENDED},
    Reflection.EXTENDED: ENDS | {Reflection.EXTENDED},
    **{each: frozenset() for each in ENDS},
}


def possible_steps(now: Reflection | None) -> list[Reflection]:
    """What can come next; nothing where no decision opened the right (`now` is None)."""
    return [each for each in Reflection if now is not None and each in MOVES[now]]


def check_step(now: Reflection | None, to: Reflection) -> None:
    """Raise RuleBroken("reflection.step") unless `to` may follow `now`."""
    if to not in possible_steps(now):
        raise RuleBroken(
            "reflection.step",
            _("The time for reflection cannot become “%(to)s” now.") % {"to": to.label},
        )


def check_open(right: Entry | None, to: Reflection, on: date) -> None:
    """Raise RuleBroken("reflection.not-open") where the right does not stand for this step.

    No decision opened it, or a decision ended it: then nothing begins, and nothing is extended.
    Days that ran out are no end by decision: what has begun can be extended or ended after them.
    """
    is_ended = right is not None and right.change is Change.ENDED
    if right is None or (is_ended and (to is Reflection.EXTENDED or not right.holds(on))):
        raise RuleBroken(
            "reflection.not-open", _("No decision that stands opens the time for reflection.")
        )


def last_day(begins_on: date, days: int) -> date:
    """The last of `days` days of which `begins_on` is the first."""
    return begins_on + timedelta(days=days - 1)


def check_step_day(on: date, *, since: date, today: date) -> None:
    """Raise RuleBroken("reflection.day") for a step before the one before it, or to come."""
    if not since <= on <= today:
        raise RuleBroken(
            "reflection.day", _("A step comes on the day of the step before it or later, by today.")
        )


def check_extension(until: date | None, *, before: date) -> date:
    """The new last day; raises RuleBroken("reflection.until") unless it is later than `before`."""
    if until is None or not before < until <= before + timedelta(days=MOST_DAYS):
        raise RuleBroken(
            "reflection.until", _("An extension needs a last day later than the one before.")
        )
    return until
