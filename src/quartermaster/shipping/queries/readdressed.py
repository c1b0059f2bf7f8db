"""What a new address came to, for parcels that had their label when it changed."""

from typing import Final, NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.shipping.rules.landed import Estimate

# The label that counts beside the last one that was bought for another address.
READDRESSED: Final = """
select p.id, was.ship_to->>'country', was.cost_minor, was.currency, was_landed.estimate,
  l.ship_to->>'country', l.cost_minor, l.currency, landed.estimate
from warehouse_parcel p
join shipping_label l on l.parcel_id = p.id and l.state = 'bought' and l.cost_minor is not null
cross join lateral (
  select x.id, x.ship_to, x.cost_minor, x.currency from shipping_label x
  where x.parcel_id = p.id and x.id < l.id and x.bought_at is not null and x.cost_minor is not null
    and x.ship_to is distinct from l.ship_to
  order by x.id desc limit 1) was
left join shipping_landed landed on landed.label_id = l.id
left join shipping_landed was_landed on was_landed.label_id = was.id
where p.order_id = %s order by p.id limit 20
"""


class Going(NamedTuple):
    """Where a parcel goes, what its label costs, and the duties, taxes and fees that were expected when
    that was decided: None where it crosses no border."""

    country: str
    label_minor: int
    currency: str
    landed: Estimate | None


class Readdressed(NamedTuple):
    parcel: str
    was: Going
    now: Going


def readdressed(order_id: int) -> list[Readdressed]:
    """The parcels of an order whose labels were bought anew for another address."""
    return [
        Readdressed(f"P-{key}", _going(*row[:4]), _going(*row[4:]))
        for key, *row in sql.run(READDRESSED, (order_id,), binary=True)
    ]


def _going(country: str, cost_minor: int, currency: str, estimate: bytes | None) -> Going:
    told = None if estimate is None else msgspec.json.decode(estimate, type=Estimate)
    return Going(country, cost_minor, currency, told)
