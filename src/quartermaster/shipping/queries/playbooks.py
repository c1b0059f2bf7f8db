"""What is to be done when carriers fail, and what speaks for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.shipping.rules.playbooks import Playbook

ANSWERS_WITHIN: Final = "10 minutes"  # a label that waits for longer is one the carrier lets lie
ALL: Final = """
select row_to_json(r)::text from (
  select carrier, because, moves_labels, fires_on, ends_after_h from shipping_playbook
  where %(carrier)s::text is null or carrier = %(carrier)s order by carrier) r
"""
# What was let lie before a pause ended was dealt with by it.
ARMED: Final = f"""
select b.carrier, since.at, (
  select count(*) from shipping_label l where l.carrier = b.carrier and l.state in ('queued', 'unknown')
    and l.asked_at between since.at and %(at)s - interval '{ANSWERS_WITHIN}')
from shipping_playbook b, lateral (
  select coalesce(max(p.ended_at), %(at)s - interval '14 days') as at from shipping_pause p
  where p.carrier = b.carrier) since
where b.fires_on is not null
  and not exists (select from shipping_pause p where p.carrier = b.carrier and p.ended_at is null)
order by b.carrier
"""  # noqa: S608 - constants only
OVER: Final = """
select carrier, because from shipping_pause where ended_at is null and ends_at <= %s order by carrier
"""
OVERDUE: Final = """
select carrier, ends_at from shipping_pause where ended_at is null and ends_at < now() - interval '1 hour'
order by carrier limit %s
"""
_playbook = msgspec.json.Decoder(Playbook)


class Armed(NamedTuple):
    """A playbook that fires by itself. since: what was let lie before does not count; unanswered: labels."""

    carrier: str
    since: datetime
    unanswered: int


def playbooks(carrier: str | None = None) -> list[Playbook]:
    """All, or the one of a carrier."""
    return [_playbook.decode(row) for (row,) in sql.run(ALL, {"carrier": carrier})]


def armed(*, at: datetime) -> list[Armed]:
    return [Armed(*row) for row in sql.run(ARMED, {"at": at})]


def over(*, at: datetime) -> list[str]:
    """Carriers whose pause was to end by now."""
    return [carrier for carrier, _ in sql.run(OVER, (at,))]


def pauses_that_do_not_end() -> list[str]:
    return [
        f"{carrier} was to be resumed at {ends_at:%Y-%m-%d %H:%M}"
        for carrier, ends_at in sql.run(OVERDUE, (100,))
    ]


PLAYBOOKS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("shipping.playbooks", "No pause lasts an hour beyond its end.", pauses_that_do_not_end),
)
