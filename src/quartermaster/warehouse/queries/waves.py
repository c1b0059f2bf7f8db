"""Waves as the floor reads them: why they were made, and how far they are."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import Page, cut, position


class OrderReason(msgspec.Struct, frozen=True):
    """An order a wave took or left: where it stood in the queue, and why."""

    number: str
    priority: int
    ship_by: datetime | None
    lines: int = 0
    units: int = 0
    because: str = ""


class Decision(msgspec.Struct, frozen=True):
    """Why these orders (chosen) and these lists. Lengths in mm, None when nobody knows where bins stand.
    aisles: where it leads; in_turn: where it would, filled in the order of the queue. left: how many orders
    that were considered it left, the first of them in left_first. asked: as it was asked for."""

    lists: tuple[str, ...] = ()
    length_mm: float | None = None
    one_by_one_mm: float | None = None
    chosen: tuple[str, ...] = ()
    rule: str = ""
    rule_version: int | None = None
    policy: int | None = None
    considered: int | None = None
    aisles: int | None = None
    aisles_in_turn: int | None = None
    orders: tuple[OrderReason, ...] = ()
    left: int | None = None
    left_first: tuple[OrderReason, ...] = ()
    asked: dict[str, object] = {}

    @property
    def length_m(self) -> int | None:
        return None if self.length_mm is None else round(self.length_mm / 1000)

    @property
    def saved_m(self) -> int | None:
        """Of the way against one order at a time."""
        if self.length_mm is None or self.one_by_one_mm is None:
            return None
        return round((self.one_by_one_mm - self.length_mm) / 1000)


class WaveShown(msgspec.Struct, frozen=True):
    """A wave. state: planned | released | done | cancelled; done when nothing is left to pick, or it was
    closed before anybody began. ship_by: the first of what is left. because: the decision. lists: ids of its
    pick lists. ended_because: why it was closed or cancelled."""

    id: str
    location: str
    state: str
    mode: str
    routing: str
    made_by: str
    made_at: datetime
    released_at: datetime | None
    ship_by: datetime | None
    orders: int
    picks: int
    left: int
    lists: tuple[str, ...] = ()
    because: Decision = Decision()
    closed_at: datetime | None = None
    ended_because: str = ""

    @property
    def share(self) -> int:
        """Picks that are through, in percent."""
        return 100 * (self.picks - self.left) // max(1, self.picks)


WAVES = """
select row_to_json(f)::text, f.id::bigint from (
  select w.id::text as id, s.code as location,
    case when w.state <> 'cancelled' and (w.state = 'released' or w.closed_at is not null)
      and coalesce(k.going, 0) = 0 then 'done' else w.state end as state,
    w.mode, w.routing, w.made_by, w.made_at, w.released_at, w.closed_at, w.ended_because, k.ship_by,
    coalesce(k.orders, 0) as orders,
    coalesce(k.picks, 0) as picks, coalesce(k.going, 0) as "left",
    array(select l.id::text from warehouse_pick_list l where l.wave_id = w.id order by l.id) as lists,
    case when %(only)s::bigint is null then w.because - '{orders,left_first}'::text[] else w.because end
      as because
  from warehouse_wave w join stock_location s on s.id = w.location_id
  left join lateral (
    select count(*) as picks, count(*) filter (where p.state = 'to_pick') as going,
      count(distinct p.order_id) as orders, min(a.ship_by) filter (where p.state = 'to_pick') as ship_by
    from warehouse_pick_list l join warehouse_pick p on p.pick_list_id = l.id
    join allocation_allocation a on a.id = p.allocation_id where l.wave_id = w.id) k on true
  where (%(location)s = '' or s.code = %(location)s) and (%(only)s::bigint is null or w.id = %(only)s)
    and (%(before)s::bigint is null or w.id < %(before)s) order by w.id desc limit %(limit)s) f
"""
_shown = msgspec.json.Decoder(WaveShown)


def waves(*, location: str = "", after: str = "", limit: int = 50) -> Page[WaveShown]:
    """Newest first; of every site where none is given. Without the orders of their decisions."""
    asked = {"location": location, "only": None, "before": position(after), "limit": limit + 1}
    found = cut(sql.run(WAVES, asked), limit, lambda row: row[1])
    return Page([_shown.decode(row[0]) for row in found.items], found.next)


def wave(wave_id: int) -> WaveShown:
    """Raises NotFound."""
    for text, _ in sql.run(WAVES, {"location": "", "only": wave_id, "before": None, "limit": 1}):
        return _shown.decode(text)
    raise NotFound(what="wave", which=f"W-{wave_id}")
