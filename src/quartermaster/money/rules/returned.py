"""A parcel that nobody took: which units of which lines are here again, and what is given back for them."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from quartermaster.money.rules.due import Parts, within


class Policy(Struct, frozen=True):
    """What is given back for a parcel that nobody took. fee_minor: currency -> what is kept of it, by
    parcel. Cash on delivery was never paid: nothing of it goes back, whatever stands here."""

    refunds: bool = True
    refunds_shipping: bool = False
    fee_minor: Mapping[str, int] = {}


class Item(Struct, frozen=True):
    """What was in the parcel. line_units: units of the line that are whole with it; of a kit, its last part
    counts."""

    line_id: int
    sku_id: int
    quantity: int
    line_units: int


def lines_back(items: Sequence[Item], received: Mapping[int, int]) -> dict[int, int]:
    """Line -> units that are here again. received: SKU -> units that were scanned. Of a kit only whole ones
    count: with a part missing, a person decides."""
    left = dict(received)
    got: dict[int, list[tuple[Item, int]]] = {}
    for item in items:
        came = min(item.quantity, left.get(item.sku_id, 0))
        left[item.sku_id] = left.get(item.sku_id, 0) - came
        got.setdefault(item.line_id, []).append((item, came))
    found = {}
    for line_id, mine in got.items():
        is_whole = all(came == item.quantity for item, came in mine)
        is_plain = all(item.quantity == item.line_units for item, _ in mine)
        if is_whole:
            units = sum(item.line_units for item, _ in mine)
        else:
            units = sum(came for _, came in mine) if is_plain else 0
        if units:
            found[line_id] = units
    return found


def refund_of(
    worth: Parts, policy: Policy, *, currency: str, paid_minor: int, refunded_minor: int, due_minor: int
) -> Parts:
    """What goes back for units that are here again: their worth less the fee, never more than was paid and is
    not promised otherwise."""
    if not policy.refunds:
        return replace(worth, withheld_minor=max(0, worth.gross_minor))
    fee = min(max(0, policy.fee_minor.get(currency, 0)), max(0, worth.gross_minor))
    owed = max(0, worth.gross_minor - fee)
    back = within(owed, paid_minor=paid_minor, refunded_minor=refunded_minor, due_minor=due_minor)
    return replace(worth, withheld_minor=fee, covered_minor=worth.gross_minor - fee - back)


def why(policy: Policy, *, parcel: str, is_paid: bool, refunds_shipping: bool, withheld_minor: int) -> str:
    """The sentence for a person."""
    told = f"{parcel} came back undelivered"
    if not is_paid:
        return f"{told}; nothing was paid for it"
    if not policy.refunds:
        return f"{told}; by policy nothing is given back"
    shipping = "with shipping" if refunds_shipping else "shipping is kept"
    return f"{told}; {shipping}{', less the fee' if withheld_minor else ''}"
