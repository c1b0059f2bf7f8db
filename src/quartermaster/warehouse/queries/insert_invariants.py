"""What must hold of inserts that are articles."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
# The last time its unit left, and when it is not in the parcel any more, the last time it came back.
BOOKED = """
select 'P-' || i.parcel_id, i.sku from warehouse_parcel_insert i
where i.bookings > 0 and (
  not exists (select from stock_movement m where m.key = 'insert:' || i.id || ':' || (i.bookings - 1))
  or (i.booked_from = '') <> exists (
    select from stock_movement m where m.key = 'insert-back:' || i.id || ':' || i.bookings))
limit %s
"""


def inserts_that_differ() -> list[str]:
    return [
        f"{parcel}: the ledger does not have {sku}, its insert, where the parcel has it"
        for parcel, sku in sql.run(BOOKED, (ROWS_MAX,))
    ]


INSERTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "warehouse.inserts",
        "An insert that is an article has left the stock with its parcel, once.",
        inserts_that_differ,
    ),
)
