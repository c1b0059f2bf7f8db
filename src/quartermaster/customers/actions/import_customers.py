"""Import customers: one row a customer, or one of the addresses of a customer."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from quartermaster.core import sql
from quartermaster.core.imports import Kind, PastRows, Step
from quartermaster.core.kept import Became, Kept, refused
from quartermaster.core.texts import short
from quartermaster.customers import rules
from quartermaster.customers.actions.recognise import recognise
from quartermaster.inbox.actions.history import History

BATCH = 4000
_ADDRESS = ("company", "line1", "line2", "city", "region", "postcode", "country")
KNOWN: Final = """
select c.merge_key, c.name, c.email, c.phone,
  coalesce((select array_agg(encode(a.digest, 'hex')) from customers_address a where a.customer_id = c.id),
    '{}')
from customers_customer c where c.merge_key = any(%s)
"""


class PastCustomer(NamedTuple):
    """A buyer as customers.ports wants one, with an address."""

    external_id: str
    name: str
    email: str
    phone: str
    address: Mapping[str, object]


class Customers(Kind):
    """The kind of import named `customers`."""

    columns = ("customer", "name", "email", "phone", "ship_name", *_ADDRESS)
    required = ()
    batch = BATCH
    rows_depend = False

    def __init__(self, history: History) -> None:
        self._history = history

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [PastRows("customer", customer, partial(remember_customers, told=self._history))]


def customer(given: Mapping[str, str]) -> tuple[PastCustomer | None, Mapping[str, str]]:
    """A customer, or by column what is wrong with the row."""
    address = {name: given[name] for name in _ADDRESS if given[name]}
    if given["ship_name"]:
        address["name"] = given["ship_name"]
    told = PastCustomer(given["customer"], given["name"], given["email"], given["phone"], address)
    if not rules.merge_key(connection="-", external_id=told.external_id, email=told.email):
        return None, {"customer": "nothing tells this customer from another: give a customer or an e-mail"}
    return told, {}


def remember_customers(customers: Sequence[PastCustomer], *, told: History) -> list[Kept]:
    """Find or make customers and keep their addresses, one answer for each; in the caller's transaction."""
    keys = [
        rules.merge_key(connection=told.slug, external_id=one.external_id, email=one.email)
        for one in customers
    ]
    known = {key: facts for key, *facts in sql.run(KNOWN, (sorted(filter(None, set(keys))),))}
    ids = recognise([(told.slug, one, one.address) for one in customers], at=told.at)
    answers = []
    for one, key, customer_id in zip(customers, keys, ids, strict=True):
        if customer_id is None:
            answers.append(refused("customer: nothing tells this customer from another"))
            continue
        before = known.get(key)
        digest = rules.address_digest(one.address).hex()
        if before is None:
            answers.append(Kept(customer_id, Became.NEW))
            known[key] = [one.name, one.email, one.phone, [digest]]
        elif _says_more(one, digest, before):
            answers.append(Kept(customer_id, Became.CHANGED))
        else:
            answers.append(Kept(customer_id, Became.SAME))
    return answers


def _says_more(one: PastCustomer, digest: str, before: Sequence[object]) -> bool:
    *texts, digests = before
    assert isinstance(digests, list)
    told = (short(one.name), short(one.email.strip()), short(one.phone))
    is_other = any(text not in ("", old) for text, old in zip(told, texts, strict=True))
    return is_other or bool(digest and digest not in digests)
