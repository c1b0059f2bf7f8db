"""The proof behind an empty page: what was worked through while nothing failed."""

from datetime import datetime
from typing import NamedTuple

from quartermaster.console.navigation import COUNTED_MAX
from quartermaster.core import sql

# From the newest back: the newest are few enough to look at, and an index by time would cost every message.
PROOF = """
select count(*) filter (where m.received_at >= %(since)s),
  count(*) filter (where m.received_at >= %(since)s and m.state in ('used', 'ignored'))
from (select received_at, state from inbox_message order by id desc limit %(most)s) m
"""


class Proof(NamedTuple):
    """Messages received since, and those of them that are settled; capped like every count."""

    messages: int
    settled: int


def proof(*, since: datetime) -> Proof:
    return Proof(*sql.run(PROOF, {"since": since, "most": COUNTED_MAX + 1})[0])
