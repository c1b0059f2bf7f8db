"""What people said of the rows of causes, as a part of the statements that list and count them. What is
answered for is a row of a cause: what joins it later was not, and is listed."""

from typing import Final

from quartermaster.core.care import Cared

TABLE: Final = "console_exception_care"
NEVER: Final = "null::timestamptz"  # for what cannot begin anew
NO_MONEY: Final = "null::bigint"


def cared(
    cause: str,
    *,
    of: str = "r.of",
    act: str = "r.act",
    at: str = "r.at",
    minor: str = "r.minor",
    now: str = "%(now)s",
) -> Cared:
    """How a statement finds the care of its rows; each is SQL. of: "c.of" where `act` alone says which row.
    An answer stands while no more money is at stake than was, and nothing began since. What counts from this
    very moment (keys that end, stock that runs out) did not begin anew."""
    of_row = f"c.cause = '{cause}' and c.act = {act} and c.of = {of}"
    same = f"coalesce(c.answered_at >= {at} or {at} >= {now}, true)"
    return Cared(TABLE, of_row, f"{same} and coalesce({minor}, 0) <= coalesce(c.minor, 0)", now)


def unanswered(cause: str, **row: str) -> str:
    """The condition for what the rail counts by its own statement: neither acknowledged nor snoozed."""
    return cared(cause, **row, now="statement_timestamp()").shown("open")
