"""Long lists that Shopify gathers by itself: orders that changed, and everything that is for sale."""

import logging
from datetime import datetime, timedelta
from typing import Final

from quartermaster.channels.ports import Change, Changes, Listed
from quartermaster.connectors.shopify import gathering, reading
from quartermaster.connectors.shopify.admin import Admin
from quartermaster.connectors.shopify.documents import bulk as documents
from quartermaster.connectors.shopify.documents import goods as goods_documents
from quartermaster.connectors.shopify.documents import orders
from quartermaster.connectors.shopify.gathering import File, GivenUp, Soon
from quartermaster.connectors.shopify.translate import bulk, goods, paging
from quartermaster.connectors.shopify.translate.fetched import inside
from quartermaster.core.moment import now
from quartermaster.core.outside import Account
from quartermaster.orders.ports import Unreadable

log = logging.getLogger(__name__)
WIDE: Final = timedelta(hours=6)  # what changed in less is not even counted
TORN_MAX: Final = 25  # orders of a slice that are asked for by themselves
FIRST_PAGE: Final = "0"  # of offers, in pages


def begin_orders(account: Account, since: datetime) -> Changes | None:
    """Let Shopify gather what changed since, when there is much of it. None: it is read in pages."""
    least = gathering.least(account)
    if not least or now() - since < WIDE:
        return None
    admin, query = Admin(account), paging.at(since, "").query
    counted = inside(admin.ask(documents.COUNT, query=query, limit=least), "ordersCount").get("count")
    if not isinstance(counted, int) or counted < least:
        return None
    number = gathering.begin(admin, orders.gathered(query))
    return _orders_soon(gathering.soon(bulk.Place(since, number))) if number else None


def more_orders(account: Account, cursor: str) -> Changes:
    """What follows in the file; where there is none, the same round in pages, from its beginning: what came
    already is no news a second time."""
    admin, place, told = Admin(account), bulk.at(cursor), tuple[Change, ...]()
    try:
        found = gathering.look(admin, place)
        if isinstance(found, Soon):
            return _orders_soon(found)
        if not found.url:
            return Changes((), "", found.began_at)
        told, place, is_last = _orders(admin, account, found, place)
        if not is_last:
            return Changes(told, place.cursor)
        if found.is_whole:
            return Changes(told, "", found.began_at)
        raise GivenUp("it failed half way")
    except GivenUp as because:
        return Changes(told, f"{place.since.isoformat()}|0|", note=_given_up(place, because))


def _orders(
    admin: Admin, account: Account, file: File, place: bulk.Place
) -> tuple[tuple[Change, ...], bulk.Place, bool]:
    """The next orders, the place behind them, and whether they are the last."""
    part, is_end = gathering.part(admin, file, place)
    try:
        found = bulk.read(part, is_last=is_end, torn_max=TORN_MAX)
    except Unreadable as error:
        raise GivenUp(f"its file cannot be read: {error}") from None
    if not found.used and not is_end:
        raise GivenUp("a line of its file is too long")
    told = [paging.change(one) for one in found.orders]
    if found.torn:
        told += reading.these(Admin(account, reads=True, within=admin), found.torn)
    behind = place._replace(offset=place.offset + found.used)
    return tuple(told), behind, is_end and found.used == len(part)


def begin_offers(account: Account, location: str) -> Listed | None:
    """Let Shopify gather all that is for sale, when it is much. None: it is read in pages."""
    least = gathering.least(account)
    if not least:
        return None
    admin = Admin(account)
    counted = inside(admin.ask(documents.COUNT_OFFERS, limit=least), "productVariantsCount").get("count")
    if not isinstance(counted, int) or counted < least:
        return None
    number = gathering.begin(admin, goods_documents.gathered(location))
    return _offers_soon(gathering.soon(bulk.Place(now(), number))) if number else None


def more_offers(account: Account, cursor: str) -> Listed:
    """What follows in the file, as it was when Shopify began to gather it."""
    admin, place = Admin(account), bulk.at(cursor)
    try:
        found = gathering.look(admin, place)
        if isinstance(found, Soon):
            return _offers_soon(found)
        if not found.url or not found.is_whole:
            raise GivenUp("there is nothing whole")
        part, is_end = gathering.part(admin, found, place)
        nodes, used = bulk.lines(part, is_last=is_end)
        if not used and not is_end:
            raise GivenUp("a line of its file is too long")
    except (GivenUp, Unreadable) as because:
        _given_up(place, because)
        return Listed((), FIRST_PAGE)
    told = tuple(goods.listing(one, found.currency) for _, one in nodes)
    behind = place._replace(offset=place.offset + used)
    return Listed(told, "" if is_end else behind.cursor, as_of=place.since)


def _orders_soon(soon: Soon) -> Changes:
    return Changes((), soon.place.cursor, again_at=soon.at, note=soon.note)


def _offers_soon(soon: Soon) -> Listed:
    return Listed((), soon.place.cursor, again_at=soon.at)


def _given_up(place: bulk.Place, because: Exception) -> str:
    log.warning("Shopify's bulk operation %s is given up: %s", place.number, because)
    return "read in pages, for Shopify could not gather them"
