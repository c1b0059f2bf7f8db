"""A map in TOML: what a file's columns are called, and how its cells are written."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from quartermaster.core.errors import Refused
from quartermaster.core.imports import conversions
from quartermaster.core.imports.columns import Columns, Several
from quartermaster.core.imports.kinds import Kind
from quartermaster.core.imports.lookups import Joined, Lookup, join

SECTIONS = ("columns", "constants", "values", "factors", "time", "number", "lookup")


class BadMap(Refused):
    code = "bad-map"
    status = 422
    message = "The map {path} cannot be used: {why}."
    remedy = 'Write one line a column: canonical = "their column". docs/reference/import.md has the rest.'


def load_map(path: Path, kind: Kind) -> Columns:
    """Read a map in TOML. Raises BadMap."""
    try:
        with path.open("rb") as file:
            told = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise BadMap(path=path, why=error) from None
    try:
        return _columns(told, kind)
    except conversions.NotUnderstood as wrong:
        raise BadMap(path=path, why=wrong) from None


def joined(columns: Columns, *, beside: Path) -> dict[str, Joined]:
    """The lookups a map names, with those of their columns that it uses. Raises NotReadable."""
    used = columns.names() | {lookup.on for lookup in columns.lookups.values()}
    return {
        name: join(
            lookup,
            sorted(column.removeprefix(f"{name}.") for column in used if column.startswith(f"{name}.")),
            beside=beside,
        )
        for name, lookup in columns.lookups.items()
    }


def _columns(told: dict[str, Any], kind: Kind) -> Columns:
    sections = {name: _table(name, told.pop(name, {})) for name in SECTIONS}
    columns = {**sections["columns"], **told}
    constants, values, factors = sections["constants"], sections["values"], sections["factors"]
    for name in (*columns, *constants, *values, *factors):
        if name not in kind.columns:
            raise conversions.NotUnderstood(
                f"there is no column {name!r}; there are {', '.join(kind.columns)}"
            )
    time, number = sections["time"], sections["number"]
    _known("time", time, ("zone", "format"))
    _known("number", number, ("decimal",))
    zone, decimal = _text("zone", time.get("zone", "")), _text("decimal", number.get("decimal", "."))
    if zone:
        conversions.zone(zone)
    if decimal not in (".", ","):
        raise conversions.NotUnderstood(f"the decimal sign {decimal!r} is neither . nor ,")
    return Columns(
        theirs={name: _theirs(name, value) for name, value in columns.items()},
        constants={name: _text(name, value) for name, value in constants.items()},
        values={name: dict(_words(name, value)) for name, value in values.items()},
        factors={name: _factor(name, value) for name, value in factors.items()},
        zone=zone,
        time_format=_text("format", time.get("format", "")),
        decimal=decimal,
        lookups={name: _lookup(name, value) for name, value in sections["lookup"].items()},
    )


def _theirs(name: str, value: object) -> str | Several:
    if not isinstance(value, dict):
        return _text(name, value)
    if value.keys() == {"first"}:
        return Several(_texts(name, value["first"]))
    if value.keys() <= {"join", "with"} and "join" in value:
        return Several(_texts(name, value["join"]), _text(name, value.get("with", "-")))
    raise conversions.NotUnderstood(
        f'{name} must be a text, {{ first = ["a", "b"] }} or {{ join = ["a", "b"], with = "-" }}'
    )


def _lookup(name: str, value: object) -> Lookup:
    told = _table(f"lookup.{name}", value)
    _known(f"lookup.{name}", told, ("file", "on", "key"))
    file, on = _text("file", told.get("file")), _text("on", told.get("on"))
    return Lookup(file, on, _text("key", told.get("key", on)))


def _words(name: str, value: object) -> Iterator[tuple[str, str]]:
    for theirs, ours in _table(f"values.{name}", value).items():
        yield theirs, _text(name, ours)


def _factor(name: str, value: object) -> str:
    try:
        factor = Decimal(_text(name, str(value)))
    except InvalidOperation:
        factor = Decimal(0)
    if not factor.is_finite() or factor <= 0:
        raise conversions.NotUnderstood(f"the factor of {name} is not a number above 0")
    return str(factor)


def _known(section: str, told: Mapping[str, object], names: tuple[str, ...]) -> None:
    for name in told:
        if name not in names:
            raise conversions.NotUnderstood(f"[{section}] has {', '.join(names)}, and no {name}")


def _table(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise conversions.NotUnderstood(f"{name} must be a section: [{name}]")
    return value


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise conversions.NotUnderstood(f"{name} must be a list of texts")
    return tuple(_text(name, one) for one in value)


def _text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise conversions.NotUnderstood(f"{name} must be a text")
    return str(value)
