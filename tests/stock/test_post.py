"""Posting: all or nothing, once per key, at a constant price. What it moves is in test_ledger."""

import pytest
from msgspec.structs import replace
from tests.stock.shop import AT, Shop, a_move, broken

from quartermaster.core import sql
from quartermaster.stock.actions import (
    KeyReused,
    KitIsVirtual,
    Move,
    NotEnoughStock,
    SerialElsewhere,
    UnknownSku,
    post,
)


def arrived() -> list[str]:
    return [
        row[0] for row in sql.run("select subject from core_event where name = 'StockArrived' order by id")
    ]


def on_hand(shop: Shop, site: str = "BER") -> int:
    return shop._seen("on_hand", [site])


def skus(count: int) -> list[int]:
    made = sql.run(
        "insert into catalog_sku (code) select 'S' || n from generate_series(1, %s) n returning id", (count,)
    )
    return [row[0] for row in made]


def test_the_same_call_again_gives_the_same_ids_and_does_nothing(shop: Shop):
    moves = [a_move(shop.sku_id, key, 2, "world:supplier", "BER") for key in "abc"]
    first = post(moves, by="test", at=AT)
    again = post(moves, by="somebody else", at=AT)

    assert (first.new, again.new, again.ids) == (3, 0, first.ids)
    assert (on_hand(shop), arrived()) == (6, ["sku:LAMP"])


def test_known_and_new_movements_may_come_together_and_a_key_may_come_twice(shop: Shop):
    a, b = (a_move(shop.sku_id, key, 2, "world:supplier", "BER") for key in "ab")
    post([a], by="test", at=AT)
    posted = post([b, a, b], by="test", at=AT)

    assert posted.new == 1
    assert posted.ids[0] == posted.ids[2] != posted.ids[1]
    assert on_hand(shop) == 4


@pytest.mark.parametrize(
    "other",
    [{"quantity": 3}, {"target": "MUC"}, {"target": "BER/A"}, {"target_state": "damaged"}, {"lot": "L"}],
)
def test_a_key_with_other_content_is_refused(shop: Shop, other: dict[str, object]):
    move = a_move(shop.sku_id, "a", 2, "world:supplier", "BER")
    post([move], by="test", at=AT)
    with pytest.raises(KeyReused):
        post([replace(move, **other)], by="test", at=AT)
    with pytest.raises(KeyReused):
        post([replace(move, key="b"), replace(move, key="b", **other)], by="test", at=AT)
    assert on_hand(shop) == 2


def test_other_words_around_the_same_movement_are_the_same_movement(shop: Shop):
    move = a_move(shop.sku_id, "a", 2, "world:supplier", "BER")
    post([move], by="test", at=AT)
    assert post([replace(move, because="told differently", document="PO-1")], by="test", at=AT).new == 0


def test_one_refusal_and_nothing_happened_and_it_names_the_move(shop: Shop):
    fine = a_move(shop.sku_id, "fine", 5, "world:supplier", "BER/NEW")
    with pytest.raises(NotEnoughStock, match=r"BER does not hold 1 × LAMP: 0 there \(bad\)"):
        post([fine, a_move(shop.sku_id, "bad", 1, "BER", "MUC")], by="test", at=AT)
    assert sql.run("select from stock_movement") == []
    assert sql.run("select from stock_level") == []
    assert sql.run("select from stock_place where code = 'BER/NEW'") == []


def test_what_the_catalog_does_not_know_or_takes_apart_is_not_stocked(shop: Shop):
    with pytest.raises(UnknownSku):
        post([a_move(10**9, "a", 1, "world:supplier", "BER")], by="test", at=AT)
    sql.run("update catalog_sku set is_kit = true")
    with pytest.raises(KitIsVirtual, match="LAMP is a kit"):
        post([a_move(shop.sku_id, "a", 1, "world:supplier", "BER")], by="test", at=AT)


def test_nothing_to_post_is_nothing(shop: Shop):
    assert post([], by="test", at=AT) == ((), 0)


