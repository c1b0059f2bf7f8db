"""Who bought? Set-based: one statement for a whole batch of orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.texts import short, storable
from quartermaster.customers import rules
from quartermaster.customers.ports import Buyer, Row

# Rows are locked in merge-key order in one pass, then addresses are added in the order of their owners: two
# batches that share customers wait for each other, and never in a circle. Who is known and unchanged costs
# neither a lock nor a write.
RECOGNISE = """
with told as (
  select * from jsonb_to_recordset(%(told)s::jsonb) as t(key text, name text, email text, phone text)),
known as (
  select c.id, c.merge_key as key
  from told t join customers_customer c on c.merge_key = t.key
  where t.name in ('', c.name) and t.email in ('', c.email) and t.phone in ('', c.phone)),
fresh as (
  insert into customers_customer as c (merge_key, name, email, phone, created_at)
  select t.key, t.name, t.email, t.phone, %(at)s
  from told t where not exists (select from known where known.key = t.key)
  order by t.key
  on conflict (merge_key) do update set
    name = coalesce(nullif(excluded.name, ''), c.name),
    email = coalesce(nullif(excluded.email, ''), c.email),
    phone = coalesce(nullif(excluded.phone, ''), c.phone)
  returning id, merge_key as key),
customer as (
  select id, key from known union all select id, key from fresh),
housed as (
  insert into customers_address (customer_id, digest, fields, created_at)
  select c.id, decode(a.digest, 'hex'), a.fields, %(at)s
  from jsonb_to_recordset(%(addresses)s::jsonb) as a(key text, digest text, fields jsonb)
  join customer c using (key)
  order by 1, 2
  on conflict (customer_id, digest) do nothing)
select key, id from customer
"""


def recognise(rows: Sequence[Row], *, at: datetime) -> list[int | None]:
    """Find or make the customer of each order and keep the address; in one statement.

    Runs in the caller's transaction. A row is (slug of the connection, buyer, address as a mapping or None);
    the buyer has external_id, name, email and phone as text, "" for unknown. Answers one customer id per row,
    in the order of the rows; None where nothing tells this buyer from another. What a later row says and an
    earlier one does not, is added; what both say, the later decides.

    The id is that of the customer who was recognised, also when a person has merged it into another since:
    then a merge can be undone without touching an order. `queries.same_person` knows who belongs together.
    """
    keys: list[str | None] = []
    told: dict[str, dict[str, str]] = {}
    addresses: dict[tuple[str, bytes], dict[str, object]] = {}
    for connection, buyer, address in rows:
        key = rules.merge_key(connection=connection, external_id=buyer.external_id, email=buyer.email)
        keys.append(key)
        if key is None:
            continue
        told[key] = _added(told.get(key), key, buyer)
        if address and (digest := rules.address_digest(address)):
            addresses[key, digest] = {"key": key, "digest": digest.hex(), "fields": _fields(address)}
    if not told:
        return keys_to_ids(keys, {})
    found = sql.run(
        RECOGNISE,
        {"told": sql.rows(told.values()), "addresses": sql.rows(addresses.values()), "at": at},
    )
    return keys_to_ids(keys, dict(found))


def keys_to_ids(keys: Sequence[str | None], ids: Mapping[str, int]) -> list[int | None]:
    """One id per key, None for None. A key without id is a defect, and said so."""
    return [None if key is None else ids[key] for key in keys]


def _added(before: Mapping[str, str] | None, key: str, buyer: Buyer) -> dict[str, str]:
    said = {"name": short(buyer.name), "email": short(buyer.email.strip()), "phone": short(buyer.phone)}
    if before is None:
        return {"key": key, **said}
    return {**before, **{name: text for name, text in said.items() if text}}


def _fields(address: Mapping[str, object]) -> dict[str, object]:
    return {
        name: storable(value) if isinstance(value, str) else value for name, value in address.items() if value
    }
