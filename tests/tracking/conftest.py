"""Parcels to follow: made straight in the tables, as the warehouse and the carrier leave them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from quartermaster.core import doctor, sql
from quartermaster.core.events import emit
from quartermaster.events import LabelBought, ParcelHandedOver
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.tracking.actions import Taken, scan
from quartermaster.tracking.ports import ScanTold

SENT = datetime(2026, 11, 24, 14, tzinfo=UTC)


class Road:
    """What a story about parcels needs."""

    def __init__(self) -> None:
        a_location("BER")
        for code in ("LAMP", "BULB", "SHADE"):
            a_sku(code, BER=99)
        sql.run("insert into catalog_sku (code, is_kit) values ('SET', true)")
        for table in ("catalog_kit_part", "catalog_kit_leaf"):
            for part, count in (("BULB", 2), ("SHADE", 1)):
                sql.run(
                    f"insert into {table} (kit_id, part_id, quantity) select k.id, p.id, %s "
                    "from catalog_sku k, catalog_sku p where k.code = 'SET' and p.code = %s",
                    (count, part),
                )

    def order(self, *lines: tuple[str, int]) -> int:
        return int(an_order(*lines).removeprefix("SO-"))

    def parcel(
        self,
        order_id: int,
        *items: tuple[str, str, int],
        number: str = "",
        handed_over: datetime | None = SENT,
        promised_on: date | None = None,
        carrier: str = "post",
    ) -> int:
        """items: (code of the line, SKU, units). It is handed over, but nobody has been told yet."""
        ((parcel_id,),) = sql.run(
            """insert into warehouse_parcel (order_id, allocation_id, location_id, state, carrier,
                 tracking_number, made_at, handed_over_at, promised_on)
               select %s, a.id, a.location_id, %s, %s, %s, %s, %s, %s
               from allocation_allocation a where a.order_id = %s order by a.id limit 1 returning id""",
            (order_id, "handed_over" if handed_over else "labelled", carrier, number, SENT, handed_over,
             promised_on, order_id),
        )  # fmt: skip
        for line, sku, count in items:
            sql.run(
                "insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity) "
                "select %s, l.id, s.id, %s from orders_line l, catalog_sku s "
                "where l.order_id = %s and l.code = %s and s.code = %s",
                (parcel_id, count, order_id, line, sku),
            )
        return int(parcel_id)

    def leave(self, order_id: int) -> None:
        """All units of the order have left, as the warehouse counts them."""
        sql.run(
            "update orders_line set shipped = shipped + allocated, allocated = 0 where order_id = %s",
            (order_id,),
        )
        sql.run("update stock_reservation set state = 'consumed' where claim in "
                "(select id from orders_line where order_id = %s)", (order_id,))  # fmt: skip
        sql.run("update orders_order set status = 'shipped' where id = %s", (order_id,))
        sql.run("update allocation_allocation set state = 'shipped' where order_id = %s", (order_id,))

    def sent(self, order_id: int, *items: tuple[str, str, int], **known: Any) -> int:
        """A parcel with everything, handed over, and the listeners have heard of it."""
        parcel_id = self.parcel(order_id, *items, **known)
        self.leave(order_id)
        self.hand_over(order_id, parcel_id)
        return parcel_id

    def hand_over(self, order_id: int, parcel_id: int) -> None:
        emit([ParcelHandedOver(subject=f"order:SO-{order_id}", at=SENT, actor="test", order_id=order_id,
                               parcel_id=parcel_id, carrier="post", tracking_number="")])  # fmt: skip
        flow()

    def label(self, order_id: int, parcel_id: int) -> None:
        emit([LabelBought(subject=f"order:SO-{order_id}", at=SENT - timedelta(hours=1), actor="test",
                          order_id=order_id, parcel_id=parcel_id, label_id=1, carrier="post",
                          service="parcel",
                          tracking_number="T1", cost_minor=490, currency="EUR")])  # fmt: skip
        flow()

    def tell(self, *told: tuple[int, float, str], at: datetime | None = None) -> list[Taken]:
        """(parcel, hours after the hand-over, status), learned of right then; and all that follows."""
        rows = [
            ScanTold(at=SENT + timedelta(hours=hours), parcel_id=parcel_id, status=status)
            for parcel_id, hours, status in told
        ]
        latest = max(row.at for row in rows)
        answers = scan(rows, source="test", at=at or latest, by="test")
        flow()
        return answers

    def delivered(self, order_id: int) -> dict[str, int]:
        return dict(sql.run("select code, delivered from orders_line where order_id = %s", (order_id,)))

    def status(self, order_id: int) -> str:
        return str(sql.run("select status from orders_order where id = %s", (order_id,))[0][0])

    def facts(self, *names: str) -> list[tuple[str, str]]:
        return [
            (row[0], row[1] or "")
            for row in sql.run(
                "select name, body->>'status' from core_event where name = any(%s) order by id",
                (list(names or ("ParcelScanned", "ParcelDelivered", "ParcelUndelivered")),),
            )
        ]


@pytest.fixture
def road(db: None) -> Any:
    road = Road()
    yield road
    wrong = [f for f in doctor.examine() if f.rows and f.check.startswith("tracking.")]
    assert not wrong, wrong
