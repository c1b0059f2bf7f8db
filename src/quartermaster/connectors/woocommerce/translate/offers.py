"""What a WooCommerce shop sells: products, and the variations of those that have some. Pure.

A listing is named by the product's id, or by product and variation: "13", "13/15". Its price is what a buyer
pays: the sale price while the shop has it on sale, and the regular one beside it is what it was before.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from quartermaster.channels.ports import Content, ContentField, Count, Listing, Price, Taken
from quartermaster.connectors.amounts import minor_of
from quartermaster.connectors.picked import listed, objects, text
from quartermaster.connectors.woocommerce.translate.words import plain
from quartermaster.core.money import Money

PAGE: Final = 100
_ELSEWHERE = ("grouped", "external")  # only point at other things
_GONE = ("invalid_id", "invalid_product_id")
FIELDS: Final[tuple[ContentField, ...]] = ("title", "barcode")
_FIELD: Final = {"title": "name", "barcode": "global_unique_id"}

type Json = Mapping[str, object]


class Place(NamedTuple):
    """How far the shop's products were read: how many, the id of the last, and those whose variations are
    still to be read, the first of them from this page on."""

    read: int = 0
    last: int = 0
    page: int = 1
    waiting: tuple[int, ...] = ()

    @property
    def cursor(self) -> str:
        return f"{self.read}|{self.last}|{self.page}|{','.join(map(str, self.waiting))}"


def place(cursor: str) -> Place:
    """Raises ValueError for what is no cursor of ours."""
    if not cursor:
        return Place()
    read, last, page, waiting = cursor.split("|")
    return Place(int(read), int(last), int(page), tuple(int(one) for one in waiting.split(",") if one))


def asked(at: Place) -> dict[str, str]:
    """By their ids, from the last one that was read: when it is not the first of this page, something before
    it was deleted, and the page begins too late."""
    return {
        "orderby": "id",
        "order": "asc",
        "per_page": str(PAGE),
        "offset": str(max(0, at.read - 1)),
    }


def begins_late(at: Place, products: Sequence[Json]) -> bool:
    return at.read > 0 and (not products or number(products[0]) > at.last)


def number(thing: Json) -> int:
    """Raises ValueError without an id."""
    return int(text(thing.get("id")))


def has_variations(product: Json) -> bool:
    return text(product.get("type")).startswith("variable") or bool(listed(product.get("variations")))


def is_sold_here(product: Json) -> bool:
    return text(product.get("type")) not in _ELSEWHERE


def listing(product: Json, currency: str, *, variation: Json | None = None) -> Listing:
    """A product without variations, or one of those it has."""
    thing = product if variation is None else variation
    name = str(number(product)) if variation is None else f"{number(product)}/{number(variation)}"
    title = plain(text(product.get("name")))
    if variation is not None:
        options = (text(one.get("option")) for one in objects(variation.get("attributes")))
        title = ", ".join(part for part in (title, *options) if part)
    price, was = both_prices(thing, currency)
    return Listing(
        name=name,
        code=text(thing.get("sku")),
        title=title,
        quantity=quantity(thing),
        price_minor=price,
        currency=currency,
        barcode=text(thing.get("global_unique_id")),
        is_live=product.get("status") == "publish" and thing.get("status") == "publish",
        was_minor=was,
    )


def quantity(thing: Json) -> int | None:
    """None where it is not counted, or counted for all variations of a product together."""
    counted = thing.get("stock_quantity")
    return counted if thing.get("manage_stock") is True and isinstance(counted, int) else None


def both_prices(thing: Json, currency: str) -> tuple[int | None, int | None]:
    """What it costs, and what it is shown to have cost before. A sale whose dates are not on is none."""
    regular = minor_of(text(thing.get("regular_price")), currency)
    sale = minor_of(text(thing.get("sale_price")), currency) if thing.get("on_sale") is True else None
    return (regular, None) if sale is None else (sale, regular)


def stock_row(count: Count) -> dict[str, object]:
    return {"id": _id(count.listing), "manage_stock": True, "stock_quantity": count.quantity}


def price_row(price: Price) -> dict[str, object]:
    """A sale price stands beside the regular one, or none does. It has no dates: what ends here ends there
    by a write, and dates of a sale of the shop's own must not hide it. An empty text takes a value away,
    null does not (https://github.com/woocommerce/woocommerce/issues/27374, read 2026-11-23)."""
    amount = str(Money(price.price_minor, price.currency).decimal)
    row: dict[str, object] = {"id": _id(price.listing), "date_on_sale_from": "", "date_on_sale_to": ""}
    if price.was_minor is None:
        return row | {"regular_price": amount, "sale_price": ""}
    regular = str(Money(price.was_minor, price.currency).decimal)
    return row | {"regular_price": regular, "sale_price": amount}


def content_row(content: Content) -> dict[str, object]:
    return {"id": _id(content.listing), _FIELD[content.field]: content.text}


def shares(content: Content) -> str:
    """Why it would change other listings, too; "" where it does not."""
    if content.field == "title" and "/" in content.listing:
        return "WooCommerce names a variation after its product and its options: change it there."
    return ""


def _id(name: str) -> int:
    return int(name.rpartition("/")[2])


def is_name(name: str) -> bool:
    parts = name.split("/")
    return len(parts) < 3 and all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts)


def by_product[T: (Count, Price, Content)](rows: Iterable[T]) -> dict[str, list[T]]:
    """Rows that go in one batch, by the path it goes to: all products, or the variations of one."""
    groups: dict[str, list[T]] = {}
    for row in rows:
        product, _, variation = row.listing.partition("/")
        path = f"/products/{product}/variations/batch" if variation else "/products/batch"
        groups.setdefault(path, []).append(row)
    return groups


def taken(row: Count | Price | Content, answer: Json) -> Taken:
    """What a batch says of one of its rows. Raises ValueError when it says nothing of it."""
    wrong = answer.get("error")
    if isinstance(wrong, Mapping):
        code, because = text(wrong.get("code")), text(wrong.get("message"))
        if code.endswith(_GONE):
            return Taken(row.listing, "missing", because)
        return Taken(row.listing, "refused", because or code or "WooCommerce refused it")
    if number(answer) != _id(row.listing):
        raise ValueError("another row")
    has = quantity(answer)
    if isinstance(row, Count):
        is_kept = has == row.quantity
    elif isinstance(row, Content):
        is_kept = plain(text(answer.get(_FIELD[row.field]))) == row.text
    else:
        is_kept = both_prices(answer, row.currency) == (row.price_minor, row.was_minor)
    if not is_kept:
        return Taken(row.listing, "refused", "WooCommerce took it and kept something else", has)
    return Taken(row.listing, "taken", quantity=has)
