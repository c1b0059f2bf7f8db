"""What claims hold, whoever holds it for them."""

from collections.abc import Iterable

from quartermaster.core import sql
from quartermaster.stock.rules.claims import Held

HELD = """
select claim, holder, sku_id, per_unit,
  coalesce(sum(quantity) filter (where state = 'pending'), 0)::bigint,
  coalesce(sum(quantity) filter (where state = 'consumed'), 0)::bigint,
  coalesce(sum(quantity) filter (where state = 'consumed' and settled_by like 'pick:%%'), 0)::bigint
from stock_reservation where claim = any(%s) and state <> 'released'
group by claim, holder, sku_id, per_unit order by claim, holder, sku_id
"""


def held(claims: Iterable[int]) -> list[Held]:
    """All that these claims have pending or consumed. One statement."""
    ids = sorted(set(claims))
    return [Held._make(row) for row in sql.run(HELD, (ids,), binary=True)] if ids else []
