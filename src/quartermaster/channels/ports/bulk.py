"""A shop's own door for many rows at once: taken in whole, and worked off later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from msgspec import Struct

from quartermaster.channels.ports.goods import Count, Price, Taken
from quartermaster.core.outside import Account


class Laid(Struct, frozen=True):
    """Rows that lie ready. `mark`: all that `begin` needs; "" where nothing is left to be sent. `answers`: of
    rows that are not among them and will not be sent."""

    mark: str
    answers: tuple[Taken, ...] = ()


class Progress(Struct, frozen=True):
    """How far a bulk write is. waits: not worked off yet. over: with an answer for each row that has one.
    died: it ended otherwise, and some of its rows may be written, or all, or none."""

    state: Literal["waits", "over", "died"]
    answers: tuple[Taken, ...] = ()
    because: str = ""


class Bulk(Protocol):
    """A shop that takes many absolute values in one write and works them off later.

    Two steps: what is laid out changes nothing until it is begun, so that the caller can write down in
    between that it is about to begin. The shop's name for a write is known only from the answer to `begin`.
    """

    bulk_from: int  # fewer rows go the quick way
    bulk_max: int  # rows of one write
    bulk_open: int  # writes under way at once
    bulk_lasts: timedelta  # after so long it will most likely not be worked off any more

    def is_open(self, *, account: Account, what: Literal["stock", "prices"]) -> bool:
        """Whether this very shop has it, for that."""
        ...

    def lay_stock(self, *, account: Account, counts: Sequence[Count]) -> Laid:
        """Changes nothing that buyers see. Raises NotDone, RefusedOutside."""
        ...

    def lay_prices(self, *, account: Account, prices: Sequence[Price]) -> Laid:
        """As `lay_stock`. Of listings that showed no price before when they were last read. One that is to be
        shown with it by now, and takes more than one write for that, is answered `later`."""
        ...

    def begin(self, *, account: Account, mark: str) -> str:
        """Have what was laid out worked off: the shop's name for it. Raises NotDone, RefusedOutside (surely
        it was not begun), Unclear."""
        ...

    def under_way(self, *, account: Account, since: datetime) -> tuple[str, ...]:
        """Names of the writes of this kind that were begun since, by whomever, and are not over. Raises
        NotDone."""
        ...

    def progress(self, *, account: Account, name: str, mark: str, rows: Sequence[str]) -> Progress:
        """`mark`: what it was begun with. `rows`: the names of its listings that are asked about. Changes
        nothing. Raises Missing (no such write), NotDone."""
        ...

    def stop(self, *, account: Account, name: str) -> None:
        """Have it not worked off, if that has not begun. What is under way or over stays so, without a word.
        Raises NotDone, Unclear."""
        ...
