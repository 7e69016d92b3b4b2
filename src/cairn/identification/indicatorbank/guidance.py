"""What observed signs may mean, in three bands with reasons. No total, no verdict.

The phone computes the same in field/static/field/app/guidance.js; a test holds the two together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ADULT = "adult"
# From the weakest to the strongest. A judgement of the officer's own may be any of them.
BANDS = ("none", "unclear", "concern")
YES, NO, UNKNOWN = "yes", "no", "unknown"
Sign = Mapping[str, Any]
"""A sign of the pack: "code", "kind", "settings", "profiles"; more is passed over here."""


class Kind(StrEnum):
    """What a sign speaks of: the three parts of TIP Protocol Art. 3, or what stands beside them."""

    ACT = "act"
    MEANS = "means"
    EXPLOITATION = "exploitation"
    DANGER = "danger"  # somebody is being hurt or held now
    CHILD = "child"  # a child without those who care for it
    CONTEXT = "context"  # flight, war, hunger: never flags anybody


class Reason(StrEnum):
    """Why a band; the sentences are in `wording`."""

    DANGER = "danger"
    MEANS_WITH_EXPLOITATION = "means-with-exploitation"
    MEANS_WITH_ACT = "means-with-act"
    CHILD_EXPLOITED = "child-exploited"
    CHILD_SEVERAL = "child-several"
    NO_MEANS_SEEN = "no-means-seen"
    ONE_PART = "one-part"
    NOT_IN_LIST = "not-in-list"
    NOT_CHECKED = "not-checked"
    NOTHING_ANSWERED = "nothing-answered"
    NOTHING_SEEN = "nothing-seen"
    CONTEXT_ONLY = "context-only"
    CONTEXT_BESIDE = "context-beside"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason and the codes of the signs that it rests on, in the order of the list."""

    reason: Reason
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """`band`: one of BANDS. `ask`: codes of signs that would complete the picture; for a child
    always empty, as nobody goes on questioning a child."""

    band: str
    why: tuple[Why, ...]
    ask: tuple[str, ...]


def shown(signs: Iterable[Sign], setting: str, profile: str) -> list[Sign]:
    """The signs for a place and a kind of officer, in their order; an empty list means all."""
    return [
        each
        for each in signs
        if (not each["settings"] or setting in each["settings"])
        and (not each["profiles"] or profile in each["profiles"])
    ]


def is_lower(judgement: str, guided: str) -> bool:
    """True when an officer's own judgement is below the band, so that it needs a reason.

    An unknown or empty judgement is no judgement, and so never lower.
    """
    return judgement in BANDS and guided in BANDS and BANDS.index(judgement) < BANDS.index(guided)


def band(age: str, seen: Mapping[str, str], signs: Iterable[Sign]) -> Guidance:
    """What signs seen may mean for somebody of this age.

    `age`: "adult", "child" or "maybe-child"; whoever may be a child is treated as one. `seen`:
    {code: "yes", "no" or "unknown"}; no key: not asked. Only "yes" raises a band; "unknown" and
    "not asked" never count as "no", and context alone never flags.

    Adults: a means with exploitation or with an act is a concern (TIP Protocol, Art. 3(a)). For
    children no means is needed (Art. 3(c)): exploitation alone is a concern, and so are two
    different parts. Somebody in danger is a concern whatever else was seen. The bands are a
    judgement of this platform, not of a source.
    """
    listed = list(signs)
    is_child = age != ADULT
    kinds = {each["code"]: each["kind"] for each in listed}
    order = [each["code"] for each in listed]
    yes = {kind.value: _coded(order, kinds, seen, kind, YES) for kind in Kind}
    strange = tuple(
        sorted(code for code, said in seen.items() if said == YES and code not in kinds)
    )
    unchecked = tuple(
        code for code in order if seen.get(code) == UNKNOWN and kinds[code] != Kind.CONTEXT
    )
    level, first = _first(is_child, yes, strange, order)
    if first is None:
        level, first = _nothing_seen(seen, yes, unchecked)
    why = [first]
    if strange and first.reason is not Reason.NOT_IN_LIST:
        why.append(Why(Reason.NOT_IN_LIST, strange))
    if unchecked and first.reason is not Reason.NOT_CHECKED:
        why.append(Why(Reason.NOT_CHECKED, unchecked))
    if yes[Kind.CONTEXT] and first.reason is not Reason.CONTEXT_ONLY:
        why.append(Why(Reason.CONTEXT_BESIDE, yes[Kind.CONTEXT]))
    return Guidance(level, tuple(why), _ask(is_child, seen, yes, order, kinds))


