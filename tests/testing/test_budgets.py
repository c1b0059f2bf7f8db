"""Budgets of simulated vendors: who asks too often is refused, and let in again after a while."""

import pytest

from quartermaster.connectors.amazon.listings import AmazonListings
from quartermaster.connectors.amazon.sign_in import _tokens
from quartermaster.core.outside import Account, Throttled
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.budgets import Bucket, Budget, Rate
from quartermaster.testing.simulators.server import Simulator


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_bucket_gives_what_is_in_it_and_fills_up_to_its_brim():
    clock = Clock()
    bucket = Bucket(2.0, 5.0, clock)

    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]
    clock.at = 1.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock.at = 100.0
    assert bucket.look() == 5.0
    assert (bucket.take(6), bucket.take(5)) == (False, True)


def test_classes_of_calls_are_counted_apart_and_what_is_too_often_is_counted():
    clock = Clock()
    rates = {"/a": Rate("a", 1.0, 1), "/b": Rate("b", 1.0, 1)}
    budget = Budget(lambda method, path: rates.get(path), clock)

    assert [budget.lets("GET", path) for path in ("/a", "/b", "/a", "/free", "/free")] == [
        *(True, True, False, True, True)
    ]
    assert budget.refused == 1
    clock.at = 1.0
    assert budget.lets("GET", "/a")


def test_a_simulator_with_a_budget_does_nothing_for_who_asks_too_often():
    shop = amazon.Amazon()
    shop.listings.offer("LAMP", 1, "9.90")
    _tokens.clear()
    with Simulator(shop) as simulator:
        account = Account("acme", {**amazon.SETTINGS, "api_url": simulator.url})
        simulator.budget = Budget(
            lambda method, path: Rate("all", 0.001, 1) if path.startswith("/listings/") else None
        )
        assert len(AmazonListings().listed(account=account, names=["LAMP"])) == 1
        with pytest.raises(Throttled):
            AmazonListings().listed(account=account, names=["LAMP"])

    assert simulator.budget.refused == 1
