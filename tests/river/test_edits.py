"""OMS-7: an order changed by our own people, and the channel that goes on talking about it."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.orders.actions import NewLine, Shipping, cancel, edit, release_hold
from quartermaster.orders.actions.hold import TooLate
from quartermaster.orders.actions.one import Changed
from quartermaster.testing.shop import Webhook

from .conftest import Company, some
from .test_any_order import ORDER, end_state, forget, set_up

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)


@pytest.fixture
def sold(company: Company) -> Company:
    set_up(company)
    company.tell(company.shop.sell(("LAMP", 3), ("SET", 2), order_id=ORDER))
    return company


def number() -> str:
    return str(sql.run("select 'SO-' || id from orders_order where external_id = %s", (str(ORDER),))[0][0])


def line(company: Company, place: int = 0) -> int:
    return int(company.order(ORDER).lines[place].id)  # type: ignore[attr-defined]


def change(company: Company, **what: Any) -> Any:
    edited = edit(number(), **what, because="she asked", at=AT, by="user:1")
    company.flow()
    return edited


def money(company: Company) -> dict[str, int]:
    totals = company.order(ORDER).totals  # type: ignore[attr-defined]
    names = ("items", "discount", "shipping", "tax", "total", "paid", "adjusted", "due", "owed")
    return {name: value for name in names if (value := getattr(totals, name).minor)}


def held() -> list[str]:
    return [row[0] for row in sql.run("select kind from orders_hold where released_at is null order by 1")]


def test_more_units_are_promised_and_held_until_they_are_paid(sold: Company) -> None:
    edited = change(sold, lines={line(sold): 5})
    assert (edited.step.total_minor, edited.position.due_minor) == (2000, 2000)
    assert sold.units(ORDER)[0] == {"ordered": 5, "allocated": 5}
    assert money(sold) == {"items": 7000, "total": 7000, "paid": 5000, "adjusted": 2000, "due": 2000}
    assert held() == ["due"]
    sold.tell(sold.shop.pay(ORDER, more=20))
    assert held() == []
    assert money(sold) == {"items": 7000, "total": 7000, "paid": 7000, "adjusted": 2000}


def test_what_is_due_may_be_let_go_with_a_reason(sold: Company) -> None:
    change(sold, lines={line(sold): 4})
    change(sold, waives_due=True)
    assert held() == []
    assert money(sold) == {"items": 6000, "total": 6000, "paid": 5000, "adjusted": 1000}
    sold.tell(sold.shop.readdress(ORDER, "Potsdam"))
    assert held() == []


def test_what_a_change_makes_due_may_be_let_go_with_it(sold: Company) -> None:
    change(sold, lines={line(sold): 4}, waives_due=True)
    assert held() == []
    assert money(sold) == {"items": 6000, "total": 6000, "paid": 5000, "adjusted": 1000}


def test_a_new_line_stays_when_the_channel_speaks_again(sold: Company) -> None:
    change(sold, add=[NewLine("BULB", 2, 250)])
    assert sold.units(ORDER)[2] == {"ordered": 2, "allocated": 2}
    sold.tell(sold.shop.readdress(ORDER, "Potsdam"))
    assert sold.units(ORDER)[2] == {"ordered": 2, "allocated": 2}
    assert money(sold) == {"items": 5500, "total": 5500, "paid": 5000, "adjusted": 500, "due": 500}


def test_a_line_the_channel_takes_over_is_counted_once(sold: Company) -> None:
    change(sold, add=[NewLine("BULB", 2, 1000)])
    sold.tell(sold.shop.add_line(ORDER, "BULB", 2))
    assert len(sold.units(ORDER)) == 3
    assert sold.units(ORDER)[2] == {"ordered": 2, "allocated": 2}
    assert money(sold) == {"items": 7000, "total": 7000, "paid": 7000}
    assert held() == []
    steps = [row[0] for row in sql.run("select total_minor from orders_adjustment order by id")]
    assert steps == [2000, -2000]


def test_units_the_channel_takes_over_are_counted_once(sold: Company) -> None:
    change(sold, lines={line(sold): 5})
    sold.tell(sold.shop.add_units(ORDER, 0, 1))
    assert sold.units(ORDER)[0] == {"ordered": 5, "allocated": 5}
    assert money(sold)["adjusted"] == 1000
    sold.tell(sold.shop.add_units(ORDER, 0, 2))
    assert sold.units(ORDER)[0] == {"ordered": 6, "allocated": 6}
    assert "adjusted" not in money(sold)


def test_a_swap_is_one_change_and_the_price_the_order_has_counts(sold: Company) -> None:
    edited = change(sold, add=[NewLine("BULB", unit_price_minor=400, instead_of=line(sold))])
    assert edited.step.total_minor == -3000 + 1200
    assert edited.verdict.steps == ("release_stock",)
    assert sold.units(ORDER) == [
        {"ordered": 3, "cancelled": 3},
        {"ordered": 2, "allocated": 2},
        {"ordered": 3, "allocated": 3},
    ]
    assert money(sold)["owed"] == 1800
    with pytest.raises(Invalid) as refused:
        change(sold, add=[NewLine("SHADE", 1)])
    assert "has no price for SHADE" in str(refused.value.errors)
    assert change(sold, add=[NewLine("LAMP", 1)]).step.total_minor == 1000


def test_what_is_owed_goes_away_when_it_is_given_back(sold: Company) -> None:
    change(sold, prices={line(sold): 800}, discounts={line(sold, 1): 100})
    assert money(sold)["owed"] == 700
    sold.tell(sold.shop.give_back(ORDER, 7))
    assert "owed" not in money(sold)
    assert money(sold)["total"] == 4300


@pytest.mark.parametrize("state", ["partially_paid", "paid"])
def test_an_order_cut_down_to_what_was_paid_goes_on(company: Company, state: str) -> None:
    set_up(company)
    money_told = {"financial_status": state, "total_outstanding": "10.00"}
    company.tell(company.shop.sell(("LAMP", 3), order_id=ORDER, **money_told))
    assert held() == ["payment"]

    change(company, lines={line(company): 2})
    assert held() == []
    assert money(company) == {"items": 2000, "total": 2000, "paid": 2000, "adjusted": -1000}
    company.tell(company.shop.readdress(ORDER, "Potsdam"))
    assert held() == []
    assert company.units(ORDER) == [{"ordered": 3, "allocated": 2, "cancelled": 1}]

    change(company, lines={line(company): 3})
    assert held() == ["payment"]
    company.tell(company.shop.readdress(ORDER, "Erfurt"))
    assert held() == ["payment"]
    company.tell(company.shop.pay(ORDER))
    assert held() == []
    placed = sql.run("select body->>'hold' from core_event where name = 'HoldPlaced' order by id")
    assert placed == [("payment",)]


def test_a_change_that_pays_nothing_leaves_a_hold_that_a_person_released(company: Company) -> None:
    set_up(company)
    company.tell(company.shop.sell(("LAMP", 3), order_id=ORDER, financial_status="pending"))
    release_hold(number(), kind="payment", because="she pays in the shop", at=AT, by="user:1")
    change(company, lines={line(company): 2})
    assert held() == []


def test_units_we_cancel_are_owed_until_the_channel_has_refunded_them(sold: Company) -> None:
    cancel(number(), because="broken", lines={line(sold): 1}, at=AT, by="user:1")
    sold.flow()
    assert money(sold)["owed"] == 1000
    sold.tell(sold.shop.refund(ORDER, 0, 1))
    assert {name: money(sold).get(name, 0) for name in ("owed", "due", "adjusted")} == {
        "owed": 0,
        "due": 0,
        "adjusted": 0,
    }


def test_a_way_to_ship_stays_until_the_channel_changes_its_own(sold: Company) -> None:
    change(sold, shipping=Shipping("Express", 990))
    assert money(sold)["due"] == 990
    sold.tell(sold.shop.readdress(ORDER, "Potsdam"))
    assert sold.order(ORDER).shipping_method == "Express"  # type: ignore[attr-defined]
    assert money(sold)["shipping"] == 990
    sold.shop.orders[ORDER]["shipping_lines"] = [
        {"id": 1, "title": "Standard", "price": "0.00", "discounted_price": "0.00", "tax_lines": []}
    ]
    sold.tell(sold.shop.readdress(ORDER, "Erfurt"))
    assert sold.order(ORDER).shipping_method == "Standard"  # type: ignore[attr-defined]
    assert "shipping" not in money(sold)


def test_all_of_a_change_happens_or_nothing(sold: Company) -> None:
    before = sold.order(ORDER)
    with pytest.raises(Invalid):
        change(sold, lines={line(sold): 1}, add=[NewLine("VASE", 1, 100)], shipping=Shipping("Express", 5))
    with pytest.raises(Changed):
        change(sold, lines={line(sold): 1}, version=before.version + 1)  # type: ignore[attr-defined]
    assert sold.order(ORDER) == before


def test_past_the_point_of_no_return_a_line_keeps_its_units_and_price(sold: Company) -> None:
    sold.tell(sold.shop.fulfil(ORDER, (0, 3)))
    for what in ({"lines": {line(sold): 2}}, {"lines": {line(sold): 4}}, {"prices": {line(sold): 1}}):
        with pytest.raises(TooLate):
            change(sold, **what)
    change(sold, lines={line(sold, 1): 1}, add=[NewLine("LAMP", 1)])
    assert sold.status(ORDER) == "allocated"


def test_of_an_order_the_channel_cancels_nothing_of_ours_is_left(sold: Company) -> None:
    change(sold, lines={line(sold): 4}, add=[NewLine("BULB", 1, 100)])
    sold.tell(sold.shop.cancel(ORDER))
    assert sold.status(ORDER) == "cancelled"
    assert "adjusted" not in money(sold)
    assert held() == []


def _history(company: Company) -> list[Webhook | None]:
    """None is our own change."""
    shop = company.shop
    return [
        shop.sell(("LAMP", 3), ("SET", 2), order_id=ORDER),
        shop.refund(ORDER, 0, 1, restock="cancel"),
        shop.refund_notice(ORDER),
        shop.fulfil(ORDER, (0, 1), (1, 1)),
        None,
    ]


def _mirrored(company: Company) -> list[Webhook | None]:
    """The channel takes our line over."""
    shop = company.shop
    return [
        shop.sell(("LAMP", 3), ("SET", 2), order_id=ORDER),
        None,
        shop.add_line(ORDER, "BULB", 2),
        shop.readdress(ORDER, "Potsdam"),
    ]


def _ours(company: Company, shipping: Shipping | None) -> None:
    change(company, add=[NewLine("BULB", 2, 1000)], shipping=shipping)


def _end(company: Company) -> tuple[object, ...]:
    steps = "items_minor, discount_minor, shipping_minor, tax_minor, fees_minor, total_minor"
    kept = sql.run(f"select {steps}, due_minor, owed_minor from orders_difference")
    sums = ", ".join(f"sum({name})" for name in steps.split(", "))
    added = sql.run(f"select {sums} from orders_adjustment")
    assert [tuple(map(int, row)) for row in added] == [row[:6] for row in kept]
    return *end_state(company), kept, held()


@pytest.mark.parametrize("history", [_history, _mirrored])
def test_our_change_among_messages_in_any_sequence_ends_in_one_state(
    company: Company, history: Callable[[Company], list[Webhook | None]]
) -> None:
    """Our change is made when the order is there. A line that we added is taken over by what comes after."""
    set_up(company)
    what = history(company)
    ends = set()
    every = permutations(range(len(what)))
    if history is _mirrored:
        every = (one for one in every if one.index(0) < one.index(1) < min(one.index(2), one.index(3)))
    for sequence in some(every):
        forget(company)
        is_asked = False
        for n in sequence:
            webhook = what[n]
            is_asked |= webhook is None
            if webhook is not None:
                company.tell(webhook, webhook)
            if is_asked and sql.run("select 1 from orders_order"):
                _ours(company, Shipping("Express", 490) if history is _mirrored else None)
                is_asked = False
        ends.add(repr(_end(company)))
    assert len(ends) == 1, "\n".join(sorted(ends)[:3])
