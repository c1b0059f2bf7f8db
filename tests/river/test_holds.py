"""OMS-4: a hold that comes after units were promised ends where one ends that came before."""

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from quartermaster.core import sql
from quartermaster.orders.actions import hold, release_hold
from quartermaster.testing.shop import Webhook
from quartermaster.warehouse.actions import confirm_pick

from .conftest import Company, some
from .floor import Floor, floor
from .test_any_order import forget

__all__ = ["floor"]

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
ORDER = 5_000_000_001

type Act = Callable[[], None]


@pytest.fixture
def shop(company: Company) -> Company:
    """Lamps enough for one of two lines; bulbs and shades come later."""
    company.site("BER")
    for code in ("LAMP", "BULB", "SHADE"):
        company.sku(code)
    company.kit("SET", BULB=2, SHADE=1)
    return company


def number() -> str:
    return str(sql.run("select 'SO-' || id from orders_order where external_id = %s", (str(ORDER),))[0][0])


def end(company: Company) -> tuple[object, ...]:
    reserved = sql.run(
        "select s.code, r.quantity from stock_reservation r join catalog_sku s on s.id = r.sku_id "
        "where r.state = 'pending' order by 1, 2"
    )
    parked = sql.run("select parked from orders_line order by id")
    states = sql.run(
        "select distinct state from allocation_allocation where state in ('waiting', 'released', 'picking')"
    )
    return company.status(ORDER), company.units(ORDER), parked, reserved, states, company.stock()


def marked(company: Company, kind: str, is_on: bool) -> Webhook:
    """The shop marks the order so that a check places this hold, or takes that back."""
    order = company.shop.orders[ORDER]
    if kind == "test":
        order["test"] = is_on
    else:
        order["financial_status"] = "pending" if is_on else "paid"
    return company.shop.readdress(ORDER, f"City {is_on}")


def ends(company: Company, sequences: Sequence[Sequence[Act]]) -> set[str]:
    """Where these sequences end (a dozen of them in each run), each act flowing by itself or all at once."""
    found = set()
    for sequence, at_once in some(itertools.product(sequences, (False, True))):
        forget(company, {})
        for act in sequence:
            act()
            if not at_once:
                company.flow()
        company.flow()
        found.add(repr(end(company)))
    return found


def arrive(company: Company) -> None:
    company.receive("LAMP", BER=2)
    company.receive("BULB", BER=4)
    company.receive("SHADE", BER=2)


def told(company: Company, webhook: Webhook) -> Act:
    return lambda: company.hear(webhook, webhook)


@pytest.mark.parametrize("is_released", [False, True])
@pytest.mark.parametrize(("kind", "allocated"), [("test", 0), ("payment", 2)])
def test_a_hold_of_a_check_ends_in_one_state_whatever_the_sequence(
    shop: Company, kind: str, allocated: int, is_released: bool
) -> None:
    sold = told(shop, shop.shop.sell(("LAMP", 3), ("SET", 2), order_id=ORDER))
    held = told(shop, marked(shop, kind, True))
    acts = [sold, held, lambda: arrive(shop)]
    if is_released:
        acts.append(told(shop, marked(shop, kind, False)))

    assert len(found := ends(shop, list(itertools.permutations(acts)))) == 1, "\n".join(sorted(found)[:3])
    assert shop.units(ORDER)[1].get("allocated", 0) == (2 if is_released else allocated)
    assert shop.status(ORDER) == ("backordered" if is_released else "on_hold")


@pytest.mark.parametrize("is_released", [False, True])
@pytest.mark.parametrize(("kind", "allocated"), [("check", 0), ("fraud", 2)])
def test_a_hold_by_hand_ends_in_one_state_wherever_the_stock_arrives(
    shop: Company, kind: str, allocated: int, is_released: bool
) -> None:
    """A person holds what is there, and releases what is held: only the stock comes when it likes."""
    sold = told(shop, shop.shop.sell(("LAMP", 3), ("SET", 2), order_id=ORDER))

    def take_in() -> None:
        sold()
        shop.flow()

    acts: list[Act] = [
        take_in,
        lambda: hold(number(), kind=kind, because="what is this?", at=AT, by="user:1"),
    ]
    if is_released:
        acts.append(lambda: release_hold(number(), kind=kind, because="clear", at=AT, by="user:1"))
    sequences = [[*acts[:n], lambda: arrive(shop), *acts[n:]] for n in range(len(acts) + 1)]

    assert len(found := ends(shop, sequences)) == 1, "\n".join(sorted(found)[:3])
    assert shop.units(ORDER)[1].get("allocated", 0) == (2 if is_released else allocated)


def test_units_given_back_by_a_hold_serve_who_waits_for_them(shop: Company) -> None:
    arrive(shop)
    shop.tell(shop.shop.sell(("LAMP", 2), order_id=ORDER), shop.shop.sell(("LAMP", 2)))
    assert [shop.status(ORDER), shop.status(ORDER + 1)] == ["allocated", "backordered"]

    hold(number(), kind="check", because="what is this?", at=AT, by="user:1")
    shop.flow()

    assert [shop.status(ORDER), shop.status(ORDER + 1)] == ["on_hold", "allocated"]
    told = sql.run("select body->>'because' from core_event where name = 'AllocationCancelled'")
    assert told == [("the order is on hold",)]


def test_what_the_channel_hands_over_under_a_hold_leaves_our_stock(shop: Company) -> None:
    arrive(shop)
    shop.tell(shop.shop.sell(("LAMP", 2), order_id=ORDER))
    shop.shop.orders[ORDER]["test"] = True

    shop.tell(shop.shop.fulfil(ORDER, (0, 1)))

    assert shop.units(ORDER) == [{"ordered": 2, "open": 1, "shipped": 1}]
    assert shop.stock()["LAMP@BER"] == (1, 0)


def test_what_is_picked_stays_on_the_floor_and_goes_on_after_the_hold(floor: Floor) -> None:
    """Of three kits one is whole, one is begun and one is untouched: only that one goes back."""
    floor.stow("BULB", A_1=10)
    floor.stow("SHADE", A_2=10)
    floor.company.kit("SET", BULB=2, SHADE=1)
    order = floor.sell(("SET", 3))
    made = floor.make_list()
    bulbs, shades = (pick for pick, *_ in floor.picks(made))
    confirm_pick(bulbs, 3, at=AT, by="user:1")
    confirm_pick(shades, 1, at=AT, by="user:1")
    floor.company.flow()

    hold(f"SO-{order}", kind="check", because="what is this?", at=AT, by="user:1")
    floor.company.flow()

    assert floor.units(order) == [{"open": 1, "allocated": 1, "picked": 1}]
    assert sql.run("select count(*) from warehouse_put_back") == [(0,)]
    assert [state for *_, state in floor.picks(made)] == ["cancelled", "cancelled"]
    assert floor.company.stock() == {"BULB@BER": (10, 1), "SHADE@BER": (10, 1)}

    release_hold(f"SO-{order}", kind="check", because="clear", at=AT, by="user:1")
    floor.company.flow()
    floor.picked()
    assert floor.units(order) == [{"picked": 3}]
