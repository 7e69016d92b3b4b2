"""What places tell together gives away nothing that they do not tell themselves."""

from collections.abc import Hashable
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cairn.core.held_back import LEAST_TOLD, Sum, added, determined, shares_of_none, told

ONE, TWO = UUID(int=1), UUID(int=2)
PARTS = ("a", "b", "c")


@given(st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from([ONE, TWO]), st.integers(1, 40))))
def test_no_figure_that_is_held_back_follows_from_what_is_told(
    rows: list[tuple[str, UUID, int]],
) -> None:
    counts: dict[Hashable, int] = dict.fromkeys(("all", *PARTS), 0)
    shares = shares_of_none()
    for part, knows, count in rows:
        for key in ("all", part):
            counts[key] += count
            shares[key][knows] += count
    sums = [Sum("all", PARTS)]
    found = told(counts, sums, shares)
    hidden = {key for key, value in found.items() if value is None}
    assert not determined(sums, hidden)
    for name, value in found.items():
        if value is not None:
            assert not 0 < value < LEAST_TOLD
            assert all(not 0 < value - own < LEAST_TOLD for own in shares[name].values())


def test_what_one_place_holds_back_is_in_no_sum() -> None:
    first: dict[Hashable, int | None] = {"all": 60, "a": 40, "b": None}
    second: dict[Hashable, int | None] = {"all": None, "a": None, "b": None, "c": 0}
    assert added([first, second]) == {"all": 60, "a": 40, "b": None, "c": 0}
    assert added([]) == {}
