"""One order by number, locked and loaded, with the version its caller looked at."""

from quartermaster.core.errors import NotFound, Refused
from quartermaster.orders.actions.state import OrderState, load


class Changed(Refused):
    code = "changed-meanwhile"
    message = "{number} was changed meanwhile: it is at version {current}, you looked at {yours}."
    remedy = "Load it again and decide anew."


def locked(number: str, version: int | None = None) -> OrderState:
    """Raises NotFound, and Changed when `version` is given and no longer the order's."""
    digits = number.removeprefix("SO-")
    found = load([int(digits)]) if digits.isdecimal() and digits.isascii() and len(digits) < 19 else {}
    if not found:
        raise NotFound(what="order", which=number)
    (order,) = found.values()
    if version is not None and version != order.version:
        raise Changed(number=order.number, current=order.version, yours=version)
    return order
