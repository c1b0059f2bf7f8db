"""G10: what our own people change about an order's money, to the cent and whatever the sequence."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.orders.ports import LineSold
from quartermaster.orders.rules.difference import (
    Before,
    LineTold,
    OrderTold,
    Ours,
    difference,
    line_difference,
    position,
    still_ours,
)
from quartermaster.orders.rules.units import Units, put_on, take_off, told

NOTHING = Before()
few = st.integers(0, 9)
cents = st.integers(0, 5000)


def a_line(sold: int, unit: int = 1000, discount: int = 0, tax: int = 0, off: int = 0) -> LineTold:
    line = LineSold("1", "LAMP", "", sold, unit, unit * sold, discount, tax, off)
    return LineTold(unit, unit * sold, discount, tax, told(Units(), line))


def an_order(*lines: LineTold, included: bool = True, shipping: int = 490, fees: int = 0) -> OrderTold:
    items, off = sum(x.gross_minor for x in lines), sum(x.discount_minor for x in lines)
    tax = sum(x.tax_minor for x in lines) + shipping * 19 // 119
    total = items - off + shipping + fees + (0 if included else tax)
    return OrderTold(items, off, shipping, tax, fees, total, total, 0, included)


def less(line: LineTold, quantity: int) -> LineTold:
    return replace(line, units=take_off(line.units, min(quantity, line.units.wanted)))


def more(line: LineTold, quantity: int) -> LineTold:
    return replace(line, units=put_on(line.units, quantity))


@st.composite
def lines(draw: st.DrawFn) -> LineTold:
    sold, unit = draw(st.integers(1, 9)), draw(cents)
    discount = draw(st.integers(0, unit * sold))
    return a_line(sold, unit, discount, draw(st.integers(0, unit * sold - discount)), draw(st.integers(0, 2)))


@given(st.lists(lines(), min_size=1, max_size=4), st.booleans(), cents, cents)
def test_what_is_taken_off_whole_comes_back_whole(
    sold: list[LineTold], included: bool, shipping: int, fees: int
) -> None:
    """Every line, shipping and fees: what is left of the total is what the channel itself took off."""
    whole = [replace(x, units=replace(x.units, cancelled_there=0, wanted=x.units.sold)) for x in sold]
    order = an_order(*whole, included=included, shipping=shipping, fees=fees)
    gone, _ = difference(order, [less(x, x.units.wanted) for x in whole])
    assert order.total_minor + gone.total_minor == 0
    assert (order.tax_minor + gone.tax_minor, order.discount_minor + gone.discount_minor) == (0, 0)


@given(
    st.lists(st.tuples(lines(), few, few, st.none() | cents, cents), min_size=1, max_size=4),
    st.booleans(),
    st.none() | cents,
)
def test_the_parts_of_a_difference_add_up(
    edits: list[tuple[LineTold, int, int, int | None, int]], included: bool, shipping: int | None
) -> None:
    changed = [
        replace(
            more(less(line, off), on),
            ours=Ours(price_minor=price, price_told_minor=line.unit_price_minor, discount_minor=discount),
        )
        for line, off, on, price, discount in edits
    ]
    order = replace(an_order(*[e[0] for e in edits], included=included), shipping_here_minor=shipping)
    whole, each = difference(order, changed)
    net = whole.items_minor - whole.discount_minor + whole.shipping_minor + whole.fees_minor
    assert whole.total_minor == net + (0 if included else whole.tax_minor)
    assert whole.items_minor == sum(part.items_minor for part in each)
    assert whole.discount_minor == sum(part.discount_minor for part in each)


@given(lines(), st.lists(few, min_size=3, max_size=3))
def test_three_partial_takings_off_come_to_the_same_in_any_sequence(line: LineTold, parts: list[int]) -> None:
    """G10: a tenth off the cart, mixed tax, three parts back one after another."""
    ends = set()
    for sequence in itertools.permutations(parts):
        rest = line
        for part in sequence:
            rest = less(rest, part)
        ends.add(line_difference(rest, is_tax_included=True))
    assert len(ends) == 1


@given(lines(), few, st.booleans())
def test_to_and_fro_is_nothing(line: LineTold, units: int, included: bool) -> None:
    assert line_difference(less(more(line, units), units), is_tax_included=included).total_minor == 0
    there = less(line, units)
    gone = line.units.wanted - there.units.wanted
    assert line_difference(more(there, gone), is_tax_included=included).total_minor == 0


@given(lines(), st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_what_the_channel_takes_off_itself_is_no_difference_of_ours(
    line: LineTold, ours: int, theirs: int, included: bool
) -> None:
    off = less(line, ours)
    mirror = LineSold(
        "1", "", "", line.sold, line.unit_price_minor, 0, 0, 0, off.units.cancelled_here + theirs
    )
    mirrored = replace(off, units=told(off.units, mirror))
    assert line_difference(mirrored, is_tax_included=included).total_minor == 0


@pytest.mark.parametrize(
    ("included", "units", "price", "discount", "total", "tax"),
    [
        (True, 3, None, 0, 1000, 160),  # one unit more at 19 % within the price, as sold 320 of 2000
        (False, 3, None, 0, 1160, 160),
        (True, 2, 900, 0, -200, -32),
        (True, 2, None, 150, -150, -24),
        (True, 1, None, 0, -1000, -160),
        (True, 3, 900, 100, 600, 96),
    ],
)
def test_what_changes_of_a_line_come_to(
    included: bool, units: int, price: int | None, discount: int, total: int, tax: int
) -> None:
    line = a_line(2, 1000, 0, 320)
    changed = more(line, 1) if units > 2 else less(line, 2 - units)
    ours = Ours(price_minor=price, price_told_minor=1000, discount_minor=discount)
    found = line_difference(replace(changed, ours=ours), is_tax_included=included)
    assert (found.total_minor, found.tax_minor) == (total, tax)


def test_our_price_gives_way_to_a_newer_one_of_the_channel() -> None:
    ours = Ours(price_minor=900, price_told_minor=1000)
    assert line_difference(replace(a_line(2), ours=ours), is_tax_included=True).total_minor == -200
    assert line_difference(replace(a_line(2, 900), ours=ours), is_tax_included=True).total_minor == 0
    assert line_difference(replace(a_line(2, 800), ours=ours), is_tax_included=True).total_minor == 0


@given(st.lists(st.integers(1, 5), min_size=1, max_size=3), few, few)
def test_the_channel_takes_over_no_more_than_was_added(added: Sequence[int], then: int, grown: int) -> None:
    left = still_ours([Ours(added=units, told=then) for units in added], then + grown)
    assert sum(left) == max(0, sum(added) - grown)
    assert all(0 <= rest <= units for rest, units in zip(left, added, strict=True))
    assert still_ours([Ours(added=units, told=then) for units in added], max(0, then - grown)) == list(added)


class TestPosition:
    """What is left to collect or to give back."""

    ORDER = OrderTold(5000, 0, 0, 0, 0, 5000, 5000, 0, True)

    def left(self, total: int, before: Before = NOTHING, **told: int) -> tuple[int, int]:
        found = position(replace(self.ORDER, **told), total, before)  # type: ignore[arg-type]
        return found.due_minor, found.owed_minor

    def test_what_was_added_is_due_until_it_is_paid(self) -> None:
        assert self.left(1000) == (1000, 0)
        assert self.left(1000, paid_minor=5400) == (600, 0)
        assert self.left(1000, paid_minor=6000) == (0, 0)

    def test_what_is_let_go_is_not_due(self) -> None:
        assert self.left(1000, Before(waived_minor=1000)) == (0, 0)
        assert self.left(1500, Before(waived_minor=1000)) == (500, 0)

    def test_what_came_off_is_owed_until_it_is_given_back(self) -> None:
        assert self.left(-1000) == (0, 1000)
        assert self.left(-1000, refunded_minor=400) == (0, 600)
        assert self.left(-1000, refunded_minor=1000) == (0, 0)
        assert self.left(-1000, Before(refunded_minor=700), refunded_minor=700) == (0, 1000)

    def test_nothing_is_owed_that_was_never_paid(self) -> None:
        assert self.left(-1000, paid_minor=0) == (0, 0)

    def test_what_never_came_in_is_not_owed(self) -> None:
        assert self.left(-1000, paid_minor=4000, outstanding_minor=1000) == (0, 0)
        assert self.left(-1000, paid_minor=4600, outstanding_minor=400) == (0, 600)
        assert self.left(-1000, paid_minor=4000, outstanding_minor=0) == (0, 1000)
        assert self.left(-1000, outstanding_minor=-300) == (0, 1000)

    def test_what_was_collected_for_a_change_taken_back_is_owed(self) -> None:
        assert self.left(0, paid_minor=6000) == (0, 1000)
        assert self.left(0, Before(overpaid_minor=1000), paid_minor=6000) == (0, 0)

    @given(st.integers(-6000, 6000), st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 2000), cents)
    def test_never_is_both_due_and_owed(
        self, total: int, paid: int, refunded: int, waived: int, over: int
    ) -> None:
        due, owed = self.left(total, Before(over, 0, waived), paid_minor=paid, refunded_minor=refunded)
        assert min(due, owed) == 0
        assert due <= max(0, total)
        assert owed <= max(0, paid - refunded)
