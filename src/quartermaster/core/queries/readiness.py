"""Can this process serve? Two cheap questions to the database."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from quartermaster.core import sql


def unready() -> str:
    """Why this process cannot serve now; "" when it can."""
    try:
        connection.ensure_connection()
        applied = {(app, name) for app, name in sql.run("select app, name from django_migrations")}
    except DatabaseError as error:
        return f"the database cannot be asked: {type(error).__name__}"
    missing = sorted(f"{app}.{name}" for app, name in _needed() - applied)
    return f"migrations are missing: {', '.join(missing)}" if missing else ""


@cache
def _needed() -> frozenset[tuple[str, str]]:
    """The migrations of this program, read from its files once."""
    return frozenset(MigrationLoader(None).disk_migrations)
