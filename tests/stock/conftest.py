"""A shop to play with: one SKU, two sites."""

from collections.abc import Callable

import pytest
from tests.stock.shop import Shop


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop()


@pytest.fixture
def ledger(shop: Shop) -> Callable[[str], None]:
    return shop.play
