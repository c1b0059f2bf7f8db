"""What a batch costs: as many statements for fifty orders as for two, whatever is in them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from quartermaster.core import sql
from quartermaster.core.river import worker
from quartermaster.orders.actions import cancel, hold, release_hold
from quartermaster.stock.actions import Move, post
from quartermaster.testing.shop import Webhook

from .conftest import Company

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
FIRST = 5_000_000_001
MANY = 50


class Counter:
    """Counts what each queue runs for a batch."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.orders = 0

    def new(self, count: int, *lines: tuple[str, int], **different: object) -> list[int]:
        """So many orders, worked off and not counted; returns their ids in the shop."""
        ids = [FIRST + self.orders + n for n in range(count)]
        self.orders += count
        self.company.tell(*[self.company.shop.sell(*lines, order_id=i, **different) for i in ids])
        return ids

    def cost(self, webhooks: Sequence[Webhook] = ()) -> dict[str, int]:
        """Queue -> statements, until all has flowed. A queue that works several batches counts each."""
        self.company.hear(*webhooks)
        spent: dict[str, int] = {}
        while True:
            before = dict(spent)
            for queue in worker.queues:
                with sql.counted() as statements:
                    worked = worker.step(queue)
                if worked:
                    spent[queue.name] = spent.get(queue.name, 0) + len(statements)
            if spent == before:
                return spent


@pytest.fixture
def counter(company: Company) -> Counter:
    for site in ("BER", "PAR"):
        company.site(site)
    for code in ("LAMP", "BULB", "SHADE", "POT"):
        company.sku(code, BER=10_000, PAR=10_000)
    company.sku("RARE")
    company.kit("SET", BULB=2, SHADE=1)
    company.flow()
    return Counter(company)


def numbers(ids: Sequence[int]) -> list[str]:
    query = "select 'SO-' || id from orders_order where external_id = any(%s) order by id"
    return [row[0] for row in sql.run(query, ([str(i) for i in ids],))]


type Act = Callable[[Counter, list[int]], Sequence[Webhook]]


def update(counter: Counter, ids: list[int]) -> list[Webhook]:
    return [counter.company.shop.readdress(i, "Potsdam") for i in ids]


def take_units_off(counter: Counter, ids: list[int]) -> list[Webhook]:
    return [counter.company.shop.refund(i, 0, 1, restock="cancel") for i in ids]


def tell_of_refunds(counter: Counter, ids: list[int]) -> list[Webhook]:
    counter.company.tell(*[counter.company.shop.refund(i, 0, 1, restock="none") for i in ids])
    shop = counter.company.shop
    for i in ids:
        shop.orders[i]["refunds"].append({**shop.orders[i]["refunds"][-1], "id": i * 1000 + 7})
    return [shop.refund_notice(i) for i in ids]


def cancel_in_the_shop(counter: Counter, ids: list[int]) -> list[Webhook]:
    return [counter.company.shop.cancel(i) for i in ids]


def hand_over(counter: Counter, ids: list[int]) -> list[Webhook]:
    return [counter.company.shop.fulfil(i, (0, 1)) for i in ids]


def say_it_again(counter: Counter, ids: list[int]) -> list[Webhook]:
    """The same version in other bytes."""
    again = [counter.company.shop.readdress(i, "Potsdam") for i in ids]
    counter.company.tell(*again)
    return [w._replace(body=w.body + b" ", headers={**w.headers, "x-shopify-webhook-id": f"again {n}"})
            for n, w in enumerate(again)]  # fmt: skip


def place_holds(counter: Counter, ids: list[int]) -> list[Webhook]:
    for number in numbers(ids):
        hold(number, kind="fraud", because="the card was reported", at=AT, by="user:1")
    return []


def release_holds(counter: Counter, ids: list[int]) -> list[Webhook]:
    place_holds(counter, ids)
    counter.company.flow()
    for number in numbers(ids):
        release_hold(number, kind="fraud", because="checked", at=AT, by="user:1")
    return []


