"""Packed parcels, for tests of what comes after: through the floor's own verbs."""

from datetime import datetime

from quartermaster.core import sql
from quartermaster.testing.builders import SOLD_AT
from quartermaster.warehouse.actions import confirm_lists, make_pick_list, pack_all

SITES = """
select l.code from allocation_allocation a join stock_location l on l.id = a.location_id
where a.order_id = %s and a.state = 'released' order by a.id
"""


def a_packed_parcel(
    number: str, *, weight_g: int | None = 800, at: datetime = SOLD_AT, **different: object
) -> int:
    """All that is released of an order, picked and packed into one parcel of 800 g: its id. What is
    `different` is a column of the parcel."""
    picked(number, at=at)
    order_id = int(number.removeprefix("SO-"))
    (parcel_id,) = pack_all([order_id], at=at, by="test")
    measured = {"weight_g": weight_g, **different}
    columns = ", ".join(f"{name} = %({name})s" for name in measured)
    sql.run(f"update warehouse_parcel set {columns} where id = %(id)s", {**measured, "id": parcel_id})  # noqa: S608
    return parcel_id


def picked(number: str, *, at: datetime = SOLD_AT) -> list[str]:
    """All that is released of an order is in hand. Returns the sites."""
    order_id = int(number.removeprefix("SO-"))
    sites = [code for (code,) in sql.run(SITES, (order_id,))]
    lists = [make_pick_list(site, only=[order_id], at=at, by="test") for site in sites]
    confirm_lists([each for each in lists if each is not None], at=at, by="test")
    return sites
