"""Real baskets into a fixed list of cartons: how many cartons, what is charged, how fast, all of it right.

A basket is an order of the Olist data with the measures of its products (length, width, height in cm, weight
in g). The tariff is one of our own: a base and an amount per kilogram in steps, volume by divisor 5000.
"""

import csv
import gzip
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ITEMS, PRODUCTS = "olist_order_items_dataset.csv.gz", "olist_products_dataset.csv.gz"
DIVISOR, BASE_MINOR, PER_STEP_MINOR, STEP_G, TOP_G = 5000, 300, 45, 500, 150_000
# inside in mm, tare in g, cost in cents; the outside is 8 mm longer and wider and 14 mm higher
CARTONS = (
    ("A", (240, 160, 60), 60, 18), ("B", (240, 180, 110), 100, 25), ("C", (300, 220, 120), 150, 32),
    ("D", (260, 260, 200), 200, 40), ("E", (390, 290, 150), 270, 52), ("F", (340, 300, 270), 320, 60),
    ("G", (490, 340, 220), 430, 80), ("H", (420, 380, 360), 520, 95), ("I", (590, 390, 290), 680, 120),
    ("J", (560, 500, 420), 900, 160), ("K", (790, 590, 390), 1500, 260), ("L", (1050, 450, 450), 1600, 290),
    ("M", (1180, 790, 590), 2600, 480), ("N", (1200, 1000, 1100), 4200, 900),
)  # fmt: skip


class Basket(NamedTuple):
    order: str
    goods: tuple[Any, ...]


def found(folder: Path) -> Path | None:
    """The folder with the data, in or beside `folder`."""
    for near in (folder, *sorted(folder.rglob("olist")), folder.parent / "olist"):
        if (near / ITEMS).exists() and (near / PRODUCTS).exists():
            return near
    return None


def measure(folder: Path, *, orders: int) -> dict[str, Any]:
    """The figures. Baskets of several units come first: they are the hard ones, and the fewer."""
    from quartermaster.shipping.rules.cartons import Wanted, cartonize

    packaging, terms = _packaging(), _terms()
    baskets = _baskets(folder)[:orders]
    total: Counter[str] = Counter()
    wrong: list[str] = []
    took = 0.0
    for basket in baskets:
        began = time.process_time()
        plan = cartonize(Wanted(1, basket.goods, packaging, (terms,)))
        took += time.process_time() - began
        wrong += [f"{basket.order}: {fault}" for fault in _faults(basket, plan, packaging)]
        _add(total, basket, plan, packaging)
    several = sum(1 for basket in baskets if sum(one.units for one in basket.goods) > 1)
    return {
        "orders": len(baskets),
        "of_several_units": several,
        "not_measured": total["guesses"],
        "cartons": total["cartons"],
        "own_packaging": total["own"],
        "cartons_by_bound": total["cartons"] / total["bound"] if total["bound"] else None,
        "billable_kg": total["billable_g"] / 1000,
        "by_volume_kg": total["by_volume_g"] / 1000,
        "by_volume_do_not_fit": total["do_not_fit"],
        "by_volume_that_fits_kg": total["holds_g"] / 1000,
        "billable_share": total["billable_g"] / total["holds_g"] if total["holds_g"] else None,
        "seconds": took,
        "orders_a_second": len(baskets) / took if took else None,
        "wrong": wrong[:20],
        "valid_share": 1 - len({each.partition(":")[0] for each in wrong}) / max(1, len(baskets)),
    }


def table(figures: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"{figures['orders']:,} baskets, {figures['of_several_units']:,} of several units, "
            f"{figures['not_measured']:,} with something not measured",
            f"cartons                        {figures['cartons']:>10,}",
            f"cartons / volume bound         {figures['cartons_by_bound']:>10.4f}",
            f"billable weight                {figures['billable_kg']:>10,.0f} kg",
            f"  smallest box by volume       {figures['by_volume_kg']:>10,.0f} kg, but "
            f"{figures['by_volume_do_not_fit']:,} baskets do not go in",
            f"  smallest by volume that fits {figures['by_volume_that_fits_kg']:>10,.0f} kg",
            f"  share of that                {figures['billable_share']:>10.4f}",
            f"baskets a second               {figures['orders_a_second']:>10,.0f}",
            f"valid                          {figures['valid_share']:>10.2%}",
            *figures["wrong"],
        ]
    )


def _packaging() -> Any:
    from quartermaster.warehouse.rules.packaging import Carton, Packaging

    cartons = tuple(
        Carton(code, code, (a, b, c), (a + 8, b + 8, c + 14), tare_g, 50_000, cost)
        for code, (a, b, c), tare_g, cost in CARTONS
    )
    return Packaging(1, "EUR", cartons)


