"""Why units wait, by how their SKU may be sold."""

import pytest

from quartermaster.allocation.rules.park import Sold, park


@pytest.mark.parametrize(
    ("sold", "quantity", "answer"),
    [
        (Sold("backorder", None, 0, 9999), 1, "backorder"),
        (Sold("backorder", 10, 0, 8), 2, "backorder"),
        (Sold("backorder", 10, 0, 8), 3, "shortage"),
        (Sold("preorder", None, 5, 3), 2, "preorder"),
        (Sold("preorder", None, 5, 3), 3, "shortage"),
        (Sold("preorder", 50, 5, 3), 3, "preorder"),
        (Sold("deny", None, 99, 0), 1, "shortage"),
    ],
)
def test_the_policy_of_the_sku_says_whether_units_may_wait(sold: Sold, quantity: int, answer: str) -> None:
    assert park(quantity, sold, is_somewhere=False) == answer


def test_when_a_site_has_it_the_rules_are_the_reason() -> None:
    assert park(1, Sold("deny", None, 0, 0), is_somewhere=True) == "routing"
