"""How the questions of an event's tests behaved: by form and wave, with options and flags."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cairn.training.measures import gain, items
from cairn.training.measures.figure import (
    EXPLORATORY_BELOW,
    SMALL_CELL,
    Figure,
    Flag,
    flag_label,
)
from cairn.training.models import AngoffRating, FormItem, Response
from cairn.training.queries.results_rows import (
    Sat,
    TestRows,
    answer_to,
    answers_by_sitting,
    items_by_form,
    mark_of,
)
from cairn.training.rules.choices import TestWave

CHOICES = frozenset({"single", "multiple", "true-false"})
# Facility is judged after the training: before it a question may well be too hard.
ONLY_AFTER = frozenset({Flag.TOO_HARD, Flag.TOO_EASY})
Answers = dict[UUID, dict[UUID, list[Response]]]


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option with its words; `part`: of a case, else empty."""

    part: str
    words: str
    option: items.Option

    @property
    def flag_labels(self) -> list[str]:
        return [flag_label(flag) for flag in self.option.flags]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question in one form. `change`: before against after, for questions of both forms."""

    position: int
    code: str
    stem: str
    objective: str
    is_anchor: bool
    facility: Figure
    discrimination: Figure
    efficiency: Figure
    weight: Figure
    guess: float | None
    change: Figure | None
    options: tuple[OptionRow, ...]
    flags: tuple[str, ...]

    @property
    def flag_labels(self) -> list[str]:
        """What calls for a look; that a group is small is said once for the whole form."""
        return [flag_label(flag) for flag in self.flags if flag != Flag.EXPLORATORY]

    @property
    def needs_a_look(self) -> bool:
        return any(flag != Flag.EXPLORATORY for flag in self.flags)


@dataclass(frozen=True, slots=True)
class FormTable:
    """The questions of one form in one wave, over the `n` people who sat it."""

    wave: str
    label: str
    letter: str
    n: int
    rows: tuple[ItemRow, ...]
    reliability: Figure
    error: Figure
    cut: Figure

    @property
    def is_exploratory(self) -> bool:
        return self.n < EXPLORATORY_BELOW

    @property
    def flagged(self) -> list[ItemRow]:
        return [row for row in self.rows if row.needs_a_look]


def form_tables(rows: TestRows) -> list[FormTable]:
    """Every form of every wave that somebody sat, waves in order. Three queries."""
    forms = items_by_form({sat.form for sat in rows.sat.values()})
    answers = answers_by_sitting([sat.sitting for sat in rows.sat.values()])
    cuts = _cut_scores(forms)
    changes = _changes(rows, forms, answers)
    tables: list[FormTable] = []
    for wave in TestWave:
        by_form: dict[tuple[str, UUID], list[Sat]] = defaultdict(list)
        for sat in rows.of_wave(wave):
            by_form[(sat.letter, sat.form)].append(sat)
        for (letter, form), sittings in sorted(by_form.items(), key=lambda pair: str(pair[0])):
            tables.append(
                _table(wave, letter, sittings, forms[form], answers, cuts.get(form), changes)
            )
    return tables


def _table(
    wave: TestWave,
    letter: str,
    sittings: list[Sat],
    listed: list[FormItem],
    answers: Answers,
    cut: Figure | None,
    changes: dict[UUID, Figure],
) -> FormTable:
    marks = [[mark_of(answers[sat.sitting][item.pk]) for item in listed] for sat in sittings]
    totals = [sum(row) for row in marks]
    found = items.item_statistics(marks, [float(item.maximum) for item in listed])
    chosen = [answers[sat.sitting] for sat in sittings]
    return FormTable(
        wave=wave.value,
        label=str(wave.label),
        letter=letter,
        n=len(sittings),
        rows=tuple(
            _row(item, statistics, wave, totals, [each[item.pk] for each in chosen], changes)
            for item, statistics in zip(listed, found, strict=True)
        ),
        reliability=items.reliability(marks, len(listed)),
        error=items.measurement_error(marks, len(listed)),
        cut=cut or items.cut_score([]),
    )


def _row(
    item: FormItem,
    statistics: items.ItemStatistics,
    wave: TestWave,
    totals: list[float],
    responses: list[list[Response]],
    changes: dict[UUID, Figure],
) -> ItemRow:
    content: dict[str, Any] = item.version.content
    question = item.version.question
    options = _options(content, totals, responses)
    flags = [flag for flag in statistics.flags if wave is TestWave.POST or flag not in ONLY_AFTER]
    flags += [flag for row in options for flag in row.option.flags]
    hides = statistics.n < SMALL_CELL
    return ItemRow(
        position=item.position,
        code=question.code,
        stem=str(_texts(content).get("stem", "")),
        objective=question.objective.code if question.objective else "",
        is_anchor=item.is_anchor,
        facility=items.facility(statistics),
        discrimination=items.discrimination(statistics),
        efficiency=items.efficiency(statistics),
        weight=items.effective_weight(statistics),
        guess=items.random_guess(_guess_kind(content), _guess_options(content)),
        change=changes.get(item.version_id) if wave is TestWave.POST else None,
        options=() if hides else tuple(options),
        flags=() if hides else tuple(dict.fromkeys(flags)),
    )


def _guess_kind(content: dict[str, Any]) -> str:
    kind = str(content.get("type", ""))
    return "short-answer" if kind == "short" else kind


def _guess_options(content: dict[str, Any]) -> int:
    return len(content.get("options") or [])


def _texts(content: dict[str, Any]) -> dict[str, Any]:
    """The words of a question in its own language."""
    texts = content.get("texts") or {}
    found: Any = texts.get(content.get("source_language", "en")) or next(iter(texts.values()), {})
    return found if isinstance(found, dict) else {}


def _options(
    content: dict[str, Any], totals: list[float], responses: list[list[Response]]
) -> list[OptionRow]:
    """Options of a choice; of each choice in a case. Other types have none."""
    words = _texts(content)
    if content.get("type") == "case":
        return [
            row
            for part in content.get("items") or []
            for row in _of_choice(
                part,
                str(part.get("code", "")),
                (words.get("items") or {}).get(part.get("code")) or {},
                totals,
                responses,
            )
        ]
    return _of_choice(content, "", words, totals, responses)


def _of_choice(
    content: dict[str, Any],
    part: str,
    words: dict[str, Any],
    totals: list[float],
    responses: list[list[Response]],
) -> list[OptionRow]:
    if content.get("type") not in CHOICES:
        return []
    codes = [str(code) for code in content.get("options") or ["true", "false"]]
    right = [str(code) for code in content.get("key") or []]
    chosen = [_chosen(answer_to(each, part)) for each in responses]
    labels = words.get("options") or {}
    return [
        OptionRow(part, str(labels.get(option.key, option.key)), option)
        for option in items.distractors(totals, chosen, codes, right)
    ]


def _chosen(answer: Any) -> Collection[str]:
    if isinstance(answer, list):
        return frozenset(str(each) for each in answer)
    return frozenset() if answer is None else frozenset({str(answer)})


def _cut_scores(forms: dict[UUID, list[FormItem]]) -> dict[UUID, Figure]:
    """Angoff's cut score in marks for each form that judges have estimated wholly. One query."""
    by_form: dict[UUID, dict[UUID, dict[UUID, float]]] = defaultdict(lambda: defaultdict(dict))
    ratings = AngoffRating.objects.filter(item__form__in=list(forms)).select_related("item")
    for rating in ratings:
        marks = float(rating.share) * float(rating.item.maximum)
        by_form[rating.item.form_id][rating.judge_id][rating.item_id] = marks
    found: dict[UUID, Figure] = {}
    for form, judges in by_form.items():
        keys = [item.pk for item in forms[form]]
        whole = [[row[key] for key in keys] for row in judges.values() if len(row) == len(keys)]
        found[form] = items.cut_score(whole)
    return found


def _changes(
    rows: TestRows, forms: dict[UUID, list[FormItem]], answers: Answers
) -> dict[UUID, Figure]:
    """McNemar's test of each question version that a person met before and after."""
    tallies: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0])
    for before, after in rows.pairs():
        first = {item.version_id: item for item in forms[before.form]}
        for item in forms[after.form]:
            if item.version_id not in first:
                continue
            was = _is_right(first[item.version_id], answers[before.sitting])
            now = _is_right(item, answers[after.sitting])
            tallies[item.version_id][0 if now and not was else 1 if was and not now else 2] += 1
    return {version: gain.item_change(*counts) for version, counts in tallies.items()}


def _is_right(item: FormItem, answers: dict[UUID, list[Response]]) -> bool:
    """Full marks; anything less counts as wrong."""
    return mark_of(answers.get(item.pk, [])) >= float(item.maximum)
