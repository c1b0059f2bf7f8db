"""What became of something that was told to be kept: of history, row by row."""

from enum import StrEnum
from typing import NamedTuple


class Became(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class Kept(NamedTuple):
    """`id` of the row it is now; None when it was refused, and then `because` says why."""

    id: int | None
    became: Became
    because: str = ""

    @property
    def is_new(self) -> bool:
        return self.became is Became.NEW


def refused(because: str) -> Kept:
    return Kept(None, Became.REFUSED, because)
