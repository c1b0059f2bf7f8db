"""Many listings at once: Amazon's feed of listings, worked off minutes or hours later.

https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-reference, read 2026-11-23.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote

from quartermaster.channels.ports import Count, Laid, Price, Progress, Taken
from quartermaster.connectors.amazon.listings import market_of, seller_of
from quartermaster.connectors.amazon.sign_in import signed_in
from quartermaster.connectors.amazon.translate import feeding, offers
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Account, NotDone, RefusedOutside, Unclear

_ROOT = "/feeds/2021-06-30"
_PAGE = 100
_MORE = "and more than a page of them"


class AmazonBulk:
    """Feeds of one kind for stock and prices, of the first marketplace of the connection."""

    bulk_from = 1500  # Amazon's own advice; fewer are done sooner by patches, which it takes five of a second
    bulk_max = 20_000  # 25,000 are allowed: some six megabytes, which have to be uploaded within a call
    bulk_open = 5
    bulk_lasts = timedelta(hours=8)  # under load, says Amazon

    def is_open(self, *, account: Account, what: Literal["stock", "prices"]) -> bool:
        return True

    def lay_stock(self, *, account: Account, counts: Sequence[Count]) -> Laid:
        """A listing without a count may be one that lies with Amazon: it goes the way where that is asked."""
        counted = [row for row in counts if row.expected is not None]
        others = tuple(Taken(row.listing, "later", offers.AMAZONS) for row in counts if row.expected is None)
        patches = ((row.listing, offers.stock(feeding.ANY_PRODUCT, row.quantity)) for row in counted)
        return Laid(_laid(account, patches) if counted else "", others)

    def lay_prices(self, *, account: Account, prices: Sequence[Price]) -> Laid:
        market = market_of(account)
        here = [row for row in prices if row.currency == market.currency]
        others = tuple(
            Taken(row.listing, "refused", offers.other_currency(row.currency, market))
            for row in prices
            if row.currency != market.currency
        )
        patches = ((row.listing, offers.plain_price(feeding.ANY_PRODUCT, row, market)) for row in here)
        return Laid(_laid(account, patches) if here else "", others)

    def begin(self, *, account: Account, mark: str) -> str:
        body = {
            "feedType": feeding.TYPE,
            "marketplaceIds": [market_of(account).id],
            "inputFeedDocumentId": mark,
        }
        answer = signed_in(account, lambda caller: caller.change("POST", f"{_ROOT}/feeds", body))
        name = text(answer.get("feedId"))
        if not name:
            raise Unclear("Amazon names no feed where one was created")
        return name

    def under_way(self, *, account: Account, since: datetime) -> tuple[str, ...]:
        asked = {
            "feedTypes": feeding.TYPE,
            "processingStatuses": "IN_QUEUE,IN_PROGRESS",
            "createdSince": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "pageSize": str(_PAGE),
        }
        answer = signed_in(account, lambda caller: caller.look(f"{_ROOT}/feeds", params=asked))
        if not isinstance(answer.get("feeds"), list):
            raise NotDone("Amazon lists no feeds where they were asked for")
        found = tuple(text(one.get("feedId")) for one in objects(answer["feeds"]))
        return (*found, _MORE) if answer.get("nextToken") else found

    def progress(self, *, account: Account, name: str, mark: str, rows: Sequence[str]) -> Progress:
        return signed_in(account, lambda caller: _progress(caller, name, rows))

    def stop(self, *, account: Account, name: str) -> None:
        """Amazon takes back what it has not begun with, and refuses the rest."""

        def cancel(caller: Caller) -> None:
            try:
                caller.change("DELETE", _feed(name))
            except RefusedOutside:
                return

        signed_in(account, cancel)


def _laid(account: Account, patches: Iterable[tuple[str, Mapping[str, object]]]) -> str:
    content = feeding.feed(seller_of(account), patches)

    def lay(caller: Caller) -> str:
        made = caller.ask(f"{_ROOT}/documents", {"contentType": feeding.KIND})
        name, url = text(made.get("feedDocumentId")), text(made.get("url"))
        if not name or not url:
            raise NotDone("Amazon does not say where a feed is to be laid")
        caller.put(url, content, feeding.KIND)
        return name

    return signed_in(account, lay)


def _progress(caller: Caller, name: str, rows: Sequence[str]) -> Progress:
    found = caller.look(_feed(name))
    status, document = text(found.get("processingStatus")), text(found.get("resultFeedDocumentId"))
    if status not in feeding.OVER:
        if not status:
            raise NotDone("Amazon does not say how far a feed is")
        return Progress("waits")
    if status != "DONE":
        return Progress("died", because=f"Amazon ended the feed: it is {status}.")
    if not rows:
        return Progress("over")
    if not document:
        raise NotDone("Amazon has worked a feed off and names no report of it")
    lies = caller.look(f"{_ROOT}/documents/{quote(document, safe='')}")
    url = text(lies.get("url"))
    if not url:
        raise NotDone("Amazon does not say where the report of a feed lies")
    try:
        return feeding.outcome(caller.fetch(url), rows, is_gzip=lies.get("compressionAlgorithm") == "GZIP")
    except ValueError as error:
        raise NotDone(str(error)) from None


def _feed(name: str) -> str:
    return f"{_ROOT}/feeds/{quote(name, safe='')}"
