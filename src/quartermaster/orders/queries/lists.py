"""Finding orders: by number, by what the channel calls them, by status; newest first, a page at a time."""

import re

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.core.texts import short
from quartermaster.orders.queries.documents import OrderShown, documents

_NUMBER = re.compile(r"SO-([1-9][0-9]{0,17})")

# A condition for each filter, so that each combination gets the plan that fits it.
_CONDITIONS = {
    "connection": "connection_id = %(connection)s",
    # external ids are unique within a connection: asked of all of them, the same index answers
    "external_id": "external_id = %(external_id)s "
    "and connection_id = any(array(select id from inbox_connection))",
    "status": "status = %(status)s",
    "due": "is_edited and id in (select order_id from orders_difference where due_minor > 0)",
    "owed": "is_edited and id in (select order_id from orders_difference where owed_minor > 0)",
    "before": "id < %(before)s",
}


def order_id(number: str) -> int:
    """The id in "SO-1042", of an order that exists. Raises NotFound."""
    found = _NUMBER.fullmatch(number)
    if found and sql.run("select id from orders_order where id = %s", (int(found[1]),)):
        return int(found[1])
    raise NotFound(what="order", which=short(number, 40))


def document(number: str) -> OrderShown:
    """The order with this number. Raises NotFound."""
    found = _NUMBER.fullmatch(number)
    for order in documents([int(found[1])]) if found else []:
        return order
    raise NotFound(what="order", which=short(number, 40))


def page(
    *,
    connection: str = "",
    external_id: str = "",
    status: str = "",
    difference: str = "",
    after: str = "",
    limit: int = LIMIT,
) -> Page[OrderShown]:
    """Orders that meet every filter given, newest first. Three statements at most, whatever the size.

    `difference`: "due" or "owed": our people changed them, and something is to be collected or given back.
    """
    wanted: dict[str, object] = {"external_id": external_id, "status": status, "before": position(after)}
    if difference:
        wanted[difference] = True
    if connection:
        known = sql.run("select id from inbox_connection where slug = %s", (connection,))
        if not known:
            return Page([], None)
        wanted["connection"] = known[0][0]
    given = [condition for name, condition in _CONDITIONS.items() if wanted.get(name) not in ("", None)]
    where = f"where {' and '.join(given)}" if given else ""
    query = f"select id from orders_order {where} order by id desc limit %(limit)s"  # noqa: S608 - constants above
    # Planned anew each time: a shop with ten orders and one with a million want different plans.
    ids = [row[0] for row in sql.run(query, {**wanted, "limit": limit + 1}, prepare=False)]
    found = cut(ids, limit, lambda row_id: row_id)
    return Page(documents(found.items), found.next)
