"""What a carrier last said about an order's address."""

from datetime import datetime

import msgspec

from quartermaster.core import sql


class Verdict(msgspec.Struct, frozen=True):
    """verdict: good, doubtful or bad. holds: the address is still the one that was checked."""

    account: str
    verdict: str
    because: tuple[str, ...]
    at: datetime
    holds: bool


NEWEST = """
select row_to_json(r)::text from (
  select e.body->>'account' as account, e.body->>'verdict' as verdict, e.body->'because' as because, e.at,
    encode(sha256(convert_to(o.ship_to::text, 'UTF8')), 'hex') = e.body->>'address_sha256' as holds
  from core_event e join orders_order o on 'order:SO-' || o.id = e.subject
  where e.subject = %s and e.name = 'AddressChecked' order by e.id desc limit 1) r
"""
_verdict = msgspec.json.Decoder(Verdict)


def verdict(order: str) -> Verdict | None:
    """Of order SO-7; None when nobody was asked."""
    for (found,) in sql.run(NEWEST, (f"order:{order}",)):
        return _verdict.decode(found)
    return None
