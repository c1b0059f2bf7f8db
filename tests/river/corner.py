"""A WooCommerce shop around the corner: simulated, connected, with one order of a kettle and two mugs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from quartermaster import connectors
from quartermaster.channels.actions import ask_shops
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.inbox.actions import connect
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators import woocommerce
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company

RECORDED = Path(connectors.__file__).parent / "woocommerce" / "recordings" / "order_created.json"
ORDER = 3101
DUE = """
update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null
"""


class Shop:
    """A WooCommerce shop with one order, connected as `corner`."""

    def __init__(self, company: Company, simulator: Simulator, memory: woocommerce.WooCommerce) -> None:
        self.company, self.simulator, self.memory = company, simulator, memory
        settings = {**woocommerce.SETTINGS, "url": simulator.url}
        connect("woocommerce", "corner", settings, at=NOW, by="user:1")

    def ask(self) -> None:
        """All pages of a round, and what comes of them."""
        sql.run("update channels_shop set next_at = now() - interval '1 hour', read_up_to = %s", (LONG_AGO,))
        while ask_shops():
            pass
        self.company.flow()

    def settle(self) -> None:
        for _ in range(6):
            self.company.flow()
            sql.run(DUE)
            if not carry_out():
                return

    def ship(self) -> int:
        """The order leaves in one parcel."""
        ((number,),) = sql.run("select 'SO-' || id from orders_order")
        parcel = a_packed_parcel(number)
        self.settle()
        manifest = scan_out(f"P-{parcel}", at=NOW, by="user:1").manifest
        assert close_manifest(manifest, at=NOW, by="user:1").parcels == 1
        self.settle()
        return parcel

    @property
    def order(self) -> dict[str, object]:
        return self.memory.orders[str(ORDER)]


LONG_AGO = NOW - timedelta(days=30)


@contextmanager
def a_corner_shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    company.site("BER")
    company.sku("KETTLE-1L", BER=5)
    company.sku("MUG-STONE", BER=5)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")  # nobody asks it here
    memory = woocommerce.WooCommerce()
    with Simulator(memory) as simulator:
        memory.take(json.loads(RECORDED.read_text()))
        yield Shop(company, simulator, memory)
