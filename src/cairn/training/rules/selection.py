"""Selection for a training: weighted criteria, seats by agency, minimum women, the reserve list.

What is computed here is put before a panel: it proposes and counts, the panel decides and says why.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cairn.core.errors import RuleBroken
from cairn.training.rules.choices import SelectionOutcome, Sex

_HUNDREDTH = Decimal("0.01")
MOST_CRITERIA = 12


@dataclass(frozen=True, slots=True)
class Criterion:
    """One published criterion. `weight`: above 0, any scale; `most`: the highest score."""

    code: str
    label: str
    weight: int = 1
    most: int = 5


@dataclass(frozen=True, slots=True)
class Seats:
    """What an agency may send. `minimum_women` of `seats`; `name` is what findings call it."""

    agency: str
    seats: int
    minimum_women: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One nomination as selection sees it: no name. `place`: order in which it came, for ties.

    `total`: 0 to 100, None when nobody scored it yet.
    """

    key: str
    agency: str
    sex: str
    total: Decimal | None
    is_eligible: bool = True
    place: int = 0

    @property
    def is_woman(self) -> bool:
        return self.sex == Sex.FEMALE


class Why(TextChoices):
    """Why a candidate is proposed so."""

    RANK = "rank", gettext_lazy("By rank among those of the agency")
    WOMEN = "women", gettext_lazy("Best ranked woman, so that the minimum is reached")
    RESERVE = "reserve", gettext_lazy("Next in rank, no seat left")
    NOT_ELIGIBLE = "not-eligible", gettext_lazy("Not eligible")
    NOT_SCORED = "not-scored", gettext_lazy("Not scored yet")
    NO_SEATS = "no-seats", gettext_lazy("The agency has no seats in this call")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for one candidate. `order`: rank in the agency or on the reserve list."""

    candidate: Candidate
    outcome: SelectionOutcome | None
    why: Why
    order: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit. `stops`: it cannot be decided so; otherwise the panel gives a reason."""

    code: str
    message: str
    stops: bool
    agency: str = ""
    count: int = 0


@dataclass(slots=True)
class Proposal:
    """The list for the panel, and what does not fit in it."""

    rows: list[Proposed] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    free: dict[str, int] = field(default_factory=dict)

    def of(self, outcome: SelectionOutcome | None) -> list[Proposed]:
        return [row for row in self.rows if row.outcome == outcome]


def check_criteria(criteria: Sequence[Criterion]) -> None:
    """Raise RuleBroken("selection.criteria") for criteria that cannot be weighed."""
    codes = [each.code for each in criteria]
    if len(set(codes)) != len(codes):
        raise RuleBroken("selection.criteria", _("Two criteria have the same code."))
    if len(criteria) > MOST_CRITERIA:
        raise RuleBroken(
            "selection.criteria",
            _("A call has at most %(count)d criteria.") % {"count": MOST_CRITERIA},
        )
    for each in criteria:
        if each.weight < 1 or each.most < 1:
            raise RuleBroken(
                "selection.criteria",
                _("The weight and the highest score of “%(label)s” must be 1 or more.")
                % {"label": each.label},
            )


def check_seats(seats: Collection[Seats]) -> None:
    """Raise RuleBroken("selection.seats") for an allocation that cannot be met."""
    for each in seats:
        if each.minimum_women > each.seats:
            raise RuleBroken(
                "selection.seats",
                _("%(agency)s: the minimum of women is above the number of seats.")
                % {"agency": each.name or each.agency},
            )


