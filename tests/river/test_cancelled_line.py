"""G5: one of three lines is cancelled after the pick and before the pack. Its units leave the tote by a task,
the rest is packed and labelled by its own weight, and what is to be given back is exact."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from quartermaster.console.actions import login_link
from quartermaster.core import doctor, plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.money.queries.refunds import refundable, refunds_of
from quartermaster.orders.actions import NewLine, cancel, edit
from quartermaster.shipping.queries.shipments import to_ship
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.shop import Webhook
from quartermaster.warehouse.actions import close, open_parcel, plan_wave, put_back, scan, scan_tote
from quartermaster.warehouse.actions.confirm import confirm_pick
from quartermaster.warehouse.actions.pack import WrongItem
from quartermaster.warehouse.actions.plan_wave import WaveWanted
from quartermaster.warehouse.queries.board import put_backs
from quartermaster.warehouse.queries.waves import wave
from quartermaster.warehouse.rules.grouping import Mode

from .conftest import NOW, Company
from .floor import ORDER, Floor, floor

__all__ = ["floor"]

# SKU: price of one, units, discount of the line (a tenth of the cart), tax on top (19 % and 7 %)
SOLD = {"MUG": (19_99, 1, 2_00, 3_42), "POT": (7_49, 3, 2_25, 3_84), "BOOK": (5_00, 1, 50, 32)}
SHIPPING = 4_90


def _euros(minor: int) -> str:
    return f"{minor / 100:.2f}"


def sold(company: Company) -> Webhook:
    """Three lines with a cart discount, two rates of tax on top, and shipping."""
    shop = company.shop
    shop.sell(*((sku, units) for sku, (_, units, _, _) in SOLD.items()), order_id=ORDER)
    order = shop.orders[ORDER]
    for item in order["line_items"]:
        price, _, discount, tax = SOLD[item["sku"]]
        item["price"] = _euros(price)
        item["discount_allocations"] = [{"amount": _euros(discount), "discount_application_index": 0}]
        item["tax_lines"] = [{"price": _euros(tax), "rate": 0.19, "title": "VAT"}]
    items = sum(price * units for price, units, _, _ in SOLD.values())
    discount, tax = sum(x[2] for x in SOLD.values()), sum(x[3] for x in SOLD.values())
    total = _euros(items - discount + tax + SHIPPING)
    order |= {
        "taxes_included": False,
        "total_line_items_price": _euros(items),
        "subtotal_price": _euros(items - discount),
        "total_discounts": _euros(discount),
        "total_tax": _euros(tax),
        "total_price": total,
        "current_total_price": total,
        "tax_lines": [{"price": _euros(tax), "rate": 0.19, "title": "VAT"}],
        "shipping_lines": [
            {"id": 1, "title": "Standard", "code": "standard", "price": _euros(SHIPPING), "tax_lines": []}
        ],
    }
    return shop._deliver("orders/create", order)


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> InventedCarrier:
    invented = InventedCarrier()
    known = plugged(invented, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    return invented


@pytest.fixture
def number(floor: Floor, carrier: InventedCarrier) -> str:
    """An order whose three lines lie picked in the tote T-7."""
    floor.stow("MUG", A_1=5)
    floor.stow("POT", A_2=5)
    floor.stow("BOOK", A_3=5)
    sql.run("update catalog_sku set weight_g = case code when 'POT' then 900 else 300 end")
    floor.company.tell(sold(floor.company))
    made = plan_wave(WaveWanted(location="BER", mode=Mode.CLUSTER), release=True, at=NOW, by="user:1")
    assert made is not None
    (list_id,) = map(int, wave(made).lists)
    scan_tote(list_id, 1, "T-7", at=NOW, by="user:1")
    for pick, _, _, units, _ in floor.picks(list_id):
        confirm_pick(pick, units, at=NOW, by="user:1")
    floor.company.flow()
    return str(sql.run("select 'SO-' || id from orders_order")[0][0])


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.post(login_link())
    return client


def line_of(sku: str) -> int:
    return int(sql.run("select id from orders_line where code = %s", (sku,))[0][0])


def taken_off(company: Company, number: str, sku: str, units: int) -> None:
    cancel(number, lines={line_of(sku): units}, because="she changed her mind", at=NOW, by="user:1")
    company.flow()


def due(number: str) -> list[int]:
    order_id = int(number.removeprefix("SO-"))
    return [one.amount_minor for one in refunds_of([order_id]) if one.state == "due"]


def test_a_line_cancelled_between_pick_and_pack_leaves_tote_parcel_label_and_money_right(
    floor: Floor, carrier: InventedCarrier, number: str, owner: Client
) -> None:
    taken_off(floor.company, number, "POT", 3)

    (task,) = put_backs(location="BER").items
    assert (task.sku, task.quantity, task.tote, task.came_from) == ("POT", 3, "T-7", "BER/A-2")
    assert floor.lying("POT") == {"A-2 available": 2, "BER picked": 3}
    put_back(int(task.id), "BER/A-2", at=NOW, by="user:1")
    floor.company.flow()
    assert floor.lying("POT") == {"A-2 available": 5}

    parcel = open_parcel(number, "BER", at=NOW, by="user:1")
    scan(parcel, "MUG", at=NOW, by="user:1")
    with pytest.raises(WrongItem):
        scan(parcel, "POT", at=NOW, by="user:1")
    scan(parcel, "BOOK", at=NOW, by="user:1")
    close(parcel, at=NOW, by="user:1")
    floor.company.flow()
    carry_out()
    floor.company.flow()
    assert sql.run("select state from shipping_label") == [("bought",)]
    assert to_ship({parcel: NOW})[parcel].shipment.weight_g == 600

    # 3 × 7.49 − 2.25 discount + 3.84 tax: what the line cost, to the cent. Shipping stays: the rest is sent.
    (one,) = refunds_of([int(number.removeprefix("SO-"))])
    assert (one.state, one.amount_minor, one.shipping_minor) == ("due", 24_06, 0)
    assert one.sum == "EUR 22.47 items + EUR 3.84 tax − EUR 2.25 discount = EUR 24.06"
    left = refundable(int(number.removeprefix("SO-")))
    assert left.refundable_minor == left.paid_minor - 24_06
    assert [line.refundable_minor for line in left.lines] == [21_41, 0, 4_82]
    page = owner.get(f"/orders/{number}").content.decode()
    assert "carried out where the money was taken" in page
    assert "EUR 22.47 items + EUR 3.84 tax − EUR 2.25 discount = EUR 24.06" in page


def test_units_cancelled_one_by_one_are_given_back_as_if_they_went_together(
    floor: Floor, number: str
) -> None:
    amounts = []
    for _ in range(3):
        taken_off(floor.company, number, "POT", 1)
        amounts += due(number)
    assert amounts == [8_02, 16_04, 24_06]


def test_the_last_unit_takes_shipping_along_and_no_more_than_was_paid(floor: Floor, number: str) -> None:
    cancel(number, because="she changed her mind", at=NOW, by="user:1")
    floor.company.flow()

    ((paid,),) = sql.run("select paid_minor from orders_order")
    assert due(number) == [paid]
    assert refundable(int(number.removeprefix("SO-"))).refundable_minor == 0


def test_a_refund_is_settled_when_the_channel_gave_the_money_back_and_withdrawn_when_nothing_is_owed(
    floor: Floor, number: str
) -> None:
    taken_off(floor.company, number, "BOOK", 1)
    assert due(number) == [4_82]
    edit(number, lines={line_of("BOOK"): 1}, because="she wants it after all", at=NOW, by="user:1")
    floor.company.flow()
    taken_off(floor.company, number, "MUG", 1)
    order = floor.company.shop.orders[ORDER]
    order["refunds"].append(
        {
            "id": 77, "order_id": ORDER, "created_at": "2026-11-02T13:00:00Z", "note": "",
            "refund_line_items": [], "order_adjustments": [],
            "transactions": [
                {"id": 78, "kind": "refund", "status": "success", "amount": "21.41", "currency": "EUR"}
            ],
        }
    )  # fmt: skip
    for _ in range(2):
        floor.company.tell(floor.company.shop.refund_notice(ORDER))

    found = refunds_of([int(number.removeprefix("SO-"))])
    assert [(one.state, one.amount_minor) for one in found] == [("settled", 21_41), ("withdrawn", 4_82)]
    names = sql.run("select name from core_event where name like 'Refund%%' order by id")
    assert [name for (name,) in names] == ["RefundDue", "RefundSettled", "RefundDue", "RefundSettled"]


def test_what_is_added_is_set_against_what_is_taken_off(floor: Floor, number: str) -> None:
    edit(number, lines={line_of("POT"): 0}, add=[NewLine("BOOK", 1, 10_00)], because="swap", at=NOW,
         by="user:1")  # fmt: skip
    floor.company.flow()
    ((owed,),) = sql.run("select owed_minor from orders_difference")
    assert due(number) == [owed]
    assert owed < 24_06


def test_the_database_refuses_more_than_was_captured(floor: Floor, number: str) -> None:
    taken_off(floor.company, number, "POT", 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.run("update money_refund set amount_minor = 99999, items_minor = items_minor + 99999 - 2406")
    sql.run("update orders_order set refunded_minor = paid_minor - 100")
    broken = {finding.check for finding in doctor.examine() if finding.rows}
    assert {"money.captured", "money.owed"} <= broken
    sql.run("update orders_order set refunded_minor = 0")
