"""What stands in our tables, so that a second import can be shown to change nothing."""

from typing import Final, NamedTuple

from quartermaster.core import sql

TABLES: Final = (
    *("stock_location", "stock_place", "catalog_sku", "customers_customer", "customers_address"),
    *("orders_order", "orders_line", "orders_tender", "orders_hold"),
    *("warehouse_parcel", "warehouse_parcel_item", "tracking_scan", "tracking_track"),
)
# Of the log everything but the record of imports itself, which gets a row for each run.
EVENTS: Final = "select * from core_event where name <> 'HistoryImported'"


class Content(NamedTuple):
    rows: int
    digest: str  # of every column of every row


def content() -> dict[str, Content]:
    """By table: how many rows, and what is in them."""
    queries = {table: f"select * from {table}" for table in TABLES} | {"core_event": EVENTS}
    return {table: _content(query) for table, query in queries.items()}


def _content(query: str) -> Content:
    digest_of_row = "('x' || left(md5(x::text), 15))::bit(60)::bigint"
    ((rows, digest),) = sql.run(
        f"select count(*), coalesce(sum({digest_of_row}), 0)::text from ({query}) x", prepare=False
    )
    return Content(rows, digest)
