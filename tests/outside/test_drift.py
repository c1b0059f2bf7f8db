"""A difference is explained to the unit, and only by what is known."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.outside.rules.drift import Cause, Known, explain, settles_itself, to_settle

UNITS = st.integers(0, 50)


def test_fewer_units_may_have_left_or_come_late_and_the_rest_is_unexplained():
    causes = explain(100, 60, Known(unconfirmed=25, booked=10))

    assert [(cause.kind, cause.units) for cause in causes] == [
        ("unconfirmed", -25),
        ("booked", -10),
        ("unexplained", -5),
    ]
    assert to_settle(causes) == -5


def test_more_units_are_a_receipt_nobody_booked():
    causes = explain(10, 16, Known(told=4, unconfirmed=9))

    assert [(cause.kind, cause.units) for cause in causes] == [("receipt", 4), ("unexplained", 2)]


@given(
    st.integers(0, 200),
    st.integers(0, 200),
    st.builds(
        Known,
        unconfirmed=UNITS,
        missing=UNITS,
        told=UNITS,
        booked=UNITS,
        left_near=UNITS,
        came_near=UNITS,
    ),
)
def test_causes_add_up_to_the_difference_and_point_its_way(ours: int, theirs: int, known: Known):
    causes: tuple[Cause, ...] = explain(ours, theirs, known)

    assert sum(cause.units for cause in causes) == theirs - ours
    assert all(cause.units * (theirs - ours) > 0 for cause in causes)
    assert abs(to_settle(causes)) <= abs(theirs - ours)


def test_only_a_rule_with_a_limit_settles_by_itself():
    assert settles_itself(-2, 2)
    assert not settles_itself(-3, 2)
    assert not settles_itself(1, None)
