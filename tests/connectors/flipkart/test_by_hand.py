"""A seller simulated by hand: what somebody buys there is fetched."""

from datetime import UTC, datetime, timedelta

import httpx

from quartermaster.connectors.flipkart.channel import FlipkartChannel
from quartermaster.connectors.flipkart.translate import read
from quartermaster.core.outside import Account
from quartermaster.orders.ports import OrderSold
from quartermaster.testing.simulators import flipkart
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator


def test_what_somebody_buys_is_fetched_as_an_order_without_a_doubt() -> None:
    now = datetime.now(UTC)
    with Simulator(flipkart.by_hand()) as simulator:
        line = {"sku": "MUG-STONE", "quantity": 3, "price": 299}
        said = httpx.post(f"{simulator.url}/_simulator/order", json={"lines": [line]}).json()["said"]
        httpx.post(f"{simulator.url}/_simulator/change", json={"id": said["id"], "hold": True})
        account = Account("hub", settings_for("flipkart", simulator.url))
        page = FlipkartChannel().changes(account=account, since=now - timedelta(hours=1), cursor="")
        page = FlipkartChannel().changes(account=account, since=now - timedelta(hours=1), cursor=page.cursor)
    (change,) = page.orders
    (order,) = read(topic=change.topic, body=change.body, received_at=now)
    assert isinstance(order, OrderSold)
    assert (order.external_id, order.totals.total, order.doubts) == (said["id"], 89700, ())
    assert order.asks_hold == ("Flipkart has it on hold.",)
