"""Work out anew what listings are to cost, of what may have changed, and hold back what a guard stops."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.channels.actions.prices.mark import mark_prices
from quartermaster.channels.queries.prices.figures import Figure, figures
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.events import PricesBlocked, SaleBegan, SaleEnded

BATCH = 1000  # SKUs

# A sale whose moment has come, or is over: the prices themselves follow the clock, this tells of it.
TURN = """
update channels_sale s set state = case when s.ends_at <= %(at)s then 'over' else 'on' end
from channels_price_list k, catalog_sku x
where k.id = s.list_id and x.id = s.sku_id and s.id = any(array(
  select id from channels_sale where state in ('planned', 'on')
    and (ends_at <= %(at)s or (state = 'planned' and starts_at <= %(at)s))
  order by id limit %(most)s for update skip locked))
returning s.id, s.state, k.name, x.code, s.sku_id, s.starts_at, s.ends_at
"""
# An array: a list may be asked for anew with each row, where the planner takes a long queue for empty.
CLAIM = """
delete from channels_price_dirty where id = any(array(
  select id from channels_price_dirty order by id limit %s for update skip locked)) returning sku_id
"""
# As for stock: whoever holds the rows sees what was committed before.
LOCK = """
select p.listing_id from channels_listing_price p join channels_listing l on l.id = p.listing_id
where l.sku_id = any(%s) order by 1 for no key update of p
"""
# An answer that is still expected (sent, unclear) is waited for. What the shop has already is not sent.
WRITE = """
update channels_listing_price p set wanted_minor = w.minor, was_minor = w.was, tells_was = w.tells_was,
  currency = w.currency, is_sale = w.is_sale,
  version = p.version + w.is_changed::int, tries = 0,
  wanted_at = case when w.is_changed then %(at)s else p.wanted_at end,
  blocked_by = w.blocked_by, blocked_because = w.because,
  blocked_at = case when w.blocked_by = '' then null else coalesce(p.blocked_at, %(at)s) end,
  confirmed_version = case when w.is_there and p.state not in ('sent', 'asked')
    then p.version + w.is_changed::int else p.confirmed_version end,
  state = case
    when p.state = 'sent' or (p.state = 'asked' and p.asks = 'unclear') then p.state
    when w.blocked_by <> '' or not p.is_pushed or w.is_gone then 'idle'
    when w.is_there and p.state <> 'asked' then 'idle'
    when not w.is_changed and p.blocked_by = '' then p.state
    else 'due' end,
  asks = case when p.state = 'asked' and p.asks <> 'unclear' then '' else p.asks end,
  because = case when p.state in ('sent', 'asked') then p.because else '' end,
  next_at = case when p.state = 'sent' or (p.state = 'asked' and p.asks = 'unclear') then p.next_at
    else %(at)s end
from (
  select r.*, l.gone_at is not null as is_gone,
    (r.minor, r.currency) is not distinct from (x.confirmed_minor, x.confirmed_currency)
      and (not r.tells_was or r.was is not distinct from x.confirmed_was_minor) as is_there,
    (r.minor, r.currency, r.was, r.tells_was)
      is distinct from (x.wanted_minor, x.currency, x.was_minor, x.tells_was) as is_changed
  from jsonb_to_recordset(%(rows)s::jsonb) as r(id bigint, minor bigint, was bigint, tells_was bool,
    currency text, is_sale bool, blocked_by text, because text)
  join channels_listing_price x on x.listing_id = r.id join channels_listing l on l.id = r.id) w
where p.listing_id = w.id
"""
NOTHING = """
update channels_listing_price set state = 'idle', wanted_minor = null, version = 0, confirmed_version = 0,
  sent_version = 0, wanted_at = null, is_sale = false, was_minor = null, tells_was = false,
  blocked_by = '', blocked_because = '',
  blocked_at = null,
  because = '', asks = '', turn = turn + 1
where listing_id = any(%s)
"""


def work_out_prices() -> int:
    """The chore: sales whose moment has come, and SKUs whose listings may have another price. Returns how
    many there were."""
    at = now()
    with transaction.atomic():
        turned = _turn(at)
        claimed = {sku_id for (sku_id,) in sql.run(CLAIM, (BATCH,))}
        if claimed:
            locked = [id_ for (id_,) in sql.run(LOCK, (sorted(claimed),))]
            _write(figures(locked, at), at)
    return turned + len(claimed)


def _turn(at: datetime) -> int:
    turned = sql.run(TURN, {"at": at, "most": BATCH})
    facts: list[SaleBegan | SaleEnded] = []
    for id_, state, name, sku, _, starts_at, ends_at in sorted(turned):
        told = {
            "subject": f"price_list:{name}",
            "actor": "system",
            "price_list": name,
            "sku": sku,
            "sale_id": id_,
        }
        if state == "over":
            facts.append(SaleEnded(at=at, ended_at=ends_at, **told))
        else:
            facts.append(SaleBegan(at=at, began_at=starts_at, **told))
    if turned:
        emit(facts)
        mark_prices(row[4] for row in turned)
    return len(turned)


def _write(found: Sequence[Figure], at: datetime) -> None:
    news = [one for one in found if one.is_news]
    if nothing := [one.facts.id for one in news if one.priced is None]:
        sql.run(NOTHING, (nothing,))
    rows = [_row(one) for one in news if one.priced is not None]
    if rows:
        sql.run(WRITE, {"rows": sql.rows(rows), "at": at})
    blocked: dict[str, list[Figure]] = {}
    for one in news:
        if one.stops and one.blocked_by != one.facts.was_blocked_by:
            blocked.setdefault(one.facts.connection, []).append(one)
    emit([_told(slug, those, at) for slug, those in sorted(blocked.items())])


def _row(one: Figure) -> dict[str, object]:
    return {
        "id": one.facts.id,
        "minor": one.minor,
        "was": one.was.minor,
        "tells_was": one.tells_was,
        "currency": one.facts.currency,
        "is_sale": one.priced is not None and one.priced.is_sale,
        "blocked_by": one.blocked_by,
        "because": one.because,
    }


def _told(slug: str, those: Sequence[Figure], at: datetime) -> PricesBlocked:
    return PricesBlocked(
        subject=f"connection:{slug}",
        at=at,
        actor="system",
        connection=slug,
        listings=len(those),
        skus=[one.facts.sku for one in those[:20]],
        because=those[0].because[:300],
    )
