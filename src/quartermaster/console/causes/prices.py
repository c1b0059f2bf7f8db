"""Prices that shops do not take, or have otherwise each time; and those that are held back for long.

At risk is the difference of the two prices, for all that the shop has for sale at the wrong one.
"""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

TAKES, TOLD, LIST = " does not take", " is not told", " holds a change"
PATIENCE = "1 hour"  # until what is held back needs a card: who wrote it is most likely at it

STAKE = """
  case when p.confirmed_minor is not null and p.confirmed_currency = p.currency
    then abs(p.wanted_minor - p.confirmed_minor) * greatest(coalesce(l.confirmed, 1), 0) end as minor,
  p.currency, null::bigint as order_id
from channels_listing_price p join channels_listing l on l.id = p.listing_id
join channels_pricing g on g.shop_id = l.shop_id and g.mode = 'live'
join channels_shop m on m.connection_id = l.shop_id and m.mode = 'live'
join inbox_connection c on c.id = l.shop_id and c.is_active
where l.gone_at is null and p.is_pushed and p.wanted_minor is not null"""
ROWS = f"""
select c.slug || '{TAKES}' as of, l.id::text as act, coalesce(nullif(l.code, ''), l.name) as title,
  '/prices/shops/' || c.slug || '?show=trouble' as link, p.because as note,
  coalesce(p.sent_at, p.next_at) as at, null::timestamptz as due_at, {STAKE}
  and p.state in ('refused', 'stuck')
union all
select c.slug || '{TOLD}', l.id::text, coalesce(nullif(l.code, ''), l.name),
  '/prices/shops/' || c.slug || '?show=blocked', p.blocked_because, p.blocked_at, null, {STAKE}
  and p.blocked_by <> '' and p.blocked_at < %(now)s::timestamptz - interval '{PATIENCE}'
union all
select k.name || '{LIST}', b.id::text, k.name, '/prices', b.sentence, b.made_at, null, null, '', null
from channels_price_batch b join channels_price_list k on k.id = b.list_id
where b.state = 'held' and b.made_at < %(now)s::timestamptz - interval '{PATIENCE}'
"""  # noqa: S608 - constants


def tell(group: Group) -> Told:
    name, note = group.of, group.note.rstrip(".")
    if name.endswith(LIST):
        name = name.removesuffix(LIST)
        why = f"{note}. Nothing of it is written until a person lets it through, or takes it back."
        return Told(When.NEXT, f"{name} holds {many(group, 'change')} of prices", why, "Decide", "/prices")
    if name.endswith(TOLD):
        name = name.removesuffix(TOLD)
        title = f"{many(group, 'price')} held back from {name}"
        why = f"It still sells at the price before. The newest: {note}."
        link = f"/prices/shops/{name}?show=blocked"
        return Told(When.NEXT, title, why, "Correct it, or let it through", link, clause=title)
    name = name.removesuffix(TAKES)
    title = f"{name} does not take {many(group, 'price')}"
    why = f"It still sells at another one. The newest: {note}."
    link = f"/prices/shops/{name}?show=trouble"
    return Told(When.NEXT, title, why, "Send it again", link, clause=title)


CAUSE = Cause("prices", "Prices not in the shop", ROWS, tell)
