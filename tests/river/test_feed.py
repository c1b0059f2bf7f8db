"""Shops whose messages are lost, doubled, shuffled and spoiled, whose calls fail, one of them away for a
while: afterwards both sides say the same of every order, parcel and unit."""

import os
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest
from tests.chaos.door import at_the_door

from quartermaster.channels.actions import pull_now
from quartermaster.channels.ports import Cancels
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.moment import now
from quartermaster.orders.actions import cancel
from quartermaster.orders.actions.hold import TooLate
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators.sending import Line

from .conftest import NOW, Company
from .feed import FAULTS, SKUS, Stall, hurry, stalls

ORDERS = 1000 if os.environ.get("QM_CHAOS") == "full" else 24
BAD = Line(lost=0.1, doubled=0.2, corrupt=0.05, delayed=0.2, is_shuffled=True)
READY = """
select o.id from orders_order o join allocation_allocation a on a.order_id = o.id
where a.state = 'released' and o.status = 'allocated' order by o.id limit 1
"""
LABELLED = "select state = 'labelled' from warehouse_parcel where id = %s"
KNOWN = """
select c.slug, o.external_id, o.status, o.id,
  (select sum(shipped) from orders_line l where l.order_id = o.id)::bigint, o.cancelled_at
from orders_order o join inbox_connection c on c.id = o.connection_id
"""

UNTOLD = """
select p.order_id, x.state || ': ' || x.because from channels_shipment x
join warehouse_parcel p on p.id = x.parcel_id where x.state <> 'told'
"""
REFUSED = "select order_id from channels_cancellation where state = 'refused' and because <> ''"
LEFT = """
select s.code, (v.on_hand - v.reserved)::int from stock_level v join catalog_sku s on s.id = v.sku_id
"""


@pytest.fixture
def shops(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Stall]]:
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")
    company.site("BER")
    for sku in SKUS:
        company.sku(sku, BER=ORDERS * 3)
    with at_the_door(), stalls() as found:
        yield found


def pass_by(company: Company, shops: dict[str, Stall]) -> None:
    """A moment: what is sent arrives, shops are asked and told, the outbox is carried out."""
    for stall in shops.values():
        stall.bring()
    hurry()
    company.flow()
    carry_out()


def ship(company: Company, most: int) -> None:
    """The oldest orders that are ready leave, each in one parcel."""
    for _ in range(most):
        ready = sql.run(READY)
        if not ready:
            return
        send(company, ready[0][0])


def send(company: Company, order_id: int) -> None:
    parcel = a_packed_parcel(f"SO-{order_id}")
    company.flow()
    while sql.run(LABELLED, (parcel,)) == [(False,)]:
        hurry()
        assert carry_out()
    manifest = scan_out(f"P-{parcel}", at=NOW, by="user:1").manifest
    close_manifest(manifest, at=NOW, by="user:1")


def test_both_sides_say_the_same_after_everything_went_wrong(company: Company, shops: dict[str, Stall]):
    seed = int(os.environ.get("QM_SEED", "20261123"))
    chance = Random(seed)
    for stall in shops.values():
        stall.simulator.chances.update(FAULTS)
        if stall.mail is not None:
            stall.mail.line = BAD
    for kind in shops:
        pull_now(kind, at=now(), by="user:1")
    pass_by(company, shops)
    placed: list[tuple[str, str]] = []
    away, kinds = chance.choice(sorted(shops)), sorted(shops)
    for n in range(ORDERS):
        if n == ORDERS // 3:
            shops[away].simulator.chances["down"] = 1.0
        if n == 2 * ORDERS // 3:
            shops[away].simulator.chances["down"] = FAULTS["down"]
        kind = chance.choice(kinds)
        placed.append((kind, shops[kind].place(chance.choice(SKUS), chance.randint(1, 3))))
        other, order = chance.choice(placed)
        match chance.randrange(6):
            case 0:
                shops[other].change(order)
            case 1 if shops[other].stands(order) == "open":
                shops[other].cancel(order)
            case 2 if plugs.plug(other).offer(Cancels):  # where it can be told; else it is a drift
                _cancel_here(other, order)
        if n % 4 == 3:
            pass_by(company, shops)
            ship(company, 2)

    for stall in shops.values():
        stall.simulator.chances.clear()
    for _ in range(12):
        pass_by(company, shops)
        ship(company, ORDERS)

    _agree(shops, placed)
    company.examine()


def _cancel_here(slug: str, external_id: str) -> None:
    """Our own people cancel it, where we know of it and it has not left."""
    found = "select o.id from orders_order o join inbox_connection c on c.id = o.connection_id"
    for (order_id,) in sql.run(f"{found} where c.slug = %s and o.external_id = %s", (slug, external_id)):
        with suppress(TooLate):
            cancel(f"SO-{order_id}", because="the buyer called", at=now(), by="user:1")


def _agree(shops: dict[str, Stall], placed: list[tuple[str, str]]) -> None:
    ours = {(slug, external): rest for slug, external, *rest in sql.run(KNOWN)}
    assert set(ours) == set(placed), "every order once, and no other"
    wrong, crossed = [], set()
    refused = {order_id for (order_id,) in sql.run(REFUSED)}  # a person has it before him
    for (slug, external), (status, order_id, shipped, cancelled_at) in ours.items():
        there, here = shops[slug].stands(external), "left" if shipped else status
        if (here, there) == ("left", "cancelled") and cancelled_at:
            crossed.add(order_id)  # it had gone when word of it came: both know of both
        elif (here, there) == ("cancelled", "open") and order_id in refused:
            assert slug == "magento", "a shop that cancels nothing that was paid"
        elif here != there:
            wrong.append((slug, external, f"SO-{order_id}", here, there))
    assert not wrong
    untold = sql.run(UNTOLD)
    assert {order_id for order_id, _ in untold} <= crossed, untold
    left = dict(sql.run(LEFT))
    assert {slug: stall.stock() for slug, stall in shops.items()} == dict.fromkeys(shops, left)
