"""What a carrier last said about an order's address."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.orders.ports import Address


class Verdict(msgspec.Struct, frozen=True):
    """verdict: good, doubtful or bad. holds: the address is still the one that was checked. suggested: how
    the carrier would write that address, where it says so."""

    account: str
    verdict: str
    because: tuple[str, ...]
    at: datetime
    holds: bool
    suggested: Address | None = None


NEWEST = """
select row_to_json(r)::text from (
  select e.body->>'account' as account, e.body->>'verdict' as verdict, e.body->'because' as because, e.at,
    encode(sha256(convert_to(o.ship_to::text, 'UTF8')), 'hex') = e.body->>'address_sha256' as holds,
    v.suggested
  from core_event e join orders_order o on 'order:SO-' || o.id = e.subject
  left join shipping_address_verdict v on v.order_id = o.id
    and v.address_sha256 = e.body->>'address_sha256'
    and v.address_sha256 = encode(sha256(convert_to(o.ship_to::text, 'UTF8')), 'hex')
  where e.subject = %s and e.name = 'AddressChecked' order by e.id desc limit 1) r
"""
DOUBTED = """
select v.order_id, row_to_json(r)::text from shipping_address_verdict v
join orders_order o on o.id = v.order_id,
  lateral (select v.account, v.verdict, v.because, v.at, true as holds, v.suggested) r
where v.order_id = any(%s) and v.verdict in ('doubtful', 'bad')
  and v.address_sha256 = encode(sha256(convert_to(o.ship_to::text, 'UTF8')), 'hex')
"""
_verdict = msgspec.json.Decoder(Verdict, strict=False)


def doubted(order_ids: Sequence[int]) -> Mapping[int, Verdict]:
    """Of those orders whose address, as it is now, a carrier does not take as it stands."""
    rows = sql.run(DOUBTED, (list(order_ids),)) if order_ids else []
    return {order_id: _verdict.decode(found) for order_id, found in rows}


def verdict(order: str) -> Verdict | None:
    """Of order SO-7; None when nobody was asked."""
    for (found,) in sql.run(NEWEST, (f"order:{order}",)):
        return _verdict.decode(found)
    return None