def total_of(criteria: Sequence[Criterion], scores: Mapping[str, int]) -> Decimal | None:
    """The weighted total, 0.00 to 100.00; None until every criterion has a score.

    sum(weight * score / most) / sum(weight) * 100. Raises RuleBroken("selection.score") for a
    score above the highest, below zero, or of a criterion that the call does not have.
    """
    known = {each.code: each for each in criteria}
    for code, score in scores.items():
        if code not in known:
            raise RuleBroken(
                "selection.score", _("This call has no criterion “%(code)s”.") % {"code": code}
            )
        if not 0 <= score <= known[code].most:
            raise RuleBroken(
                "selection.score",
                _("“%(label)s” is scored from 0 to %(most)d, not %(score)d.")
                % {"label": known[code].label, "most": known[code].most, "score": score},
                _("Correct the score."),
            )
    if not criteria or known.keys() - scores.keys():
        return None
    weights = sum(each.weight for each in criteria)
    points = sum(
        (Decimal(each.weight * scores[each.code]) / each.most for each in criteria), Decimal(0)
    )
    return (points / weights * 100).quantize(_HUNDREDTH, ROUND_HALF_UP)


def ranked(candidates: Collection[Candidate]) -> list[Candidate]:
    """Highest total first; equal totals in the order in which they came."""
    return sorted(
        candidates,
        key=lambda each: (-(each.total if each.total is not None else -1), each.place, each.key),
    )


def propose(
    candidates: Collection[Candidate], seats: Collection[Seats], *, minimum_women: int = 0
) -> Proposal:
    """Who would have a seat by rank and minimum of women, agency by agency; then the reserve list.

    `minimum_women`: of the whole call, on top of the agencies' own. Seats that an agency cannot
    fill stay free: whether another agency gets them is for people to decide.
    """
    proposal = Proposal()
    chosen: dict[str, Why] = {}
    places = {each.agency: each for each in seats}
    fit = [each for each in candidates if each.is_eligible and each.total is not None]
    for agency, allocation in places.items():
        own = ranked([each for each in fit if each.agency == agency])
        taken = _within_agency(own, allocation)
        chosen |= taken
        proposal.free[agency] = allocation.seats - len(taken)
    _raise_women(chosen, fit, places, minimum_women)
    proposal.rows = _rows(candidates, chosen, places)
    picked = [each for each in candidates if each.key in chosen]
    proposal.findings = findings(picked, seats, minimum_women=minimum_women)
    return proposal


def _within_agency(own: Sequence[Candidate], allocation: Seats) -> dict[str, Why]:
    """First the best women up to the minimum, then everybody by rank."""
    women = [each for each in own if each.is_woman][: allocation.minimum_women]
    by_rank = {each.key for each in own[: allocation.seats]}
    taken = {
        each.key: Why.RANK if each.key in by_rank else Why.WOMEN
        for each in women[: allocation.seats]
    }
    for each in own:
        if len(taken) >= allocation.seats:
            break
        taken.setdefault(each.key, Why.RANK)
    return taken


def _raise_women(
    chosen: dict[str, Why],
    fit: Sequence[Candidate],
    places: Mapping[str, Seats],
    minimum_women: int,
) -> None:
    """Give seats of the last ranked others to the best women in reserve of the same agency."""
    by_key = {each.key: each for each in fit}
    missing = minimum_women - sum(by_key[key].is_woman for key in chosen)
    waiting = ranked(
        [each for each in fit if each.is_woman and each.key not in chosen and each.agency in places]
    )
    for woman in waiting:
        if missing <= 0:
            return
        others = ranked(
            [
                by_key[key]
                for key in chosen
                if by_key[key].agency == woman.agency and not by_key[key].is_woman
            ]
        )
        if others:
            del chosen[others[-1].key]
            chosen[woman.key] = Why.WOMEN
            missing -= 1


def _rows(
    candidates: Collection[Candidate], chosen: Mapping[str, Why], places: Mapping[str, Seats]
) -> list[Proposed]:
    rows: list[Proposed] = []
    seated: Counter[str] = Counter()
    reserve: Counter[str] = Counter()
    for each in ranked(candidates):
        outcome: SelectionOutcome | None = None
        order = 0
        if not each.is_eligible:
            why = Why.NOT_ELIGIBLE
        elif each.agency not in places:
            why = Why.NO_SEATS
        elif each.key in chosen:
            seated[each.agency] += 1
            outcome, why, order = SelectionOutcome.SELECTED, chosen[each.key], seated[each.agency]
        elif each.total is None:
            why = Why.NOT_SCORED
        else:
            reserve[each.agency] += 1
            outcome, why, order = SelectionOutcome.RESERVE, Why.RESERVE, reserve[each.agency]
        rows.append(Proposed(each, outcome, why, order))
    return rows


