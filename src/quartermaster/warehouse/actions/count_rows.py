"""Count tasks and counts as the actions read them, under the lock of their level."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.stock.actions import lock_some
from quartermaster.warehouse.rules.counting import Lying
from quartermaster.warehouse.rules.judging import Difference, Moved


class Task(NamedTuple):
    """A task with what it is about. cost_minor: of one unit."""

    id: int
    location_id: int
    place_id: int
    place: str
    sku_id: int
    sku: str
    state: str
    round: int
    counted: int | None
    cost_minor: int | None
    currency: str


class Entry(NamedTuple):
    """One person's count, begun and perhaps said."""

    id: int
    by: str
    started_at: datetime
    ledger_id: int
    book: int
    counted: int | None
    differs: Difference

    @property
    def person(self) -> str:
        """Who found a bin short while picking is the same person who counts it later."""
        return self.by.removeprefix("pick:")


TASK = """
select t.id, t.location_id, t.place_id, p.code, t.sku_id, s.code, t.state, t.round, t.counted,
  s.cost_minor, s.currency
from warehouse_count_task t
join stock_place p on p.id = t.place_id join catalog_sku s on s.id = t.sku_id
where t.id = %s
"""
ENTRIES = """
select e.id, e.by, e.started_at, e.ledger_id, e.book, e.counted, e.over, e.under,
  coalesce((e.serials->>'is_sure')::boolean, true),
  array(select jsonb_array_elements_text(e.serials->'over')),
  array(select jsonb_array_elements_text(e.serials->'under'))
from warehouse_count_entry e where e.task_id = %s and e.round = %s order by e.counted_at nulls last, e.id
"""
# The lot that expires first was picked from first: what is gone is taken from the end of this list.
LYING = """
select b.state, b.lot, b.serial, b.quantity from stock_balance b
left join stock_lot t on t.sku_id = b.sku_id and t.code = b.lot
where b.sku_id = %s and b.place_id = %s and b.state in ('available', 'missing') and b.quantity > 0
order by t.expires_on nulls last, b.lot, b.serial
"""
# What the ledger wrote since a count began. Ids of one SKU's movements rise in the order of its locks.
SINCE = """
select at, units, serial from (
  select at, serial, id,
    case when target_id = %(place)s and target_state in ('available', 'missing') then quantity else 0 end
    - case when source_id = %(place)s and source_state in ('available', 'missing') then quantity else 0 end
    as units
  from stock_movement
  where sku_id = %(sku)s and id > %(after)s and %(place)s in (source_id, target_id)) m
where units <> 0 order by at, id
"""


def locked_task(task_id: int) -> Task:
    """The task, once nobody else can move its units or change it. Raises NotFound."""
    seen = _task(task_id)
    lock_some([(seen.sku_id, seen.location_id)])
    return _task(task_id, lock=" for no key update of t")


def _task(task_id: int, lock: str = "") -> Task:
    found = sql.run(TASK + lock, (task_id,))
    if not found:
        raise NotFound(what="count task", which=task_id)
    return Task._make(found[0])


def entries(task: Task) -> list[Entry]:
    """The counts of this round, those begun and not said last."""
    return [
        Entry._make((*row[:6], Difference._make((*row[6:9], tuple(row[9]), tuple(row[10])))))
        for row in sql.run(ENTRIES, (task.id, task.round))
    ]


def lying(task: Task) -> list[Lying]:
    return [Lying._make(row) for row in sql.run(LYING, (task.sku_id, task.place_id))]


def moved_since(task: Task, entry: Entry) -> Sequence[Moved]:
    asked = {"place": task.place_id, "sku": task.sku_id, "after": entry.ledger_id}
    return [Moved._make(row) for row in sql.run(SINCE, asked)]
