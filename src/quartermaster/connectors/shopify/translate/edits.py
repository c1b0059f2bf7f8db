"""Units that are taken off an order, each time once. Pure.

An edit has no key, and no field that can be read again. So what is wished is written down first, in a field
of the order: our reference, and how many units each line is to have afterwards. That is the same however
often it is done, and the next wish begins where this one ends.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from quartermaster.channels.ports import Cancellation
from quartermaster.connectors.picked import text
from quartermaster.connectors.shopify.translate import names
from quartermaster.connectors.shopify.translate.fetched import inside, nodes
from quartermaster.core.outside import Conflict, Invalid

LINES_MAX: Final = 12  # each is a call, and all have to end within the time of one

type Json = Mapping[str, object]
type Targets = Mapping[str, int]  # line -> units it has afterwards
type Wishes = dict[str, Targets]  # by our reference


def wishes(order: Json) -> Wishes:
    """Those that are written down. Raises Conflict when somebody else wrote there."""
    value = text(inside(order, "metafield").get("value"))
    try:
        return msgspec.json.decode(value, type=dict[str, dict[str, int]]) if value else {}
    except msgspec.DecodeError:
        raise Conflict("The order's field quartermaster.cancelled holds something that is not ours") from None


def targets(cancellation: Cancellation, order: Json, kept: Wishes) -> dict[str, int]:
    """What the lines have afterwards. Raises Conflict when so much is not left to take off, Invalid when it
    names no line, or more than can be done at once."""
    if not 0 < len(cancellation.lines) <= LINES_MAX:
        raise Invalid(f"Between 1 and {LINES_MAX} lines of an order can be cancelled at once")
    found: dict[str, int] = {}
    has = {text(names.number(one.get("id"))): one for one in nodes(order, "lineItems")}
    for line in cancellation.lines:
        shown = has.get(line.line, {})
        current, unsent = _whole(shown.get("currentQuantity")), _whole(shown.get("unfulfilledQuantity"))
        wished = [one[line.line] for one in kept.values() if line.line in one]
        start = min([current, *wished])
        found[line.line] = found.get(line.line, start) - line.quantity
        if found[line.line] < current - unsent or found[line.line] < 0:
            raise Conflict(f"Shopify has {unsent} units of line {line.line} left to take off")
        if unsent < current:
            raise Conflict(f"A part of line {line.line} was sent: take the rest off in Shopify")
    return found


def is_done(wanted: Targets, order: Json) -> bool:
    return not left(wanted, order)


def left(wanted: Targets, order: Json) -> dict[str, int]:
    """The lines that have more than they are to have."""
    has = {text(names.number(one.get("id"))): one for one in nodes(order, "lineItems")}
    return {
        line: units
        for line, units in wanted.items()
        if _whole(has.get(line, {}).get("currentQuantity")) > units
    }


def field(order: Json, kept: Wishes) -> dict[str, object]:
    """The wishes as a field of the order; refused when somebody has changed it since the order was read."""
    return {
        "ownerId": order["id"],
        "namespace": "quartermaster",
        "key": "cancelled",
        "type": "json",
        "value": msgspec.json.encode(kept, order="sorted").decode(),
        "compareDigest": inside(order, "metafield").get("compareDigest"),
    }


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
