"""Which orders of a wave go onto one list: how people pick decides, and what a person can carry limits it."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from quartermaster.warehouse.rules.batching import batch
from quartermaster.warehouse.rules.routing import Layout, Stop, Strategy, route

FULL = 10**15  # what one list takes, in parts: every limit counts as a share of it


class Mode(StrEnum):
    SINGLE = "single"  # a list for every order
    BATCH = "batch"  # orders together, sorted afterwards
    CLUSTER = "cluster"  # orders together, each into its own tote
    ZONE = "zone"  # as batch, with a list for every zone; the packing desk brings them together


class Limits(NamedTuple):
    """Of one list; None: no limit. `orders` are the totes on a cart."""

    orders: int = 12
    units: int | None = None
    weight_g: int | None = None
    volume_ml: int | None = None


class Work(NamedTuple):
    """An order to pick: where its units lie, and what they are to carry."""

    order_id: int
    stops: tuple[Stop, ...]
    units: int
    weight_g: int
    volume_ml: int


class Plan(NamedTuple):
    """batches: indexes of the orders on each list. Lengths are in the unit of the layout, None when nobody
    knows where bins stand; one_by_one: every order walked for alone."""

    batches: tuple[tuple[int, ...], ...]
    length: float | None
    one_by_one: float | None
    because: tuple[str, ...]


def share(work: Work, limits: Limits) -> int:
    """How much of a list an order fills, in parts of FULL, by the limit it fills most. Lists that are full by
    no such share keep every limit: FULL is more than any limit times the orders of a wave."""
    shares = [(1, limits.orders), (work.units, limits.units)]
    shares += [(work.weight_g, limits.weight_g), (work.volume_ml, limits.volume_ml)]
    return max(FULL * carried // most for carried, most in shares if most)


class Walks:
    """How far people walk through a hall; what was asked once is not computed again."""

    def __init__(self, hall: Layout | None, strategy: Strategy = Strategy.EXACT) -> None:
        self.hall, self.strategy = hall, strategy
        self._known: dict[frozenset[Stop], float] = {}

    def of(self, orders: Sequence[Work]) -> float | None:
        """For these together; None where nobody knows where all of it lies."""
        if self.hall is None or not all(order.stops for order in orders):
            return None
        stops = frozenset(stop for order in orders for stop in order.stops)
        if stops not in self._known:
            self._known[stops] = route(self.hall, stops, self.strategy).length
        return self._known[stops]


def group(
    orders: Sequence[Work],
    walks: Walks,
    mode: Mode,
    limits: Limits,
    *,
    is_over: Callable[[], bool],
    is_late: Callable[[], bool] = lambda: False,
) -> Plan:
    """Every order on exactly one list. An order that is above a limit alone has a list to itself."""
    hall, room = walks.hall, [min(FULL, share(order, limits)) for order in orders]
    if mode is Mode.SINGLE:
        batches = [[number] for number in range(len(orders))]
        because = "each order on a list of its own"
    elif hall is None or not all(order.stops for order in orders):
        batches = _in_turn(room)
        because = "together in the order of the queue: nobody has said where all bins stand"
    else:
        # Searching measures ways between the outer cross aisles; the lists are routed with all of them.
        near = hall._replace(ys=(hall.ys[0], hall.ys[-1]), depot_cross=int(hall.depot_cross > 0))
        batches = batch(near, [order.stops for order in orders], room, FULL, is_over=is_over, is_late=is_late)
        because = "together so that all walks in sum are short"
    most = "no limits" if mode is Mode.SINGLE else f"at most {_told(limits)} on a list"
    return measured(orders, batches, walks, (because, most))


def measured(
    orders: Sequence[Work], batches: Sequence[Sequence[int]], walks: Walks, because: Sequence[str]
) -> Plan:
    """The plan of these lists, with how far people walk for them."""
    together = [walks.of([orders[n] for n in one]) for one in batches]
    alone = [walks.of([order]) for order in orders]
    length, one_by_one = _sum(together), _sum(alone)
    told = list(because)
    if length is not None and one_by_one is not None:
        told.append(f"{length / 1000:,.0f} m to walk, {one_by_one / 1000:,.0f} m one order at a time")
    return Plan(tuple(tuple(one) for one in batches), length, one_by_one, tuple(told))


def zone_of(place: str) -> str:
    """`BER/COLD/A-1` is in COLD; a place that is directly in its site is in no zone: ""."""
    _, *zones, _ = ("", *place.split("/")) if "/" not in place else place.split("/")
    return zones[0] if zones else ""


def by_zone[T](picks: Sequence[T], place: Callable[[T], str]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = {}
    for pick in picks:
        found.setdefault(zone_of(place(pick)), []).append(pick)
    return dict(sorted(found.items()))


def _sum(lengths: Sequence[float | None]) -> float | None:
    known = [length for length in lengths if length is not None]
    return sum(known) if known and len(known) == len(lengths) else None


def _in_turn(room: Sequence[int]) -> list[list[int]]:
    batches: list[list[int]] = []
    left = 0
    for number, needed in enumerate(room):
        if not batches or needed > left:
            batches.append([])
            left = FULL
        batches[-1].append(number)
        left -= needed
    return batches


def _told(limits: Limits) -> str:
    told = [f"{limits.orders} orders"]
    told += [f"{limits.units} units"] if limits.units else []
    told += [f"{limits.weight_g} g"] if limits.weight_g else []
    told += [f"{limits.volume_ml} ml"] if limits.volume_ml else []
    return ", ".join(told)
