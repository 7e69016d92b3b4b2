"""How strongly two records speak for one person: a table of weights, each with its sentence.

Weights are bits: one more makes it twice as likely that both records are of one person. They
were set by hand and checked on invented records with known answers (bench `duplicates`). Rules
that no sum overturns stand below the table: they keep twins, brothers and sisters apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.referral.matching.features import COMMON, Kind
from cairn.referral.matching.packing import Compared, columns

# From here on a pair is shown, and from here on it is called likely. Judgements of this platform:
# two records wrongly taken for one person do more harm than two that stay apart.
SHOWN = 9.0
LIKELY = 20.0
MOST_SHOWN = 20
# So many records with one rare key are some, and many.
SOME, MANY = 4, 12


@dataclass(frozen=True, slots=True)
class Point:
    """One point in which two records agree or differ. `bits`: what it adds, may be negative."""

    code: str
    bits: float
    words: Promise


POINTS = {
    point.code: point
    for point in (
        Point("name.same", 7.0, _("a name is the same")),
        Point("name.same-common", 4.5, _("a common name is the same")),
        Point("name.spelling", 6.0, _("a name is the same in another spelling")),
        Point("name.spelling-common", 4.0, _("a common name is the same in another spelling")),
        Point("name.loose", 4.0, _("a name is spelt alike")),
        Point("name.near", 3.5, _("a name is nearly the same")),
        Point("name.missing", -0.5, _("a name stands in one record only")),
        Point("name.other", -5.0, _("another name stands in each record")),
        Point("birth.day", 11.0, _("same date of birth")),
        Point("birth.swapped", 8.0, _("same date of birth with day and month swapped")),
        Point("birth.other-year", 5.0, _("same day of birth, other year")),
        Point("birth.year", 4.5, _("same birth year only")),
        Point("birth.year-other-day", 0.0, _("same birth year, other day")),
        Point("birth.nearby", -1.0, _("birth years that lie one or two years apart")),
        Point("birth.other", -6.0, _("other date of birth")),
        Point("sex.same", 0.7, _("same sex")),
        Point("sex.other", -6.0, _("other sex")),
        Point("nationality.same", 2.0, _("same nationality")),
        Point("nationality.other", -4.0, _("other nationality")),
        Point("paper.same", 16.0, _("same number of a paper")),
        Point("paper.other", -1.5, _("other number of the same kind of paper")),
        Point("phone.same", 7.0, _("same telephone number")),
        Point("phone.family", 2.0, _("same telephone number, as children of one family have")),
        Point("mother.same", 5.0, _("mother of the same name")),
        Point("mother.other", -5.0, _("mother of another name")),
        Point("father.same", 3.0, _("father of the same name")),
        Point("father.other", -3.0, _("father of another name")),
        Point("place.same", 2.0, _("same place of origin")),
        Point("crowd.some", -1.5, _("some other records share what agrees")),
        Point("crowd.many", -3.0, _("many other records share what agrees")),
        # Rules: they say why a score was held down.
        Point("rule.siblings", 0.0, _("like twins, sisters or brothers: another given name")),
        Point("rule.sexes", 0.0, _("the sexes differ, so it is not suggested")),
        Point("rule.borrowed", 0.0, _("the same paper under another name")),
        Point("rule.bare", 0.0, _("nothing but names agrees")),
    )
}

# How much a shared form of a word says, by the kind of its feature.
_LEVELS = {Kind.WORD: 4, Kind.SOUND: 3, Kind.LOOSE: 2, Kind.NEAR: 1, Kind.TYPED: 1}
_LEVEL_OF = {int(kind): level for kind, level in _LEVELS.items()}
_CODES = {
    (4, False): "name.same",
    (4, True): "name.same-common",
    (3, False): "name.spelling",
    (3, True): "name.spelling-common",
    (2, False): "name.loose",
    (2, True): "name.loose",
    (1, False): "name.near",
    (1, True): "name.near",
}
_OTHER_NAMES = 16  # slots from here on are words of other names that the person uses
_SLOT = 0x7F


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two records. `reasons`: codes of points, as often as they count."""

    score: float
    reasons: tuple[str, ...]

    @property
    def is_shown(self) -> bool:
        return self.score >= SHOWN

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


def compare(sought: Compared, packed: bytes, *, holders: int = 0) -> Comparison:
    """Compare the person who is looked for with the packed features of one record.

    `holders`: how many records share the rarest key that both have, 0 where nobody counted.
    """
    where = sought.where
    marks, own_kinds, own_slots = columns(packed)
    shared: dict[int, set[int]] = {}
    words: dict[tuple[int, int], int] = {}
    known = where.keys()
    for at in [at for at, mark in enumerate(marks) if mark in known]:
        kind, places = own_kinds[at], where[marks[at]]
        level = _LEVEL_OF.get(kind)
        if level is None:
            shared.setdefault(kind, set()).update(places)
            continue
        for own_slot in places:
            pair = (own_slot, own_slots[at])
            if words.get(pair, 0) < level:
                words[pair] = level
    kinds = frozenset(own_kinds)
    slots = frozenset(own_slots[: own_kinds.count(Kind.WORD)])
    found, unmatched = _names(words, sought.words, slots)
    found += _birth(shared, sought.kinds, kinds)
    found += _facts(shared, sought.kinds, kinds)
    if holders > SOME:
        found.append("crowd.many" if holders > MANY else "crowd.some")
    return _judged(found, unmatched, shared)


