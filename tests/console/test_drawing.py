"""Cartons as drawings."""

from quartermaster.console.floor.drawing import WIDE, drawn
from quartermaster.shipping.rules.cartons import Lying


def test_a_drawing_holds_everything_and_draws_what_is_nearer_later():
    low = Lying("MUG", 1, (0, 0, 0), (100, 100, 100))
    high = Lying("LAMP", 1, (0, 0, 100), (100, 100, 100))
    seen = drawn((200, 100, 200), [high, low], {"LAMP": 1, "MUG": 2})

    assert [name.number for name in seen.names] == [2, 1]
    assert [face.kind for face in seen.faces] == ["room"] * 3 + ["top", "left", "right"] * 2
    corners = [tuple(map(int, at.split(","))) for face in seen.faces for at in face.points.split()]
    assert all(0 <= x <= WIDE + 1 and 0 <= y <= seen.high + 1 for x, y in corners)
