"""What is done in the shops with buyers, and that it is read as it was meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quartermaster.channels.ports import Channel
from quartermaster.core import pace, plugs
from quartermaster.core.outside import Account
from quartermaster.orders.ports import OrderSold, OrderSource, RefundNotice
from quartermaster.testing.conformance.soundness import assert_sound
from quartermaster.testing.market import STALLS
from quartermaster.testing.market.simulated import Market, market
from quartermaster.testing.simulators.accounts import CHANNELS, settings_for
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.flipkart import Flipkart
from quartermaster.testing.simulators.magento import Magento
from quartermaster.testing.simulators.server import Simulator


class Town:
    """One shop with ten lamps behind a port, and we who ask it."""

    def __init__(self, kind: str, simulator: Simulator, shop: Market) -> None:
        self.kind, self.simulator, self.shop = kind, simulator, shop
        self.account = Account(kind, settings_for(kind, simulator.url))
        self.do("offer", skus=["LAMP"], units=10)

    @property
    def memory(self) -> Any:
        return self.shop.stall.memory

    def do(self, what: str, **said: object) -> Any:
        with self.simulator.lock:
            return self.shop.by_hand(what, said)

    def buys(self, units: int = 2) -> str:
        return str(self.do("buy", sku="LAMP", units=units)["id"])

    def read(self) -> list[OrderSold | RefundNotice]:
        """All that changed within a day, as the inbox would bring it."""
        plug = plugs.plug(self.kind)
        channel, source = plug.ports[Channel], plug.ports[OrderSource]
        found: list[OrderSold | RefundNotice] = []
        since, cursor = datetime.now(UTC) - timedelta(days=1), ""
        for _ in range(20):
            page = channel.changes(account=self.account, since=since, cursor=cursor)  # type: ignore[attr-defined]
            for one in page.orders:
                reading = source.read_orders(  # type: ignore[attr-defined]
                    topic=one.topic, headers={}, body=one.body, received_at=since
                )
                assert_sound(reading)
                found += reading
            if page.up_to is not None:
                return found
            cursor = page.cursor
        raise AssertionError("the round does not end")

    def order(self, name: str) -> OrderSold:
        (order,) = [x for x in self.read() if isinstance(x, OrderSold) and x.external_id == name]
        assert order.doubts == ()
        return order


@pytest.fixture
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(pace, "keepers", [])  # turns are counted in a database, of which there is none here
    shop = market(STALLS[request.param](CHANNELS[request.param]()))
    with Simulator(shop, slow_s=0.0) as simulator:
        yield Town(request.param, simulator, shop)


@pytest.mark.parametrize("town", ["amazon"], indirect=True)
def test_of_an_amazon_order_a_unit_may_be_cancelled_until_it_leaves(town: Town):
    order = town.buys(2)
    assert town.do("edit", id=order) == {"is_done": True, "id": order}
    wished = town.order(order)
    assert (wished.note, wished.lines[0].ordered) == ("Delivery: ring 1 times", 2)

    assert town.do("edit", id=order)["is_done"]
    fewer = town.order(order)
    (line,) = fewer.lines
    assert (line.ordered, line.cancelled, line.gross_minor, fewer.totals.total) == (1, 0, 990, 990)

    assert isinstance(town.memory, Amazon)
    town.memory.by_hand("change", {"id": order, "status": "SHIPPED"})
    assert town.do("edit", id=order)["is_done"] is False


@pytest.mark.parametrize("town", ["amazon"], indirect=True)
def test_what_amazon_gave_back_is_read_and_never_more_than_was_paid(town: Town):
    order = town.buys(1)
    assert town.do("refund", id=order, minor=150, note="early")["is_done"] is False, "nothing was sent"
    town.memory.by_hand("change", {"id": order, "status": "SHIPPED"})
    assert town.do("refund", id=order, minor=150, note="a scratch")["is_done"]
    assert town.do("refund", id=order, minor=841, note="too much")["is_done"] is False

    (notice,) = [one for one in town.read() if isinstance(one, RefundNotice)]
    assert (notice.order_external_id, notice.refund.amount_minor, notice.currency) == (order, 150, "EUR")
    assert town.order(order).tells_refunds is False
    assert town.do("seen")[order].refunded_minor == 150


@pytest.mark.parametrize("town", ["amazon"], indirect=True)
def test_amazons_queue_has_the_line_that_others_have(town: Town):
    town.do("listens", address="", secret="")
    town.do("line", line={"lost": 1.0}, seed=3)
    town.buys()
    assert (len(town.memory.queue.mail), len(town.memory.queue.mail.lost)) == (0, 1)
    town.do("line", line={}, seed=3)
    town.buys()
    assert len(town.memory.queue.mail) == 1


@pytest.mark.parametrize("town", ["flipkart"], indirect=True)
def test_of_a_flipkart_shipment_a_unit_may_be_cancelled_and_its_dates_move(town: Town):
    order = town.buys(3)
    assert town.do("edit", id=order)["is_done"]
    moved = town.order(order)
    assert moved.ship_by is not None
    assert moved.ship_by > datetime.now(UTC) + timedelta(days=1)

    assert town.do("edit", id=order)["is_done"]
    fewer = town.order(order)
    (line,) = fewer.lines
    assert (line.ordered, line.cancelled, fewer.is_cancelled) == (3, 1, False)

    assert isinstance(town.memory, Flipkart)
    assert town.do("seen")[order].state == "open"
    town.memory.by_hand("change", {"id": order, "status": "SHIPPED"})
    assert town.do("seen")[order] == ("left", 2, 0)
    assert town.do("edit", id=order)["is_done"] is False


@pytest.mark.parametrize("town", ["flipkart"], indirect=True)
def test_a_flipkart_shipment_that_is_parted_is_two(town: Town):
    order = town.buys(3)

    rest = town.do("edit", id=order, anew=True)["id"]

    kept, other = town.order(order), town.order(rest)
    assert [one.lines[0].ordered for one in (kept, other)] == [2, 1]
    assert kept.external_name == other.external_name
    assert kept.totals.total + other.totals.total == 2970
    alone = town.buys(1)
    assert town.do("edit", id=alone, anew=True) == {"is_done": True, "id": alone}, "nothing to part"


@pytest.mark.parametrize("town", ["magento"], indirect=True)
def test_a_magento_order_that_was_not_invoiced_is_edited_by_another_that_takes_its_place(town: Town):
    paid, _, order = town.buys(2), town.buys(2), town.buys(2)
    assert isinstance(town.memory, Magento)
    before = town.memory.goods.salable("LAMP")

    said = town.do("edit", id=order, anew=True)

    assert said["is_done"]
    assert said["id"] != order
    old, new = town.order(order), town.order(said["id"])
    assert (old.is_cancelled, new.is_cancelled) == (True, False)
    assert old.cancelled_because == f"The order was edited in Magento: {new.external_name} took its place."
    assert (new.external_name, new.detail["replaces"]) == (f"{old.external_name}-1", old.external_name)
    assert (new.lines[0].ordered, new.totals.total) == (1, 1480)
    assert town.memory.goods.salable("LAMP") == before + 1
    assert town.do("edit", id=paid, anew=True) == {"is_done": True, "id": paid}, "its money was taken"
    again = town.do("edit", id=new.external_id, anew=True)["id"]
    assert town.order(again).external_name == f"{old.external_name}-2"


@pytest.mark.parametrize("town", ["magento"], indirect=True)
def test_a_new_address_at_magento_is_told_with_the_next_change_only(town: Town):
    order = town.buys(1)
    placed = town.order(order)
    town.memory.by_hand("readdress", {"id": order, "street": "Lane 7"})
    assert town.memory.orders[order]["updated_at"] == f"{placed.updated_at:%Y-%m-%d %H:%M:%S}"

    town.memory.clock += timedelta(seconds=5)
    town.memory.by_hand("say", {"id": order, "comment": "moved"})

    told = town.order(order)
    assert told.version > placed.version
    assert told.ship_to is not None
    assert told.ship_to.line1 == "Lane 7"
