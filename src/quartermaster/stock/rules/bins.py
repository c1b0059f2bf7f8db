"""A bin as somebody wants it, whether that can be, and many of them from one pattern."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType, structs

from quartermaster.core.cells import Cells
from quartermaster.core.errors import Invalid
from quartermaster.core.quantities import QUANTITY_MAX

KINDS = ("storage", "bulk", "pick_face", "receiving", "staging", "packing", "quarantine", "returns")
SIDES = ("", "left", "right")
BINS_MAX = 20_000  # of one pattern
LIMITS = ("units_max", "volume_max_ml", "weight_max_g")
SIZES = ("length_mm", "width_mm", "height_mm")
LENGTH_MAX = 10_000_000  # mm: no hall is longer than 10 km
COLUMNS = (
    *("location", "bin", "kind", *LIMITS, *SIZES, "pick_sequence"),
    *("aisle", "aisle_x_mm", "position_mm", "side", "level", "sku", "active"),
)
_RANGE = re.compile(r"\[([0-9]{1,6})-([0-9]{1,6})\]|\[([A-Z])-([A-Z])\]")


class BinWanted(Struct, frozen=True, kw_only=True):
    """A bin to make or change: what is not given stays, or is ordinary when it is new.

    code: within its site, A-01-03 or ZONE/A-01-03. aisle with position_mm: where it stands; aisle_x_mm: where
    the aisle does, needed once. sku: the only SKU put there. None takes a limit or place away.
    """

    code: str
    kind: str | UnsetType = UNSET
    units_max: int | UnsetType | None = UNSET
    volume_max_ml: int | UnsetType | None = UNSET
    weight_max_g: int | UnsetType | None = UNSET
    length_mm: int | UnsetType | None = UNSET
    width_mm: int | UnsetType | None = UNSET
    height_mm: int | UnsetType | None = UNSET
    pick_sequence: int | UnsetType | None = UNSET
    aisle: str | UnsetType | None = UNSET
    aisle_x_mm: int | UnsetType | None = UNSET
    position_mm: int | UnsetType | None = UNSET
    side: str | UnsetType = UNSET
    level: int | UnsetType | None = UNSET
    sku: str | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET

    def given(self) -> dict[str, object]:
        """Field -> value of everything that was given, the code aside."""
        return {
            name: value
            for name, value in structs.asdict(self).items()
            if value is not UNSET and name != "code"
        }


NEW: dict[str, object] = {
    "kind": "storage",
    **dict.fromkeys((*LIMITS, *SIZES, "pick_sequence", "aisle", "aisle_x_mm", "position_mm", "level", "sku")),
    "side": "",
    "is_active": True,
}


class Rack(Struct, frozen=True, kw_only=True):
    """Where the bins of a pattern stand. Each number names a range of the pattern, the first is 1.

    aisle: the range that counts aisles, `aisle_step_mm` apart from `first_x_mm` on. position: the range that
    counts bays along the aisle; with two sides odd numbers stand left, even ones opposite. level: the range
    of heights.
    """

    aisle: int
    position: int
    level: int | None = None
    first_x_mm: int = 0
    aisle_step_mm: int = 3000
    first_y_mm: int = 1000
    position_step_mm: int = 1000
    two_sides: bool = True


class Named(NamedTuple):
    """A code a pattern makes, and the text of each of its ranges."""

    code: str
    parts: tuple[str, ...]


def named(pattern: str) -> list[Named]:
    """Every code of a pattern: `A-[01-12]-[01-40]` is A-01-01 to A-12-40. Digits keep their width, [A-D] are
    letters. Raises Invalid that says what is wrong with it."""
    fixed = _RANGE.split(pattern)[:: _RANGE.groups + 1]
    if any("[" in text or "]" in text for text in fixed):
        raise Invalid(what="The pattern", errors={"pattern": "a range is [01-40] or [A-D]"})
    ranges = [_texts(found) for found in _RANGE.finditer(pattern)]
    count = 1
    for texts in ranges:
        count *= len(texts)
    if not 0 < count <= BINS_MAX:
        raise Invalid(what="The pattern", errors={"pattern": f"1 to {BINS_MAX} bins, this is {count}"})
    return [
        Named("".join(a + b for a, b in zip(fixed, (*parts, ""), strict=True)), parts)
        for parts in product(*ranges)
    ]


def of_pattern(pattern: str, rack: Rack | None, like: Mapping[str, object]) -> list[BinWanted]:
    """The bins of a pattern, all with what is `like`; where they stand follows from the rack. Raises
    Invalid."""
    found = named(pattern)
    if rack is None:
        return [BinWanted(code=one.code, **like) for one in found]  # type: ignore[arg-type]
    ranges = len(found[0].parts)
    numbers = {"aisle": rack.aisle, "position": rack.position, "level": rack.level or 1}
    wrong = {f"rack.{name}": f"1 to {ranges}" for name, n in numbers.items() if not 1 <= n <= ranges}
    if wrong:
        raise Invalid(what="The pattern", errors=wrong)
    turn = [{text: n for n, text in enumerate(dict.fromkeys(column))} for column in _columns(found)]
    return [
        BinWanted(code=one.code, **{**like, **_stands(one, rack, turn)})  # type: ignore[arg-type]
        for one in found
    ]


def errors_in(code: str, bin: Mapping[str, object]) -> dict[str, str]:
    """Field -> what is wrong with a bin as it would be."""
    return dict(_wrong(code, bin))


def row(given: Mapping[str, str]) -> tuple[BinWanted, dict[str, str]]:
    """A row under canonical names, and column -> what cannot be read. Empty cells change nothing."""
    cells = Cells(given)
    whole = (*LIMITS, *SIZES, "pick_sequence", "aisle_x_mm", "position_mm", "level")
    wanted: dict[str, object] = {name: cells.whole(name) for name in whole}
    wanted |= {name: cells.text(name) for name in ("kind", "aisle", "side", "sku")}
    wanted["is_active"] = cells.flag("active")
    told = {name: UNSET if value is None else value for name, value in wanted.items()}
    return BinWanted(code=given["bin"], **told), cells.errors  # type: ignore[arg-type]


def _texts(found: re.Match[str]) -> tuple[str, ...]:
    first, last, a, z = found.groups()
    if a:
        return tuple(chr(n) for n in range(ord(a), ord(z) + 1))
    if int(last) - int(first) >= BINS_MAX:
        raise Invalid(what="The pattern", errors={"pattern": f"at most {BINS_MAX} bins"})
    return tuple(f"{n:0{len(first)}d}" for n in range(int(first), int(last) + 1))


def _columns(found: list[Named]) -> list[list[str]]:
    return [list(column) for column in zip(*(one.parts for one in found), strict=True)]


def _stands(one: Named, rack: Rack, turn: list[dict[str, int]]) -> dict[str, object]:
    aisle = one.parts[rack.aisle - 1]
    bay = turn[rack.position - 1][one.parts[rack.position - 1]]
    return {
        "aisle": aisle,
        "aisle_x_mm": rack.first_x_mm + turn[rack.aisle - 1][aisle] * rack.aisle_step_mm,
        "position_mm": rack.first_y_mm + (bay // 2 if rack.two_sides else bay) * rack.position_step_mm,
        "side": ("left", "right")[bay % 2] if rack.two_sides else "left",
        "level": turn[rack.level - 1][one.parts[rack.level - 1]] if rack.level else None,
    }


def _wrong(code: str, bin: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    parts = code.split("/")
    whole = len(parts) <= 2 and all(part and part == part.strip() for part in parts)
    if not whole or len(code) > 120 or not code.isprintable():
        yield "code", "BIN or ZONE/BIN, at most 120 printable characters"
    if bin["kind"] not in KINDS:
        yield "kind", f"one of {', '.join(KINDS)}"
    if bin["side"] not in SIDES:
        yield "side", "left or right"
    for name in (*LIMITS, *SIZES):
        if not _within(bin[name], 1, LENGTH_MAX if name in SIZES else QUANTITY_MAX):
            yield name, "a whole number of at least 1"
    for name, last in (("pick_sequence", 10**9), ("position_mm", LENGTH_MAX), ("aisle_x_mm", LENGTH_MAX)):
        if not _within(bin[name], 0, last):
            yield name, f"a whole number from 0 to {last}"
    if not _within(bin["level"], 0, 100):
        yield "level", "a whole number from 0 to 100"
    if (bin["aisle"] is None) != (bin["position_mm"] is None):
        yield "position_mm", "aisle and position belong together"


def _within(value: object, first: int, last: int) -> bool:
    return value is None or (isinstance(value, int) and first <= value <= last)
