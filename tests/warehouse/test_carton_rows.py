"""Cartons as a table, and back."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.csvs import unguarded
from quartermaster.warehouse.queries.packaging import table_of
from quartermaster.warehouse.rules.carton_rows import carton_of, merged, read_rows, row_of
from quartermaster.warehouse.rules.packaging import FIRST, Carton

SIDE = st.integers(10, 900)


@st.composite
def cartons(draw: st.DrawFn) -> Carton:
    inner = draw(st.tuples(SIDE, SIDE, SIDE))
    outer = (inner[0] + 5, inner[1] + 5, inner[2] + 9)
    sites = draw(st.lists(st.sampled_from(["BER", "MUC"]), unique=True))
    number = st.integers(0, 9999)
    return Carton(
        draw(st.sampled_from(["A", "B-1"])), "A box", inner, outer, draw(number), 1 + draw(number),
        draw(number), void_bp=draw(number), sites=tuple(sites), is_on=draw(st.booleans()),
    )  # fmt: skip


@given(cartons())
def test_a_carton_comes_back_as_it_went(carton: Carton):
    assert carton_of(row_of(carton)) == (carton, "")


def test_the_file_we_give_is_the_file_we_take():
    text = table_of(FIRST.cartons)
    assert read_rows(text) == (list(FIRST.cartons), {})
    assert read_rows(text.replace(",", ";")) == (list(FIRST.cartons), {})
    assert unguarded(text) == text


def test_each_row_is_told_what_is_wrong_with_it():
    header, good, *_ = table_of(FIRST.cartons).splitlines()
    rows = [
        header,
        good,
        good,
        good.replace("MAIL-S", "X").replace("240", "many"),
        good.replace("MAIL-S", ""),
    ]
    found, errors = read_rows("\n".join(rows))
    assert [carton.code for carton in found] == ["MAIL-S"]
    assert errors == {
        "row 3": "MAIL-S stands above already",
        "row 4": "inner_length_mm is a whole number",
        "row 5": "it has a code and a title",
    }
    assert read_rows("code,title\nA,B")[1]["file"].startswith("no column inner_length_mm")
    assert read_rows("")[1] == {"file": "it has no rows"}


def test_given_cartons_take_the_place_of_their_namesakes():
    first, second = FIRST.cartons[:2]
    other = Carton("MAIL-S", "New", (1, 1, 1), (2, 2, 2), 1, 1, 1)
    new = Carton("NEW", "New", (1, 1, 1), (2, 2, 2), 1, 1, 1)
    assert merged([first, second], [new, other]) == (other, second, new)
