"""What counts as wrong with a product: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.catalog.rules.barcodes import check_digit, doubt_about
from quartermaster.quality.rules.barcodes import right_form
from quartermaster.quality.rules.causes import CAUSES
from quartermaster.quality.rules.goods import Good, KitPart, Other, Twin
from quartermaster.quality.rules.lint import complete, lacking, lint


def a_good(**different: object) -> Good:
    """A lamp with which nothing is wrong."""
    ordinary: dict[str, object] = {
        "id": 1,
        "code": "LAMP",
        "title": "Brass lamp",
        "weight_g": 1200,
        "length_mm": 300,
        "width_mm": 200,
        "height_mm": 150,
        "cost_minor": 900,
        "hs_code": "9405.11",
        "origin_country": "DE",
        "barcodes": {"4006381333931": 1},
    }
    return Good(**{**ordinary, **different})  # type: ignore[arg-type]


def causes(good: Good) -> list[str]:
    return [found.cause for found in lint(good)]


def test_nothing_is_wrong_with_a_complete_product():
    assert causes(a_good()) == []


@pytest.mark.parametrize(
    ("different", "cause"),
    [
        ({"weight_g": None}, "no-weight"),
        ({"weight_g": 0}, "no-weight"),
        ({"width_mm": None}, "no-size"),
        ({"title": " "}, "no-title"),
        ({"title": "Brass  lamp"}, "title-form"),
        ({"title_fits": False}, "title-rule"),
        ({"code_fits": False}, "code-rule"),
        ({"hs_code": ""}, "no-hs-code"),
        ({"origin_country": ""}, "no-origin"),
        ({"cost_minor": None}, "no-cost"),
        ({"barcodes": {}}, "no-barcode"),
        ({"barcodes": {"4006381333932": 1}}, "barcode-digit"),
        ({"barcodes": {"4.00638E+12": 1}}, "barcode-lost"),
        ({"twins": (Twin("4006381333931", "04006381333931", "BULB", 2),)}, "barcode-twice"),
        ({"same": (Other("LAMP-2", 2),)}, "same-variant"),
        ({"sold_at": ("east",)}, "not-listed"),
        ({"units": {"case": 12}, "barcodes": {"4006381333931": 10}}, "pack-off"),
        ({"is_kit": True}, "kit-broken"),
        ({"is_kit": True, "parts": (KitPart("BULB", False, 100, 2),)}, "kit-broken"),
        ({"weight_g": 12, "usual_weight_g": 11_800, "variants": 5}, "weight-off"),
        ({"weight_g": 200_000_001}, "weight-off"),
    ],
)
def test_what_is_wrong_is_named(different: dict[str, object], cause: str):
    found = lint(a_good(**different))
    assert [one.cause for one in found] == [cause]
    assert all(one.says for one in found)
    assert cause in CAUSES
    assert lint(a_good(**different), off=[cause]) == ()


def test_what_is_not_sold_any_more_is_left_alone():
    assert lint(a_good(is_active=False, weight_g=None, barcodes={})) == ()


def test_a_kit_is_not_weighed_nor_declared_for_its_parts_are():
    parts = (KitPart("BULB", True, None, 2),)
    bare = {"weight_g": None, "length_mm": None, "hs_code": "", "origin_country": "", "cost_minor": None}
    assert causes(a_good(is_kit=True, parts=parts, barcodes={}, **bare)) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("71234567890", "071234567890"),  # a UPC that lost its zero; only when the check digit proves it
        ("4006381-333931", "4006381333931"),
        ("0-306-40615-2", "9780306406157"),
        ("4006381333931", None),
        ("4006381333930", None),
        ("LAMP-1", None),
        ("12345678901", None),
    ],
)
def test_only_forms_that_the_check_digit_proves_are_put_right(wrong: str, right: str | None):
    if wrong == "71234567890":
        wrong = "7123456789" + str(check_digit("7123456789"))
        right = "0" + wrong
    told = right_form(wrong)
    assert (told[0] if told else None) == right
    if right:
        (found,) = lint(a_good(barcodes={wrong: 1}))
        assert found.fix is not None
        assert (found.fix.column, found.fix.before, found.fix.after) == ("barcodes", wrong, right)
        assert found.fix.because


@given(st.text(alphabet="0123456789X -", min_size=5, max_size=16))
def test_a_form_put_right_is_right_and_is_not_put_right_again(code: str):
    told = right_form(code)
    if told:
        assert doubt_about(told[0]) == ""
        assert right_form(told[0]) is None


def test_kilograms_written_as_grams_are_recognised_by_the_size():
    (found,) = lint(a_good(weight_g=2))
    assert found.cause == "weight-off"
    assert found.fix is not None
    assert (found.fix.before, found.fix.after) == ("2", "2000")
    assert "g/cm³" in found.says


def test_grams_taken_for_kilograms_are_too_heavy_to_carry():
    (found,) = lint(a_good(weight_g=1_200_000))
    assert found.fix is not None
    assert (found.cause, found.fix.after) == ("weight-off", "1200")


def test_centimetres_written_as_millimetres_are_recognised_by_the_weight():
    (found,) = lint(a_good(length_mm=30, width_mm=20, height_mm=15, weight_g=1200))
    assert causes(a_good(length_mm=30, width_mm=20, height_mm=15, weight_g=150)) == []
    assert found.cause == "size-off"
    assert found.fix is not None
    assert (found.fix.column, found.fix.before, found.fix.after) == ("sides", "30|20|15", "300|200|150")


def test_a_unit_that_everybody_knows_has_its_factor():
    (found,) = lint(a_good(base_unit="g", weight_g=1, units={"kg": 100, "sack": 25_000}))
    assert found.cause == "unit-off"
    assert found.fix is not None
    assert (found.fix.before, found.fix.after) == ("kg:100|sack:25000", "kg:1000|sack:25000")
    (heavy,) = lint(a_good(base_unit="kg", weight_g=1))
    assert heavy.fix is not None
    assert (heavy.fix.column, heavy.fix.after) == ("weight_g", "1000")


def test_a_shop_says_what_it_lacks():
    good = a_good(barcodes={}, listed=("amazon", "woo"))
    asked = {"amazon": ("title", "barcode", "weight_g", "sides"), "woo": ("title",)}
    assert complete(good, asked) == {
        "amazon": {"percent": 75, "lacks": ["barcode"]},
        "woo": {"percent": 100, "lacks": []},
    }
    assert lacking(a_good(is_kit=True, weight_g=None), ("weight_g",)) == ()


MEASURE = st.none() | st.integers(0, 10**7)
CODE = st.text("0123456789X- ", min_size=1, max_size=14)
UNIT = st.sampled_from(["kg", "cm", "case", "dozen"])


@given(
    st.builds(
        Good,
        id=st.just(1),
        code=st.text(max_size=8),
        title=st.text(max_size=12),
        is_kit=st.booleans(),
        is_active=st.just(True),
        base_unit=st.sampled_from(["each", "g", "kg", "mm", "box"]),
        weight_g=MEASURE,
        length_mm=MEASURE,
        width_mm=MEASURE,
        height_mm=MEASURE,
        barcodes=st.dictionaries(
            st.text("0123456789X- ", min_size=1, max_size=14), st.integers(1, 20), max_size=3
        ),
        units=st.dictionaries(
            st.sampled_from(["kg", "cm", "case", "dozen"]), st.integers(1, 2000), max_size=3
        ),
        usual_weight_g=MEASURE,
        variants=st.integers(0, 5),
    )
)
def test_each_finding_is_known_said_once_and_its_fix_changes_something(good: Good):
    found = lint(good)
    assert len({(one.cause, one.about) for one in found}) == len(found)
    for one in found:
        assert CAUSES[one.cause]
        assert one.says
        assert one.fix is None or (one.fix.before != one.fix.after and one.fix.because)
