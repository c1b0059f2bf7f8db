"""How often the page of one order may be looked at."""

from collections import OrderedDict
from threading import Lock
from time import monotonic
from typing import Final

A_MINUTE: Final = 30  # looks at one order that a process answers
_KNOWN_MAX = 10_000


class Limit:
    """So many looks a minute for each order, by a bucket that fills steadily. For one process."""

    def __init__(self, a_minute: int = A_MINUTE) -> None:
        self._most, self._lock = float(a_minute), Lock()
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def allows(self, order_id: int) -> bool:
        at = monotonic()
        with self._lock:
            left, since = self._left.pop(order_id, (self._most, at))
            left = min(self._most, left + (at - since) * self._most / 60)
            self._left[order_id] = (max(0.0, left - 1), at) if left >= 1 else (left, at)
            if len(self._left) > _KNOWN_MAX:
                self._left.popitem(last=False)
            return left >= 1
