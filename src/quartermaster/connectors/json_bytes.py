"""Bytes from outside become plain values, strictly and within limits; else an Unreadable says why."""

import json
import re
from decimal import Decimal

import msgspec

from quartermaster.orders.ports import Unreadable

DEPTH_MAX = 64
REPLACED = "A character that cannot be stored (NUL or half of a surrogate pair) was replaced."

_BOM = b"\xef\xbb\xbf"
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
# Everything but quotes and brackets is dropped, and both kinds of bracket become one.
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))
_ESCAPED = re.compile(rb'\\["\\]')
_QUOTED = re.compile(rb'"[^"]*"')
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair: stays
    rb"|(\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|0000))"  # half a pair, or NUL
    rb"|\\.",
    re.DOTALL,
)


def load(body: bytes) -> tuple[object, list[str]]:
    """The JSON object or list in `body`, and what had to be replaced to read it. Numbers are int or Decimal.

    Unreadable for anything else: no JSON, NaN, absurdly long integers, nesting deeper than DEPTH_MAX, a key
    that stands twice in one object (which of the two counts cannot be known).
    """
    body = body.removeprefix(_BOM)
    if not body or body.isspace():
        raise Unreadable("The body is empty.")
    _refuse_deep(body)
    body, doubts = _storable(body)
    try:
        value = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Unreadable(f"This is not JSON ({error}). It begins {body[:40]!r}.") from None
    if not isinstance(value, dict | list):
        raise Unreadable("This is JSON, but neither an object nor a list of objects.")
    _refuse_doubled_keys(body, value)
    return value, doubts


def _refuse_deep(body: bytes) -> None:
    """Before the decoder sees it: deep nesting exhausts the C stack of a small thread, past catching."""
    if body.count(b"{") + body.count(b"[") <= DEPTH_MAX:
        return
    if b"\\" in body:
        body = _ESCAPED.sub(b"", body)
    # Two quotes side by side close and open, or open and close: dropping both moves nothing into a string.
    brackets = body.translate(_BRACKETS, _NO_STRUCTURE).replace(b'""', b"")
    if b'"' in brackets:
        brackets = _QUOTED.sub(b"", brackets)
    for _ in range(DEPTH_MAX):  # each round takes off the innermost level
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise Unreadable(f"It nests deeper than {DEPTH_MAX} levels, or its brackets do not match.")


def _storable(body: bytes) -> tuple[bytes, list[str]]:
    """NUL and lone surrogates, which no database holds, become U+FFFD while they are still escapes."""
    if b"\\" not in body or not (b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body):
        return body, []
    clean = _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], body)
    return clean, [] if clean == body else [REPLACED]


def _refuse_doubled_keys(body: bytes, value: object) -> None:
    """A decoder keeps the last of two equal keys. A value that is written out unchanged never had two."""
    written = _ENCODER.encode(value)
    if written == body or written == msgspec.json.format(body, indent=-1).replace(b"\\/", b"/"):
        return
    try:
        json.loads(body, object_pairs_hook=_once, parse_float=str, parse_int=str)
    except ValueError as error:
        raise Unreadable(f"This is not JSON ({error}).") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(
            f"The key {twice[:60]!r} stands twice in one object; which one counts cannot be known."
        )
    return found