def _coded(
    order: Sequence[str], kinds: Mapping[str, str], seen: Mapping[str, str], kind: str, said: str
) -> tuple[str, ...]:
    return tuple(code for code in order if kinds[code] == kind and seen.get(code) == said)


def _first(
    is_child: bool,
    yes: Mapping[str, tuple[str, ...]],
    strange: tuple[str, ...],
    order: Sequence[str],
) -> tuple[str, Why | None]:
    """The band that signs which were seen give, and why; None when none but context was seen."""

    def rests_on(*kinds: Kind) -> tuple[str, ...]:
        chosen = {code for kind in kinds for code in yes[kind]}
        return tuple(code for code in order if code in chosen)

    parts = [kind for kind in (Kind.ACT, Kind.MEANS, Kind.EXPLOITATION, Kind.CHILD) if yes[kind]]
    if yes[Kind.DANGER]:
        return "concern", Why(Reason.DANGER, yes[Kind.DANGER])
    if is_child and yes[Kind.EXPLOITATION]:
        return "concern", Why(Reason.CHILD_EXPLOITED, yes[Kind.EXPLOITATION])
    if is_child and len(parts) >= 2:
        return "concern", Why(Reason.CHILD_SEVERAL, rests_on(*parts))
    if yes[Kind.MEANS] and yes[Kind.EXPLOITATION]:
        together = rests_on(Kind.MEANS, Kind.EXPLOITATION)
        return "concern", Why(Reason.MEANS_WITH_EXPLOITATION, together)
    if yes[Kind.MEANS] and yes[Kind.ACT]:
        return "concern", Why(Reason.MEANS_WITH_ACT, rests_on(Kind.MEANS, Kind.ACT))
    if yes[Kind.ACT] and yes[Kind.EXPLOITATION]:
        return "unclear", Why(Reason.NO_MEANS_SEEN, rests_on(Kind.ACT, Kind.EXPLOITATION))
    if parts:
        return "unclear", Why(Reason.ONE_PART, rests_on(*parts))
    if strange:
        return "unclear", Why(Reason.NOT_IN_LIST, strange)
    return "none", None


def _nothing_seen(
    seen: Mapping[str, str], yes: Mapping[str, tuple[str, ...]], unchecked: tuple[str, ...]
) -> tuple[str, Why]:
    """Nothing but context was seen: whether anything could be looked at decides."""
    if unchecked:
        return "unclear", Why(Reason.NOT_CHECKED, unchecked)
    if yes[Kind.CONTEXT]:
        return "none", Why(Reason.CONTEXT_ONLY, yes[Kind.CONTEXT])
    if not any(said == NO for said in seen.values()):
        return "unclear", Why(Reason.NOTHING_ANSWERED, ())
    return "none", Why(Reason.NOTHING_SEEN, ())


def _ask(
    is_child: bool,
    seen: Mapping[str, str],
    yes: Mapping[str, tuple[str, ...]],
    order: Sequence[str],
    kinds: Mapping[str, str],
) -> tuple[str, ...]:
    """Signs of the parts that were not seen and not yet answered; only once something was seen."""
    parts = (Kind.ACT, Kind.MEANS, Kind.EXPLOITATION)
    if is_child or not any(yes[kind] for kind in parts):
        return ()
    missing = {kind.value for kind in parts if not yes[kind]}
    return tuple(
        code for code in order if kinds[code] in missing and seen.get(code) not in {YES, NO}
    )