def findings(
    picked: Collection[Candidate], seats: Collection[Seats], *, minimum_women: int = 0
) -> list[Finding]:
    """What does not fit in a selection: seats exceeded, too few women, not eligible, no seats.

    Each says for which agency and how many. Only too few women can be decided against, with a
    reason; the others stop.
    """
    found: list[Finding] = []
    places = {each.agency: each for each in seats}
    counts = Counter(each.agency for each in picked)
    women = Counter(each.agency for each in picked if each.is_woman)
    unfit = sum(not each.is_eligible for each in picked)
    if unfit:
        found.append(
            Finding(
                "selection.not-eligible",
                ngettext(
                    "%(count)d of those chosen is not eligible.",
                    "%(count)d of those chosen are not eligible.",
                    unfit,
                )
                % {"count": unfit},
                stops=True,
                count=unfit,
            )
        )
    for agency in sorted(counts.keys() - places.keys()):
        found.append(
            Finding(
                "selection.no-seats",
                _("An agency without seats in this call has people among those chosen."),
                stops=True,
                agency=agency,
                count=counts[agency],
            )
        )
    for agency, place in places.items():
        found += _of_agency(place, counts[agency], women[agency])
    short = minimum_women - sum(women.values())
    if short > 0 and picked:
        found.append(_too_few(short, "", ""))
    return found


def _of_agency(place: Seats, count: int, women: int) -> list[Finding]:
    found = []
    name = place.name or place.agency
    over = count - place.seats
    if over > 0:
        found.append(
            Finding(
                "selection.seats-exceeded",
                ngettext(
                    "%(agency)s, seats: %(seats)d. %(count)d person too many is chosen.",
                    "%(agency)s, seats: %(seats)d. %(count)d persons too many are chosen.",
                    over,
                )
                % {"agency": name, "seats": place.seats, "count": over},
                stops=True,
                agency=place.agency,
                count=over,
            )
        )
    # An agency that sends fewer people owes no more women than people.
    short = min(place.minimum_women, count) - women
    if short > 0:
        found.append(_too_few(short, place.agency, name))
    return found


def _too_few(short: int, agency: str, name: str) -> Finding:
    message = (
        ngettext(
            "%(agency)s: %(count)d woman is missing to the minimum.",
            "%(agency)s: %(count)d women are missing to the minimum.",
            short,
        )
        % {"agency": name, "count": short}
        if name
        else ngettext(
            "%(count)d woman is missing to the minimum of the whole call.",
            "%(count)d women are missing to the minimum of the whole call.",
            short,
        )
        % {"count": short}
    )
    return Finding("selection.too-few-women", message, stops=False, agency=agency, count=short)


def check_decision(found: Collection[Finding], reason: str) -> None:
    """Raise RuleBroken with the first finding that stops, or that would need a reason."""
    for finding in found:
        if finding.stops:
            raise RuleBroken(finding.code, finding.message, _("Change the list and decide again."))
    if found and not reason.strip():
        finding = next(iter(found))
        raise RuleBroken(
            finding.code,
            finding.message,
            _("Choose more women, or say in the reason why the minimum cannot be reached."),
        )


def next_in_reserve(
    reserve: Collection[Candidate], *, agency: str, prefer_woman: bool
) -> Candidate | None:
    """Who comes next when a seat of `agency` is free; a woman first when the minimum needs one."""
    own = ranked([each for each in reserve if each.agency == agency and each.is_eligible])
    women = [each for each in own if each.is_woman]
    if prefer_woman and women:
        return women[0]
    return own[0] if own else None
