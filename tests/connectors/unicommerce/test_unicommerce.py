"""Unicommerce against everything we rely on, and every way its server goes wrong."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.connectors.carriers.openapi import SPECS

from quartermaster.connectors.unicommerce import sign_in, translate
from quartermaster.connectors.unicommerce.warehouse import Unicommerce
from quartermaster.core.outside import Account, AuthExpired, Invalid
from quartermaster.outside.ports import Item, State
from quartermaster.testing.conformance import outside_faults
from quartermaster.testing.conformance.outside import CHECKS, Check, Stand, an_order, heard, units
from quartermaster.testing.conformance.outside_faults import Faulty, a_receipt_is_told_once_in_the_end
from quartermaster.testing.simulators.server import FAULTS, Simulator
from quartermaster.testing.simulators.unicommerce import PASSWORD, SETTINGS
from quartermaster.testing.simulators.unicommerce import Unicommerce as Vendor


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(Vendor(), slow_s=0.01) as simulator:
        yield simulator


@pytest.fixture
def vendor(running: Simulator) -> Vendor:
    assert isinstance(running.vendor, Vendor)
    running.vendor.password, running.vendor.may_renew = PASSWORD, True
    return running.vendor


@pytest.fixture
def stand(running: Simulator, vendor: Vendor) -> Stand:
    running.faults.clear()
    sign_in._tokens.clear()

    def ship(reference: str, items: tuple[Item, ...], is_last: bool) -> None:
        vendor.ship(reference, units(items), is_last)

    def receive(items: tuple[Item, ...]) -> None:
        vendor.receive(units(items))

    account = Account("blr", {**SETTINGS, "api_url": running.url})
    return Stand(Unicommerce(), account, ship, receive)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_unicommerce(check: Check, stand: Stand):
    check(stand)


OPERATIONS = {"news": "find"}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("check", outside_faults.CHECKS, ids=lambda check: check.__name__)
def test_unicommerce_that_misbehaves(
    check: outside_faults.Check, fault: str, stand: Stand, running: Simulator, vendor: Vendor
):
    def orders(reference: str) -> int:
        return int(reference in vendor.orders)  # it takes a code once

    check(Faulty(stand, lambda call: running.misbehave(OPERATIONS.get(call, call), fault), orders))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_receipt_that_cannot_be_read_is_told_in_the_end(
    fault: str, stand: Stand, running: Simulator, vendor: Vendor
):
    a_receipt_is_told_once_in_the_end(
        Faulty(stand, lambda _: running.misbehave("receipt", fault), lambda reference: 0)
    )


def test_what_they_do_not_carry_is_refused_in_their_words(stand: Stand):
    with pytest.raises(Invalid, match="no item VASE"):
        stand.warehouse.send(account=stand.account, order=replace(an_order(), items=(Item("VASE", 1),)))


def test_a_unit_is_an_item_and_items_are_counted_together_again(stand: Stand, vendor: Vendor):
    order = an_order()
    stand.warehouse.send(account=stand.account, order=order)
    items = vendor.orders[order.reference]["saleOrderItems"]
    assert [item["itemSku"] for item in items] == ["BULB", "LAMP", "LAMP"]  # type: ignore[attr-defined]
    stand.ship(order.reference, (Item("LAMP", 1),), True)
    found = stand.warehouse.find(account=stand.account, reference=order.reference)
    assert found is not None
    assert found.state is State.SHIPPED  # the rest was cancelled there: nothing more will leave
    assert found.shipments[0].items == (Item("LAMP", 1),)


def test_a_token_that_ended_is_renewed_and_the_password_is_asked_for_only_when_that_fails(
    stand: Stand, running: Simulator, vendor: Vendor
):
    def asked() -> list[str]:
        seen = [r.query["grant_type"] for r in running.requests if r.operation == "token"]
        running.requests.clear()
        return seen

    running.requests.clear()
    stand.warehouse.snapshot(account=stand.account)
    stand.warehouse.snapshot(account=stand.account)
    assert asked() == ["password"]

    vendor.tokens.clear()
    stand.warehouse.snapshot(account=stand.account)
    assert asked() == ["refresh_token"]

    vendor.tokens.clear()
    vendor.may_renew = False
    stand.warehouse.snapshot(account=stand.account)
    assert asked() == ["refresh_token", "password"]


def test_a_password_that_was_changed_is_a_matter_for_a_person_and_is_never_repeated(
    stand: Stand, vendor: Vendor, caplog: pytest.LogCaptureFixture
):
    vendor.password = "another"
    with caplog.at_level(logging.DEBUG), pytest.raises(AuthExpired, match="Bad credentials") as told:
        stand.warehouse.find(account=stand.account, reference="QM-1-none")
    assert PASSWORD not in str(told.value)
    assert PASSWORD not in caplog.text


def test_a_receipt_is_told_when_it_is_complete_without_what_was_rejected(stand: Stand, vendor: Vendor):
    before = heard(stand)
    code = vendor.receive({"LAMP": 12}, rejected=2, status="CREATED")
    news = heard(stand, cursor=before.cursor)
    assert news.receipts == ()
    vendor.receipts[code]["statusCode"] = "COMPLETE"
    (receipt,) = heard(stand, cursor=news.cursor).receipts
    assert (receipt.reference, receipt.items) == (code, (Item("LAMP", 10),))
    assert receipt.because == "for PO-1, 2 rejected"


def test_stock_is_what_lies_there_kept_for_orders_or_not(stand: Stand):
    report = stand.warehouse.snapshot(account=stand.account, skus=["LAMP", "VASE"])
    assert report is not None
    assert report.on_hand == {"LAMP": 40}


def test_an_order_there_is_no_time_for_is_asked_about_in_the_next_round():
    assert translate.turn(["C", "A", "B"], "") == ["A", "B", "C"]
    assert translate.turn(["C", "A", "B"], "A") == ["B", "C", "A"]


def test_half_a_unit_or_a_moment_without_an_offset_is_not_understood():
    with pytest.raises(translate.NotUnderstood):
        translate.snapshot({"inventorySnapshots": [{"itemTypeSKU": "A", "inventory": "2.5"}]}, None)  # type: ignore[arg-type]
    with pytest.raises(translate.NotUnderstood):
        translate.moment("2026-11-23T10:00:00")


def test_what_is_sent_and_read_has_the_names_of_the_models_of_a_public_program(stand: Stand, vendor: Vendor):
    path = Path(SPECS) / "unicommerce" / "unicommerce-models.schema.json"
    if not path.exists():
        pytest.skip("the models are not here: requests were NOT checked against them")
    models = json.loads(path.read_text())["$defs"]
    order = an_order()
    sent = translate.order_body(order, facility="F", channel="CUSTOM", method="STD")["saleOrder"]
    assert isinstance(sent, dict)
    (address,) = sent["addresses"]
    assert set(address) <= set(models["Address"]["properties"])
    known = set(models["SaleOrderItem"]["properties"])
    assert {"code", "itemSku", "facilityCode", "totalPrice", "sellingPrice"} <= known & set(
        sent["saleOrderItems"][0]
    )
    stock = set(models["InventorySnapshotItem"]["properties"])
    assert {"itemTypeSKU", *translate.HELD} <= stock
    package = set(models["ShippingPackageResponse"]["properties"])
    assert {"code", "shippingProvider", "trackingNumber"} <= package
    assert {"access_token", "refresh_token", "expires_in"} <= set(models["TokenResponse"]["properties"])
