"""Parcels as a carrier sees them."""

from collections.abc import Callable
from datetime import UTC, datetime

from quartermaster.core import sql
from quartermaster.shipping.queries.shipments import to_ship

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)


def test_a_parcel_is_worth_what_its_units_were_sold_for(packed: Callable[..., tuple[str, int]]):
    number, parcel_id = packed(3)
    order_id = int(number.removeprefix("SO-"))
    sql.run(
        "update orders_line set gross_minor = 3000, discount_minor = 300 where order_id = %s", (order_id,)
    )
    sql.run("update warehouse_parcel_item set line_units = 2 where parcel_id = %s", (parcel_id,))

    shipment = to_ship({parcel_id: AT})[parcel_id].shipment

    assert shipment is not None
    assert (shipment.value_minor, shipment.value_currency) == (1800, "EUR")
