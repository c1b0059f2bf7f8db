from decimal import Decimal

import pytest
from msgspec import Struct

from quartermaster.connectors.shapes import fit


class Leaf(Struct):
    name: str | None = None
    is_new: bool | None = None


class Tree(Struct):
    id: object = None
    name: str | None = None
    is_old: bool | None = None
    leaf: Leaf | None = None
    leaves: list[Leaf] | None = None
    anything: list[object] | None = None


def fitted(**told: object) -> tuple[Tree, list[str]]:
    doubts: list[str] = []
    return fit(told, Tree, doubts), doubts


def test_what_fits_is_taken_without_a_word():
    assert fitted(id=1, name="Oak", leaf={"name": "a"}, leaves=[{}], other=5) == (
        Tree(id=1, name="Oak", leaf=Leaf("a"), leaves=[Leaf()]),
        [],
    )


def test_numbers_where_a_text_belongs_are_that_text():
    assert fitted(name=1001, leaf={"name": Decimal("1.50")}) == (Tree(name="1001", leaf=Leaf("1.50")), [])


@pytest.mark.parametrize(
    ("value", "is_old"), [(1, True), ("false", False), ("Yes", True), ("", False), (None, None)]
)
def test_flags_are_read_as_people_and_php_write_them(value: object, is_old: bool | None):
    assert fitted(is_old=value) == (Tree(is_old=is_old), [])


@pytest.mark.parametrize("nothing", [None, "", [], False])
def test_php_s_ways_to_write_no_object_are_no_doubt(nothing: object):
    assert fitted(leaf=nothing) == (Tree(), [])


def test_a_list_that_php_wrote_as_an_object_is_that_list():
    assert fitted(leaves={"0": {"name": "a"}, "2": {"name": "b"}}) == (
        Tree(leaves=[Leaf("a"), Leaf("b")]),
        [],
    )


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        ({"name": ["a"]}, "name is a list, not a text."),
        ({"name": True}, "name is True, not a text."),
        ({"is_old": "perhaps"}, "is_old is 'perhaps', neither true nor false."),
        ({"leaf": "x"}, "leaf is 'x', not an object."),
        ({"leaf": {"name": {}}}, "leaf.name is an object, not a text."),
        ({"leaves": "x"}, "leaves is 'x', not a list."),
        ({"leaves": {"a": 1}}, "leaves is an object, not a list."),
        ({"leaves": [None, 7, {}]}, "2 of 3 entries of leaves cannot be read."),
        ({"leaves": [{"is_new": []}]}, "leaves[0].is_new is a list, neither true nor false."),
        ({"anything": 5}, "anything is 5, not a list."),
        ({"name": {"a": 1}}, "name is an object, not a text."),
    ],
)
def test_what_does_not_fit_is_left_out_and_named(told: dict[str, object], doubt: str):
    tree, doubts = fitted(**told, id=3)
    assert doubt in doubts
    assert tree.id == 3


def test_a_long_value_is_shortened_in_its_doubt():
    _, doubts = fitted(leaf="x" * 5_000)
    assert len(doubts[0]) < 80
