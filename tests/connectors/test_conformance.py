"""Every installed connector that sends orders, against everything expected of one."""

import pytest

from quartermaster.core.plugs import Plug
from quartermaster.testing.conformance import readings
from quartermaster.testing.conformance.deliveries import fetched, hinting, senders
from quartermaster.testing.conformance.inbound import CHECKS, HINTS, READINGS, Check


def test_there_are_connectors_to_check():
    assert {"shopify", "woocommerce"} <= {plug.kind for plug in senders()}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("plug", senders(), ids=lambda plug: plug.kind)
def test_connector(plug: Plug, check: Check):
    check(plug)


@pytest.mark.parametrize("check", READINGS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("plug", fetched(), ids=lambda plug: plug.kind)
def test_connector_whose_orders_are_only_fetched(plug: Plug, check: Check):
    check(plug)


@pytest.mark.parametrize("check", HINTS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("plug", hinting(), ids=lambda plug: plug.kind)
def test_connector_that_only_hints(plug: Plug, check: Check):
    check(plug)


@pytest.mark.nightly
@pytest.mark.parametrize("plug", [*senders(), *fetched()], ids=lambda plug: plug.kind)
def test_connector_with_every_odd_value_in_every_field(plug: Plug):
    readings.any_field_may_hold_anything(plug, every=1)
