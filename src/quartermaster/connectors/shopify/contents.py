"""Telling Shopify what listings say: the title is a product's, barcode and weight are each variant's.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/productUpdate and productVariantsBulkUpdate, read
2026-11-23.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from quartermaster.channels.ports import Content, Taken
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.admin import Admin
from quartermaster.connectors.shopify.documents import contents as documents
from quartermaster.connectors.shopify.translate import goods, names
from quartermaster.connectors.shopify.translate.fetched import inside
from quartermaster.core.outside import Account, NotDone, RefusedOutside

_PRODUCTS_MAX: Final = 12  # a call for each
_SHARED: Final = "Shopify has one title for all variants of a product: change it there."

type Json = Mapping[str, object]
type Told = dict[str, Taken]


def set_content(account: Account, contents: Sequence[Content]) -> tuple[Taken, ...]:
    """A write for each product; what takes too long is for the next call."""
    admin = Admin(account)
    told: Told = {}
    products: dict[str, list[Content]] = {}
    for row in contents:
        if (name := goods.name_of(row.listing)) is None:
            told[row.listing] = Taken(row.listing, "missing", f"{row.listing!r} is no listing of Shopify's")
        else:
            products.setdefault(name.product, []).append(row)
    turn = dict(list(products.items())[:_PRODUCTS_MAX])
    if turn and contents[0].field == "title":
        told |= _shared(admin, turn)
    _each(turn, told, lambda product, rows: _write(admin, product, rows))
    late = "Shopify takes one product at a time"
    return tuple(told.get(row.listing) or Taken(row.listing, "later", late) for row in contents)


def _each(
    products: Mapping[str, list[Content]],
    told: Told,
    write: Callable[[str, Sequence[Content]], Told],
) -> None:
    """Product by product. What was written stays written; after trouble the rest is for later."""
    is_begun = False
    for product, rows in products.items():
        if all(row.listing in told for row in rows):
            continue
        try:
            told |= write(product, rows)
        except NotDone:
            if not is_begun:
                raise
            return
        except RefusedOutside as error:
            told |= {row.listing: Taken(row.listing, "refused", str(error)) for row in rows}
        is_begun = True


def _write(admin: Admin, product: str, rows: Sequence[Content]) -> Told:
    gid = names.gid("Product", product)
    listings = [row.listing for row in rows]
    if rows[0].field == "title":
        answer = admin.change(documents.SET_TITLE, product={"id": gid, "title": rows[0].text})
        payload = inside(answer, "productUpdate")
    else:
        answer = admin.change(documents.SET_VARIANTS, product=gid, variants=goods.content_rows(rows))
        payload = inside(answer, "productVariantsBulkUpdate")
    refused = goods.refusals(payload, listings, "variants")
    return {name: refused.get(n) or Taken(name, "taken") for n, name in enumerate(listings)}


def _shared(admin: Admin, products: Mapping[str, Sequence[Content]]) -> Told:
    """Titles that would be those of other listings, too, and products that are gone."""
    answer = admin.ask(documents.PRODUCTS, ids=[names.gid("Product", one) for one in products])
    is_own = {
        names.number(one.get("id")): one.get("hasOnlyDefaultVariant") is True
        for one in objects(answer.get("nodes"))
        if text(one.get("__typename")) == "Product"
    }
    told: Told = {}
    for product, rows in products.items():
        if is_own.get(product):
            continue
        for row in rows:
            if product in is_own:
                told[row.listing] = Taken(row.listing, "refused", _SHARED)
            else:
                told[row.listing] = Taken(row.listing, "missing", "Shopify has no such product")
    return told
