"""The stations. Each does its work for all orders with the product's own actions, and is timed for itself."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.core.management import call_command
from django.utils.timezone import now
from msgspec.structs import replace

from quartermaster.core import doctor, sql
from quartermaster.demo.clock import flow
from quartermaster.demo.company import sites
from quartermaster.demo.company.found import found
from quartermaster.demo.company.goods import Assortment, assortment
from quartermaster.demo.company.sales import LINES, Till
from quartermaster.demo.shops import tell
from quartermaster.demo.shops.door import knock
from quartermaster.shipping.actions import hand_over_all
from quartermaster.stock.actions import Move, post
from quartermaster.stock.actions.locate import locate
from quartermaster.tracking.actions import scan
from quartermaster.tracking.ports import ScanTold
from quartermaster.warehouse.actions import confirm_lists, make_pick_list, pack_all

BY, LIST_OF, BATCH = "bench", 500, 1000
ON_THE_WAY = ("accepted", "in_transit", "out_for_delivery", "delivered")
PICKED = """
select distinct a.order_id from allocation_allocation a where a.state = 'picking'
  and not exists (select from warehouse_pick p where p.allocation_id = a.id and p.state = 'to_pick')
order by 1
"""
PARCELS = "select tracking_number, carrier from warehouse_parcel where state = 'handed_over' order by id"

type Say = Callable[[str], None]


class Stream:
    """The company, its orders, and the clock of the bench: everything happens at one moment after another."""

    def __init__(self, orders: int, goods: Assortment, *, lines: Sequence[int] = LINES) -> None:
        self.at = now() - timedelta(hours=2)
        till = Till(goods, random.Random(1), lines=lines)
        self.webhooks = [(tell(till.ring(number, self.at)), self.at) for number in range(1, orders + 1)]

    def stations(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        yield "intake", "signature checked, bytes kept durably", lambda: knock(self.webhooks)
        yield "capture and routing", "read, checked, promised, released", lambda: flow(self.at)
        yield "picking", "lists along the path, every bin confirmed", self._pick
        yield "packing", "every unit in a closed parcel", self._pack
        yield "labels", "carriers rated, label bought", lambda: flow(self.at)
        yield "hand-over", "scanned out, manifests closed, ledger posted", self._hand_over
        yield "delivery", "four scans a parcel, orders delivered", self._deliver

    def _pick(self) -> None:
        for site in sites.SITES:
            while (made := make_pick_list(site.code, orders_max=LIST_OF, at=self.at, by=BY)) is not None:
                confirm_lists([made], at=self.at, by=BY)
        flow(self.at)

    def _pack(self) -> None:
        for part in batched([row[0] for row in sql.run(PICKED)], BATCH):
            pack_all(part, at=self.at, by=BY)

    def _hand_over(self) -> None:
        for site in sites.SITES:
            while any(one.parcels for one in hand_over_all(site.code, at=self.at, by=BY)):
                pass
        flow(self.at)

    def _deliver(self) -> None:
        parcels = sql.run(PARCELS)
        for n, status in enumerate(ON_THE_WAY, 1):
            at = self.at + timedelta(minutes=20 * n)
            for part in batched(parcels, BATCH):
                told = [
                    ScanTold(at=at, tracking_number=number, carrier=carrier, status=status)
                    for number, carrier in part
                ]
                scan(told, source="bench", at=at, by=BY)
        flow(self.at)


def through(orders: int, skus: int, *, say: Say) -> dict[str, Any]:
    """Make the company, send the orders down the stream, count and examine."""
    call_command("migrate", verbosity=0)
    goods = assortment(skus)
    stream = Stream(orders, goods)
    stock_up(goods, stream.at, units=orders)
    sql.run("analyze")
    measured = []
    for station, does, work in stream.stations():
        say(f"{station} …")
        began = time.monotonic()
        work()
        seconds = time.monotonic() - began
        measured.append(
            {"station": station, "does": does, "seconds": seconds, "orders_per_s": orders / seconds}
        )
    seconds = sum(float(one["seconds"]) for one in measured)
    say("the doctor …")
    began = time.monotonic()
    broken = [finding.check for finding in doctor.examine() if finding.rows]
    return {
        "orders": orders,
        "delivered": sql.run("select count(*) from orders_order where status = 'delivered'")[0][0],
        "parcels": sql.run("select count(*) from warehouse_parcel where state = 'handed_over'")[0][0],
        "seconds": seconds,
        "orders_per_s": orders / seconds,
        "stations": measured,
        "broken": broken,
        "doctor_seconds": time.monotonic() - began,
    }


def stock_up(goods: Assortment, at: datetime, *, units: int) -> None:
    """The demo company with full shelves, and sites that take any number of orders a day."""
    found(goods, at=at)
    locate([replace(site, orders_per_day_max=None) for site in sites.SITES], at=at, by=BY)
    ids: dict[str, int] = dict(sql.run("select code, id from catalog_sku where not is_kit"))
    shelves = sites.Shelves(goods)
    moves = [
        Move(f"bench:{site}:{code}", ids[code], units, "world:supplier", shelves.bin(site, code), "received")
        for site, held in shelves.held.items()
        for code in sorted(held)
    ]
    post(moves, by=BY, at=at)
    flow(at)
