"""Look what shops have of what they accepted, gave no clear answer about, or took: some say yes and do
nothing. A row whose taker died is looked at too, before anything else is written."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any, NamedTuple

from django.db import transaction

from quartermaster.channels.actions.at_once import at_once
from quartermaster.channels.actions.telling.books import Answered, Books, keep, words
from quartermaster.channels.actions.telling.sending import LEASE_S
from quartermaster.channels.ports import Listing, Listings
from quartermaster.channels.queries.goods import kinds, listings_of, offering
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.moment import now
from quartermaster.core.outside import NotDone, RefusedOutside, Unclear, retry_at

log = logging.getLogger(__name__)
KNOWN = (NotDone, RefusedOutside, Unclear, Refused)
AGAIN = timedelta(seconds=30)  # after a look that did not succeed
GO_ON_S = 0.25  # meanwhile the other chores of this worker wait


class Looking[A: Answered](NamedTuple):
    """What differs between looking at one thing and another. take: rows that begin with (id, turn, name)."""

    books: Books[Any, A, Any]
    shops: str
    take: str
    later: str
    seen: Callable[[tuple[Any, ...], Listing | None], A]
    port: type = Listings


def look[A: Answered](looking: Looking[A]) -> int:
    """A look at each shop with rows to be read back; more of them at one that answers quickly. Returns how
    many rows."""
    offered = kinds(looking.port)
    shops = sql.run(looking.shops, (offered,)) if offered else []
    return sum(at_once([partial(_looks, looking, *shop) for shop in shops]))


def _looks[A: Answered](looking: Looking[A], shop_id: int, slug: str, kind: str) -> int:
    ends, all_of_them = monotonic() + GO_ON_S, 0
    while seen := _look(looking, shop_id, slug, kind):
        all_of_them += seen
        if monotonic() > ends:
            break
    return all_of_them


def _look[A: Answered](looking: Looking[A], shop_id: int, slug: str, kind: str) -> int:
    most = listings_of(kind, slug, looking.port).rows_max
    with transaction.atomic():
        taken = sorted(sql.run(looking.take, {"shop": shop_id, "most": most, "lease": LEASE_S}))
    if not taken:
        return 0
    try:
        account, listings = offering(slug, looking.port)
        found = {one.name: one for one in listings.listed(account=account, names=[row[2] for row in taken])}
    except Exception as trouble:
        log.warning("%s: %s", slug, words(trouble), exc_info=None if isinstance(trouble, KNOWN) else trouble)
        not_before = retry_at(trouble)
        rows = sql.rows({"id": row[0], "turn": row[1]} for row in taken)
        with transaction.atomic():
            sql.run(looking.later, {"rows": rows, "next": max(not_before or now(), now() + AGAIN)})
        return 0
    seen = [looking.seen(row, found.get(row[2])) for row in taken]
    keep(looking.books, shop_id, slug, seen, at=now())
    return len(taken)
