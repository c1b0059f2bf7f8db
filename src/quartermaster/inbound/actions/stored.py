"""The end of the dock-to-stock clock: an arrival is stored when nothing of it lies on the dock any more."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.core import sql

STAMP = """
update inbound_arrival a set stored_at = %(at)s
where a.id = any(%(ids)s) and a.state = 'received' and a.stored_at is null and not exists (
  select from inbound_receipt r where r.arrival_id = a.id
    and (r.stored < r.quantity - r.damaged - r.qc + r.passed or r.passed + r.failed < r.qc))
"""


def stamp(arrival_ids: Sequence[int], *, at: datetime) -> None:
    """Stop the clock of those that are done. One statement."""
    sql.run(STAMP, {"ids": sorted(set(arrival_ids)), "at": at})
