"""One order from the shop's webhook to the floor, and what may happen to it on the way."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from quartermaster.allocation.actions import write_rules
from quartermaster.allocation.rules import Rule, Split
from quartermaster.core import sql
from quartermaster.inbox.actions import Taken
from quartermaster.orders.actions import cancel, edit, hold, release_hold
from quartermaster.orders.actions.known import Known
from quartermaster.orders.actions.remove import apply_removals
from quartermaster.orders.ports import Address, OrderRemoved

from .conftest import Company

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
ORDER = 5_000_000_001


@pytest.fixture
def two_sites(company: Company) -> Company:
    company.site("BER")
    company.site("PAR", "FR")
    company.sku("LAMP", BER=5, PAR=2)
    company.sku("BULB", BER=10)
    return company


def test_an_order_is_captured_reserved_routed_and_released(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("LAMP", 2), ("BULB", 3)))

    assert two_sites.status(ORDER) == "allocated"
    assert two_sites.units(ORDER) == [{"ordered": 2, "allocated": 2}, {"ordered": 3, "allocated": 3}]
    assert two_sites.stock()["LAMP@BER"] == (5, 2)
    assert sql.run("select state from allocation_allocation") == [("released",)]
    names = [
        row[0] for row in sql.run("select name from core_event where subject like 'order:%%' order by id")
    ]
    assert names == ["OrderAccepted", "OrderAllocated", "AllocationReleased"]


def test_the_same_delivery_a_hundred_times_is_one_order(two_sites: Company) -> None:
    webhook = two_sites.shop.sell(("LAMP", 1))
    two_sites.hear(*[webhook] * 100)
    two_sites.flow()

    assert sql.run("select count(*) from orders_order") == [(1,)]
    assert sql.run("select count(*) from inbox_message") == [(1,)]


def test_what_no_site_has_waits_and_is_served_first_come_first_served(two_sites: Company) -> None:
    first, second = two_sites.shop.sell(("LAMP", 8)), two_sites.shop.sell(("LAMP", 1))
    two_sites.tell(first, second)
    assert two_sites.status(ORDER) == "backordered"
    assert two_sites.status(ORDER + 1) == "backordered"

    two_sites.receive("LAMP", BER=1)
    two_sites.flow()
    assert (two_sites.status(ORDER), two_sites.status(ORDER + 1)) == ("allocated", "backordered")

    two_sites.receive("LAMP", BER=1)
    two_sites.flow()
    assert two_sites.status(ORDER + 1) == "allocated"


def test_an_unknown_sku_is_captured_held_and_healed_when_it_appears(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("VASE", 1), ("LAMP", 1)))
    assert two_sites.status(ORDER) == "on_hold"
    assert sql.run("select kind, because from orders_hold") == [
        ("sku", "Unknown SKU: VASE. It goes on by itself once the SKU or an alias exists.")
    ]

    two_sites.sku("VASE", PAR=1)
    from django.db import transaction

    from quartermaster.core.events import emit
    from quartermaster.events import SkuChanged

    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'VASE'")
    with transaction.atomic():
        emit([SkuChanged(subject="sku:VASE", at=AT, actor="test", sku_id=sku_id, changed={})])
    two_sites.flow()

    assert two_sites.status(ORDER) == "allocated"
    assert sql.run("select released_at is not null from orders_hold") == [(True,)]


def test_a_held_order_keeps_its_units_but_the_floor_does_not_get_them(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("LAMP", 2)))
    number = f"SO-{sql.run('select id from orders_order')[0][0]}"

    hold(number, kind="fraud", because="the card was reported", at=AT, by="user:1")
    two_sites.flow()
    assert two_sites.status(ORDER) == "on_hold"
    assert two_sites.stock()["LAMP@BER"] == (5, 2)
    assert sql.run("select state from allocation_allocation") == [("waiting",)]

    release_hold(number, kind="fraud", because="checked by phone", at=AT, by="user:1")
    two_sites.flow()
    assert two_sites.status(ORDER) == "allocated"
    assert sql.run("select state from allocation_allocation") == [("released",)]


def test_a_cancelled_order_gives_its_units_to_the_next_in_line(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("LAMP", 7)), two_sites.shop.sell(("LAMP", 3)))
    assert two_sites.status(ORDER + 1) == "backordered"
    number = f"SO-{sql.run('select min(id) from orders_order')[0][0]}"

    cancel(number, because="changed her mind", at=AT, by="user:1")
    two_sites.flow()

    assert two_sites.status(ORDER) == "cancelled"
    assert two_sites.status(ORDER + 1) == "allocated"
    assert two_sites.units(ORDER) == [{"ordered": 7, "cancelled": 7}]


def test_some_units_of_a_line_can_be_cancelled(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("LAMP", 3)))
    ((order_id, line_id),) = sql.run("select order_id, id from orders_line")

    cancel(f"SO-{order_id}", because="one is enough less", lines={line_id: 1}, at=AT, by="user:1")
    two_sites.flow()

    assert two_sites.units(ORDER) == [{"ordered": 3, "allocated": 2, "cancelled": 1}]
    assert two_sites.stock()["LAMP@BER"] == (5, 2)


def test_our_cancellation_stands_when_the_shop_tells_an_older_wish_again(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("LAMP", 3)))
    ((order_id, line_id),) = sql.run("select order_id, id from orders_line")
    cancel(f"SO-{order_id}", because="one less", lines={line_id: 1}, at=AT, by="user:1")
    two_sites.tell(two_sites.shop.readdress(ORDER, "Potsdam"))

    assert two_sites.units(ORDER) == [{"ordered": 3, "allocated": 2, "cancelled": 1}]


def test_a_kit_is_reserved_by_its_parts(two_sites: Company) -> None:
    two_sites.kit("SET", LAMP=1, BULB=2)
    two_sites.tell(two_sites.shop.sell(("SET", 2)))

    assert two_sites.stock()["LAMP@BER"] == (5, 2)
    assert two_sites.stock()["BULB@BER"] == (10, 4)
    assert two_sites.units(ORDER) == [{"ordered": 2, "allocated": 2}]


def test_a_refund_told_before_its_order_waits_for_it(two_sites: Company) -> None:
    shop = two_sites.shop
    created = shop.sell(("LAMP", 2))
    shop.refund(ORDER, 0, 1, restock="none")
    two_sites.tell(shop.refund_notice(ORDER))
    assert sql.run("select state, waits_for is not null from inbox_message") == [("received", True)]

    two_sites.tell(created)
    assert sql.run("select refunded_minor from orders_order") == [(1000,)]
    assert [row[0] for row in sql.run("select state from inbox_message order by id")] == ["used", "used"]


def test_units_the_shop_hands_over_itself_leave_our_stock(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("LAMP", 2)), two_sites.shop.fulfil(ORDER, (0, 2)))

    assert two_sites.status(ORDER) == "shipped"
    assert two_sites.stock()["LAMP@BER"] == (3, 0)


def test_a_batch_costs_a_constant_number_of_statements(two_sites: Company) -> None:
    from quartermaster.core.river import worker

    two_sites.sku("POT", BER=1000)
    two_sites.receive("BULB", BER=1000)
    two_sites.flow()

    def cost(orders: int) -> int:
        two_sites.hear(*[two_sites.shop.sell(("POT", 1), ("BULB", 1)) for _ in range(orders)])
        with sql.counted() as statements:
            for queue in worker.due():
                worker.step(queue)
        return len(statements)

    assert cost(2) == cost(40) <= 52


def test_backorders_stop_at_their_cap_and_the_rest_is_a_shortage(two_sites: Company) -> None:
    sql.run("insert into catalog_sku (code, policy, backorder_cap) values ('RARE', 'backorder', 3)")
    shop = two_sites.shop
    two_sites.tell(shop.sell(("RARE", 2)), shop.sell(("RARE", 1)), shop.sell(("RARE", 1)))
    two_sites.tell(shop.sell(("RARE", 1)))

    assert [row[0] for row in sql.run("select parked from orders_line order by id")] == [
        "backorder",
        "backorder",
        "shortage",
        "shortage",
    ]


def test_a_cancelled_backorder_waits_for_nothing(two_sites: Company) -> None:
    two_sites.tell(two_sites.shop.sell(("LAMP", 99)))
    assert two_sites.status(ORDER) == "backordered"
    two_sites.tell(two_sites.shop.cancel(ORDER))

    assert two_sites.status(ORDER) == "cancelled"
    assert sql.run("select parked, open, cancelled from orders_line") == [("", 0, 99)]
    assert two_sites.stock()["LAMP@BER"] == (5, 0)


def test_new_rules_are_asked_about_orders_that_wait(two_sites: Company) -> None:
    never = (Rule("Nowhere", sites=("PAR",), split=Split(ships_partly=False)),)
    write_rules(never, because="a test", at=AT, by="user:1")
    two_sites.tell(two_sites.shop.sell(("LAMP", 4)))
    assert sql.run("select parked from orders_line") == [("routing",)]

    write_rules((Rule("Everywhere"),), because="opened again", at=AT, by="user:1")
    two_sites.flow()
    assert two_sites.status(ORDER) == "allocated"


def test_an_order_that_goes_somewhere_else_is_routed_again(two_sites: Company) -> None:
    sql.run(
        "insert into allocation_lane (location_id, country, cost_minor, currency, days) select id, 'DE', "
        "case code when 'BER' then 490 else 990 end, 'EUR', 1 from stock_location"
    )
    sql.run(
        "insert into allocation_lane (location_id, country, cost_minor, currency, days) select id, 'FR', "
        "case code when 'PAR' then 390 else 1490 end, 'EUR', 1 from stock_location"
    )
    two_sites.tell(two_sites.shop.sell(("LAMP", 1)))
    assert two_sites.stock()["LAMP@BER"] == (5, 1)

    number = f"SO-{sql.run('select id from orders_order')[0][0]}"
    paris = Address(name="Ann", line1="Rue 1", city="Paris", postcode="75001", country="FR")
    edit(number, ship_to=paris, because="she moved", at=AT, by="user:1")
    two_sites.flow()
    assert two_sites.stock()["LAMP@BER"] == (5, 0)
    assert two_sites.stock()["LAMP@PAR"] == (2, 1)

    # The shop repeats its old address: ours stands. It tells a new one: that counts.
    two_sites.tell(two_sites.shop.refund(ORDER, 0, 1, restock="no_restock"))
    assert two_sites.order(ORDER).ship_to.city == "Paris"
    two_sites.tell(two_sites.shop.readdress(ORDER, "Potsdam"))
    assert two_sites.order(ORDER).ship_to.city == "Potsdam"
    assert two_sites.stock()["LAMP@BER"] == (5, 1)


def test_what_the_shop_removed_stays_removed_until_it_is_told_of_anew(two_sites: Company) -> None:
    shop = two_sites.shop
    two_sites.tell(shop.sell(("LAMP", 2)))
    late = shop.readdress(ORDER, "Potsdam")
    ((order_id, version),) = sql.run("select id, source_version from orders_order")
    told = Taken(1, two_sites.connection_id, "acme", "shopify", "", {}, b"", AT)
    removed = OrderRemoved(str(ORDER), AT, "it was deleted")
    with transaction.atomic():
        list(apply_removals([(told, Known(order_id, version, "EUR"), removed)]))
    two_sites.tell(late)  # newer than what we have, and older than the removal
    assert (two_sites.status(ORDER), two_sites.units(ORDER)) == (
        "cancelled",
        [{"ordered": 2, "cancelled": 2}],
    )

    shop.now = AT  # restored in the shop, and told of again
    two_sites.tell(shop.readdress(ORDER, "Berlin"))
    assert (two_sites.status(ORDER), two_sites.units(ORDER)) == (
        "allocated",
        [{"ordered": 2, "allocated": 2}],
    )
