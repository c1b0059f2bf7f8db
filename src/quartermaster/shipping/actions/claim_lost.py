"""Propose claims for parcels that were lost: open ones, for a person to send or drop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import ClaimRaised

# For what the customer paid for the goods in it. What was ever claimed as lost, a person has decided on.
RAISE: Final = """
insert into shipping_claim (carrier, parcel_id, tracking_number, kind, amount_minor, currency, because, at,
  raised_by)
select p.carrier, p.id, p.tracking_number, 'lost', v.value_minor, o.currency, f.because, %(at)s, %(by)s
from jsonb_to_recordset(%(lost)s::jsonb) as f(parcel_id bigint, because text)
join warehouse_parcel p on p.id = f.parcel_id join orders_order o on o.id = p.order_id
cross join lateral (
  select coalesce(sum((n.gross_minor - n.discount_minor) * x.line_units / nullif(n.ordered, 0)), 0)::bigint
    as value_minor
  from warehouse_parcel_item x join orders_line n on n.id = x.line_id where x.parcel_id = p.id) v
where p.carrier <> '' and p.tracking_number <> '' and v.value_minor > 0
  and not exists (select from shipping_claim c where c.parcel_id = p.id and c.kind = 'lost')
order by p.id
returning id, carrier, tracking_number, amount_minor, currency, because
"""


class Lost(NamedTuple):
    parcel_id: int
    because: str


def claim_lost(lost: Sequence[Lost], *, at: datetime, by: str) -> int:
    """Open a claim for each that has none; how many that were. One statement. Inside the transaction of
    whoever found them lost, who lets nobody else look meanwhile."""
    if not lost:
        return 0
    told = sql.rows(one._asdict() for one in lost)
    with transaction.atomic():
        raised = sql.run(RAISE, {"lost": told, "at": at, "by": by})
        emit(
            ClaimRaised(
                subject=f"claim:CL-{claim_id}",
                at=at,
                actor=by,
                claim_id=claim_id,
                carrier=carrier,
                tracking_number=number,
                wants="lost",
                amount_minor=amount,
                currency=currency,
                because=because,
            )
            for claim_id, carrier, number, amount, currency, because in raised
        )
    return len(raised)
