"""Pick faces and the tasks that fill them."""

from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import Page, cut, position


class FaceShown(msgspec.Struct, frozen=True):
    """A bin that pickers take a SKU from, and what lies there now."""

    place: str
    sku: str
    units_min: int
    units_max: int
    available: int


class RefillShown(msgspec.Struct, frozen=True):
    """Units to carry: quantity, of which moved are there."""

    id: str
    location: str
    sku: str
    title: str
    source: str
    target: str
    lot: str
    quantity: int
    moved: int
    because: str

    @property
    def left(self) -> int:
        return self.quantity - self.moved


FACES = """
select f.id, p.code, s.code, f.units_min, f.units_max, coalesce((
  select sum(b.quantity) from stock_balance b
  where b.sku_id = f.sku_id and b.place_id = f.place_id and b.state = 'available'), 0)::bigint
from warehouse_pick_face f join stock_place p on p.id = f.place_id join catalog_sku s on s.id = f.sku_id
join stock_location l on l.id = p.location_id
where (%(location)s = '' or l.code = %(location)s) and (%(after)s::bigint is null or f.id > %(after)s)
order by f.id limit %(limit)s
"""
REFILLS = """
select r.id, r.id::text, l.code, s.code, s.title, a.code, b.code, r.lot, r.quantity, r.moved, r.because
from warehouse_refill r join stock_location l on l.id = r.location_id join catalog_sku s on s.id = r.sku_id
join stock_place a on a.id = r.source_id join stock_place b on b.id = r.target_id
where r.done_at is null and (%(location)s = '' or l.code = %(location)s)
  and (%(after)s::bigint is null or r.id > %(after)s) order by r.id limit %(limit)s
"""
WAITING = """
select count(*) from warehouse_refill r join stock_location l on l.id = r.location_id
where r.done_at is null and l.code = %s
"""
MOVED = """
select r.id, s.code, r.moved, coalesce(m.units, 0) from warehouse_refill r
join catalog_sku s on s.id = r.sku_id
left join lateral (select sum(m.quantity) as units from stock_movement m
  where m.sku_id = r.sku_id and m.document = 'refill:' || r.id
    and (m.source_id, m.target_id) = (r.source_id, r.target_id)) m on true
where r.moved <> coalesce(m.units, 0) order by r.id limit 100
"""


def pick_faces(*, location: str = "", after: str = "", limit: int = 50) -> Page[FaceShown]:
    found = _page(FACES, location, after, limit)
    return Page([FaceShown(*row[1:]) for row in found.items], found.next)


def refills(*, location: str = "", after: str = "", limit: int = 50) -> Page[RefillShown]:
    """Open tasks, in the order they were planned: the most urgent of a plan first."""
    found = _page(REFILLS, location, after, limit)
    return Page([RefillShown(*row[1:]) for row in found.items], found.next)


def waiting(location: str) -> int:
    """Open tasks of a site."""
    return int(sql.run(WAITING, (location,))[0][0])


def refills_that_differ() -> list[str]:
    return [
        f"refill {task}: {moved} × {sku} moved, the ledger has {units}"
        for task, sku, moved, units in sql.run(MOVED)
    ]


def _page(query: str, location: str, after: str, limit: int) -> Page[tuple[Any, ...]]:
    asked = {"location": location, "after": position(after), "limit": limit + 1}
    return cut(sql.run(query, asked), limit, lambda row: row[0])
