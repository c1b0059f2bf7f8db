"""When rows go in bulk, and when a write that nobody answered for lets them go."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.channels.rules.bulk import (
    GATHERS,
    NEAR,
    SETTLE,
    Standing,
    Verdict,
    Way,
    begins_later,
    gathers,
    next_look,
    sought,
    way,
)

from .conftest import AT


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 40))
def test_what_takes_away_goes_in_bulk_only_where_it_is_much(lowering: int, raising: int, least: int) -> None:
    chosen = way(lowering, raising, least)
    assert (chosen is Way.ALL) == (lowering >= least)
    assert (chosen is Way.FEW) == (max(lowering, raising) < least)


def test_nobody_lets_rows_go_while_something_unknown_is_under_way() -> None:
    began, until = AT, AT + timedelta(hours=8)
    for others, after, verdict in (
        (0, SETTLE, Verdict.NOT_THERE),
        (0, SETTLE / 2, Verdict.WAIT),
        (1, SETTLE, Verdict.WAIT),
        (None, SETTLE, Verdict.WAIT),
        (1, timedelta(hours=8), Verdict.LET_GO),
        (None, timedelta(hours=8), Verdict.LET_GO),
        (0, timedelta(hours=8), Verdict.NOT_THERE),
    ):
        assert sought(Standing(began, until, others), AT + after) is verdict
    assert next_look(AT, 0) < next_look(AT, 3) <= next_look(AT, 40)


def test_rows_wait_for_others_of_the_same_push_for_a_while() -> None:
    assert gathers(AT, AT + GATHERS / 2)
    assert not gathers(AT, AT + GATHERS)
    assert not gathers(None, AT)


def test_only_a_turn_that_is_near_is_waited_for() -> None:
    assert begins_later(AT, AT + NEAR)
    assert not begins_later(AT, AT + 2 * NEAR)
    assert not begins_later(AT, None)
