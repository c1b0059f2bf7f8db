"""How long the shortest tours through one block are: the same answer as `shortest`, without the tour, for
searches that ask a hundred thousand times.

Stops are bits of one integer, a field of bits for each aisle, so that joining two orders is one `|`. What
an aisle and a whole tour take is remembered.
"""

from collections.abc import Iterable
from itertools import pairwise

from quartermaster.warehouse.rules.routing.layout import Layout, Stop
from quartermaster.warehouse.rules.routing.ways import NEVER, lengths

REMEMBERED_MAX = 400_000


class Lengths:
    """Of tours from the depot through places of one block. `places` are all that will ever be asked for."""

    def __init__(self, layout: Layout, places: Iterable[Stop]) -> None:
        assert len(layout.ys) == 2, "one block only"
        depot = Stop(layout.depot_aisle, layout.ys[layout.depot_cross])
        front, back = layout.ys
        self._ys = sorted({y - front for _, y in places} | {depot.y - front})
        self._deep = back - front
        self._front = front
        self._field = len(self._ys)
        self._within = (1 << self._field) - 1
        self._bits = {y: n for n, y in enumerate(self._ys)}
        self._shifts = [self._field * aisle for aisle in range(len(layout.xs))]
        self._steps = [0.0, *(there - here for here, there in pairwise(layout.xs))]
        self._depot = self.mask([depot])
        self._aisles: dict[int, tuple[float, ...]] = {}
        self._tours: dict[int, float] = {0: 0.0}

    def mask(self, stops: Iterable[Stop]) -> int:
        """The stops as bits; masks of several orders are joined with |."""
        joined = 0
        for aisle, y in stops:
            joined |= 1 << (self._shifts[aisle] + self._bits[y - self._front])
        return joined

    def of(self, mask: int) -> float:
        """The length of the shortest tour through these stops."""
        known = self._tours.get(mask)
        if known is None:
            if len(self._tours) > REMEMBERED_MAX:
                self._tours = {0: 0.0}
            known = self._tours[mask] = self._shortest(mask | self._depot)
        return known

    def _shortest(self, mask: int) -> float:
        """The dynamic program of `shortest` for two cross aisles, its states written out: both ends odd;
        only the back or only the front reached; both reached and joined; both reached and still apart.
        """
        across, twice = self._deep, 2 * self._deep
        odd = back = front = joined = apart = answer = NEVER
        has_begun = False
        for shift, wide in zip(self._shifts, self._steps, strict=True):
            stops = (mask >> shift) & self._within
            if not has_begun:
                if stops:
                    has_begun = True
                    back, front, apart, *_ = self._ways(stops)
                    odd, joined = across, twice
                    answer = min(back, front, joined)
                continue
            # on from the aisle before: edges along the back, the front, or both
            far = 2 * wide
            one = back if back < front else front
            apart = (one if one < apart else apart) + 2 * far
            back = (back if back < joined else joined) + far
            front = (front if front < joined else joined) + far
            odd, joined = odd + far, joined + 2 * far
            # and through this one
            even = back if back < front else front
            even = apart if apart < even else even
            to_odd, to_joined = (even if even < joined else joined) + across, min(odd + across, even + twice)
            if stops:
                from_back, from_front, _, front_or_gap, back_or_gap, cheapest, any_way = self._ways(stops)
                odd, joined = min(odd + any_way, to_odd), min(joined + any_way, to_joined)
                apart = min(back + front_or_gap, front + back_or_gap, apart + cheapest)
                back, front = back + from_back, front + from_front
                answer = min(back, front, joined)
            else:
                odd = to_odd if to_odd < odd else odd
                joined = to_joined if to_joined < joined else joined
        return answer

    def _ways(self, stops: int) -> tuple[float, ...]:
        """What visiting them takes: from the back, the front, around the largest gap; and what is cheapest
        of the front and the gap, the back and the gap, all three, and those or twice across.
        """
        known = self._aisles.get(stops)
        if known is None:
            ys = [y for n, y in enumerate(self._ys) if stops >> n & 1]
            _, back, front, gap, twice, _ = lengths(self._deep, ys)
            cheapest = min(back, front, gap)
            known = (back, front, gap, min(front, gap), min(back, gap), cheapest, min(cheapest, twice))
            self._aisles[stops] = known
        return known
