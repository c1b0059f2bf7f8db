"""What a body holds: one object, or a list of them. Pure."""

from collections.abc import Callable

from quartermaster.orders.ports import Ignored, OrderRemoved, OrderSold, Reading, RefundNotice, Unreadable

type ReadOne = Callable[[dict[str, object]], OrderSold | RefundNotice | OrderRemoved | Ignored]


def each(value: object, read_one: ReadOne, *, name: str = "") -> Reading:
    """Read one object, or every object of a list. Those that change nothing are left out when others do.

    `name`: what the list is called in the sender's own words, for the sentences. Raises Unreadable.
    """
    told = value if isinstance(value, list) else [value]
    if not told:
        return Ignored(f"The list {name!r} is empty." if name else "The list of orders is empty.")
    read_all = []
    for n, raw in enumerate(told, 1):
        if not isinstance(raw, dict):
            entry = f"Entry {n} of {name}" if name else f"Entry {n}"
            raise Unreadable(f"{entry} is {str(raw)[:40]!r}, not an object.")
        read_all.append(read_one(raw))
    used = tuple(one for one in read_all if not isinstance(one, Ignored))
    left = [one for one in read_all if isinstance(one, Ignored)]
    return used or next((one for one in left if one.is_hint), left[0])
