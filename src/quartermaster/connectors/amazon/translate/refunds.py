"""Money that went back to a buyer: transactions of Amazon's Finances API 2024-06-19. Pure.

An order does not tell of it. A transaction names its order, and is what the seller's account was charged: of
it the buyer got everything but Amazon's fees, of which the seller gets some back.
"""

from collections.abc import Mapping
from typing import Final

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import cut, identity, moment
from quartermaster.connectors.picked import objects, text
from quartermaster.core.money import MINOR_MAX
from quartermaster.orders.ports import Ignored, RefundNotice, RefundSold, Unreadable

TOPIC: Final = "finances/2024-06-19"
_REFUND: Final = "refund"
_FEES: Final = ("fees", "fee", "expenses")  # how the kinds of what Amazon keeps end
# A transaction without items sorts its kinds into these two: on which side is no matter of whose money it is.
_SIDES: Final = ("sales", "expenses", "refunded sales", "refunded expenses")

type Json = Mapping[str, object]


def is_transaction(raw: Json) -> bool:
    return "transactionType" in raw and "relatedIdentifiers" in raw


def is_refund(raw: Json) -> bool:
    """A refund of an order; everything else that Amazon books is between it and the seller."""
    return text(raw.get("transactionType")).strip().casefold() == _REFUND and bool(_named(raw, "ORDER_ID"))


def markets(raw: Json) -> frozenset[str]:
    """The marketplaces it says it belongs to."""
    places = (raw.get("marketplaceDetails"), raw.get("sellingPartnerMetadata"))
    told = (text(one.get("marketplaceId")) for one in places if isinstance(one, dict))
    return frozenset(name for name in told if name)


def refund_told(raw: Json) -> RefundNotice | Ignored:
    """Raises Unreadable where it is a refund, and does not say of what, when or how much."""
    if not is_refund(raw):
        kind = cut(text(raw.get("transactionType")), 60) or "of no kind"
        return Ignored(f"A transaction ({kind}) by which no buyer of an order got money back.")
    order, name = _named(raw, "ORDER_ID"), _name(raw)
    doubts: list[str] = []
    at = moment(raw.get("postedDate"), "postedDate", doubts)
    if not name or at is None:
        raise Unreadable(f"A refund of order {order} without {'its moment' if name else 'a name'}.")
    parts = _parts(raw)
    currencies = {text(one.get("currencyCode")).strip().upper() for _, one in parts}
    if len(currencies) != 1:
        raise Unreadable(f"Refund {name[:80]} of order {order} does not say how much the buyer got.")
    amounts = Amounts(currencies.pop(), doubts)
    minor = dict.fromkeys((kind for kind, _ in parts), 0)
    for kind, amount in parts:
        minor[kind] -= amounts.minor(amount.get("currencyAmount"), kind, may_be_negative=True)
    if doubts:
        raise Unreadable(f"Refund {name[:80]} of order {order}: {doubts[0]}")
    given = sum(minor.values())
    if given > MINOR_MAX:
        raise Unreadable(f"Refund {name[:80]} of order {order} comes to more than money can be.")
    if given <= 0:
        return Ignored(f"Refund {name[:80]} of order {order} gave the buyer nothing.")
    sold = RefundSold(
        external_id=name,
        at=at,
        amount_minor=given,
        shipping_minor=min(given, max(0, minor.get("shipping", 0))),
        because=cut(text(raw.get("description")), 500),
    )
    return RefundNotice(order, sold, amounts.currency)


def _name(raw: Json) -> str:
    """Of a refund that is deferred first there is a second transaction when it is released, which names the
    first: both are one refund."""
    return _named(raw, "DEFERRED_TRANSACTION_ID") or identity(raw.get("transactionId"))


def _named(raw: Json, name: str) -> str:
    for one in objects(raw.get("relatedIdentifiers")):
        if one.get("relatedIdentifierName") == name:
            return identity(one.get("relatedIdentifierValue"))
    return ""


def _parts(raw: Json) -> list[tuple[str, Json]]:
    """What the buyer paid once, by its kinds (product, shipping, tax, discounts), with the amounts; below
    zero what went back. Each item tells its own; where none does, the transaction."""
    items = [one for item in objects(raw.get("items")) for one in objects(item.get("breakdowns"))]
    told = items or [
        inner
        for one in objects(raw.get("breakdowns"))
        for inner in (objects(one.get("breakdowns")) if _kind(one) in _SIDES else [one])
    ]
    return [
        (_kind(one), amount)
        for one in told
        if not _kind(one).endswith(_FEES) and isinstance(amount := one.get("breakdownAmount"), dict)
    ]


def _kind(one: Json) -> str:
    return text(one.get("breakdownType")).strip().casefold()
