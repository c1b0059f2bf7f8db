"""Texts from outside, read as numbers and looked for as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core import sql
from quartermaster.core.texts import literal, whole


@given(st.text(max_size=30))
def test_what_is_read_as_a_number_is_one_and_fits(text: str):
    found = whole(text)
    assert found is None or (str(found).zfill(len(text)) == text and found < 2**63)


@given(st.integers(0, 10**18 - 1))
def test_every_number_of_eighteen_digits_is_read(number: int):
    assert whole(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1 ", "1.0", "٣", "²", "1" * 19, "1e3", "1_000"])
def test_anything_else_is_no_number(text: str):
    assert whole(text) is None


def test_more_digits_than_are_wanted_are_no_number():
    assert (whole("999", 3), whole("1000", 3)) == (999, None)


@pytest.mark.django_db
@given(st.text("ab%_\\", max_size=6), st.text("ab%_\\", max_size=6))
def test_a_text_is_found_as_it_is_and_nothing_else_by_it(asked: str, there: str):
    ((found,),) = sql.run("select %s like %s", (there, literal(asked)))
    assert found == (asked == there)
