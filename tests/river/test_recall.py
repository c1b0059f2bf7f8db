"""G15: an expired lot is passed over and carried to quarantine; a recalled one is out of sale everywhere at
once, and everybody who has it, or is about to get it, is known."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.test import Client

from quartermaster.console.actions import login_link
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.shipping.actions.hand_over import hand_over
from quartermaster.stock.actions import (
    LotDate,
    Move,
    carry_to_quarantine,
    date_lots,
    lift_recall,
    post,
    quarantine,
    recall,
)
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.actions.quarantine import NotThere
from quartermaster.stock.actions.recall import RecalledAlready
from quartermaster.stock.queries.dates import over
from quartermaster.stock.queries.recalls import to_carry
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.support.actions import tell_notice
from quartermaster.support.queries.recalled import affected
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.warehouse.actions import confirm_pick, pack_all
from quartermaster.warehouse.actions.confirm import NotToPick

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


def dated(code: str, **lots: date) -> None:
    ((sku_id,),) = sql.run("select id from catalog_sku where code = %s", (code,))
    date_lots([LotDate(sku_id, lot, on) for lot, on in lots.items()], by="test", at=NOW)


@pytest.fixture
def milk(floor: Floor) -> Floor:
    """The older lot lies nearest."""
    floor.stow("MILK", lot="OLD", A_1=4)
    floor.stow("MILK", lot="NEW", B_1=6)
    lay_bins("BER", [BinWanted(code="Q-1", kind="quarantine")], at=NOW, by="user:1")
    return floor


def test_an_expired_lot_is_passed_over_and_carried_to_quarantine(milk: Floor) -> None:
    order = milk.sell(("MILK", 5))
    list_id = milk.make_list()
    dated("MILK", OLD=NOW.date(), NEW=date(2027, 3, 1))
    assert quarantine(at=NOW, by="system") == 0  # it can still be used today
    tomorrow = NOW + timedelta(days=1)
    assert quarantine(at=tomorrow, by="system") == 4
    assert quarantine(at=tomorrow, by="system") == 0
    milk.company.flow()

    assert milk.lying("MILK") == {"A-1 expired": 4, "B-1 available": 6}
    open_picks = [row for row in milk.picks(list_id) if row[4] == "to_pick"]
    assert {place for _, _, place, _, _ in open_picks} == {"BER/B-1"}
    assert sum(units for *_, units, _ in open_picks) == 5
    assert milk.units(order) == [{"allocated": 5}]

    ((task,),) = [to_carry("BER")]
    assert (task.sku, task.units, task.place, task.state, task.expires_on) == (
        "MILK", 4, "BER/A-1", "expired", "2026-11-02",
    )  # fmt: skip
    for _ in range(2):
        carry_to_quarantine("MILK", 4, "BER/A-1", "Q-1", state="expired", lot="OLD", key="k", at=NOW, by="u")
    assert milk.lying("MILK") == {"B-1 available": 6, "Q-1 expired": 4}
    assert to_carry("BER") == []
    with pytest.raises(NotThere):
        carry_to_quarantine("MILK", 1, "BER/A-1", "Q-1", state="expired", lot="OLD", key="l", at=NOW, by="u")
    with pytest.raises(Invalid):
        carry_to_quarantine("MILK", 1, "BER/A-1", "B-1", state="expired", lot="OLD", key="m", at=NOW, by="u")


def test_from_midnight_on_an_expired_lot_is_neither_promised_nor_picked_whenever_the_chore_runs(
    milk: Floor,
) -> None:
    """The chore does not run once here. Midnight is that of the site: 23:00 UTC in Berlin."""
    sql.run("update stock_location set timezone = 'Europe/Berlin'")
    dated("MILK", OLD=NOW.date(), NEW=date(2027, 3, 1))
    first = milk.sell(("MILK", 2))
    list_id = milk.make_list()
    ((pick_id, _, place, _, _),) = milk.picks(list_id)
    assert place == "BER/A-1"
    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'MILK'")
    evening = datetime.combine(NOW.date(), time(22, 59), UTC)
    midnight = evening + timedelta(minutes=1)
    assert over([sku_id], at=evening) == {}
    assert list(over([sku_id], at=midnight).values()) == [4]

    with pytest.raises(NotToPick, match="2 from BER/B-1 instead"):
        confirm_pick(pick_id, 2, at=midnight, by="user:1")
    assert [row[2:] for row in milk.picks(list_id) if row[4] == "to_pick"] == [("BER/B-1", 2, "to_pick")]
    (moved,) = [row[0] for row in milk.picks(list_id) if row[4] == "to_pick"]
    confirm_pick(moved, 2, at=midnight, by="user:1")
    assert milk.units(first) == [{"picked": 2}]

    sql.run("update stock_lot set expires_on = expires_on - 1 where code = 'OLD'")  # a day has gone by
    later = milk.sell(("MILK", 5))  # four are too old, of the good ones four are left
    assert milk.units(later) == [{"open": 1, "allocated": 4}]
    ((told,),) = sql.run(
        "select convert_from(routing, 'utf8') from allocation_decision where order_id = %s", (later,)
    )
    assert "4 more are too near their last day" in told
    assert [place for _, _, place, _, _ in milk.picks(milk.make_list())] == ["BER/B-1"]


def test_a_sku_may_ask_for_days_that_a_customer_has_to_have_left(milk: Floor) -> None:
    sql.run("""update catalog_sku set attributes = '{"shelf_days_min": 10}' where code = 'MILK'""")
    dated("MILK", OLD=NOW.date() + timedelta(days=9), NEW=NOW.date() + timedelta(days=10))
    assert milk.lying("MILK") == {"A-1 expired": 4, "B-1 available": 6}


def test_a_recalled_lot_is_out_of_sale_and_whoever_has_it_or_nearly_had_it_is_known(
    milk: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    dated("MILK", OLD=date(2026, 12, 1), NEW=date(2027, 3, 1))
    milk.company.site("PAR", "FR")
    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'MILK'")
    there = Move("par", sku_id, 2, "world:supplier", "PAR", "received", lot="OLD")
    post([there], by="test", at=NOW)
    sent, packed, picked, listed = (milk.sell(("MILK", 1)) for _ in range(4))
    list_id = milk.make_list()
    picks = {order: pick for pick, order in sql.run("select id, order_id from warehouse_pick")}
    for order in (sent, packed, picked):
        confirm_pick(picks[order], 1, at=NOW, by="user:1")
    parcels = pack_all([sent, packed], at=NOW, by="user:1")
    sql.run("update warehouse_parcel set weight_g = 800")
    milk.company.flow()
    carry_out()
    with transaction.atomic():
        hand_over(parcels[:1], at=NOW, by="user:1")
    milk.company.flow()

    number = recall("MILK", "OLD", because="glass found", at=NOW, by="user:1")
    milk.company.flow()

    # A-1 held four: one is sent, two are in hand, one lay there; Paris has two.
    assert milk.lying("MILK") == {
        "A-1 recalled": 1, "B-1 available": 6, "BER picked": 2, "PAR recalled": 2,
    }  # fmt: skip
    left = [(place, state) for _, _, place, _, state in milk.picks(list_id) if state == "to_pick"]
    assert left == [("BER/B-1", "to_pick")]
    assert milk.units(listed) == [{"allocated": 1}]
    found = {one.order_id: one for one in affected(int(number.removeprefix("RC-")))}
    assert {order: one.stage for order, one in found.items()} == {
        sent: "shipped", packed: "packed", picked: "picked",
    }  # fmt: skip
    assert (found[sent].notice, found[sent].email) == ("waiting", "buyer5000000001@example.com")
    held = sql.run("select order_id, kind from orders_hold where released_at is null order by 1")
    assert held == [(packed, "recall"), (picked, "recall")]

    # Whatever comes in of it is not sold either.
    post([Move("late", sku_id, 3, "world:supplier", "BER/A-1", "received", lot="OLD")], by="test", at=NOW)
    milk.company.flow()
    assert milk.lying("MILK")["A-1 recalled"] == 4

    browser = Client()
    browser.post(login_link())
    page = browser.get(f"/stock/recalls/{number}").content.decode()
    assert all(f"SO-{order}" in page for order in (sent, packed, picked))
    rows = browser.get(f"/stock/recalls/{number}.csv").content.decode().splitlines()
    assert len(rows) == 4
    assert f"SO-{sent},shipped,1" in rows[1]
    assert "glass found" in browser.get("/stock/recalls").content.decode()
    notice = found[sent].notice_id
    assert notice is not None
    browser.post(f"/stock/recalls/{number}/notices/{notice}", {"because": "by phone"})
    tell_notice(notice, because="again", at=NOW, by="user:1")
    assert sql.run("select state, told_because from support_notice") == [("told", "by phone")]


def test_a_recall_is_made_once_and_can_be_lifted(milk: Floor) -> None:
    browser = Client()
    browser.post(login_link())
    browser.post("/stock/recalls", {"sku": "MILK", "lot": "OLD", "because": "glass found"})
    ((number,),) = sql.run("select 'RC-' || id from stock_recall")
    with pytest.raises(RecalledAlready):
        recall("MILK", "OLD", because="glass", at=NOW, by="user:1")
    for sku, lot in (("MILK", "NONE"), ("NONE", "OLD"), ("MILK", "")):
        with pytest.raises(NotFound):
            recall(sku, lot, because="glass", at=NOW, by="user:1")
    carry_to_quarantine("MILK", 1, "BER/A-1", "Q-1", state="recalled", lot="OLD", key="k", at=NOW, by="u")
    assert "lot OLD" in browser.get("/floor/quarantine?site=BER").content.decode()
    browser.post("/floor/quarantine", {
        "sku": "MILK", "lot": "OLD", "serial": "", "state": "recalled", "place": "BER/A-1", "units": "1",
        "target": "BER/Q-1", "key": "a",
    })  # fmt: skip
    assert milk.lying("MILK") == {"A-1 recalled": 2, "B-1 available": 6, "Q-1 recalled": 2}

    for _ in range(2):
        lift_recall(number, because="another factory", at=NOW, by="user:1")
    milk.company.flow()
    assert milk.lying("MILK") == {"A-1 available": 2, "B-1 available": 6, "Q-1 qc": 2}
    assert affected(int(number.removeprefix("RC-"))) == []
