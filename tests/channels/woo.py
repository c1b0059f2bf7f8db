"""A simulated WooCommerce shop, and its stands for the conformance suites."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count

from quartermaster.connectors.woocommerce.back import WooCancels, WooRefunds
from quartermaster.connectors.woocommerce.goods import WooListings
from quartermaster.connectors.woocommerce.hooks import WooHooks
from quartermaster.core.outside import Account
from quartermaster.testing.conformance import back, contents, goods, hooks
from quartermaster.testing.simulators import woocommerce
from quartermaster.testing.simulators.server import Simulator

LINES = [
    {"id": 11, "quantity": 2, "total": "20.00", "taxes": [{"id": 1, "total": "3.80"}]},
    {"id": 12, "quantity": 1, "total": "5.01", "taxes": [{"id": 1, "total": "0.95"}, {"id": 2, "total": ""}]},
]
SHIPPING = [{"id": 13, "total": "4.90", "taxes": [{"id": 1, "total": "0.93"}]}]


@contextmanager
def a_shop() -> Iterator[tuple[woocommerce.WooCommerce, Simulator, Account]]:
    shop = woocommerce.WooCommerce()
    with Simulator(shop) as simulator:
        yield shop, simulator, Account("acme", {**woocommerce.SETTINGS, "url": simulator.url})


@contextmanager
def goods_stand() -> Iterator[goods.Stand]:
    with a_shop() as (shop, simulator, account):
        numbers = count()
        parents: list[int] = []

        def offer(code: str, quantity: int, price_minor: int) -> str:
            """Of six, two are products and three variations; the sixth is one of a product with many."""
            with simulator.lock:
                price, turn = str(Decimal(price_minor) / 100), next(numbers) % 6
                if turn < 2:
                    return shop.goods.offer(code, quantity, price)
                if turn == 2 or not parents:
                    parents.append(int(shop.goods.offer(f"{code} in general", None, "")))
                of = parents[0] if turn == 5 else parents[-1]
                return shop.goods.offer(code, quantity, price, of=of)

        def shown(name: str) -> goods.Shown:
            thing = shop.goods.thing(name)
            counted, price = thing["stock_quantity"], int(Decimal(str(thing["regular_price"])) * 100)
            sale = int(Decimal(str(thing["sale_price"] or 0)) * 100)
            both = (sale, price) if thing["on_sale"] else (price, None)
            return goods.Shown(counted if isinstance(counted, int) else None, *both)

        yield goods.Stand(
            listings=WooListings(),
            account=account,
            currency="EUR",
            offer=offer,
            gone="999999",
            shown=shown,
            sell=shop.goods.sell,
            writes=lambda: shop.goods.writes,
            misbehave=lambda fault: simulator.misbehave("batch", fault),
        )


@contextmanager
def contents_stand() -> Iterator[contents.Stand]:
    with a_shop() as (shop, simulator, account):

        def offer(code: str) -> str:
            with simulator.lock:
                return shop.goods.offer(code, 5, "19.90")

        def shared(code: str) -> str:
            with simulator.lock:
                product = int(shop.goods.offer(f"{code} in general", None, ""))
                return shop.goods.offer(code, 5, "19.90", of=product)

        def says(name: str, field: str) -> str:
            return str(shop.goods.thing(name)["name" if field == "title" else "global_unique_id"])

        yield contents.Stand(
            contents=WooListings(),
            account=account,
            offer=offer,
            gone="999999",
            says=says,
            writes=lambda: shop.goods.writes,
            shared=shared,
            misbehave=lambda _, fault: simulator.misbehave("batch", fault),
        )


@contextmanager
def back_stand() -> Iterator[back.Stand]:
    with a_shop() as (shop, simulator, account):

        def sell() -> back.Sold:
            number = 7_000_000 + len(shop.orders)
            with simulator.lock:
                order = {"id": number, "currency": "EUR", "total": "35.59", "line_items": LINES}
                shop.take({**order, "shipping_lines": SHIPPING})
            return back.Sold(str(number), ("11", "12"), ("LAMP", "BULB"), (2380, 596), 583)

        def left(order: str) -> int:
            return 0 if shop.orders[order]["status"] == "cancelled" else 3

        def ship(order: str) -> None:
            shop.take({**shop.orders[order], "status": "completed"})

        def misbehave(fault: str) -> None:
            for operation in ("update", "refund"):
                simulator.faults = type(simulator.faults)(
                    one for one in simulator.faults if one[0] != operation
                )
                simulator.misbehave(operation, fault)

        yield back.Stand(
            account=account,
            currency="EUR",
            sell=sell,
            open_units=left,
            ship=ship,
            given_back=lambda order: int(shop.given_back(order) * 100),
            restocked=lambda: shop.restocked,
            cancels=WooCancels(),
            refunds=WooRefunds(),
            misbehave=misbehave,
        )


@contextmanager
def hooks_stand() -> Iterator[hooks.Stand]:
    with a_shop() as (shop, simulator, account):
        numbers = count(1)
        yield hooks.Stand(
            hooks=WooHooks(),
            account=account,
            fresh=lambda: f"https://qm.example.com/in/{next(numbers)}",
            put=shop.hooks.put,
            made=lambda: shop.hooks.made,
            drop=shop.hooks.drop,
            switch_off=shop.hooks.switch_off,
            secret_of=lambda name: shop.hooks.secrets[name],
            misbehave=lambda fault: simulator.misbehave("hook", fault),
        )
