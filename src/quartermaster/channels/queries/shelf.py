"""What shops that ask for days may be promised of SKUs whose lots expire, kits included."""

from collections.abc import Collection
from datetime import datetime

from quartermaster.allocation.queries.shelf import rooms
from quartermaster.channels.rules import Young
from quartermaster.core import sql
from quartermaster.stock.queries.free import free

# What one unit takes from the shelf, and whether that has lots with a day; nothing where no shop asks for
# anything.
LEAVES = """
select s.id, coalesce(k.part_id, s.id), coalesce(k.quantity, 1),
  exists (select from stock_lot l where l.sku_id = coalesce(k.part_id, s.id))
from catalog_sku s left join catalog_kit_leaf k on s.is_kit and k.kit_id = s.id
where s.id = any(%s) and exists (select from stock_shelf_life where days > 0)
"""
SITES = "select id, code from stock_location"


def young(sku_ids: Collection[int], at: datetime) -> dict[tuple[str, int], Young]:
    """(shop, SKU id) -> what it may be promised, where it asks for days of the SKU or of a part of it. One
    statement where no shop asks for anything, else four."""
    leaves: dict[int, list[tuple[int, int]]] = {}
    dated = set()
    for sku_id, part_id, quantity, has_days in sql.run(LEAVES, (sorted(sku_ids),)):
        leaves.setdefault(sku_id, []).append((part_id, quantity))
        if has_days:
            dated.add(part_id)
    shelf = rooms(dated, at=at) if dated else None
    if shelf is None or not shelf.asks:
        return {}
    there, sites = free({part_id for taken in leaves.values() for part_id, _ in taken}), sql.run(SITES)

    def left(slug: str, part_id: int, location_id: int, site: str) -> int:
        return shelf.left_for(slug, location_id, part_id, there.get(part_id, {}).get(site, 0))[0]

    found = {}
    for slug in {slug for slug, _ in shelf.asks}:
        for sku_id, taken in leaves.items():
            days = max(shelf.asks.get((slug, part_id), 0) for part_id, _ in taken)
            if days:
                units = {
                    code: min(left(slug, part_id, id_, code) // quantity for part_id, quantity in taken)
                    for id_, code in sites
                }
                found[slug, sku_id] = Young(days, units)
    return found
