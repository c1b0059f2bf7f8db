"""Prices to shops: from a list to what a listing costs there, and what is held back."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from quartermaster.channels.actions import (
    let_through,
    make_list,
    map_listing,
    plan_sale,
    push_prices,
    push_prices_now,
    set_own,
    set_pricing,
    switch,
    withdraw_sale,
    work_out_prices,
)
from quartermaster.channels.actions.listing import OnlyRead
from quartermaster.channels.actions.prices.own import CannotBeLet
from quartermaster.channels.actions.prices.push import SENDING
from quartermaster.channels.actions.prices.sales import FarSale, SalesOverlap
from quartermaster.channels.actions.telling.sending import send, take
from quartermaster.channels.ports import Price, Taken
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.moment import now
from quartermaster.core.outside import NotDone, Unclear
from quartermaster.testing.builders import a_sku

from .conftest import AT, Stand, examined
from .priced import LATER, price, put, settle, work


def test_a_price_reaches_every_listing_once_by_each_shop_s_rule(sold: Stand) -> None:
    rule = {"factor_bp": 11_000, "step_minor": 100, "ending_minor": 99}
    set_pricing("west", rule, at=AT, by="user:1")
    put({"LAMP": 1100})
    work()
    assert (sold.shelves.costs("east", "LAMP"), sold.shelves.costs("west", "LAMP")) == (1100, 1199)
    assert price("LAMP") == (1100, 1100, "idle", "", "")
    assert price("BULB") == (None, 1000, "idle", "", "")
    put({"LAMP": 1100})
    settle()
    assert sold.shelves.sent_prices("east") == [("L-LAMP", 1100)]
    assert examined() == {}


def test_what_costs_so_there_already_is_not_sent(sold: Stand) -> None:
    put({"LAMP": 1000})
    work()
    assert price("LAMP") == (1000, 1000, "idle", "", "")
    assert sold.shelves.priced == []


def test_a_new_shop_is_only_looked_at_until_its_prices_are_switched_on(sold: Stand) -> None:
    set_pricing("east", {"mode": "observe"}, at=AT, by="user:1")
    put({"LAMP": 1100})
    work()
    assert (price("LAMP")[:3], sold.shelves.sent_prices("east")) == ((1100, 1000, "due"), [])
    with pytest.raises(OnlyRead):
        push_prices_now("east", at=AT, by="user:1")
    set_pricing("east", {"mode": "live"}, at=AT, by="user:1")
    switch("east", mode="observe", at=AT, by="user:1")
    work()
    assert sold.shelves.sent_prices("east") == [], "a shop that is told nothing is told no prices"
    switch("east", mode="live", at=AT, by="user:1")
    work()
    assert sold.shelves.costs("east", "LAMP") == 1100


def test_a_guard_holds_a_price_back_and_a_person_lets_this_very_one_through(sold: Stand) -> None:
    sql.run("update catalog_sku set cost_minor = 800, currency = 'EUR' where code = 'LAMP'")
    set_pricing("east", {"fee_bp": 1500}, at=AT, by="user:1")
    put({"LAMP": 900})
    work()
    assert price("LAMP")[:4] == (900, 1000, "idle", "floor")
    assert sold.shelves.costs("east", "LAMP") == 1000
    assert sold.shelves.costs("west", "LAMP") == 900
    assert push_prices_now("east", ["L-LAMP"], at=AT, by="user:1") == 0
    with pytest.raises(Invalid):
        let_through("east", ["L-LAMP"], because=" ", at=AT, by="user:1")
    assert let_through("east", ["L-LAMP"], because="clearing it", at=AT, by="user:2") == 1
    work()
    assert sold.shelves.costs("east", "LAMP") == 900
    put({"LAMP": 890})
    work()
    assert (price("LAMP")[3], sold.shelves.costs("east", "LAMP")) == ("floor", 900)
    put({"LAMP": 1000})
    work()
    assert price("LAMP") == (1000, 1000, "idle", "", "")
    told = sql.run("select actor, body ->> 'because' from core_event where name = 'PriceLetThrough'")
    assert told == [("user:2", "clearing it")]
    assert examined() == {}


def test_small_steps_are_no_way_around_and_what_is_no_price_is_let_through_by_nobody(sold: Stand) -> None:
    put({"LAMP": 1250})
    work()
    put({"LAMP": 1500})
    work()
    assert price("LAMP")[3] == "change"
    sql.run("update channels_listing_price set past_at = past_at - interval '8 days'")
    put({"LAMP": 1501})
    work()
    assert price("LAMP")[:2] == (1501, 1501)
    set_pricing("east", {"amount_minor": -5000}, at=AT, by="user:1")
    work()
    assert price("LAMP")[3] == "nothing"
    with pytest.raises(CannotBeLet):
        let_through("east", ["L-LAMP"], because="please", at=AT, by="user:1")
    with pytest.raises(CannotBeLet):
        let_through("west", ["L-LAMP"], because="please", at=AT, by="user:1")
    with pytest.raises(NotFound):
        let_through("east", ["L-NONE"], because="please", at=AT, by="user:1")


def test_a_price_that_a_guard_stops_while_it_is_under_way_is_not_sent_again(sold: Stand) -> None:
    put({"LAMP": 1100})
    work_out_prices()
    ((shop_id,),) = sql.run("select id from inbox_connection where slug = 'east'")
    held = take(SENDING, shop_id, 10)
    put({"LAMP": 100})
    work_out_prices()
    send(SENDING, shop_id, "east", held)
    settle()
    assert sold.shelves.sent_prices("east") == []
    assert price("LAMP")[:4] == (100, 1000, "idle", "change")
    assert examined() == {}


def test_a_delayed_worker_neither_sends_nor_overwrites_a_price(sold: Stand) -> None:
    put({"LAMP": 1100})
    work_out_prices()
    ((shop_id,),) = sql.run("select id from inbox_connection where slug = 'east'")
    held = take(SENDING, shop_id, 10)
    sql.run(LATER)
    put({"LAMP": 1200})
    settle()
    send(SENDING, shop_id, "east", held)
    settle()
    assert sold.shelves.sent_prices("east") == [("L-LAMP", 1200)]


def test_no_clear_answer_is_looked_up_and_rows_that_are_refused_harm_no_others(sold: Stand) -> None:
    def breaks(slug: str, prices: object) -> None:
        sold.shelves.after_prices = lambda slug, prices: None
        raise Unclear("timed out after 20 s")

    sold.shelves.after_prices = breaks
    put({"LAMP": 1100, "BULB": 1200})
    settle()
    assert sold.shelves.sent_prices("east") == [("L-BULB", 1200), ("L-LAMP", 1100)]
    assert (price("LAMP")[1:3], price("BULB")[1:3]) == ((1100, "idle"), (1200, "idle"))
    sold.shelves.says = {"L-LAMP": Taken("L-LAMP", "refused", "It is archived.")}
    put({"LAMP": 1200, "BULB": 1300})
    settle()
    assert (price("LAMP")[2:], price("BULB")[1]) == (("refused", "", "It is archived."), 1300)
    sold.shelves.says = {}
    assert push_prices_now("east", ["L-LAMP"], at=AT, by="user:1") == 1
    work()
    assert price("LAMP")[:3] == (1200, 1200, "idle")


def test_a_shop_that_is_down_gets_the_newest_price_once_it_is_back(sold: Stand) -> None:
    is_down = True

    def down(slug: str, prices: object) -> None:
        if is_down:
            raise NotDone("not reachable")

    sold.shelves.before_prices = down
    for minor in (1100, 1150, 1200):
        put({"LAMP": minor})
        work()
    is_down = False
    settle()
    assert sold.shelves.sent_prices("east") == [("L-LAMP", 1200)]


def test_a_shop_that_says_yes_and_does_nothing_is_stuck_with_both_prices_said(sold: Stand) -> None:
    sold.shelves.says = {"L-LAMP": Taken("L-LAMP", "accepted")}
    put({"LAMP": 1100})
    sql.run("update channels_listing_price set tries = 0")
    for _ in range(8):
        settle()
        sql.run("update channels_listing_price set sent_at = sent_at - interval '1 hour'")
    assert price("LAMP")[2:] == ("stuck", "", "It costs EUR 10.00 there; it is to cost EUR 11.00.")


def test_a_sale_begins_and_ends_by_the_clock_and_its_end_is_no_leap(sold: Stand) -> None:
    put({"LAMP": 1000})
    sale = plan_sale(
        "Retail",
        "LAMP",
        price_minor=750,
        starts_at=now(),
        ends_at=now() + timedelta(days=2),
        at=AT,
        by="user:1",
    )
    work()
    assert sold.shelves.costs("east", "LAMP") == 750
    sql.run("update channels_sale set ends_at = clock_timestamp() where id = %s", (sale,))
    work()
    assert sold.shelves.costs("east", "LAMP") == 1000
    assert sql.run("select state from channels_sale") == [("over",)]
    told = "select name from core_event where name ~ '^Sale' order by id"
    assert sql.run(told) == [("SalePlanned",), ("SaleBegan",), ("SaleEnded",)]
    assert examined() == {}


def test_a_sale_that_goes_far_needs_a_reason_and_no_two_overlap(sold: Stand) -> None:
    put({"LAMP": 1000})
    soon = {
        "starts_at": now() + timedelta(hours=1),
        "ends_at": now() + timedelta(days=2),
        "at": AT,
        "by": "user:1",
    }
    with pytest.raises(FarSale):
        plan_sale("Retail", "LAMP", price_minor=500, **soon)
    sale = plan_sale("Retail", "LAMP", price_minor=500, because="black friday", **soon)
    with pytest.raises(SalesOverlap):
        plan_sale("Retail", "LAMP", price_minor=900, **soon)
    with pytest.raises(NotFound):
        plan_sale("Retail", "BULB", price_minor=900, **soon)
    with pytest.raises(Invalid):
        plan_sale("Retail", "LAMP", price_minor=900, **{**soon, "ends_at": AT - timedelta(days=1)})
    withdraw_sale(sale, at=AT, by="user:1")
    with pytest.raises(NotFound):
        withdraw_sale(sale, at=AT, by="user:1")
    work()
    assert sold.shelves.priced == []


def test_a_listing_has_a_price_of_its_own_or_is_told_none_at_all(sold: Stand) -> None:
    set_own("east", {"L-LAMP": {"own_minor": 1111}}, at=AT, by="user:1")
    put({"LAMP": 1200})
    work()
    assert (sold.shelves.costs("east", "LAMP"), sold.shelves.costs("west", "LAMP")) == (1111, 1200)
    set_own("east", {"L-LAMP": {"own_minor": None, "is_pushed": False}}, at=AT, by="user:1")
    work()
    assert sold.shelves.costs("east", "LAMP") == 1111
    set_own("east", {"L-LAMP": {"is_pushed": True}}, at=AT, by="user:1")
    work()
    assert sold.shelves.costs("east", "LAMP") == 1200
    with pytest.raises(Invalid):
        set_own("east", {"L-LAMP": {"own_minor": 0}}, at=AT, by="user:1")


def test_a_listing_that_becomes_another_sku_follows_its_price(sold: Stand) -> None:
    put({"LAMP": 1100, "BULB": 1200})
    work()
    map_listing("east", "L-LAMP", sku="BULB", at=AT, by="user:1")
    work()
    assert sold.shelves.costs("east", "LAMP") == 1200
    map_listing("east", "L-LAMP", sku="", at=AT, by="user:1")
    put({"LAMP": 1000, "BULB": 1000})
    work()
    assert sold.shelves.costs("east", "LAMP") == 1200
    assert examined() == {}


def test_a_hundred_prices_cost_as_many_statements_as_one(stand: Stand) -> None:
    codes = [f"S{n}" for n in range(9)]
    for code in codes:
        a_sku(code, BER=3)
    stand.offer(*codes, slugs=["east"])
    make_list("Retail", "EUR", at=AT, by="user:1")
    set_pricing("east", {"mode": "live", "price_list": "Retail"}, at=AT, by="user:1")
    work()

    def counted(prices: Mapping[str, int]) -> int:
        with sql.counted() as statements:
            put(prices)
            work_out_prices()
            push_prices()
        return len(statements)

    assert counted(dict.fromkeys(codes, 1100)) == counted({"S0": 1200})


def test_the_port_is_asked_with_one_row_for_each_price(sold: Stand) -> None:
    put({"LAMP": 1100, "BULB": 1200})
    work()
    rows = [rows for slug, rows, _ in sold.shelves.priced if slug == "east"]
    assert rows == [(Price("L-BULB", 1200, "EUR"), Price("L-LAMP", 1100, "EUR"))]
