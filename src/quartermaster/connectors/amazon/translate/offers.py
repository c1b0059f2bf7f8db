"""What Amazon lists, and what it is told of stock and prices (Listings Items API 2021-08-01). Pure.

A count or a price is merged into the listing: what else stands there, such as a handling time or the offer
for businesses, stays as it is. A discounted price is what a buyer pays while it is on, and our_price beside
it what it was before; it cannot be merged away, so the whole offer is replaced by what it is without.
https://github.com/amzn/selling-partner-api-models/issues/4134 and 5235, read 2026-11-23.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from quartermaster.channels.ports import Content, ContentField, Listing, Price, Taken
from quartermaster.connectors.amazon.marketplaces import Marketplace
from quartermaster.connectors.amounts import decimal_of, minor_of
from quartermaster.connectors.picked import objects, text
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.core.outside import Invalid

PAGE: Final = 20  # the most of a page, and of SKUs asked for by name
WINDOW: Final = 1000  # Amazon turns no page beyond this many listings of one question
INCLUDED: Final = "summaries,attributes,offers,fulfillmentAvailability"
OURS: Final = "DEFAULT"  # the channel of what the seller ships; all others are Amazon's own warehouses
FIELDS: Final[tuple[ContentField, ...]] = ("title", "weight_g")  # a barcode says which thing it is
NO_TITLE = "The listing has no title of its own: buyers see that of Amazon's catalog."
AMAZONS = "Amazon holds the stock of this listing (FBA) and counts it itself."
_BARCODES = ("ean", "gtin", "upc")
_GRAMS = {
    "grams": Decimal(1),
    "kilograms": Decimal(1000),
    "ounces": Decimal("28.349523125"),
    "pounds": Decimal("453.59237"),
}
# A reduction is over when we say so. Amazon wants days all the same.
_FROM, _TO = "2000-01-01", "2099-12-31"
_WORDS = re.compile(r"\s+")

type Json = Mapping[str, object]


class Round(NamedTuple):
    """How far a reading of all listings has come. They are asked for by the moment they were made; behind the
    last page Amazon turns, the question begins anew at the last moment, without those `told` already."""

    after: str = ""
    token: str = ""
    seen: int = 0
    told: tuple[str, ...] = ()


class Listed(NamedTuple):
    """A listing, and what a write to it needs besides."""

    listing: Listing
    product_type: str
    is_ours: bool  # its stock is the seller's to count
    titles: tuple[Json, ...] = ()  # those of its own in this marketplace, one for each language
    offers: tuple[Json, ...] = ()  # as they were written, that for consumers and others


def round_of(cursor: str) -> Round:
    return msgspec.json.decode(cursor, type=Round) if cursor else Round()


def asked(at: Round, market: Marketplace) -> dict[str, str]:
    told = {
        "marketplaceIds": market.id,
        "includedData": INCLUDED,
        "pageSize": str(PAGE),
        "sortBy": "createdDate",
        "sortOrder": "ASC",
    }
    after = {"createdAfter": at.after} if at.after else {}
    return told | after | ({"pageToken": at.token} if at.token else {})


def asked_by_name(names: Sequence[str], market: Marketplace) -> dict[str, str]:
    return {
        "marketplaceIds": market.id,
        "includedData": INCLUDED,
        "identifiersType": "SKU",
        "identifiers": ",".join(names),
        "pageSize": str(PAGE),
    }


def following(at: Round, answer: Json, market: Marketplace) -> str:
    """The cursor behind a page; "" behind the last. Raises ValueError when it cannot go on."""
    items, total = objects(answer.get("items")), answer.get("numberOfResults")
    pagination = answer.get("pagination")
    token = text(pagination.get("nextToken")) if isinstance(pagination, dict) else ""
    seen = at.seen + len(items)
    if token and seen + PAGE <= WINDOW:
        return _cursor(at._replace(token=token, seen=seen))
    if not items or not (token or (isinstance(total, int) and seen < total)):
        return ""
    last = _created(items[-1], market)
    if not last or last == at.after:
        raise ValueError(
            f"Amazon shows only {WINDOW} of the listings made at one moment ({last or 'unknown'})"
        )
    same = tuple(text(one.get("sku")) for one in items if _created(one, market) == last)
    return _cursor(Round(after=last, told=same))


def items(answer: Json) -> list[dict[str, object]]:
    """Raises ValueError where there is no list of them."""
    found = answer.get("items")
    if not isinstance(found, list):
        raise ValueError("Amazon lists nothing where listings were asked for")
    return objects(found)


def listed(item: Json, market: Marketplace, at: datetime) -> Listed | None:
    """As it is at this moment. None for what has no SKU, or is not in this marketplace."""
    sku, summary = text(item.get("sku")), _of(item.get("summaries"), market)
    if not sku or summary is None:
        return None
    channels = {
        text(one.get("fulfillmentChannelCode")): one.get("quantity")
        for one in objects(item.get("fulfillmentAvailability"))
    }
    is_ours = OURS in channels or not channels
    count = channels.get(OURS)
    price, currency = _price(item, market)
    attributes = item.get("attributes")
    told = attributes if isinstance(attributes, dict) else {}
    written = objects(told.get("purchasable_offer"))
    discounted, regular = _discounted(written, market, currency, at)
    found = Listing(
        name=sku,
        code=sku,
        title=_plain(summary.get("itemName")),
        quantity=(count if isinstance(count, int) and count >= 0 else 0) if is_ours else None,
        price_minor=price if discounted is None else discounted,
        currency=currency,
        barcode=_barcode(told),
        weight_g=_weight_g(told),
        is_live="DISCOVERABLE" in _listed_texts(summary.get("status")),
        was_minor=None if discounted is None else regular,
    )
    titles = tuple(
        one for one in objects(told.get("item_name")) if one.get("marketplace_id") in (market.id, None)
    )
    kind = text(summary.get("productType")) or "PRODUCT"
    return Listed(found, kind, is_ours, titles, tuple(written))


def stock(product_type: str, quantity: int) -> dict[str, object]:
    value = {"fulfillment_channel_code": OURS, "quantity": quantity}
    return _merged(product_type, "fulfillment_availability", value)


def price(known: Listed, wanted: Price, market: Marketplace) -> dict[str, object]:
    """What there is of a listing decides whether a discount has to be taken away."""
    is_reduced = any(_is_for_all(one, market) and one.get("discounted_price") for one in known.offers)
    if wanted.was_minor is not None or not is_reduced:
        return plain_price(known.product_type, wanted, market)
    value = _offer(wanted, market)
    kept = [
        {name: each for name, each in one.items() if name != "discounted_price"} | value
        if _is_for_all(one, market)
        else dict(one)
        for one in known.offers
    ]
    return _patched(known.product_type, "replace", "purchasable_offer", kept)


def plain_price(product_type: str, wanted: Price, market: Marketplace) -> dict[str, object]:
    """A discount that is there stays, where none is written."""
    return _merged(product_type, "purchasable_offer", _offer(wanted, market))


def _offer(wanted: Price, market: Marketplace) -> dict[str, object]:
    """Exact: a number with as many places as the currency has."""
    amount = decimal_of(wanted.price_minor, wanted.currency)
    value: dict[str, object] = {
        "marketplace_id": market.id,
        "currency": wanted.currency,
        "audience": "ALL",
        "our_price": [{"schedule": [{"value_with_tax": amount}]}],
    }
    if wanted.was_minor is not None:
        regular = decimal_of(wanted.was_minor, wanted.currency)
        value["our_price"] = [{"schedule": [{"value_with_tax": regular}]}]
        during = {"start_at": _FROM, "end_at": _TO, "value_with_tax": amount}
        value["discounted_price"] = [{"schedule": [during]}]
    return value


def content(known: Listed, wanted: Content, market: Marketplace) -> dict[str, object]:
    """All of an attribute is replaced: titles in other languages are written as they stand. Raises Invalid
    for a listing without a title of its own, and for one with several that says none of them to buyers."""
    if wanted.field == "weight_g":
        weight = {"unit": "grams", "value": int(wanted.text), "marketplace_id": market.id}
        return _patched(known.product_type, "replace", "item_package_weight", [weight])
    if not known.titles:
        raise Invalid(NO_TITLE)
    shown = [n for n, one in enumerate(known.titles) if _plain(one.get("value")) == known.listing.title]
    if len(known.titles) > 1 and len(shown) != 1:
        raise Invalid("The listing has titles in several languages: change it in Seller Central.")
    place = shown[0] if shown else 0
    values = [{**one, "value": wanted.text} if n == place else {**one} for n, one in enumerate(known.titles)]
    return _patched(known.product_type, "replace", "item_name", values)


def other_currency(currency: str, market: Marketplace) -> str:
    return f"Amazon sells there in {market.currency}, not in {currency}."


def taken(name: str, answer: Json) -> Taken:
    """ACCEPTED is no promise that it is so already. Raises ValueError when it says neither yes nor no."""
    status = answer.get("status")
    if status == "ACCEPTED":
        return Taken(name, "accepted")
    if status != "INVALID":
        raise ValueError("Amazon says neither that it took the change nor that it did not")
    told = [one for one in objects(answer.get("issues")) if one.get("severity") in ("ERROR", None)]
    said = " ".join(dict.fromkeys(text(one.get("message")) for one in told if one.get("message")))
    return Taken(name, "refused", said[:500] or "Amazon does not take it, and says no more.")


def _merged(product_type: str, attribute: str, value: Json) -> dict[str, object]:
    return _patched(product_type, "merge", attribute, [value])


def _patched(product_type: str, op: str, attribute: str, values: Sequence[Json]) -> dict[str, object]:
    patch = {"op": op, "path": f"/attributes/{attribute}", "value": list(values)}
    return {"productType": product_type, "patches": [patch]}


def _plain(title: object) -> str:
    return _WORDS.sub(" ", text(title))[:255]


def _cursor(at: Round) -> str:
    return msgspec.json.encode(at).decode()


def _of(values: object, market: Marketplace) -> Json | None:
    return next((one for one in objects(values) if one.get("marketplaceId") == market.id), None)


def _created(item: Json, market: Marketplace) -> str:
    told = text((_of(item.get("summaries"), market) or {}).get("createdDate"))
    try:
        datetime.fromisoformat(told)
    except ValueError:
        return ""
    return told


def _price(item: Json, market: Marketplace) -> tuple[int | None, str]:
    """What consumers pay; an offer for businesses is another one."""
    for offer in objects(item.get("offers")):
        money = offer.get("price")
        is_it = offer.get("marketplaceId") == market.id and offer.get("offerType") == "B2C"
        if is_it and isinstance(money, dict):
            currency = text(money.get("currencyCode"))
            try:
                return to_minor(text(money.get("amount")), currency), currency
            except BadAmount:
                return None, ""
    return None, ""


def _is_for_all(offer: Json, market: Marketplace) -> bool:
    is_here = offer.get("marketplace_id", market.id) == market.id
    return is_here and offer.get("audience", "ALL") == "ALL"


def _discounted(
    written: Sequence[Json], market: Marketplace, currency: str, at: datetime
) -> tuple[int | None, int | None]:
    """What a buyer pays now instead, and instead of what; None where nothing is discounted now."""
    for offer in written:
        if not _is_for_all(offer, market):
            continue
        for during in _schedule(offer, "discounted_price"):
            begins, ends = (text(during.get(name))[:10] for name in ("start_at", "end_at"))
            if begins <= f"{at:%Y-%m-%d}" <= (ends or _TO):
                regular = [one.get("value_with_tax") for one in _schedule(offer, "our_price")]
                minor = minor_of(text(during.get("value_with_tax")), currency)
                return minor, minor_of(text(regular[0]), currency) if regular else None
    return None, None


def _schedule(offer: Json, name: str) -> list[dict[str, object]]:
    return [during for each in objects(offer.get(name)) for during in objects(each.get("schedule"))]


def _barcode(attributes: Json) -> str:
    told = objects(attributes.get("externally_assigned_product_identifier"))
    return next((text(one.get("value")) for one in told if one.get("type") in _BARCODES), "")


def _weight_g(attributes: Json) -> int | None:
    for name in ("item_package_weight", "item_weight"):
        for one in objects(attributes.get(name)):
            grams, value = _GRAMS.get(text(one.get("unit"))), one.get("value")
            if grams is not None and isinstance(value, int | Decimal) and 0 < value < 10**6:
                return max(1, round(Decimal(value) * grams))
    return None


def _listed_texts(value: object) -> list[str]:
    return [text(one) for one in value] if isinstance(value, list) else []
