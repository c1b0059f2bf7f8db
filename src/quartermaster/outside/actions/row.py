"""One outside order, locked together with the order it is of: what every change of it begins with."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.orders.actions.state import OrderState, load
from quartermaster.outside.ports import Order
from quartermaster.outside.rules.steps import OPEN

ORDER = "select order_id from outside_order where id = %s"
BY_REFERENCE = "select id from outside_order where reference = %s"
LOCK = """
select x.id, x.reference, x.site_id, l.code, c.slug, x.order_id, x.allocation_id, x.state, x.cancel,
  x.theirs, x.because, x.content::text, x.cancel_asked_at, x.account
from outside_order x join stock_location l on l.id = x.site_id
join outside_site t on t.location_id = x.site_id join inbox_connection c on c.id = t.connection_id
where x.id = %s for no key update of x
"""


class Row(NamedTuple):
    """What was sent to a site for one allocation."""

    id: int
    reference: str
    site_id: int
    site: str
    slug: str
    order_id: int
    allocation_id: int
    state: str
    cancel: str
    theirs: str
    because: str
    content_json: str
    cancel_asked_at: datetime | None
    account: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def content(self) -> Order:
        return msgspec.json.decode(self.content_json, type=Order)


def locked(outside_id: int) -> tuple[OrderState, Row]:
    """The row and its order, both locked: the order first. Raises NotFound."""
    found = sql.run(ORDER, (outside_id,))
    if not found:
        raise NotFound(what="outside order", which=outside_id)
    (order,) = load([found[0][0]]).values()
    return order, Row._make(sql.run(LOCK, (outside_id,))[0])


def id_of(reference: str) -> int | None:
    """None: no such reference of ours."""
    found = sql.run(BY_REFERENCE, (reference,))
    return found[0][0] if found else None
