"""What a site's own programs fetch: the orders they are to ship."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.pages import Page, cut, position
from quartermaster.outside.ports import Order

KIND = "site_api"
SENT = "select exists (select from outside_order where reference = %s and sent_at is not null)"
SITE = """
select t.location_id, c.slug, c.kind from outside_site t join stock_location l on l.id = t.location_id
join inbox_connection c on c.id = t.connection_id where l.code = %s
"""
LIST = """
select row_to_json(f)::text from (
  select x.id, x.reference, x.state, x.content, x.theirs, x.because, x.sent_at, x.acknowledged_at,
    x.settled_at, x.cancel = 'asked' as is_asked_back, x.cancel_asked_at as asked_back_at,
    coalesce(o.body->>'because', '') as asked_back_because,
    array(select s.reference from outside_shipment s where s.outside_id = x.id order by s.id) as parcels
  from outside_order x
  left join core_outbox o on o.key = 'outside-cancel:' || x.reference
  where x.site_id = %(site)s and x.sent_at is not null and {which}
  order by x.id limit %(most)s) f
"""
OPEN = LIST.format(which="x.state in ('sent', 'acknowledged') and x.id > %(after)s")
ONE = LIST.format(which="x.reference = %(reference)s")


class NotByThisApi(Refused):
    code = "site-not-by-api"
    message = "{site} is reached over {slug}, a connection of the kind {kind}: it does not tell things here."
    remedy = "Tell it there; or give the site a connection of the kind site_api, when nothing is open there."


class Site(NamedTuple):
    """A site of others, as its own programs know it."""

    location_id: int
    code: str


class Wanted(msgspec.Struct, frozen=True):
    """An order they were sent. state: sent, acknowledged, refused, cancelled, shipped; is_asked_back: they
    are not to ship it, and have not answered; parcels: those they told, by their names."""

    id: int
    reference: str
    state: str
    content: Order
    theirs: str
    because: str
    sent_at: datetime
    acknowledged_at: datetime | None
    settled_at: datetime | None
    is_asked_back: bool
    asked_back_at: datetime | None
    asked_back_because: str
    parcels: tuple[str, ...]


def was_sent(reference: str) -> bool:
    """Whether it is in a list that was, or may have been, fetched."""
    return bool(sql.run(SENT, (reference,))[0][0])


def site_of(code: str) -> Site:
    """Raises NotFound, NotByThisApi."""
    for location_id, slug, kind in sql.run(SITE, (code,)):
        if kind != KIND:
            raise NotByThisApi(site=code, slug=slug, kind=kind)
        return Site(location_id, code)
    raise NotFound(what="outside site", which=code)


def wanted(site: Site, *, after: str, limit: int) -> Page[Wanted]:
    """What is open there, the oldest first. One statement."""
    asked = {"site": site.location_id, "after": position(after) or 0, "most": limit + 1}
    found = [msgspec.json.decode(row[0], type=Wanted) for row in sql.run(OPEN, asked)]
    return cut(found, limit, lambda one: one.id)


def one_wanted(site: Site, reference: str) -> Wanted:
    """Raises NotFound: also for a reference of another site."""
    asked = {"site": site.location_id, "reference": reference, "most": 1}
    for (row,) in sql.run(ONE, asked):
        return msgspec.json.decode(row, type=Wanted)
    raise NotFound(what=f"order at {site.code}", which=reference)
