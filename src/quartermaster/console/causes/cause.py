"""What a cause is made of: rows, groups of rows, and what is said of a group."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from quartermaster.core.care import CareTold


class When(StrEnum):
    NOW = "now"  # somebody waits, or money is lost, until a person acts
    NEXT = "next"  # today
    LATER = "later"  # when there is room


class Group(NamedTuple):
    """Rows of one cause that one act can settle. of: what they have in common ("address", a SKU's code).

    rows: how many; is_more: there are more, for the cause was not counted to its end;
    money: currency -> minor units of the orders behind them; due_at: the nearest
    deadline of any of them; note: what the newest row says; whose: who sees to any of them ("user:3");
    unassigned: rows nobody sees to; back: rows that were answered for, and count again.
    """

    cause: str
    of: str
    rows: int
    orders: int
    money: Mapping[str, int]
    first_at: datetime
    last_at: datetime
    due_at: datetime | None
    note: str
    is_more: bool = False
    whose: tuple[str, ...] = ()
    unassigned: int = 0
    back: int = 0


class Told(NamedTuple):
    """What a page says of a group. verb: what its one button says; link: where that leads, "" for the group's
    own page. clause: the same within a sentence ("9 orders will miss their cut-off"), "" to be left out."""

    when: When
    title: str
    why: str
    verb: str
    link: str = ""
    clause: str = ""


class Row(NamedTuple):
    """One thing that waits. link: where it is looked at; act: what its fix is told by (an id, a number), and
    what is said of it; care: None while nobody said anything of it."""

    act: str
    title: str
    link: str
    note: str
    at: datetime
    due_at: datetime | None
    minor: int | None
    currency: str
    care: CareTold | None = None


class Cause(NamedTuple):
    """rows: a statement that yields of, act, title, link, note, at, due_at, minor, currency and order_id; its
    parameter is now. act is the same each time a row is listed. fix: what can be done to all of a group; ""
    where there is nothing. is_exception: the system could not finish; the others are work that is simply due.
    begins_anew: whether a later `at` says that it happened again, and not only that it was tried again.
    answered_in: the list on which people answer for its rows, "" for its own page."""

    name: str
    title: str
    rows: str
    tell: Callable[[Group], Told]
    fix: str = ""
    is_exception: bool = True
    begins_anew: bool = True
    answered_in: str = ""


def many(group: Group, one: str) -> str:
    """1 order, 1,284 orders; 1,284+ orders where counting stopped."""
    if group.rows == 1 and not group.is_more:
        return f"1 {one}"
    return f"{group.rows:,}{'+' if group.is_more else ''} {one}s"
