"""A channel asks for days that must be left of a lot: promised, picked and scanned accordingly."""

from datetime import timedelta

import pytest

from quartermaster.allocation.actions import keep_shelf_life
from quartermaster.allocation.queries import why
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.stock.actions import LotDate, date_lots, set_shelf_life
from quartermaster.warehouse.actions import confirm_pick, plan_wave
from quartermaster.warehouse.actions.confirm import NotToPick, WrongLot
from quartermaster.warehouse.rules.wanted import WaveWanted

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


def ask(days: int | None, sku: str = "") -> None:
    set_shelf_life("acme", sku, days, because="their terms", at=NOW, by="user:1")


@pytest.fixture
def milk(floor: Floor) -> Floor:
    """Four units are good for 30 days, six for 200. acme asks for 90, plain for nothing."""
    floor.stow("MILK", lot="OLD", A_1=4)
    floor.stow("MILK", lot="NEW", B_1=6)
    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'MILK'")
    days = {"OLD": 30, "NEW": 200}
    date_lots([LotDate(sku_id, lot, NOW.date() + timedelta(n)) for lot, n in days.items()], by="test", at=NOW)
    ask(90)
    floor.company.flow()
    return floor


def plain(milk: Floor, *lines: tuple[str, int]) -> int:
    """Sold on a channel that asks for nothing."""
    company = milk.company
    acme = company.connection_id
    ((company.connection_id,),) = sql.run(
        "insert into inbox_connection (slug, kind) values ('plain', 'shopify') on conflict (slug) "
        "do update set kind = excluded.kind returning id"
    )
    made = milk.sell(*lines)
    company.connection_id = acme
    return made


def lots(list_id: int) -> dict[int, str]:
    """Order -> the lot its units are picked from."""
    return dict(sql.run("select order_id, lot from warehouse_pick where pick_list_id = %s", (list_id,)))


def test_an_order_is_promised_only_what_is_good_for_as_long_as_its_channel_asks(milk: Floor) -> None:
    picky = milk.sell(("MILK", 7))
    assert milk.units(picky) == [{"open": 1, "allocated": 6}]
    assert all(decision.is_reproducible for decision in why(picky).items)
    told = sql.run(
        "select convert_from(routing, 'utf8') from allocation_decision where order_id = %s", (picky,)
    )
    assert "4 more may not go to this channel, which asks for 90 days to be left" in told[0][0]
    assert sql.run("select parked from orders_line where order_id = %s", (picky,)) == [("routing",)]

    other = plain(milk, ("MILK", 5))
    assert milk.units(other) == [{"open": 1, "allocated": 4}]  # the young ones are promised to acme
    assert lots(milk.make_list()) == {picky: "NEW", other: "OLD"}


def test_a_wave_sends_each_order_to_lots_it_takes_and_another_lot_is_stopped_at_the_scan(milk: Floor) -> None:
    other, picky = plain(milk, ("MILK", 2)), milk.sell(("MILK", 2))
    assert plan_wave(WaveWanted(location="BER"), at=NOW, by="user:1") is not None
    picks = {
        order: (pick, lot)
        for pick, order, lot in sql.run("select id, order_id, lot from warehouse_pick order by id")
    }
    assert (picks[other][1], picks[picky][1]) == ("OLD", "NEW")
    asked = (
        "This is lot OLD of MILK, you need lot NEW: it expires on .*, and acme asks for 90 days to be left"
    )
    with pytest.raises(WrongLot, match=asked):
        confirm_pick(picks[picky][0], 2, lot="OLD", at=NOW, by="user:1")
    with pytest.raises(WrongLot, match=r"This is lot NEW of MILK, you need lot OLD\.$"):
        confirm_pick(picks[other][0], 2, lot="NEW", at=NOW, by="user:1")
    confirm_pick(picks[picky][0], 2, lot="NEW", at=NOW, by="user:1")
    assert milk.units(picky) == [{"picked": 2}]


def test_what_grows_too_old_is_promised_anew_and_a_pick_of_it_is_sent_elsewhere(milk: Floor) -> None:
    picky = milk.sell(("MILK", 2))
    list_id = milk.make_list()
    assert lots(list_id) == {picky: "NEW"}
    later = NOW + timedelta(days=111)
    ((pick_id,),) = sql.run("select id from warehouse_pick")
    with pytest.raises(NotToPick, match=r"lot NEW expires on .* acme asks for 90 days"):
        confirm_pick(pick_id, 2, at=later, by="user:1")
    assert keep_shelf_life(at=later) == 1
    assert keep_shelf_life(at=later) == 0
    assert milk.units(picky) == [{"open": 2}]

    ask(0, "MILK")  # of this SKU acme takes any
    milk.company.flow()
    assert milk.units(picky) == [{"allocated": 2}]
    ask(250, "MILK")
    milk.company.flow()
    assert milk.units(picky) == [{"open": 2}]
    ask(None, "MILK")
    milk.company.flow()
    assert milk.units(picky) == [{"allocated": 2}]


def test_what_cannot_be_asked_is_refused(milk: Floor) -> None:
    with pytest.raises(Invalid):
        ask(3651)
    with pytest.raises(NotFound):
        ask(3, "CREAM")
    with pytest.raises(NotFound):
        set_shelf_life("nobody", "", 3, because="x", at=NOW, by="user:1")
    assert not set_shelf_life("acme", "", 90, because="again", at=NOW, by="user:1")
