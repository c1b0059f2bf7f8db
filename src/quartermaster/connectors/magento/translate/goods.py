"""What a Magento shop offers, and what it is told of stock and prices. Pure.

Magento keeps what lies in each source and, beside it, what its own orders have reserved until they are
shipped. Buyers can have the difference, over all sources of a website: that is a listing's quantity. So a
source is set to what it takes for that many to be salable.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from quartermaster.channels.ports import Content, ContentField, Count, Listing, Price
from quartermaster.connectors.amounts import Amounts, decimal_of
from quartermaster.connectors.leaves import cut, whole
from quartermaster.connectors.picked import objects, text

TYPES: Final = ("simple", "virtual")
FIELDS: Final[tuple[ContentField, ...]] = ("title", "weight_g")  # Magento has no field for a barcode
_ENABLED, _IN_STOCK = 1, 1
# A special price is over when we say so. Magento wants days all the same.
_FROM, _TO = "2000-01-01 00:00:00", "2099-12-31 00:00:00"
_GRAMS = {"kgs": Decimal(1000), "lbs": Decimal("453.59237")}

type Json = Mapping[str, object]


class Store(NamedTuple):
    """`currency`: that of prices, "" where websites have several. `weight_unit`: kgs or lbs."""

    currency: str
    weight_unit: str


def store(configs: Iterable[Json]) -> Store:
    told = list(configs)
    currencies = {text(one.get("base_currency_code")).strip().upper() for one in told}
    units = {text(one.get("weight_unit")) for one in told}
    return Store(_only(currencies), _only(units))


def _only(values: set[str]) -> str:
    return values.pop() if len(values) == 1 else ""


def listing(product: Json, salable: Mapping[str, int], shop: Store, today: date | None = None) -> Listing:
    """today: the day whose special prices count; None: none does."""
    sku = text(product.get("sku"))
    has_price = product.get("price") is not None and bool(shop.currency)
    amounts = Amounts(shop.currency, []) if has_price else None
    price = amounts.minor(product.get("price"), "") if amounts else None
    special = _special(product, today) if amounts and today else None
    reduced = amounts.minor(special["price"], "") if amounts and special else None
    is_reduced = price is not None and reduced is not None and reduced < price
    return Listing(
        name=sku,
        code=sku,
        title=cut(text(product.get("name"))),
        quantity=max(0, salable[sku]) if sku in salable else None,
        price_minor=reduced if is_reduced else price,
        currency=shop.currency if has_price else "",
        weight_g=_weight_g(product.get("weight"), shop.weight_unit),
        is_live=whole(product.get("status")) == _ENABLED,
        was_minor=price if is_reduced else None,
    )


def _special(product: Json, today: date | None = None) -> dict[str, object] | None:
    """A product's special price as Magento takes it; `today`: only where its days are on."""
    told = {
        text(one.get("attribute_code")): text(one.get("value"))
        for one in objects(product.get("custom_attributes"))
    }
    amount, begins, ends = (told.get(f"special_{name}", "") for name in ("price", "from_date", "to_date"))
    if not amount.replace(".", "", 1).isdecimal() or (
        today and not (begins[:10] <= f"{today}" <= (ends[:10] or _TO))
    ):
        return None
    return _special_row(text(product.get("sku")), Decimal(amount), begins, ends)


def _special_row(sku: str, amount: Decimal, begins: str, ends: str) -> dict[str, object]:
    return {"sku": sku, "store_id": 0, "price": amount, "price_from": begins, "price_to": ends}


def special_prices(prices: Sequence[Price], have: Mapping[str, Json]) -> dict[str, list[dict[str, object]]]:
    """What is asked, path by path: those that end, as Magento has them now, and those that begin."""
    there = [
        special
        for price in prices
        if price.was_minor is None and (special := _special(have.get(price.listing, {})))
    ]
    new = [
        _special_row(price.listing, decimal_of(price.price_minor, price.currency), _FROM, _TO)
        for price in prices
        if price.was_minor is not None
    ]
    return {"special-price-delete": there, "special-price": new}


def _weight_g(told: object, unit: str) -> int | None:
    if unit not in _GRAMS or not isinstance(told, int | Decimal) or told <= 0:
        return None
    return int((told * _GRAMS[unit]).to_integral_value())


def quantities(rows: Iterable[Json]) -> dict[str, int]:
    """Units by SKU; parts of a unit cannot be sold."""
    return {
        text(row.get("sku")): int(qty) for row in rows if isinstance(qty := row.get("qty"), int | Decimal)
    }


def lying(rows: Iterable[Json]) -> dict[str, int]:
    """Units of a source by SKU. What is switched off there counts as none, as it does for Magento."""
    found = {}
    for row in rows:
        quantity = row.get("quantity")
        is_on = whole(row.get("status")) == _IN_STOCK
        found[text(row.get("sku"))] = int(quantity) if is_on and isinstance(quantity, int | Decimal) else 0
    return found


def source_items(
    counts: Sequence[Count], lies: Mapping[str, int], salable: Mapping[str, int], source: str
) -> dict[str, object]:
    """The request that makes each count salable: what lies there, and what is missing until then."""
    rows = []
    for count in counts:
        sku = count.listing
        needed = lies.get(sku, 0) + count.quantity - salable[sku] if sku in salable else count.quantity
        quantity = max(0, needed)
        rows.append({"sku": sku, "source_code": source, "quantity": quantity, "status": int(quantity > 0)})
    return {"sourceItems": rows}


def base_prices(prices: Sequence[Price]) -> dict[str, object]:
    """The request: prices of all stores."""
    rows = [
        {"sku": price.listing, "store_id": 0, "price": decimal_of(regular(price), price.currency)}
        for price in prices
    ]
    return {"prices": rows}


def refusal(content: Content, shop: Store) -> str:
    """Why it cannot be told; "" when it can."""
    if "/" in content.listing:
        return "Magento finds no product by a SKU with a slash in its address."
    if content.field == "weight_g" and shop.weight_unit not in _GRAMS:
        return "Magento does not say in which one unit its stores weigh."
    return ""


def told(content: Content, shop: Store) -> dict[str, object]:
    """The request: for all stores. A weight in their unit, to the ten-thousandth that Magento keeps."""
    if content.field == "title":
        return {"product": {"sku": content.listing, "name": content.text}}
    weight = round(Decimal(content.text) / _GRAMS[shop.weight_unit], 4)
    return {"product": {"sku": content.listing, "weight": weight}}


def says(content: Content, product: Json, shop: Store) -> bool:
    """Whether the product that Magento answers with has it."""
    if content.field == "title":
        return text(product.get("name")) == content.text
    return str(_weight_g(product.get("weight"), shop.weight_unit)) == content.text


def regular(price: Price) -> int:
    """Minor units of the price that is not the special one."""
    return price.price_minor if price.was_minor is None else price.was_minor


def prices(rows: Sequence[object], currency: str) -> dict[str, int]:
    """Minor units by SKU, of all stores."""
    amounts = Amounts(currency, [])
    return {
        text(row.get("sku")): amounts.minor(row.get("price"), "")
        for row in objects(rows)
        if whole(row.get("store_id")) == 0
    }
