"""Between tests that commit, the database is emptied; and what many of them begin with is made once.

Django truncates every table for that and makes the
rows of its permissions anew, a sixth of a second each time; to delete the few rows there are takes 3 ms.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from django.db import connection, transaction

# Made by migrations and by what Django does after them, and never written by a test.
KEPT = ("django_migrations", "django_content_type", "auth_permission")
LARGE = 4_000_000  # bytes: deleted rows leave holes, and what is read over again becomes slow
NO_ROWS = 21  # bytes of a binary copy: a head of 19 and an end of 2
TABLES = "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
REFERRING = """
with recursive t (id) as (
  select unnest(%s::regclass[])::oid
  union select c.conrelid from pg_constraint c join t on c.confrelid = t.id and c.contype = 'f')
select relname from pg_class join t on pg_class.oid = t.id
"""
# Triggers that forbid it are off for that moment. Who still writes is waited for.
EMPTY = """
do $$
declare
  names text[] := array[{names}];
  every text := (select string_agg(format('%I', one), ', ') from unnest(names) one);
  name text;
begin
  set local session_replication_role = replica;
  execute 'lock table ' || every || ' in exclusive mode';
  if (select bool_or(pg_relation_size(format('%I', one)::regclass) > {large}) from unnest(names) one) then
    execute 'truncate ' || every;
  else
    foreach name in array names loop execute format('delete from %I', name); end loop;
  end if;
  {world} on conflict do nothing;
end $$
"""


def empty(*tables: str) -> None:
    """These tables and all that refer to them; without names every table. The world's places, which a
    migration made, are there afterwards. Emptying the ledger is what nobody else may do."""
    names = ", ".join(f"'{name}'" for name in _names(tables))
    world = import_module("quartermaster.stock.migrations.0002_ledger").WORLD
    with connection.cursor() as cursor:
        cursor.execute(EMPTY.format(names=names, large=LARGE, world=world))


@cache
def _names(tables: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(*((REFERRING, (list(tables),)) if tables else (TABLES,)))
        return sorted(name for (name,) in cursor.fetchall() if name not in KEPT)


type Kept = dict[str, bytes]


def keep() -> Kept:
    """All rows of all tables that have any, to put them back: what takes seconds to make takes 0.1 s so."""
    kept = {}
    with connection.cursor() as cursor:
        for name in _names(()):
            with cursor.copy(f"copy {name} to stdout (format binary)") as out:
                kept[name] = b"".join(out)
    return {name: rows for name, rows in kept.items() if len(rows) > NO_ROWS}


def put_back(kept: Kept) -> None:
    """Into an empty database. Numbers that were given stay given: the next ones are higher."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("delete from stock_place")  # the world's places are among what was kept
        for name, rows in kept.items():
            with cursor.copy(f"copy {name} from stdin (format binary)") as into:
                into.write(rows)
