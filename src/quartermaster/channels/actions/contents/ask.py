"""What a person wants shops to be told of their listings, and to be taken back. Nothing else is ever told."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from quartermaster.channels.ports import ContentField
from quartermaster.channels.queries.contents import fields_of
from quartermaster.channels.rules.contents import OPEN
from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.river import signal
from quartermaster.core.texts import storable
from quartermaster.events import ContentAsked

TEXT_MAX = 300  # of a title, as listings are kept
PUSH = """
insert into channels_content_push (made_at, made_by, because, undoes_id) values (%s, %s, %s, %s) returning id
"""
LISTINGS = """
select l.id, l.shop_id, l.sku_id, c.slug, c.kind, s.mode, l.gone_at is not null from channels_listing l
join inbox_connection c on c.id = l.shop_id join channels_shop s on s.connection_id = l.shop_id
where l.id = any(%s) and l.sku_id is not null
"""
# A wish for a field that is under way already is refused: two could not both come true.
ROWS = """
with w as (
  select * from jsonb_to_recordset(%(rows)s::jsonb) as r(listing bigint, shop bigint, sku bigint, field text,
    expected text, wanted text, state text, because text)),
due as (
  insert into channels_content (push_id, shop_id, listing_id, sku_id, field, expected, wanted, next_at)
  select %(push)s, shop, listing, sku, field, expected, wanted, %(at)s from w where state = 'due'
  order by listing
  on conflict (listing_id, field) where state in ('due', 'sent', 'asked') do nothing
  returning listing_id),
others as (
  insert into channels_content (push_id, shop_id, listing_id, sku_id, field, expected, wanted, next_at, state,
    because, settled_at)
  select %(push)s, shop, listing, sku, field, expected, wanted, %(at)s,
    case when state = 'due' then 'refused' else state end,
    case when state = 'due' then 'It is being told something else already.' else because end, %(at)s
  from w where state <> 'due' or listing not in (select listing_id from due) order by listing)
select listing_id from due
"""
LOCK = "select id from channels_content_push where id = %s for update"
OF_PUSH = """
select x.id, x.listing_id, x.field, x.expected, coalesce(x.has, x.wanted), x.state from channels_content x
where x.push_id = %s order by x.id for no key update
"""
UNDONE = "select id from channels_content_push where undoes_id = %s"
WITHDRAW = """
update channels_content set state = 'withdrawn', settled_at = %s, because = '' where id = any(%s)
"""


class Wish(Struct, frozen=True):
    """A field of a listing (by its id) that a shop is to be told. expected: what it was seen with. refused:
    why it cannot be told; changed: why not any more."""

    listing: int
    field: ContentField
    expected: str
    wanted: str
    refused: str = ""
    changed: str = ""


class StillTelling(Refused):
    code = "still-telling"
    message = "Push {push} is under way: {rows} of it are with the shop."
    remedy = "Wait until the shop was looked at; its page says so."


class NothingToPutBack(Refused):
    code = "nothing-to-put-back"
    message = "Nothing of push {push} can be put back: {because}."
    remedy = "Look at its rows: they say what became of each."


@transaction.atomic
def tell_contents(
    wishes: Sequence[Wish], *, because: str, at: datetime, by: str, undoes: int | None = None
) -> int:
    """Have shops told these, each listing's field once. Returns the number of the push, which has a row for
    every wish: what cannot be told (its shop is only read, or takes no such field) says why. Raises NotFound
    where none of them is a product's."""
    because = storable(because.strip())[:500]
    known = {row[0]: row[1:] for row in sql.run(LISTINGS, ([wish.listing for wish in wishes],))}
    rows = [_row(wish, *known[wish.listing]) for wish in wishes if wish.listing in known]
    if not rows:
        raise NotFound(what="listing of a product", which="any of these")
    ((push,),) = sql.run(PUSH, (at, by, because, undoes))
    due = {listing for (listing,) in sql.run(ROWS, {"rows": sql.rows(rows), "push": push, "at": at})}
    slugs = Counter((known[wish.listing][2], wish.field) for wish in wishes if wish.listing in due)
    emit(
        ContentAsked(
            subject=f"connection:{slug}", at=at, actor=by,
            connection=slug, push=push, field=field, listings=count, because=because, undoes=undoes,
        )
        for (slug, field), count in slugs.items()
    )  # fmt: skip
    transaction.on_commit(signal.wake)
    return int(push)


def _row(
    wish: Wish, shop: int, sku: int, slug: str, kind: str, mode: str, is_gone: bool
) -> dict[str, object]:
    refused = wish.refused
    if not refused and not wish.changed:
        if is_gone:
            refused = "The shop does not have it any more."
        elif wish.field not in fields_of(kind):
            refused = f"{slug} cannot be told a {NAMES[wish.field]} over its API."
        elif mode != "live":
            refused = f"{slug} is only read: it is told nothing."
        elif not wish.wanted.strip() or len(wish.wanted) > TEXT_MAX:
            refused = f"A {NAMES[wish.field]} has 1 to {TEXT_MAX} characters."
    state = "changed" if wish.changed else "refused" if refused else "due"
    return {
        "listing": wish.listing,
        "shop": shop,
        "sku": sku,
        "field": wish.field,
        "expected": wish.expected,
        "wanted": wish.wanted.strip(),
        "state": state,
        "because": wish.changed or refused,
    }


NAMES: dict[ContentField, str] = {"title": "title", "barcode": "barcode", "weight_g": "weight"}


@transaction.atomic
def put_back(push: int, *, at: datetime, by: str) -> int | None:
    """Have shops told what they said before, where they say what we told them still; what was not sent yet
    is not sent. Returns the number of the push that does it, None where nothing had been told. Raises
    NotFound, StillTelling, NothingToPutBack."""
    if not sql.run(LOCK, (push,)):
        raise NotFound(what="push", which=str(push))
    for (undone,) in sql.run(UNDONE, (push,)):
        raise NothingToPutBack(push=push, because=f"push {undone} did so already")
    rows = sql.run(OF_PUSH, (push,))
    if in_hand := [row for row in rows if row[5] in OPEN and row[5] != "due"]:
        raise StillTelling(push=push, rows=len(in_hand))
    waiting = [row[0] for row in rows if row[5] == "due"]
    if waiting:
        sql.run(WITHDRAW, (at, waiting))
    wishes = [
        Wish(listing, field, has, before)
        for _, listing, field, before, has, state in rows
        if state == "confirmed"
    ]
    if not wishes and not waiting:
        raise NothingToPutBack(push=push, because="no shop says what it was told")
    if not wishes:
        return None
    return tell_contents(wishes, because=f"As before push {push}.", at=at, by=by, undoes=push)
