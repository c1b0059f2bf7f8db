"""Good waves by iterated search: close a few aisles, open those that bring most, keep what is better."""

from collections.abc import Callable
from random import Random

from quartermaster.warehouse.rules.waves.state import Books, State

LEAST = 1e-9
UNKNOWN = 1e9  # the gain of an aisle nobody asked for yet: it is asked first
WORSE_KEPT = 0.02  # a little worse is walked on from, mostly much less than this
BACK_AFTER, ANEW_AFTER = 60, 240  # rounds without anything better: back to the best, or from the start
ORDERS_ASKED = 60  # whole orders looked at in one round
ASKED = 48  # aisles whose gain is computed anew in one round, the most promising by their last one


class Search:
    """Looks for the wave with the most units an aisle."""

    def __init__(self, books: Books, *, is_over: Callable[[], bool], chance: Random) -> None:
        self.books, self.is_over, self.chance = books, is_over, chance
        self.gains = [0.0] * len(books.aisles)  # as last computed
        self.best: State | None = None
        self.has_large_orders = any(len(books.lines[number]) > 1 for number in books.possible)

    def run(self) -> State | None:
        """None when no wave has enough units."""
        now = self.grown(State(self.books), is_first=True)
        self.keep(now)
        stale = 0
        while not self.is_over():
            tried = self.changed(now)
            if tried.worth > now.worth * (1 - WORSE_KEPT * self.chance.random() ** 3):
                now = tried
            if self.keep(tried):
                stale = 0
                continue
            stale += 1
            if self.best is not None and stale % BACK_AFTER == 0:
                now = self.best.copy()
            if stale % ANEW_AFTER == 0:
                now = self.grown(State(self.books), is_first=False)
        return self.best

    def keep(self, state: State) -> bool:
        books = self.books
        if not state.open or not books.units_min <= state.units <= books.units_max:
            return False
        if self.best is None or state.ratio > self.best.ratio + LEAST:
            self.best = state.copy()
            return True
        return False

    def changed(self, now: State) -> State:
        """Some aisles closed, the orders perhaps shaken, then grown again."""
        chance, tried = self.chance, now.copy()
        count = min(len(tried.open), chance.choice((1, 1, 1, 2, 2, 3, 1 + len(tried.open) // 4)))
        if chance.random() < 0.5:
            out = chance.sample(sorted(tried.open), count)
        else:
            losses = sorted((tried.loss(aisle) * (0.5 + chance.random()), aisle) for aisle in tried.open)
            out = [aisle for _, aisle in losses[:count]]
        for aisle in out:
            tried.leave(aisle)
        if chance.random() < 0.3:
            tried.shake_orders(chance, chance.choice((0.1, 0.1, 0.1, 1)))
        if self.has_large_orders and chance.random() < 0.5:
            self.grow_by_orders(tried)
        tried.refill()
        self.grow(tried, without=set(out) if chance.random() < 0.7 else set())
        return self.pruned(tried)

    def grown(self, state: State, *, is_first: bool) -> State:
        chance = self.chance
        self.gains = [UNKNOWN] * len(self.gains)
        if not is_first and self.books.aisles:
            for aisle in chance.sample(range(len(self.books.aisles)), min(2, len(self.books.aisles))):
                state.enter(aisle)
        self.grow(state, without=set())
        return self.pruned(state)

    def grow(self, state: State, *, without: set[int]) -> None:
        """Open aisles until another one brings fewer units than one does on average."""
        books, chance = self.books, self.chance
        is_hopeful, noise = chance.random() < 0.5, 0.3 * chance.random() ** 2
        target = max(state.ratio, self.best.ratio if self.best else 0.0)
        overdraw = chance.choice((0, 0, 0, 1, 2))
        while len(state.open) < len(books.aisles) and not (self.best and self.is_over()):
            gain, aisle = self.most(state, without, is_hopeful=is_hopeful, noise=noise)
            if aisle < 0:
                return
            if state.units >= books.units_min and gain <= (state.ratio if state.open else 0):
                if not overdraw or state.units >= books.units_max or gain < 0.5 * target:
                    return
                overdraw -= 1
            state.enter(aisle)

    def grow_by_orders(self, state: State) -> None:
        """Open what a whole order needs at once, the order with the most units for the fewest aisles: what no
        single aisle makes possible is found so."""
        books, chance = self.books, self.chance
        noise = chance.random()
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            room = books.units_max - state.units
            waiting = [n for n in books.possible if n not in state.taken and books.units[n] <= room]
            if not waiting or self.is_over():
                return
            asked = chance.sample(waiting, min(len(waiting), ORDERS_ASKED))
            best_worth, best, best_opening = 0.0, -1, list[int]()
            for number in asked:
                opening = state.needed(number, chance)
                if opening is None:
                    continue
                worth = books.units[number] / (len(opening) or 0.5) * (1 + noise * chance.random())
                if worth > best_worth:
                    best_worth, best, best_opening = worth, number, opening
            if best < 0:
                return
            for aisle in best_opening:
                state.unlock(aisle)
            state.take([best])  # before smaller ones take what it needs

    def most(self, state: State, without: set[int], *, is_hopeful: bool, noise: float) -> tuple[float, int]:
        """The aisle that brings most; the last known gains say which to ask."""
        gains, chance = self.gains, self.chance
        asked = sorted(
            (n for n in range(len(gains)) if n not in state.open and n not in without),
            key=gains.__getitem__,
            reverse=True,
        )
        if len(asked) > ASKED and gains[asked[0]] < UNKNOWN:
            asked = asked[: ASKED * 3 // 4] + chance.sample(asked[ASKED * 3 // 4 :], ASKED // 4)
        found = []
        for aisle in asked:
            gain = gains[aisle] = state.gain(aisle, is_hopeful=is_hopeful)
            found.append((gain * (1 + noise * chance.random()), gain, aisle))
        if not found:
            return 0.0, -1
        _, gain, aisle = max(found)
        return gain, aisle

    def pruned(self, state: State) -> State:
        """Without aisles whose units are fewer than one has on average."""
        while len(state.open) > 1:
            loss, aisle = min((state.loss(aisle), aisle) for aisle in state.open)
            if loss >= state.ratio or state.units - loss < self.books.units_min:
                break
            without = state.copy()
            without.leave(aisle)
            without.refill()
            if without.worth <= state.worth:
                break
            state = without
        return state
