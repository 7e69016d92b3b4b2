"""How changes of two people to one record are brought together, so that safety never gets less.

What only one of them changed is taken over. Where both changed the same, a fact that protects
stands in its most protecting form, any other fact stays as both found it, and free text is kept
twice; each time somebody has to resolve it. Nothing depends on whose change came first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import ContactRule, RiskLevel

# Facts that protect: each list goes from what protects least to what protects most. States of
# consent, referrals and shares stand here as well, so that whoever brings two versions together
# finds that what was withdrawn, recalled or revoked stays so.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "age_band": (AgeBand.ADULT, AgeBand.AGE_DISPUTED, AgeBand.CHILD),
    "contact_rule": tuple(ContactRule),
    "risk_level": tuple(RiskLevel),
    "consent": (
        "given",
        "given-with-limits",
        "explained",
        "not-sought",
        "not-possible",
        "superseded",
        "expired",
        "refused",
        "withdrawn",
    ),
    "share": ("active", "accepted", "previewed", "proposed", "expired", "rejected", "revoked"),
    "referral": ("accepted", "sent", "cleared", "draft", "recalled", "withdrawn"),
    "may_return": ("safe", "not-assessed", "unsafe"),
    "may_contact": ("yes", "not-known", "no"),
}
# Facts with several values, where none that protects is lost: what either has stays.
UNITED = frozenset({"do_not_contact", "risk_factors"})


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of several versions. `is_open`: somebody has to resolve it.

    `values`: what was written, each once, in an order that depends on nothing but the values.
    """

    standing: Any
    values: tuple[Any, ...] = ()
    is_open: bool = False


def merge(field: str, base: Any, versions: Iterable[Any]) -> Merged:
    """One fact that began as `base` and was written as `versions`, in any order and number."""
    if field in UNITED:
        return _united(base, versions)
    changed = _distinct(value for value in versions if value != base)
    if not changed:
        return Merged(base)
    if len(changed) == 1:
        return Merged(changed[0])
    if order := ORDERS.get(field):
        # A value that nobody knows protects nobody: it never wins over one that is known.
        standing = max(changed, key=lambda value: order.index(value) if value in order else -1)
        return Merged(standing, tuple(changed), is_open=True)
    return Merged(base, tuple(changed), is_open=True)


def _united(base: Any, versions: Iterable[Any]) -> Merged:
    """Lines that each version added stay; a line goes when one took it off and no other wrote."""
    changed = _distinct(sorted(set(value or ())) for value in versions)
    before = sorted(set(base or ()))
    changed = [value for value in changed if value != before]
    if len(changed) <= 1:
        return Merged(changed[0] if changed else before)
    standing = sorted(set().union(*changed))
    is_open = any(value != standing for value in changed)
    return Merged(standing, tuple(changed), is_open=is_open)


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return sorted(found, key=repr)


def protects(field: str, value: Any) -> int:
    """How much a value protects, for comparing two values of one field; more is safer."""
    order = ORDERS[field]
    return order.index(value) if value in order else -1


def lowers(field: str, standing: Any, to: Any) -> bool:
    """Whether going from `standing` to `to` protects less than before."""
    if field in UNITED:
        return not set(standing or ()) <= set(to or ())
    return field in ORDERS and protects(field, to) < protects(field, standing)


def texts(base: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Free text is never brought together: every version that somebody wrote is kept."""
    return tuple(_distinct(text for text in versions if text != base)) or (base,)


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment of danger. `seen`: number of the newest one that its writer knew, or 0."""

    number: int
    seen: int
    level: str
    factors: Sequence[str]
    assessed_on: date
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The danger as it is held to be. `is_open`: several were written unseen of each other."""

    level: str
    factors: tuple[str, ...]
    assessed_on: date
    review_on: date | None
    newest: int
    is_open: bool

    def is_due(self, today: date) -> bool:
        return self.review_on is not None and self.review_on <= today


def standing_risk(assessments: Iterable[Assessed]) -> Standing | None:
    """The danger that holds: the greatest of those that no later assessment has seen.

    Without any: None, and the caller takes the danger for extreme until shown otherwise (WHO
    ethical and safety recommendations, 2003).
    """
    found = list(assessments)
    heads = [one for one in found if not any(one.number <= other.seen for other in found)]
    if not heads:
        return None
    merged = merge("risk_level", None, [one.level for one in heads])
    reviews = [one.review_on for one in heads if one.review_on is not None]
    return Standing(
        level=merged.standing,
        factors=tuple(sorted({factor for one in heads for factor in one.factors})),
        assessed_on=max(one.assessed_on for one in heads),
        review_on=min(reviews, default=None),
        newest=max(one.number for one in found),
        is_open=len(heads) > 1,
    )
