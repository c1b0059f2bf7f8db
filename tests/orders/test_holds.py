"""What a hold does to units that are reserved already is one with what it blocks."""

import pytest

from quartermaster.orders.rules.holds import KINDS, Blocks, Reserved, blocking, gives_back


@pytest.mark.parametrize("kind", KINDS)
def test_a_hold_gives_back_exactly_what_it_would_not_let_be_reserved(kind: str) -> None:
    assert gives_back([kind]) is blocking({kind}, Blocks.ALLOCATION)


def test_one_hold_that_gives_back_is_enough() -> None:
    assert KINDS["fraud"].reserved is Reserved.KEPT
    assert KINDS["test"].reserved is Reserved.GIVEN_BACK
    assert gives_back(["fraud", "test"])
    assert not gives_back(["fraud", "a kind of tomorrow"])
    assert not gives_back([])