def _names(
    words: dict[tuple[int, int], int], own: frozenset[int], other: frozenset[int]
) -> tuple[list[str], int]:
    """Codes for the words of both names, and how many have no counterpart on either side."""
    found: list[str] = []
    taken_own: set[int] = set()
    taken_other: set[int] = set()
    for (mine, theirs), level in sorted(words.items(), key=lambda each: -each[1]):
        if mine in taken_own or theirs in taken_other:
            continue
        taken_own.add(mine)
        taken_other.add(theirs)
        found.append(_CODES[level, bool(mine & COMMON and theirs & COMMON)])
    left_own = sum(1 for slot in own - taken_own if slot & _SLOT < _OTHER_NAMES)
    left_other = sum(1 for slot in other - taken_other if slot & _SLOT < _OTHER_NAMES)
    both = min(left_own, left_other)
    found += ["name.other"] * both + ["name.missing"] * (max(left_own, left_other) - both)
    return found, both


def _birth(shared: dict[int, set[int]], own: frozenset[int], other: frozenset[int]) -> list[str]:
    if Kind.BORN_YEAR not in own or Kind.BORN_YEAR not in other:
        return []
    both_full = Kind.BORN_FULL in own and Kind.BORN_FULL in other
    if Kind.BORN in shared:
        return ["birth.day"]
    if Kind.BORN_FOLDED in shared:
        return ["birth.swapped"]
    if Kind.BORN_YEAR in shared:
        return ["birth.year-other-day" if both_full else "birth.year"]
    if both_full and Kind.BORN_TURNING in shared and Kind.BORN_NEARBY in shared:
        return ["birth.other-year"]
    return ["birth.nearby" if Kind.BORN_NEARBY in shared else "birth.other"]


_AGREEING = (
    (Kind.SEX, "sex.same", "sex.other"),
    (Kind.NATIONALITY, "nationality.same", "nationality.other"),
    (Kind.MOTHER, "mother.same", "mother.other"),
    (Kind.FATHER, "father.same", "father.other"),
    (Kind.PLACE, "place.same", ""),
)


def _facts(shared: dict[int, set[int]], own: frozenset[int], other: frozenset[int]) -> list[str]:
    found = []
    for kind, same, differs in _AGREEING:
        if kind in shared:
            found.append(same)
        elif differs and kind in own and kind in other:
            found.append(differs)
    if Kind.PAPER in shared:
        found.append("paper.same")
    elif Kind.PAPER_KIND in shared:
        found.append("paper.other")
    if Kind.PHONE in shared:
        found.append("phone.family" if Kind.CHILD in own and Kind.CHILD in other else "phone.same")
    return found


def _judged(found: list[str], unmatched: int, shared: dict[int, set[int]]) -> Comparison:
    """The sum, held down by the rules. A rule that holds is named among the reasons."""
    score = sum(map(_BITS.__getitem__, found))
    names = not _NAMES_AGREE.isdisjoint(found)
    same_paper = Kind.PAPER in shared
    held: list[tuple[str, float]] = []
    if same_paper:
        if unmatched and not names:
            held.append(("rule.borrowed", LIKELY - 1))
    else:
        if unmatched:
            held.append(("rule.siblings", SHOWN - 1))
        if "sex.other" in found:
            held.append(("rule.sexes", SHOWN - 1))
        if _BEYOND_NAMES.isdisjoint(found):
            held.append(("rule.bare", LIKELY - 1))
    for code, most in held:
        if score > most:
            score = most
            found.append(code)
    return Comparison(score, tuple(found))


_BITS = {code: point.bits for code, point in POINTS.items()}
_NAMES_AGREE = frozenset(_CODES.values())
_BEYOND_NAMES = frozenset(
    "birth.day birth.swapped birth.year birth.other-year phone.same mother.same".split()
)


def total(reasons: Iterable[str]) -> float:
    """The sum of the points behind `reasons`, without the rules that held it down."""
    return sum(POINTS[code].bits for code in reasons if code in POINTS)


def sentences(reasons: Iterable[str]) -> list[tuple[Promise, int]]:
    """(words, how often) of each reason, the strongest first; unknown codes are passed over."""
    counted = Counter(code for code in reasons if code in POINTS)
    order = sorted(counted, key=lambda code: -POINTS[code].bits)
    return [(POINTS[code].words, counted[code]) for code in order]