def cancel_here(counter: Counter, ids: list[int]) -> list[Webhook]:
    for number in numbers(ids):
        cancel(number, because="changed their mind", at=AT, by="user:1")
    return []


@pytest.mark.parametrize(
    "lines", [(("LAMP", 2), ("BULB", 2), ("POT", 2)), (("SET", 2), ("LAMP", 2))], ids=["plain", "kit"]
)
@pytest.mark.parametrize(
    "act",
    [update, take_units_off, tell_of_refunds, cancel_in_the_shop, hand_over, say_it_again,
     place_holds, release_holds, cancel_here],
)  # fmt: skip
def test_changing_fifty_orders_costs_what_changing_two_costs(
    counter: Counter, act: Act, lines: tuple[tuple[str, int], ...]
) -> None:
    few, many = counter.new(2, *lines), counter.new(MANY, *lines)
    for_few, for_many = counter.cost(act(counter, few)), counter.cost(act(counter, many))
    print(f"{act.__name__}: {for_many}")
    assert for_few == for_many
    assert sum(for_many.values()) <= 96  # allocation, floor, labels, lots and the shop follow, one by one


@pytest.mark.parametrize(
    ("what", "lines", "different"),
    [
        ("plain", (("LAMP", 1), ("BULB", 1), ("POT", 1)), {}),
        ("kits", (("SET", 1), ("LAMP", 1)), {}),
        ("held", (("LAMP", 1),), {"financial_status": "pending", "shipping_address": None}),
        ("not understood", (("LAMP", 1),), {"currency": "XQX"}),
        ("unknown", (("NOPE", 1), ("LAMP", 1)), {}),
        ("waiting", (("RARE", 1), ("LAMP", 1)), {}),
        ("many lines", tuple((code, 1) for code in ("LAMP", "BULB", "SHADE", "POT") * 5), {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_taking_in_fifty_orders_costs_what_taking_in_two_costs(
    counter: Counter, what: str, lines: tuple[tuple[str, int], ...], different: dict[str, object]
) -> None:
    def cost(count: int) -> dict[str, int]:
        sold = [counter.company.shop.sell(*lines, **different) for _ in range(count)]
        return counter.cost(sold)

    for_few, for_many = cost(2), cost(MANY)
    print(f"{what}: {for_many}")
    assert for_few == for_many
    assert sum(for_many.values()) <= 40


def test_serving_fifty_waiting_orders_costs_what_serving_two_costs(counter: Counter) -> None:
    def cost(count: int) -> dict[str, int]:
        counter.company.tell(*[counter.company.shop.sell(("RARE", 1), ("LAMP", 1)) for _ in range(count)])
        counter.company.receive("RARE", BER=count)
        return counter.cost()

    assert cost(2) == cost(MANY)
    assert sql.run("select count(*) from orders_line where open > 0") == [(0,)]


def test_mending_fifty_broken_promises_costs_what_mending_two_costs(counter: Counter) -> None:
    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'RARE'")

    def cost(count: int) -> dict[str, int]:
        counter.company.receive("RARE", BER=count)
        counter.company.flow()
        counter.company.tell(*[counter.company.shop.sell(("RARE", 1), ("LAMP", 1)) for _ in range(count)])
        move = Move(f"broken:{count}", sku_id, count, "BER", "world:scrap", "found broken")
        post([move], by="test", at=AT, breaks_reservations=True)
        return counter.cost()

    assert cost(2) == cost(MANY)
    assert sql.run("select sum(open) from orders_line") == [(2 + MANY,)]


def test_healing_fifty_orders_costs_what_healing_two_costs(counter: Counter) -> None:
    from quartermaster.catalog.actions import save_sku
    from quartermaster.catalog.rules.skus import Draft

    def cost(count: int) -> dict[str, int]:
        counter.company.tell(*[counter.company.shop.sell((f"NEW-{count}", 1)) for _ in range(count)])
        save_sku(Draft(code=f"NEW-{count}"), at=AT, by="user:1")
        return counter.cost()

    assert cost(2) == cost(MANY)
