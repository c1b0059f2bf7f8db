import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.catalog.rules import skus as rules
from quartermaster.catalog.rules.barcodes import check_digit, doubt_about
from quartermaster.catalog.rules.skus import Draft


def wrong(code: str = "LAMP", **given: object) -> set[str]:
    draft = Draft(code=code, **given)  # type: ignore[arg-type]
    return set(rules.errors_in(code, rules.after(rules.NEW, draft)))


def test_a_new_sku_needs_nothing_but_a_code():
    assert wrong() == set()


@pytest.mark.parametrize(
    "code", ["", " LAMP", "LAMP ", "LA\nMP", "LA\x00MP", "LAMP\u200b", "\ud800", "9" * 256]
)
def test_a_code_that_cannot_be_told_from_another_is_refused(code: str):
    assert wrong(code) == {"sku"}


def test_every_field_that_is_wrong_is_named():
    assert wrong(
        weight_g=-1,
        length_mm=10**9,
        cost_minor=10**16,
        backorder_cap=-5,
        title="a\x00b",
        currency="EURO",
        hs_code="lamp",
        origin_country="Germany",
        policy="maybe",
        base_unit="",
        barcodes={"a\nb": 1},
        options={"colour": "br\x00ss"},
    ) == {
        "weight_g",
        "length_mm",
        "cost_minor",
        "backorder_cap",
        "title",
        "currency",
        "hs_code",
        "origin_country",
        "policy",
        "base_unit",
        "barcode",
        "options",
    }


def test_a_cost_needs_a_currency_and_may_use_the_one_that_is_known():
    assert wrong(cost_minor=100) == {"currency"}
    known = {**rules.NEW, "currency": "EUR"}
    assert rules.errors_in("LAMP", rules.after(known, Draft(code="LAMP", cost_minor=100))) == {}


def test_a_unit_is_not_named_like_the_base_unit_and_holds_something():
    assert wrong(units={"case": 12}) == set()
    assert wrong(units={"each": 12}) == wrong(units={"case": 0}) == {"units"}


def test_barcodes_are_added_and_units_are_replaced():
    known = {**rules.NEW, "barcodes": {"A": 1}, "units": {"case": 12}}
    wanted = rules.after(known, Draft(code="LAMP", barcodes={"B": 6}, units={"box": 6}))
    assert (wanted["barcodes"], wanted["units"]) == ({"A": 1, "B": 6}, {"box": 6})


def test_what_is_not_given_stays_and_only_what_differs_is_a_change():
    known = {**rules.NEW, "title": "Lamp", "weight_g": 5}
    wanted = rules.after(known, Draft(code="LAMP", title="Lamp", weight_g=None))
    assert rules.changed(known, wanted) == {"weight_g": (5, None)}


@pytest.mark.parametrize(("digits", "last"), [("400638133393", 1), ("9638507", 4), ("03600029145", 2)])
def test_the_check_digit_is_that_of_printed_codes(digits: str, last: int):
    assert check_digit(digits) == last
    assert doubt_about(f"{digits}{last}") == ""


@given(st.text("0123456789", min_size=7, max_size=7), st.integers(0, 7), st.integers(1, 9))
def test_one_mistyped_digit_is_always_doubted(digits: str, place: int, off: int):
    code = digits + str(check_digit(digits))
    mistyped = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]
    assert "check digit" in doubt_about(mistyped)


@given(st.text())
def test_any_other_text_is_a_fine_barcode(text: str):
    assert doubt_about(text + "x") == ""
