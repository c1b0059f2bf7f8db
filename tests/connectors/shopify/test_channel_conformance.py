"""What is relied on when a shop is asked and told, against the simulator."""

import pytest

from quartermaster.testing.conformance import channels

from .conftest import Shop
from .stands import channel_stand


@pytest.mark.parametrize("check", channels.CHECKS, ids=lambda check: check.__name__)
def test_shopify_is_asked_for_orders_and_told_of_parcels(shop: Shop, check: channels.Check) -> None:
    check(channel_stand(shop))
