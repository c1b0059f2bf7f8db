"""Prices in the message queue: what is asked of it, and what is read of what became of them."""

import json
from collections.abc import Mapping

import pytest

from quartermaster.channels.ports import Price, Progress, Taken
from quartermaster.connectors.magento.bulk import MagentoBulk
from quartermaster.connectors.magento.translate import queued
from quartermaster.core.outside import Account

from .stands import a_shop

PRICES = [Price(f"LAMP-{n}", 1990 + n, "EUR") for n in range(60)]
MARK = queued.operations(PRICES)
DONE = {"status": 1, "result_serialized_data": "[]"}


def ended(*operations: Mapping[str, object]) -> dict[str, object]:
    return {"operations_list": [{"id": n, **one} for n, one in enumerate(operations)]}


def test_an_operation_has_fifty_prices():
    first, second = json.loads(MARK)
    assert (len(first["prices"]), len(second["prices"])) == (50, 10)
    assert second["prices"][0] == {"sku": "LAMP-50", "store_id": 0, "price": 20.4}


def test_prices_are_taken_when_their_operation_says_so_whatever_order_they_come_in():
    told = ended(DONE, {"status": 1, "result_serialized_data": '[{"message": "no"}]'})
    told["operations_list"].reverse()  # type: ignore[attr-defined]  # a list
    assert queued.progress(told, MARK, ["LAMP-0", "LAMP-55"]) == Progress("over", (Taken("LAMP-0", "taken"),))


@pytest.mark.parametrize(
    ("operations", "state"),
    [
        ([DONE, {"status": 4}], "waits"),
        ([DONE], "waits"),
        ([DONE, {"status": 2}], "over"),
        ([{"status": 3, "result_message": "Deadlock"}, {"status": 5}], "died"),
        ([DONE, DONE, DONE], "over"),
    ],
)
def test_it_is_over_when_no_operation_is_open(operations: list[dict[str, object]], state: str):
    told = queued.progress(ended(*operations), MARK, ["LAMP-55"])
    assert (told.state, told.answers) == (state, ())


def test_what_is_no_list_of_operations_is_not_read():
    with pytest.raises(ValueError, match="how far"):
        queued.progress({"message": "Internal Error"}, MARK, [])


@pytest.mark.parametrize(("queue", "what", "is_open"), [("yes", "prices", True), ("Yes ", "stock", False)])
def test_counts_are_never_queued_and_prices_where_somebody_says_so(queue: str, what: str, is_open: bool):
    account = Account("acme", {"queue": queue})
    assert MagentoBulk().is_open(account=account, what=what) is is_open  # type: ignore[arg-type]  # one of two
    assert not MagentoBulk().is_open(account=Account("acme"), what="prices")


def test_a_price_with_what_it_was_before_is_left_to_the_quick_way():
    prices = [
        Price("LAMP", 990, "EUR", 1990, sets_was=True),
        Price("BULB", 500, "EUR"),
        Price("GEL", 5, "ISK"),
    ]
    with a_shop() as (shop, _, account):
        shop.goods.offer("BULB", 5, 9.90)
        laid = MagentoBulk().lay_prices(account=account, prices=prices)
    assert json.loads(laid.mark) == [{"prices": [{"sku": "BULB", "store_id": 0, "price": 5}]}]
    assert {(row.listing, row.state) for row in laid.answers} == {("LAMP", "later"), ("GEL", "refused")}
