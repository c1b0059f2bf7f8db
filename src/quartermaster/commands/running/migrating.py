"""Migrations while others work: one host at a time, never waiting long for a table lock."""

import contextlib
import logging
import time
from collections.abc import Iterator

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.errors import LockNotAvailable

from quartermaster.commands.running.refusals import MigrationBlocked

log = logging.getLogger(__name__)

_ONE_MIGRATES = 0x514D_0001  # the advisory lock's key, the same on every host
_LOCK_TIMEOUT_S = 3  # whoever waits for a table lock makes everybody behind it wait too
_TRIES = 20


def missing_count() -> int:
    """How many migrations of this version are not applied yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> int:
    """Apply what is missing; returns how many. Safe on any number of hosts at once. Raises MigrationBlocked.

    New tables are analysed at the end: a plan made from an empty table's statistics is kept for a long time.
    """
    with _one_at_a_time():
        count = missing_count()
        if count:
            _apply()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    return count


def _apply() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{_LOCK_TIMEOUT_S}s"])
    for attempt in range(_TRIES):
        try:
            call_command("migrate", verbosity=0, interactive=False)
            break
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            log.warning("a migration waits for a table lock", extra={"attempt": attempt + 1})
            time.sleep(1)
    else:
        raise MigrationBlocked(waited_s=_TRIES * _LOCK_TIMEOUT_S)
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the lock on a connection of its own; it goes with the connection, however we end."""
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            waited = 0
            while True:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_MIGRATES])
                if cursor.fetchone()[0]:
                    break
                if waited % 20 == 0:
                    log.info("another process is migrating; waiting for it")
                waited += 1
                time.sleep(0.25)
            yield
    finally:
        holder.close()
