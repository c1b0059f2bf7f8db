"""Recordings, spoiled: what a connector has to take without ever raising anything but Unreadable."""

import json
from collections.abc import Iterator

DEEP = 200_000
ODD: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    10**9,
    10**30,
    1.5,
    -0.0,
    1e300,
    "",
    "0",
    "-1",
    "1e3",
    "NaN",
    "1_000",
    "٣",
    "\u0000",
    "\ud800",
    "x" * 6_000,
    "🧨" * 2_000,
    "\u202eevil\u200b",
    "1900-01-01T00:00:00Z",
    "3000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "XYZ",
    "<script>alert(1)</script>",
    "'; DROP TABLE orders; --",
    [],
    {},
    [None],
    [[]],
    {"0": {}},
    {"a": "b"},
)

type Path = tuple[str | int, ...]


def broken(body: bytes) -> Iterator[tuple[str, bytes]]:
    """What is wrong, and bodies that are no JSON, or JSON that has to be refused or read with care."""
    text = body.decode()
    yield "empty", b""
    yield "spaces", b" \r\n"
    yield "a page", b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"
    yield "a form", b"payload=%7B%7D&x=1"
    yield "null", b"null"
    yield "a text", b'"order"'
    yield "a number", b"17"
    yield "an empty object", b"{}"
    yield "an empty list", b"[]"
    yield "cut off", body[: len(body) // 2]
    yield "twice", body + body
    yield "not UTF-8", body.replace(b'"', b'"\xff\xfe', 1)
    yield "UTF-16", text.encode("utf-16")
    yield "NaN", _with_first(text, "NaN")
    yield "Infinity", _with_first(text, "-Infinity")
    yield "a huge exponent", _with_first(text, "1e400")
    yield "a tiny exponent", _with_first(text, "1e-999999999")
    yield "5,000 digits", _with_first(text, "9" * 5_000)
    yield "300 digits", _with_first(text, "9" * 300)
    yield "deep lists", b"[" * DEEP + b"]" * DEEP
    yield "deep and open", b"[" * DEEP
    yield "deep objects", b'{"a":' * DEEP + b"1" + b"}" * DEEP
    yield "deep inside", _with_first(text, "[" * DEEP + "]" * DEEP)
    yield "deep behind quotes", _with_first(text, '["]",' * DEEP + '"["' + "]" * DEEP)
    yield "a NUL byte", body.replace(b'"', b'"\x00', 1)


def careful(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Bodies that are odd, and still say the same: they have to be read."""
    text = body.decode()
    yield "a byte order mark", b"\xef\xbb\xbf" + body
    yield "minified", json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False).encode()
    yield "escaped", json.dumps(json.loads(text)).encode()
    yield "slashes escaped", json.dumps(json.loads(text)).replace("/", "\\/").encode()
    yield "spread out", json.dumps(json.loads(text), indent=8).encode()
    yield "space before colons", text.replace('":', '" :').encode()


def mutations(body: bytes, every: int = 1) -> Iterator[tuple[str, bytes]]:
    """The body with one field after the other given odd values; only every n-th of them."""
    tree = json.loads(body)
    for n, path in enumerate(_paths(tree, ())):
        for m in range(n % every, len(ODD), every):
            yield f"{path} = {ODD[m]!r:.40}", json.dumps(_replaced(tree, path, ODD[m])).encode()


def crowded(body: bytes, lists: tuple[str, ...], size: int) -> bytes:
    """The body with the named lists, wherever they are, filled up to `size` copies of their first entry."""

    def grow(value: object) -> object:
        if isinstance(value, dict):
            return {key: fill(grow(item)) if key in lists else grow(item) for key, item in value.items()}
        return [grow(item) for item in value] if isinstance(value, list) else value

    def fill(value: object) -> object:
        return value * (size // len(value)) if isinstance(value, list) and value else value

    return json.dumps(grow(json.loads(body))).encode()


def doubled_keys(body: bytes) -> Iterator[bytes]:
    """The body with its first key doubled, plainly and in disguise."""
    text = body.decode().lstrip()
    start = text.index("{")
    key = text[start + 1 :].lstrip().partition('"')[2].partition('"')[0]
    for twin in (f'"{key}"', f'"\\u{ord(key[0]):04x}{key[1:]}"'):
        yield f'{text[: start + 1]}{twin}: "twin", {text[start + 1 :]}'.encode()


def _with_first(text: str, value: str) -> bytes:
    """The text with its first value inside replaced, unquoted."""
    start = text.index(":") + 1
    return f'{text[:start]}{value},"rest":{text[start:]}'.encode()


def _paths(value: object, path: Path) -> Iterator[Path]:
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))


def _replaced(tree: object, path: Path, value: object) -> object:
    """A copy along the path only."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(tree, dict):
        return {**tree, key: _replaced(tree[key], rest, value)}
    assert isinstance(tree, list)
    assert isinstance(key, int)
    return [*tree[:key], _replaced(tree[key], rest, value), *tree[key + 1 :]]
