"""Where goods go from the dock: a chain of rules, each asked in turn, over the bins that can take them."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from quartermaster.core.errors import Refused

STORAGE = frozenset({"storage", "bulk", "pick_face"})
MANY = 10**12  # no limit
type Size = tuple[int, int, int]


class BinRefused(Refused):
    code = "bin-refused"
    message = "{place} cannot take {units} × {sku}: {because}."
    remedy = "Scan another bin, or put fewer there."


class ReasonWanted(Refused):
    code = "reason-wanted"
    message = "{sku} was to go to {suggested}, not to {place}."
    remedy = "Scan {suggested}, or say why it goes elsewhere."


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One link of the chain. cross_dock: units that orders wait for go to staging. fixed_bin: the SKU's own.
    category, velocity, size: goods of that category or class, or at least `longest_mm` long, go to bins whose
    code begins with `zone` and whose kind is among `kinds`. same_sku: beside its like. empty: the nearest
    empty bin. nearest: the nearest with room."""

    rule: Literal["cross_dock", "fixed_bin", "category", "velocity", "size", "same_sku", "empty", "nearest"]
    value: str = ""  # the category or the class
    longest_mm: int = 0
    zone: str = ""
    kinds: tuple[str, ...] = ()


class Chain(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """segregates_lots: no bin holds two lots of one SKU."""

    rules: tuple[Rule, ...]
    segregates_lots: bool = True


ORDINARY = Chain(
    rules=(
        *(Rule(rule="cross_dock"), Rule(rule="fixed_bin")),
        Rule(rule="velocity", value="A", kinds=("pick_face",)),
        *(Rule(rule="same_sku"), Rule(rule="empty"), Rule(rule="nearest")),
    )
)


class Item(Struct, frozen=True, kw_only=True):
    """Units to put away. volume_ml, weight_g, size_mm: of one unit, where known. waiting: units that orders
    wait for and no other stock serves."""

    sku: str
    units: int
    lot: str = ""
    volume_ml: int | None = None
    weight_g: int | None = None
    size_mm: Size | None = None
    category: str = ""
    velocity: str = ""
    waiting: int = 0


class Bin(Struct, frozen=True, kw_only=True):
    """A bin and what lies in it. sku: the only one it takes. lots: of the item's SKU. near: smaller is
    nearer to the dock."""

    place: str
    kind: str = "storage"
    is_active: bool = True
    units_max: int | None = None
    volume_max_ml: int | None = None
    weight_max_g: int | None = None
    size_mm: Size | None = None
    sku: str = ""
    units: int = 0
    volume_ml: int = 0
    weight_g: int = 0
    has_sku: bool = False
    lots: tuple[str, ...] = ()
    near: float = 0.0

    @property
    def order(self) -> tuple[float, str]:
        return self.near, self.place

    @property
    def name(self) -> str:
        return self.place.partition("/")[2] or self.place


class Suggestion(Struct, frozen=True):
    """place "": no bin can take it. units: so many of them fit. against: what the rules before said."""

    place: str
    units: int
    because: str
    against: tuple[str, ...] = ()


def room(item: Item, bin: Bin, *, segregates_lots: bool) -> tuple[int, str]:
    """How many of the units the bin can take, and what speaks against more."""
    if not bin.is_active:
        return 0, "it is closed"
    if bin.sku and bin.sku != item.sku:
        return 0, f"it is kept for {bin.sku}"
    if segregates_lots and item.lot not in bin.lots and bin.lots:
        return 0, f"lot {bin.lots[0] or 'unknown'} of {item.sku} lies there"
    if item.size_mm and bin.size_mm and not _goes_in(item.size_mm, bin.size_mm):
        return 0, "one unit is larger than the bin"
    limits = [
        (bin.units_max, bin.units, 1, "units"),
        (bin.volume_max_ml, bin.volume_ml, item.volume_ml, "ml"),
        (bin.weight_max_g, bin.weight_g, item.weight_g, "g"),
    ]
    fits, because = item.units, ""
    for limit, held, each, unit in limits:
        if limit is not None and each:
            left = max(0, (limit - held) // each)
            if left < fits:
                fits, because = left, f"it holds {held} of {limit} {unit}"
    return fits, because


def suggest(item: Item, bins: Sequence[Bin], chain: Chain) -> Suggestion:
    """The first rule that has a bin with room for one unit at least decides; among its bins those that take
    all come first, then the nearest."""
    against: list[str] = []
    nearest = sorted(bins, key=lambda bin: bin.order)
    for rule in chain.rules:
        applies, words = _applies(rule, item)
        if not applies:
            continue
        wanted = min(item.units, item.waiting) if rule.rule == "cross_dock" else item.units
        found = [(bin, room(item, bin, segregates_lots=chain.segregates_lots)) for bin in nearest]
        mine = [(bin, fits, why) for bin, (fits, why) in found if _is_of(rule, item, bin)]
        able = [(min(fits, wanted), bin) for bin, fits, _ in mine if fits > 0]
        if able:
            units, bin = max(able, key=lambda each: each[0])  # the first of those that take most
            return Suggestion(bin.place, units, words, tuple(against))
        reasons = [f"{bin.name}: {why}" for bin, _, why in mine[:3] if why]
        against.append(f"{words}: " + ("; ".join(reasons) or "no such bin"))
    return Suggestion("", 0, "no bin can take it", tuple(against))


def _applies(rule: Rule, item: Item) -> tuple[bool, str]:
    longest = max(item.size_mm or (0,))
    match rule.rule:
        case "cross_dock":
            return item.waiting > 0, f"orders wait for {item.waiting} of it"
        case "fixed_bin":
            return True, "its own bin"
        case "category":
            return item.category == rule.value, f"category {rule.value} goes to {_where(rule)}"
        case "velocity":
            return item.velocity == rule.value, f"class {rule.value} goes to {_where(rule)}"
        case "size":
            return longest >= rule.longest_mm > 0, f"{longest} mm long: goes to {_where(rule)}"
        case "same_sku":
            return True, "beside its like"
        case "empty":
            return True, "the nearest empty bin"
        case "nearest":
            return True, "the nearest bin with room"


def _where(rule: Rule) -> str:
    kinds = " or ".join(kind.replace("_", " ") for kind in rule.kinds)
    return " ".join(filter(None, (kinds, rule.zone))) or "storage"


def _is_of(rule: Rule, item: Item, bin: Bin) -> bool:
    if rule.rule == "cross_dock":
        return bin.kind in ("staging", "packing")
    if bin.kind not in (rule.kinds or STORAGE) or not bin.name.startswith(rule.zone):
        return False
    match rule.rule:
        case "fixed_bin":
            return bin.sku == item.sku
        case "same_sku":
            return bin.has_sku
        case "empty":
            return not bin.units and not bin.sku
    return True


def _goes_in(size: Size, into: Size) -> bool:
    return all(a <= b for a, b in zip(sorted(size), sorted(into), strict=True))
