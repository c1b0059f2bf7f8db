"""What a warehouse of others is asked to see whether it accepts our keys, and what is done when it does
again."""

from collections.abc import Sequence

from quartermaster.core import sql
from quartermaster.core.events import Event
from quartermaster.core.outside import Account
from quartermaster.events import KeysAccepted
from quartermaster.outside.ports import Standing, Warehouse

NOBODY = "QM-0-00000000"  # a reference that no order has
ASK = """
update outside_site t set next_at = %(at)s, failures = 0, because = '' from inbox_connection c
where c.id = t.connection_id and c.slug = any(%(slugs)s)
"""


def ask_for_nobody(account: Account, warehouse: Warehouse) -> Standing | None:
    """The harmless call: how an order stands that there is not."""
    return warehouse.find(account=account, reference=NOBODY)


def ask_anew(events: Sequence[Event]) -> None:
    """The listener: sites whose keys count again are asked at once."""
    slugs = sorted({event.connection for event in events if isinstance(event, KeysAccepted)})
    sql.run(ASK, {"slugs": slugs, "at": events[-1].at})
