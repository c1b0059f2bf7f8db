"""What a listing is to cost, and what holds a price back."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.channels.rules.prices import Guard, Known, PriceRule, floor_of, moved_far, priced, stops
from quartermaster.channels.rules.prices.rows import PriceRow, moved, pasted, problem
from quartermaster.channels.rules.prices.wanted import rounded

MINOR = st.integers(1, 10_000_000)
GUARDS = st.builds(
    Guard,
    fee_bp=st.integers(0, 4000),
    fee_minor=st.integers(0, 500),
    tax_bp=st.integers(0, 3000),
    margin_bp=st.integers(0, 5000),
    change_percent=st.none() | st.integers(1, 100),
    stops_without_cost=st.booleans(),
)


def kinds(price: int, guard: Guard, known: Known, currency: str = "EUR", is_sale: bool = False) -> list[str]:
    return [stop.kind for stop in stops(price, currency, guard, known, is_sale=is_sale)]


def test_a_price_is_explained_line_by_line():
    said = priced("Retail", "EUR", 1000, PriceRule(11_550, 30, 100, 99))
    assert [(line.what, line.leaves_minor) for line in said.lines] == [
        ("Price of Retail", 1000),
        ("Times 1.155", 1155),
        ("Plus EUR 0.30", 1185),
        ("Rounded to the nearest of 0.99, 1.99, and so on", 1199),
    ]
    assert said.price_minor == 1199


def test_a_sale_takes_the_place_of_the_list_s_price_and_a_price_of_its_own_that_of_everything():
    rule = PriceRule(20_000)
    sale = priced("Retail", "EUR", 1000, rule, sale_minor=700)
    assert (sale.price_minor, sale.is_sale) == (1400, True)
    own = priced("Retail", "EUR", 1000, rule, sale_minor=700, own_minor=990)
    assert (own.price_minor, own.is_sale, len(own.lines)) == (990, False, 1)


@given(MINOR, st.integers(1, 1000), st.integers(0, 999))
def test_a_rounded_price_ends_as_it_should_and_is_the_nearest_that_does(price: int, step: int, ending: int):
    ending %= step
    found = rounded(price, step, ending)
    assert found > 0
    assert (found - ending) % step == 0
    assert abs(found - price) * 2 <= step or found == (ending or step)
    assert rounded(found, step, ending) == found


@given(MINOR, st.integers(1, 100_000), st.integers(-500, 500), st.integers(1, 200))
def test_the_arithmetic_ends_in_the_price_and_a_dearer_list_is_never_cheaper(
    price: int, factor: int, amount: int, step: int
):
    rule = PriceRule(factor, amount, step, step - 1)
    said = priced("Retail", "EUR", price, rule)
    assert said.lines[-1].leaves_minor == said.price_minor
    assert priced("Retail", "EUR", price + 1, rule).price_minor >= said.price_minor


@given(st.integers(0, 1_000_000), GUARDS)
def test_the_floor_is_the_lowest_price_of_which_everything_is_paid(cost: int, guard: Guard):
    floor = floor_of(cost, guard)

    def is_paid(price: int) -> bool:
        net = Fraction(price * 10_000, 10_000 + guard.tax_bp)
        left = net - Fraction(price * guard.fee_bp, 10_000) - guard.fee_minor - cost
        return left >= net * Fraction(guard.margin_bp, 10_000)

    if floor is None:
        assert not is_paid(10**9) or cost + guard.fee_minor == 0
    else:
        assert is_paid(floor)
        assert floor == 0 or not is_paid(floor - 1)


@given(MINOR, st.integers(0, 1_000_000), GUARDS)
def test_nothing_below_its_floor_goes_out_and_more_is_never_held_for_its_cost(
    price: int, cost: int, guard: Guard
):
    known = Known(cost, "EUR", "EUR")
    floor = floor_of(cost, guard)
    assert ("floor" in kinds(price, guard, known)) == (floor is None or price < floor)
    if "floor" not in kinds(price, guard, known):
        assert "floor" not in kinds(price + 1, guard, known)


@given(MINOR, MINOR, st.none() | MINOR, st.integers(1, 100))
def test_a_price_moves_no_further_than_allowed_from_what_it_costs_and_from_what_it_cost(
    price: int, regular: int, past: int | None, percent: int
):
    known = Known(regular_minor=regular, past_minor=past)
    is_far = any(moved_far(was, price, percent) for was in (regular, past) if was is not None)
    assert ("change" in kinds(price, Guard(change_percent=percent), known)) == is_far
    assert kinds(price, Guard(change_percent=percent), known, is_sale=True) == []
    assert kinds(price, Guard(change_percent=None), known) == []
    assert kinds(regular, Guard(change_percent=percent), Known(regular_minor=regular)) == []


@given(st.integers(-1000, 0), GUARDS)
def test_nothing_is_no_price_whatever_the_guard(price: int, guard: Guard):
    assert kinds(price, guard, Known()) == ["nothing"]


def test_another_currency_stops_before_anything_is_compared():
    (stop,) = stops(1000, "EUR", Guard(), Known(100, "EUR", "PLN", regular_minor=1), is_sale=False)
    assert (stop.kind, stop.because) == ("currency", "The shop sells in PLN, the price list is in EUR.")


def test_a_cost_that_is_not_known_stops_only_where_that_is_wished():
    for known in (Known(), Known(500, "USD")):
        assert kinds(1000, Guard(), known) == []
        assert kinds(1000, Guard(stops_without_cost=True), known) == ["cost"]
    (stop,) = stops(1000, "EUR", Guard(stops_without_cost=True), Known(500, "USD"), is_sale=False)
    assert stop.because.startswith("The cost of the SKU stands in USD, not in EUR")


def test_a_price_that_is_held_back_says_what_it_would_have_to_cover():
    guard = Guard(fee_bp=1500, fee_minor=30, tax_bp=1900, margin_bp=1000)
    (stop,) = stops(870, "EUR", guard, Known(500, "EUR"), is_sale=False)
    assert stop.because == (
        "EUR 8.70 is less than EUR 8.75, which covers the cost of EUR 5.00, a fee of 15 % and EUR 0.30, "
        "tax of 19 %, a margin of 10 %."
    )
    assert kinds(1000, Guard(), Known(least_minor=1100)) == ["least"]
    assert kinds(1000, Guard(), Known(most_minor=900)) == ["most"]


def test_lines_from_a_spreadsheet_are_read_row_by_row():
    found = pasted("SKU;Price;compare at\nLAMP;19,90;24.90\nBULB;x;\n;5;\nVASE;-1;\nROPE;1.005;\n", "EUR")
    assert found.rows == (PriceRow("LAMP", 1990, 2490),)
    assert [line for line, _ in found.problems] == [3, 4, 5, 6]
    assert pasted("LAMP\t19.90\nBULB\t5", "EUR").rows == (PriceRow("LAMP", 1990), PriceRow("BULB", 500))
    assert pasted("sku,colour\nLAMP,red", "EUR").problems == (
        (1, "no column is called colour"),
        (2, "no price"),
    )
    assert pasted("", "EUR").rows == ()


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_rows_or_problems(text: str):
    found = pasted(text, "EUR")
    assert all(problem(row) == "" for row in found.rows)


def test_a_change_that_moves_many_prices_far_is_told_as_one():
    was = dict.fromkeys(map(str, range(1000)), 1000)
    rows = [PriceRow(str(n), 100 if n < 412 else 1010) for n in range(1000)]
    said = moved(was, rows, percent=30, rows_max=10)
    assert said.sentence == "412 of 1,000 prices would change by more than 30 %."
    assert moved(was, rows, percent=30, rows_max=413).sentence == ""
    assert moved({}, rows, percent=30, rows_max=1).sentence == ""
