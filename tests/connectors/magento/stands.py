"""A simulated Magento shop, and its stands for the conformance suites."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from quartermaster.connectors.magento.bulk import MagentoBulk
from quartermaster.connectors.magento.cancels import MagentoCancels
from quartermaster.connectors.magento.channel import MagentoChannel
from quartermaster.connectors.magento.listings import MagentoListings
from quartermaster.connectors.magento.refunds import MagentoRefunds
from quartermaster.core.outside import Account
from quartermaster.testing.conformance import back, bulk, channels, contents, goods
from quartermaster.testing.simulators import magento
from quartermaster.testing.simulators.server import Simulator


@contextmanager
def a_shop() -> Iterator[tuple[magento.Magento, Simulator, Account]]:
    shop = magento.Magento()
    with Simulator(shop) as simulator:
        yield shop, simulator, Account("acme", {**magento.SETTINGS, "url": simulator.url})


def row(item: int, sku: str, quantity: int, price: float, **told: object) -> dict[str, object]:
    """A row of an order, with 19 % tax."""
    total = round(quantity * price, 2)
    return {
        "item_id": item,
        "sku": sku,
        "product_id": item + 400,
        "product_type": "simple",
        "qty_ordered": quantity,
        "base_price": price,
        "base_row_total": total,
        "base_tax_amount": round(total * 0.19, 2),
    } | told


def sell(shop: magento.Magento, *rows: dict[str, object], shipping: float = 4.9) -> str:
    """An order that is placed and not paid."""
    number = 7_000_000 + len(shop.orders)
    rows = rows or (row(11, "LAMP", 2, 10), row(12, "BULB", 1, 5.01))
    total = shipping + sum(
        float(str(each["base_row_total"])) + float(str(each["base_tax_amount"])) for each in rows
    )
    shop.take(
        {
            "entity_id": number,
            "base_currency_code": "EUR",
            "order_currency_code": "EUR",
            "base_shipping_amount": shipping,
            "base_grand_total": round(total, 2),
            "items": list(rows),
        }
    )
    return str(number)


def each_of(simulator: Simulator, *operations: str) -> Callable[[str], None]:
    """The next request of each of these goes wrong; what did not happen is forgotten."""

    def misbehave(fault: str) -> None:
        simulator.faults.clear()
        for operation in operations:
            simulator.misbehave(operation, fault)

    return misbehave


@contextmanager
def channel_stand() -> Iterator[channels.Stand]:
    with a_shop() as (shop, simulator, account):

        def order() -> tuple[str, tuple[str, str]]:
            with simulator.lock:
                return sell(shop), ("11", "12")

        def touch(number: str) -> None:
            with simulator.lock:
                shop.take({**shop.orders[number], "customer_note": "ring twice"})

        yield channels.Stand(
            channel=MagentoChannel(),
            account=account,
            began=shop.clock,
            sell=order,
            touch=touch,
            mails=lambda: len(shop.mails),
            misbehave=each_of(simulator, "ship"),
        )


@contextmanager
def goods_stand() -> Iterator[goods.Stand]:
    with a_shop() as (shop, simulator, account):

        def offer(code: str, quantity: int, price_minor: int) -> str:
            with simulator.lock:
                return str(shop.goods.offer(code, quantity, price_minor / 100)["sku"])

        def shown(name: str) -> goods.Shown:
            price = round(float(str(shop.goods.products[name]["price"])) * 100)
            special = shop.goods.special(name)
            both = (price, None) if special is None else (round(special * 100), price)
            return goods.Shown(shop.goods.salable(name), *both)

        def reserve(name: str, units: int) -> None:
            with simulator.lock:
                shop.goods.reserved[name] += units

        yield goods.Stand(
            listings=MagentoListings(),
            account=account,
            currency="EUR",
            offer=offer,
            gone="NEVER-HEARD-OF",
            shown=shown,
            sell=reserve,
            writes=lambda: shop.goods.written,
            misbehave=each_of(simulator, "stock", "prices"),
        )


@contextmanager
def contents_stand() -> Iterator[contents.Stand]:
    with a_shop() as (shop, simulator, account):

        def offer(code: str) -> str:
            with simulator.lock:
                return str(shop.goods.offer(code, 5, 19.9)["sku"])

        def says(name: str, field: str) -> str:
            product = shop.goods.products[name]
            return (
                str(product["name"]) if field == "title" else str(round(float(str(product["weight"])) * 1000))
            )

        fail = each_of(simulator, "product")
        yield contents.Stand(
            contents=MagentoListings(),
            account=account,
            offer=offer,
            gone="NEVER-HEARD-OF",
            says=says,
            writes=lambda: shop.goods.written,
            misbehave=lambda _, fault: fail(fault),
        )


@contextmanager
def bulk_stand() -> Iterator[bulk.Stand]:
    with a_shop() as (shop, simulator, account):

        def offer(code: str, quantity: int, price_minor: int) -> str:
            with simulator.lock:
                return str(shop.goods.offer(code, quantity, price_minor / 100)["sku"])

        def settle() -> None:
            with simulator.lock:
                shop.queue.work_off()

        def die() -> None:
            shop.queue.is_broken = True
            settle()

        calls = {"lay": "stores", "begin": "queue", "under_way": "queued", "progress": "queue_told"}

        def misbehave(step: str, fault: str) -> None:
            simulator.faults.clear()
            simulator.misbehave(calls[step], fault)

        yield bulk.Stand(
            bulk=MagentoBulk(),
            account=Account(account.slug, {**account.settings, "queue": "yes"}),
            currency="EUR",
            what="prices",
            offer=offer,
            gone="NEVER-HEARD-OF",
            shown=lambda name: goods.Shown(
                shop.goods.salable(name), round(float(str(shop.goods.products[name]["price"])) * 100)
            ),
            settle=settle,
            refuse=shop.goods.refuses.add,
            begun=lambda: len(shop.queue.operations),
            die=die,
            misbehave=misbehave,
        )


@contextmanager
def back_stand(*, is_paid: bool) -> Iterator[back.Stand]:
    """What is invoiced is given back, what is not can be cancelled: never both."""
    with a_shop() as (shop, simulator, account):

        def order() -> back.Sold:
            with simulator.lock:
                number = sell(shop)
                if is_paid:
                    shop.invoice(number)
            return back.Sold(number, ("11", "12"), ("LAMP", "BULB"), (2380, 596), 490)

        def ship(number: str) -> None:
            with simulator.lock:
                shop.invoice(number)
                for each in magento.rows_of(shop.orders[number]):
                    each["qty_shipped"] = each["qty_ordered"]
                shop.take({**shop.orders[number], "state": "complete"})

        def given_back(number: str) -> int:
            return round(float(str(shop.orders[number].get("base_total_refunded", 0))) * 100)

        yield back.Stand(
            account=account,
            currency="EUR",
            sell=order,
            open_units=lambda number: sum(
                magento.open_units(each) for each in magento.rows_of(shop.orders[number])
            ),
            ship=ship,
            given_back=given_back,
            restocked=lambda: shop.restocked,
            cancels=MagentoCancels(),
            refunds=MagentoRefunds(),
            misbehave=each_of(
                simulator, *(("refund", "refund_online") if is_paid else ("cancel", "comment"))
            ),
        )
