"""How many units a pick face wants, and where they come from."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.rules.bins import Spot
from quartermaster.warehouse.rules.refilling import Face, plan, wanted


def face(there: int, *, demand: int = 0, coming: int = 0, place: str = "A-1", sku: int = 1) -> Face:
    return Face(ord(place[0]), place, sku, 2, 10, there, coming, demand)


def kept(place: str, units: int, *, expires: date | None = None, serial: str = "") -> Spot:
    return Spot(1, 100, place, "L" if expires else "", serial, expires, units)


def test_a_face_is_filled_when_it_would_fall_below_its_minimum_or_todays_work():
    assert [wanted(face(n)) for n in (0, 1, 2, 9)] == [10, 9, 0, 0]
    assert wanted(face(5, demand=6)) == 5
    assert wanted(face(6, demand=6)) == 0


def test_what_is_under_way_counts_and_a_face_never_gets_more_than_it_holds():
    assert wanted(face(0, coming=10, demand=99)) == 0
    assert wanted(face(4, demand=99)) == 6


def test_faces_that_todays_work_empties_come_first_and_old_lots_before_new():
    low, empty = face(1, place="A-1", sku=2), face(0, demand=5, place="B-1")
    old, new = kept("Z-1", 4, expires=date(2027, 1, 1)), kept("Y-1", 40, expires=date(2028, 1, 1))
    found = plan([low, empty], [new, old, kept("X-1", 99)._replace(sku_id=2)])
    assert [(one.face.place, one.spot.place, one.units) for one in found] == [
        ("B-1", "Z-1", 4),
        ("B-1", "Y-1", 6),
        ("A-1", "X-1", 9),
    ]


def test_units_with_serial_numbers_stay_where_they_are():
    assert plan([face(0)], [kept("Z-1", 1, serial="C1")]) == []


FACES = st.builds(
    face,
    st.integers(0, 12),
    demand=st.integers(0, 30),
    coming=st.integers(0, 9),
    place=st.sampled_from(["A-1", "B-1", "C-1"]),
)


@given(st.lists(FACES, max_size=3, unique_by=lambda one: one.place), st.lists(st.integers(0, 20), max_size=4))
def test_no_unit_is_carried_twice_and_no_face_overflows(faces: list[Face], stored: list[int]):
    spots = [kept(f"Z-{n}", units)._replace(place_id=n) for n, units in enumerate(stored)]
    found = plan(faces, spots)
    for spot in spots:
        assert sum(one.units for one in found if one.spot.place == spot.place) <= spot.units
    for one in faces:
        brought = sum(each.units for each in found if each.face.place == one.place)
        assert brought == 0 or one.there + one.coming + brought <= one.units_max
