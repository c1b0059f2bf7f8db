"""What somebody chose among the exceptions: rows of them, or all rows that are shown of one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from quartermaster.console.causes.queries import CAUSES, condition, from_
from quartermaster.core import sql

AT_ONCE: Final = 2_000  # rows of all exceptions that are chosen as a whole


class Chosen(NamedTuple):
    """act: a row of the exception; "" all that are shown of it. seen: how many those were when somebody
    looked, None where nobody says."""

    cause: str
    of: str
    act: str = ""
    seen: int | None = None


class Shown(NamedTuple):
    """What was looked at. show: one of core.care.SHOWS; assignee: only theirs; sites: only there, none: all.
    as_of: when; None: nobody says."""

    show: str = "open"
    assignee: str = ""
    sites: Sequence[str] = ()
    as_of: datetime | None = None


OPEN: Final = Shown()


class Waits(NamedTuple):
    """A row that waits now. minor: the money at stake; at: since when, None where nobody knows."""

    cause: str
    of: str
    act: str
    minor: int | None
    at: datetime | None


_FOUND = """
(select w.n, '{name}', r.of, r.act, max(r.minor), max(r.at)
from ({rows}) r join wanted w on w.cause = '{name}' and w.of = r.of and (w.act = '' or w.act = r.act)
where w.act <> '' or {shown} group by 1, 3, 4 limit %(most)s)
"""
_WANTED = """
with wanted as materialized (
  select * from jsonb_to_recordset(%(wanted)s::jsonb) as w(n int, cause text, of text, act text))
"""


def waiting(chosen: Sequence[Chosen], shown: Shown, *, at: datetime) -> list[list[Waits]]:
    """For each of the chosen the rows there are of it at this moment; none of a cause nobody knows. One
    statement. At most AT_ONCE + 1 of a cause."""
    found: list[list[Waits]] = [[] for _ in chosen]
    causes = [CAUSES[name] for name in dict.fromkeys(one.cause for one in chosen) if name in CAUSES]
    if not causes:
        return found
    each = " union all ".join(
        _FOUND.format(
            name=cause.name, rows=from_(cause, shown.sites), shown=f"({condition(cause, shown.show)})"
        )
        for cause in causes
    )
    wanted = [{"n": n, "cause": one.cause, "of": one.of, "act": one.act} for n, one in enumerate(chosen)]
    asked = {
        "wanted": sql.rows(wanted),
        "now": at,
        "sites": list(shown.sites),
        "assignee": shown.assignee,
        "most": AT_ONCE + 1,
    }
    for n, *row in sql.run(_WANTED + each, asked):
        found[n].append(Waits(*row))
    return found
