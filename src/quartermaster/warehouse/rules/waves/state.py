"""A wave being made: the aisles that are open, the orders taken from them, what is left on the shelves."""

from collections.abc import Iterable
from random import Random

from quartermaster.warehouse.rules.waves.shelves import Shelves

PARTLY = 0.3  # what an order is worth to an aisle that brings only some of what it lacks


class Books:
    """What never changes during a search: lines of orders, aisles, and who touches whom."""

    def __init__(self, shelves: Shelves) -> None:
        self.units_min, self.units_max = shelves.units_min, shelves.units_max
        entered = shelves.entered or {}
        self.units = (
            [sum(lines.values()) for lines in shelves.orders]
            if shelves.sizes is None
            else list(shelves.sizes)
        )
        known = (*shelves.orders, *shelves.aisles, entered)
        self.skus = 1 + max((sku for each in known for sku in each), default=-1)
        self.entered = [entered.get(sku, 0) for sku in range(self.skus)]
        there = self.entered.copy()
        for aisle in shelves.aisles:
            for sku, held in aisle.items():
                there[sku] += held
        self.lines: list[tuple[tuple[int, int], ...]] = [
            tuple((sku, units) for sku, units in lines.items() if units) for lines in shelves.orders
        ]
        # what can never be in a wave is not looked at again
        self.possible = [
            number
            for number, lines in enumerate(self.lines)
            if 0 < self.units[number] <= self.units_max and all(there[sku] >= n for sku, n in lines)
        ]
        wanted_by: list[list[tuple[int, int]]] = [[] for _ in range(self.skus)]  # order, units of this SKU
        for number in self.possible:
            for sku, units in self.lines[number]:
                wanted_by[sku].append((number, units))
        self.wanted_by = wanted_by
        self.aisles = [
            tuple((sku, held) for sku, held in shelf.items() if held and wanted_by[sku])
            for shelf in shelves.aisles
        ]
        self.held_by: list[list[tuple[int, int]]] = [[] for _ in range(self.skus)]  # aisle, units of this SKU
        for number, pairs in enumerate(self.aisles):
            for sku, held in pairs:
                self.held_by[sku].append((number, held))
        largest_first = sorted(self.possible, key=lambda n: (-self.units[n], len(self.lines[n])))
        self.turn = {number: turn for turn, number in enumerate(largest_first)}
        self.touching = [
            sorted({n for sku, _ in aisle for n, _ in wanted_by[sku]}, key=self.turn.__getitem__)
            for aisle in self.aisles
        ]


