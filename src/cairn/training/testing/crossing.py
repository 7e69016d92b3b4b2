"""Two parallel forms crossed over a group: half take A before and B after, half the other way.

Memory of a question cannot look like learning then, and a difference in difficulty between the
forms falls out of the mean gain (see the training study, section 7: form effect).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """Which form comes first. The value is the two letters in order: pre-test, post-test."""

    A_FIRST = "AB"
    B_FIRST = "BA"


@dataclass(frozen=True, slots=True)
class Member:
    """A participant, by a key that never changes. `agency` and `sex` are any codes, may be ""."""

    key: str
    agency: str = ""
    sex: str = ""


def crossed(
    event: str, members: Iterable[Member], already: Mapping[str, Order] | None = None
) -> dict[str, Order]:
    """The order for every member: {key: order}.

    `event` is any text that names the event; the same event and members give the same orders, in
    whatever sequence they are listed. Those in `already` keep theirs for good and count for the
    balance, so people who come late change nobody's form. Who is new goes to the order of which
    there are fewer among those of the same agency and sex; then of the agency; then of all; then
    of the sex; a digest of event and key decides what is still even.

    For a group that is divided at once, the numbers of both orders differ by at most one in all,
    within each agency, and within each sex of an agency; those of a sex over all agencies are as
    near as that allows.
    """
    listed = list(members)
    orders = dict(already or {})
    balance: Counter[tuple[str, ...]] = Counter()
    for member in listed:
        if member.key in orders:
            _count(balance, member, orders[member.key])
    new = [member for member in listed if member.key not in orders]
    for member in sorted(new, key=lambda each: (each.agency, each.sex, _digest(event, each.key))):
        order = _next(event, balance, member)
        orders[member.key] = order
        _count(balance, member, order)
    return {member.key: orders[member.key] for member in listed}


def form_for(order: Order, wave: int) -> str:
    """The form of a wave: 0 before the training, 1 after it, 2 months later (as before), and on."""
    return order.value[wave % 2]


def _groups(member: Member) -> list[tuple[str, ...]]:
    """What an order is balanced within, the most important first."""
    return [
        ("both", member.agency, member.sex),
        ("agency", member.agency),
        ("all",),
        ("sex", member.sex),
    ]


def _next(event: str, balance: Counter[tuple[str, ...]], member: Member) -> Order:
    for group in _groups(member):
        if balance[group]:
            return Order.B_FIRST if balance[group] > 0 else Order.A_FIRST
    return Order.A_FIRST if _digest(event, member.key)[-1] % 2 else Order.B_FIRST


def _count(balance: Counter[tuple[str, ...]], member: Member, order: Order) -> None:
    """`balance` holds the number of A first minus B first."""
    for group in _groups(member):
        balance[group] += 1 if order == Order.A_FIRST else -1


def _digest(event: str, key: str) -> bytes:
    return hashlib.sha256(f"{event}\0{key}".encode()).digest()
