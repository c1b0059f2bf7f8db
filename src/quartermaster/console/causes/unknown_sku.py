"""SKUs that a channel sells and nobody here knows: mapped once, all their orders go on."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select distinct on (o.id, l.code, l.alias)
  c.slug || ':' || coalesce(nullif(l.code, ''), l.alias) as of, 'SO-' || o.id as act, 'SO-' || o.id as title,
  '/orders/SO-' || o.id as link, l.title as note, o.captured_at as at, null::timestamptz as due_at,
  o.total_minor as minor, o.currency, o.id as order_id
from orders_order o join orders_line l on l.order_id = o.id join inbox_connection c on c.id = o.connection_id
where o.status = 'on_hold' and l.sku_id is null and l.is_shippable and l.wanted > 0
"""


def tell(group: Group) -> Told:
    slug, _, code = group.of.partition(":")
    return Told(
        When.NOW,
        f"{code} of {slug} is unknown here",
        f"{many(group, 'order')} with “{group.note}”. Name the SKU once, and all of them go on.",
        "Name the SKU",
        clause=f"{code} is unknown",
    )


CAUSE = Cause("unknown-sku", "Unknown SKUs", ROWS, tell, fix="map")
