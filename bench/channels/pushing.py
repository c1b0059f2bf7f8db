"""A full push by workers that are killed on the way: how long it takes, and what it costs."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from bench.river.cpu import peak_mib, tree_ms
from bench.river.ground import Ground
from bench.river.processes import running, wait_for
from quartermaster.channels.actions import pull_listings
from quartermaster.core import sql

# Not written: due, or in a bulk write that is not over. Not known: everything else that is not at rest.
LEFT = """
select count(*) filter (where l.wanted is null or l.state = 'due' or l.bulk_id is not null),
  count(*) filter (where l.wanted is null or l.state <> 'idle')
from channels_listing l join inbox_connection c on c.id = l.shop_id where c.slug = %s
"""
KNOWN = """
select count(*) from channels_listing l join inbox_connection c on c.id = l.shop_id where c.slug = %s
"""
AT_ONCE = """
update channels_goods set read_next_at = clock_timestamp()
where shop_id = (select id from inbox_connection where slug = %s) and cursor <> ''
"""
PATIENCE_S, EVERY_S = 3600, 0.5


class Left(NamedTuple):
    """Listings of a shop that are not written yet, and those of which it is not known that they are so."""

    unwritten: int
    unknown: int


class Ran(NamedTuple):
    """Seconds until all is written and until all is known; where the workers were killed; CPU in ms, and the
    most memory one of them had."""

    written_s: float
    known_s: float
    killed: list[Left]
    workers_ms: float
    database_ms: float
    peak_mib: float

    @property
    def told(self) -> dict[str, Any]:
        return self._asdict() | {"killed": [one._asdict() for one in self.killed]}


def left(slug: str) -> Left:
    ((unwritten, unknown),) = sql.run(LEFT, (slug,))
    return Left(unwritten, unknown)


def read(slug: str, listings: int) -> None:
    """All that a shop sells is known, also where it has to be gathered first."""
    deadline = time.monotonic() + PATIENCE_S
    while sql.run(KNOWN, (slug,)) != [(listings,)]:
        assert time.monotonic() < deadline, "it is read"
        sql.run(AT_ONCE, (slug,))  # where the shop is still gathering, its pauses are left out
        while pull_listings():
            pass


def pushed(
    slug: str, kills: Sequence[Callable[[], bool]], *, ground: Ground, workers: int, times: float = 0
) -> Ran:
    """Workers are killed (SIGKILL) whenever the next of `kills` is so, and others follow. `times`: they keep
    so many times the vendor's budget; 0: it has none."""
    paced = ("-m", "bench.channels.paced", str(times))
    command = paced if times else ("-m", "quartermaster", "worker")
    began, database = time.monotonic(), tree_ms(ground.postmaster)
    killed: list[Left] = []
    spent = peak = written = 0.0

    def has_all() -> bool:
        nonlocal written
        if not written and left(slug).unwritten == 0:
            written = time.monotonic() - began
        return bool(written)

    for kill in [*kills, None]:
        with running([command] * workers) as started:
            if kill is None:
                wait_for(has_all, "all of it", patience_s=PATIENCE_S, every_s=EVERY_S)
                wait_for(lambda: left(slug) == (0, 0), "the looks", patience_s=PATIENCE_S, every_s=EVERY_S)
            else:
                wait_for(partial(_is_so, has_all, kill), "some", patience_s=PATIENCE_S, every_s=EVERY_S)
            spent += sum(tree_ms(one.pid) for one in started)
            peak = max(peak, *(peak_mib(one.pid) for one in started))
            if kill is not None:
                for process in started:
                    process.kill()
                    process.wait()
                    process.returncode = 0  # it was us
                killed.append(left(slug))
    known = time.monotonic() - began
    return Ran(written, known, killed, spent, tree_ms(ground.postmaster) - database, peak)


def _is_so(look: Callable[[], bool], kill: Callable[[], bool]) -> bool:
    """Looked at each time, for all may be written long before that."""
    look()
    return kill()
