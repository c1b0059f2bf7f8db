"""What a shop is asked to see whether it accepts our keys, and what is done when it does again."""

from collections.abc import Sequence
from datetime import timedelta

from quartermaster.channels.ports import Changes, Channel
from quartermaster.core import sql
from quartermaster.core.events import Event
from quartermaster.core.moment import now
from quartermaster.core.outside import Account
from quartermaster.events import KeysAccepted

JUST_NOW = timedelta(minutes=10)  # of the last two minutes Amazon tells nothing, and is not asked
# All that had failed is due at once: what happened meanwhile is fetched, and the numbers of today are sent.
ASK = """
update channels_shop s set next_at = %(at)s, failures = 0, because = '' from inbox_connection c
where c.id = s.connection_id and c.slug = any(%(slugs)s)
"""
GOODS = """
update channels_goods g set push_at = %(at)s, push_failures = 0, push_because = '',
  read_next_at = case when g.read_failures > 0 then %(at)s else g.read_next_at end, read_failures = 0,
  read_because = ''
from inbox_connection c where c.id = g.shop_id and c.slug = any(%(slugs)s)
"""
PRICES = """
update channels_pricing g set push_at = %(at)s, push_failures = 0, push_because = ''
from inbox_connection c where c.id = g.shop_id and c.slug = any(%(slugs)s)
"""
HOOKS = """
update channels_hooks h set next_at = %(at)s, failures = 0 from inbox_connection c
where c.id = h.shop_id and c.slug = any(%(slugs)s)
"""
COMPARISONS = """
update channels_comparison k set next_at = %(at)s, failures = 0, because = '' from inbox_connection c
where c.id = k.shop_id and c.slug = any(%(slugs)s) and k.ended_at is null
"""


def ask_of_now(account: Account, channel: Channel) -> Changes:
    """The harmless call: what changed just now. What it answers is left aside."""
    return channel.changes(account=account, since=now() - JUST_NOW, cursor="")


def go_on_with(events: Sequence[Event]) -> None:
    """The listener: shops whose keys count again are asked and told at once. Five statements."""
    slugs = sorted({event.connection for event in events if isinstance(event, KeysAccepted)})
    for statement in (ASK, GOODS, PRICES, HOOKS, COMPARISONS):
        sql.run(statement, {"slugs": slugs, "at": events[-1].at})
