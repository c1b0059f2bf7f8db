"""How the stops of one aisle in one block can be visited, and what that takes."""

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

NEVER = float("inf")


class Way(IntEnum):
    """Ratliff and Rosenthal (1983) show that a shortest tour needs no other."""

    ACROSS = 0  # once from end to end
    BACK = 1  # in and out at the back
    FRONT = 2  # in and out at the front
    GAP = 3  # in and out at both ends, all but the largest gap
    TWICE = 4  # to the other end and back again
    SKIP = 5  # not at all: there is nothing


class Gap(NamedTuple):
    """Between two neighbouring stops, the index of the first of them."""

    after: int
    wide: float


def largest_gap(ys: Sequence[float]) -> Gap:
    """Of at least two stops."""
    return max(
        (Gap(n, there - here) for n, (here, there) in enumerate(pairwise(ys))), key=lambda gap: gap.wide
    )


def lengths(length: float, ys: Sequence[float]) -> tuple[float, ...]:
    """What each Way takes in a block that is `length` deep, for stops at these distances from its front."""
    if not ys:
        return (length, NEVER, NEVER, NEVER, 2 * length, 0)
    around = 2 * (length - largest_gap(ys).wide) if len(ys) > 1 else NEVER
    return (length, 2 * (length - ys[0]), 2 * ys[-1], around, 2 * length, NEVER)
