"""Amazon as a marketplace that tells how we stand, against its simulator."""

from collections.abc import Iterator

import pytest

from quartermaster.connectors.amazon import sign_in
from quartermaster.connectors.amazon.reports import AmazonFeedback, AmazonStanding
from quartermaster.core.outside import Account
from quartermaster.testing.conformance import standings
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.amazon_reports import Said
from quartermaster.testing.simulators.server import Simulator

OPERATIONS = ("createReport", "report", "reportDocument", "reportFile")


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(amazon.Amazon(), slow_s=0.01) as simulator:
        yield simulator


@pytest.fixture
def stand(running: Simulator) -> standings.Stand:
    shop = amazon.Amazon()
    running.vendor = shop
    running.faults.clear()
    sign_in._tokens.clear()
    shop.reports.said = [
        Said(f"{n}.11.26", n, f"Nummer {n}: schön war es nicht", f"302-0000000-000000{n}") for n in (1, 2, 3)
    ]

    def end(status: str) -> None:
        shop.reports.ends = status

    def misbehave(operation: str, fault: str) -> None:
        """A key that does not count any more gets no new token either: that is a 401 twice."""
        running.misbehave(operation, fault)
        if fault == "401":
            running.misbehave("token", fault)

    return standings.Stand(
        standing=AmazonStanding(),
        feedback=AmazonFeedback(),
        account=Account("acme", {**amazon.SETTINGS, "api_url": running.url}),
        operations=OPERATIONS,
        misbehave=misbehave,
        ends_badly=lambda: end("FATAL"),
        is_empty=lambda: end("CANCELLED"),
    )


@pytest.mark.parametrize("check", standings.CHECKS, ids=lambda check: check.__name__)
def test_reports(stand: standings.Stand, check: standings.Check) -> None:
    check(stand)
