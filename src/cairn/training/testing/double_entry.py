"""Answer sheets keyed in twice: where both entries differ, and what stands when they do not."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from cairn.training.testing.answers import Answer

Place = tuple[str, str]
"""(key of the question, code of its item): one cell of an answer sheet."""
Sheet = Mapping[Place, Answer]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that two people keyed in differently."""

    place: Place
    first: Answer
    second: Answer


def differences(first: Sheet, second: Sheet) -> list[Difference]:
    """Cells of both entries that differ, in the order of the first; absent is "not answered".

    Texts are compared without regard to blanks, capitals and how a letter is composed: two people
    do not break lines alike.
    """
    places = list(first) + [place for place in second if place not in first]
    return [
        Difference(place, first.get(place), second.get(place))
        for place in places
        if _folded(first.get(place)) != _folded(second.get(place))
    ]


def settled(first: Sheet, second: Sheet, decided: Sheet | None = None) -> dict[Place, Answer]:
    """The answers that stand: what both entries say, and what was decided where they differ.

    A cell that differs and was not decided is left out: it stands for nothing yet.
    """
    open_places = {each.place for each in differences(first, second)}
    chosen = decided or {}
    stands: dict[Place, Answer] = {}
    for place in [*first, *(place for place in second if place not in first)]:
        if place not in open_places:
            stands[place] = first.get(place)
        elif place in chosen:
            stands[place] = chosen[place]
    return stands


def agreement(first: Sheet, second: Sheet) -> float | None:
    """The share of cells keyed in alike, 0 to 1; None when there are no cells."""
    places = set(first) | set(second)
    if not places:
        return None
    return 1 - len(differences(first, second)) / len(places)


def _folded(answer: Answer) -> object:
    if isinstance(answer, str):
        return " ".join(unicodedata.normalize("NFKC", answer).casefold().split())
    return answer
