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
from cairn.training.rules import questionnaires as rules
from cairn.training.rules.choices import InstrumentKind
from cairn.training.rules.questionnaires import Answer
from cairn.ui.formats import number_text

# A scale has five steps, the best last; the two best are favourable.
SCALE = range(1, 6)
FAVOURABLE_FROM = 4
State = SurveyInvitation.State


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a questionnaire. `counts`: (answer in words, how many), hidden under five.

    `favourable`: share of the two best steps of a scale, or of yes; None for other questions.
    """

    code: str
    stem: str
    answered: int
    favourable: Figure | None
    counts: tuple[tuple[str, int], ...]


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
    invited, answered = sum(states.values()), states[State.ANSWERED]
    unreached = states[State.UNDELIVERABLE] + states[State.INELIGIBLE]
    response = followup.response_rate(
        answered,
        invited,
        ineligible=states[State.INELIGIBLE],
        undeliverable=states[State.UNDELIVERABLE],
    )
    kind = InstrumentKind(wave.instrument.kind)
    return Wave(
        title=wave.instrument.title,
        kind=str(kind.label),
        months=wave.months,
        response=response,
        questions=tuple(
            _asked(each, answers, kind, invited - unreached) for each in wave.instrument.questions
        ),
    )


def _asked(
    item: dict[str, Any], answers: list[dict[str, Any]], kind: InstrumentKind, invited: int
) -> Asked:
    """One question over all answers; what was left out is no answer."""
    key, type_ = str(item["code"]), item["type"]
    given = [each[key] for each in answers if each.get(key) not in (None, "", [])]
    stem, _lang = rules.words(item["stem"], language())
    n, figure = len(given), None
    options = item.get("options") or {}
    if type_ == Answer.SCALE:
        figure = shares.share("reaction", sum(step >= FAVOURABLE_FROM for step in given), n)
        counts = [(number_text(step), given.count(step)) for step in SCALE]
    elif type_ == Answer.NUMBER:
        counts = [(_("Together"), sum(given))]
    else:
        chosen = Counter(
            code for each in given for code in (each if isinstance(each, list) else [each])
        )
        if type_ == Answer.SINGLE and {"yes", "no"} <= set(options):
            figure = _share_of_yes(kind, chosen["yes"], n, invited)
        counts = [
            (rules.words(texts, language())[0], chosen[code]) for code, texts in options.items()
        ]
    # Of fewer than five answers, somebody could be known by theirs.
    return Asked(key, stem, n, figure, tuple(counts) if n >= SMALL_CELL else ())


def _share_of_yes(kind: InstrumentKind, yes: int, answered: int, invited: int) -> Figure:
    """Application with the bounds of silence; for reactions the plain share."""
    if kind is InstrumentKind.REACTION or answered > invited:
        return shares.share("reaction", yes, answered)
    return followup.application(yes, answered, invited=invited)
