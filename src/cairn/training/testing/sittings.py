"""When a test may be begun, answered and handed in. Pure: moments come as arguments."""

from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken

# Who began before the test was closed may still finish for so long: a phone that lost the line, a
# last question. A judgement: longer than any break, shorter than an evening.
LATE_FOR = timedelta(minutes=60)


class WindowState(TextChoices):
    NOT_OPENED = "not-opened", _("Not opened yet")
    OPEN = "open", pgettext_lazy("test", "Open")
    CLOSED = "closed", pgettext_lazy("test", "Closed")
    RELEASED = "released", _("Results released")


def window_state(
    opened_at: datetime | None, closed_at: datetime | None, released_at: datetime | None
) -> WindowState:
    """What a test's window is in. A result that was released stays so."""
    if released_at is not None:
        return WindowState.RELEASED
    if opened_at is None:
        return WindowState.NOT_OPENED
    return WindowState.OPEN if closed_at is None else WindowState.CLOSED


def check_begin(
    state: WindowState, handed_in_at: datetime | None, *, is_begun: bool, has_consented: bool
) -> None:
    """Raise RuleBroken unless a test may be begun now, or gone on with.

    "sitting.twice": it was handed in already. "sitting.not-open", "sitting.closed": the trainer
    has not opened it, or has closed it before this one began. "sitting.consent": not agreed to.
    """
    check_not_handed_in(handed_in_at)
    if is_begun:
        return
    if state == WindowState.NOT_OPENED:
        raise RuleBroken(
            "sitting.not-open",
            _now("This test is not open yet."),
            _now("Wait until the trainer opens it, and look at this page again."),
        )
    if state != WindowState.OPEN:
        raise RuleBroken(
            "sitting.closed",
            _now("This test is closed, and you had not begun it."),
            _now("Tell the trainer, who can open it once more."),
        )
    if not has_consented:
        raise RuleBroken(
            "sitting.consent",
            _now("You have not agreed yet that your answers are kept."),
            _now("Tick the box if you agree. Without it the test cannot be taken."),
        )


def check_not_handed_in(handed_in_at: datetime | None) -> None:
    """Raise RuleBroken("sitting.twice") for a test that was handed in: it counts once."""
    if handed_in_at is not None:
        raise RuleBroken(
            "sitting.twice",
            _now("You have handed in this test already. It can be taken once."),
            _now("Your answers are safe. If something went wrong, tell the trainer."),
        )


def check_answer(
    handed_in_at: datetime | None, closed_at: datetime | None, *, now: datetime
) -> bool:
    """Whether an answer (or handing in) of this moment is late; the sitting is begun.

    After closing, whoever began before has `LATE_FOR`; what comes in then is marked as late.
    Raises RuleBroken: "sitting.twice" (handed in), "sitting.over" (later than that).
    """
    check_not_handed_in(handed_in_at)
    if closed_at is None or now < closed_at:
        return False
    if now >= closed_at + LATE_FOR:
        raise RuleBroken(
            "sitting.over",
            _now("This test was closed more than an hour ago, so nothing can be added."),
            _now("What you answered before is kept. Tell the trainer."),
        )
    return True


def check_open(state: WindowState) -> None:
    """Raise RuleBroken("window.released") when a test whose results are out is to be opened."""
    if state == WindowState.RELEASED:
        raise RuleBroken(
            "window.released",
            _now("The results of this test were released, so it cannot be opened again."),
        )
    if state == WindowState.OPEN:
        raise RuleBroken("window.open", _now("This test is open already."))


def check_close(state: WindowState) -> None:
    """Raise RuleBroken("window.not-open") when a test that is not open is to be closed."""
    if state != WindowState.OPEN:
        raise RuleBroken("window.not-open", _now("This test is not open, so it cannot be closed."))


def check_release(state: WindowState, *, waiting: int) -> None:
    """Raise RuleBroken unless results may be shown to participants.

    "window.still-open": answers would leak to who is still at it; "window.waiting": `waiting`
    short answers are without a mark.
    """
    if state == WindowState.RELEASED:
        raise RuleBroken("window.released", _now("The results were released already."))
    if state != WindowState.CLOSED:
        raise RuleBroken(
            "window.still-open",
            _now("Results can be released once the test is closed."),
            _now("Close the test first."),
        )
    if waiting:
        raise RuleBroken(
            "window.waiting",
            _now("Short answers still wait for marks: %(count)d.") % {"count": waiting},
            _now("Mark them first."),
        )
