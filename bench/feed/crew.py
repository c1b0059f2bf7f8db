"""Our own people: they pick, pack and hand over without end, and put back what is not wanted."""

import contextlib
from itertools import batched

from django.db import connections

from bench.beside import Beside
from bench.feed.town import BY, SITE
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.moment import now
from quartermaster.shipping.actions import hand_over_all
from quartermaster.warehouse.actions import close, confirm_lists, make_pick_list, pack_all, put_back

PICKED = """
select distinct a.order_id from allocation_allocation a where a.state = 'picking'
  and not exists (select from warehouse_pick p where p.allocation_id = a.id and p.state = 'to_pick')
order by 1
"""
LABELLED = "select 1 from warehouse_parcel where state = 'labelled' limit 1"
BACK = "select id from warehouse_put_back where done_at is null order by id limit 200"
# Opened because less is wanted: what stays in one is closed again.
OPENED = "select id from warehouse_parcel where state = 'packing' order by id"
REST_S = 0.3


class Crew(Beside):
    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []  # what they were told not to do, in the product's words

    def go_on(self) -> None:
        try:
            while not self.is_over.wait(REST_S):
                self.round()
        finally:
            connections.close_all()

    def round(self) -> None:
        """All there is to do now. Who comes too late is refused, and goes on with the next."""
        while (made := make_pick_list(SITE, orders_max=200, at=now(), by=BY)) is not None:
            with self._told():
                confirm_lists([made], at=now(), by=BY)
        for part in batched([row[0] for row in sql.run(PICKED)], 200):
            pack_all(part, at=now(), by=BY)
        for (parcel,) in sql.run(OPENED):
            with self._told():
                close(parcel, partly=True, at=now(), by=BY)
        if sql.run(LABELLED):
            with self._told():
                hand_over_all(SITE, at=now(), by=BY)
        for (task,) in sql.run(BACK):
            with self._told():
                put_back(task, SITE, at=now(), by=BY)

    @contextlib.contextmanager
    def _told(self):  # type: ignore[no-untyped-def]
        try:
            yield
        except Refused as refusal:
            self.refused.append(str(refusal))
