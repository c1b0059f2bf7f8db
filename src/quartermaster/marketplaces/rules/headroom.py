"""How many more defects a window can take, and what it needs to be good again. Whole numbers, no floats."""

from enum import StrEnum

from msgspec import Struct

from quartermaster.marketplaces.rules.terms import PPM, Terms


class State(StrEnum):
    NONE = "none"  # nothing was counted: null, never 0 %
    FEW = "few"  # too few for anybody to be held to it
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Standing(Struct, frozen=True):
    """bad of n rows are defects. headroom: so many of the rows that are counted may still become defects,
    None where it is broken or nothing was counted. needs_good: so many more rows without a defect make it
    good again, 0 where it is."""

    n: int
    bad: int
    state: State
    headroom: int | None
    needs_good: int

    @property
    def share_ppm(self) -> int | None:
        """The share of defects, None where nothing was counted."""
        return self.bad * PPM // self.n if self.n else None


def allowed(n: int, terms: Terms) -> int:
    """The most defects n rows may have; -1 where not even none would do (n is 0 and the limit is strict)."""
    whole, rest = divmod(n * terms.limit_ppm, PPM)
    return whole - 1 if terms.is_strict and rest == 0 else whole


def is_kept(n: int, bad: int, terms: Terms) -> bool:
    """Whether the target is. Of no rows it is."""
    return n == 0 or bad <= allowed(n, terms)


def standing(n: int, bad: int, terms: Terms) -> Standing:
    """How a window stands. Amber before red: over the share from which one is warned, or with defects and
    without room for another."""
    if n == 0:
        return Standing(0, 0, State.NONE, None, 0)
    if not is_kept(n, bad, terms):
        state = State.FEW if n < terms.least_n else State.RED
        return Standing(n, bad, state, None, _needed(n, bad, terms))
    room = allowed(n, terms) - bad
    if n < terms.least_n:
        state = State.FEW
    elif bad and (room == 0 or bad * PPM >= terms.warn_ppm * n):
        state = State.AMBER
    else:
        state = State.GREEN
    return Standing(n, bad, state, room, 0)


def _needed(n: int, bad: int, terms: Terms) -> int:
    """The fewest rows m without a defect with which bad of n + m is within the limit."""
    whole, rest = divmod(bad * PPM, terms.limit_ppm)
    least = whole + (1 if rest or terms.is_strict else 0)  # the fewest rows in all
    return max(0, least - n)


def worst(states: list[State]) -> State:
    order = (State.RED, State.AMBER, State.GREEN, State.FEW, State.NONE)
    return next((one for one in order if one in states), State.NONE)
