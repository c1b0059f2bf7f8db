"""The published instances, as their authors wrote them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quartermaster.warehouse.rules.routing import Layout, Stop


class Routing(NamedTuple):
    """One picker, one list. `places` holds for each unit wanted where it lies."""

    name: str
    layout: Layout
    places: list[list[Stop]]
    best: float
    is_proven: bool

    @property
    def is_scattered(self) -> bool:
        return any(len(each) > 1 for each in self.places)


class Batching(NamedTuple):
    """Orders to put together; `best` is the best length known with shortest tours, proven to be or not."""

    name: str
    layout: Layout
    orders: list[list[Stop]]
    capacity: int
    best: float
    is_proven: bool
    first_come: float  # orders in the order they came, tours in S-shape


def references(files: Mapping[str, str], wanted: str) -> Iterator[dict[str, str]]:
    """The rows of every CSV whose name begins so."""
    for name, text in files.items():
        if name.rpartition("/")[2].startswith(wanted) and name.endswith(".csv"):
            yield from csv.DictReader(io.StringIO(text))


def routings(files: Mapping[str, str]) -> Iterator[Routing]:
    """Instances of Hessler and Irnich (2024): cells are numbered from the back, units wanted one by one."""
    known = {row["instance_name"]: row for row in references(files, "reference_values")}
    for path, text in sorted(files.items()):
        name = path.rpartition("/")[2].removesuffix(".txt")
        head = dict(re.findall(r"^(\w+) : (\S+)", text, re.MULTILINE))
        if head.get("LAYOUT") != "single-block" or name not in known:
            continue
        cells = int(head["DISTANCE_CELL_TO_CELL"])
        top, bottom = int(head["DISTANCE_TOP_TO_CELL"]), int(head["DISTANCE_BOTTOM_TO_CELL"])
        length = top + (int(head["NUM_CELLS"]) - 1) * cells + bottom
        wide = int(head["DISTANCE_AISLE_TO_AISLE"])
        layout = Layout(
            tuple(wide * aisle for aisle in range(int(head["NUM_AISLES"]))),
            (0, length),
            int(head["DEPOT_AISLE"]),
            1 if head["DEPOT_LOCATION"] == "top" else 0,
        )
        places: dict[str, list[Stop]] = {}
        for sku, aisle, cell in re.findall(r"^ID (\d+) AISLE (\d+) CELL (\d+)", text, re.MULTILINE):
            places.setdefault(sku, []).append(Stop(int(aisle), length - top - int(cell) * cells))
        wanted = re.findall(r"^ID (\d+) QUANTITY 1\s*$", text, re.MULTILINE)
        yield Routing(
            name,
            layout,
            [places[sku] for sku in wanted],
            float(known[name]["reference_value"]),
            known[name]["reference_is_opt"] == "True",
        )


def batchings(files: Mapping[str, str]) -> Iterator[Batching]:
    """Instances of Henn and Waescher: ten aisles, 45 cells on both sides, depot in front of the first."""
    layout = Layout(tuple(5 * aisle for aisle in range(10)), (0, 47))
    for row in references(files, "obp_reference"):
        orders: list[list[Stop]] = []
        for line in files[row["file"]].splitlines():
            if line.startswith("Order"):
                orders.append([])
            elif found := re.match(r"\d+\s+Aisle (\d+)\s+Location (\d+)", line):
                orders[-1].append(Stop(int(found[1]) // 2, 1.5 + int(found[2])))
        yield Batching(
            row["file"],
            layout,
            orders,
            int(row["capacity"]),
            float(row["BKS_optimal"]),
            row["is_opt_optimal"] == "True",
            float(row["fcfs_sshape"]),
        )
