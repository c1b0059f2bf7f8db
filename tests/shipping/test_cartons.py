"""Cartons: what goes in lies right, nothing shares a box that must not, and the cheapest is taken."""

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.shipping.rules.cartons import Box, Goods, Plan, Terms, Wanted, cartonize, charge
from quartermaster.shipping.rules.tables import Band, Dimensional
from quartermaster.warehouse.rules.packaging import FIRST, Carton, Packaging, check

DIVISOR = Dimensional(divisor=5000, from_on=date(2020, 1, 1))
BY_KILO = Terms("Post", minor_per_kg=100, dimensional=DIVISOR)


def a_carton(code: str, side: int, *, cost: int = 10, **different: Any) -> Carton:
    inner = (side, side, side)
    outer = (side + 10, side + 10, side + 10)
    return Carton(code, code, inner, outer, 100, different.pop("weight_max_g", 20_000), cost, **different)


def plan(*goods: Goods, cartons: tuple[Carton, ...] = FIRST.cartons, **different: Any) -> Plan:
    terms = different.pop("terms", (BY_KILO,))
    packaging = Packaging(1, "EUR", cartons, **different)
    return cartonize(Wanted(1, goods, packaging, terms))


def contents(made: Plan) -> list[tuple[str, dict[str, int]]]:
    return [(box.carton, dict(box.contents)) for box in made.boxes]


def wrong_with(box: Box, carton: Carton, goods: dict[str, Goods]) -> list[str]:
    """A check of its own: it shares no line with the one the rule asks."""
    wrong = []
    for one in box.lying:
        ends = [at + side for at, side in zip(one.at_mm, one.size_mm, strict=True)]
        if min(one.at_mm) < 0 or any(end > side for end, side in zip(ends, carton.inner_mm, strict=True)):
            wrong.append(f"{one.sku} sticks out")
        size = goods[one.sku].size_mm or ()
        if one.units == 1 and sorted(one.size_mm) != sorted(size):
            wrong.append(f"{one.sku} has another size")
        if goods[one.sku].is_upright and one.units == 1 and one.size_mm[2] != size[2]:
            wrong.append(f"{one.sku} lies on its side")
    for one, other in combinations(box.lying, 2):
        shared = [
            max(a, b) < min(a + wide, b + broad)
            for a, b, wide, broad in zip(one.at_mm, other.at_mm, one.size_mm, other.size_mm, strict=True)
        ]
        if all(shared):
            wrong.append(f"{one.sku} is in {other.sku}")
        lower = min(one, other, key=lambda each: each.at_mm[2])
        if shared[0] and shared[1] and goods[lower.sku].is_fragile:
            wrong.append(f"something lies on {lower.sku}")
    kinds = {goods[sku].kind for sku, _ in box.contents}
    if any(set(pair) <= kinds for pair in FIRST.apart):
        wrong.append(f"{kinds} in one box")
    if sum(count * (goods[sku].weight_g or 0) for sku, count in box.contents) > carton.weight_max_g:
        wrong.append("too heavy")
    return wrong


@st.composite
def baskets(draw: st.DrawFn) -> list[Goods]:
    side = st.integers(20, 450)
    return [
        Goods(
            sku=f"S{n}",
            units=draw(st.integers(1, 5)),
            weight_g=draw(st.integers(1, 4000)),
            size_mm=(draw(side), draw(side), draw(side)),
            kind=draw(st.sampled_from(("plain", "plain", "liquid", "food", "hazmat"))),
            is_upright=draw(st.booleans()),
            is_fragile=draw(st.booleans()),
            is_alone=draw(st.integers(0, 5)) == 0,
            is_soft=draw(st.integers(0, 5)) == 0,
        )
        for n in range(draw(st.integers(1, 4)))
    ]


@given(baskets())
@settings(max_examples=40, deadline=None)
def test_every_unit_is_in_one_box_and_lies_there_as_it_may(basket: list[Goods]) -> None:
    made = plan(*basket)
    goods = {one.sku: one for one in basket}
    packed: Counter[str] = Counter()
    for box in made.boxes:
        packed.update(dict(box.contents))
        there = Counter(dict(box.loose))
        for one in box.lying:
            there[one.sku] += one.units
        if box.carton:
            carton = FIRST.carton(box.carton)
            assert carton
            assert there == Counter(dict(box.contents))
            assert wrong_with(box, carton, goods) == []
    assert packed == Counter({one.sku: one.units for one in basket})
    assert made == plan(*basket)


def test_a_flat_thing_takes_the_mailer_and_not_the_smallest_box():
    assert contents(plan(Goods("BOOK", 1, 400, (200, 140, 20)))) == [("MAIL-S", {"BOOK": 1})]


def test_volume_that_is_charged_makes_a_dearer_carton_the_cheaper_one():
    snug, roomy = a_carton("SNUG", 200, cost=90), a_carton("ROOMY", 400, cost=10)
    made = plan(Goods("CUBE", 1, 500, (190, 190, 190)), cartons=(roomy, snug))
    assert contents(made) == [("SNUG", {"CUBE": 1})]
    assert made.boxes[0].billable_g == 1853  # 21 cm to the third, by 5000, rounded up


