"""What a kind of import offers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Given(NamedTuple):
    """A row of the file: `number` is its line; cells by canonical column name, trimmed, "" if absent."""

    number: int
    cells: Mapping[str, str]


class Taken(NamedTuple):
    """What became of a row. why: "" when it was taken. doubt: what is probably wrong with it all the same."""

    why: str = ""
    doubt: str = ""
    is_new: bool = True  # false: nothing had to be done, it was taken before


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

    @property
    def rows_depend(self) -> bool:
        """Whether a row may need an earlier one: a dry run then keeps everything until its end."""
        ...

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        """The passes, in order. `digest` stands for what the file says; `name` is for people."""
        ...
