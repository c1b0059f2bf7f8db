"""The pages there are, in the order of the rail. A page adds itself with one line here.

An entry is shown as soon as its address leads somewhere (urls.py). Its key is a chord ("g o"); what waits on
it is counted by `counts`: a statement that yields one row for each thing that waits, on an index, without
`select` list and order (`select from orders_order where …`); `/*here*/` in it is where only the sites of a
person are looked at.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from django.urls import Resolver404, resolve

from quartermaster.console.unfinished import UNFINISHED
from quartermaster.core import sql
from quartermaster.warehouse.queries.timers import breached

COUNTED_MAX = 10_000  # nobody acts differently on 12,000 than on "10,000+", and counting on costs time


class Entry(NamedTuple):
    """section: what the page passes to its template as `section`. is_bad: its count is bad news.
    is_thumb: on a phone it lies under the thumb; the others are behind "More"."""

    section: str
    title: str
    path: str
    key: str
    counts: str = ""
    is_bad: bool = False
    is_thumb: bool = False


OPEN_ORDERS = """select from orders_order
where status in ('on_hold', 'open', 'backordered', 'allocated', 'picking', 'packed')"""
TROUBLED_MESSAGES = """select from inbox_message where state = 'stuck'
union all select from inbox_message where state = 'unreadable'"""
TO_PICK = "select from allocation_allocation where state = 'released' /*here*/"
TO_DECIDE = "select from warehouse_count_task where done_at is null and state = 'approval' /*here*/"
OVER_TIME = f"""select from warehouse_timer t
where stage in ('pick', 'pack', 'dispatch') and next_due_at <= now() /*here*/
  and {breached("t", "now()").shown("open")}"""
REFUSED_LISTINGS = "select from channels_listing where state in ('refused', 'stuck')"
BLOCKED_PRICES = """select from channels_listing_price where blocked_by <> ''
union all select from channels_price_batch where state = 'held'"""
NOT_GONE = "select from warehouse_parcel where state in ('packed', 'labelled') /*here*/"
IN_DANGER = "select from marketplaces_standing where is_newest and state in ('amber', 'red')"
DIFFERENT = "select from channels_drift where settled_at is null"
TO_SETTLE = "select from outside_drift where settled_at is null"

GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("today", "Today", "/", "g t", is_thumb=True),)),
    (
        "Sell",
        (
            Entry("orders", "Orders", "/orders", "g o", OPEN_ORDERS, is_thumb=True),
            Entry("exceptions", "Exceptions", "/exceptions", "g e", UNFINISHED, is_bad=True, is_thumb=True),
        ),
    ),
    (
        "Stock",
        (
            Entry("stock", "Stock", "/stock", "g s"),
            Entry("products", "Products", "/products", "g p"),
            Entry("listings", "Listings", "/listings", "g y", REFUSED_LISTINGS, is_bad=True),
            Entry("prices", "Prices", "/prices", "g m", BLOCKED_PRICES, is_bad=True),
            Entry("counts", "Counts", "/counts", "g n", TO_DECIDE),
        ),
    ),
    (
        "Fulfil",
        (
            Entry("floor", "Floor", "/floor", "g f", TO_PICK, is_thumb=True),
            Entry("timers", "Timers", "/timers", "g d", OVER_TIME, is_bad=True),
            Entry("ship", "Shipping", "/ship", "g h", NOT_GONE),
            Entry("late", "Late", "/late", "g l"),
            Entry("outside", "3PL", "/outside", "g 3", TO_SETTLE),
        ),
    ),
    (
        "Improve",
        (
            Entry("kpi", "KPIs", "/kpi", "g k"),
            Entry("marketplaces", "Account health", "/marketplaces", "g a", IN_DANGER, is_bad=True),
        ),
    ),
    (
        "Connect",
        (
            Entry("connect", "Channels", "/connect", "g i", DIFFERENT),
            Entry("messages", "Messages", "/messages", "g j", TROUBLED_MESSAGES, is_bad=True),
        ),
    ),
    (
        "Settings",
        (
            Entry("carriers", "Carriers", "/ship/accounts", "g r"),
            Entry("packaging", "Packaging", "/packaging", "g c"),
            Entry("sites", "Sites", "/sites", "g w"),
            Entry("people", "People", "/people", "g b"),
        ),
    ),
)


class Shown(NamedTuple):
    """An entry with what waits on it, counted up to COUNTED_MAX + 1."""

    entry: Entry
    waiting: int


def entries() -> list[Entry]:
    """Those that lead somewhere."""
    return [entry for _, group in GROUPS for entry in group if _leads_somewhere(entry.path)]


def rail(
    opens: Callable[[Entry], bool] = lambda entry: True, sites: Sequence[str] = ()
) -> list[tuple[str, list[Shown]]]:
    """The groups with their counts: one statement, at the same price at any number of orders. `opens`:
    whether an entry is for this person. `sites`: those they work at, none: all."""
    shown = [entry for entry in entries() if opens(entry)]
    counted = [entry for entry in shown if entry.counts]
    each = ", ".join(_count(entry.counts, sites) for entry in counted)
    found = sql.run(f"select {each}", _asked(sites))[0] if counted else ()
    waiting = dict(zip((entry.section for entry in counted), found, strict=True))
    groups = [
        (title, [Shown(entry, waiting.get(entry.section, 0)) for entry in group if entry in shown])
        for title, group in GROUPS
    ]
    return [(title, group) for title, group in groups if group]


def waiting_on(section: str, sites: Sequence[str] = ()) -> int:
    """What the rail says of this section: the same number, by the same statement."""
    (counts,) = [entry.counts for _, group in GROUPS for entry in group if entry.section == section]
    return int(sql.run(f"select {_count(counts, sites)}", _asked(sites))[0][0])


_COUNT = "(select count(*) from ({} limit %(most)s) x)"
# Things of a site are counted for its people alone.
_HERE = "and location_id in (select id from stock_location where code = any(%(sites)s))"


def _count(counts: str, sites: Sequence[str]) -> str:
    return _COUNT.format(counts.replace("/*here*/", _HERE if sites else ""))


def _asked(sites: Sequence[str]) -> dict[str, object]:
    asked: dict[str, object] = {"most": COUNTED_MAX + 1}
    return {**asked, "sites": list(sites)} if sites else asked


@cache
def _leads_somewhere(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
