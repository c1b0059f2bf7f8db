"""The views of the order list: a name, a condition, and what it is called. A view's tab, every number that
links to it, and its rows are read by the same condition."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.console.navigation import COUNTED_MAX
from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.orders.queries import OrderShown
from quartermaster.orders.queries.documents import documents

# Orders that are to leave by a moment and have not; orders with a parcel that left today.
_TO_LEAVE = """o.id in (select a.order_id from allocation_allocation a
  where a.state in ('waiting', 'released', 'picking', 'packed') and a.ship_by < {})"""
_LATE, _DUE = _TO_LEAVE.format("%(now)s"), _TO_LEAVE.format("%(day_end)s")
# A union, not an "or": only so each half is read on its own index.
_ATTENTION = """o.id in (select x.id from orders_order x where x.status in ('on_hold', 'backordered')
  union select a.order_id from allocation_allocation a
  where a.state in ('waiting', 'released', 'picking', 'packed') and a.ship_by < %(now)s)"""
_UNLABELLED = "o.id in (select p.order_id from warehouse_parcel p where p.state = 'packed')"
_GONE = """o.id in (select p.order_id from warehouse_parcel p
  where p.handed_over_at >= %(day_start)s and p.handed_over_at < %(now)s"""
_AT_SITE = "{} and {}.location_id = (select id from stock_location where code = %({})s))"
_DUE_AT_SITE = _AT_SITE.format(_DUE.removesuffix(")"), "a", "site")
_GONE_FROM_SITE = _AT_SITE.format(_GONE, "p", "gone_from")


class View(NamedTuple):
    """where: over orders_order o, with the parameters now, day_start and day_end. clear: what an empty one
    proves. is_tab: shown as a tab even when it is empty."""

    title: str
    where: str
    clear: str
    is_tab: bool = True


VIEWS: Mapping[str, View] = {
    "attention": View(
        "Needs attention",
        _ATTENTION,
        "All clear: no order is on hold, short of stock or late to leave.",
    ),
    "ready": View("Ready to pick", "o.status = 'allocated'", "Nothing waits for the floor."),
    "due": View(
        "Due today",
        _DUE,
        "Everything that was to leave today has left.",
    ),
    "late": View(
        "Late",
        _LATE,
        "All clear: no order is in the house past its cut-off.",
    ),
    "on_hold": View("On hold", "o.status = 'on_hold'", "All clear: nothing stands in the way of an order."),
    "backordered": View("Backorder", "o.status = 'backordered'", "All clear: every unit sold is there."),
    "payment": View(
        "Awaiting payment",
        """o.status = 'on_hold' and o.id in (select h.order_id from orders_hold h
          where h.kind = 'payment' and h.released_at is null)""",
        "Every order that was accepted is paid, or may be sent unpaid.",
    ),
    "shipped": View(
        "Shipped, not delivered", "o.status = 'shipped'", "Nothing is on its way: all has arrived."
    ),
    "open": View("Not routed yet", "o.status = 'open'", "Every order has its site.", False),
    "picking": View("Being picked", "o.status = 'picking'", "Nobody picks now.", False),
    "packed": View("Packed", "o.status = 'packed'", "No packed order waits for its carrier.", False),
    "unlabelled": View(
        "Packed, no label",
        f"o.status = 'packed' and {_UNLABELLED}",
        "Every parcel that is packed has its label.",
        False,
    ),
    "labelled": View(
        "Ready to hand over",
        f"o.status = 'packed' and not {_UNLABELLED}",
        "Nothing waits for the carrier.",
        False,
    ),
    "gone": View(
        "Left today",
        f"{_GONE})",
        "Nothing has left today.",
        False,
    ),
    "delivered": View("Delivered", "o.status = 'delivered'", "Nothing has arrived yet.", False),
    "cancelled": View("Cancelled", "o.status = 'cancelled'", "No order was cancelled.", False),
    "returned": View("Returned", "o.status = 'returned'", "Nothing came back.", False),
}

# What a list can be narrowed by. Each filter's value is passed under its own name.
_FILTERS = {
    "connection": "o.connection_id = (select id from inbox_connection where slug = %(connection)s)",
    "since": "o.placed_at >= %(since)s and not o.is_test",
    "until": "o.placed_at < %(until)s",
    "currency": "o.currency = %(currency)s",
    "site": _DUE_AT_SITE,
    "gone_from": _GONE_FROM_SITE,
}


class Wanted(NamedTuple):
    """view: a name of VIEWS, "" for all orders. filters: name of _FILTERS -> value, only those given."""

    view: str
    filters: Mapping[str, object]
    clock: Mapping[str, datetime]  # now, day_start, day_end

    def asked(self, also: Mapping[str, object]) -> tuple[str, dict[str, object]]:
        """The condition ("" for none) and what it needs, together with `also`."""
        view = VIEWS.get(self.view)
        conditions = ([view.where] if view else []) + [_FILTERS[name] for name in self.filters]
        where = " and ".join(conditions)
        known = {**self.clock, **self.filters}
        return where, {**{name: known[name] for name in known if f"%({name})s" in where}, **also}


class Counted(NamedTuple):
    """is_more: there are more than `number`."""

    number: int
    is_more: bool


def page(wanted: Wanted, *, after: str = "", limit: int = LIMIT) -> Page[OrderShown]:
    """Orders of the view, newest first: two statements, whatever the size."""
    before = position(after)
    also: dict[str, object] = {"limit": limit + 1, **({"before": before} if before else {})}
    where, asked = wanted.asked(also)
    conditions = " and ".join(filter(None, (where, "o.id < %(before)s" if before else "")))
    # Planned anew each time: a shop with ten orders and one with a million want different plans.
    ids = [row[0] for row in sql.run(_PAGE.format(conditions or "true"), asked, prepare=False)]
    found = cut(ids, limit, lambda row_id: row_id)
    return Page(documents(found.items), found.next)


def counts(views: Iterable[str], wanted: Wanted) -> Mapping[str, Counted]:
    """Orders in each view under the same filters, up to COUNTED_MAX. One statement."""
    each: list[str] = []
    asked: dict[str, object] = {"most": COUNTED_MAX + 1}
    names = list(views)
    for name in names:
        where, needed = wanted._replace(view=name).asked({})
        each.append(_COUNT.format(where or "true"))
        asked |= needed
    found = sql.run(f"select {', '.join(each)}", asked, prepare=False)[0]
    return {
        name: Counted(min(number, COUNTED_MAX), number > COUNTED_MAX)
        for name, number in zip(names, found, strict=True)
    }


_PAGE = "select o.id from orders_order o where {} order by o.id desc limit %(limit)s"
_COUNT = "(select count(*) from (select from orders_order o where {} limit %(most)s) x)"

_PROMISES = """
select a.order_id, min(a.ship_by), max(a.promised_on) from allocation_allocation a
where a.order_id = any(%s) and a.state in ('waiting', 'released', 'picking', 'packed') group by a.order_id
"""


def ship_bys(order_ids: Sequence[int]) -> Mapping[int, datetime]:
    """Order id -> when it must leave; orders that have left, or wait for a site, are absent."""
    found = sql.run(_PROMISES, (list(order_ids),)) if order_ids else []
    return {order_id: ship_by for order_id, ship_by, _ in found if ship_by}
