import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.connectors.json_bytes import DEPTH_MAX, REPLACED, load
from quartermaster.orders.ports import Unreadable


def refused(body: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        load(body)
    return str(refusal.value)


def test_numbers_keep_every_digit():
    value, doubts = load(b'{"a": 195.660, "b": 9007199254740993, "c": "1.0"}')
    assert value == {"a": Decimal("195.660"), "b": 9007199254740993, "c": "1.0"}
    assert str(value["a"]) == "195.660"
    assert doubts == []


def test_a_byte_order_mark_is_taken_off():
    assert load(b'\xef\xbb\xbf{"a":1}')[0] == {"a": 1}


@pytest.mark.parametrize(
    ("body", "because"),
    [
        (b"", "The body is empty."),
        (b" \n", "The body is empty."),
        (b"<html></html>", "This is not JSON"),
        (b'{"a":NaN}', "This is not JSON"),
        (b'{"a":Infinity}', "This is not JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "This is not JSON"),
        (b'{"a":"\xff"}', "This is not JSON"),
        (b'{"a":1', "This is not JSON"),
        (b'{"a":1}{"a":1}', "This is not JSON"),
        ('{"a":1}'.encode("utf-16"), "This is not JSON"),
        (b"17", "neither an object nor a list"),
        (b'"a"', "neither an object nor a list"),
        (b"null", "neither an object nor a list"),
    ],
)
def test_what_is_no_json_object_is_refused_with_the_reason(body: bytes, because: str):
    assert because in refused(body)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_nesting_is_limited_to_the_level():
    assert load(nested(DEPTH_MAX))[0] is not None
    assert "deeper than 64 levels" in refused(nested(DEPTH_MAX + 1))


@pytest.mark.parametrize(
    "body",
    [
        nested(200_000),
        b"[" * 200_000,
        b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
        b'["]",' * 200_000 + b"1" + b',"["]' * 200_000,
        b'["\\"]",' * 200_000 + b"1" + b',"["]' * 200_000,
        b'["\\\\","]",' * 200_000 + b"1" + b',"["]' * 200_000,
    ],
    ids=["lists", "open lists", "objects", "hidden in texts", "behind escaped quotes", "behind backslashes"],
)
def test_deep_nesting_is_refused_before_the_decoder_sees_it(body: bytes):
    """In a thread with a small stack, where the decoder itself would end the process."""
    found: list[str] = []
    size = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: found.append(refused(body)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    assert len(found) == 1


def test_many_brackets_side_by_side_or_in_texts_are_not_deep():
    assert load(b"[" + b"[]," * 5_000 + b"[]]")[0]
    assert load(b'{"a":"' + b"[{" * 500 + b'","b":"\\"[[["}')[0]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b'{"a":1,"a":1}', "'a'"),
        (b'{"x":[{"a":1,"b":2,"a":3}]}', "'a'"),
        (b'{"a":1,"\\u0061":2}', "'a'"),
        (b'{"a" :1,"a"\n:2}', "'a'"),
        (b'{"":1,"":2}', "''"),
        (b'{"a":":","a":":"}', "'a'"),
    ],
)
def test_a_key_that_stands_twice_is_refused(body: bytes, key: str):
    assert f"The key {key} stands twice" in refused(body)


@pytest.mark.parametrize(
    "body", [b'{"a":1e400}', b'{"a":"\\/"}', b'{"a":"caf\\u00e9"}', b'[{"a":1},{"a":1}]']
)
def test_unusual_writing_is_not_taken_for_a_double_key(body: bytes):
    assert load(body)[0]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (rb"a\u0000b", "a\ufffdb"),
        (rb"\ud800", "\ufffd"),
        (rb"\uDFFF\uD83D", "\ufffd\ufffd"),
        (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
    ],
)
def test_characters_that_cannot_be_stored_are_replaced_and_told(text: bytes, read: str):
    assert load(b'{"a":"' + text + b'"}') == ({"a": read}, [REPLACED])


@pytest.mark.parametrize(
    ("text", "read"),
    [(rb"\ud83d\ude00", "\U0001f600"), (rb"\\u0000", "\\u0000"), (rb"\\\\ud800", "\\\\ud800")],
)
def test_what_only_looks_like_them_stays(text: bytes, read: str):
    assert load(b'{"a":"' + text + b'"}') == ({"a": read}, [])


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_give_a_value_or_a_reason(body: bytes):
    try:
        value, _ = load(body)
    except Unreadable as refusal:
        value = [*refusal.args]
    assert isinstance(value, dict | list)