def _terms() -> Any:
    from quartermaster.shipping.rules.cartons import Terms
    from quartermaster.shipping.rules.cartons.terms import LONG_AGO
    from quartermaster.shipping.rules.tables import Band, Dimensional

    steps = range(1, TOP_G // STEP_G + 1)
    bands = tuple(Band(n * STEP_G, BASE_MINOR + n * PER_STEP_MINOR) for n in steps)
    return Terms("Tariff", bands, dimensional=Dimensional(DIVISOR, LONG_AGO))


def _baskets(folder: Path) -> list[Basket]:
    from quartermaster.shipping.rules.cartons import Goods

    measures = {row["product_id"]: _measures(row) for row in _rows(folder / PRODUCTS)}
    units: dict[str, Counter[str]] = {}
    for row in _rows(folder / ITEMS):
        units.setdefault(row["order_id"], Counter())[row["product_id"]] += 1
    by_size = sorted(units.items(), key=lambda each: (each[1].total() < 2, each[0]))
    return [
        Basket(
            order,
            tuple(
                Goods(product, count, *measures.get(product, (None, None)))
                for product, count in sorted(counts.items())
            ),
        )
        for order, counts in by_size
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rb") as file:
        yield from csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))


def _measures(row: dict[str, str]) -> tuple[int | None, tuple[int, int, int] | None]:
    """(grams, mm); what is missing or zero is not known."""
    sides = [round(float(row[f"product_{side}_cm"] or 0) * 10) for side in ("length", "width", "height")]
    weight_g = round(float(row["product_weight_g"] or 0))
    return weight_g or None, (sides[0], sides[1], sides[2]) if min(sides) > 0 else None


def _add(total: Counter[str], basket: Basket, plan: Any, packaging: Any) -> None:
    total["cartons"] += len(plan.boxes)
    total["own"] += sum(1 for box in plan.boxes if not box.carton)
    total["guesses"] += plan.is_guess
    if plan.is_guess:
        total["cartons"] -= len(plan.boxes)
        return
    mm3 = sum(_mm3(one.size_mm) * one.units for one in basket.goods)
    weight_g = sum(one.weight_g * one.units for one in basket.goods)
    largest = max(_mm3(carton.inner_mm) for carton in packaging.cartons)
    total["bound"] += max(1, -(-mm3 // largest))
    total["billable_g"] += sum(_billable(box.outer_mm, box.weight_g) for box in plan.boxes)
    tried, holds = _by_volume(basket, mm3, weight_g, packaging)
    total["by_volume_g"] += tried
    total["holds_g"] += holds
    total["do_not_fit"] += tried != holds


def _by_volume(basket: Basket, mm3: int, weight_g: int, packaging: Any) -> tuple[int, int]:
    """What is charged for the smallest carton whose volume is enough, whether it holds the basket or not, and
    for the smallest by volume that does; as many of the largest as their volume asks for where none does."""
    from quartermaster.shipping.rules.cartons.load import measured, whole

    by_size = sorted(packaging.cartons, key=lambda carton: _mm3(carton.inner_mm))
    enough = [each for each in by_size if _mm3(each.inner_mm) >= mm3]
    times = -(-mm3 // _mm3(by_size[-1].inner_mm))
    largest = times * _billable(by_size[-1].outer_mm, weight_g // times + by_size[-1].tare_g)
    if not enough:
        return largest, largest
    units = {one.sku: measured(one, packaging)[0] for one in basket.goods}
    counts = {one.sku: one.units for one in basket.goods}
    holds = next((each for each in enough if whole(each, units, counts)), None)
    tried = _billable(enough[0].outer_mm, weight_g + enough[0].tare_g)
    return tried, _billable(holds.outer_mm, weight_g + holds.tare_g) if holds else largest


def _billable(outer_mm: Sequence[int], weight_g: int) -> int:
    up = [-(-side // 10) * 10 for side in outer_mm]
    return max(weight_g, -(-up[0] * up[1] * up[2] // DIVISOR))


def _mm3(sides: Sequence[int]) -> int:
    return sides[0] * sides[1] * sides[2]


def _faults(basket: Basket, plan: Any, packaging: Any) -> Iterator[str]:
    """A check that shares nothing with the rule: units, walls, overlap, sides, weight."""
    goods = {one.sku: one for one in basket.goods}
    packed: Counter[str] = Counter()
    for box in plan.boxes:
        packed.update(dict(box.contents))
        carton = packaging.carton(box.carton)
        if carton is None:
            continue
        if sum(count * (goods[sku].weight_g or 0) for sku, count in box.contents) > carton.weight_max_g:
            yield f"{carton.code} is too heavy"
        ends = [tuple(a + b for a, b in zip(one.at_mm, one.size_mm, strict=True)) for one in box.lying]
        for n, one in enumerate(box.lying):
            if sorted(one.size_mm) != sorted(goods[one.sku].size_mm):
                yield f"{one.sku} has another size"
            if min(one.at_mm) < 0 or any(a > b for a, b in zip(ends[n], carton.inner_mm, strict=True)):
                yield f"{one.sku} sticks out"
            for m in range(n):
                other = box.lying[m]
                if all(one.at_mm[i] < ends[m][i] and other.at_mm[i] < ends[n][i] for i in range(3)):
                    yield f"{one.sku} and {other.sku} are in each other"
    if packed != Counter({one.sku: one.units for one in basket.goods}):
        yield "other units are packed than were ordered"
