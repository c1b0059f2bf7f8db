"""Pick lists as a picker reads them."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import Page, cut, position


class PickShown(msgspec.Struct, frozen=True):
    """Units of one SKU to take from one place. state: to_pick | picked | short | cancelled, and then why.
    slot: of the cart, with its tote once that was scanned."""

    id: str
    order: str
    sku: str
    title: str
    barcodes: tuple[str, ...]
    place: str
    lot: str
    expires_on: date | None
    serial: str
    quantity: int
    picked: int
    state: str
    because: str
    slot: int | None = None
    tote: str = ""


class ListShown(msgspec.Struct, frozen=True):
    """A pick list. state: open | picking | done | cancelled. ship_by: the first of what is left on it.
    because: how its orders were chosen. is_planned: its
    wave is not released yet."""

    id: str
    location: str
    state: str
    picker: str
    made_by: str
    made_at: datetime
    done_at: datetime | None
    ship_by: datetime | None
    picks: int
    left: int
    wave: str | None = None
    zone: str = ""
    is_planned: bool = False
    because: msgspec.Raw = msgspec.Raw(b"{}")


class ListWithPicks(ListShown, frozen=True):
    """The list with its picks along the path."""

    path: tuple[PickShown, ...] = ()


_LIST = """
select l.id::text as id, s.code as location, l.state, l.picker, l.made_by, l.made_at, l.done_at, k.ship_by,
  coalesce(k.picks, 0) as picks, coalesce(k.going, 0) as "left", l.because,
  l.wave_id::text as wave, l.zone, coalesce(w.state = 'planned', false) as is_planned
from warehouse_pick_list l join stock_location s on s.id = l.location_id
left join warehouse_wave w on w.id = l.wave_id
left join lateral (
  select count(*) as picks, count(*) filter (where p.state = 'to_pick') as going,
    min(a.ship_by) filter (where p.state = 'to_pick') as ship_by
  from warehouse_pick p join allocation_allocation a on a.id = p.allocation_id
  where p.pick_list_id = l.id) k on true
"""
LISTS = f"""
select row_to_json(f)::text, f.id::bigint from ({_LIST}
  where (%(location)s = '' or s.code = %(location)s)
    and (%(states)s::text[] is null or l.state = any(%(states)s))
    and (%(before)s::bigint is null or l.id < %(before)s) order by l.id desc limit %(limit)s) f
"""  # noqa: S608 - constants only
OF_WAVE = f"""
select row_to_json(f)::text from ({_LIST} where l.wave_id = %s order by l.id) f
"""  # noqa: S608 - constants only
ONE = f"""
select row_to_json(f)::text from (select m.*, coalesce((
    select json_agg(json_build_object('id', p.id::text, 'order', 'SO-' || p.order_id, 'sku', s.code,
      'title', s.title, 'barcodes', array(select code from catalog_barcode where sku_id = s.id order by code),
      'place', b.code, 'lot', p.lot, 'expires_on', t.expires_on, 'serial', p.serial, 'quantity', p.quantity,
      'picked', p.picked, 'state', p.state, 'because', p.because, 'slot', c.slot,
      'tote', coalesce(c.code, '')) order by p.position, p.id)
    from warehouse_pick p join catalog_sku s on s.id = p.sku_id join stock_place b on b.id = p.place_id
    left join stock_lot t on t.sku_id = p.sku_id and t.code = p.lot
    left join warehouse_tote c on c.pick_list_id = p.pick_list_id and c.order_id = p.order_id
    where p.pick_list_id = m.id::bigint), '[]') as path
  from ({_LIST} where l.id = %s) m) f
"""  # noqa: S608 - constants only
LIVE = ("open", "picking")
_shown = msgspec.json.Decoder(ListShown)
_whole = msgspec.json.Decoder(ListWithPicks)


def pick_lists(
    *, location: str = "", states: Sequence[str] | None = None, after: str = "", limit: int = 50
) -> Page[ListShown]:
    """Newest first; of every site and state where none is given."""
    asked = {
        "location": location,
        "states": None if states is None else list(states),
        "before": position(after),
        "limit": limit + 1,
    }
    found = cut(sql.run(LISTS, asked), limit, lambda row: row[1])
    return Page([_shown.decode(row[0]) for row in found.items], found.next)


def of_wave(wave_id: int) -> list[ListShown]:
    """The lists of a wave, in the order they were made."""
    return [_shown.decode(row[0]) for row in sql.run(OF_WAVE, (wave_id,))]


def pick_list(list_id: int) -> ListWithPicks:
    """Raises NotFound."""
    found = sql.run(ONE, (list_id,))
    if not found:
        raise NotFound(what="pick list", which=f"PL-{list_id}")
    return _whole.decode(found[0][0])
