"""Money that is due is given back through the shop: once, and counted when the shop says so itself."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from quartermaster.channels.actions import pay_out, switch
from quartermaster.channels.actions.pay_out import NotPayable
from quartermaster.channels.queries.payouts import payable
from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.inbox.actions import pause, resume
from quartermaster.orders.actions import cancel

from .conftest import NOW, Company
from .corner import ORDER, Shop, a_corner_shop


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """One mug of the order is not wanted any more: its money is due."""
    with a_corner_shop(company, monkeypatch) as corner:
        switch("corner", mode="live", at=NOW, by="user:1")
        corner.ask()
        take_off_a_mug()
        corner.settle()
        yield corner


def take_off_a_mug() -> None:
    ((number, line),) = sql.run("select 'SO-' || order_id, id from orders_line where code = 'MUG-STONE'")
    cancel(number, because="one is enough", lines={line: 1}, at=NOW, by="user:1")


def due() -> list[tuple[str, int, str]]:
    rows = sql.run("select 'R-' || id, amount_minor, state from money_refund order by id")
    return [tuple(row) for row in rows]


def payouts() -> list[tuple[str, int]]:
    return [tuple(row) for row in sql.run("select state, amount_minor from channels_payout order by id")]


def given_back(shop: Shop) -> Decimal:
    return shop.memory.given_back(str(ORDER))


def test_what_is_due_is_given_back_once_and_counts_when_the_shop_says_so(shop: Shop) -> None:
    ((refund, amount, _),) = due()
    shop.simulator.misbehave("refund", "500 late", "late")  # it happened, and nobody said so

    reference = pay_out(refund, note="one less", at=NOW, by="user:1")
    with pytest.raises(NotPayable, match="being asked"):
        pay_out(refund, at=NOW, by="user:1")
    shop.settle()

    assert payouts() == [("told", amount)]
    assert given_back(shop) * 100 == amount
    (made,) = shop.memory.refunds[str(ORDER)]
    assert made["reason"] == f"one less [{reference}]"
    assert shop.memory.restocked == 0
    assert due() == [(refund, amount, "due")]  # it counts when the shop says so
    with pytest.raises(NotPayable, match="not told so itself"):
        pay_out(refund, at=NOW, by="user:1")

    shop.ask()
    shop.settle()
    assert due() == [(refund, amount, "settled")]
    assert sql.run("select refunded_minor from orders_order") == [(amount,)]
    with pytest.raises(NotPayable, match="it is not due"):
        pay_out(refund, at=NOW, by="user:1")
    assert given_back(shop) * 100 == amount
    shop.company.examine()


def test_a_shop_that_refuses_leaves_it_due_and_says_why(shop: Shop) -> None:
    ((refund, amount, _),) = due()
    pay_out(refund, at=NOW, by="user:1")
    shop.memory.orders[str(ORDER)]["total"] = "0.01"
    shop.settle()
    ((state, because),) = sql.run("select state, because from channels_payout")
    assert (state, because) == ("refused", "only EUR 0.01 of the order is left to give back")
    assert due() == [(refund, amount, "due")]
    assert sql.run("select count(*) from core_event where name = 'RefundNotPaid'") == [(1,)]

    shop.memory.orders[str(ORDER)]["total"] = "53.43"
    pay_out(refund, at=NOW, by="user:1")
    shop.settle()
    assert payouts() == [("refused", amount), ("told", amount)]
    assert given_back(shop) * 100 == amount


def test_what_the_shop_gave_back_itself_meanwhile_is_not_given_back_again(shop: Shop) -> None:
    ((refund, _, _),) = due()
    pause("corner", at=NOW, by="user:1")
    with pytest.raises(NotPayable, match="paused"):
        pay_out(refund, at=NOW, by="user:1")
    resume("corner", at=NOW, by="user:1")
    pay_out(refund, at=NOW, by="user:1")
    sql.run("update money_refund set state = 'settled', settled_at = now(), settled_because = 'by hand'")
    shop.settle()
    sql.run("update money_refund set state = 'due', settled_at = null")  # for whoever looks at the end
    assert sql.run("select state, because from channels_payout") == [("refused", "it is not due any more")]
    assert given_back(shop) == 0


def test_a_shop_that_is_only_read_gives_nothing_back(shop: Shop) -> None:
    ((refund, _, _),) = due()
    switch("corner", mode="observe", at=NOW, by="user:1")
    with pytest.raises(NotPayable, match="only read"):
        pay_out(refund, at=NOW, by="user:1")
    ((order_id,),) = sql.run("select id from orders_order")
    assert [one.why_not for one in payable(order_id=order_id)] == ["its shop is only read, or paused"]
    for unknown in ("R-0", "R-x", "nothing"):
        with pytest.raises(NotFound):
            pay_out(unknown, at=NOW, by="user:1")


def test_an_order_cancelled_here_and_there_is_still_to_be_given_back(shop: Shop) -> None:
    ((order,),) = sql.run("select 'SO-' || id from orders_order")
    cancel(order, because="all of it", at=NOW, by="user:1")
    shop.settle()
    shop.ask()
    shop.settle()
    assert shop.order["status"] == "cancelled"
    ((refund, amount, state),) = due()
    assert (amount, state) == (5343, "due")  # to cancel it gave nobody any money back

    pay_out(refund, at=NOW, by="user:1")
    shop.settle()
    shop.ask()
    assert (due(), given_back(shop)) == ([(refund, 5343, "settled")], Decimal("53.43"))
