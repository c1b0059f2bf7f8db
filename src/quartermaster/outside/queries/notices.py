"""What sites of others were told will come in, and how it compares to what they say came."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import Page, cut, position
from quartermaster.outside.ports import Notice
from quartermaster.outside.queries.fetched import Site
from quartermaster.outside.rules.notices import Differs, compared

ROWS_MAX: Final = 100
SENT: Final = """
select case when state = 'sent' then revision else told end, is_withdrawn and state in ('sent', 'withdrawn')
from outside_notice where reference = %s
"""
LIST: Final = """
select row_to_json(f)::text from (
  select n.id, n.reference, n.arrival_id, n.state, n.revision, n.told, n.is_withdrawn, n.content, n.theirs,
    n.because, n.asked_at, n.told_at, n.answered_at, n.settled_at,
    coalesce((select json_object_agg(r.sku, r.units) from (
      select i->>'sku' as sku, sum((i->>'quantity')::bigint) as units
      from outside_receipt x, jsonb_array_elements(x.items) i
      where x.notice = n.reference and x.site_id = n.site_id group by 1) r), '{{}}') as received
  from outside_notice n join stock_location l on l.id = n.site_id where {which}
  order by {turn} limit %(most)s) f
"""
# Those that are open, and for a week those that are not any more.
SHOWN: Final = LIST.format(
    which="l.code = %(site)s and (n.settled_at is null or n.settled_at > %(now)s - interval '7 days')",
    turn="n.settled_at is not null, n.id desc",
)
FETCHED: Final = LIST.format(
    which="""n.site_id = %(site)s and n.settled_at is null and n.state <> 'refused'
      and (n.state <> 'queued' or n.told > 0) and n.id > %(after)s""",
    turn="n.id",
)
ONE: Final = LIST.format(which="n.site_id = %(site)s and n.reference = %(reference)s", turn="n.id")


class NoticeSeen(msgspec.Struct, frozen=True):
    """A notice. revision: what they are to know; told: the last one they were told, 0 none. is_withdrawn: it
    does not come. received: units they told under our reference, by SKU, booked here or not."""

    id: int
    reference: str
    arrival_id: int
    state: str
    revision: int
    told: int
    is_withdrawn: bool
    content: Notice
    theirs: str
    because: str
    asked_at: datetime
    told_at: datetime | None
    answered_at: datetime | None
    settled_at: datetime | None
    received: dict[str, int]

    @property
    def units(self) -> int:
        return sum(item.quantity for item in self.content.items)

    @property
    def differs(self) -> list[Differs]:
        """Announced against received, every SKU; empty before anything came."""
        announced: dict[str, int] = {}
        for item in self.content.items:
            announced[item.sku] = announced.get(item.sku, 0) + item.quantity
        return compared(announced, self.received) if self.received else []


class SentNotice(NamedTuple):
    """The revision that is, or may be, in a list that was fetched, 0 for none; is_withdrawn: it says that it
    does not come."""

    revision: int
    is_withdrawn: bool


def sent_notice(reference: str) -> SentNotice:
    found = sql.run(SENT, (reference,))
    return SentNotice(*found[0]) if found else SentNotice(0, is_withdrawn=False)


def notices(site: str, *, now: datetime) -> list[NoticeSeen]:
    """The open ones first, the newest of each first; ROWS_MAX at most."""
    rows = sql.run(SHOWN, {"site": site, "now": now, "most": ROWS_MAX})
    return [msgspec.json.decode(row[0], type=NoticeSeen) for row in rows]


def fetched(site: Site, *, after: str, limit: int) -> Page[NoticeSeen]:
    """What a site's own programs are told, the oldest first: what comes, and what does not any more."""
    asked = {"site": site.location_id, "after": position(after) or 0, "most": limit + 1}
    found = [msgspec.json.decode(row, type=NoticeSeen) for (row,) in sql.run(FETCHED, asked)]
    return cut(found, limit, lambda one: one.id)


def one_notice(site: Site, reference: str) -> NoticeSeen:
    """Raises NotFound: also for one of another site."""
    asked = {"site": site.location_id, "reference": reference, "most": 1}
    for (row,) in sql.run(ONE, asked):
        return msgspec.json.decode(row, type=NoticeSeen)
    raise NotFound(what=f"notice at {site.code}", which=reference)


# What is to be told is under way, and what they were told is what it says.
UNTOLD: Final = """
select n.reference, n.state || ', revision ' || n.revision from outside_notice n
where n.state = 'queued' and not exists (select from core_outbox o
    where o.key = 'notice:' || n.reference || ':' || n.revision)
  or (n.content->>'revision')::int <> n.revision
  or n.state in ('told', 'withdrawn') and n.told <> n.revision
limit %s
"""


def notices_nobody_tells() -> list[str]:
    wrong = sql.run(UNTOLD, (ROWS_MAX,))
    return [f"{reference} is {state}, and nothing is under way that fits" for reference, state in wrong]


NOTICES: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "outside.notices",
        "What will come in at a site of others is told there as it stands, or is under way.",
        notices_nobody_tells,
    ),
)
