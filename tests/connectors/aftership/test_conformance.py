"""AfterShip against everything expected of a system that follows parcels."""

from collections.abc import Iterator
from functools import partial

import pytest

from quartermaster.connectors import calls
from quartermaster.connectors.aftership.client import AfterShip
from quartermaster.shipping.ports import Account, NotDone, Unclear
from quartermaster.testing.conformance.followers import CHECKS, Check, Stand, a_parcel
from quartermaster.testing.simulators.aftership import AfterShipServer


@pytest.fixture(scope="module")
def theirs() -> Iterator[AfterShipServer]:
    with AfterShipServer(page=2) as server:
        yield server


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_follower(theirs: AfterShipServer, check: Check):
    account = Account("ship", theirs.settings)
    theirs.slow_s = 0.01
    tell = partial(theirs.happened, tag="InTransit")
    check(Stand(AfterShip(), account, theirs.faults.extend, tell, lambda: len(theirs.trackings)))


def test_one_that_takes_too_long_is_unclear_and_asking_settles_it(
    theirs: AfterShipServer, monkeypatch: pytest.MonkeyPatch
):
    account, parcel = Account("ship", theirs.settings), a_parcel()
    monkeypatch.setattr(calls, "CALL_S", 0.1)
    monkeypatch.setattr(calls, "CHANGE_S", 0.0)
    theirs.slow_s = 0.3
    theirs.faults.append("slow")
    with pytest.raises(Unclear):
        AfterShip().follow(account=account, parcel=parcel)
    assert AfterShip().find(account=account, parcel=parcel)


def test_a_key_is_sent_to_no_other_machine_in_plain_text():
    account = Account("ship", {"api_key": "k", "api_url": "http://example.com"})
    with pytest.raises(NotDone, match="not https"):
        AfterShip().follow(account=account, parcel=a_parcel())
