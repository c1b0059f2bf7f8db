"""How often a simulated vendor lets itself be asked: buckets that fill again by the clock."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Rate(NamedTuple):
    """Calls that are counted together: `most` at once, and `a_second` of them from then on."""

    name: str
    a_second: float
    most: float


class Bucket:
    """Full at first. `clock`: seconds that only grow."""

    def __init__(self, a_second: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.a_second, self.most, self.left = a_second, most, most
        self._clock, self._at = clock, clock()

    def look(self) -> float:
        """What is left now."""
        at = self._clock()
        self.left = min(self.most, self.left + (at - self._at) * self.a_second)
        self._at = at
        return self.left

    def take(self, cost: float = 1.0) -> bool:
        """False: there is not enough, and nothing was taken."""
        if self.look() < cost:
            return False
        self.left -= cost
        return True


class Budget:
    """Of a vendor. `rate_of`: of a method and a path; None for what is not counted. `refused`: how many calls
    were too many."""

    def __init__(
        self,
        rate_of: Callable[[str, str], Rate | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.refused = 0
        self._rate_of, self._clock = rate_of, clock
        self._buckets: dict[str, Bucket] = {}

    def lets(self, method: str, path: str) -> bool:
        rate = self._rate_of(method, path)
        if rate is None:
            return True
        bucket = self._buckets.get(rate.name)
        if bucket is None:
            bucket = self._buckets[rate.name] = Bucket(rate.a_second, rate.most, self._clock)
        is_in = bucket.take()
        self.refused += not is_in
        return is_in
