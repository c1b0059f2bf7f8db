"""What listings were to say and do not: the shop refused it or keeps its own, or it was changed there."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

# What was tried and came to nothing, until it says so, another wish took its place, or a week is over: what
# nobody cares about for a week differs still, and stands on its own page.
ROWS = """
select c.slug as of, x.id::text as act, s.code || ': ' || replace(x.field, '_g', '') as title,
  '/products/told?push=' || x.push_id as link, x.because as note, x.settled_at as at,
  null::timestamptz as due_at, null::bigint as minor, '' as currency, null::bigint as order_id
from channels_content x join inbox_connection c on c.id = x.shop_id join catalog_sku s on s.id = x.sku_id
join channels_listing l on l.id = x.listing_id
where x.state in ('refused', 'changed', 'stuck') and x.sent_at is not null and l.gone_at is null
  and x.settled_at > %(now)s::timestamptz - interval '7 days'
  and not exists (select from channels_content y
    where y.listing_id = x.listing_id and y.field = x.field and y.id > x.id)
  and x.wanted <> case x.field when 'title' then l.title when 'barcode' then l.barcode
    else coalesce(l.weight_g::text, '') end
"""


def tell(group: Group) -> Told:
    title = f"{group.of} does not say {many(group, 'thing')} it was told"
    why = f"Its listing says something else than the product. The newest: {group.note.rstrip('.')}."
    return Told(When.LATER, title, why, "See them", "/products/told?show=trouble", clause=title)


CAUSE = Cause("contents", "Listings that say otherwise", ROWS, tell)
