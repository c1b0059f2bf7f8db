"""What the stock pages read: SKUs with their sites, the ledger of one, and whom it is promised to."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import Page, cut, position
from quartermaster.core.texts import literal, short

SKUS_A_PAGE, MOVEMENTS_A_PAGE, PROMISES_MAX = 30, 40, 100


class AtSite(msgspec.Struct, frozen=True):
    """Units of a SKU at a site. available = sellable − reserved − safety, never below zero."""

    location: str
    on_hand: int
    sellable: int
    reserved: int
    safety: int
    available: int
    incoming: int


class Stocked(msgspec.Struct, frozen=True):
    id: int
    code: str
    title: str
    is_kit: bool
    is_active: bool
    policy: str
    sites: tuple[AtSite, ...]

    @property
    def available(self) -> int:
        return sum(site.available for site in self.sites)


class Part(msgspec.Struct, frozen=True):
    """What one unit of a kit takes from the shelf."""

    code: str
    title: str
    quantity: int


class Moved(msgspec.Struct, frozen=True):
    """A movement, as it stands in the ledger."""

    id: int
    quantity: int
    source: str
    target: str
    source_state: str
    target_state: str
    lot: str
    because: str
    document: str
    actor: str
    at: datetime


class Promise(msgspec.Struct, frozen=True):
    """Units reserved and not gone yet. order: its number; None when the claim is no order line."""

    quantity: int
    location: str
    order: str | None
    at: datetime


_SITES = """
coalesce((select json_agg(row_to_json(x) order by x.location) from (
  select l.code as location, v.on_hand, v.sellable, v.reserved, v.safety, v.incoming,
    greatest(0, v.sellable - v.reserved - v.safety) as available
  from stock_level v join stock_location l on l.id = v.location_id where v.sku_id = s.id) x), '[]') as sites
"""
_SKU = "s.id, s.code, s.title, s.is_kit, s.is_active, s.policy"
_FOUND = """
(%(asked)s = '' or s.code like %(prefix)s or s.code like %(upper)s
 or s.id = any(array(select b.sku_id from catalog_barcode b where b.code = %(asked)s)))
"""
SKUS = f"""
select row_to_json(r)::text from (
  select {_SKU}, {_SITES} from catalog_sku s
  where {_FOUND} and s.code > %(after)s order by s.code limit %(limit)s) r
"""  # noqa: S608 - put together of constants above
ONE = f"select row_to_json(r)::text from (select {_SKU}, {_SITES} from catalog_sku s where s.code = %s) r"  # noqa: S608
PARTS = """
select p.code, p.title, k.quantity from catalog_kit_leaf k join catalog_sku p on p.id = k.part_id
where k.kit_id = %s order by p.code
"""
MOVEMENTS = """
select row_to_json(r)::text from (
  select m.id, m.quantity, a.code as source, b.code as target, m.source_state, m.target_state, m.lot,
    m.because, m.document, m.actor, m.at
  from stock_movement m join stock_place a on a.id = m.source_id join stock_place b on b.id = m.target_id
  where m.sku_id = %(sku)s and (%(before)s::bigint is null or m.id < %(before)s)
  order by m.id desc limit %(limit)s) r
"""
PROMISES = """
select row_to_json(r)::text from (
  select v.quantity, l.code as location, 'SO-' || x.order_id as order, v.at
  from stock_reservation v join stock_location l on l.id = v.location_id
    left join orders_line x on x.id = v.claim
  where v.sku_id = %(sku)s and v.state = 'pending' order by v.location_id, v.id limit %(limit)s) r
"""
_stocked = msgspec.json.Decoder(Stocked)
_moved = msgspec.json.Decoder(Moved)
_promise = msgspec.json.Decoder(Promise)


def skus(*, asked: str = "", after: str = "", limit: int = SKUS_A_PAGE) -> Page[Stocked]:
    """SKUs by code whose code begins with `asked`, or whose barcode it is. The cursor is the last code."""
    prefix = literal(asked) + "%"
    wanted = {"asked": asked, "prefix": prefix, "upper": prefix.upper(), "after": after, "limit": limit + 1}
    found = [_stocked.decode(row[0]) for row in sql.run(SKUS, wanted)]
    return Page(found[:limit], found[limit - 1].code if len(found) > limit else None)


def sku(code: str) -> Stocked:
    """Raises NotFound."""
    for row in sql.run(ONE, (short(code),)):
        return _stocked.decode(row[0])
    raise NotFound(what="SKU", which=short(code, 60))


def parts(kit_id: int) -> list[Part]:
    """What one unit of a kit is made of, down to the bottom."""
    return [Part(*row) for row in sql.run(PARTS, (kit_id,))]


def movements(sku_id: int, *, after: str = "", limit: int = MOVEMENTS_A_PAGE) -> Page[Moved]:
    """The ledger of one SKU, newest first."""
    wanted = {"sku": sku_id, "before": position(after), "limit": limit + 1}
    found = [_moved.decode(row[0]) for row in sql.run(MOVEMENTS, wanted)]
    return cut(found, limit, lambda movement: movement.id)


def promises(sku_id: int) -> list[Promise]:
    """Pending reservations, the oldest PROMISES_MAX of them by site."""
    return [_promise.decode(row[0]) for row in sql.run(PROMISES, {"sku": sku_id, "limit": PROMISES_MAX})]