class State:
    """Open aisles and orders taken. Never takes what does not lie in an open aisle, or above units_max."""

    __slots__ = ("books", "left", "open", "taken", "units")

    def __init__(self, books: Books) -> None:
        self.books = books
        self.left = books.entered.copy()
        self.open: set[int] = set()
        self.taken: set[int] = set()
        self.units = 0

    def copy(self) -> "State":
        other = State.__new__(State)
        other.books, other.left, other.open = self.books, self.left.copy(), self.open.copy()
        other.taken, other.units = self.taken.copy(), self.units
        return other

    @property
    def ratio(self) -> float:
        return self.units / len(self.open) if self.open else 0.0

    @property
    def worth(self) -> float:
        """Units an aisle; below the least a wave may have, so much less that more units are always wanted."""
        short = self.units / self.books.units_min if self.units < self.books.units_min else 1.0
        return self.ratio * short * short

    def take(self, orders: Iterable[int]) -> int:
        """Take each that fits, in this turn. Returns the units."""
        left, lines_of, units_of, taken = self.left, self.books.lines, self.books.units, self.taken
        room = before = self.books.units_max - self.units
        for number in orders:
            if units_of[number] > room or number in taken:
                continue
            lines = lines_of[number]
            for sku, units in lines:
                if left[sku] < units:
                    break
            else:
                for sku, units in lines:
                    left[sku] -= units
                taken.add(number)
                room -= units_of[number]
        self.units += before - room
        return before - room

    def put_back(self, number: int) -> None:
        for sku, units in self.books.lines[number]:
            self.left[sku] += units
        self.taken.discard(number)
        self.units -= self.books.units[number]

    def unlock(self, aisle: int) -> None:
        """Open an aisle and take nothing yet."""
        for sku, units in self.books.aisles[aisle]:
            self.left[sku] += units
        self.open.add(aisle)

    def enter(self, aisle: int) -> int:
        """Open an aisle and take what can be taken now. Returns the units."""
        self.unlock(aisle)
        return self.take(self.books.touching[aisle])

    def leave(self, aisle: int) -> None:
        """Close an aisle; orders that need it are put back."""
        left, books = self.left, self.books
        self.open.discard(aisle)
        lacking = []
        for sku, units in books.aisles[aisle]:
            left[sku] -= units
            if left[sku] < 0:
                lacking.append(sku)
        for sku in lacking:
            if left[sku] < 0:
                mine = [n for n, _ in books.wanted_by[sku] if n in self.taken]
                for number in sorted(mine, key=books.units.__getitem__):
                    self.put_back(number)
                    if left[sku] >= 0:
                        break

    def refill(self) -> int:
        """Take what lies in open aisles and nobody has taken. Returns the units."""
        touching = self.books.touching
        return self.take(sorted({n for a in self.open for n in touching[a]}, key=self.books.turn.__getitem__))

    def gain(self, aisle: int, *, is_hopeful: bool = False) -> float:
        """Units that opening this aisle would bring; hopeful: and some of what it brings closer."""
        left, books, taken = self.left, self.books, self.taken
        lines_of, units_of, shelf = books.lines, books.units, books.aisles[aisle]
        room = books.units_max - self.units
        for sku, units in shelf:
            left[sku] += units
        gained, hope, tried = 0, 0.0, []
        for number in books.touching[aisle]:
            if number in taken or units_of[number] > room:
                continue
            lines = lines_of[number]
            for sku, units in lines:
                if left[sku] < units:
                    if is_hopeful and len(lines) > 1:
                        lacks = sum(left[sku] < units for sku, units in lines)
                        hope += units_of[number] / (lacks + 1) ** 2
                    break
            else:
                for sku, units in lines:
                    left[sku] -= units
                tried.append(lines)
                gained += units_of[number]
                room -= units_of[number]
        for lines in tried:
            for sku, units in lines:
                left[sku] += units
        for sku, units in shelf:
            left[sku] -= units
        return gained + PARTLY * min(hope, room) if is_hopeful else gained

    def needed(self, number: int, chance: Random) -> list[int] | None:
        """Few aisles to open so that this order can be taken: each brings the most of what still lacks. None
        when others have taken too much of it."""
        lack = {sku: n - self.left[sku] for sku, n in self.books.lines[number] if n > self.left[sku]}
        opened: list[int] = []
        while lack:
            brings: dict[int, float] = {}
            for sku, units in lack.items():
                for aisle, there in self.books.held_by[sku]:
                    if aisle not in self.open and aisle not in opened:
                        brings[aisle] = brings.get(aisle, chance.random()) + min(there, units) / units
            if not brings:
                return None
            aisle = max(brings, key=brings.__getitem__)
            opened.append(aisle)
            for sku, there in self.books.aisles[aisle]:
                if sku in lack:
                    lack[sku] -= there
                    if lack[sku] <= 0:
                        del lack[sku]
        return opened

    def loss(self, aisle: int) -> int:
        """Units that closing this aisle would cost, at most, before anything else is taken instead."""
        left, books, taken = self.left, self.books, self.taken
        lost: set[int] = set()
        for sku, units in books.aisles[aisle]:
            lack = units - left[sku]
            if lack > 0:
                for number, wanted in books.wanted_by[sku]:
                    if number in taken:
                        lost.add(number)
                        lack -= wanted
                        if lack <= 0:
                            break
        return sum(map(books.units.__getitem__, lost))

    def shake_orders(self, chance: Random, share: float) -> None:
        """Put some back by chance."""
        for number in [n for n in sorted(self.taken) if chance.random() < share]:
            self.put_back(number)
