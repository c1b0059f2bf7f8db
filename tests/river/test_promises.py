"""What an order is promised: with its allocation, for all of it, once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from quartermaster.allocation.actions.write_rules import Lane, set_lanes
from quartermaster.allocation.queries.why import why
from quartermaster.core import sql
from quartermaster.stock.actions import Move, post
from quartermaster.stock.actions.write_calendar import write_calendar
from quartermaster.stock.rules.calendar import CutOff, Day, SiteCalendar
from quartermaster.warehouse.actions import make_pick_list
from quartermaster.warehouse.actions.short import pick_short

from .conftest import NOW, Company

ORDER = 5_000_000_900


@pytest.fixture
def sites(company: Company) -> Company:
    """BER needs two days to Germany, WAW four; one past its cut-off when orders come, one without any."""
    for code, country, zone, cutoff in (
        ("BER", "DE", "Europe/Berlin", "15:00"),
        ("WAW", "PL", "Europe/Warsaw", None),
    ):
        company.site(code, country)
        sql.run("update stock_location set timezone = %s, cutoff = %s where code = %s", (zone, cutoff, code))
    for site, days in (("BER", 2), ("WAW", 4)):
        set_lanes(site, (Lane("DE", 490, "EUR", days), Lane("", 990, "EUR", None)), at=NOW, by="test")
    return company


def promised(external_id: int = ORDER) -> tuple[date | None, datetime | None, datetime | None]:
    ((*found,),) = sql.run(
        "select promised_on, promised_by, promised_at from orders_order where external_id = %s",
        (str(external_id),),
    )
    return (found[0], found[1], found[2])


def parcels() -> list[tuple[str, datetime, date | None]]:
    return [
        (row[0], row[1], row[2])
        for row in sql.run(
            "select l.code, a.ship_by, a.promised_on from allocation_allocation a "
            "join stock_location l on l.id = a.location_id where a.state <> 'cancelled' order by a.id"
        )
    ]


def test_an_order_is_promised_for_the_day_of_its_slowest_parcel(sites: Company):
    sites.sku("LAMP", BER=5)
    sites.sku("MUG", WAW=5)
    sites.tell(sites.shop.sell(("LAMP", 1), ("MUG", 1), order_id=ORDER))
    ((decided_at,),) = sql.run("select at from allocation_decision")
    found = {site: (ship_by, on) for site, ship_by, on in parcels()}
    assert found["BER"][1] is not None
    assert found["WAW"][1] is not None
    on, by, at = promised()
    assert on == max(found["BER"][1], found["WAW"][1])
    assert by is not None
    assert by.astimezone(UTC).hour in (22, 23)  # midnight in Berlin
    assert at == decided_at
    assert all(ship_by >= decided_at for ship_by, _ in found.values())


def test_a_promise_keeps_to_the_days_of_the_site(sites: Company):
    """Closed for a week and a Monday; then a day of handling, and on Wednesdays the truck comes at eleven."""
    monday = NOW.date()
    off = tuple(Day(monday + timedelta(days=n), "rebuilding") for n in range(8))
    made = SiteCalendar(monday, "1234567", 1, closed=off, cutoffs=(CutOff(time(11), "3"),))
    write_calendar("BER", made, because="rebuilding", at=NOW, by="test")
    sites.sku("LAMP", BER=5)
    sites.tell(sites.shop.sell(("LAMP", 1), order_id=ORDER))
    ((_, ship_by, on),) = parcels()
    assert ship_by == datetime(2026, 11, 11, 10, tzinfo=UTC)
    assert on == date(2026, 11, 13)
    ((order_id,),) = sql.run("select id from orders_order")
    (decision,) = why(order_id).items
    assert decision.is_reproducible
    assert "before 11:00 after 1 day of handling" in decision.parcels[0].because[-1]


def test_the_reasons_say_the_promise_and_the_stored_inputs_give_it_again(sites: Company):
    sites.sku("LAMP", BER=5)
    sites.tell(sites.shop.sell(("LAMP", 1), order_id=ORDER))
    ((order_id,),) = sql.run("select id from orders_order")
    (decision,) = why(order_id).items
    assert decision.parcels[0].because[-1].startswith("Leaves BER ")
    assert "2 days to DE: promised for " in decision.parcels[0].because[-1]
    assert decision.is_reproducible


def test_a_lane_without_days_promises_nothing(sites: Company):
    set_lanes("BER", (Lane("", 490, "EUR", None),), at=NOW, by="test")
    sites.sku("LAMP", BER=5)
    sites.tell(sites.shop.sell(("LAMP", 1), order_id=ORDER))
    assert promised() == (None, None, None)
    assert parcels()[0][2] is None
    ((because,),) = sql.run("select because->>-1 from allocation_allocation")
    assert because.endswith("the lane to DE has no days, so no day is promised.")


def test_an_order_that_waits_for_a_part_is_promised_when_all_of_it_can_go(sites: Company):
    sites.sku("LAMP", BER=5)
    sites.sku("RARE")
    sites.tell(sites.shop.sell(("LAMP", 1), ("RARE", 1), order_id=ORDER))
    assert promised() == (None, None, None)
    assert [site for site, *_ in parcels()] == ["BER"]

    sites.receive("RARE", WAW=1)
    sites.flow()

    (first, second), (on, _, at) = parcels(), promised()
    assert second[0] == "WAW"
    assert on == max(day for day in (first[2], second[2]) if day)
    assert sql.run("select at from allocation_decision order by id desc limit 1") == [(at,)]


@pytest.mark.parametrize(("days", "moves"), [(1, 0), (7, 1)], ids=["as soon", "later"])
def test_a_unit_a_picker_did_not_find_moves_the_day_only_when_it_must(sites: Company, days: int, moves: int):
    """G4: it is sent from elsewhere, and told only when that comes later than was promised."""
    set_lanes("WAW", (Lane("DE", 490, "EUR", days),), at=NOW, by="test")
    sites.sku("LAMP", BER=2)
    sites.tell(sites.shop.sell(("LAMP", 2), order_id=ORDER))
    before = promised()
    sites.receive("LAMP", WAW=5)
    assert make_pick_list("BER", at=NOW, by="user:1") is not None
    ((pick,),) = sql.run("select id from warehouse_pick")

    pick_short(pick, 1, at=NOW, by="user:1")
    sites.flow()

    assert [site for site, *_ in parcels()] == ["BER", "WAW"]
    assert sql.run("select kind, done_at from warehouse_count_task") == [("short", None)]
    assert sql.run("select count(*) from core_event where name = 'PromiseMoved'") == [(moves,)]
    assert promised() == before


def test_a_later_allocation_does_not_move_the_day_but_is_told(sites: Company):
    sites.sku("LAMP", BER=5)
    sites.tell(sites.shop.sell(("LAMP", 1), order_id=ORDER))
    before = promised()
    sites.receive("LAMP", WAW=5)
    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'LAMP'")
    post(
        [Move("broken", sku_id, 5, "BER", "world:scrap", "found broken")],
        by="test",
        at=NOW,
        breaks_reservations=True,
    )
    sites.flow()

    assert [site for site, *_ in parcels()] == ["WAW"]
    assert promised() == before
    assert sql.run(
        "select (body->>'promised_on')::date, (body->>'expected_on')::date from core_event "
        "where name = 'PromiseMoved'"
    ) == [(before[0], parcels()[0][2])]
