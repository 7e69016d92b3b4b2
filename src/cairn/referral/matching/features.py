"""What records are found and compared by: texts to be hashed, made of an identity's facts.

Blocks find a record again; features say how two records agree. Both are hashed with a key of the
zone before anything is kept (`actions.matching`), and equal hashes are all that is ever compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import combinations
from typing import Any, NamedTuple

from cairn.referral.matching import dates, documents, spelling
from cairn.referral.matching.dates import Birth
from cairn.referral.matching.spelling import Forms

# Goes into every text: records made by other rules do not meet by chance, they are made anew.
EDITION = 1
MOST_BLOCKS = 40


class Kind(IntEnum):
    """Kinds of features. Their numbers are stored: never give one a second meaning."""

    WORD = 1
    SOUND = 2
    LOOSE = 3
    NEAR = 4
    TYPED = 5
    BORN = 10
    BORN_FOLDED = 11
    BORN_YEAR = 12
    BORN_NEARBY = 13
    BORN_TURNING = 14
    BORN_FULL = 15  # says only that a full date is known
    SEX = 20
    NATIONALITY = 21
    PLACE = 22
    PAPER = 30
    PAPER_KIND = 31
    PHONE = 32
    MOTHER = 40
    FATHER = 41
    CHILD = 50


class Feature(NamedTuple):
    """`slot`: which word of the name it belongs to (plus COMMON), else 0."""

    kind: Kind
    slot: int
    text: str


COMMON = 0x80


class Block(IntEnum):
    """Kinds of blocks: together, what they join is rare enough to look through."""

    PAPER = 1
    PHONE = 2
    TWO_WORDS_YEAR = 3
    WORD_BORN = 4
    WORD_YEAR = 5
    TWO_WORDS = 6
    TWO_WORDS_COUNTRY = 7
    WORD_MOTHER = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """Facts of one person. `birth`: "1998-04-03" or a part of it; `papers`: (kind, number)."""

    names: tuple[str, ...] = ()
    birth: Birth | None = None
    sex: str = ""
    nationality: str = ""
    mother: str = ""
    father: str = ""
    place: str = ""
    papers: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()
    is_child: bool = False

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Identity":
        """From the facts as they are sealed; what is not known here is passed over."""
        whole = " ".join(str(facts.get(name) or "") for name in ("given", "family", "name"))
        others = facts.get("others") or ()
        papers = facts.get("documents") or ()
        return cls(
            names=tuple(each for each in (whole.strip(), *map(str, others)) if each.strip()),
            birth=dates.birth(facts.get("birth") or ""),
            sex=str(facts.get("sex") or ""),
            nationality=str(facts.get("nationality") or "").upper(),
            mother=str(facts.get("mother") or ""),
            father=str(facts.get("father") or ""),
            place=str(facts.get("place") or ""),
            papers=tuple(
                (str(each.get("kind", "")), str(each.get("number", ""))) for each in papers
            ),
            phones=tuple(map(str, facts.get("phones") or ())),
            is_child=bool(facts.get("is_child")),
        )

    @property
    def main_name(self) -> str:
        return self.names[0] if self.names else ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An identity with its words read once; features and blocks are made of it."""

    identity: Identity
    words: tuple[Forms, ...]
    others: tuple[tuple[Forms, ...], ...] = ()
    fathers: tuple[str, ...] = field(default=())


def prepared(identity: Identity) -> Prepared:
    main = spelling.words(identity.main_name) if identity.names else spelling.Name(())
    others = [spelling.words(name) for name in identity.names[1:4]]
    father = spelling.words(identity.father).words[:1] if identity.father else ()
    return Prepared(
        identity,
        tuple(map(spelling.forms, main.words)),
        tuple(tuple(map(spelling.forms, each.words)) for each in others if each.words),
        (*main.patronymics, *father),
    )


# -- features ----------------------------------------------------------------------------------


