"""G21: nobody takes a parcel. It is expected where it left from, looked at and put back on the shelf; what
goes back to the customer follows the policy; and no figure calls it a return."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import now

from quartermaster.console.actions import login_link
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import OrderRefunded
from quartermaster.inbound.actions import Scan, close_arrival, inspect, put_away, receive
from quartermaster.money.actions import write_policy
from quartermaster.money.queries.invariants import INVARIANTS
from quartermaster.money.queries.refunds import refunds_of
from quartermaster.money.rules.returned import Policy
from quartermaster.shipping.actions.hand_over import hand_over
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.tracking.actions import scan
from quartermaster.tracking.ports import ScanTold
from quartermaster.warehouse.actions import pack_all

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]
LATER = NOW + timedelta(days=4)
BOUGHT = now()  # labels are bought now, and what the carrier tells comes after it


@pytest.fixture
def mugs(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> Floor:
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    floor.stow("MUG", A_1=9)
    lay_bins("BER", [BinWanted(code="A-1", kind="storage")], at=NOW, by="user:1")
    return floor


def sent(floor: Floor, **different: object) -> tuple[int, int]:
    """An order of two mugs that left, and its parcel."""
    order = floor.sell(("MUG", 2), **different)
    floor.picked()
    (parcel,) = pack_all([order], at=NOW, by="user:1")
    sql.run("update warehouse_parcel set weight_g = 800")
    floor.company.flow()
    carry_out()
    with transaction.atomic():
        hand_over([parcel], at=NOW, by="user:1")
    floor.company.flow()
    return order, parcel


def told(floor: Floor, parcel: int, status: str, hours: int) -> None:
    one = ScanTold(at=BOUGHT + timedelta(hours=hours), status=status, parcel_id=parcel)
    for _ in range(2):
        scan([one], source="test", at=BOUGHT + timedelta(days=4), by="test")
    floor.company.flow()


def expected() -> list[tuple[int, str, str, str, int]]:
    return sql.run(
        "select a.id, l.code, a.kind, a.reference, x.expected from inbound_arrival a "
        "join stock_location l on l.id = a.location_id join inbound_arrival_line x on x.arrival_id = a.id "
        "order by a.id"
    )  # type: ignore[return-value]


def came(floor: Floor, arrival: int, units: int, *, good: int) -> None:
    """So many are scanned, so many of them are good and go back on the shelf."""
    got = receive(arrival, Scan(key=f"s{arrival}", code="MUG", quantity=units), at=LATER, by="user:1")
    assert got.qc == units
    close_arrival(arrival, because="" if units == 2 else "one is missing", at=LATER, by="user:1")
    inspect(got.receipt_id, passed=good, failed=units - good, because="chipped", at=LATER, by="user:1")
    put_away("BER", "MUG", good, "A-1", key=f"p{arrival}", because="its bin", at=LATER, by="user:1")
    floor.company.flow()


def refund(order: int) -> tuple[str, int, int, int, str]:
    (one,) = refunds_of([order])
    return one.state, one.amount_minor, one.withheld_minor, one.covered_minor, one.because


def test_a_parcel_nobody_took_is_expected_inspected_restocked_refunded_by_policy_and_no_return(
    mugs: Floor,
) -> None:
    order, parcel = sent(mugs)
    told(mugs, parcel, "in_transit", 5)
    assert expected() == []
    told(mugs, parcel, "return_to_sender", 30)
    told(mugs, parcel, "in_transit", 40)
    told(mugs, parcel, "return_to_sender", 50)
    ((arrival, site, kind, reference, units),) = expected()
    assert (site, kind, reference, units) == ("BER", "return_to_origin", f"P-{parcel}", 2)
    assert mugs.lying("MUG") == {"A-1 available": 7}
    assert refunds_of([order]) == []

    browser = Client()
    browser.post(login_link())
    page = browser.get("/floor/receive?site=BER").content.decode()
    assert f"Returned to sender · P-{parcel}" in page

    came(mugs, arrival, 2, good=1)
    told(mugs, parcel, "out_for_delivery", 60)
    told(mugs, parcel, "delivered", 61)  # to us: carriers tell that of the way back, too
    assert sql.run("select status, delivered_at from tracking_track") == [("return_to_sender", None)]
    assert mugs.company.status(5_000_000_001) == "shipped"

    lying = mugs.lying("MUG")
    assert lying.pop("A-1 available") == 8
    assert [(place.split()[-1], units) for place, units in lying.items()] == [("damaged", 1)]
    because = f"P-{parcel} came back undelivered; shipping is kept"
    assert refund(order) == ("due", 2000, 0, 0, because)
    assert sql.run("select returned, shipped, delivered from orders_line") == [(0, 2, 0)]
    page = browser.get(f"/orders/SO-{order}").content.decode()
    assert f"P-{parcel} is expected at BER" in page
    assert because in page

    refund_row = mugs.company.shop.refund(5_000_000_001, 0, 2, restock="no_restock")
    mugs.company.tell(refund_row)
    assert refund(order)[0] == "settled"


def test_the_policy_keeps_a_fee_and_cash_on_delivery_gives_nothing_back(mugs: Floor) -> None:
    with pytest.raises(Invalid):
        write_policy(Policy(fee_minor={"EURO": 5}), because="fee", at=NOW, by="user:1")
    write_policy(Policy(fee_minor={"EUR": 350}), because="the way back costs", at=NOW, by="user:1")
    prepaid, first = sent(mugs)
    on_delivery, second = sent(mugs)
    sql.run("update orders_order set paid_minor = 0 where id = %s", (on_delivery,))
    for parcel in (first, second):
        told(mugs, parcel, "return_to_sender", 30)
    for arrival, *_ in expected():
        came(mugs, arrival, 1, good=1)

    assert refund(prepaid)[:4] == ("due", 650, 350, 0)  # one of two came: ten euros less the fee
    assert refund(on_delivery)[:4] == ("nothing", 0, 350, 650)
    assert "nothing was paid for it" in refund(on_delivery)[4]


def given_back(floor: Floor, order: int, minor: int, note: str) -> None:
    """The channel gives back an amount, and says no more about it than this."""
    with transaction.atomic():
        ((name,),) = sql.run(
            "insert into orders_refund (order_id, external_id, at, amount_minor, shipping_minor, lines, "
            "because) values (%s, 'x' || clock_timestamp(), %s, %s, 0, '[]', %s) returning external_id",
            (order, LATER, minor, note),
        )
        sql.run("update orders_order set refunded_minor = refunded_minor + %s where id = %s", (minor, order))
        told = {"subject": f"order:SO-{order}", "at": LATER, "actor": "test", "order_id": order}
        emit([OrderRefunded(**told, refund=name, amount_minor=minor, currency="EUR")])
    floor.company.flow()


def test_money_given_back_for_something_else_is_not_taken_for_the_parcel_that_came_back(mugs: Floor) -> None:
    order, parcel = sent(mugs)
    told(mugs, parcel, "return_to_sender", 30)
    ((arrival, *_),) = expected()
    came(mugs, arrival, 2, good=2)
    (ours,) = refunds_of([order])
    assert (ours.state, ours.amount_minor) == ("due", 2000)  # all that was paid

    given_back(mugs, order, 500, "for the trouble")
    assert refund(order)[:4] == ("due", 1500, 0, 500)
    given_back(mugs, order, 300, "R-999999, of another order")
    assert refund(order)[:4] == ("due", 1200, 0, 800)

    given_back(mugs, order, 1200, f"the parcel is back, {ours.number}")
    (after,) = refunds_of([order])
    assert (after.state, after.amount_minor) == ("settled", 1200)
    assert after.settled_because == f"the channel gave it back: its note names {ours.number}"
    assert invariants() == []


def test_what_is_given_back_in_full_for_another_reason_leaves_nothing_due(mugs: Floor) -> None:
    order, parcel = sent(mugs)
    told(mugs, parcel, "return_to_sender", 30)
    ((arrival, *_),) = expected()
    came(mugs, arrival, 2, good=2)

    for minor in (100, 1900):
        given_back(mugs, order, minor, "never mind, R-999999")

    (after,) = refunds_of([order])
    assert after.state == "settled"
    assert after.settled_because == "nothing of what was paid is left to be given back"
    assert invariants() == []


def test_a_payment_that_is_told_to_be_less_leaves_that_much_due_for_the_parcel(mugs: Floor) -> None:
    order, parcel = sent(mugs)
    told(mugs, parcel, "return_to_sender", 30)
    ((arrival, *_),) = expected()
    came(mugs, arrival, 2, good=2)
    shop = mugs.company.shop

    for left, state in ((5, "due"), (0, "withdrawn")):
        shop.orders[5_000_000_001]["total_outstanding"] = f"{20 - left}.00"
        mugs.company.tell(shop.readdress(5_000_000_001, f"Town {left}"))
        assert refund(order)[:4] == (state, 500, 0, 1500)

    assert refunds_of([order])[0].settled_because == "nothing of what was paid is left to be given back"
    assert invariants() == []


def invariants() -> list[str]:
    return [row for _, _, check in INVARIANTS for row in check()]
