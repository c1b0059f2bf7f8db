"""Links that tell an order to whoever has them. Nothing is kept: the link proves itself."""

import re
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT: Final = "quartermaster.console.tracked"
_LINK: Final = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{40})", re.ASCII)


def address(order_id: int) -> str:
    """Where the order can be followed; absolute when QM_URL is set, else a path."""
    return f"{settings.URL}/t/{order_id}-{_proof(order_id)}"


def order_of(link: str) -> int | None:
    """The order a link is for; None when we did not make it. Asks nobody, so guessing costs us nothing."""
    found = _LINK.fullmatch(link)
    if found is None or not constant_time_compare(_proof(int(found[1])), found[2]):
        return None
    return int(found[1])


def _proof(order_id: int) -> str:
    return salted_hmac(_SALT, str(order_id), algorithm="sha256").hexdigest()[:40]
