"""What somebody chose among the exceptions: rows of them, or all rows that are shown of one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from quartermaster.console.causes.cause import Cause
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


# Rows by their name, and exceptions as a whole. Names are looked for in one go and put to who asked for them
# below: a join would go through all rows once for each name.
_NAMED = """
(select null::int, '{name}', r.of, r.act, max(r.minor), max(r.at)
from ({rows}) r where r.act = any(%(acts)s::text[]) and r.of = any(%(ofs)s::text[]) group by 3, 4)
"""
_FOUND = """
(select w.n, '{name}', r.of, r.act, max(r.minor), max(r.at)
from ({rows}) r join wanted w on w.cause = '{name}' and w.of = r.of and w.act = ''
where {shown}
group by 1, 3, 4 limit %(most)s)
"""
_WANTED = """
with wanted as materialized (
  select * from jsonb_to_recordset(%(wanted)s::jsonb) as w(n int, cause text, of text, act text))
"""


def waiting(chosen: Sequence[Chosen], shown: Shown, *, at: datetime) -> list[list[Waits]]:
    """For each of the chosen the rows there are of it at this moment; none of a cause nobody knows. One
    statement. At most AT_ONCE + 1 of a cause."""
    found: list[list[Waits]] = [[] for _ in chosen]
    branches = dict.fromkeys((one.cause, bool(one.act)) for one in chosen if one.cause in CAUSES)
    if not branches:
        return found
    each = " union all ".join(_branch(CAUSES[name], shown, is_row=is_row) for name, is_row in branches)
    wanted = [{"n": n, "cause": one.cause, "of": one.of, "act": one.act} for n, one in enumerate(chosen)]
    asked = {
        "wanted": sql.rows(wanted),
        "acts": [one.act for one in chosen if one.act],
        "ofs": [one.of for one in chosen if one.act],
        "now": at,
        "sites": list(shown.sites),
        "assignee": shown.assignee,
        "most": AT_ONCE + 1,
    }
    named: dict[tuple[str, str, str], list[int]] = {}
    for n, one in enumerate(chosen):
        named.setdefault((one.cause, one.of, one.act), []).append(n)
    for of_whole, *row in sql.run(_WANTED + each, asked):
        waits = Waits(*row)
        for n in named.get((waits.cause, waits.of, waits.act), []) if of_whole is None else [of_whole]:
            found[n].append(waits)
    return found


def _branch(cause: Cause, shown: Shown, *, is_row: bool) -> str:
    rows = from_(cause, shown.sites)
    if is_row:
        return _NAMED.format(name=cause.name, rows=rows)
    return _FOUND.format(name=cause.name, rows=rows, shown=condition(cause, shown.show))
