"""Which rights hold from when until when: entries that decisions, tellings and reflection add.

Append-only and pure: each function takes the entries so far, oldest first, and gives the new ones.
A right stands as its newest entry says. Nothing here asks what the person does for the police.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.identification.rules.procedures import Stage, State
from cairn.identification.rules.profiles import Profile, Right


class Change(TextChoices):
    """What an entry does to a right."""

    OPENED = "opened", pgettext_lazy("right", "Opened")
    BEGUN = "begun", pgettext_lazy("right", "Began to run")
    EXTENDED = "extended", pgettext_lazy("right", "Extended")
    ENDED = "ended", gettext_lazy("End set")


@dataclass(frozen=True, slots=True)
class Entry:
    """From now on `right` holds from `starts_on` to `ends_on`, the last day; None: no end is set.

    `decision`: number of the decision from which this comes.
    """

    right: Right
    change: Change
    starts_on: date
    ends_on: date | None
    decision: int

    def holds(self, day: date) -> bool:
        """Whether the right holds on `day`, as this entry has it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


# Which stage's rights an outcome opens. An overturned refusal stands like reasonable grounds: the
# person is a presumed victim until a further decision.
OPENED_BY: dict[State, Stage] = {
    State.UNDER_ASSESSMENT: Stage.OPENING,
    State.REASONABLE_GROUNDS: Stage.REASONABLE_GROUNDS,
    State.OVERTURNED: Stage.REASONABLE_GROUNDS,
    State.CONCLUSIVE_POSITIVE: Stage.CONCLUSIVE,
}


def standing(entries: Iterable[Entry]) -> dict[Right, Entry]:
    """How each right stands now: its newest entry, in the order of Right."""
    newest = {entry.right: entry for entry in entries}
    return {right: newest[right] for right in Right if right in newest}


def holds(entries: Iterable[Entry], right: Right, day: date) -> bool:
    """Whether `right` holds on `day`."""
    entry = standing(entries).get(right)
    return entry is not None and entry.holds(day)


def after_decision(
    outcome: State, on: date, entries: Sequence[Entry], profile: Profile, number: int
) -> list[Entry]:
    """What decision `number`, made on `on`, opens or makes longer. No decision ends anything here.

    A right that holds already is never made shorter.
    """
    stage = OPENED_BY.get(outcome)
    if stage is None:
        return []
    now, made = standing(entries), []
    for right, days in profile.rights_opened(stage).items():
        last = None if days is None else on + timedelta(days=days - 1)
        before = now.get(right)
        if before is None or not before.holds(on):
            made.append(Entry(right, Change.OPENED, on, last, number))
        elif right is not Right.REFLECTION and _is_later(last, before.ends_on):
            made.append(Entry(right, Change.EXTENDED, before.starts_on, last, number))
    return made + _covering([*entries, *made], number)


def after_telling(
    outcome: State,
    on: date,
    entries: Sequence[Entry],
    profile: Profile,
    number: int,
    *,
    review_days: int,
) -> list[Entry]:
    """What ends because the person was told of decision `number` on `on`.

    `outcome`: the decision, or for an upheld one the decision that was under review. Only rights
    that the law of the country ends by it; they last through the days for a review, which begin
    on the day of the telling. A decision that nobody told ends nothing.
    """
    now, made = standing(entries), []
    ended = profile.rights_ended(outcome)
    for right in (right for right in Right if right in ended and right in now):
        before = now[right]
        last = max(on + timedelta(days=review_days), before.starts_on)
        reflection = now.get(Right.REFLECTION)
        if right is Right.NO_REMOVAL and reflection and Right.REFLECTION not in ended:
            last = max(last, reflection.ends_on or last)
        if before.ends_on is None or last < before.ends_on:
            made.append(Entry(right, Change.ENDED, before.starts_on, last, number))
    return made + _covering([*entries, *made], number)


def after_lifting(
    lifted: int, entries: Sequence[Entry], number: int, *, since: date | None = None
) -> list[Entry]:
    """The ends that decision `lifted` had set are taken back, because of decision `number`.

    It is under review now, or the assessment began again. `since`: only ends that had not come
    by that day; None: all of them (a review that was asked for in time keeps everything open).
    """
    made = []
    for right, newest in standing(entries).items():
        own = [entry for entry in entries if entry.right is right]
        places = [
            place
            for place, entry in enumerate(own)
            if entry.change is Change.ENDED and entry.decision == lifted
        ]
        # An entry that opened the right anew since then has an end of its own.
        if not places or any(each.change is Change.OPENED for each in own[places[-1] :]):
            continue
        if since is not None and newest.ends_on is not None and newest.ends_on < since:
            continue
        last = own[places[-1] - 1].ends_on
        if _is_later(last, newest.ends_on):
            made.append(Entry(right, Change.EXTENDED, newest.starts_on, last, number))
    return made + _covering([*entries, *made], number)


def reflection_begins(on: date, until: date, entries: Sequence[Entry]) -> list[Entry]:
    """The time for reflection runs from `on` to `until`; nobody is removed meanwhile.

    Where a decision set an end already, it runs to that day at most.
    """
    open_now = standing(entries)[Right.REFLECTION]
    last = until if open_now.ends_on is None else min(until, open_now.ends_on)
    made = [Entry(Right.REFLECTION, Change.BEGUN, open_now.starts_on, last, open_now.decision)]
    return made + _covering([*entries, *made], open_now.decision, since=on)


def reflection_extends(until: date, entries: Sequence[Entry]) -> list[Entry]:
    """The time for reflection runs until `until` instead, a later day than before."""
    running = standing(entries)[Right.REFLECTION]
    made = [
        Entry(Right.REFLECTION, Change.EXTENDED, running.starts_on, until, running.decision),
    ]
    return made + _covering([*entries, *made], running.decision)


def reflection_ends(on: date, entries: Sequence[Entry]) -> list[Entry]:
    """The time for reflection ended on `on`. By itself this ends no other right."""
    running = standing(entries)[Right.REFLECTION]
    last = on if running.ends_on is None else min(on, running.ends_on)
    last = max(last, running.starts_on)
    return [Entry(Right.REFLECTION, Change.ENDED, running.starts_on, last, running.decision)]


def _covering(entries: Sequence[Entry], number: int, *, since: date | None = None) -> list[Entry]:
    """What keeps removal barred through the time for reflection, where it would end before."""
    now = standing(entries)
    reflection, bar = now.get(Right.REFLECTION), now.get(Right.NO_REMOVAL)
    if reflection is None or reflection.ends_on is None or reflection.change is Change.ENDED:
        return []
    if bar is None or bar.ends_on is None or bar.ends_on >= reflection.ends_on:
        return []
    # A bar that ended before is opened anew from the day on which the time begins to run.
    if since is not None and since > bar.ends_on:
        return [Entry(Right.NO_REMOVAL, Change.OPENED, since, reflection.ends_on, number)]
    return [Entry(Right.NO_REMOVAL, Change.EXTENDED, bar.starts_on, reflection.ends_on, number)]


def _is_later(last: date | None, than: date | None) -> bool:
    """Whether an end on `last` gives more than one on `than`; None is no end."""
    return than is not None and (last is None or last > than)
