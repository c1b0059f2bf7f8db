"""Turns at outside systems, counted in the database: a token bucket as one moment.

`next_at` is when the bucket will be full again and one step more: a turn is free while that is less than the
burst ahead of now (the generic cell rate algorithm).
"""

from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.pace import Limit

TAKE = """
insert into core_pace as p (name, next_at)
values (%(name)s, clock_timestamp() + %(each)s * interval '1 second')
on conflict (name) do update
set next_at = greatest(p.next_at, clock_timestamp()) + %(each)s * interval '1 second'
where %(begun)s or p.next_at <= clock_timestamp() + %(ahead)s * interval '1 second'
returning 1
"""
WAIT = """
select extract(epoch from next_at - clock_timestamp())::float8 - %(ahead)s::float8 from core_pace
where name = %(name)s
"""
CLOSE = """
insert into core_pace as p (name, next_at)
values (%(name)s, %(until)s::timestamptz + %(ahead)s * interval '1 second')
on conflict (name) do update
set next_at = greatest(p.next_at, %(until)s::timestamptz + %(ahead)s * interval '1 second')
"""
LEAST_S = 0.01  # it was taken by another in between, or has become free by now: look again soon


class Counted:
    """The keeper of core.pace. Inside a transaction nothing is counted: the row would stay locked, and calls
    outside are made in none."""

    def take(self, limit: Limit, *, begun: bool = False) -> float:
        if sql.in_transaction():
            return 0.0
        asked = _asked(limit)
        if sql.run(TAKE, {**asked, "begun": begun}):
            return 0.0
        waits: list[float] = [wait for (wait,) in sql.run(WAIT, asked)]
        return max(LEAST_S, *waits)

    def close(self, limit: Limit, until: datetime) -> None:
        if not sql.in_transaction():
            sql.run(CLOSE, {**_asked(limit), "until": until})


def _asked(limit: Limit) -> dict[str, object]:
    return {"name": limit.name, "each": limit.each_s, "ahead": (limit.burst - 1) * limit.each_s}
