"""Credit: the participants of an event, divided among its linked trainers by the time they taught.

Counted in millionths of a participant and in whole numbers, so that the parts of an event add up
to its participants exactly, however they are added.
"""

import numpy as np

from cairn.training.engine.deliveries import Flags, Ints

PARTS = 1_000_000


def split(counts: Ints, event: Ints, minutes: Ints, is_linked: Flags) -> Ints:
    """Millionths of a participant for each row of trainers.

    `counts`: participants of each event. `event`, `minutes`, `is_linked`: of each row. Trainers
    not linked get nothing; where all linked trainers taught no time that is known, each gets
    the same. What is left after rounding down goes to the largest remainders, first row first.
    """
    parts = np.zeros(len(event), np.int64)
    rows = np.flatnonzero(is_linked)
    if not len(rows):
        return parts
    of, events = event[rows], len(counts)
    total = np.bincount(of, weights=minutes[rows], minlength=events).astype(np.int64)
    weight = np.where(total[of] > 0, minutes[rows], 1)
    total = np.where(total > 0, total, np.bincount(of, minlength=events))
    whole = counts[of] * PARTS
    # Whole participants and their rest apart: their product alone could pass 63 bits.
    quotient, rest = np.divmod(whole, total[of])
    more, remainder = np.divmod(rest * weight, total[of])
    floor = quotient * weight + more
    given = np.zeros(events, np.int64)
    np.add.at(given, of, floor)
    left = counts * PARTS - given
    order = np.lexsort((rows, -remainder, of))
    sorted_of = of[order]
    first = np.searchsorted(sorted_of, sorted_of, side="left")
    rank = np.arange(len(order)) - first
    floor[order] += rank < left[sorted_of]
    parts[rows] = floor
    return parts
