"""An order that was cancelled here is told to its shop once, and what the shop cancelled is not told back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from quartermaster.channels.actions import switch
from quartermaster.channels.ports import Cancellation, Cancels
from quartermaster.channels.queries.told import told_of
from quartermaster.connectors.woocommerce.back import WooCancels
from quartermaster.core import plugs, sql
from quartermaster.core.outside import Account
from quartermaster.orders.actions import cancel

from .conftest import NOW, Company
from .corner import ORDER, Shop, a_corner_shop


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with a_corner_shop(company, monkeypatch) as corner:
        yield corner


def number() -> str:
    ((told,),) = sql.run("select 'SO-' || id from orders_order")
    return str(told)


def cancellations() -> list[tuple[bool, str, str]]:
    rows = sql.run("select is_whole, state, because from channels_cancellation order by id")
    return [tuple(row) for row in rows]


def puts(shop: Shop) -> int:
    return sum(request.method == "PUT" for request in shop.simulator.requests)


def take_off(**lines: int) -> None:
    """Units of lines, by SKU text."""
    ids = dict(sql.run("select code, id from orders_line"))
    wanted = {ids[code.replace("_", "-")]: units for code, units in lines.items()}
    cancel(number(), because="the buyer rang", lines=wanted, at=NOW, by="user:1")


def test_an_order_cancelled_here_is_cancelled_at_its_shop_once(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    cancel(number(), because="out of stock for good", at=NOW, by="user:1")
    shop.simulator.misbehave("update", "500 late")  # it happened, and nobody said so
    shop.settle()

    assert cancellations() == [(True, "told", "")]
    assert (shop.order["status"], puts(shop)) == ("cancelled", 1)
    (told,) = told_of(int(number()[3:]))
    assert (told.what, told.reference[:2], told.state, told.connection) == (
        "cancellation",
        "C-",
        "told",
        "corner",
    )

    shop.ask()  # its own word comes back, and is no news
    shop.settle()
    assert shop.company.status(ORDER) == "cancelled"
    assert (len(cancellations()), puts(shop)) == (1, 1)
    shop.company.examine()


def test_what_the_shop_cancelled_is_not_told_back(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    shop.memory.take({**shop.order, "status": "cancelled"})
    shop.ask()
    shop.settle()
    assert shop.company.status(ORDER) == "cancelled"
    assert (cancellations(), puts(shop)) == ([], 0)


def test_a_part_is_told_only_where_parts_can_be_and_the_rest_with_the_whole(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    take_off(MUG_STONE=1)
    shop.settle()
    assert cancellations() == []

    cancel(number(), because="the rest as well", at=NOW, by="user:1")
    shop.settle()
    assert cancellations() == [(True, "told", "")]
    units = sql.run("select sum(units)::int from channels_cancelled_line")
    assert units == [(3,)]
    shop.company.examine()


class ByLine(WooCancels):
    """A shop that can cancel parts of an order."""

    cancels_lines = True

    def __init__(self) -> None:
        self.heard: list[Cancellation] = []

    def cancel(self, *, account: Account, cancellation: Cancellation):  # type: ignore[no-untyped-def]
        self.heard.append(cancellation)
        return super().cancel(account=account, cancellation=_whole(cancellation))


def _whole(cancellation: Cancellation) -> Cancellation:
    return Cancellation(cancellation.reference, cancellation.order, (), True, "other")


def test_each_unit_is_told_once_where_parts_can_be(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    by_line = ByLine()
    known = plugs.installed()
    ports = {**known["woocommerce"].ports, Cancels: by_line}
    changed = {**known, "woocommerce": replace(known["woocommerce"], ports=ports)}
    monkeypatch.setattr(plugs, "installed", lambda: changed)
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()

    take_off(MUG_STONE=1)
    shop.settle()
    take_off(MUG_STONE=1)
    shop.settle()

    heard = [(one.is_whole, [(line.code, line.quantity) for line in one.lines]) for one in by_line.heard]
    assert heard == [(False, [("MUG-STONE", 1)]), (False, [("MUG-STONE", 1)])]
    shop.company.examine()


def test_a_shop_that_is_only_read_is_told_of_no_cancellation(shop: Shop) -> None:
    shop.ask()
    cancel(number(), because="a mistake", at=NOW, by="user:1")
    shop.settle()
    assert (cancellations(), puts(shop)) == ([], 0)


def test_an_order_that_left_there_is_not_cancelled_and_a_person_is_told(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    shop.memory.take({**shop.order, "status": "completed"})
    cancel(number(), because="a mistake", at=NOW, by="user:1")
    shop.settle()
    assert cancellations() == [(True, "refused", "it is completed: it left")]
    assert sql.run("select count(*) from core_event where name = 'CancellationRefused'") == [(1,)]
