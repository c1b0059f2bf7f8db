"""A scripted crew: everything it does, people could do on the floor's pages, by the same actions."""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from quartermaster.core import sql
from quartermaster.demo.clock import flow
from quartermaster.shipping.actions import hand_over_all
from quartermaster.warehouse.actions import confirm_lists, make_pick_list, pack_all, pick_short, start
from quartermaster.warehouse.actions.confirm import NotToPick, confirm_pick

PEOPLE = {"BER": ("ines", "jonas", "mila"), "OPO": ("rui", "marta"), "RNO": ("truckee",)}
LIST_OF = 24  # orders on a list
# Forgotten on purpose is what should have left long ago: somebody has to find it on Today.
TO_PICK = """
select a.order_id from allocation_allocation a join stock_location l on l.id = a.location_id
where l.code = %(site)s and a.state = 'released' and a.at <= %(at)s
  and (a.ship_by is null or a.ship_by > %(at)s)
order by a.ship_by nulls last, a.id limit %(most)s
"""
# Everything of it is in hand, and some of it in no parcel yet.
TO_PACK = """
select distinct a.order_id from allocation_allocation a join stock_location l on l.id = a.location_id
where l.code = %(site)s and a.state = 'picking'
  and not exists (select from warehouse_pick p where p.allocation_id = a.id and p.state = 'to_pick')
  and exists (select from warehouse_pick p where p.allocation_id = a.id and p.picked > 0)
order by 1 limit %(most)s
"""
LISTS = """
select k.id from warehouse_pick_list k join stock_location l on l.id = k.location_id
where l.code = %s and k.state in ('open', 'picking') order by k.id
"""
PICKS = """
select id, quantity from warehouse_pick where pick_list_id = %s and state = 'to_pick' and picked = 0
  and serial = '' order by position
"""
EMPTY = """
select k.id from warehouse_pick k left join stock_balance b
  on (b.sku_id, b.place_id, b.lot, b.serial, b.state) = (k.sku_id, k.place_id, k.lot, k.serial, 'available')
where k.pick_list_id = any(%s) and k.state = 'to_pick' and k.picked = 0 and coalesce(b.quantity, 0) = 0
order by k.id limit 1
"""
NO_LIMIT = 5_000


class Crew:
    """`short` is the share of lists on which something does not lie where the ledger says. `flow` lets the
    river do what follows; where workers run, there is nothing to do."""

    def __init__(
        self, chance: random.Random, *, short: float = 0.04, flow: Callable[[datetime], None] = flow
    ) -> None:
        self._chance, self._short, self._flow = chance, short, flow

    def make_lists(self, site: str, *, at: datetime, orders: int = NO_LIMIT) -> list[int]:
        """Lists of released work, the most urgent first, each begun by somebody."""
        waiting = [row[0] for row in sql.run(TO_PICK, {"site": site, "at": at, "most": orders})]
        made = []
        for n in range(0, len(waiting), LIST_OF):
            by = self._somebody(site)
            part = waiting[n : n + LIST_OF]
            list_id = make_pick_list(site, orders_max=LIST_OF, only=part, at=at, by=by)
            if list_id is not None:
                start(list_id, at=at, by=by)
                made.append(list_id)
        return made

    def pick(self, site: str, lists: Iterable[int], *, at: datetime) -> int:
        """All that is left on them; now and then a bin holds less than it should. Returns units."""
        chosen = list(lists)
        if not chosen:
            return 0
        for list_id in chosen:
            if self._chance.random() < self._short and (left := sql.run(PICKS, (list_id,))):
                pick_id, quantity = left[len(left) // 2]
                pick_short(pick_id, quantity - 1, at=at, by=self._somebody(site))
        self._flow(at)  # what was short is allocated anew before the rest is taken
        for pick_id in self._empty_bins(chosen):  # somebody else found the bin short, and was there before
            try:
                pick_short(pick_id, 0, at=at, by=self._somebody(site))
            except NotToPick:
                break  # nobody wants it any more: it goes off the list by itself
            self._flow(at)
        return confirm_lists(chosen, at=at, by=self._somebody(site))

    def _empty_bins(self, lists: list[int]) -> Iterator[int]:
        """Picks whose bin is empty by now, looked at anew after each."""
        while found := sql.run(EMPTY, (lists,)):
            yield found[0][0]

    def pick_some(self, site: str, list_id: int, *, share: float, at: datetime) -> None:
        """The first bins of a list only: it is being picked right now."""
        left = sql.run(PICKS, (list_id,))
        for pick_id, quantity in left[: max(1, int(len(left) * share))]:
            confirm_pick(pick_id, quantity, at=at, by=self._somebody(site))

    def pack(self, site: str, *, at: datetime, orders: int = NO_LIMIT) -> int:
        """Everything in hand goes into parcels, and gets its label. Returns how many parcels."""
        ready = [row[0] for row in sql.run(TO_PACK, {"site": site, "most": orders})]
        packed = pack_all(ready, at=at, by=self._somebody(site)) if ready else []
        self._flow(at)
        return len(packed)

    def dispatch(self, site: str, *, at: datetime) -> int:
        """The carriers are at the door. Returns how many parcels left."""
        closed = hand_over_all(site, at=at, by=self._somebody(site))
        self._flow(at)
        return sum(one.parcels for one in closed)

    def lists(self, site: str) -> list[int]:
        """Those that are not done."""
        return [row[0] for row in sql.run(LISTS, (site,))]

    def work_through(self, site: str, *, at: datetime) -> None:
        """Everything that can be picked now is picked and packed within three quarters of an hour."""
        self.pick(site, self.make_lists(site, at=at), at=at + timedelta(minutes=20))
        self.pack(site, at=at + timedelta(minutes=40))

    def stage(self, site: str, *, at: datetime) -> None:
        """A floor in full swing: some gone, some at the door, in totes, on lists, and some not begun."""
        waiting = len(sql.run(TO_PICK, {"site": site, "at": at, "most": NO_LIMIT}))
        for share, done, minutes_ago in ((0.3, 3, 70), (0.2, 2, 50), (0.14, 1, 34), (0.12, 0, 18)):
            began = at - timedelta(minutes=minutes_ago)
            lists = self.make_lists(site, at=began, orders=int(waiting * share) + 1)
            if done == 0:
                for list_id in lists:
                    self.pick_some(site, list_id, share=0.5, at=began + timedelta(minutes=9))
            if done >= 1:
                self.pick(site, lists, at=began + timedelta(minutes=12))
            if done >= 2:
                self.pack(site, at=began + timedelta(minutes=24))
            if done >= 3:
                self.dispatch(site, at=began + timedelta(minutes=45))

    def one_thing(self, site: str, *, at: datetime) -> str:
        """Whatever comes next at a site; what it was, "" for nothing: a few minutes of somebody's work."""
        verbs: list[tuple[str, Callable[[], object]]] = [
            ("picked", lambda: self.pick(site, self.lists(site)[:1], at=at)),
            ("packed", lambda: self.pack(site, at=at, orders=6)),
            ("began a list", lambda: self.make_lists(site, at=at, orders=8)),
            ("dispatched", lambda: self._chance.random() < 0.2 and self.dispatch(site, at=at)),
        ]
        word, do = self._chance.choice(verbs)
        return word if do() else ""

    def _somebody(self, site: str) -> str:
        return f"crew:{self._chance.choice(PEOPLE[site])}"
