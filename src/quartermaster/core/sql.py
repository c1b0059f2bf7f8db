"""Set-based SQL on Django's own connection and transaction: one statement for a whole batch.

Rows travel as one JSON parameter (`jsonb_to_recordset`): cheap to
build, one round trip, one plan whatever the size.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import msgspec
import psycopg
from django.db import connection, transaction

_statements: list[str] | None = None


type Params = Mapping[str, object] | Sequence[object]


def run(
    query: str, params: Params = (), *, binary: bool = False, prepare: bool | None = None
) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows ([] when it returns none). Parameters are bound by the server.

    `binary` fetches results in PostgreSQL's binary form: worth it for bytea and for many numbers.
    `prepare=False` plans anew each time: for queues, whose size changes so much that a plan made for few
    rows ruins many.
    """
    if _statements is not None:
        _statements.append(query)
    with psycopg.Cursor(_raw()) as cursor:
        cursor.execute(query, params, binary=binary, prepare=prepare)
        # A bare `select from` has rows without columns: its description is empty, but it is there.
        return [] if cursor.description is None else cursor.fetchall()


def change(query: str, params: Params = ()) -> int:
    """Run one writing statement and return how many rows it touched."""
    if _statements is not None:
        _statements.append(query)
    with psycopg.Cursor(_raw()) as cursor:
        return cursor.execute(query, params).rowcount


def rows(items: Iterable[object]) -> str:
    """A batch as the JSON text of an array of objects (dicts or Structs)."""
    return msgspec.json.encode(list(items)).decode()


def in_transaction() -> bool:
    return bool(transaction.get_connection().in_atomic_block)


def _raw() -> psycopg.Connection[tuple[Any, ...]]:
    connection.ensure_connection()
    raw = cast(psycopg.Connection[tuple[Any, ...]], connection.connection)
    # Batches repeat the same few statements: planning them once is half their price.
    raw.prepare_threshold = 2
    return raw


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements run inside: a test proves that a batch costs a constant number of them."""
    global _statements
    before, _statements = _statements, []
    try:
        yield _statements
    finally:
        _statements = before
