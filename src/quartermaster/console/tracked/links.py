"""Links that tell an order to whoever has them. Nothing is kept: the link proves itself."""

import re
from collections import OrderedDict
from threading import Lock
from time import monotonic
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT: Final = "quartermaster.console.tracked"
_LINK: Final = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{40})", re.ASCII)
A_MINUTE: Final = 30  # looks at one order that a process answers
_KNOWN_MAX = 10_000


def address(order_id: int) -> str:
    """Where the order can be followed; absolute when QM_URL is set, else a path."""
    return f"{settings.URL}{reverse('tracked', args=[f'{order_id}-{_proof(order_id)}'])}"


def order_of(link: str) -> int | None:
    """The order a link is for; None when we did not make it. Asks nobody, so guessing costs us nothing."""
    found = _LINK.fullmatch(link)
    if found is None or not constant_time_compare(_proof(int(found[1])), found[2]):
        return None
    return int(found[1])


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


def _proof(order_id: int) -> str:
    return salted_hmac(_SALT, str(order_id), algorithm="sha256").hexdigest()[:40]
