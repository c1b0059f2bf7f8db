"""What reading messages again would change is shown, and leaves nothing behind."""

import hashlib
import sys
from collections.abc import Iterator

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.inbox.actions import replay
from quartermaster.inbox.actions.keep import Arrival, take_down
from quartermaster.orders.actions import rehearse

from .conftest import NOW, Company
from .corner import ORDER, Shop, a_corner_shop

TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = current_schema() order by 1
"""


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with a_corner_shop(company, monkeypatch) as corner:
        yield corner


def everything() -> dict[str, str]:
    """Every row of every table, by its hash."""
    found = {}
    for (table,) in sql.run(TABLES):
        rows = sql.run(f'select t::text from "{table}" t order by 1', prepare=False)
        found[table] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return found


def kept(topic: str, body: bytes) -> int:
    """A message that is kept and not read."""
    ((connection_id,),) = sql.run("select id from inbox_connection where slug = 'corner'")
    take_down([Arrival(connection_id, "", topic, {"source": "fetched"}, body, NOW)])
    ((message_id,),) = sql.run("select max(id) from inbox_message")
    return int(message_id)


def test_a_rehearsal_says_what_would_change_and_leaves_nothing_behind(shop: Shop) -> None:
    shop.ask()
    ((old, body),) = sql.run("select id, body from inbox_message where topic like 'order%%'")
    renamed = bytes(body).replace(b'"date_modified_gmt":"2026', b'"date_modified_gmt":"2027')
    assert renamed != bytes(body)
    changed = kept("order.updated", renamed.replace(b'"quantity":2', b'"quantity":1'))
    other = kept("order.created", renamed.replace(str(ORDER).encode(), b"9999"))
    broken = kept("order.updated", b"{")
    before = everything()

    first, second, third, fourth = rehearse([broken, old, changed, other])

    assert everything() == before
    assert (first.message_id, first.state, first.changes) == (old, "ignored", ())
    assert second.state == "used"
    told = {one.field: (one.before, one.after) for one in second.changes}
    assert len({one.order for one in second.changes}) == 1
    assert told["line.2 MUG-STONE.sold"] == ("2", "1")
    assert [one.order for one in third.changes] == ["new"]
    assert fourth.state == "unreadable"

    replay([changed], at=NOW, by="user:1")
    shop.company.flow()
    assert sql.run("select sold from orders_line where code = 'MUG-STONE' order by id limit 1") == [(1,)]
    (again,) = rehearse([changed])
    assert (again.state, again.changes) == ("ignored", ())


def test_what_would_fail_is_said_and_does_not_harm_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.ask()
    ((message_id,),) = sql.run("select id from inbox_message where topic like 'order%%'")
    sql.run("delete from core_delivery")
    before = everything()

    def fails(*_: object, **__: object) -> None:
        sql.run("select 1 / 0")

    monkeypatch.setattr(sys.modules[rehearse.__module__], "take_in", fails)
    (first,) = rehearse([message_id])
    assert (first.state, first.because.partition(":")[0]) == ("failed", "DivisionByZero")
    assert everything() == before
    with pytest.raises(NotFound):
        rehearse([message_id, 10**9])
    with pytest.raises(Invalid):
        rehearse(range(201))
