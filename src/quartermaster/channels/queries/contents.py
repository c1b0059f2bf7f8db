"""What shops were told that their listings say: by push, by listing, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.channels.ports import ContentField, Contents, Listing
from quartermaster.core import plugs, sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.core.texts import storable

type Show = Literal["all", "waiting", "trouble", "confirmed"]

ROWS = """
select row_to_json(r)::text from (
  select x.id, x.push_id as push, c.slug as connection, l.name as listing, x.listing_id, s.code as sku,
    x.field, x.expected as before, x.wanted, x.has, x.state, x.because, x.sent_at, x.settled_at,
    p.made_at, p.made_by, p.because as why, p.undoes_id as undoes,
    (select u.id from channels_content_push u where u.undoes_id = p.id) as undone_by
  from channels_content x join channels_content_push p on p.id = x.push_id
  join channels_listing l on l.id = x.listing_id join inbox_connection c on c.id = x.shop_id
  join catalog_sku s on s.id = x.sku_id
  where {which} order by x.id desc limit %(limit)s) r
"""
SHOWS = {
    "all": "true",
    "waiting": "x.state in ('due', 'sent', 'asked')",
    "trouble": "x.state in ('refused', 'changed', 'stuck')",
    "confirmed": "x.state = 'confirmed'",
}
LATEST = """
x.id in (select max(y.id) from channels_content y where y.listing_id = any(%(ids)s) and y.field = %(field)s
  group by y.listing_id)
"""
PUSH = """
select row_to_json(r)::text from (
  select p.id as push, p.made_at, p.made_by, p.because as why, p.undoes_id as undoes,
    (select u.id from channels_content_push u where u.undoes_id = p.id) as undone_by,
    count(*) filter (where x.state in ('due', 'sent', 'asked'))::int as waiting,
    count(*) filter (where x.state = 'confirmed')::int as confirmed,
    count(*) filter (where x.state in ('refused', 'changed', 'stuck'))::int as refused,
    count(*) filter (where x.state = 'withdrawn')::int as withdrawn
  from channels_content_push p left join channels_content x on x.push_id = p.id
  where p.id = %(push)s group by p.id) r
"""


class ContentShown(msgspec.Struct, frozen=True):
    """A field of a listing that a person had told. before: what the shop said then; has: what it was last
    seen with, None where nobody looked; because: why not; made_by, why: who asked for it; undoes, undone_by:
    the pushes that belong together."""

    id: int
    push: int
    connection: str
    listing: str
    listing_id: int
    sku: str
    field: ContentField
    before: str
    wanted: str
    has: str | None
    state: str
    because: str
    sent_at: datetime | None
    settled_at: datetime | None
    made_at: datetime
    made_by: str
    why: str
    undoes: int | None
    undone_by: int | None


class ContentPushed(msgspec.Struct, frozen=True):
    """What became of all that was asked for at once. refused: by the shop, by us, or changed meanwhile."""

    push: int
    made_at: datetime
    made_by: str
    why: str
    undoes: int | None
    undone_by: int | None
    waiting: int
    confirmed: int
    refused: int
    withdrawn: int


_shown = msgspec.json.Decoder(ContentShown)
_pushed = msgspec.json.Decoder(ContentPushed)


def contents(
    *, show: Show = "all", push: int | None = None, after: str = "", limit: int = LIMIT
) -> Page[ContentShown]:
    """Newest first."""
    which = f"{SHOWS[show]} and x.id < %(after)s"
    asked: dict[str, object] = {"after": position(after) or 2**62, "limit": limit + 1}
    if push is not None:
        which, asked = f"{which} and x.push_id = %(push)s", {**asked, "push": push}
    return cut(_rows(which, asked), limit, lambda one: one.id)


def latest(listing_ids: Sequence[int], field: ContentField) -> dict[int, ContentShown]:
    """The last wish for this field of each of these listings, by the listing's id."""
    asked: dict[str, object] = {"ids": list(listing_ids), "field": field, "limit": len(listing_ids)}
    return {one.listing_id: one for one in _rows(LATEST, asked)}


def of_sku(code: str) -> list[ContentShown]:
    """The last of a product's."""
    return _rows("s.code = %(sku)s", {"sku": code, "limit": 20})


def pushed(push: int) -> ContentPushed:
    """Raises NotFound."""
    for (row,) in sql.run(PUSH, {"push": push}):
        return _pushed.decode(row)
    raise NotFound(what="push", which=str(push))


def fields_of(kind: str) -> tuple[ContentField, ...]:
    """What shops of this kind can be told of their listings; () where that is nothing."""
    known = plugs.installed().get(kind)
    offered: Contents | None = known.ports.get(Contents) if known else None  # type: ignore[assignment]
    return offered.content_fields if offered else ()


def said_by(listing: Listing, field: ContentField) -> str:
    """What a listing says, as it is kept."""
    if field == "title":
        return storable(listing.title)[:300]
    if field == "barcode":
        return storable(listing.barcode)[:80]
    return str(listing.weight_g) if listing.weight_g else ""


def _rows(which: str, asked: dict[str, object]) -> list[ContentShown]:
    return [_shown.decode(row) for (row,) in sql.run(ROWS.format(which=which), asked, prepare=False)]
