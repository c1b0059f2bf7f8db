"""Every shop we can ask and tell, against its simulator."""

from collections.abc import Iterator

import pytest

from quartermaster.connectors.woocommerce.channel import WooChannel
from quartermaster.core.outside import Account
from quartermaster.testing.conformance.channels import CHECKS, Check, Stand
from quartermaster.testing.simulators import woocommerce
from quartermaster.testing.simulators.server import Simulator


@pytest.fixture
def woo() -> Iterator[Stand]:
    shop = woocommerce.WooCommerce()
    with Simulator(shop) as simulator:

        def sell() -> tuple[str, tuple[str, str]]:
            number = 7_000_000 + len(shop.orders)
            with simulator.lock:
                shop.take(
                    {"id": number, "line_items": [{"id": 11, "quantity": 2}, {"id": 12, "quantity": 1}]}
                )
            return str(number), ("11", "12")

        def touch(order: str) -> None:
            with simulator.lock:
                shop.take({**shop.orders[order], "customer_note": "ring twice"})

        def misbehave(fault: str) -> None:
            for operation in ("update", "note"):  # each of the two calls that change something
                simulator.misbehave(operation, fault)

        yield Stand(
            channel=WooChannel(),
            account=Account("acme", {**woocommerce.SETTINGS, "url": simulator.url}),
            began=shop.clock,
            sell=sell,
            touch=touch,
            mails=lambda: len(shop.mails),
            misbehave=misbehave,
        )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_woocommerce(woo: Stand, check: Check) -> None:
    check(woo)
