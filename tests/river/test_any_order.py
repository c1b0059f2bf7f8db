"""F11, G2: whatever the sequence of messages, and however often each comes, one order ends in one state."""

from collections.abc import Mapping
from itertools import permutations

import pytest
from tests.emptying import empty

from quartermaster.core import sql
from quartermaster.testing.shop import Webhook

from .conftest import Company, some

ORDER = 5_000_000_001
STOCK = {"LAMP": 20, "BULB": 40, "SHADE": 20}


def a_history(company: Company) -> list[Webhook]:
    """Create, change the address, take units off with a refund, cancel
    nothing, hand part over: five messages."""
    shop = company.shop
    return [
        shop.sell(("LAMP", 3), ("SET", 2), order_id=ORDER),
        shop.readdress(ORDER, "Potsdam"),
        shop.refund(ORDER, 0, 1, restock="cancel"),
        shop.refund_notice(ORDER),
        shop.fulfil(ORDER, (0, 1), (1, 1)),
    ]


def a_cancelled_history(company: Company) -> list[Webhook]:
    shop = company.shop
    return [
        shop.sell(("LAMP", 3), ("SET", 2), order_id=ORDER),
        shop.readdress(ORDER, "Potsdam"),
        shop.cancel(ORDER),
        shop.refund(ORDER, 0, 3, restock="cancel"),
        shop.refund_notice(ORDER),
    ]


def set_up(company: Company) -> None:
    company.site("BER")
    for code, units in STOCK.items():
        company.sku(code, BER=units)
    company.kit("SET", BULB=2, SHADE=1)


def end_state(company: Company) -> tuple[object, ...]:
    """All that must not depend on the sequence: the order without its counters of writes, and the stock."""
    (order,) = sql.run(
        "select status, total_minor, paid_minor, refunded_minor, ship_to::text, cancelled_at is not null "
        "from orders_order"
    )
    refunds = sql.run("select external_id, amount_minor from orders_refund order by 1")
    return order, company.units(ORDER), refunds, company.stock()


def forget(company: Company, stock: Mapping[str, int] = STOCK) -> None:
    """Back to a company that has this stock and no orders."""
    empty(
        *("inbox_message", "core_event", "core_delivery", "orders_order", "orders_line", "orders_hold"),
        *("orders_tender", "orders_refund", "orders_ours", "orders_difference", "orders_adjustment"),
        *("allocation_decision", "allocation_allocation", "stock_reservation"),
        *("stock_level", "stock_balance", "stock_movement", "stock_link"),
    )
    for code, units in stock.items():
        company.receive(code, BER=units)
    company.flow()


@pytest.fixture
def shop_with_stock(company: Company) -> Company:
    set_up(company)
    return company


@pytest.mark.parametrize("history", [a_history, a_cancelled_history])
def test_any_sequence_of_five_messages_each_doubled_ends_in_one_state(
    shop_with_stock: Company, history: object
) -> None:
    company = shop_with_stock
    messages = history(company)  # type: ignore[operator]
    ends = set()
    for n, sequence in enumerate(some(permutations(messages))):
        forget(company)
        doubled = [message for message in sequence for _ in range(2)]
        if n % 2:  # one by one, or all at once
            company.tell(*doubled)
        else:
            for message in doubled:
                company.tell(message)
        ends.add(repr(end_state(company)))
    assert len(ends) == 1, "\n".join(sorted(ends)[:3])
