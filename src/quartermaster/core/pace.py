"""How often an outside system may be asked: one count for all workers on all machines.

Whoever calls outside takes a turn first. Without a keeper (a connector's own tests) nobody waits.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol


class Limit(NamedTuple):
    """A class of calls that is counted together: `burst` at once, then one each `each_s` seconds."""

    name: str
    each_s: float
    burst: int


class Keeper(Protocol):
    """Keeps the count. Safe among threads and processes."""

    def take(self, limit: Limit, *, begun: bool) -> float:
        """0: go ahead, it is counted. Else the seconds until a turn is free; nothing was counted.

        `begun`: a call belongs to work that has had its turn. It goes ahead, and those after it wait longer:
        work that stopped half way would begin from the front, and never end."""
        ...

    def close(self, limit: Limit, until: datetime) -> None:
        """The other side wants nothing of this class before `until`."""
        ...


type LimitOf = Callable[[str, str], Limit]  # of a method and a path

keepers: list[Keeper] = []  # one at most; set once at start by the flow


def take(limit: Limit, *, begun: bool = False) -> float:
    return keepers[0].take(limit, begun=begun) if keepers else 0.0


def close(limit: Limit, until: datetime) -> None:
    for keeper in keepers:
        keeper.close(limit, until)
