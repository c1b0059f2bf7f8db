"""What is expected at a site of others is told to those who work it; what changed of it, again; and when it
does not come, that."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.events import NoticeAsked
from quartermaster.outside.ports import Item, Notice, Notices

TELL: Final = "outside.notice"
BY: Final = "system"
BATCH: Final = 50

LOCK: Final = "select pg_try_advisory_xact_lock(hashtextextended('outside.announce', 0))"
# What a notice says, as one text: another text is an amendment. What came unannounced is no part of it.
_SAYS: Final = """
select md5(coalesce(a.expected_on::text, '') || '|' || a.supplier || '|' || a.reference || '|'
  || coalesce(string_agg(x.sku_id || ':' || x.expected, ',' order by x.sku_id), '')) as mark
from inbound_arrival_line x where x.arrival_id = a.id and x.expected > 0
"""
DUE: Final = f"""
select t.location_id, l.code, a.id, a.kind, a.supplier, a.reference, a.expected_on, a.transfer_id, says.mark,
  n.id, n.reference, n.revision, a.state = 'cancelled'
from outside_site t join stock_location l on l.id = t.location_id
join inbox_connection c on c.id = t.connection_id
join inbound_arrival a on a.location_id = t.location_id and a.state in ('expected', 'receiving')
cross join lateral ({_SAYS}) says
left join outside_notice n on n.arrival_id = a.id
where t.is_active and c.is_active and c.kind = any(%(kinds)s) and a.kind in ('asn', 'po', 'transfer')
  and (n.id is null and a.state = 'expected' or n.mark <> says.mark and n.settled_at is null)
union all
select n.site_id, l.code, a.id, a.kind, a.supplier, a.reference, a.expected_on, a.transfer_id, n.mark,
  n.id, n.reference, n.revision, true
from outside_notice n join inbound_arrival a on a.id = n.arrival_id
join stock_location l on l.id = n.site_id
where n.settled_at is null and not n.is_withdrawn and a.state = 'cancelled'
order by 3 limit %(most)s
"""  # noqa: S608 - constants only
SETTLED: Final = """
update outside_notice n set settled_at = %s from inbound_arrival a
where a.id = n.arrival_id and n.settled_at is null and a.state = 'received'
"""
ITEMS: Final = """
select x.arrival_id, s.code, x.expected from inbound_arrival_line x join catalog_sku s on s.id = x.sku_id
where x.arrival_id = any(%s) and x.expected > 0 order by x.arrival_id, s.code
"""
# What left by a transfer has its lots in the ledger; of other goods nobody knows them before they come.
LEFT: Final = """
select a.id, s.code, sum(m.quantity)::bigint, m.lot, m.serial
from inbound_arrival a cross join generate_series(0, 1999) n
join stock_movement m on m.key = 'ship:TR-' || a.transfer_id || ':' || n join catalog_sku s on s.id = m.sku_id
where a.id = any(%s) group by a.id, s.code, m.lot, m.serial order by a.id, s.code, m.lot, m.serial
"""
# As with orders, the end of a reference is drawn by lot: two installations may share an account over there.
LOTS: Final = """
select id, 'QM-IN-' || id || '-' || left(replace(gen_random_uuid()::text, '-', ''), 8)
from unnest(%s::bigint[]) as id
"""
KEEP: Final = """
insert into outside_notice (reference, site_id, arrival_id, revision, is_withdrawn, content, mark, asked_at)
select reference, site_id, arrival_id, revision, is_withdrawn, content, mark, %(at)s
from jsonb_to_recordset(%(notices)s::jsonb) as w(reference text, site_id int, arrival_id bigint, revision int,
  is_withdrawn boolean, content jsonb, mark text)
order by arrival_id
on conflict (arrival_id) do update set state = 'queued', revision = excluded.revision,
  is_withdrawn = excluded.is_withdrawn, content = excluded.content, mark = excluded.mark, because = '',
  asked_at = excluded.asked_at
returning id, reference, revision
"""


class Due(NamedTuple):
    """An arrival of which something is to be told."""

    site_id: int
    site: str
    arrival_id: int
    kind: str
    sender: str
    document: str
    expected_on: date | None
    transfer_id: int | None
    mark: str
    notice_id: int | None
    reference: str | None
    revision: int | None
    is_cancelled: bool


def announce() -> int:
    """The chore: what is expected at sites whose people can be told is told to them. Returns how many notices
    were asked for. One worker at a time; the others have something else to do."""
    kinds = plugs.kinds(Notices)
    with transaction.atomic():
        if not sql.run(LOCK)[0][0]:
            return 0
        at = now()
        found = [Due._make(row) for row in sql.run(DUE, {"kinds": kinds, "most": BATCH})]
        sql.run(SETTLED, (at,))
        if found:
            _ask(found, at=at)
    return len(found)


def _ask(found: Sequence[Due], *, at: datetime) -> None:
    """A row and a wish for each. Constant number of statements."""
    items = _items(found)
    drawn = dict(sql.run(LOTS, ([one.arrival_id for one in found],)))
    told = {}
    for one in found:
        notice = Notice(
            reference=one.reference or drawn[one.arrival_id],
            revision=(one.revision or 0) + 1,
            number=f"IN-{one.arrival_id}",
            kind=one.kind,
            site=one.site,
            sender=one.sender,
            document=one.document,
            items=items.get(one.arrival_id, ()),
            expected_on=one.expected_on,
        )
        told[notice.reference] = (one, notice)
    rows = [
        {
            "reference": notice.reference,
            "site_id": one.site_id,
            "arrival_id": one.arrival_id,
            "revision": notice.revision,
            "is_withdrawn": one.is_cancelled,
            "content": msgspec.to_builtins(notice),
            "mark": one.mark,
        }
        for one, notice in told.values()
    ]
    kept = sql.run(KEEP, {"notices": sql.rows(rows), "at": at})
    wish_all(
        [
            Wish(
                f"notice:{reference}:{revision}",
                TELL,
                f"notice:{reference}",
                {"notice_id": id, "revision": revision},
                at,
            )
            for id, reference, revision in kept
        ]
    )
    emit(_fact(one, notice, at) for one, notice in told.values())


def _items(found: Sequence[Due]) -> dict[int, tuple[Item, ...]]:
    of: dict[int, list[Item]] = {}
    for arrival_id, sku, units in sql.run(ITEMS, ([one.arrival_id for one in found],)):
        of.setdefault(arrival_id, []).append(Item(sku, units))
    left: dict[int, list[Item]] = {}
    transfers = [one.arrival_id for one in found if one.transfer_id is not None]
    for arrival_id, sku, units, lot, serial in sql.run(LEFT, (transfers,)) if transfers else ():
        left.setdefault(arrival_id, []).append(Item(sku, units, lot, serial))
    return {arrival_id: tuple(mine) for arrival_id, mine in (of | left).items()}


def _fact(one: Due, notice: Notice, at: datetime) -> NoticeAsked:
    return NoticeAsked(
        subject=f"arrival:{one.arrival_id}",
        at=at,
        actor=BY,
        arrival_id=one.arrival_id,
        location=one.site,
        reference=notice.reference,
        revision=notice.revision,
        units=sum(item.quantity for item in notice.items),
        is_withdrawn=one.is_cancelled,
    )
