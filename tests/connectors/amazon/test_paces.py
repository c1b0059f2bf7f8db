from datetime import UTC, datetime, timedelta

import pytest

from quartermaster.connectors.amazon import paces
from quartermaster.connectors.amazon.channel import AmazonChannel
from quartermaster.core import pace
from quartermaster.core.outside import Account, Throttled
from quartermaster.core.pace import Limit
from quartermaster.testing.simulators.amazon import SETTINGS
from quartermaster.testing.simulators.server import Simulator

ACME, OTHER = Account("acme", SETTINGS), Account("acme-fr", {**SETTINGS, "marketplaces": "FR"})


@pytest.fixture(autouse=True)
def nothing_was_heard() -> None:
    paces._told.clear()


def test_orders_are_asked_for_twenty_times_at_once_and_then_every_three_minutes():
    limit = paces.limit(ACME, "searchOrders")

    assert (round(limit.each_s), limit.burst) == (179, 20)


def test_connections_of_one_seller_share_their_turns():
    assert paces.limit(ACME, "searchOrders") == paces.limit(OTHER, "searchOrders")
    assert paces.limit(ACME, "searchOrders").name != paces.limit(ACME, "getOrder").name


def test_what_amazon_says_of_an_operation_counts_from_then_on():
    paces.heard(ACME)("GET", "/orders/2026-01-01/orders", {"x-amzn-ratelimit-limit": "0.5"})

    assert paces.limit(OTHER, "searchOrders").each_s == 2
    assert paces.limit(OTHER, "getOrder").each_s == 2  # its own: one in two seconds


@pytest.mark.parametrize("said", ["", "soon", "0", "-1", "nan", "inf", "1e9"])
def test_nonsense_is_not_believed(said: str):
    paces.heard(ACME)("GET", "/orders/2026-01-01/orders", {"x-amzn-ratelimit-limit": said})

    assert round(paces.limit(ACME, "searchOrders").each_s) == 179


def test_only_amazon_s_own_server_is_paced():
    limit_of = paces.limit_of(ACME)

    assert limit_of is not None
    assert limit_of("GET", "/orders/2026-01-01/orders") == paces.limit(ACME, "searchOrders")
    assert paces.limit_of(Account("acme", {**SETTINGS, "api_url": "https://sandbox.example"})) is None


def test_after_a_429_nobody_asks_for_one_turn(
    running: Simulator, account: Account, monkeypatch: pytest.MonkeyPatch
):
    """The simulator names a moment, as Amazon does not: the turn is taken away for both."""
    closed: list[tuple[Limit, datetime]] = []

    class Keeper:
        def take(self, limit: Limit, *, begun: bool) -> float:
            return 0.0

        def close(self, limit: Limit, until: datetime) -> None:
            closed.append((limit, until))

    monkeypatch.setattr(pace, "keepers", [Keeper()])
    monkeypatch.setattr(paces.limits, "of", lambda account, limit_of: limit_of)
    running.misbehave("search", "429")

    with pytest.raises(Throttled):
        AmazonChannel().changes(account=account, since=datetime.now(UTC) - timedelta(days=1), cursor="")

    ((limit, until),) = closed
    assert limit.name == "amazon/A1SIMULATED/searchOrders"
    assert until > datetime.now(UTC) - timedelta(seconds=5)
