"""What takes long to count, kept: pages read what a job counted within the last hours."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from quartermaster.core import sql

FRESH: Final = timedelta(hours=2)  # older than that, no job counts it: it is counted now
QUICK_MS: Final = 75  # what is counted faster is counted now

# Imported history was not there when it was counted.
KEPT: Final = """
select told::text, computed_at from core_report r
where name = %(name)s and asked = %(asked)s and took_ms >= %(quick)s
  and computed_at > %(at)s - %(fresh)s and computed_at <= %(at)s and not exists (
    select from core_import i where i.finished_at > r.computed_at or i.withdrawn_at > r.computed_at)
"""


class Report[T](msgspec.Struct, frozen=True):
    """Something that is counted from months of rows. `name`: what is counted, "tracking.scorecard"; `asked`:
    how, "lane 30". `shape`: what msgspec decodes it as, T. `count`: from the rows, as of a moment."""

    name: str
    asked: str
    shape: Any
    count: Callable[[datetime], T]


class Told[T](NamedTuple):
    """What the rows said at `computed_at`."""

    found: T
    computed_at: datetime


def told[T](report: Report[T], *, at: datetime) -> Told[T]:
    """As it is now, unless that takes long and it was counted a while ago."""
    asked = {
        "name": report.name,
        "asked": report.asked,
        "quick": QUICK_MS,
        "fresh": FRESH,
        "at": at,
    }
    for text, computed_at in sql.run(KEPT, asked):
        return Told(msgspec.json.decode(text, type=report.shape), computed_at)
    return Told(report.count(at), at)
