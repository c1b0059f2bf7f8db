"""The cheapest cartons for an order: carton and freight together, nothing beside what it must not lie with.

One carton is looked for first: they are tried by what they would cost, so the first that holds everything is
the cheapest one. Several are filled one after the other, by two ways of choosing the next; the cheaper of
both taken. A plan of several may therefore be dearer than the best.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from quartermaster.core.money import Money
from quartermaster.shipping.rules.cartons.load import Load, Unit, measured, most, whole
from quartermaster.shipping.rules.cartons.shapes import Box, Goods, Plan, Wanted
from quartermaster.shipping.rules.cartons.terms import Charge, charge
from quartermaster.warehouse.rules.packaging import KINDS, Carton

VERSION = 1  # of this choice; raised when the same inputs would get another answer
CAPS_MAX = 3
UNTAKEN = 10**9  # what it counts that no service takes a carton: the last resort


class _Costed(NamedTuple):
    load: Load
    minor: int
    charge: Charge | None


def cartonize(wanted: Wanted) -> Plan:
    """Cartons for all goods. Every placing was found right by the check; what was never measured is named."""
    because: list[str] = []
    units: dict[str, Unit] = {}
    for goods in wanted.goods:
        units[goods.sku], guesses = measured(goods, wanted.packaging)
        because.extend(guesses)
    is_guess = bool(because)
    boxes: list[Box] = []
    for group, why in _groups(wanted.goods, wanted.packaging.apart):
        because.extend(why)
        made, told = _packed(wanted, units, group)
        boxes.extend(made)
        because.extend(told)
    cost = sum(box.carton_minor + box.freight_minor for box in boxes)
    return Plan(VERSION, tuple(boxes), tuple(because), cost, wanted.packaging.currency, is_guess=is_guess)


def _groups(
    goods: Sequence[Goods], apart: Sequence[tuple[str, str]]
) -> Iterator[tuple[dict[str, int], list[str]]]:
    """What may share cartons, as SKU -> units, with why it lies apart from the rest."""
    never = {frozenset(pair) for pair in apart}
    shared: list[tuple[set[str], dict[str, int]]] = []
    for kind in KINDS:
        mine = {one.sku: one.units for one in goods if one.kind == kind and not one.is_alone}
        if not mine:
            continue
        for kinds, counts in shared:
            if not any(frozenset((kind, other)) in never for other in kinds):
                kinds.add(kind)
                counts.update(mine)
                break
        else:
            shared.append(({kind}, mine))
    for kinds, counts in shared:
        why = [f"{', '.join(sorted(counts))} ({', '.join(sorted(kinds))}) lies apart from the rest"]
        yield counts, why if len(shared) > 1 else []
    for one in goods:
        for n in range(one.units if one.is_alone else 0):
            yield {one.sku: 1}, [] if n else [f"{one.sku} ships alone"]


def _packed(
    wanted: Wanted, units: Mapping[str, Unit], counts: dict[str, int]
) -> tuple[list[Box], Iterator[str]]:
    single, passed = _one(wanted, units, counts)
    found: list[_Costed | str] = [single] if single is not None else []
    if single is None or _may_be_cheaper(wanted, single, counts):
        caps = _caps(wanted, sum(units[sku].weight_g * count for sku, count in counts.items()))
        cartons = [c for c in wanted.packaging.cartons if single is None or c != single.load.carton]
        ways = [_several(wanted, units, counts, cartons, by, None) for by in (_densest, _largest)]
        ways += [_several(wanted, units, counts, wanted.packaging.cartons, _densest, cap) for cap in caps]
        found = min([found, *ways] if found else ways, key=_sum)
    boxes = [_box(wanted, units, each) for each in found]
    return boxes, _told(wanted, boxes, passed if len(boxes) == 1 else [])


def _caps(wanted: Wanted, weight_g: int) -> list[int]:
    """Weights up to which a service charges less than for all of it: the first carton may stay below one."""
    edges = {band.up_to_g for each in wanted.terms for band in each.bands if band.up_to_g < weight_g}
    return sorted(edges, reverse=True)[:CAPS_MAX]


def _one(
    wanted: Wanted, units: Mapping[str, Unit], counts: Mapping[str, int]
) -> tuple[_Costed | None, list[str]]:
    """The cheapest carton for all of it, and those that would have been cheaper and do not hold it."""
    weight_g = sum(units[sku].weight_g * count for sku, count in counts.items())
    passed: list[str] = []
    for minor, _, carton, paid in _by_cost(wanted, weight_g):
        load = whole(carton, units, counts)
        if load is not None:
            return _Costed(load, minor, paid), passed
        passed.append(carton.code)
    return None, passed


def _by_cost(wanted: Wanted, weight_g: int) -> list[tuple[int, int, Carton, Charge | None]]:
    """Cartons with what they cost when so much is in them; ties: the smaller one."""
    found = []
    for n, carton in enumerate(wanted.packaging.cartons):
        paid = charge(carton.outer_mm, weight_g + carton.tare_g, wanted.terms)
        length, width, height = carton.outer_mm
        minor = carton.cost_minor + (paid.minor if paid else UNTAKEN)
        found.append((minor, length * width * height, n, carton, paid))
    return [(minor, volume, carton, paid) for minor, volume, _, carton, paid in sorted(found, key=_first)]


def _first(row: tuple[int, int, int, Carton, Charge | None]) -> tuple[int, int, int]:
    return row[:3]


def _may_be_cheaper(wanted: Wanted, single: _Costed, counts: Mapping[str, int]) -> bool:
    """Whether two of the cheapest empty cartons would still cost less than the one."""
    least = min(minor for minor, *_ in _by_cost(wanted, 0))
    return sum(counts.values()) > 1 and 2 * least < single.minor


def _several(
    wanted: Wanted,
    units: Mapping[str, Unit],
    counts: Mapping[str, int],
    cartons: Sequence[Carton],
    by: object,
    cap_g: int | None,
) -> list[_Costed | str]:
    """Carton after carton until nothing is left, each up to `cap_g` with its own weight; a SKU alone stands
    for a unit that no carton holds."""
    left, found = dict(counts), list[_Costed | str]()
    while left:
        rest, _ = _one(wanted, units, left) if found else (None, [])
        if rest is not None:
            return [*found, rest]
        loads = [load for carton in cartons if (load := most(carton, units, left, cap_g=cap_g))]
        if loads:
            costed = [_costed(wanted, load) for load in loads]
            best = min(costed, key=by)  # type: ignore[call-overload]
            smaller, _ = _one(wanted, units, best.load.counts)
            found.append(smaller if smaller and smaller.minor <= best.minor else best)
            taken: Mapping[str, int] = best.load.counts
        else:
            sku = max(left, key=lambda sku: (units[sku].mm3, sku))
            found.append(sku)
            taken = {sku: 1}
        left = {sku: count - taken.get(sku, 0) for sku, count in left.items() if count > taken.get(sku, 0)}
    return found


def _costed(wanted: Wanted, load: Load) -> _Costed:
    paid = charge(load.carton.outer_mm, load.weight_g + load.carton.tare_g, wanted.terms)
    return _Costed(load, load.carton.cost_minor + (paid.minor if paid else UNTAKEN), paid)


def _densest(each: _Costed) -> tuple[float, str]:
    return each.minor / max(1, each.load.volume), each.load.carton.code


def _largest(each: _Costed) -> tuple[int, int, str]:
    return -each.load.volume, each.minor, each.load.carton.code


def _sum(found: Sequence[_Costed | str]) -> tuple[int, int]:
    return sum(UNTAKEN if isinstance(each, str) else each.minor for each in found), len(found)


def _box(wanted: Wanted, units: Mapping[str, Unit], each: _Costed | str) -> Box:
    if isinstance(each, str):
        one = units[each]
        outer = one.goods.size_mm
        paid = charge(outer, one.weight_g, wanted.terms) if outer else None
        return Box(
            carton="", title="own packaging", outer_mm=outer, contents=((each, 1),), lying=(), loose=(),
            weight_g=one.weight_g, billable_g=paid.billable_g if paid else 0, carton_minor=0,
            freight_minor=paid.minor if paid else 0, service=paid.service if paid else "", fill_bp=10_000,
        )  # fmt: skip
    load, paid = each.load, each.charge
    length, width, height = load.carton.inner_mm
    return Box(
        carton=load.carton.code,
        title=load.carton.title,
        outer_mm=load.carton.outer_mm,
        contents=tuple(sorted(load.counts.items())),
        lying=load.lying,
        loose=load.loose,
        weight_g=load.weight_g + load.carton.tare_g,
        billable_g=paid.billable_g if paid else 0,
        carton_minor=load.carton.cost_minor,
        freight_minor=paid.minor if paid else 0,
        service=paid.service if paid else "",
        fill_bp=load.volume * 10_000 // (length * width * height),
    )


def _told(wanted: Wanted, boxes: Sequence[Box], passed: Sequence[str]) -> Iterator[str]:
    if passed:
        yield f"{', '.join(passed)} would cost no more, and no way was found to pack all of it there"
    for box in boxes:
        units = sum(count for _, count in box.contents)
        what = f"{box.carton or box.contents[0][0]}: {units} unit{'s' if units > 1 else ''}"
        if not box.carton:
            yield f"{what} in its own packaging: no carton holds it"
        if not box.service:
            yield f"{what}, {box.weight_g:,} g: no service of the rate tables takes it so"
            continue
        freight = Money(box.freight_minor, wanted.packaging.currency)
        carton = Money(box.carton_minor, wanted.packaging.currency)
        by_volume = f", charged as {box.billable_g:,} g" if box.billable_g != box.weight_g else ""
        yield f"{what}, {box.weight_g:,} g{by_volume}: {freight} with {box.service}, {carton} the carton"
