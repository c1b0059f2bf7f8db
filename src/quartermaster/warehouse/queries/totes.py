"""Totes: which slot they stand in, whose they are, and what belongs into them."""

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short


class ToteUnits(msgspec.Struct, frozen=True):
    """Units of a SKU that belong into a tote; `picked` of them are there."""

    sku: str
    title: str
    quantity: int
    picked: int


class ToteContents(msgspec.Struct, frozen=True):
    """A tote on the cart of a list, and what belongs into it along the path."""

    code: str
    pick_list: str
    slot: int
    order: str
    location: str
    units: tuple[ToteUnits, ...]


class Slot(msgspec.Struct, frozen=True):
    """A slot of a cart; code is "" until a tote was scanned into it."""

    slot: int
    order: str
    code: str
    units: int


CONTENTS = """
select row_to_json(f)::text from (
  select t.code, t.pick_list_id::text as pick_list, t.slot, 'SO-' || t.order_id as "order",
    s.code as location, coalesce((
      select json_agg(json_build_object('sku', u.sku, 'title', u.title, 'quantity', u.quantity,
        'picked', u.picked) order by u.first, u.sku)
      from (
        select k.code as sku, k.title, min(p.position) as first, sum(p.picked)::bigint as picked,
          sum(case when p.state in ('to_pick', 'picked') then p.quantity else p.picked end)::bigint
            as quantity
        from warehouse_pick p join catalog_sku k on k.id = p.sku_id
        where p.pick_list_id = t.pick_list_id and p.order_id = t.order_id group by k.code, k.title) u
      where u.quantity > 0), '[]') as units
  from warehouse_tote t join warehouse_pick_list l on l.id = t.pick_list_id
  join stock_location s on s.id = l.location_id
  where t.code = %s order by t.scanned_at desc, t.id desc limit 1) f
"""
SLOTS = """
select t.slot, 'SO-' || t.order_id, t.code, coalesce((
  select sum(p.quantity) from warehouse_pick p
  where p.pick_list_id = t.pick_list_id and p.order_id = t.order_id and p.state in ('to_pick', 'picked')),
  0)::bigint
from warehouse_tote t where t.pick_list_id = %s order by t.slot
"""
_contents = msgspec.json.Decoder(ToteContents)


def tote_contents(code: str) -> ToteContents:
    """What belongs into a tote, by the last list it was put on. Raises NotFound."""
    for (text,) in sql.run(CONTENTS, (code,)):
        return _contents.decode(text)
    raise NotFound(what="tote", which=short(code, 80))


def cart(list_id: int) -> list[Slot]:
    """The slots of a list's cart, in their order; none where orders are not kept apart."""
    return [Slot(*row) for row in sql.run(SLOTS, (list_id,))]