def features(ready: Prepared) -> list[Feature]:
    """Everything by which this person is compared with another."""
    known = set(ready.words)
    found: list[Feature] = []
    extra = [each for other in ready.others for each in other if each not in known]
    for slot, word in enumerate((*ready.words, *dict.fromkeys(extra))):
        # Words of other names sit behind the main name's: nobody misses them (`scoring`).
        number = slot if slot < len(ready.words) else 16 + slot
        found += _of_word(word, number | (COMMON if word.is_common else 0))
    found += _of_birth(ready.identity.birth)
    found += _of_papers(ready.identity)
    facts = ready.identity
    for kind, text in ((Kind.SEX, facts.sex), (Kind.NATIONALITY, facts.nationality)):
        if text:
            found.append(Feature(kind, 0, text))
    for kind, name in ((Kind.MOTHER, facts.mother), (Kind.PLACE, facts.place)):
        for slot, text in enumerate(spelling.words(name).words if name else ()):
            found += [Feature(kind, slot, sound) for sound in spelling.forms(text).loose]
    for slot, name in enumerate(ready.fathers):
        found += [Feature(Kind.FATHER, slot, sound) for sound in spelling.forms(name).loose]
    if facts.is_child:
        found.append(Feature(Kind.CHILD, 0, "child"))
    return found


def _of_word(word: Forms, slot: int) -> Iterator[Feature]:
    yield Feature(Kind.WORD, slot, word.exact)
    for kind, texts in (
        (Kind.SOUND, word.sounds),
        (Kind.LOOSE, word.loose),
        (Kind.NEAR, word.near),
        (Kind.TYPED, word.typed),
    ):
        for text in texts:
            yield Feature(kind, slot, text)


def _of_birth(born: Birth | None) -> Iterator[Feature]:
    if born is None:
        return
    yield Feature(Kind.BORN_YEAR, 0, str(born.year))
    for year in (born.year - 1, born.year, born.year + 1):
        yield Feature(Kind.BORN_NEARBY, 0, str(year))
    if born.is_full:
        yield Feature(Kind.BORN, 0, born.exact)
        yield Feature(Kind.BORN_FOLDED, 0, born.folded)
        yield Feature(Kind.BORN_TURNING, 0, born.turning)
        yield Feature(Kind.BORN_FULL, 0, "full")


def _of_papers(facts: Identity) -> Iterator[Feature]:
    for kind, number in facts.papers:
        if plain := documents.paper(number):
            yield Feature(Kind.PAPER, 0, plain)
            yield Feature(Kind.PAPER_KIND, 0, kind)
    for phone in facts.phones:
        if digits := documents.phone(phone):
            yield Feature(Kind.PHONE, 0, digits)


# -- blocks ------------------------------------------------------------------------------------


def blocks(ready: Prepared) -> list[tuple[Block, str]]:
    """What this person is found by. No single name: it is too common and tells too much."""
    found = [(Block.PAPER, each) for each in _papers(ready.identity)]
    found += [(Block.PHONE, each) for each in map(documents.phone, ready.identity.phones) if each]
    for words in (ready.words, *ready.others):
        found += _of_name(words, ready.identity)
    return list(dict.fromkeys(found))[:MOST_BLOCKS]


def _papers(facts: Identity) -> list[str]:
    return [plain for _kind, number in facts.papers if (plain := documents.paper(number))]


def _of_name(words: Sequence[Forms], facts: Identity) -> Iterator[tuple[Block, str]]:
    keys = [word.loose[:2] for word in words[:4] if word.loose and len(word.loose[0]) > 1]
    pairs = {
        f"{min(one, other)}:{max(one, other)}"
        for first, second in combinations(keys, 2)
        for one, other in (
            (first[0], second[0]),
            (first[-1], second[0]),
            (first[0], second[-1]),
        )
    }
    singles = {each for key in keys for each in key}
    born, about = facts.birth, f"{facts.sex}:{facts.nationality}"
    if born is not None:
        for pair in pairs:
            yield Block.TWO_WORDS_YEAR, f"{pair}:{born.year}"
        for key in singles:
            if born.is_full:
                yield Block.WORD_BORN, f"{key}:{born.folded}"
            if facts.nationality:
                yield Block.WORD_YEAR, f"{key}:{born.year}:{about}"
    for pair in pairs:
        yield Block.TWO_WORDS, f"{pair}:{facts.sex}"
        if facts.nationality:
            yield Block.TWO_WORDS_COUNTRY, f"{pair}:{about}"
    if facts.mother and (mothers := spelling.words(facts.mother).words):
        mother = spelling.forms(mothers[0]).loose[0]
        for key in singles:
            yield Block.WORD_MOTHER, f"{key}:{mother}:{about}"
