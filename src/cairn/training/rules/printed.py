"""How a printed record of the portfolio reads as a record of training. Pure.

The portfolio keeps what a source prints; training makes records of it and never changes the print.
Sources are in English. What fits no word stays as printed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cairn.training.rules.choices import Confidence, EventKind, OutcomeKind, Profession, Sex

# Words of the printed kind, most specific first.
_EVENT_KINDS: tuple[tuple[str, EventKind], ...] = (
    ("training of trainers", EventKind.TOT),
    ("simulation", EventKind.SIMULATION),
    ("induction", EventKind.INDUCTION),
    ("pre-deployment", EventKind.PRE_DEPLOYMENT),
    ("pilot", EventKind.PILOT),
    ("mentor", EventKind.MENTORING),
    ("mock trial", EventKind.MOCK_TRIAL),
    ("study visit", EventKind.STUDY_VISIT),
    ("refresher", EventKind.REFRESHER),
    ("expert group", EventKind.MEETING),
    ("training", EventKind.DIRECT),
    ("workshop", EventKind.DIRECT),
    ("meeting", EventKind.MEETING),
)
_PROFESSIONS: tuple[tuple[str, Profession], ...] = (
    ("prosecutor", Profession.PROSECUTOR),
    ("judge", Profession.JUDGE),
    ("investigator", Profession.INVESTIGATOR),
    ("border", Profession.BORDER),
    ("police", Profession.POLICE),
    ("law enforcement", Profession.POLICE),
    ("health", Profession.HEALTH),
    ("social worker", Profession.SOCIAL),
    ("civil society", Profession.CIVIL_SOCIETY),
    ("expert", Profession.EXPERT),
    ("official", Profession.OFFICIAL),
)
# What officers or their programme report from the field. Figures on a State's own courts, and
# shares that describe a situation, are no outcomes of training and stay as printed.
_OUTCOMES: tuple[tuple[str, OutcomeKind, Confidence], ...] = (
    ("cases supported", OutcomeKind.IDENTIFICATION_SUPPORTED, Confidence.MEDIUM),
    ("victims identified", OutcomeKind.IDENTIFICATION_SUPPORTED, Confidence.MEDIUM),
    ("action plan", OutcomeKind.PROCEDURE_CHANGED, Confidence.HIGH),
    ("analysis", OutcomeKind.ADVICE_GIVEN, Confidence.HIGH),
)
_CHOSEN = "selected for the mobile training team"
_TASKED = "pilot courses planned"
_COUNTED = re.compile(r"^(?P<words>.+?)\s*\((?P<count>\d+)\)$")


@dataclass(frozen=True, slots=True)
class Heads:
    """How many of one sex and profession."""

    count: int
    sex: Sex = Sex.NOT_STATED
    profession: Profession = Profession.NOT_STATED


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a printed outcome is kept as a report from the field."""

    kind: OutcomeKind
    confidence: Confidence


def event_kind(words: str) -> EventKind:
    """The kind of a printed event; a training of officers where no word tells."""
    lowered = words.casefold()
    return next((kind for word, kind in _EVENT_KINDS if word in lowered), EventKind.DIRECT)


def taught_by_trained(words: str) -> bool:
    """Whether a printed event says that trainers, trained before, trained others or are trained."""
    lowered = words.casefold()
    return "trained trainers" in lowered or "training of trainers" in lowered


def profession_of(words: str) -> Profession:
    """The profession that words name, else not stated."""
    lowered = words.casefold()
    found = (profession for word, profession in _PROFESSIONS if word in lowered)
    return next(found, Profession.NOT_STATED)


def heads(participants: int, women: int | None, agencies: Sequence[str]) -> list[Heads]:
    """Counts of a printed event, each person once; they add up to `participants`.

    Where women are printed, the rest are counted as men, as the source does. Where every group in
    `agencies` has its number ("judges (20)") and they add up, the professions are kept. One group
    alone ("prosecutors") is the profession of all. What is not printed is not stated.
    """
    alone = profession_of(agencies[0]) if len(agencies) == 1 else Profession.NOT_STATED
    if women is not None:
        split = [Heads(women, Sex.FEMALE, alone), Heads(participants - women, Sex.MALE, alone)]
        return [each for each in split if each.count]
    counted = [match for each in agencies if (match := _COUNTED.match(each))]
    if counted and len(counted) == len(agencies):
        rows = [
            Heads(int(each["count"]), profession=profession_of(each["words"])) for each in counted
        ]
        if sum(each.count for each in rows) == participants:
            return [each for each in rows if each.count]
    return [Heads(participants, profession=alone)] if participants else []


def outcome(words: str) -> Outcome | None:
    """How a printed outcome is kept; None for what is no outcome of training."""
    lowered = words.casefold()
    return next(
        (Outcome(kind, sure) for word, kind, sure in _OUTCOMES if word in lowered),
        None,
    )


def tells_choice(words: str) -> bool:
    """Whether a printed outcome says how many were chosen for a mobile training team."""
    return _CHOSEN in words.casefold()


def tells_task(words: str) -> bool:
    """Whether a printed outcome says how many courses such a team was asked to give."""
    return _TASKED in words.casefold()


def same_body(printed: str, known: Iterable[str]) -> str | None:
    """The known name that a printed one stands for: equal, or its longer form, when only one is.

    "Counter Trafficking Unit" is "Counter Trafficking Unit (CTU) of Jordan".
    """
    asked = printed.casefold().strip()
    names = list(known)
    for name in names:
        if name.casefold() == asked:
            return name
    longer = [name for name in names if name.casefold().startswith(f"{asked} ")]
    return longer[0] if len(longer) == 1 else None
