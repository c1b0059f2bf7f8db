"""What is on sale at Flipkart: read by SKU, ten at a time; stock and prices written with an answer a row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from quartermaster.channels.ports import Count, Listed, Listing, Price, Taken
from quartermaster.connectors.flipkart.sign_in import Session
from quartermaster.connectors.flipkart.translate import listings
from quartermaster.core.outside import Account, Missing, NotDone, RefusedOutside, Unclear

_LISTINGS: Final = "/listings/v3"

type Json = Mapping[str, object]


class FlipkartListings:
    """The cursor is PAGE|PLACE: Flipkart lists up to 500 SKUs a page, and tells ten of them at once."""

    rows_max = listings.ROWS_MAX
    shows_was = False  # beside a price stands the one printed on the goods, which is no price it had before

    def listings(self, *, account: Account, cursor: str) -> Listed:
        page, _, at = cursor.rpartition("|")
        here = Session(account)
        body: dict[str, object] = {"filters": {}}
        if page:
            body["page_id"] = page
        answer = here.do(lambda caller: caller.ask(f"{_LISTINGS}/search", body))
        try:
            skus = listings.skus(answer)
        except ValueError as wrong:
            raise NotDone(f"Flipkart's listings cannot be read: {wrong}") from None
        start = int(at or 0)
        some = skus[start : start + self.rows_max]
        found = self._told(here, some)
        if start + self.rows_max < len(skus):
            return Listed(found, f"{page}|{start + self.rows_max}")
        following = answer.get("next_page_id")
        if answer.get("has_more") is True and isinstance(following, str) and following and following != page:
            return Listed(found, f"{following}|0")
        return Listed(found)

    def listed(self, *, account: Account, names: Sequence[str]) -> tuple[Listing, ...]:
        return self._told(Session(account), names)

    def set_stock(self, *, account: Account, counts: Sequence[Count], key: str) -> tuple[Taken, ...]:
        location = account.settings.get("location_id", "")
        if not location:
            return tuple(
                Taken(each.listing, "refused", "the connection has no location id") for each in counts
            )
        here = Session(account)
        have = _have(here, [each.listing for each in counts])
        told = {each.listing: _gone(each.listing) for each in counts if each.listing not in have}
        ready = [each for each in counts if each.listing in have]
        told |= _written(here, "inventory", ready, lambda some: listings.stock_body(some, have, location))
        return tuple(told[each.listing] for each in counts)

    def set_prices(self, *, account: Account, prices: Sequence[Price], key: str) -> tuple[Taken, ...]:
        here = Session(account)
        have = _have(here, [each.listing for each in prices])
        told = {each.listing: _gone(each.listing) for each in prices if each.listing not in have}
        ready = []
        for each in prices:
            if each.listing not in have:
                continue
            if because := listings.refusal(each, have[each.listing]):
                told[each.listing] = Taken(each.listing, "refused", because)
            else:
                ready.append(each)
        told |= _written(here, "price", ready, lambda some: listings.price_body(some, have))
        return tuple(told[each.listing] for each in prices)

    def _told(self, here: Session, skus: Sequence[str]) -> tuple[Listing, ...]:
        location = here.account.settings.get("location_id", "")
        have = _have(here, skus)
        return tuple(listings.listing(sku, have[sku], location) for sku in skus if sku in have)


def _have(here: Session, skus: Sequence[str]) -> dict[str, Json]:
    """What Flipkart has of these. Raises NotDone."""
    if not skus:
        return {}
    names = ",".join(quote(sku, safe="") for sku in skus)
    try:
        return listings.known(here.do(lambda caller: caller.look(f"{_LISTINGS}/{names}")))
    except Missing:
        return {}
    except RefusedOutside as refusal:
        raise NotDone(f"Flipkart does not say what it has: {refusal}") from None
    except ValueError as wrong:
        raise NotDone(f"Flipkart's listings cannot be read: {wrong}") from None


def _written[R: (Count, Price)](
    here: Session, what: str, rows: Sequence[R], body: Callable[[Sequence[R]], Json]
) -> dict[str, Taken]:
    """What became of these rows. Raises NotDone (none was written), Unclear (it says nothing of one)."""
    if not rows:
        return {}
    path = f"{_LISTINGS}/update/{what}"
    try:
        answer = here.do(lambda caller: caller.change("POST", path, body(rows)))
    except RefusedOutside as refusal:
        return {each.listing: Taken(each.listing, "refused", str(refusal)) for each in rows}
    told = {}
    for each in rows:
        became = listings.taken(each.listing, answer)
        if became is None:
            raise Unclear(f"Flipkart did not say what became of {each.listing}")
        told[each.listing] = became
    return told


def _gone(sku: str) -> Taken:
    return Taken(sku, "missing", "Flipkart has no such SKU of yours")