def test_a_band_that_ends_between_makes_two_parcels_cheaper_than_one():
    bands = (Band(1000, 300), Band(20_000, 2000))
    made = plan(Goods("BRICK", 2, 700, (90, 90, 90)), terms=(Terms("Post", bands),))
    assert [units for _, units in contents(made)] == [{"BRICK": 1}, {"BRICK": 1}]
    assert made.cost_minor < 2000


def test_what_is_too_heavy_for_one_carton_goes_into_several():
    made = plan(Goods("WEIGHT", 5, 5000, (50, 50, 50)), cartons=(a_carton("A", 300, weight_max_g=10_000),))
    assert sorted(units["WEIGHT"] for _, units in contents(made)) == [1, 2, 2]


def test_liquids_food_and_hazardous_goods_do_not_share_a_box():
    goods = [
        Goods(kind.upper(), 1, 300, (60, 60, 60), kind) for kind in ("plain", "food", "liquid", "hazmat")
    ]
    made = plan(*goods)
    assert [units for _, units in contents(made)] == [{"HAZMAT": 1}, {"LIQUID": 1}, {"FOOD": 1, "PLAIN": 1}]
    assert "HAZMAT (hazmat) lies apart from the rest" in made.because


def test_what_ships_alone_does():
    made = plan(Goods("TV", 2, 900, (100, 80, 40), is_alone=True), Goods("MUG", 1, 300, (90, 90, 90)))
    assert [units for _, units in contents(made)] == [{"MUG": 1}, {"TV": 1}, {"TV": 1}]


def test_nothing_lies_on_glass():
    room = (a_carton("A", 100),)
    glass, plate = (
        Goods("GLASS", 1, 90, (100, 100, 50), is_fragile=True, is_upright=True),
        Goods("PLATE", 1, 90, (100, 100, 50), is_upright=True),
    )
    made = plan(glass, plate, cartons=room)
    assert [units for _, units in contents(made)] == [{"GLASS": 1, "PLATE": 1}]
    assert [one.sku for one in made.boxes[0].lying] == ["PLATE", "GLASS"]
    two = Goods("GLASS", 2, 90, (100, 100, 50), is_fragile=True, is_upright=True)
    assert len(plan(two, cartons=room).boxes) == 2


def test_an_upright_bottle_stands():
    made = plan(Goods("WINE", 1, 1200, (80, 80, 300), is_upright=True))
    assert made.boxes[0].lying[0].size_mm == (80, 80, 300)


def test_soft_goods_fill_the_room_that_is_left():
    made = plan(Goods("VASE", 1, 500, (90, 90, 50)), Goods("SHIRT", 1, 200, (300, 250, 4), is_soft=True))
    assert made.boxes[0].loose == (("SHIRT", 1),)
    assert len(made.boxes) == 1


def test_bowls_go_into_each_other():
    apart = plan(Goods("BOWL", 4, 300, (150, 150, 80)))
    nested = plan(Goods("BOWL", 4, 300, (150, 150, 80), nest_mm=10))
    assert nested.cost_minor < apart.cost_minor
    assert nested.boxes[0].lying[0].units == 4


def test_what_nobody_measured_is_named_and_guessed():
    made = plan(Goods("MUG", 1, 500, None), Goods("CAP", 1, None, (100, 100, 100)), Goods("X", 1))
    assert made.is_guess
    assert "MUG: its size is not known; taken as 2 l, by its weight" in made.because
    assert "CAP: its weight is not known; taken as 250 g, by its volume" in made.because
    assert any(why.startswith("X: its size") for why in made.because)
    assert not plan(Goods("MUG", 1, 500, (90, 90, 90))).is_guess


def test_what_no_carton_holds_goes_in_its_own_packaging():
    made = plan(Goods("SKI", 1, 3000, (1900, 100, 60)), Goods("WAX", 1, 100, (60, 60, 30)))
    assert {"SKI": 1} in [units for code, units in contents(made) if not code]
    assert "SKI: 1 unit in its own packaging: no carton holds it" in made.because


def test_no_service_takes_it_is_said():
    made = plan(Goods("SAFE", 1, 9000, (90, 90, 90)), terms=(Terms("Post", (Band(1000, 300),)),))
    assert any("no service of the rate tables takes it so" in why for why in made.because)


def test_the_cheapest_service_by_its_own_rule_is_charged():
    dear = Terms("Dear", (Band(9000, 900),))
    cheap = Terms("Cheap", (Band(1000, 100), Band(9000, 950)), dimensional=DIVISOR)
    assert charge((100, 100, 100), 800, (dear, cheap)) == (100, 800, "Cheap")
    assert charge((300, 300, 300), 800, (dear, cheap)) == (900, 800, "Dear")
    assert charge((300, 300, 300), 9001, (dear, cheap)) is None


def test_what_is_wrong_with_packaging_is_said():
    odd = a_carton("A", 100, void_bp=10_000)
    inside_out = Carton("B", "B", (90, 90, 90), (80, 90, 90), 1, 1, 1)
    wrong = check(Packaging(1, "eur", (odd, odd, inside_out), apart=(("glue", "food"),)))
    for part in ("two cartons are called A", "void_bp", "its inside is larger", "glue", "currency"):
        assert any(part in each for each in wrong), part
    assert check(FIRST) == []
