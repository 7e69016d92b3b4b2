"""What reads editions of signs: phones, and the desk that explains a report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from cairn.identification.indicatorbank import delphi, guidance, lists, wording
from cairn.identification.indicatorbank.delphi import Dimension, Pattern, Weighed, Weight
from cairn.identification.indicatorbank.guidance import Guidance, Kind
from cairn.identification.indicatorbank.lists import SignRow
from cairn.identification.models import IndicatorEdition
from cairn.identification.rules.indicators import EditionState

SHIPPED_SOURCE = (
    "ILO and European Commission, operational indicators, 2009 (labour; weights to be compared "
    "with the brochure); UNODC, human trafficking indicators (unscored); field signs of Cairn"
)
_ANSWERS = {
    "yes": gettext_lazy("Seen"),
    "no": gettext_lazy("Not seen"),
    "unknown": gettext_lazy("Could not be checked"),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as a value: its code and its signs in their order."""

    code: str
    source: str
    signs: tuple[SignRow, ...]

    def named(self) -> dict[str, SignRow]:
        return {row.code: row for row in self.signs}


def edition_in_force() -> Edition:
    """The newest published edition that was not withdrawn; else the one that Cairn ships.

    Two queries at most.
    """
    newest = IndicatorEdition.objects.in_force().first()
    return _as_value(newest) if newest else _shipped()


def edition_called(code: str) -> Edition:
    """The edition of this code, in force or not. Raises IndicatorEdition.DoesNotExist."""
    found = IndicatorEdition.objects.filter(code=code).first()
    if found is not None:
        return _as_value(found)
    if code == lists.SHIPPED:
        return _shipped()
    raise IndicatorEdition.DoesNotExist(code)


def known_editions(codes: set[str]) -> set[str]:
    """Those of the codes that phones may have: published at some time, or shipped. One query."""
    rows = IndicatorEdition.objects.filter(code__in=codes).exclude(state=EditionState.DRAFT)
    return set(rows.values_list("code", flat=True)) | (codes & {lists.SHIPPED})


def worded(words: Mapping[str, str], language: str) -> str:
    """The words in this language, else in English, else ""."""
    return words.get(language) or words.get(lists.SOURCE_LANGUAGE, "")


def pack(edition: Edition, language: str) -> dict[str, Any]:
    """What a phone is given of an edition, in one language (a code such as "ar").

    {"edition", "signs": [{"code", "kind", "settings", "profiles", "asked", "text", "next"}],
    "bands": {band: {"label", "text"}}, "reasons": {reason: sentence}}; empty settings or profiles:
    all. No weights: phones count nothing.
    """
    with translation.override(language):
        return {
            "edition": edition.code,
            "signs": [
                {
                    "code": row.code,
                    "kind": row.kind,
                    "settings": list(row.settings),
                    "profiles": list(row.profiles),
                    "asked": row.is_asked,
                    "text": worded(row.texts, language),
                    "next": worded(row.nexts, language),
                }
                for row in lists.field_rows(edition.signs)
            ],
            "bands": {
                band: {"label": str(label), "text": str(text)}
                for band, (label, text) in wording.BANDS.items()
            },
            "reasons": {reason.value: str(words) for reason, words in wording.REASONS.items()},
        }


@dataclass(frozen=True, slots=True)
class SeenSign:
    """A sign that an officer answered, in words. `kind` "" where the edition has no such sign."""

    code: str
    kind: str
    kind_label: str
    text: str
    next: str
    answer: str
    answer_label: str


@dataclass(frozen=True, slots=True)
class DimensionSeen:
    """One of the six dimensions: counts by weight, and the words of the signs seen in it."""

    code: Dimension
    label: str
    is_positive: bool
    strong: int
    medium: int
    weak: int
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """What was seen and what is usually asked next. No verdict and no total.

    `why`: (sentence, words of the signs it rests on). `combination`: what the printed rule says of
    the dimensions together. `note`: what none of this proves.
    """

    guidance: Guidance
    band_label: str
    band_text: str
    why: tuple[tuple[str, tuple[str, ...]], ...]
    signs: tuple[SeenSign, ...]
    asked: tuple[str, ...]
    dimensions: tuple[DimensionSeen, ...]
    pattern: Pattern
    combination: str
    note: str


