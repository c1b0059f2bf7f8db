import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.console.messages.bodies import SHOWN_MAX, readable


def test_json_is_indented_and_its_numbers_stay_as_they_came():
    shown = readable(b'{"id":450789469123456789012,"price":"1.10","rate":0.10}')
    assert shown.kind == "JSON"
    assert '"id": 450789469123456789012' in shown.text
    assert '"rate": 0.10' in shown.text


def test_form_fields_are_told_one_a_line():
    shown = readable(b"webhook_id=41&name=A+B%21")
    assert (shown.kind, shown.text) == ("form fields", "webhook_id = 41\nname = A B!")


def test_bytes_are_shown_as_hex_with_what_can_be_read_beside():
    shown = readable(b"\x89PNG\r\n\x1a\n")
    assert shown.kind == "bytes"
    assert shown.text == "000000  89 50 4e 47 0d 0a 1a 0a                          ·PNG····"


def test_what_is_too_long_is_cut_and_says_so():
    shown = readable(b"a" * (SHOWN_MAX + 1))
    assert (shown.kind, len(shown.text), shown.is_cut) == ("text", SHOWN_MAX, True)


def test_nothing_is_told_as_nothing():
    assert readable(b"").kind == "empty"


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 50_000, b"%" * 1000, b"=" * 5000, b"&a=1" * 3000]
)
def test_bombs_do_not_go_off(body: bytes):
    assert readable(body).text


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_can_be_shown(body: bytes):
    shown = readable(body)
    assert bool(shown.text) or not body or shown.kind == "form fields"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_what_is_shown_of_json_says_the_same(value: object):
    assert json.loads(readable(json.dumps(value).encode()).text) == value
