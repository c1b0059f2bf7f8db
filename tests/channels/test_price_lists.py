"""Price lists, changes of many prices, and the rules of shops."""

import pytest

from quartermaster.channels.actions import let_batch, make_list, put_prices, set_pricing, withdraw_batch
from quartermaster.channels.actions.prices.batches import SamePerson
from quartermaster.channels.actions.prices.lists import NameTaken
from quartermaster.channels.actions.prices.rule import ManyMoveFar
from quartermaster.channels.rules.prices.rows import PriceRow
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.testing.builders import a_sku

from .conftest import AT, Stand, examined
from .priced import price, put, work


def test_a_change_that_moves_many_prices_far_is_held_as_one_until_a_second_person_lets_it(
    stand: Stand,
) -> None:
    codes = [f"S{n:02}" for n in range(12)]
    for code in codes:
        a_sku(code, BER=1)
    stand.offer(*codes, slugs=["east"])
    make_list("Retail", "EUR", needs_two=True, at=AT, by="user:1")
    set_pricing("east", {"mode": "live", "price_list": "Retail"}, at=AT, by="user:1")
    assert put(dict.fromkeys(codes, 1000)) == "written"
    work()
    prices = dict.fromkeys(codes, 100) | {"S11": 1010}
    said = put_prices(
        "Retail", [PriceRow(*row) for row in prices.items()], is_preview=True, at=AT, by="user:1"
    )
    assert (said.state, said.rows[0].is_far, said.rows[11].is_far) == ("preview", True, False)
    assert said.rows[0].blocked[0].startswith("east: EUR 1.00 is 90 % less")
    held = put_prices("Retail", [PriceRow(*row) for row in prices.items()], at=AT, by="user:1")
    work()
    assert held.sentence == "11 of 12 prices would change by more than 30 %."
    assert stand.shelves.priced == []
    assert held.batch is not None
    with pytest.raises(SamePerson):
        let_batch(held.batch, because="it is meant", at=AT, by="user:1")
    let_batch(held.batch, because="it is meant", at=AT, by="user:2")
    work()
    assert [stand.shelves.costs("east", code) for code in ("S00", "S11")] == [100, 1010]
    again = put_prices("Retail", [PriceRow(code, 1000) for code in codes], at=AT, by="user:1")
    assert again.batch is not None
    withdraw_batch(again.batch, because="a mistake", at=AT, by="user:1")
    with pytest.raises(NotFound):
        let_batch(again.batch, because="late", at=AT, by="user:2")
    assert examined() == {}


def test_a_rule_that_moves_many_prices_far_is_refused_until_a_person_says_how_many(stand: Stand) -> None:
    codes = [f"S{n:02}" for n in range(12)]
    for code in codes:
        a_sku(code, BER=1)
    stand.offer(*codes, slugs=["east"])
    make_list("Retail", "EUR", at=AT, by="user:1")
    put(dict.fromkeys(codes, 1000))
    live = {"mode": "live", "price_list": "Retail", "factor_bp": 1000}
    with pytest.raises(ManyMoveFar, match="12 of 12 prices would change by more than 30 %"):
        set_pricing("east", live, at=AT, by="user:1")
    with pytest.raises(ManyMoveFar):
        set_pricing("east", live, lets=11, because="meant", at=AT, by="user:1")
    set_pricing("east", live, lets=12, because="meant", at=AT, by="user:1")
    work()
    assert {stand.shelves.costs("east", code) for code in codes} == {100}


def test_rows_are_answered_one_by_one_and_what_is_wrong_is_said(sold: Stand) -> None:
    rows = [PriceRow("LAMP", 1000), PriceRow("NONE", 1000), PriceRow("BULB", 0), PriceRow("LAMP", 900)]
    said = put_prices("Retail", rows[:3], at=AT, by="user:1")
    assert [(row.outcome, row.because) for row in said.rows] == [
        ("new", ""),
        ("refused", "there is no such SKU"),
        ("refused", "a price is more than nothing"),
    ]
    assert put_prices("Retail", rows, at=AT, by="user:1").rows[0].because == "the SKU stands there twice"
    work()
    assert put_prices("Retail", [PriceRow("LAMP", None)], at=AT, by="user:1").rows[0].outcome == "removed"
    work()
    assert price("LAMP")[0] is None
    with pytest.raises(Invalid):
        put_prices("Retail", [], at=AT, by="user:1")
    with pytest.raises(NotFound):
        put_prices("Wholesale", rows, at=AT, by="user:1")


def test_lists_and_rules_that_make_no_sense_are_refused(sold: Stand) -> None:
    with pytest.raises(NameTaken):
        make_list("Retail", "EUR", at=AT, by="user:1")
    with pytest.raises(Invalid):
        make_list("", "XXX", far_percent=0, far_rows=0, at=AT, by="user:1")
    wrongs: list[dict[str, object]] = [
        {"factor_bp": 0},
        {"step_minor": 10, "ending_minor": 10},
        {"mode": "perhaps"},
        {"price_list": None},
        {"time_zone": "Europe/Nowhere"},
        {"colour": 1},
    ]
    for wrong in wrongs:
        with pytest.raises(Invalid):
            set_pricing("east", wrong, at=AT, by="user:1")