def explain(
    seen: Mapping[str, str],
    age: str,
    edition_code: str,
    language: str,
    *,
    setting: str = "",
    profile: str = "",
) -> Explained:
    """What the answers of a report say, by the edition that the officer had, in one language.

    `seen`: {code: "yes", "no", "unknown"}; `age`: "adult", "child", "maybe-child". What is asked
    next is narrowed to the signs of the place and the officer; without them, to signs of every
    place. Raises IndicatorEdition.DoesNotExist for an edition that is not known here. Two queries.
    """
    edition = edition_called(edition_code)
    named = edition.named()
    signs = [{"code": row.code, "kind": row.kind} for row in edition.signs]
    found = guidance.band(age, seen, signs)
    is_child = age != guidance.ADULT
    tallies = delphi.tallies(_stood_for(seen, named), _weighed(edition), is_child=is_child)
    act = any(row.kind == Kind.ACT and seen.get(row.code) == "yes" for row in edition.signs)
    positive = [tally.dimension for tally in tallies if tally.is_positive]
    together = delphi.pattern(positive, act=act, is_child=is_child)
    near = _shown_codes(edition, setting, profile)

    def words(code: str) -> str:
        return worded(named[code].texts, language) if code in named else code

    with translation.override(language):
        label, text = wording.BANDS[found.band]
        return Explained(
            guidance=found,
            band_label=str(label),
            band_text=str(text),
            why=tuple(
                (str(wording.REASONS[each.reason]), tuple(words(code) for code in each.signs))
                for each in found.why
            ),
            signs=tuple(_seen_sign(code, seen[code], named, language) for code in seen),
            asked=tuple(words(code) for code in found.ask if code in near),
            dimensions=tuple(
                DimensionSeen(
                    code=tally.dimension,
                    label=str(wording.DIMENSIONS[tally.dimension]),
                    is_positive=tally.is_positive,
                    strong=tally.strong,
                    medium=tally.medium,
                    weak=tally.weak,
                    signs=tuple(words(code) for code in tally.codes),
                )
                for tally in tallies
            ),
            pattern=together,
            combination=str(wording.PATTERNS[together]),
            note=str(wording.NOTE),
        )


def wordings(codes: Iterable[str], edition_code: str, language: str) -> dict[str, str]:
    """{code: words} of signs, for lists of reports; a code that is not known is left out."""
    named = edition_called(edition_code).named()
    return {code: worded(named[code].texts, language) for code in codes if code in named}


def _seen_sign(code: str, answer: str, named: Mapping[str, SignRow], language: str) -> SeenSign:
    row = named.get(code)
    return SeenSign(
        code=code,
        kind=row.kind if row else "",
        kind_label=str(wording.KINDS[Kind(row.kind)]) if row else "",
        text=worded(row.texts, language) if row else code,
        next=worded(row.nexts, language) if row else "",
        answer=answer,
        answer_label=str(_ANSWERS.get(answer, answer)),
    )


def _shown_codes(edition: Edition, setting: str, profile: str) -> set[str]:
    """The codes of signs that a phone shows for a place and a kind of officer."""
    return {
        row.code
        for row in lists.field_rows(edition.signs)
        if (not row.settings or setting in row.settings)
        and (not row.profiles or profile in row.profiles)
    }


def _stood_for(seen: Mapping[str, str], named: Mapping[str, SignRow]) -> dict[str, str]:
    """The answers, with "yes" also for the weighted signs that a field sign stands for."""
    answers = dict(seen)
    for code, answer in seen.items():
        if answer == guidance.YES and code in named:
            answers |= dict.fromkeys(named[code].stands_for, guidance.YES)
    return answers


def _weighed(edition: Edition) -> list[Weighed]:
    return [
        Weighed(row.code, Dimension(row.dimension), Weight(row.adult), Weight(row.child))
        for row in edition.signs
        if row.dimension
    ]


def _as_value(found: IndicatorEdition) -> Edition:
    rows = tuple(each.as_row() for each in found.indicators.all())
    return Edition(found.code, found.source, rows)


def _shipped() -> Edition:
    return Edition(lists.SHIPPED, SHIPPED_SOURCE, lists.shipped())
