"""Carriers are asked about the addresses of orders that wait: through the outbox, once for each address."""

import secrets
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import AddressPolicyChanged
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.state import load, save
from quartermaster.shipping.ports import ChecksAddresses
from quartermaster.shipping.queries.address_policy import KEY, AddressPolicy, address_policy
from quartermaster.shipping.queries.carriers import accounts_with

CHECK = "shipping.address"
HOLD = "undeliverable"
PAGE = 500  # orders in one transaction
# Whose address is another than the one somebody was asked about. On the floor it is too late.
ASK = """
insert into shipping_address_verdict (order_id, address_sha256, at)
select o.id, d.digest, %(at)s
from orders_order o
cross join lateral (select encode(sha256(convert_to(o.ship_to::text, 'UTF8')), 'hex') as digest offset 0) d
left join shipping_address_verdict v on v.order_id = o.id
where o.status in ('open', 'backordered', 'allocated', 'on_hold') and o.ship_to is not null and not o.is_test
  and (%(countries)s::text[] = '{}' or o.ship_to ->> 'country' = any(%(countries)s))
  and (v.order_id is null or v.address_sha256 <> d.digest)
order by o.id limit %(page)s
on conflict (order_id) do update set address_sha256 = excluded.address_sha256, at = excluded.at,
  verdict = '', account = '', because = '[]', suggested = null
returning order_id, address_sha256
"""
# Held for an address that the order does not have any more.
OUTDATED = """
select h.order_id from orders_hold h join orders_order o on o.id = h.order_id
join shipping_address_verdict v on v.order_id = o.id
where h.kind = %s and h.released_at is null
  and v.address_sha256 is distinct from encode(sha256(convert_to(o.ship_to::text, 'UTF8')), 'hex')
"""


def ask_addresses(*, at: datetime) -> int:
    """Wish a verdict about each address nobody was asked about, while that is switched on and a connected
    carrier gives one. An order whose address is another now is let go: nobody said anything about this one.
    Returns how many. A constant number of statements."""
    policy = address_policy()
    if not policy.is_on or not accounts_with(ChecksAddresses):
        return 0
    _let_go(at=at)
    with transaction.atomic():
        asked = sql.run(ASK, {"at": at, "countries": list(policy.countries), "page": PAGE})
        wish_all(
            [
                Wish(
                    f"address:{order_id}:{secrets.token_hex(8)}",  # the same one may be asked about again
                    CHECK,
                    f"order:SO-{order_id}",
                    {"order_id": order_id, "address_sha256": digest},
                    at,
                )
                for order_id, digest in asked
            ]
        )
    return len(asked)


def _let_go(*, at: datetime) -> None:
    with transaction.atomic():
        orders = load(row[0] for row in sql.run(OUTDATED, (HOLD,)))
        because = "the address is another one now"
        holds.take_back([holds.Wanted(one, HOLD, because, at) for one in orders.values()], by="system")
        save(list(orders.values()), [])


def set_address_policy(policy: AddressPolicy, *, because: str, at: datetime, by: str) -> None:
    """From now on carriers are asked by themselves, or not. Holds that are there stay. Raises Invalid."""
    errors = {}
    if wrong := [one for one in policy.countries if not (len(one) == 2 and one.isalpha() and one.isupper())]:
        errors["countries"] = f"two capital letters, as in DE: {', '.join(wrong)[:80]}"
    if not because.strip():
        errors["because"] = "say why"
    if errors:
        raise Invalid(what="The address checks", errors=errors)
    with transaction.atomic():
        before = address_policy()
        if before == policy:
            return
        keep_setting(KEY, {"is_on": policy.is_on, "countries": list(policy.countries)}, at=at, by=by)
        fact = AddressPolicyChanged(
            subject="settings:addresses",
            at=at,
            actor=by,
            is_on=policy.is_on,
            countries=policy.countries,
            because=because.strip(),
        )
        emit([fact])
