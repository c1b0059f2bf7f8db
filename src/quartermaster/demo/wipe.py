"""Empty a demo database completely: afterwards it is as new, and no demo any more."""

from django.db import connection

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.queries import is_demo
from quartermaster.demo.mark import NotADemo

OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and application_name like 'quartermaster%%'
"""


class StillRunning(Refused):
    code = "still-running"
    message = "Quartermaster is running on this database ({count} connections)."
    remedy = "Stop it first: Ctrl-C where ./qm up runs."


def wipe() -> None:
    """Drop everything; the caller migrates anew. Raises NotADemo, StillRunning."""
    if not is_demo():
        raise NotADemo
    ((count,),) = sql.run(OTHERS)
    if count:
        raise StillRunning(count=count)
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade")
        cursor.execute("create schema public")
