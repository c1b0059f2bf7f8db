"""A life cycle is a table: what is not in it cannot happen. And quantities convert exactly or not at all."""

from enum import StrEnum

import pytest

from quartermaster.core.quantities import NotWhole, Quantity, UnknownUnit
from quartermaster.core.steps import Steps, WrongStep


class S(StrEnum):
    OFF = "off"
    ON = "on"


class E(StrEnum):
    PRESS = "press"
    BREAK = "break"


LAMP = Steps({(S.OFF, E.PRESS): S.ON, (S.ON, E.PRESS): S.OFF})
UNITS = {"each": 1, "inner": 4, "case": 12}


def test_the_table_says_what_comes_next() -> None:
    assert LAMP.after(S.OFF, E.PRESS) is S.ON
    assert LAMP.possible(S.ON) == [E.PRESS]
    assert LAMP.sources(E.PRESS) == [S.OFF, S.ON]


def test_what_is_not_in_the_table_is_refused_and_says_what_is() -> None:
    with pytest.raises(WrongStep) as refused:
        LAMP.after(S.ON, E.BREAK)
    assert refused.value.title == "break is not possible while on."
    assert "press" in refused.value.remedy


def test_a_quantity_converts_without_remainder() -> None:
    assert Quantity(3, "case").to("inner", UNITS) == Quantity(9, "inner")
    assert Quantity(24).to("case", UNITS) == Quantity(2, "case")


def test_a_quantity_that_leaves_a_rest_is_refused() -> None:
    with pytest.raises(NotWhole):
        Quantity(13).to("case", UNITS)
    with pytest.raises(UnknownUnit):
        Quantity(1, "pallet").to("each", UNITS)
