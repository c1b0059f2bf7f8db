"""Aliases: what a channel calls a SKU. Adding one may heal orders that wait for that name."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from msgspec import Struct

from quartermaster.catalog.actions.outcomes import Outcome, lock
from quartermaster.catalog.rules.skus import CODE_MAX, is_name
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.core.texts import storable
from quartermaster.events import SkuChanged


class NewAlias(Struct, frozen=True):
    """The channel of `connection` (slug) calls `sku` (code) by the name of `code`."""

    connection: str
    code: str
    sku: str


KNOWN = """
select c.id, s.id, a.sku_id, other.code
from jsonb_to_recordset(%s::jsonb) as w(n int, connection text, code text, sku text)
left join inbox_connection c on c.slug = w.connection
left join catalog_sku s on s.code = w.sku
left join catalog_alias a on a.connection_id = c.id and a.code = w.code
left join catalog_sku other on other.id = a.sku_id
order by w.n
"""
SAVE = """
insert into catalog_alias (connection_id, code, sku_id)
select connection_id, code, sku_id
from jsonb_to_recordset(%s::jsonb) as w(connection_id bigint, code text, sku_id bigint)
order by 1, 2
on conflict (connection_id, code) do update set sku_id = excluded.sku_id
"""
REMOVE = """
delete from catalog_alias a using inbox_connection c, catalog_sku s
where c.id = a.connection_id and s.id = a.sku_id and c.slug = %s and a.code = %s returning s.id, s.code
"""


class _Known(NamedTuple):
    connection_id: int | None
    sku_id: int | None
    owner_id: int | None  # whom the name belongs to now
    owner: str | None


@transaction.atomic
def add_aliases(aliases: Sequence[NewAlias], *, at: datetime, by: str, source: str = "") -> list[Outcome]:
    """Add aliases, or point those that are there to another SKU; one outcome per alias, in their order.

    Of several for the same name the last counts. One event for each SKU that gained or lost one.
    """
    lock()
    outcomes: list[Outcome] = []
    wanted: dict[tuple[int, str], tuple[NewAlias, _Known]] = {}
    for alias, known in zip(aliases, _known(aliases), strict=True):
        if errors := _errors(alias, known):
            refused = Invalid(what=f"The alias {alias.code[:80]!r}", errors=errors)
            outcomes.append(Outcome(None, refused))
            continue
        outcomes.append(Outcome(known.sku_id))
        assert known.connection_id is not None
        wanted[known.connection_id, alias.code] = (alias, known)
    moved = {key: move for key, move in wanted.items() if move[1].owner_id != move[1].sku_id}
    if moved:
        fresh = [
            {"connection_id": connection_id, "code": code, "sku_id": known.sku_id}
            for (connection_id, code), (_, known) in moved.items()
        ]
        sql.run(SAVE, (sql.rows(fresh),))
    gained, lost = defaultdict(list), defaultdict(list)
    for alias, known in moved.values():
        gained[known.sku_id, alias.sku].append(_told(alias.connection, alias.code))
        lost[known.owner_id, known.owner].append(_told(alias.connection, alias.code))
    lost.pop((None, None), None)
    _tell(gained, lost, at=at, by=by, source=source)
    return outcomes


@transaction.atomic
def remove_alias(connection: str, code: str, *, at: datetime, by: str) -> None:
    """Forget what a channel calls a SKU; orders that came under that name keep their SKU. Raises NotFound."""
    lock()
    found = sql.run(REMOVE, (connection, code))
    if not found:
        raise NotFound(what=f"alias of {connection}", which=code)
    _tell({}, {found[0]: [_told(connection, code)]}, at=at, by=by, source="")


def _known(aliases: Sequence[NewAlias]) -> list[_Known]:
    rows = (
        {"n": n, "connection": storable(a.connection), "code": storable(a.code), "sku": storable(a.sku)}
        for n, a in enumerate(aliases)
    )
    return [_Known(*row) for row in sql.run(KNOWN, (sql.rows(rows),))]


def _errors(alias: NewAlias, known: _Known) -> dict[str, str]:
    errors = {}
    if known.connection_id is None:
        errors["connection"] = f"there is no connection {alias.connection}"
    if known.sku_id is None:
        errors["sku"] = f"there is no SKU {alias.sku}"
    if not is_name(alias.code, CODE_MAX):
        errors["code"] = f"1 to {CODE_MAX} printable characters without spaces around them"
    return errors


def _told(connection: str, code: str) -> str:
    return f"{connection}: {code}"


def _tell(
    gained: Mapping[Any, Sequence[str]],
    lost: Mapping[Any, Sequence[str]],
    *,
    at: datetime,
    by: str,
    source: str,
) -> None:
    """One event a SKU, (id, code): the names it had and has no more, and those it has now."""
    emit(
        SkuChanged(
            subject=f"sku:{sku[1]}",
            at=at,
            actor=by,
            source=source,
            sku_id=sku[0],
            changed={"aliases": (sorted(lost.get(sku, ())), sorted(gained.get(sku, ())))},
        )
        for sku in sorted({*gained, *lost})
    )
