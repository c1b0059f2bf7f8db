"""What buyers, the shops' own people and ours do: orders, edits, cancellations, refunds, all by dice."""

from collections import Counter
from datetime import datetime
from random import Random
from typing import NamedTuple

from bench.feed.town import BY, Shop, Town
from quartermaster.channels.actions import pay_out
from quartermaster.channels.ports import Cancels, Refunds
from quartermaster.core import plugs, sql
from quartermaster.core.errors import Refused
from quartermaster.core.moment import now
from quartermaster.orders.actions import cancel, edit

FIND = """
select o.id, l.id, l.wanted from orders_order o join inbox_connection c on c.id = o.connection_id
join orders_line l on l.order_id = o.id where c.slug = %s and o.external_id = %s order by l.position limit 1
"""
DUE = """
select 'R-' || r.id from money_refund r join orders_order o on o.id = r.order_id
join inbox_connection c on c.id = o.connection_id
where r.state = 'due' and c.kind = any(%s) order by random() limit 1
"""
NOTHING = "nothing"
# Of a hundred orders, so many are followed by this, of an order that was placed before.
ACTS = {
    "edited at the shop": 10,
    "cancelled at the shop": 6,
    "cancelled by us": 5,
    "given back at the shop": 8,
    "given back by us": 10,
    "edited by us": 4,
    NOTHING: 57,
}


class Sale(NamedTuple):
    """`at`: when the buyer bought, by the shop's clock, which is ours. An order that an edit made of another
    one is a sale of the moment it was edited: from then on the shop calls those units so."""

    kind: str
    order: str
    sku: str
    units: int
    at: datetime


class Trade:
    """`counts`: what was done, and what was refused. `empty`: buyers who found too little and went away."""

    def __init__(self, town: Town, dice: Random) -> None:
        self.town, self.dice = town, dice
        self.sales: list[Sale] = []
        self.counts: Counter[str] = Counter()
        self.empty = 0
        self._kinds = sorted(town.shops)
        self._weights = [1 / (n + 10) for n in range(len(town.skus))]  # some sell much better than others

    def one(self) -> None:
        """A buyer buys somewhere; then, perhaps, somebody does something about an order."""
        while not self._buy():
            self.empty += 1
        (act,) = self.dice.choices(list(ACTS), list(ACTS.values()))
        if act != NOTHING:
            is_done = self._do(act, self.dice.choice(self.sales[-2000:]))
            self.counts[act if is_done else f"{act}: too late, or no way"] += 1

    def _buy(self) -> bool:
        kind, units = self.dice.choice(self._kinds), self.dice.randint(1, 3)
        (sku,) = self.dice.choices(self.town.skus, self._weights)
        if self.empty > 3 * len(self.sales) + 100:
            raise RuntimeError("the shelves are empty")
        said = self.town.shops[kind].do("buy", sku=sku, units=units)
        if said["id"]:
            self.sales.append(Sale(kind, said["id"], sku, units, datetime.fromisoformat(said["at"])))
        return bool(said["id"])

    def _do(self, act: str, sale: Sale) -> bool:
        shop = self.town.shops[sale.kind]
        match act:
            case "edited at the shop":
                return self._edit(shop, sale)
            case "cancelled at the shop":
                return bool(shop.do("cancel", id=sale.order)["is_done"])
            case "given back at the shop":
                minor, note = self.dice.randint(50, 300), f"the shop's own {self.counts.total()}"
                return bool(shop.do("refund", id=sale.order, minor=minor, note=note)["is_done"])
        try:
            return self._ours(act, sale)
        except Refused:
            return False

    def _edit(self, shop: Shop, sale: Sale) -> bool:
        """Every second time so that it makes another order, where the shop does that."""
        said = shop.do("edit", id=sale.order, anew=self.dice.random() < 0.5)
        if said["id"] != sale.order:
            self.sales.append(sale._replace(order=said["id"], at=now()))
            self.counts["of these, into another order"] += 1
        return bool(said["is_done"])

    def _ours(self, act: str, sale: Sale) -> bool:
        if act == "given back by us":
            for (refund,) in sql.run(DUE, (plugs.kinds(Refunds),)):
                pay_out(refund, at=now(), by=BY)
                return True
            return False
        for order_id, line_id, wanted in sql.run(FIND, (sale.kind, sale.order)):
            if act == "edited by us":
                edit(f"SO-{order_id}", priority=1, because="a friend", at=now(), by=BY)
                return True
            return self._call_off(sale.kind, f"SO-{order_id}", line_id, wanted)
        return False

    def _call_off(self, kind: str, number: str, line_id: int, wanted: int) -> bool:
        """All of it, or a unit where the shop can be told of parts."""
        port = plugs.plug(kind).offer(Cancels)  # type: ignore[type-abstract]  # looked up by its protocol
        if port is None:
            return False
        is_part = port.cancels_lines and wanted > 1 and self.dice.random() < 0.5
        lines = {line_id: 1} if is_part else None
        cancel(number, lines=lines, because="the buyer called", at=now(), by=BY)
        return True
