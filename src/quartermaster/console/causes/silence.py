"""Channels that have been silent for twice as long as is normal for them."""

from quartermaster.console.causes.cause import Cause, Group, Told, When
from quartermaster.inbox.queries.heard import HEARD, LOOKED_AT
from quartermaster.inbox.rules import GAPS_KNOWN, QUIET_AT_LEAST_S

# The same condition as inbox.rules.is_silent, over rows instead of one.
ROWS = f"""
select h.slug as of, h.slug as act, h.slug as title, '/messages?connection=' || h.slug as link,
  'Its normal gap is up to ' || ceil(h.gap_s / 60) || ' min' as note, h.last_at as at,
  null::timestamptz as due_at, null::bigint as minor, '' as currency, null::bigint as order_id
from ({HEARD.replace("%(looked_at)s", str(LOOKED_AT))}) h
where h.messages >= {GAPS_KNOWN}
  and extract(epoch from %(now)s - h.last_at) >= greatest(2 * h.gap_s, {QUIET_AT_LEAST_S})
"""  # noqa: S608 - constants


def tell(group: Group) -> Told:
    return Told(
        When.NOW,
        f"{group.of} is silent",
        f"{group.note}. Check its webhooks, and whether orders are missing.",
        "See its messages",
        clause=f"{group.of} is silent",
    )


CAUSE = Cause("silence", "Silent channels", ROWS, tell, is_exception=False)
