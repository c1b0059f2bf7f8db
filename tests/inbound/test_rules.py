from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.inbound.rules.put_away import ORDINARY, Bin, Chain, Item, Rule, room, suggest
from quartermaster.inbound.rules.receiving import (
    ExpiredOnArrival,
    Line,
    MoreThanExpected,
    Needed,
    Scanned,
    came,
    sampled,
)

TODAY = date(2026, 11, 23)


def a_scan(quantity=1, **different):
    ordinary = Scanned("LAMP", quantity, damaged=0, lot="", serial="", expires_on=None, because="")
    return ordinary._replace(**different)


def come(scan, line=Line(10), *, qc_percent=0, is_blind=False):  # noqa: B008 - a tuple does not change
    return came(scan, line, qc_percent=qc_percent, is_blind=is_blind, today=TODAY)


@pytest.mark.parametrize("what", ["lot", "expiry", "serial"])
def test_a_sku_asks_for_what_it_needs(what):
    with pytest.raises(Needed):
        come(a_scan(needs=frozenset({what})))


def test_damage_wants_a_description_and_a_date_a_lot():
    with pytest.raises(Needed):
        come(a_scan(2, damaged=1))
    with pytest.raises(Needed):
        come(a_scan(expires_on=TODAY))


def test_expired_goods_are_only_taken_as_damaged():
    old = {"lot": "L1", "expires_on": date(2026, 11, 22)}
    with pytest.raises(ExpiredOnArrival):
        come(a_scan(2, **old, damaged=1, because="wet"))
    assert come(a_scan(2, **old, damaged=2, because="expired")).qc == 0


def test_more_than_expected_wants_a_reason_unless_nothing_was_announced():
    with pytest.raises(MoreThanExpected):
        come(a_scan(3), Line(10, 8))
    assert come(a_scan(3, because="counted twice"), Line(10, 8)).awaited == 2
    assert come(a_scan(3), Line(), is_blind=True).awaited == 0


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(0, 100))
def test_the_sample_is_the_share_rounded_up_however_the_units_come(batches, percent):
    seen = looked_at = 0
    for units in batches:
        found = sampled(seen, units, percent)
        assert 0 <= found <= units
        seen, looked_at = seen + units, looked_at + found
    assert looked_at == -(-seen * percent // 100)


def a_bin(place, **different):
    return Bin(place=f"BER/{place}", **different)


def test_the_first_rule_that_has_room_decides_and_says_what_the_others_lacked():
    full = a_bin("A-1", sku="LAMP", units_max=5, units=5)
    told = suggest(Item(sku="LAMP", units=2), [full, a_bin("A-9", near=9), a_bin("A-2", near=2)], ORDINARY)
    assert (told.place, told.units, told.because) == ("BER/A-2", 2, "the nearest empty bin")
    assert told.against == ("its own bin: A-1: it holds 5 of 5 units", "beside its like: no such bin")


def test_what_orders_wait_for_goes_to_staging_and_no_more():
    bins = [a_bin("S-1", kind="staging", near=50), a_bin("A-1")]
    told = suggest(Item(sku="LAMP", units=10, waiting=3), bins, ORDINARY)
    assert (told.place, told.units, told.because) == ("BER/S-1", 3, "orders wait for 3 of it")
    assert suggest(Item(sku="LAMP", units=10), bins, ORDINARY).place == "BER/A-1"


@pytest.mark.parametrize(
    ("rule", "item", "to"),
    [
        (Rule(rule="category", value="food", zone="COLD"), {"category": "food"}, "BER/COLD/1"),
        (Rule(rule="velocity", value="A", kinds=("pick_face",)), {"velocity": "A"}, "BER/P-1"),
        (Rule(rule="size", longest_mm=1000, kinds=("bulk",)), {"size_mm": (1200, 10, 10)}, "BER/B-1"),
        (Rule(rule="same_sku"), {}, "BER/L-1"),
        (Rule(rule="nearest"), {"category": "other"}, "BER/A-0"),
    ],
)
def test_each_rule_finds_its_bins(rule, item, to):
    bins = [
        a_bin("A-0"),
        a_bin("COLD/1", near=1),
        a_bin("P-1", kind="pick_face", near=2),
        a_bin("B-1", kind="bulk", near=3),
        a_bin("L-1", has_sku=True, lots=("",), units=1, near=4),
    ]
    assert suggest(Item(sku="LAMP", units=1, **item), bins, Chain(rules=(rule,))).place == to


def test_lots_of_one_sku_are_kept_apart_if_the_chain_says_so():
    item, bin = Item(sku="LAMP", units=1, lot="L2"), a_bin("A-1", lots=("L1",), has_sku=True)
    assert room(item, bin, segregates_lots=True) == (0, "lot L1 of LAMP lies there")
    assert room(item, bin, segregates_lots=False)[0] == 1


def test_a_unit_that_is_larger_than_the_bin_stays_out_however_it_is_turned():
    small = a_bin("A-1", size_mm=(300, 200, 100))
    assert room(Item(sku="X", units=1, size_mm=(100, 300, 200)), small, segregates_lots=True)[0] == 1
    assert room(Item(sku="X", units=1, size_mm=(301, 10, 10)), small, segregates_lots=True)[0] == 0


BINS = st.lists(
    st.builds(
        Bin,
        place=st.sampled_from(["BER/A", "BER/B", "BER/C"]),
        kind=st.sampled_from(["storage", "staging", "receiving", "quarantine", "pick_face"]),
        is_active=st.booleans(),
        units_max=st.none() | st.integers(1, 20),
        weight_max_g=st.none() | st.integers(1, 200),
        units=st.integers(0, 20),
        weight_g=st.integers(0, 200),
        lots=st.sampled_from([(), ("",), ("L",)]),
        near=st.floats(0, 9),
    ),
    max_size=6,
    unique_by=lambda bin: bin.place,
)


@given(BINS, st.integers(1, 30), st.none() | st.integers(1, 50), st.integers(0, 9))
def test_a_suggestion_always_fits(bins, units, weight_g, waiting):
    item = Item(sku="LAMP", units=units, weight_g=weight_g, waiting=waiting)
    told = suggest(item, bins, ORDINARY)
    if told.place:
        (bin,) = (one for one in bins if one.place == told.place)
        assert 0 < told.units <= room(item, bin, segregates_lots=True)[0]
        assert bin.kind in ("storage", "pick_face", "staging")
        assert bin.is_active
    else:
        able = [one for one in bins if one.kind in ("storage", "pick_face")]
        assert all(not room(item, one, segregates_lots=True)[0] for one in able)
