"""What a kind of import offers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

type Made = tuple[str, int]  # what was made, and its id: ("order", 17)


class Given(NamedTuple):
    """A row of the file: `number` is its line; cells by canonical column name, trimmed, "" if absent. wrong:
    by column, what could not be read as the map says."""

    number: int
    cells: Mapping[str, str]
    wrong: Mapping[str, str] = {}


class Taken(NamedTuple):
    """What became of a row. why: "" when it was taken. doubt: what is probably wrong with it all the same.
    made: what was made for it, so that it can be taken back."""

    why: str = ""
    doubt: str = ""
    is_new: bool = True  # false: nothing had to be done, it was taken before
    is_changed: bool = False  # of those that are new: something was there, and is different now
    made: tuple[Made, ...] = ()


class Step(Protocol):
    """One pass over the file."""

    def wants(self, row: Given) -> bool:
        """Whether this pass has something to do with the row."""
        ...

    def take(self, rows: Sequence[Given]) -> Sequence[Taken]:
        """Take a batch in the caller's transaction; one answer per row. Raises only when all of it is void:
        then the batch is halved until the culprit is alone."""
        ...


class Kind(Protocol):
    """A kind of import. Column names are canonical: what the file calls them is the map's business."""

    @property
    def columns(self) -> Sequence[str]: ...

    @property
    def required(self) -> Sequence[str]: ...

    moments: Sequence[str] = ()  # columns that are moments: they reach the kind as ISO 8601 with an offset
    days: Sequence[str] = ()  # columns that are days of a calendar
    numbers: Sequence[str] = ()  # columns whose decimal sign may be another
    batch: int = 1000  # rows in a transaction
    needs_digest: bool = False  # whether `steps` must know what the file says: it is read once more for it
    rows_depend: bool = False  # whether a row may need an earlier one: a dry run keeps all until its end

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        """The passes, in order. `digest` stands for what the file says; `name` is for people."""
        ...
