"""What a shop offers: how much of it there is, and what it costs."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Final

from msgspec.structs import replace

from quartermaster.channels.ports import Content, Count, Listed, Listing, Price, Taken
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify import bulk
from quartermaster.connectors.shopify import contents as telling
from quartermaster.connectors.shopify.admin import Admin
from quartermaster.connectors.shopify.documents import goods as documents
from quartermaster.connectors.shopify.translate import goods, names
from quartermaster.connectors.shopify.translate.bulk import MARK
from quartermaster.connectors.shopify.translate.fetched import inside, nodes
from quartermaster.core.outside import Account, NotDone, RefusedOutside, Unclear

PAGE: Final = 100
_PRODUCTS_MAX: Final = 12  # Shopify takes the prices of one product at a time
_ROUNDS: Final = 6  # each leaves out the rows that were refused
_SPENT: Final = "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"
_BUSY: Final = "IDEMPOTENCY_CONCURRENT_REQUEST"

# Which location it is of a shop, and until when that is not asked again: a full push asked before each write.
_known: Final[dict[tuple[str, str, str], tuple[str, float]]] = {}
_KNOWN_S: Final = 60.0

type Json = Mapping[str, object]


class ShopifyListings:
    rows_max = PAGE
    content_fields = goods.FIELDS
    shows_was = True

    def listings(self, *, account: Account, cursor: str) -> Listed:
        """By their number, each page behind the last of the one before: there is no end to the paging. Where
        there is much, Shopify is let gather it."""
        admin = Admin(account, reads=True)
        if cursor.startswith(MARK):
            return bulk.more_offers(account, cursor)
        if not cursor and (begun := bulk.begin_offers(account, _location(admin, account))):
            return begun
        after = cursor if cursor.isdecimal() else "0"
        answer = admin.ask(
            documents.ALL, first=PAGE, query=f"id:>{after}", location=_location(admin, account)
        )
        found = nodes(answer, "productVariants")
        is_last = not inside(inside(answer, "productVariants"), "pageInfo").get("hasNextPage")
        last = text(names.number(found[-1].get("id"))) if found else ""
        return Listed(_read(answer, found), "" if is_last else last)

    def listed(self, *, account: Account, names: Sequence[str]) -> tuple[Listing, ...]:
        admin = Admin(account)
        return _look(admin, _location(admin, account), names) if names else ()

    def set_stock(self, *, account: Account, counts: Sequence[Count], key: str) -> tuple[Taken, ...]:
        """All rows of a write are set or none, so those that are refused are left out of the next."""
        admin = Admin(account)
        location = _location(admin, account)
        told = _unknown([count.listing for count in counts])
        attempt = 0
        for _ in range(_ROUNDS):
            left = [n for n in range(len(counts)) if n not in told]
            if not left:
                break
            rows = [counts[n] for n in left]
            wanted = goods.quantities(rows, location, key)
            payload = _told(admin, told, documents.SET_STOCK, wanted, goods.digest(key, attempt, wanted))
            codes = goods.codes(payload)
            if _BUSY in codes:
                raise Unclear("Shopify is still at the same write")
            if _SPENT in codes:
                attempt += 1  # it came to nothing then: the same under another key
                continue
            refused = goods.refusals(payload, [row.listing for row in rows], "quantities")
            taken = refused or {n: Taken(row.listing, "taken") for n, row in enumerate(rows)}
            told |= {left[n]: row for n, row in taken.items()}
        return _with_stale(
            admin,
            location,
            tuple(
                told.get(n) or Taken(count.listing, "later", "other rows of the same write were refused")
                for n, count in enumerate(counts)
            ),
        )

    def set_prices(self, *, account: Account, prices: Sequence[Price], key: str) -> tuple[Taken, ...]:
        """A write for each product; what takes too long is for the next call."""
        admin = Admin(account)
        currency = _currency(admin.ask(documents.SHOP))
        told = _unknown([price.listing for price in prices])
        products: dict[str, list[int]] = {}
        for n, price in enumerate(prices):
            if price.currency != currency:
                told[n] = Taken(price.listing, "refused", f"The shop's prices are in {currency}.")
            elif n not in told and (name := goods.name_of(price.listing)):
                products.setdefault(name.product, []).append(n)
        for product, places in list(products.items())[:_PRODUCTS_MAX]:
            rows = [prices[n] for n in places]
            gid = names.gid("Product", product)
            try:
                answer = admin.change(documents.SET_PRICES, product=gid, variants=goods.price_rows(rows))
            except NotDone:
                if not any(row.state == "taken" for row in told.values()):
                    raise
                break  # what was written stays written; the rest is for later
            except RefusedOutside as error:
                told |= {n: Taken(prices[n].listing, "refused", str(error)) for n in places}
                continue
            payload = inside(answer, "productVariantsBulkUpdate")
            refused = goods.refusals(payload, [row.listing for row in rows], "variants")
            told |= {
                place: refused.get(n) or Taken(rows[n].listing, "taken") for n, place in enumerate(places)
            }
        return tuple(
            told.get(n) or Taken(price.listing, "later", "Shopify takes one product's prices at a time")
            for n, price in enumerate(prices)
        )

    def set_content(self, *, account: Account, contents: Sequence[Content], key: str) -> tuple[Taken, ...]:
        return telling.set_content(account, contents)


def _told(admin: Admin, told: Mapping[int, Taken], document: str, wanted: Json, key: str) -> Json:
    """What a write of stock is answered. A throttle behind a first round: those rows are for later."""
    try:
        return inside(admin.change(document, input=wanted, key=key), "inventorySetQuantities")
    except RefusedOutside as error:
        raise NotDone(str(error)) from None


def _unknown(listings: Sequence[str]) -> dict[int, Taken]:
    return {
        n: Taken(name, "missing", f"{name!r} is no listing of Shopify's")
        for n, name in enumerate(listings)
        if goods.name_of(name) is None
    }


def _look(admin: Admin, location: str, listings: Sequence[str]) -> tuple[Listing, ...]:
    known = [name for name in map(goods.name_of, listings) if name is not None]
    if not known:
        return ()
    ids = [names.gid("ProductVariant", name.variant) for name in dict.fromkeys(known)]
    answer = admin.ask(documents.THESE, ids=ids, location=location)
    found = [one for one in objects(answer.get("nodes")) if one.get("__typename") == "ProductVariant"]
    return tuple(one for one in _read(answer, found) if one.name in set(listings))


def _with_stale(admin: Admin, location: str, taken: tuple[Taken, ...]) -> tuple[Taken, ...]:
    """Shopify says that a number is another, and not which: it is looked up."""
    stale = [row.listing for row in taken if row.state == "stale"]
    if not stale:
        return taken
    try:
        has = {one.name: one.quantity for one in _look(admin, location, stale)}
    except (NotDone, RefusedOutside):
        return taken  # which number it has, nobody needs to know to go on
    return tuple(
        replace(row, quantity=has.get(row.listing)) if row.state == "stale" else row for row in taken
    )


def _read(answer: Json, variants: Sequence[Json]) -> tuple[Listing, ...]:
    return tuple(goods.listing(one, _currency(answer)) for one in variants)


def _currency(answer: Json) -> str:
    return text(inside(answer, "shop").get("currencyCode"))


def _location(admin: Admin, account: Account) -> str:
    """Where the stock we tell of lies, in Shopify's words: as the settings say, else the only one there is.

    Raises NotDone when nobody said which of several it is."""
    told = account.settings.get("location", "").strip()
    if told:
        return names.gid("Location", told.rpartition("/")[2])
    shop = (account.slug, account.settings.get("api_url", ""), account.settings.get("shop", ""))
    known, until = _known.get(shop, ("", 0.0))
    if monotonic() < until:
        return known
    found = [one for one in nodes(admin.ask(documents.SHOP), "locations") if one.get("isActive")]
    sends = [one for one in found if one.get("fulfillsOnlineOrders")] or found
    if len(sends) != 1:
        those = ", ".join(f"{text(one.get('name'))} ({names.number(one.get('id'))})" for one in sends)
        raise NotDone(f"Which location's stock is told has to be set: {those or 'the shop has none'}")
    known = text(sends[0].get("id"))
    _known[shop] = known, monotonic() + _KNOWN_S
    return known