def test_a_serial_number_travels_and_is_never_in_two_places(shop: Shop):
    def carry(key: str, source: str, target: str) -> Move:
        return a_move(shop.sku_id, key, 1, source, target, serial="S1")

    post([carry("in", "world:supplier", "BER")], by="test", at=AT)
    with pytest.raises(SerialElsewhere, match=r"S1 of LAMP is already in stock: at BER \(twice\)"):
        post([carry("twice", "world:supplier", "MUC")], by="test", at=AT)
    post(
        [carry("off", "BER", "MUC/A"), carry("on", "MUC/A", "MUC"), carry("bad", "MUC", "MUC:damaged")],
        by="test",
        at=AT,
    )
    post(
        [carry("sold", "MUC:damaged", "world:customer"), carry("back", "world:customer", "BER:returned")],
        by="test",
        at=AT,
    )

    assert sql.run(
        "select p.code, b.state from stock_balance b join stock_place p on p.id = place_id where place_id > 0"
    ) == [("BER", "returned")]
    assert broken() == []


def test_a_place_that_is_empty_leaves_no_balance(shop: Shop):
    post([a_move(shop.sku_id, "in", 2, "world:supplier", "BER/A")], by="test", at=AT)
    post([a_move(shop.sku_id, "out", 2, "BER/A", "BER/B")], by="test", at=AT)
    assert sql.run(
        "select p.code from stock_balance b join stock_place p on p.id = place_id where place_id > 0"
    ) == [("BER/B",)]


def test_a_bin_with_bins_in_it_becomes_a_zone(shop: Shop):
    post([a_move(shop.sku_id, "a", 2, "world:supplier", "BER/COLD")], by="test", at=AT)
    post([a_move(shop.sku_id, "b", 2, "world:supplier", "BER/COLD/1")], by="test", at=AT)
    places = sql.run(
        "select p.code, p.kind, w.code from stock_place p left join stock_place w on w.id = p.within_id "
        "where p.location_id = %s order by p.code",
        (shop.sites["BER"],),
    )
    assert places == [("BER", "site", None), ("BER/COLD", "zone", "BER"), ("BER/COLD/1", "bin", "BER/COLD")]


def test_arrivals_are_told_once_for_skus_that_have_more_free_than_before(shop: Shop):
    post([a_move(shop.sku_id, f"in{n}", 2, "world:supplier", "BER") for n in range(3)], by="me", at=AT)
    post([a_move(shop.sku_id, "put away", 2, "BER", "BER/A")], by="me", at=AT)
    post([a_move(shop.sku_id, "broken", 2, "world:supplier", "BER:damaged")], by="me", at=AT)
    post([a_move(shop.sku_id, "out", 2, "BER", "world:scrap")], by="me", at=AT)
    assert arrived() == ["sku:LAMP"]
    sql.run("update stock_level set safety = 100")
    post([a_move(shop.sku_id, "kept", 2, "world:supplier", "BER")], by="me", at=AT)
    assert arrived() == ["sku:LAMP"]


def test_broken_promises_are_told_with_their_claims(ledger):
    ledger("""
        move in  6  world:supplier > BER = ok
        reserve  1 2 BER                 = ok
        reserve  2 2 BER                 = ok
        reserve  3 2 BER                 = ok
        break    b 3  BER > world:scrap  = ok
    """)
    assert sql.run(
        "select body->'claims', body->>'because' from core_event where name = 'StockShortened'"
    ) == [("[2, 3]", "test")]


def test_a_thousand_movements_cost_as_many_statements_as_one(shop: Shop):
    def statements(sku_ids: list[int], name: str) -> int:
        into = [
            a_move(sku_id, f"{name}{sku_id}", 5, "world:supplier", f"BER/{name}-{sku_id}")
            for sku_id in sku_ids
        ]
        off = [a_move(sku_id, f"{name}-off{sku_id}", 2, f"BER/{name}-{sku_id}", "MUC") for sku_id in sku_ids]
        with sql.counted() as run:
            post(into + off, by="test", at=AT)
        return len(run)

    made = skus(500)
    assert statements(made[:1], "one") == statements(made, "many") <= 16
    assert broken() == []
