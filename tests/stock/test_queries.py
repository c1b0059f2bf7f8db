"""Reading stock: levels with kits, places, movements; page by page."""

import pytest
from tests.stock.shop import AT, Shop, a_move

from quartermaster.core import sql
from quartermaster.core.pages import BadCursor
from quartermaster.stock.actions import Reserve, post, reserve
from quartermaster.stock.queries.availability import Available, availability
from quartermaster.stock.queries.balances import balances
from quartermaster.stock.queries.movements import movements


def a_part(code: str, **units: int) -> int:
    sku_id = int(sql.run("insert into catalog_sku (code) values (%s) returning id", (code,))[0][0])
    post(
        [a_move(sku_id, f"in {code} {site}", n, "world:supplier", site) for site, n in units.items()],
        by="test",
        at=AT,
    )
    return sku_id


def a_kit(code: str, parts: dict[int, int]) -> None:
    ((kit_id,),) = sql.run("insert into catalog_sku (code, is_kit) values (%s, true) returning id", (code,))
    for part_id, quantity in parts.items():
        sql.run(
            "insert into catalog_kit_leaf (kit_id, part_id, quantity) values (%s, %s, %s)",
            (kit_id, part_id, quantity),
        )


def test_a_level_says_what_is_there_promised_free_kept_back_and_coming(shop: Shop):
    a_part("BULB", BER=9)
    sql.run("update stock_level set safety = 2, incoming = 5")
    bulb = int(sql.run("select id from catalog_sku where code = 'BULB'")[0][0])
    reserve([Reserve(bulb, shop.sites["BER"], 3, 1, 1)], at=AT)
    assert availability().items == [Available("BULB", "BER", 9, 3, 4, 5, 2)]


def test_a_kit_is_as_available_as_its_scarcest_part(shop: Shop):
    bulb, shade = a_part("BULB", BER=9, MUC=8), a_part("SHADE", BER=5)
    a_kit("SET", {bulb: 2, shade: 1})
    reserve([Reserve(bulb, shop.sites["BER"], 3, 1, 1)], at=AT)
    sql.run(
        "update stock_level set incoming = 2 where sku_id = %s and location_id = %s",
        (bulb, shop.sites["BER"]),
    )
    sql.run("update stock_level set safety = 3 where sku_id = %s", (shade,))

    # 9 bulbs make 4; the 6 that are not promised make 3; 2 free shades make 2, whatever bulbs come.
    assert availability(sku="SET").items == [
        Available("SET", "BER", on_hand=4, reserved=1, available=2, incoming=0, safety=1),
        Available("SET", "MUC", 0, 0, 0, 0, 0),
    ]


def test_filters_and_pages(shop: Shop):
    for code in ("A", "B", "C"):
        a_part(code, BER=1, MUC=2)
    seen, after = [], ""
    while True:
        page = availability(after=after, limit=4)
        seen += [(level.sku, level.location) for level in page.items]
        if page.next is None:
            break
        after = page.next
    assert seen == [(sku, site) for sku in "ABC" for site in ("BER", "MUC")]
    assert [level.on_hand for level in availability(location="MUC").items] == [2, 2, 2]
    assert [level.location for level in availability(sku="B").items] == ["BER", "MUC"]
    assert availability(sku="b").items == []
    with pytest.raises(BadCursor):
        availability(after="5")


def test_a_place_shows_what_lies_in_it_and_below(shop: Shop):
    for n, place in enumerate(("BER", "BER/A", "BER/A/1", "BER/AB", "MUC")):
        post([a_move(shop.sku_id, str(n), n + 1, "world:supplier", place)], by="test", at=AT)
    assert [(held.place, held.quantity) for held in balances("BER/A").items] == [("BER/A", 2), ("BER/A/1", 3)]
    first = balances("BER", limit=3)
    rest = balances("BER", limit=3, after=first.next or "")
    assert [held.place for held in (*first.items, *rest.items)] == ["BER", "BER/A", "BER/A/1", "BER/AB"]
    assert rest.next is None
    for cursor in ("5", "!!", "WzEsMl0="):
        with pytest.raises(BadCursor):
            balances("BER", after=cursor)


def test_movements_are_read_newest_first(shop: Shop):
    for n in range(3):
        post([a_move(shop.sku_id, str(n), 1, "world:supplier", "BER/A")], by="me", at=AT)
    first = movements(shop.sku_id, limit=2)
    assert [one.key for one in first.items] == ["2", "1"]
    assert [one.key for one in movements(shop.sku_id, limit=2, after=first.next or "").items] == ["0"]
    assert (first.items[0].source, first.items[0].target, first.items[0].actor) == (
        "world:supplier",
        "BER/A",
        "me",
    )
