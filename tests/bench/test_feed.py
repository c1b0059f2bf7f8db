"""The chaos feed's own judgement: what it would call wrong, and what its shops do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bench.feed.order_of_writes import Sent, gone_back

from quartermaster.testing.market import STALLS
from quartermaster.testing.market.simulated import market
from quartermaster.testing.simulators.accounts import CHANNELS

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def sent(version: int, quantity: int, begin_s: float, end_s: float) -> Sent:
    return Sent(version, quantity, AT + timedelta(seconds=begin_s), AT + timedelta(seconds=end_s))


def written(*writes: tuple[float, int]) -> list[tuple[datetime, int]]:
    return [(AT + timedelta(seconds=second), quantity) for second, quantity in writes]


def test_a_write_that_puts_an_older_version_over_a_newer_one_is_stale() -> None:
    late = [sent(1, 5, 0, 30), sent(2, 4, 10, 11)]
    assert gone_back(written((1, 5), (10.5, 4)), late) == []
    (wrong,) = gone_back(written((10.5, 4), (20, 5)), late)
    assert wrong.startswith("5 at ")
    assert wrong.endswith("version 1 after 2")


def test_the_same_number_in_a_newer_version_is_not_stale() -> None:
    pushes = [sent(1, 5, 0.5, 1.5), sent(2, 4, 1.6, 2.5), sent(3, 5, 2.6, 3.5)]
    assert gone_back(written((1, 5), (2, 4), (3, 5)), pushes) == []


def test_a_write_that_nobody_sent_is_told() -> None:
    (wrong,) = gone_back(written((60, 5)), [sent(1, 5, 0, 1)])
    assert wrong.endswith("which nobody sent")


@pytest.mark.parametrize("kind", sorted(STALLS))
def test_buyers_have_what_they_are_shown_and_may_think_better_of_it(kind: str) -> None:
    shop = market(STALLS[kind](CHANNELS[kind]()))
    shop.by_hand("offer", {"skus": ["LAMP", "BULB"], "units": 3})

    def do(what: str, **said: object) -> Any:
        return shop.by_hand(what, said)

    first = do("buy", sku="LAMP", units=2)["id"]
    assert do("buy", sku="LAMP", units=2)["id"] == ""
    assert do("shown") == {"LAMP": 1, "BULB": 3}
    second = do("buy", sku="LAMP", units=1)["id"]
    assert first != second
    is_given = bool(do("refund", id=second, minor=150, note="a scratch")["is_done"])
    assert is_given == (kind not in ("amazon", "flipkart")), "before it was sent Amazon takes no money"
    assert do("refund", id=second, minor=10**7, note="too much")["is_done"] is False
    assert do("edit", id=first) == {"is_done": True, "id": first}
    assert do("cancel", id=first) == {"is_done": True}
    assert do("cancel", id=first) == {"is_done": False}
    seen = do("seen")
    assert {order: one.state for order, one in seen.items()} == {first: "cancelled", second: "open"}
    assert seen[second].refunded_minor == (150 if is_given else 0)
    assert len(do("done")) == int(is_given)
    with pytest.raises(KeyError):
        do("dance")
