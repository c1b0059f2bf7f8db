"""Orders that a check or a person holds."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.orders.rules.holds import KINDS

ROWS = """
select h.kind as of, 'SO-' || o.id as act, 'SO-' || o.id as title, '/orders/SO-' || o.id as link,
  h.because as note, h.since as at, h.expires_at as due_at, o.total_minor as minor, o.currency,
  o.id as order_id
from orders_hold h join orders_order o on o.id = h.order_id
where h.released_at is null and h.kind <> 'sku' and o.status = 'on_hold'
"""
_WAITS_FOR = {  # kind -> when, the order(s) …, what helps
    "check": (When.NOW, "cannot be understood", "Look at what the channel sent"),
    "address": (When.NOW, "cannot be delivered as addressed", "Mend the address, or release"),
    "channel": (When.NEXT, "held by the channel", "Ends by itself when the channel lets go"),
    "destination": (When.NEXT, "may not go to that country", "Cancel, or release"),
    "duplicate": (When.NOW, "may have been placed twice", "Ask the customer, then release or cancel"),
    "margin": (When.NOW, "would lose money", "Check the price, then release or cancel"),
    "fraud": (When.NOW, "may be fraud", "Decide: release or cancel"),
    "payment": (When.NEXT, "not paid yet", "Goes on by itself once paid"),
    "manual": (When.NEXT, "held by hand", "Release when the reason is gone"),
    "stock": (When.NEXT, "held for stock", "Release when it has come"),
    "undeliverable": (When.NOW, "cannot be delivered, says the carrier", "Correct the address, or release"),
    "recall": (When.NOW, "has recalled goods in hand", "Take the units out, then release"),
    "awaiting_return": (When.LATER, "waiting for a return", "Release when it has come"),
    "date": (When.LATER, "not to be sent before a day", "Goes on by itself on that day"),
    "test": (When.LATER, "marked as a test", "Nothing to do: tests are never sent"),
}


def tell(group: Group) -> Told:
    when, is_so, helps = _WAITS_FOR.get(group.of, (When.NOW, f"held: {title(group.of)}", "Look at them"))
    one = f"{many(group, 'order')} {is_so}"
    verb = "Look at it" if group.rows == 1 else "Look at them"
    clause = one if when is When.NOW else ""
    return Told(when, one, f"{group.note.rstrip('.')}. {helps}.", verb, clause=clause)


def title(kind: str) -> str:
    return KINDS[kind].title.lower() if kind in KINDS else kind.replace("_", " ")


CAUSE = Cause("holds", "Orders on hold", ROWS, tell, fix="release")
