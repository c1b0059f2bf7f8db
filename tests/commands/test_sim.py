"""./qm sim: an outside system on this machine."""

import argparse
from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace

from quartermaster.commands import sim
from quartermaster.connectors.woocommerce.channel import WooChannel
from quartermaster.connectors.woocommerce.plug import PLUG
from quartermaster.core import plugs
from quartermaster.core.outside import Account
from quartermaster.orders.ports import OrderSource
from quartermaster.outside.ports import Item, Standing, Warehouse
from quartermaster.testing.conformance.outside import an_order
from quartermaster.testing.simulators import server, woocommerce
from quartermaster.testing.simulators.accounts import settings_for


def test_it_says_how_to_connect_and_goes_wrong_when_told_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    told: dict[str, object] = {}

    def briefly(simulator: server.Simulator) -> None:
        with simulator:
            body = b'{"operation": "buy", "faults": ["late"]}'
            with httpx.Client() as client:
                told.update(client.post(f"{simulator.url}/_simulator/faults", content=body).json())

    monkeypatch.setattr(server.Simulator, "run", briefly)

    assert sim.run(argparse.Namespace(kind="shippo", port=0)) == 0

    assert told == {"paid": 0, "requests": 0, "faults": [["buy", "late"]]}
    assert "./qm connect shippo acme-shippo --set" in capsys.readouterr().out


def test_there_is_no_simulator_of_everything(capsys: pytest.CaptureFixture[str]):
    assert sim.run(argparse.Namespace(kind="pigeon", port=0)) == 2
    assert "but of: shipengine" in capsys.readouterr().err


def test_a_simulated_warehouse_ships_by_hand_whatever_it_was_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    order = an_order()
    seen: list[Standing | None] = []

    def briefly(simulator: server.Simulator) -> None:
        with simulator, httpx.Client() as client:
            account = Account("blr", settings_for("unicommerce", simulator.url))
            warehouse = plugs.plug("unicommerce").offer(Warehouse)
            assert warehouse is not None
            warehouse.send(account=account, order=replace(order, items=(Item("VASE", 1),)))
            left = {"reference": order.reference, "units": {"VASE": 1}}
            client.post(f"{simulator.url}/_simulator/ship", json=left)
            seen.append(warehouse.find(account=account, reference=order.reference))

    monkeypatch.setattr(server.Simulator, "run", briefly)

    assert sim.run(argparse.Namespace(kind="unicommerce", port=0)) == 0

    assert seen[0] is not None
    assert seen[0].state == "shipped"
    assert "Let a parcel leave" in capsys.readouterr().out


def test_a_simulated_shop_sells_by_hand_and_sends_what_was_sold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    seen: list[object] = []

    def briefly(simulator: server.Simulator) -> None:
        with simulator, httpx.Client() as client:
            shop = simulator.vendor
            assert isinstance(shop, woocommerce.WooCommerce)
            shop.hooks.put("order.created", "http://127.0.0.1:9/nobody")
            asked = {"lines": [{"sku": "KETTLE-1L", "quantity": 2, "price": "39.90"}]}
            order = client.post(f"{simulator.url}/_simulator/order", json=asked).json()["said"]["id"]
            (change,) = (
                WooChannel()
                .changes(
                    account=Account("acme", settings_for("woocommerce", simulator.url)),
                    since=shop.clock - timedelta(hours=1),
                    cursor="",
                )
                .orders
            )
            seen.extend(
                PLUG.ports[OrderSource].read_orders(  # type: ignore[attr-defined]
                    topic=change.topic, headers={}, body=change.body, received_at=shop.clock
                )
            )
            assert str(order) == seen[0].external_id  # type: ignore[attr-defined]
            line = {"line": {"lost": 1.0}, "seed": 7}
            assert simulator.bring() == 1
            client.post(f"{simulator.url}/_simulator/line", json=line)
            client.post(f"{simulator.url}/_simulator/order", json=asked)
            assert (simulator.bring(), len(shop.mail.lost)) == (0, 1)
            assert client.post(f"{simulator.url}/_simulator/dance", json={}).status_code == 400

    monkeypatch.setattr(server.Simulator, "run", briefly)

    assert sim.run(argparse.Namespace(kind="woocommerce", port=0)) == 0

    (order,) = seen
    assert order.totals.total == 8470  # type: ignore[attr-defined]
    assert order.doubts == ()  # type: ignore[attr-defined]
    assert "_simulator/order" in capsys.readouterr().out
