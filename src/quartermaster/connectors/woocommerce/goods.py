"""WooCommerce's products and variations: read in pages, written in batches of a hundred at most.

A batch answers 200 and says of each row whether it went wrong. It has no idempotency keys and compares
nothing: a count is what it is told last, also when something was sold in the meantime.
https://woocommerce.github.io/woocommerce-rest-api-docs/#batch-update-products, read 2026-11-23.
"""

from collections.abc import Callable, Sequence

from quartermaster.channels.ports import Content, Count, Listed, Listing, Price, Taken
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.woocommerce.connection import API, caller_of, complaint
from quartermaster.connectors.woocommerce.translate import offers
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.outside import Account, Missing, NotDone, RefusedOutside, Unclear

_PRODUCTS = f"{API}/products"
_AT_ONCE = 5  # products whose variations are read for one page


class WooListings:
    content_fields = offers.FIELDS
    shows_was = True
    rows_max = 50  # a batch takes 100; variations are read and written product by product, within 20 seconds

    def listings(self, *, account: Account, cursor: str) -> Listed:
        caller = caller_of(account)
        try:
            at = offers.place(cursor)
            currency = _currency(caller)
            return _variations(caller, at, currency) if at.waiting else _products(caller, at, currency)
        except ValueError:
            raise NotDone("WooCommerce lists something without a number") from None

    def listed(self, *, account: Account, names: Sequence[str]) -> tuple[Listing, ...]:
        wanted = [name for name in names if offers.is_name(name)]
        if not wanted:
            return ()
        caller = caller_of(account)
        currency = _currency(caller)
        products = _included(caller, _PRODUCTS, {name.partition("/")[0] for name in wanted})
        variations: dict[str, dict[str, dict[str, object]]] = {}
        for product in products:
            own = {name.partition("/")[2] for name in wanted if name.startswith(f"{product}/")}
            if own:
                variations[product] = _included(caller, f"{_PRODUCTS}/{product}/variations", own)
        found = []
        for name in wanted:
            product, _, variation = name.partition("/")
            if product not in products or (not variation and offers.has_variations(products[product])):
                continue
            if not variation:
                found.append(offers.listing(products[product], currency))
            elif one := variations[product].get(variation):
                found.append(offers.listing(products[product], currency, variation=one))
        return tuple(found)

    def set_stock(self, *, account: Account, counts: Sequence[Count], key: str) -> tuple[Taken, ...]:
        return _write(caller_of(account), counts, offers.stock_row)

    def set_prices(self, *, account: Account, prices: Sequence[Price], key: str) -> tuple[Taken, ...]:
        caller = caller_of(account)
        currency = _currency(caller)
        fit = [price for price in prices if price.currency == currency]
        written = {row.listing: row for row in _write(caller, fit, offers.price_row)}
        because = f"the shop sells in {currency}"
        return tuple(
            written[price.listing] if price.currency == currency else Taken(price.listing, "refused", because)
            for price in prices
        )

    def set_content(self, *, account: Account, contents: Sequence[Content], key: str) -> tuple[Taken, ...]:
        told = {
            row.listing: Taken(row.listing, "refused", because)
            for row in contents
            if (because := offers.shares(row))
        }
        own = [row for row in contents if row.listing not in told]
        told |= {row.listing: row for row in _write(caller_of(account), own, offers.content_row)}
        return tuple(told[row.listing] for row in contents)


def _currency(caller: Caller) -> str:
    said = text(caller.look(f"{API}/data/currencies/current").get("code"))
    if said not in EXPONENT:
        raise NotDone("WooCommerce does not say in which currency it sells")
    return said


def _products(caller: Caller, at: offers.Place, currency: str) -> Listed:
    """A page of products: those without variations, and the way on to the variations of the others."""
    products, _ = caller.listed(_PRODUCTS, params=offers.asked(at))
    if offers.begins_late(at, products):
        back = at._replace(read=max(0, at.read - offers.PAGE))
        return Listed((), back.cursor)
    is_last = len(products) < offers.PAGE
    fresh = [one for one in products if offers.number(one) > at.last and offers.is_sold_here(one)]
    found = tuple(offers.listing(one, currency) for one in fresh if not offers.has_variations(one))
    waiting = tuple(offers.number(one) for one in fresh if offers.has_variations(one))
    last = offers.number(products[-1]) if products else at.last
    following = offers.Place(max(0, at.read - 1) + len(products), last, waiting=waiting)
    return Listed(found, "" if is_last and not waiting else following.cursor)


def _variations(caller: Caller, at: offers.Place, currency: str) -> Listed:
    """A page of the variations of the products that wait, a few of them at once."""
    turn, page = at.waiting[:_AT_ONCE], at.page
    products = _included(caller, _PRODUCTS, [str(one) for one in turn])
    found: list[Listing] = []
    for done, product in enumerate(turn, 1):
        if str(product) in products:
            told = {"orderby": "id", "order": "asc", "per_page": str(offers.PAGE), "page": str(page)}
            try:
                rows, _ = caller.listed(f"{_PRODUCTS}/{product}/variations", params=told)
            except Missing:
                rows = []
            found += (offers.listing(products[str(product)], currency, variation=one) for one in rows)
            if len(rows) == offers.PAGE:
                following = at._replace(page=page + 1, waiting=at.waiting[done - 1 :])
                return Listed(tuple(found), following.cursor)
        page = 1
    return Listed(tuple(found), at._replace(page=1, waiting=at.waiting[len(turn) :]).cursor)


def _included(caller: Caller, path: str, ids: Sequence[str] | set[str]) -> dict[str, dict[str, object]]:
    """These of them, by id; those that are gone are left out."""
    told = {"include": ",".join(sorted(ids)), "per_page": str(offers.PAGE), "orderby": "id"}
    try:
        rows, _ = caller.listed(path, params=told)
    except Missing:
        return {}
    return {text(row.get("id")): row for row in rows}


def _write[T: (Count, Price, Content)](
    caller: Caller, rows: Sequence[T], row_of: Callable[[T], dict[str, object]]
) -> tuple[Taken, ...]:
    """Batch by batch. What time is up for is to be sent later, once something was written at all."""
    found = {
        row.listing: Taken(row.listing, "missing", "WooCommerce has no such number")
        for row in rows
        if not offers.is_name(row.listing)
    }
    is_begun = False
    for path, group in offers.by_product(row for row in rows if row.listing not in found).items():
        try:
            found |= _batch(caller, path, group, row_of)
        except Missing as error:
            found |= {row.listing: Taken(row.listing, "missing", str(error)) for row in group}
        except RefusedOutside as error:
            found |= {row.listing: Taken(row.listing, "refused", str(error)) for row in group}
        except NotDone as error:
            if not is_begun:
                raise
            found |= {row.listing: Taken(row.listing, "later", str(error)) for row in group}
        is_begun = True
    return tuple(found[row.listing] for row in rows)


def _batch[T: (Count, Price, Content)](
    caller: Caller, path: str, group: Sequence[T], row_of: Callable[[T], dict[str, object]]
) -> dict[str, Taken]:
    answer = caller.change("POST", f"{API}{path}", {"update": [row_of(row) for row in group]})
    said = objects(answer.get("update"))
    try:
        return {row.listing: offers.taken(row, one) for row, one in zip(group, said, strict=True)}
    except ValueError:
        raise Unclear(
            f"WooCommerce does not say what became of each row: {complaint(answer).because}"
        ) from None
