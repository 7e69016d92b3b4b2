"""What participants said: response and answers of the questionnaires of an event, as counts."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from cairn.core.language import language
from cairn.training.measures import followup, shares
from cairn.training.measures.figure import SMALL_CELL, Figure
from cairn.training.models import SurveyInvitation, SurveyResponse, SurveyWave, TrainingEvent
from cairn.training.rules.choices import InstrumentKind

# A scale without words for its steps has five, the best last.
USUAL_STEPS = 5
State = SurveyInvitation.State


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a questionnaire. `counts`: (answer in words, how many), hidden under five.

    `favourable`: share of the two best answers, of yes, or None for choices and texts. `texts`: how
    many wrote something; what they wrote is not in a report, since it may name somebody.
    """

    code: str
    stem: str
    answered: int
    favourable: Figure | None
    counts: tuple[tuple[str, int], ...]
    texts: int


@dataclass(frozen=True, slots=True)
class Wave:
    """One questionnaire sent to the participants of an event. `months` after its end."""

    title: str
    kind: str
    months: int
    response: Figure
    questions: tuple[Asked, ...]


def waves(event: TrainingEvent) -> list[Wave]:
    """Every questionnaire of the event, the earliest first. Three queries."""
    found = list(SurveyWave.objects.filter(event=event).select_related("instrument"))
    states: dict[UUID, Counter[str]] = defaultdict(Counter)
    tally = SurveyInvitation.objects.filter(wave__in=found).values("wave", "state")
    for row in tally.annotate(count=Count("pk")).order_by():
        states[row["wave"]][row["state"]] = row["count"]
    answers: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for wave, given in SurveyResponse.objects.filter(wave__in=found).values_list("wave", "answers"):
        answers[wave].append(given)
    return [
        _wave(wave, states[wave.pk], answers[wave.pk])
        for wave in sorted(found, key=lambda each: (each.months, each.instrument.code))
    ]


def _wave(wave: SurveyWave, states: Counter[str], answers: list[dict[str, Any]]) -> Wave:
    response = followup.response_rate(
        states[State.ANSWERED],
        sum(states.values()),
        ineligible=states[State.INELIGIBLE],
        undeliverable=states[State.UNDELIVERABLE],
    )
    kind = wave.instrument.kind
    code = "reaction" if kind == InstrumentKind.REACTION else "application"
    return Wave(
        title=wave.instrument.title,
        kind=str(InstrumentKind(kind).label),
        months=wave.months,
        response=response,
        questions=tuple(_asked(each, answers, code) for each in wave.instrument.questions),
    )


def _asked(question: dict[str, Any], answers: list[dict[str, Any]], code: str) -> Asked:
    """One question over all answers; None and blank are not answers."""
    key, kind = str(question.get("code", "")), question.get("type", "")
    given = [each[key] for each in answers if each.get(key) not in (None, "", [])]
    words = _words(question)
    stem, labels = str(words.get("stem", key)), words.get("options") or []
    if kind == "text":
        return Asked(key, stem, len(given), None, (), len(given))
    if kind == "yes-no":
        said = ["yes" if value in (True, "yes", "true", 1) else "no" for value in given]
        figure = shares.share(code, said.count("yes"), len(said))
        shown = ((_("Yes"), said.count("yes")), (_("No"), said.count("no")))
        return Asked(key, stem, len(given), figure, _kept(shown), 0)
    if kind == "scale":
        steps = [int(value) for value in given if str(value).isdigit()]
        size = len(labels) or USUAL_STEPS
        figure = shares.share(code, sum(step >= size - 1 for step in steps), len(steps))
        counts = tuple((_label(labels, step), steps.count(step)) for step in range(1, size + 1))
        return Asked(key, stem, len(steps), figure, _kept(counts), 0)
    chosen = Counter(
        str(value) for each in given for value in (each if isinstance(each, list) else [each])
    )
    counts = tuple((_label(labels, value), number) for value, number in chosen.most_common())
    return Asked(key, stem, len(given), None, _kept(counts), 0)


def _words(question: dict[str, Any]) -> dict[str, Any]:
    """The words of a question in the reader's language, else in English, else in any."""
    texts = question.get("texts") or {}
    found: Any = texts.get(language()) or texts.get("en") or next(iter(texts.values()), {})
    return found if isinstance(found, dict) else {}


def _label(labels: Any, value: int | str) -> str:
    """Words of a step or option; `labels`: a list in order, or {code: words}."""
    if isinstance(labels, dict):
        return str(labels.get(str(value), value))
    if str(value).isdigit() and 1 <= int(value) <= len(labels):
        return str(labels[int(value) - 1])
    return str(value)


def _kept(counts: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Counts of at least five answers together; of fewer, somebody could be known by theirs."""
    return counts if sum(number for _words, number in counts) >= SMALL_CELL else ()
