"""What is promised to whom."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from quartermaster.core import sql


class Reserved(Struct, frozen=True):
    """Units of a SKU at a site, promised to a claim. state: pending, consumed or released, and then why."""

    id: int
    sku: str
    location: str
    quantity: int
    claim: int
    holder: int
    state: str
    at: datetime
    settled_at: datetime | None
    because: str


OF_CLAIMS = """
select r.id, s.code, l.code, r.quantity, r.claim, r.holder, r.state, r.at, r.settled_at, r.because
from stock_reservation r
join catalog_sku s on s.id = r.sku_id
join stock_location l on l.id = r.location_id
where r.claim = any(%(claims)s)
order by r.id
"""


def reservations(claims: Sequence[int]) -> list[Reserved]:
    """All reservations of these claims, settled ones too, oldest first."""
    return [Reserved(*row) for row in sql.run(OF_CLAIMS, {"claims": list(claims)})]
