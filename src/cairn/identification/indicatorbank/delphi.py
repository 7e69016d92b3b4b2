"""The printed rule of the ILO indicators: when a dimension is positive, and what several say.

Source: ILO and European Commission, Operational indicators of trafficking in human beings, results
of a Delphi survey, March 2009, revised September 2009. The weights were taken from a transcription
of the brochure and are to be compared with it before an edition is used in proceedings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    ABSENT = ""  # the indicator is not in the list for this age, or its list is not weighted


class Dimension(StrEnum):
    """The six dimensions, in the order of the source."""

    DECEPTIVE_RECRUITMENT = "deceptive-recruitment"
    COERCIVE_RECRUITMENT = "coercive-recruitment"
    VULNERABILITY_RECRUITMENT = "vulnerability-recruitment"
    EXPLOITATION = "exploitation"
    COERCION_DESTINATION = "coercion-destination"
    VULNERABILITY_DESTINATION = "vulnerability-destination"


# Five of the six are means of an adult's trafficking (TIP Protocol, Art. 3(a)).
MEANS = frozenset(Dimension) - {Dimension.EXPLOITATION}


class Pattern(StrEnum):
    """What the positive dimensions look like together. A description, never a decision."""

    COERCED_LABOUR = "coerced-labour"
    DECEIVED_AND_EXPLOITED = "deceived-and-exploited"
    MEANS_AND_EXPLOITATION = "means-and-exploitation"
    ACT_NOT_KNOWN = "act-not-known"
    EXPLOITATION_ONLY = "exploitation-only"
    CHILD_MOVED_AND_EXPLOITED = "child-moved-and-exploited"
    CHILD_EXPLOITED = "child-exploited"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was seen in one dimension. Counts of indicators by weight; `codes` in their order."""

    dimension: Dimension
    strong: int
    medium: int
    weak: int
    codes: tuple[str, ...]

    @property
    def is_positive(self) -> bool:
        return dimension_is_positive(self.strong, self.medium, self.weak)


@dataclass(frozen=True, slots=True)
class Weighed:
    """An indicator of a weighted list: its dimension and its weight for each age."""

    code: str
    dimension: Dimension
    adult: Weight
    child: Weight


def dimension_is_positive(strong: int, medium: int, weak: int) -> bool:
    """Whether this many indicators seen make a dimension positive, as the source prints it.

    Two strong; or one strong with one medium or weak; or three medium; or two medium with one
    weak. Nothing else: not one strong alone, not two medium, not one medium with any number of
    weak, and no number of weak. Raises ValueError for a negative count.
    """
    if min(strong, medium, weak) < 0:
        raise ValueError("Counts of indicators are not negative.")
    return (
        strong >= 2
        or (strong == 1 and medium + weak >= 1)
        or medium >= 3
        or (medium == 2 and weak >= 1)
    )


def tallies(
    seen: Mapping[str, str], indicators: Iterable[Weighed], *, is_child: bool
) -> list[Tally]:
    """What was seen in each dimension, in the order of the source, also where it was nothing.

    `seen`: {code: "yes", "no" or "unknown"}; only "yes" counts. An indicator that has no weight
    for this age counts nowhere.
    """
    found: dict[Dimension, list[tuple[str, Weight]]] = {each: [] for each in Dimension}
    for each in indicators:
        weight = each.child if is_child else each.adult
        if seen.get(each.code) == "yes" and weight is not Weight.ABSENT:
            found[each.dimension].append((each.code, weight))
    return [
        Tally(
            dimension,
            strong=sum(weight is Weight.STRONG for _code, weight in pairs),
            medium=sum(weight is Weight.MEDIUM for _code, weight in pairs),
            weak=sum(weight is Weight.WEAK for _code, weight in pairs),
            codes=tuple(code for code, _weight in pairs),
        )
        for dimension, pairs in found.items()
    ]


def pattern(positive: Iterable[Dimension], *, act: bool, is_child: bool) -> Pattern:
    """What positive dimensions look like together. `act`: moving, recruiting or harbouring seen.

    A child needs no means (TIP Protocol, Art. 3(c)). For adults the source asks for coercion at
    destination before it speaks of forced labour; deception with exploitation but without coercion
    is a pattern of its own, and exploitation alone is a matter of labour rights.
    """
    found = set(positive)
    if Dimension.EXPLOITATION not in found:
        return Pattern.INCOMPLETE
    if is_child:
        return Pattern.CHILD_MOVED_AND_EXPLOITED if act else Pattern.CHILD_EXPLOITED
    means = found & MEANS
    if not means:
        return Pattern.EXPLOITATION_ONLY
    if not act:
        return Pattern.ACT_NOT_KNOWN
    if Dimension.COERCION_DESTINATION in means:
        return Pattern.COERCED_LABOUR
    if Dimension.DECEPTIVE_RECRUITMENT in means:
        return Pattern.DECEIVED_AND_EXPLOITED
    return Pattern.MEANS_AND_EXPLOITATION
