"""What is packed lies in its room, as it may lie, and beside everything else; and it is packed well."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.shipping.rules.packing import Piece, Placed, Size, faults, fill, turned

sides = st.integers(1, 12)
sizes = st.builds(Size, sides, sides, sides)
pieces = st.lists(
    st.builds(
        lambda size, upright, count: Piece(turned(size, stays_upright=upright), count),
        sizes,
        st.booleans(),
        st.integers(1, 6),
    ),
    min_size=1,
    max_size=4,
)
rooms = st.builds(Size, *[st.integers(8, 30)] * 3)


def after(looks: int) -> Callable[[], bool]:
    left = iter(range(looks))
    return lambda: next(left, None) is None


@given(rooms, pieces)
@settings(max_examples=50, deadline=None)
def test_nothing_sticks_out_or_lies_in_another_or_as_it_must_not(room: Size, wanted: list[Piece]) -> None:
    filled = fill(room, wanted, is_over=after(30))
    assert faults(room, wanted, filled.placed) == []
    assert filled.volume == sum(one.size.volume for one in filled.placed)


@given(st.tuples(*[st.integers(1, 4)] * 3), sizes)
@settings(max_examples=30, deadline=None)
def test_a_room_that_can_be_full_is_full(times: tuple[int, int, int], size: Size) -> None:
    room = Size(*(side * count for side, count in zip(size, times, strict=True)))
    count = times[0] * times[1] * times[2]
    filled = fill(room, [Piece((size,), count)], is_over=after(30))
    assert filled.volume == room.volume
    assert len(filled.placed) == count


def test_a_thing_that_must_stay_upright_is_never_laid_on_its_side() -> None:
    bottle = Piece(turned(Size(8, 8, 30), stays_upright=True), 4)
    assert fill(Size(40, 40, 20), [bottle], is_over=after(30)).placed == ()
    assert len(fill(Size(16, 16, 30), [bottle], is_over=after(30)).placed) == 4


def test_the_check_sees_what_is_wrong() -> None:
    room, piece = Size(10, 10, 10), Piece((Size(4, 4, 4),), 2)
    inside = Placed(0, 0, 0, 0, Size(4, 4, 4))
    assert faults(room, [piece], [inside, inside._replace(x=4)]) == []
    assert "in each other" in faults(room, [piece], [inside, inside._replace(x=3)])[0]
    assert "sticks out" in faults(room, [piece], [inside._replace(z=7)])[0]
    assert "must not lie so" in faults(room, [piece], [inside._replace(size=Size(4, 4, 5))])[0]
    three = [inside, inside._replace(x=4), inside._replace(y=4)]
    assert "there are 2" in faults(room, [piece], three)[0]
