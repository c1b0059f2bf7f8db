"""Look for what goes wrong more often than elsewhere, and keep it for the pages that must not wait for it."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.insight.queries.spikes import spikes

KEEP = """
insert into insight_spike (kind, "of", told, ids, computed_at)
select kind, "of", told, ids, %(at)s
from jsonb_to_recordset(%(found)s::jsonb) as s(kind text, "of" text, told text, ids bigint[])
"""
LOCK = "lock table insight_spike in share row exclusive mode"
FORGET = "delete from insight_spike"
NEWER = "select 1 from insight_spike where computed_at > %s limit 1"


def watch(*, at: datetime) -> None:
    """What stands out now is kept, and nothing else: what is normal again is forgotten. Looking again later
    wins over a look that took longer."""
    found = spikes(at=at)
    with transaction.atomic():
        sql.run(LOCK)
        if sql.run(NEWER, (at,)):
            return
        sql.run(FORGET)
        if found:
            sql.run(KEEP, {"found": sql.rows(each._asdict() for each in found), "at": at})
