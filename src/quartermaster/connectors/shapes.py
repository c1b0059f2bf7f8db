"""Plain values become the structs a connector reads. Any other shape is left out and named in a doubt."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Union, cast, get_args, get_origin

import msgspec
from msgspec import Struct

type Mend = Callable[[object, str, list[str]], object]


def fit[T: Struct](value: dict[str, object], kind: type[T], doubts: list[str]) -> T:
    """`value` as `kind`. Normally one fast step; when a field has another type, field by field with doubts.

    Struct fields may be: object (anything), `str | None`, `int | str | None`, `bool | None`, `Other | None`,
    `list[Other] | None`. Every field needs a default.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return cast(T, _struct(kind)(value, "", doubts))


def as_text(value: object) -> str | None:
    """Numbers as they were written; None for what is no text at all."""
    kind = type(value)
    if kind is str:
        return cast(str, value)
    return str(value) if kind is int or kind is Decimal else None


def _text(value: object, path: str, doubts: list[str]) -> str | None:
    text = as_text(value)
    if text is None and value not in (None, False, []):
        doubts.append(f"{path[1:]} is {named(value)}, not a text.")
    return text


def _flag(value: object, path: str, doubts: list[str]) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | str) and str(value).lower() in _FLAGS:
        return _FLAGS[str(value).lower()]
    doubts.append(f"{path[1:]} is {named(value)}, neither true nor false.")
    return None


_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


def _anything(value: object, path: str, doubts: list[str]) -> object:
    return value


@cache
def _struct(kind: type[Struct]) -> Mend:
    fields = [
        (field.encode_name, field.name, _mend(field.type), f".{field.encode_name}")
        for field in msgspec.structs.fields(kind)
    ]

    def mend(value: object, path: str, doubts: list[str]) -> object:
        if not isinstance(value, dict):
            if value not in (None, "", False, []):  # PHP writes an empty object as []
                doubts.append(f"{path[1:]} is {named(value)}, not an object.")
            return None
        known = {
            name: fix(value[key], path + step, doubts) for key, name, fix, step in fields if key in value
        }
        return kind(**known)

    return mend


def _list(of: Mend) -> Mend:
    def mend(value: object, path: str, doubts: list[str]) -> object:
        if isinstance(value, dict) and all(
            key.isdigit() for key in value
        ):  # PHP writes a list with gaps as an object
            value = list(value.values())
        if not isinstance(value, list):
            if value not in (None, "", False):
                doubts.append(f"{path[1:]} is {named(value)}, not a list.")
            return None
        mended = [of(item, f"{path}[{n}]", doubts) for n, item in enumerate(value)]
        missing = mended.count(None)
        if missing:
            doubts.append(f"{missing} of {len(mended)} entries of {path[1:]} cannot be read.")
        return [item for item in mended if item is not None]

    return mend


@cache
def _mend(kind: object) -> Mend:
    """How to read a field of this type from a value of another type."""
    if kind is object:
        return _anything
    if get_origin(kind) in (Union, UnionType):
        (kind,) = [part for part in get_args(kind) if part not in (NoneType, int)]
    if get_origin(kind) is list:
        return _list(_mend(get_args(kind)[0]))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _struct(kind)
    return {str: _text, bool: _flag}[cast(type, kind)]


def named(value: object) -> str:
    """How a doubt calls a value: its kind, or the value itself when it is short."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}\u2026"
