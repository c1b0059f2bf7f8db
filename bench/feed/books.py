"""Both sides are read in the end, order by order and SKU by SKU, and held against each other."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from bench.feed.town import Town
from bench.feed.trade import Sale
from quartermaster.core import sql

OURS = """
select c.slug, o.external_id, o.id, o.status, o.cancelled_at is not null, o.refunded_minor,
  l.waiting, l.shipped
from orders_order o join inbox_connection c on c.id = o.connection_id
cross join lateral (
  select coalesce(sum(x.open + x.allocated + x.picked), 0)::bigint as waiting,
    coalesce(sum(x.shipped), 0)::bigint as shipped
  from orders_line x where x.order_id = o.id) l
"""
# Where a shop would not have it: a person has it before him.
REFUSED = """
select order_id from channels_cancellation where state = 'refused' and because <> ''
union select p.order_id from channels_shipment x join warehouse_parcel p on p.id = x.parcel_id
where x.state = 'refused' and x.because <> ''
"""
# Units on the way between shelf and parcel are nobody's to buy; the doctor counts them.
LEFT = """
select s.code, greatest(0, sum(v.sellable - v.reserved))::bigint from stock_level v
join catalog_sku s on s.id = v.sku_id group by 1
"""
LISTED = """
select l.state, l.wanted, l.confirmed, l.sent_quantity, l.tries, l.gone_at, l.because
from channels_listing l join inbox_connection c on c.id = l.shop_id join catalog_sku s on s.id = l.sku_id
where c.slug = %s and s.code = %s
"""
PAID = """
select c.slug, o.external_id, count(*) from channels_payout x join orders_order o on o.id = x.order_id
join inbox_connection c on c.id = o.connection_id where x.state = 'told' group by 1, 2
"""


class Ours(NamedTuple):
    order_id: int
    status: str
    was_cancelled: bool
    refunded_minor: int
    waiting: int
    shipped: int

    @property
    def state(self) -> str:
        if self.status == "cancelled":
            return "cancelled"
        return "left" if self.shipped and not self.waiting else "open"


class Books(NamedTuple):
    """`compared`: kind -> how many; `wrong`: kind -> sentences; `known`: what differs and a person is told
    of."""

    compared: Counter[str]
    wrong: dict[str, list[str]]
    known: Counter[str]


def held_together(town: Town, sales: list[Sale]) -> Books:
    books = Books(Counter(), {"orders": [], "states": [], "units": [], "refunds": [], "stock": []}, Counter())
    ours = {(slug, name): Ours(*rest) for slug, name, *rest in sql.run(OURS)}
    refused = {order_id for (order_id,) in sql.run(REFUSED)}
    theirs: dict[tuple[str, str], list[Any]] = {}
    for kind, shop in town.shops.items():
        theirs |= {(kind, order): seen for order, seen in shop.do("seen").items()}
    _orders(books, set(ours), set(theirs), {(one.kind, one.order) for one in sales})
    for key in sorted(set(ours) & set(theirs)):
        _one(books, key, ours[key], theirs[key], refused)
    _stock(books, {kind: shop.do("shown") for kind, shop in town.shops.items()})
    return books


def _orders(books: Books, ours: set[Any], theirs: set[Any], sold: set[Any]) -> None:
    books.compared["orders"] += len(sold)
    books.wrong["orders"] += [f"{one} is not here" for one in sorted(theirs - ours)]
    books.wrong["orders"] += [f"{one} is not there" for one in sorted(ours - theirs)]
    books.wrong["orders"] += [f"{one} was never sold" for one in sorted(theirs - sold)]


def _one(books: Books, key: tuple[str, str], here: Ours, there: list[Any], refused: set[int]) -> None:
    state, shipped, refunded = there
    name = f"{key[0]} {key[1]} (SO-{here.order_id})"
    books.compared["states"] += 1
    is_known = False
    if here.state != state:
        if state == "cancelled" and here.shipped and here.was_cancelled:
            books.known["left when word of its cancellation came"] += 1
            is_known = True
        elif here.order_id in refused:
            books.known["the shop would not have it cancelled"] += 1
            is_known = True
        else:
            books.wrong["states"].append(f"{name}: here {here.state}, there {state}")
    if shipped is not None and not is_known:
        books.compared["units"] += 1
        if here.shipped != shipped:
            books.wrong["units"].append(f"{name}: {here.shipped} units left here, {shipped} there")
    books.compared["refunds"] += 1
    books.compared["refunds above zero"] += refunded > 0
    if here.refunded_minor != refunded:
        books.wrong["refunds"].append(f"{name}: {here.refunded_minor} given back here, {refunded} there")


def _stock(books: Books, shown: Mapping[str, Mapping[str, int]]) -> None:
    left = dict(sql.run(LEFT))
    for kind, units in shown.items():
        for sku, count in units.items():
            books.compared["stock"] += 1
            if left.get(sku, 0) != count:
                ours = sql.run(LISTED, (kind, sku))
                books.wrong["stock"].append(f"{kind} {sku}: {left.get(sku, 0)} here, {count} there; {ours}")


def doubled(town: Town) -> tuple[int, list[str]]:
    """How many things were done in the shops for us, and those that were done twice."""
    total, twice = 0, []
    for kind, shop in town.shops.items():
        counted = Counter(shop.do("done"))
        total += counted.total()
        twice += [f"{kind}: {what}, {n} times" for what, n in counted.items() if n > 1]
    return total, twice
