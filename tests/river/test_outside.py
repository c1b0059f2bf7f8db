"""Orders at a warehouse of others: sent, acknowledged, shipped, short, cancelled in flight, lost."""

from collections.abc import Callable

import pytest
from django.db import transaction

from quartermaster.allocation.actions.reroute import OnTheFloor, reroute
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.plugs import Plug, Setting
from quartermaster.inbox.actions.connect import connect
from quartermaster.orders.actions import cancel, edit, hold, release_hold
from quartermaster.orders.ports import Address
from quartermaster.outside.actions import ask_sites, send_released, work_outside
from quartermaster.outside.actions.sites import StillThere
from quartermaster.outside.ports import Item, Warehouse
from quartermaster.testing.warehouses import InventedWarehouse, plugged

from .conftest import NOW, Company

ORDER = 5_000_000_001
LATER = """
update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null
"""


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> InventedWarehouse:
    invented = InventedWarehouse()
    known = plugged(invented, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    return invented


@pytest.fixture
def reno(company: Company, there: InventedWarehouse) -> Company:
    """RNO is worked by others."""
    company.site("RNO")
    sql.run("insert into inbox_connection (slug, kind) values ('reno', 'invented')")
    work_outside("RNO", "reno", at=NOW, by="user:1")
    company.sku("LAMP", RNO=5)
    return company


def settle(company: Company) -> None:
    """Everything flows, the outbox works, they are asked, until nothing changes."""
    for _ in range(6):
        company.flow()
        send_released()
        sql.run(LATER)
        carried = carry_out()
        sql.run("update outside_site set next_at = now() - interval '1 hour'")
        ask_sites()
        company.flow()
        if not carried:
            return


def sold(company: Company, *lines: tuple[str, int]) -> str:
    company.tell(company.shop.sell(*lines))
    settle(company)
    return str(sql.run("select 'SO-' || max(id) from orders_order")[0][0])


def rows() -> list[tuple[str, str]]:
    return [
        (state, cancel) for state, cancel in sql.run("select state, cancel from outside_order order by id")
    ]


def told(name: str) -> int:
    return int(sql.run("select count(*) from core_event where name = %s", (name,))[0][0])


def test_a_released_order_is_sent_not_picked_and_shipped_when_they_say_so(
    reno: Company, there: InventedWarehouse
) -> None:
    number = sold(reno, ("LAMP", 2))

    assert rows() == [("acknowledged", "")]
    assert [item for order in there.orders.values() for item in order.items] == [Item("LAMP", 2)]
    assert reno.units(ORDER) == [{"ordered": 2, "picked": 2}]
    assert told("UnitsPicked") == 0
    assert sql.run("select count(*) from allocation_allocation where state = 'released'") == [(0,)]

    there.ship(number="TRACK1")
    settle(reno)

    assert rows() == [("shipped", "")]
    assert reno.status(ORDER) == "shipped"
    assert reno.stock() == {"LAMP@RNO": (3, 0)}
    assert sql.run("select tracking_number, carrier from warehouse_parcel") == [("TRACK1", "invented")]
    assert sql.run("select count(*) from shipping_label") == [(0,)]
    assert number.startswith("SO-")
    settle(reno)
    assert told("ParcelHandedOver") == 1


def test_parcels_come_one_by_one_and_what_is_short_is_served_from_elsewhere(
    reno: Company, there: InventedWarehouse
) -> None:
    sold(reno, ("LAMP", 4))
    there.ship(Item("LAMP", 1), is_last=False)
    settle(reno)
    assert reno.units(ORDER) == [{"ordered": 4, "picked": 3, "shipped": 1}]
    assert rows() == [("acknowledged", "")]

    reno.site("BER")
    there.ship(Item("LAMP", 2), is_last=True)
    settle(reno)

    assert rows() == [("shipped", ""), ("acknowledged", "")]
    assert reno.units(ORDER) == [{"ordered": 4, "picked": 1, "shipped": 3}]
    missing = sql.run("select sum(quantity)::int from stock_balance where state = 'missing'")
    assert missing == [(1,)]
    there.ship()
    settle(reno)
    assert reno.status(ORDER) == "shipped"


@pytest.mark.parametrize("fault", ["down", "locked", "broken", "late", "liar"])
def test_whatever_goes_wrong_while_sending_they_get_it_once(
    reno: Company, there: InventedWarehouse, fault: str
) -> None:
    there.faults.append(fault)

    sold(reno, ("LAMP", 2))
    settle(reno)

    assert len(there.orders) == (0 if fault == "liar" else 1)
    assert rows() == [("acknowledged", "")]


def test_a_refused_order_is_kept_back_with_its_reason_and_sent_anew_when_released(
    reno: Company, there: InventedWarehouse
) -> None:
    there.unknown_skus = frozenset({"LAMP"})
    number = sold(reno, ("LAMP", 2))

    assert rows() == [("refused", "")]
    assert reno.status(ORDER) == "on_hold"
    assert sql.run("select because from orders_hold") == [("RNO refused it: it does not carry LAMP",)]
    assert reno.stock() == {"LAMP@RNO": (5, 2)}

    there.unknown_skus = frozenset()
    release_hold(number, kind="manual", because="they list it now", at=NOW, by="user:1")
    settle(reno)
    assert rows() == [("refused", ""), ("acknowledged", "")]


def test_a_cancellation_is_asked_for_and_the_units_are_free_when_they_agree(
    reno: Company, there: InventedWarehouse
) -> None:
    number = sold(reno, ("LAMP", 2))
    there.faults.append("down")
    cancel(number, because="changed her mind", at=NOW, by="user:1")
    reno.flow()
    assert rows() == [("acknowledged", "asked")]
    assert reno.stock() == {"LAMP@RNO": (5, 0)}
    assert sql.run("select sellable from stock_level") == [(3,)]

    settle(reno)

    assert rows() == [("cancelled", "asked")]
    assert reno.units(ORDER) == [{"ordered": 2, "cancelled": 2}]
    assert sql.run("select sellable from stock_level") == [(5,)]


def _they_ship_first(reno: Company, there: InventedWarehouse, number: str) -> None:
    there.ship()
    cancel(number, because="changed her mind", at=NOW, by="user:1")


def _while_it_is_asked(reno: Company, there: InventedWarehouse, number: str) -> None:
    there.meanwhile = lambda: there.ship() and None
    cancel(number, because="changed her mind", at=NOW, by="user:1")


@pytest.mark.parametrize("race", [_they_ship_first, _while_it_is_asked])
def test_a_cancellation_in_flight_loses_against_what_left_and_the_order_says_so(
    reno: Company, there: InventedWarehouse, race: Callable[[Company, InventedWarehouse, str], None]
) -> None:
    number = sold(reno, ("LAMP", 2))
    race(reno, there, number)
    settle(reno)

    assert rows() in ([("shipped", "late")], [("shipped", "refused")])
    assert reno.units(ORDER) == [{"ordered": 2, "shipped": 2}]
    assert reno.stock() == {"LAMP@RNO": (3, 0)}
    assert told("CancelCameLate") == 1


def test_a_cancelled_order_they_never_got_is_never_sent(reno: Company, there: InventedWarehouse) -> None:
    there.faults += ["down", "down"]
    reno.tell(reno.shop.sell(("LAMP", 2)))
    assert rows() == [("sent", "")]
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    cancel(number, because="changed her mind", at=NOW, by="user:1")
    settle(reno)

    assert rows()[0][0] == "cancelled"
    assert there.orders == {}
    assert reno.stock() == {"LAMP@RNO": (5, 0)}


def test_a_lost_answer_and_a_cancellation_end_in_one_state(reno: Company, there: InventedWarehouse) -> None:
    there.faults += ["late", "down"]
    reno.tell(reno.shop.sell(("LAMP", 2)))
    assert rows() == [("sent", "")]
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    cancel(number, because="changed her mind", at=NOW, by="user:1")
    settle(reno)
    settle(reno)

    assert rows() == [("cancelled", "asked")]
    assert reno.stock() == {"LAMP@RNO": (5, 0)}


def test_a_hold_asks_it_back_and_its_release_sends_it_anew(reno: Company, there: InventedWarehouse) -> None:
    number = sold(reno, ("LAMP", 2))
    hold(number, kind="fraud", because="the card was reported", at=NOW, by="user:1")
    settle(reno)
    assert rows() == [("cancelled", "asked")]
    assert reno.stock() == {"LAMP@RNO": (5, 2)}

    release_hold(number, kind="fraud", because="checked", at=NOW, by="user:1")
    settle(reno)
    assert rows() == [("cancelled", "asked"), ("acknowledged", "")]


def test_another_address_is_asked_back_and_sent_anew(reno: Company, there: InventedWarehouse) -> None:
    number = sold(reno, ("LAMP", 2))
    paris = Address(name="Ann", line1="Rue 1", city="Paris", postcode="75001", country="FR")
    edit(number, ship_to=paris, because="moved", at=NOW, by="user:1")
    settle(reno)
    settle(reno)

    assert [state for state, _ in rows()] == ["cancelled", "acknowledged"]
    assert [order.receiver.city for order in there.orders.values()][-1] == "Paris"


def test_they_cannot_ship_more_than_they_were_sent_and_a_person_is_told(
    reno: Company, there: InventedWarehouse
) -> None:
    sold(reno, ("LAMP", 2))
    there.ship(Item("LAMP", 3))
    settle(reno)

    assert rows() == [("acknowledged", "")]
    assert sql.run("select because from outside_order") == [
        ("RNO says it shipped 3 × LAMP (2 are to be shipped)",)
    ]
    assert told("OutsideUnclear") == 1


def test_a_kit_goes_as_its_parts_and_ships_as_a_whole(reno: Company, there: InventedWarehouse) -> None:
    reno.sku("BULB", RNO=4)
    reno.kit("SET", LAMP=1, BULB=2)
    sold(reno, ("SET", 2))
    assert [item for order in there.orders.values() for item in order.items] == [
        Item("BULB", 4),
        Item("LAMP", 2),
    ]
    there.ship(Item("LAMP", 2), Item("BULB", 3), is_last=False)
    settle(reno)
    assert reno.units(ORDER) == [{"ordered": 2, "picked": 1, "shipped": 1}]
    there.ship(Item("BULB", 1))
    settle(reno)
    assert reno.units(ORDER) == [{"ordered": 2, "shipped": 2}]


def test_a_site_with_orders_there_cannot_be_taken_back_unnoticed(
    reno: Company, there: InventedWarehouse
) -> None:
    sold(reno, ("LAMP", 2))
    with pytest.raises(StillThere), transaction.atomic():
        work_outside("RNO", "reno", is_active=False, at=NOW, by="user:1")


# --- an order goes to one warehouse, whatever is changed about the connection or the routing meanwhile ---


@pytest.fixture
def account(reno: Company, monkeypatch: pytest.MonkeyPatch) -> Callable[[InventedWarehouse, str, str], None]:
    """The connection reaches this warehouse, with this account and password."""
    settings = (Setting("account", "Account"), Setting("password", "Password", is_secret=True))

    def use(warehouse: InventedWarehouse, name: str, password: str) -> None:
        plug = Plug("invented", "Invented", settings, {Warehouse: warehouse})
        known = {**plugs.installed(), "invented": plug}
        monkeypatch.setattr(plugs, "installed", lambda: known)
        connect("invented", "reno", {"account": name, "password": password}, at=NOW, by="user:1")

    return use


def test_an_order_whose_answer_was_lost_is_not_sent_to_another_account_of_the_same_connection(
    reno: Company, there: InventedWarehouse, account: Callable[[InventedWarehouse, str, str], None]
) -> None:
    """What the new account does not know may well be on its way at the old one."""
    account(there, "one", "secret")
    there.faults += ["late", "down"]
    reno.tell(reno.shop.sell(("LAMP", 2)))
    assert rows() == [("sent", "")]
    other = InventedWarehouse()
    account(other, "another", "secret")
    settle(reno)

    assert other.orders == {}
    assert rows() == [("sent", "")]
    assert told("OutsideUnclear") == 1
    assert sql.run("select because from outside_order") == [
        ("it was sent over other settings of reno: set them back, so that they can be asked",)
    ]
    account(there, "one", "secret")
    settle(reno)
    assert rows() == [("acknowledged", "")]
    assert len(there.orders) == 1


def test_a_new_password_of_the_same_account_is_the_same_account(
    reno: Company, there: InventedWarehouse, account: Callable[[InventedWarehouse, str, str], None]
) -> None:
    account(there, "one", "old")
    there.faults += ["late", "down"]
    reno.tell(reno.shop.sell(("LAMP", 2)))
    account(there, "one", "new")
    there.standing.clear()  # it never arrived
    there.orders.clear()
    settle(reno)
    assert rows() == [("acknowledged", "")]
    assert len(there.orders) == 1


def test_a_site_with_open_orders_is_not_given_to_another_connection(
    reno: Company, there: InventedWarehouse
) -> None:
    sql.run("insert into inbox_connection (slug, kind) values ('other', 'invented')")
    there.faults += ["late", "down"]
    reno.tell(reno.shop.sell(("LAMP", 2)))
    with pytest.raises(StillThere), transaction.atomic():
        work_outside("RNO", "other", at=NOW, by="user:1")
    settle(reno)
    assert len(there.orders) == 1


def test_an_order_that_is_there_is_routed_elsewhere_only_after_they_gave_it_back(
    reno: Company, there: InventedWarehouse
) -> None:
    number = sold(reno, ("LAMP", 2))
    reno.site("BER")
    reno.sku("LAMP", BER=9)
    with pytest.raises(OnTheFloor), transaction.atomic():
        reroute(number, location="BER", because="closer", at=NOW, by="user:1")
    settle(reno)
    assert len(there.orders) == 1
    there.ship()
    settle(reno)
    assert reno.units(ORDER) == [{"ordered": 2, "shipped": 2}]
    assert sql.run("select sum(quantity)::int from warehouse_parcel_item") == [(2,)]
