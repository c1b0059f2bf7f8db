"""Labels and hand-overs along the river, and two who act on one order at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.river import worker
from quartermaster.orders.actions import cancel, edit
from quartermaster.orders.actions.hold import TooLate
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.parcels import a_packed_parcel

from .conftest import NOW, Company

PARIS = Address(name="Ann", line1="Rue 1", city="Paris", postcode="75001", country="FR")
DUE = """
update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null
"""


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> InventedCarrier:
    invented = InventedCarrier()
    known = plugged(invented, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    return invented


@pytest.fixture
def packed(company: Company, carrier: InventedCarrier) -> tuple[str, int]:
    company.site("BER")
    company.sku("LAMP", BER=5)
    company.tell(company.shop.sell(("LAMP", 2)))
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    parcel_id = a_packed_parcel(number)
    while_due(company, buys=False)
    return number, parcel_id


def while_due(company: Company, *, buys: bool = True) -> None:
    """Everything flows; with `buys` the outbox works too."""
    for _ in range(10):
        for queue in worker.due():
            while worker.step(queue):
                pass
        if not buys:
            return
        sql.run(DUE)
        if not carry_out():
            return


def meanwhile(act: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def due(company: Company) -> list[int]:
    """G6: what is to be given back, and never together with a label that still leads to the customer."""
    company.flow()
    refunds = [row[0] for row in sql.run("select amount_minor from money_refund where state = 'due'")]
    live = sql.run("select id from shipping_label where state in ('queued', 'unknown', 'bought')")
    assert not (refunds and live)
    return refunds


def states() -> list[str]:
    return [state for (state,) in sql.run("select state from shipping_label order by id")]


def test_a_cancellation_that_commits_before_the_purchase_leaves_nothing_bought(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    number, _ = packed
    with transaction.atomic():
        cancel(number, because="changed her mind", at=NOW, by="user:1")
        buying = meanwhile(carry_out)
        buying.join(0.5)
        assert buying.is_alive(), "it did not wait for the order's lock"
        assert carrier.calls == []
    buying.join(20)
    while_due(company)

    assert (states(), carrier.sold) == (["voided"], {})
    assert due(company) == [2000]


def test_a_cancellation_that_commits_during_the_purchase_leaves_no_live_label(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    number, _ = packed
    carrier.meanwhile = lambda: meanwhile(
        lambda: cancel(number, because="changed her mind", at=NOW, by="user:1")
    ).join(20)
    while_due(company)

    assert (states(), len(carrier.sold), carrier.live) == (["voided"], 1, 0)
    assert due(company) == [2000]


def test_a_unit_cancelled_during_the_purchase_is_not_on_its_way_when_it_is_given_back(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    """G6: the parcel is opened and its label void, though the carrier had charged for it."""
    number, _ = packed
    ((line,),) = sql.run("select id from orders_line")
    carrier.meanwhile = lambda: meanwhile(
        lambda: cancel(number, lines={line: 1}, because="one less", at=NOW, by="user:1")
    ).join(20)
    while_due(company)

    assert (states(), len(carrier.sold), carrier.live) == (["voided"], 1, 0)
    assert sql.run("select state from warehouse_parcel") == [("packing",)]
    assert due(company) == [1000]


def test_a_cancellation_that_commits_after_the_purchase_voids_the_label(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    number, _ = packed
    while_due(company)
    assert states() == ["bought"]

    cancel(number, because="changed her mind", at=NOW, by="user:1")
    while_due(company)

    assert (states(), carrier.live) == (["voided"], 0)
    assert due(company) == [2000]


def test_two_workers_buy_one_label(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    both = [meanwhile(carry_out) for _ in range(2)]
    for each in both:
        each.join(20)
    while_due(company)

    assert (states(), carrier.calls, carrier.live) == (["bought"], ["buy"], 1)


def test_of_a_batch_only_the_label_of_the_order_that_is_being_cancelled_is_not_bought(
    company: Company,
) -> None:
    company.site("BER")
    company.sku("LAMP", BER=5)
    for _ in range(3):
        company.tell(company.shop.sell(("LAMP", 1)))
    numbers = [number for (number,) in sql.run("select 'SO-' || id from orders_order order by id")]
    for number in numbers:
        a_packed_parcel(number)
    while_due(company, buys=False)

    with transaction.atomic():
        cancel(numbers[1], because="changed her mind", at=NOW, by="user:1")
        buying = [meanwhile(carry_out) for _ in range(2)]
        buying[0].join(0.5)
        assert states() == ["queued"] * 3
    for each in buying:
        each.join(20)
    while_due(company)

    assert states() == ["bought", "voided", "bought"]
    assert sql.run("select count(*) from shipping_issued") == [(2,)]
    assert sql.run("select count(*) from core_event where name = 'LabelBought'") == [(2,)]


def test_a_parcel_goes_where_its_order_goes_until_the_carrier_has_it(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    number, parcel_id = packed
    while_due(company)
    manifest = scan_out(f"P-{parcel_id}", at=NOW, by="user:1").manifest
    edit(number, ship_to=PARIS, because="she moved", at=NOW, by="user:1")
    while_due(company)
    assert (states(), carrier.live) == (["voided", "bought"], 1)
    assert close_manifest(manifest, at=NOW, by="user:1").parcels == 0

    manifest = scan_out(f"P-{parcel_id}", at=NOW, by="user:1").manifest
    assert close_manifest(manifest, at=NOW, by="user:1").parcels == 1
    while_due(company)

    assert sql.run("select status from orders_order") == [("shipped",)]
    assert company.stock() == {"LAMP@BER": (3, 0)}


def test_a_parcel_cancelled_while_its_manifest_is_being_closed_is_on_one_side_only(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    number, parcel_id = packed
    while_due(company)
    manifest = scan_out(f"P-{parcel_id}", at=NOW, by="user:1").manifest
    with transaction.atomic():
        cancel(number, because="changed her mind", at=NOW, by="user:1")
        closing = meanwhile(lambda: close_manifest(manifest, at=NOW, by="user:2"))
        closing.join(0.5)
        assert closing.is_alive(), "it did not wait for the order's lock"
    closing.join(20)
    while_due(company)

    assert (states(), carrier.live) == (["voided"], 0)
    assert sql.run("select shipped from orders_line") == [(0,)]
    assert sql.run("select body->>'parcels' from core_event where name = 'ManifestClosed'") == [("0",)]


def test_a_cancellation_that_waits_for_the_hand_over_comes_too_late_and_gives_nothing_back(
    company: Company, carrier: InventedCarrier, packed: tuple[str, int]
) -> None:
    """G6, the other way round: the parcel leaves, so there is a live label and no refund."""
    number, parcel_id = packed
    while_due(company)
    manifest = scan_out(f"P-{parcel_id}", at=NOW, by="user:1").manifest
    refused: list[Exception] = []

    def too_late() -> None:
        try:
            cancel(number, because="changed her mind", at=NOW, by="user:1")
        except TooLate as refusal:
            refused.append(refusal)

    with transaction.atomic():
        assert close_manifest(manifest, at=NOW, by="user:2").parcels == 1
        cancelling = meanwhile(too_late)
        cancelling.join(0.3)
        assert cancelling.is_alive(), "it did not wait for the order's lock"
    cancelling.join(20)

    assert len(refused) == 1
    assert (states(), carrier.live, due(company)) == (["bought"], 1, [])
