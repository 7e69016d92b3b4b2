"""Drawing two parallel forms from a bank of questions by a plan of objectives."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

_NOT_KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the bank. `facility`: mean mark / highest mark so far, None when not known."""

    key: str
    objective: str
    max_mark: Decimal = Decimal(1)
    facility: float | None = None


@dataclass(frozen=True, slots=True)
class Forms:
    """Keys of the questions of both forms, in the order in which they are asked."""

    a: tuple[str, ...]
    b: tuple[str, ...]


def drawn_forms(seed: str, plan: Mapping[str, int], bank: Sequence[Candidate]) -> Forms:
    """Two forms without a common question, each with `plan[objective]` questions of an objective.

    Of an objective the questions are taken in pairs that are alike in highest mark and then in
    facility, and each pair is divided so that the sums of facility of both forms stay near. The
    same seed, plan and bank give the same forms. Raises RuleBroken: "form.plan" (nothing asked
    for), "form.bank", which names every objective that has too few questions.
    """
    wanted = {objective: number for objective, number in plan.items() if number > 0}
    if not wanted:
        raise RuleBroken(
            "form.plan",
            _("The plan asks for no questions."),
            _("Say for at least one objective how many questions a form has."),
        )
    _check_bank(wanted, bank)
    a: list[str] = []
    b: list[str] = []
    lead = 0.0  # by how much the facilities of form A sum up to more than those of form B
    for objective, number in wanted.items():
        of_objective = [each for each in bank if each.objective == objective]
        for easier, harder in _pairs(seed, of_objective, number):
            gap = _facility(easier) - _facility(harder)
            if lead > 0:
                easier, harder, gap = harder, easier, -gap
            a.append(easier.key)
            b.append(harder.key)
            lead += gap
    return Forms(tuple(a), tuple(b))


def _check_bank(wanted: Mapping[str, int], bank: Sequence[Candidate]) -> None:
    short = []
    for objective, number in wanted.items():
        there = sum(each.objective == objective for each in bank)
        if there < 2 * number:
            short.append(
                _("%(objective)s: %(needed)d needed, %(there)d there")
                % {"objective": objective, "needed": 2 * number, "there": there}
            )
    if short:
        raise RuleBroken(
            "form.bank",
            _("There are too few questions for two forms. %(list)s.") % {"list": "; ".join(short)},
            _("Write more questions for these objectives, or ask for fewer."),
        )


def _pairs(
    seed: str, candidates: Sequence[Candidate], number: int
) -> list[tuple[Candidate, Candidate]]:
    """`number` pairs of neighbours, alike as far as the bank has such: (easier, harder)."""

    def chance(each: Candidate) -> bytes:
        return hashlib.sha256(f"{seed}\0{each.key}".encode()).digest()

    ranked = sorted(candidates, key=lambda each: (each.max_mark, -_facility(each), chance(each)))
    # A pair is as good as its questions are alike: same mark first, then near in facility.
    options = sorted(
        range(len(ranked) - 1),
        key=lambda place: (
            ranked[place].max_mark != ranked[place + 1].max_mark,
            round(_facility(ranked[place]) - _facility(ranked[place + 1]), 9),
            chance(ranked[place]),
        ),
    )
    used: set[int] = set()
    chosen: list[tuple[Candidate, Candidate]] = []
    for place in options:
        if len(chosen) < number and not used & {place, place + 1}:
            used |= {place, place + 1}
            chosen.append((ranked[place], ranked[place + 1]))
    # Pairs of neighbours may leave single ones over; they are paired in their order.
    left = [each for place, each in enumerate(ranked) if place not in used]
    while len(chosen) < number:
        chosen.append((left.pop(0), left.pop(0)))
    return sorted(map(_easier_first, chosen), key=lambda pair: chance(pair[0]))


def _easier_first(pair: tuple[Candidate, Candidate]) -> tuple[Candidate, Candidate]:
    first, second = pair
    return pair if _facility(first) >= _facility(second) else (second, first)


def _facility(candidate: Candidate) -> float:
    return _NOT_KNOWN if candidate.facility is None else candidate.facility
