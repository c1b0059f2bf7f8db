"""F16, F17, F21, F22: whatever a genuine sender's bytes say, they are kept and read, or kept apart with a
reason; nothing is stuck, nothing is lost, and nothing is promised that nobody understands."""

import json
import random
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.conformance import hostile
from quartermaster.testing.conformance.deliveries import recorded
from quartermaster.testing.program import Program
from quartermaster.testing.shop import Shop

from .conftest import size
from .door import Door, at_the_door, examine, messages, work_off

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1200)]
EVERY = size(7, 1)  # of the odd values, in each field
RECORDINGS = size(2, 20)

# Units of orders that nobody understands, in anybody's hands.
PROMISED_BLINDLY = """
select 'SO-' || l.order_id, l.allocated from orders_line l join orders_hold h on h.order_id = l.order_id
where h.kind in ('check', 'test') and h.released_at is null
  and (l.allocated > 0
       or exists (select from stock_reservation r where r.claim = l.id and r.state = 'pending'))
"""


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Shop]:
    with at_the_door():
        a_location("BER")
        a_sku("LAMP", BER=1000)
        yield Shop()
        work_off()
        check_end()


def check_end() -> None:
    """Every message came to an end that says why, every order can be looked at, and the doctor is content."""
    assert {state for state, _ in messages()} <= {"used", "ignored", "unreadable"}
    assert all(because.strip() for _, because in messages())
    assert sql.run(PROMISED_BLINDLY) == []
    program = Program("admin")
    numbers = [row[0] for row in sql.run("select 'SO-' || id from orders_order order by id")]
    for number in numbers[:: 1 + len(numbers) // size(300, 3_000)]:
        for path in (f"/api/orders/{number}", f"/api/orders/{number}/why"):
            assert program.get(path).status_code == 200, path
    for path in ("/api/orders?limit=200", "/api/messages?limit=200"):
        assert program.get(path).status_code == 200, path
    examine()


def holds(external_id: object) -> dict[str, str]:
    """Kind -> because of the active holds on an order."""
    query = """
        select h.kind, h.because from orders_hold h join orders_order o on o.id = h.order_id
        where o.external_id = %s and h.released_at is null"""
    return dict(sql.run(query, (str(external_id),)))


def own_order(body: bytes, order_id: str, n: int) -> bytes:
    """The body as one about another order, so that it is not taken for a version of the same."""
    return body.replace(order_id.encode(), str(7_000_000 + n).encode())


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_any_field_may_hold_anything(shop: Shop, kind: str) -> None:
    door = Door(kind)
    told = 0
    for delivery in [one for one in recorded(kind) if one.says.startswith("order ")][:RECORDINGS]:
        topic, order_id = delivery.headers.get(door.names[1], ""), delivery.says.removeprefix("order ")
        for n, (what, body) in enumerate(hostile.mutations(delivery.body, EVERY)):
            assert door.tell(own_order(body, order_id, told), f"{delivery.name} {n}", topic) == 200, what
            told += 1
    work_off()
    assert len(messages()) == told
    print(f"{told} messages of {kind}: {sql.run('select state, count(*) from inbox_message group by 1')}")


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_bytes_that_are_no_message_are_kept_apart_with_a_reason(shop: Shop, kind: str) -> None:
    door = Door(kind)
    delivery = next(one for one in recorded(kind) if one.says.startswith("order "))
    for n, (what, body) in enumerate(hostile.broken(delivery.body)):
        assert door.tell(body, f"broken {n}") == 200, what
    for n, body in enumerate(hostile.doubled_keys(delivery.body)):
        assert door.tell(body, f"doubled {n}") == 200
    work_off()
    assert {state for state, _ in messages()} <= {"unreadable", "ignored"}, messages()
    assert sql.run("select count(*) from orders_order") == [(0,)]


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_odd_ways_to_write_the_same_are_one_version_of_one_order(shop: Shop, kind: str) -> None:
    door = Door(kind)
    delivery = next(one for one in recorded(kind) if one.says.startswith("order "))
    for n, (_, body) in enumerate(hostile.careful(delivery.body)):
        door.tell(body, f"careful {n}")
    work_off()
    states = [state for state, _ in messages()]
    assert sorted(states, reverse=True) == ["used"] + ["ignored"] * (len(states) - 1)
    assert sql.run("select count(*) from orders_order") == [(1,)]


TEXTS = {
    "a NUL": "Lane\x00 1",
    "half a pair": "Lane \ud800 1",
    "the other half": "\udfff Lane",
    "written from the right": "\u202eenaL 1\u202c",
    "isolates": "\u2066Lane\u2069 1",
    "nothing to see": "\u200bLa\u200dne\ufeff 1",
    "emoji": "🧨" * 10_000,
    "combined": unicodedata.normalize("NFD", "Straße Ü 1"),
    "composed": unicodedata.normalize("NFC", "Straße Ü 1"),
    "line ends": "Lane\r\n1\u2028\u2029\x85",
    "controls": "".join(map(chr, range(1, 32))),
    "SQL": "'; drop table orders_order; --",
    "HTML": "<script>alert(1)</script>",
    "a template": "{{ settings.SECRET_KEY }}{% now %}",
    "a formula": "=cmd|' /C calc'!A0",
    "percent": "%s%(x)s%%",
    "non-characters": "\ufffe\uffff\U0010ffff",
}


def text_fields(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, str):
            yield (*path, key)
        yield from text_fields(item, (*path, key))


def with_text(tree: Any, path: tuple[str | int, ...], text: str) -> Any:
    key, *rest = path
    changed = text if not rest else with_text(tree[key], tuple(rest), text)
    return {**tree, key: changed} if isinstance(tree, dict) else [*tree[:key], changed, *tree[key + 1 :]]  # type: ignore[operator]


def test_any_text_may_hold_any_characters_and_the_message_is_never_lost(
    shop: Shop, chance: random.Random
) -> None:
    door = Door()
    webhook = shop.sell(("LAMP", 1), note="note", tags="a, b")
    tree = json.loads(webhook.body)
    paths = list(text_fields(tree))
    told = 0
    for name, text in TEXTS.items():
        for path in paths if name in ("a NUL", "half a pair") else chance.sample(paths, size(8, len(paths))):
            told += 1
            changed = {**with_text(tree, path, text), "id": 7_000_000 + told}
            for ascii_only in (True, False):
                try:
                    body = json.dumps(changed, ensure_ascii=ascii_only).encode()
                except UnicodeEncodeError:
                    continue  # half a pair can only be written as an escape
                assert door.tell(body, f"{name} {told} {ascii_only}") == 200, (name, path)
    # and in what comes beside the body
    for n, text in enumerate(TEXTS.values()):
        body = json.dumps({**tree, "id": 8_000_000 + n}).encode()
        assert door.tell(body, f"{text}"[:3000] + str(n), f"orders/create{text}") == 200
    work_off()
    print(f"{told} texts: {sql.run('select state, count(*) from inbox_message group by 1')}")
    stored = sql.run("select count(*) from orders_order where external_id like '7%%'")[0][0]
    assert stored + sum(state == "unreadable" for state, _ in messages()) >= told


def test_a_sku_matches_exactly_and_is_never_guessed(shop: Shop) -> None:
    door = Door()
    likenesses = [
        "lamp",
        "LAMP ",
        " LAMP",
        "LAMP\u200b",
        "ＬＡＭＰ",
        "LАMP",
        "LAMP\u0301",
        "LAMP\x00",
        "LAMP\ud800",
    ]
    for n, code in enumerate(likenesses):
        body = shop.sell((code, 1), order_id=100 + n).body
        assert door.tell(body) == 200
    work_off()
    for n, code in enumerate(likenesses):
        assert {"sku", "check"} & holds(100 + n).keys(), code
    assert sql.run("select sum(allocated) from orders_line") == [(0,)]


ODD_IDS: dict[str, tuple[str, str | None]] = {
    # as written in JSON: the order it is, or None when it cannot be one
    "2^53": ("9007199254740992", "9007199254740992"),
    "2^53 + 1": ("9007199254740993", "9007199254740993"),
    "2^63 + 1": ("9223372036854775809", "9223372036854775809"),
    "2^64": ("18446744073709551616", "18446744073709551616"),
    "a text that looks like a number": ('"1e3"', "1e3"),
    "leading zeros": ('"007"', "007"),
    "no leading zeros": ("7", "7"),
    "upper case": ('"Order-A"', "Order-A"),
    "lower case": ('"order-a"', "order-a"),
    "composed": ('"\\u00dc"', "\u00dc"),
    "combined": ('"U\\u0308"', "U\u0308"),
    "255 characters": (f'"{"x" * 255}"', "x" * 255),
    "6,000 characters": (f'"{"x" * 6000}"', None),
    "an exponent": ("1e3", None),
    "a fraction": ("17.5", None),
    "zero": ("0", None),
    "below zero": ("-5", None),
    "nothing": ("null", None),
    "empty": ('""', None),
    "true": ("true", None),
    "a list": ("[1]", None),
}


def test_odd_ids_are_other_orders_or_no_orders_and_never_the_wrong_one(shop: Shop) -> None:
    door = Door()
    for name, (written, _) in ODD_IDS.items():
        body = shop.sell(("LAMP", 1), order_id=424242).body.replace(
            b'"id": 424242,', b'"id": %s,' % written.encode(), 1
        )
        assert door.tell(body, name) == 200
    work_off()

    orders = {row[0] for row in sql.run("select external_id from orders_order")}
    assert orders == {meant for _, meant in ODD_IDS.values() if meant is not None}
    read = dict(sql.run("select delivery_id, state from inbox_message"))
    assert {name for name, state in read.items() if state == "unreadable"} == {
        name for name, (_, meant) in ODD_IDS.items() if meant is None
    }


def test_odd_delivery_ids_and_topics_lose_nothing(shop: Shop) -> None:
    door = Door()
    odd = [
        "",
        "x" * 6000,
        "x" * 5999,
        "\x00",
        "\ud800",
        "a\r\nb",
        "ÿ" * 300,
        "🧨",
        "null",
        "0",
        "00",
        "A",
        "a",
    ]
    for n, delivery_id in enumerate(odd):
        body = shop.sell(("LAMP", 1), order_id=100 + n).body
        assert door.tell(body, delivery_id) == 200
        assert door.tell(body, delivery_id) == 200
    work_off()
    assert len(messages()) == len(odd)
    assert sql.run("select count(*) from orders_order") == [(len(odd),)]


NONSENSE: dict[str, tuple[dict[str, object], str]] = {
    "a negative quantity": ({"line": {"quantity": -1}}, "check"),
    "no quantity": ({"line": {"quantity": 0}}, "check"),
    "a milliard of units": ({"line": {"quantity": 10**9}}, "check"),
    "more units than an integer holds": ({"line": {"quantity": 10**30}}, "check"),
    "half a unit": ({"line": {"quantity": 0.5}}, "check"),
    "a quantity in words": ({"line": {"quantity": "two"}}, "check"),
    "a total that is not the sum": ({"total_price": "999.00"}, "check"),
    "a negative price": ({"line": {"price": "-10.00"}}, "check"),
    "a price that is none": ({"line": {"price": "NaN"}}, "check"),
    "a price beyond money": ({"line": {"price": "9" * 30}}, "check"),
    "a currency nobody knows": ({"currency": "XQX"}, "check"),
    "no currency": ({"currency": None}, "check"),
    "a SKU nobody knows": ({"line": {"sku": "NOPE"}}, "sku"),
    "the year 1900": ({"created_at": "1900-01-01T00:00:00Z"}, "check"),
    "the year 3000": ({"updated_at": "3000-01-01T00:00:00Z"}, "check"),
    "no date at all": ({"created_at": "yesterday"}, "check"),
    "no lines": ({"line_items": []}, "check"),
    "no list of lines": ({"line_items": None}, "check"),
    "lines that are no lines": ({"line_items": [1, "two", None]}, "check"),
    "ten thousand lines": ({"lines": 10_000}, "check"),
    "a test order": ({"test": True}, "test"),
    "an unknown payment": ({"financial_status": "bartered"}, "payment"),
    "no address": ({"shipping_address": None}, "address"),
    "a country that is none": (
        {"shipping_address": {"address1": "x", "city": "y", "country_code": "Ozland"}},
        "address",
    ),
}


def nonsense(shop: Shop, order_id: int, changed: dict[str, Any]) -> bytes:
    tree = json.loads(shop.sell(("LAMP", 2), order_id=order_id).body)
    line = {**tree["line_items"][0], **changed.pop("line", {})}
    count = changed.pop("lines", 1)
    tree["line_items"] = [{**line, "id": order_id * 100_000 + n} for n in range(count)]
    return json.dumps({**tree, **changed}).encode()


def test_nonsense_is_taken_as_a_held_order_with_its_reasons_and_never_promised(shop: Shop) -> None:
    door = Door()
    for n, (name, (changed, _)) in enumerate(NONSENSE.items()):
        assert door.tell(nonsense(shop, 100 + n, dict(changed)), name) == 200
    work_off()

    silent = []
    for n, (name, (_, kind)) in enumerate(NONSENSE.items()):
        found = holds(100 + n)
        if kind not in found or not found[kind].strip():
            silent.append((name, found))
    assert silent == []
    promised = sql.run(
        "select distinct m.delivery_id from inbox_message m "
        "join orders_order o on m.because like 'SO-' || o.id || ' %%' "
        "join orders_line l on l.order_id = o.id where l.allocated > 0"
    )
    assert {row[0] for row in promised} <= {"an unknown payment", "no address", "a country that is none"}


def test_nonsense_that_comes_later_keeps_the_floor_from_it(shop: Shop) -> None:
    """Units promised while the order made sense are given back, and promised anew when it does again."""
    door = Door()
    door.tell(shop.sell(("LAMP", 2), order_id=100).body)
    work_off()
    assert sql.run("select state from allocation_allocation") == [("released",)]
    tree = json.loads(shop.readdress(100, "Potsdam").body)
    door.tell(json.dumps({**tree, "total_price": "999.00"}).encode())
    work_off()
    assert "check" in holds(100)
    assert sql.run("select state from allocation_allocation") == [("cancelled",)]

    door.tell(shop.readdress(100, "Berlin").body)
    work_off()
    assert holds(100) == {}
    assert sql.run("select state from allocation_allocation order by id") == [("cancelled",), ("released",)]
