"""The version of an order's content: a text that sorts by age, equal for equal content and for no other."""

import hashlib
from datetime import UTC, datetime

import msgspec
from msgspec.structs import force_setattr

from quartermaster.orders.ports import OrderSold

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # stands for "not told" until the content is sealed
_OLDEST = "0000-00-00T00:00:00.000000+00:00"  # content without a date never replaces dated content


def seal(order: OrderSold, *, changed_at: datetime | None, progress: str, received_at: datetime) -> OrderSold:
    """Give an order, just made with version "", its own: when it changed, how far it has come, its content.

    `progress` is of fixed width and grows with what happens to an order: channels date to the second.
    Moments that are UNDATED become `received_at` afterwards: when we heard of it is no part of what was said.
    """
    content = hashlib.sha256(msgspec.msgpack.encode(order)).hexdigest()[:24]
    stamp = changed_at.isoformat(timespec="microseconds") if changed_at else _OLDEST
    force_setattr(order, "version", f"{stamp} {progress} {content}")
    if order.placed_at is UNDATED:
        force_setattr(order, "placed_at", received_at)
    if order.updated_at is UNDATED:
        force_setattr(order, "updated_at", received_at)
    return order
