"""An invented seller on Amazon, in Germany and in the US, with orders as the river leaves them."""

from datetime import UTC, datetime, timedelta

import pytest

from quartermaster.core import sql
from quartermaster.marketplaces.actions import count
from quartermaster.marketplaces.queries.standings import StandingShown, standings
from quartermaster.testing.history import a_delivery, a_parcel, a_sold_order

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Seller:
    def __init__(self, kind: str, slug: str, setting: str) -> None:
        ((self.id,),) = sql.run(
            "insert into inbox_connection (slug, kind, settings) values (%s, %s, "
            "jsonb_build_object('marketplaces', %s::text)) returning id",
            (slug, kind, setting),
        )
        self.slug, self.market = slug, "Amazon.de" if kind == "amazon" else ""

    def sells(
        self,
        days_ago: float,
        *,
        on: str = "",
        confirmed: timedelta | None = timedelta(0),
        units: int = 1,
        **different: object,
    ) -> int:
        """An order to be shipped within a day. confirmed: how late the shop was told, None: not yet."""
        placed = AT - days_ago * DAY
        due = placed + DAY
        detail = {"marketplace": on or self.market, "ship_by": due.isoformat(), **different.pop("detail", {})}  # type: ignore[dict-item]  # of a test
        order_id = a_sold_order(
            placed,
            units=units,
            gone=units if confirmed is not None else 0,
            connection_id=self.id,
            detail=detail,
            **different,
        )
        if confirmed is not None:
            self.sends(order_id, due + confirmed)
        return order_id

    def sends(self, order_id: int, told_at: datetime, number: str = "Z1", **different: object) -> int:
        parcel_id = a_parcel(order_id, told_at, tracking_number=number, **different)
        sql.run(
            "insert into channels_shop (connection_id, mode) values (%s, 'live') on conflict do nothing",
            (self.id,),
        )
        sql.run(
            "insert into channels_shipment (parcel_id, shop_id, state, wanted_at, settled_at) "
            "values (%s, %s, 'told', %s, %s)",
            (parcel_id, self.id, told_at, told_at),
        )
        return parcel_id

    def delivers(self, order_id: int, at: datetime) -> None:
        ((parcel_id,),) = sql.run("select id from warehouse_parcel where order_id = %s", (order_id,))
        a_delivery(parcel_id, at)

    def stands(self, measure: str, country: str = "DE", at: datetime = AT) -> StandingShown:
        """The longest window, counted now."""
        count(at=at)
        return standings(self.slug, measure, country)[-1]

    def why(self, measure: str) -> list[str]:
        return [
            because
            for (because,) in sql.run(
                "select because from marketplaces_counted where connection_id = %s and measure = %s "
                "order by order_id",
                (self.id, measure),
            )
        ]


@pytest.fixture
def amazon(db: None) -> Seller:
    return Seller("amazon", "acme-amazon", "DE, US")


@pytest.fixture
def flipkart(db: None) -> Seller:
    return Seller("flipkart", "acme-flipkart", "")
