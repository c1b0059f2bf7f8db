"""The bytes of a message made readable, whatever they are: text that is escaped, never run."""

from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec

SHOWN_MAX = 200_000  # characters; more helps nobody and slows the browser
_HEX_BYTES = 2_048


class Shown(NamedTuple):
    """kind: what it was taken for. is_cut: there is more than is shown."""

    kind: str
    text: str
    is_cut: bool
    wraps: bool


def readable(body: bytes) -> Shown:
    """JSON indented, its numbers untouched; form fields one a line; other text as it is; bytes as hex."""
    if not body:
        return Shown("empty", "", False, False)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return Shown("bytes", _hex(body[:_HEX_BYTES]), len(body) > _HEX_BYTES, False)
    try:
        return _cut("JSON", msgspec.json.format(text, indent=2), False)
    except (msgspec.DecodeError, RecursionError):
        pass
    fields = _fields(text)
    return _cut("form fields", fields, False) if fields else _cut("text", text, True)


def _fields(text: str) -> str:
    if "=" not in text or any(mark in text for mark in "<>\n{"):
        return ""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=1000)
    except ValueError:
        return ""
    return "\n".join(f"{name} = {value}" for name, value in pairs)


def _cut(kind: str, text: str, wraps: bool) -> Shown:
    return Shown(kind, text[:SHOWN_MAX], len(text) > SHOWN_MAX, wraps)


def _hex(body: bytes) -> str:
    rows = (body[at : at + 16] for at in range(0, len(body), 16))
    return "\n".join(
        f"{n * 16:06x}  {row.hex(' '):<47}  {''.join(chr(b) if 32 <= b < 127 else '·' for b in row)}"
        for n, row in enumerate(rows)
    )
