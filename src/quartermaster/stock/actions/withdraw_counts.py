"""Take back counts that an import made by mistake: each by a movement the other way. Nothing is deleted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import emit
from quartermaster.events import StockCountWithdrawn
from quartermaster.stock.actions.lock import lock_levels
from quartermaster.stock.actions.post import post
from quartermaster.stock.rules.moves import Move

SKUS = "select distinct sku_id from stock_movement where id = any(%s)"
# What lies where it was counted has not been touched since: else nobody knows whose units would go.
MADE = """
select m.id, m.key, m.sku_id, s.code, m.quantity, f.code, t.code, m.lot, m.document, (
  select count(*) from stock_movement x where x.sku_id = m.sku_id and x.id > m.id and x.lot = m.lot
    and not x.id = any(%(ids)s)
    and (x.source_id in (m.source_id, m.target_id) and x.source_id > 0
      or x.target_id in (m.source_id, m.target_id) and x.target_id > 0))
from stock_movement m join catalog_sku s on s.id = m.sku_id
join stock_place f on f.id = m.source_id join stock_place t on t.id = m.target_id
where m.id = any(%(ids)s) order by m.sku_id, m.id
"""


class _Made(NamedTuple):
    id: int
    key: str
    sku_id: int
    sku: str
    quantity: int
    source: str
    target: str
    lot: str
    document: str
    moved_since: int

    @property
    def name(self) -> str:
        return f"{self.sku} at {self.target if '/' in self.target or ':' not in self.target else self.source}"

    def back(self, number: int) -> Move:
        return Move(
            key=f"undo:{number}:{self.id}",
            sku_id=self.sku_id,
            quantity=self.quantity,
            source=self.target,
            target=self.source,
            because=f"import {number} undone",
            lot=self.lot,
            document=self.document,
        )


def withdraw_counts(
    ids: Sequence[int], *, number: int, at: datetime, by: str
) -> tuple[set[int], Mapping[str, str]]:
    """Post these movements back, in the caller's transaction, where nothing was moved and nothing is promised
    of what they brought: which were, and why each of the others stays."""
    lock_levels(sorted(row[0] for row in sql.run(SKUS, (list(ids),))))  # from here on nobody else moves them
    made = [_Made._make(row) for row in sql.run(MADE, {"ids": list(ids)})]
    stays = {
        one.name: f"moved {one.moved_since} times since" if one.moved_since > 1 else "moved once since"
        for one in made
        if one.moved_since
    }
    done: list[_Made] = []
    for one, refusal in _posted([one for one in made if not one.moved_since], number, at=at, by=by):
        if refusal is None:
            done.append(one)
        else:
            stays[one.name] = refusal.title
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for one in done:
        rows[one.document.removeprefix("import:")].append(int(one.key.rpartition(":")[2]))
    emit(
        StockCountWithdrawn(subject=f"count:{digest}", at=at, actor=by, rows=tuple(sorted(some)))
        for digest, some in sorted(rows.items())
    )
    return {one.id for one in done}, stays


def _posted(
    made: Sequence[_Made], number: int, *, at: datetime, by: str
) -> Iterator[tuple[_Made, Refused | None]]:
    """All in one go; when it is refused, halves of it, until the one that cannot be is alone."""
    if not made:
        return
    try:
        with transaction.atomic():
            post([one.back(number) for one in made], by=by, at=at)
    except Refused as refusal:
        if len(made) == 1:
            yield made[0], refusal
            return
    else:
        yield from ((one, None) for one in made)
        return
    middle = len(made) // 2
    yield from _posted(made[:middle], number, at=at, by=by)
    yield from _posted(made[middle:], number, at=at, by=by)
