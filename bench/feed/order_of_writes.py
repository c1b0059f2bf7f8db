"""What each shop was written, in the order it was written, held against the versions we sent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bench.feed.town import Town
from quartermaster.core import sql

SENT = """
select c.slug, l.code, p.version, p.quantity, p.sent_at, p.answered_at
from channels_push p join channels_listing l on l.id = p.listing_id
join inbox_connection c on c.id = l.shop_id
where p.sent_at is not null and p.outcome in ('taken', 'accepted', 'unclear', 'stale')
order by p.id
"""
SLACK = timedelta(milliseconds=50)  # between the clock of the database and that of a shop's process


class Sent(NamedTuple):
    version: int
    quantity: int
    sent_at: datetime
    answered_at: datetime


def gone_back(written: Sequence[tuple[datetime, int]], sent: Iterable[Sent]) -> list[str]:
    """Writes that put an older version over a newer one, or that nobody sent. Each write was sent by a push
    under way at its moment; the oldest of those that is no older than the write before counts."""
    known, version, wrong = list(sent), 0, []
    for at, quantity in written:
        under_way = [one for one in known if one.sent_at - SLACK <= at <= one.answered_at + SLACK]
        fitting = [one for one in under_way if one.quantity == quantity] or under_way
        if not fitting:
            wrong.append(f"{quantity} at {at:%H:%M:%S.%f}, which nobody sent")
        elif max(one.version for one in fitting) < version:
            newest = max(one.version for one in fitting)
            wrong.append(f"{quantity} at {at:%H:%M:%S.%f}: version {newest} after {version}")
        else:
            version = min(one.version for one in fitting if one.version >= version)
    return wrong


def stale(town: Town) -> tuple[int, list[str]]:
    """How many writes the shops saw, and those that went back."""
    sent: dict[tuple[str, str], list[Sent]] = defaultdict(list)
    for slug, code, *rest in sql.run(SENT):
        sent[slug, code].append(Sent(*rest))
    count, wrong = 0, []
    for kind, shop in town.shops.items():
        written: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        for at, sku, units in shop.do("written"):
            written[sku].append((datetime.fromisoformat(at), units))
            count += 1
        for sku, writes in written.items():
            wrong += [f"{kind} {sku}: {one}" for one in gone_back(writes, sent[kind, sku])]
    return count, wrong
