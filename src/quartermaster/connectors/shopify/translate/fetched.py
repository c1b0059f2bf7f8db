"""An order as Admin GraphQL tells it, put into the shape of Shopify's own webhooks. Pure.

There is one reading of orders, and it is that of webhooks: what is fetched and what was sent of the same
order have to be equal to the last character, or each would count as news of the other.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.translate import names
from quartermaster.core.currencies import EXPONENT

MARK: Final = "displayFinancialStatus"  # no other body has it
CUT_OFF: Final = "The order has more {} than Shopify was asked for."
_DIGITS_MAX: Final = 18
_LISTS_MAX: Final = 50  # fulfillments and refunds are lists without pages

type Json = Mapping[str, object]


def as_sent(order: Json, doubts: list[str]) -> dict[str, object]:
    """The order as a webhook would tell it. What was cut off in telling is a doubt."""
    _complete(order, doubts)
    lines = [_line(one) for one in nodes(order, "lineItems")]
    told: dict[str, object] = {
        "id": names.number(order.get("id")),
        "line_items": _without_tip(order, lines),
        "shipping_lines": [_shipping(one) for one in nodes(order, "shippingLines")],
        "tax_lines": _taxes(order),
        "discount_codes": _codes(order),
        "fulfillments": [_fulfillment(one) for one in objects(order.get("fulfillments"))],
        "refunds": [_refund(one) for one in objects(order.get("refunds"))],
        "financial_status": names.lower(order.get("displayFinancialStatus")),
        "fulfillment_status": names.SENT.get(text(order.get("displayFulfillmentStatus"))),
        "cancel_reason": names.lower(order.get("cancelReason")),
        "order_number": order.get("number"),
        "currency": order.get("currencyCode"),
        "presentment_currency": order.get("presentmentCurrencyCode"),
        "payment_gateway_names": order.get("paymentGatewayNames"),
        "customer": _customer(order.get("customer")),
        "shipping_address": _place(order.get("shippingAddress")),
        "billing_address": _place(order.get("billingAddress")),
        "note_attributes": [
            {"name": one.get("key"), "value": one.get("value")}
            for one in objects(order.get("customAttributes"))
        ],
        "total_price_set": money_set(order.get("totalPriceSet")),
        "total_shipping_price_set": money_set(order.get("totalShippingPriceSet")),
        "original_total_duties_set": money_set(order.get("originalTotalDutiesSet")),
        "original_total_additional_fees_set": money_set(order.get("originalTotalAdditionalFeesSet")),
        "total_cash_rounding_payment_adjustment_set": money_set(
            inside(order, "totalCashRoundingAdjustment").get("paymentSet")
        ),
    }
    told |= {theirs: order.get(ours) for theirs, ours in names.AS_THEY_ARE.items()}
    return told | {theirs: amount(order.get(ours)) for theirs, ours in names.AMOUNTS.items()}


def inside(part: Json, name: str) -> Json:
    value = part.get(name)
    return value if isinstance(value, dict) else {}


def nodes(part: Json, name: str) -> list[dict[str, object]]:
    """What a page of a connection holds."""
    return objects(inside(part, name).get("nodes"))


def amount(money: object, side: str = "shopMoney") -> str | None:
    """Webhooks write "10.00" where GraphQL writes "10.0": as many decimals as the currency has."""
    given = inside({"money": money}, "money").get(side)
    if not isinstance(given, dict):
        return None
    places = EXPONENT.get(text(given.get("currencyCode")))
    try:
        exact = Decimal(text(given.get("amount")))
        rounded = exact if places is None else exact.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        return text(given.get("amount"))
    return str(rounded if rounded == exact else exact)


def _exact(told: str) -> Decimal:
    """What is no amount, or more than money can be, adds nothing: reading it as one says so."""
    try:
        value = Decimal(told)
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() and value.adjusted() < _DIGITS_MAX else Decimal(0)


def money_set(money: object) -> dict[str, object] | None:
    if not isinstance(money, dict):
        return None
    sides = {"shop_money": "shopMoney", "presentment_money": "presentmentMoney"}
    return {
        theirs: {"amount": amount(money, ours), "currency_code": inside(money, ours).get("currencyCode")}
        for theirs, ours in sides.items()
        if ours in money
    }


def _line(line: Json) -> dict[str, object]:
    return {
        "id": names.number(line.get("id")),
        "sku": line.get("sku"),
        "title": line.get("title"),
        "name": line.get("name"),
        "variant_id": names.number(inside(line, "variant").get("id")),
        "product_id": names.number(inside(line, "product").get("id")),
        "quantity": line.get("quantity"),
        "current_quantity": line.get("currentQuantity"),
        "fulfillable_quantity": line.get("unfulfilledQuantity"),
        "price": amount(line.get("originalUnitPriceSet")),
        "total_discount": amount(line.get("totalDiscountSet")),
        "discount_allocations": _allocations(line),
        "tax_lines": _taxes(line),
        "requires_shipping": line.get("requiresShipping"),
        "gift_card": line.get("isGiftCard"),
    }


def _without_tip(order: Json, lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """GraphQL lists a tip like goods and does not say so: it is the line without a product that is not sent
    and costs as much as was tipped."""
    tip = amount(order.get("totalTipReceivedSet"))
    if tip is not None and _exact(tip) > 0:
        for line in lines:
            is_goods = line["product_id"] or line["variant_id"] or line["requires_shipping"]
            if not is_goods and line["quantity"] == 1 and line["price"] == tip:
                line["tip_payment_gateway"] = None
                break
    return lines


def _shipping(line: Json) -> dict[str, object]:
    return {
        "title": line.get("title"),
        "code": line.get("code"),
        "is_removed": line.get("isRemoved"),
        "price": amount(line.get("originalPriceSet")),
        "discounted_price": amount(line.get("discountedPriceSet")),
        "discount_allocations": _allocations(line),
        "tax_lines": _taxes(line),
    }


def _allocations(part: Json) -> list[dict[str, object]]:
    return [
        {"amount": amount(one.get("allocatedAmountSet"))} for one in objects(part.get("discountAllocations"))
    ]


def _taxes(part: Json) -> list[dict[str, object]]:
    return [
        {"title": one.get("title"), "price": amount(one.get("priceSet")), "rate": one.get("rate")}
        for one in objects(part.get("taxLines"))
    ]


def _codes(order: Json) -> list[dict[str, object]]:
    """Codes that took something off, each with the sum of its shares on lines and shipping."""
    taken: dict[str, list[Json]] = {}
    for part in (*nodes(order, "lineItems"), *nodes(order, "shippingLines")):
        for one in objects(part.get("discountAllocations")):
            taken.setdefault(text(inside(one, "discountApplication").get("index")), []).append(one)
    found: list[dict[str, object]] = []
    for applied in nodes(order, "discountApplications"):
        if "code" in applied:
            shares = [
                amount(one.get("allocatedAmountSet")) for one in taken.get(text(applied.get("index")), [])
            ]
            total = sum((_exact(share) for share in shares if share), Decimal(0))
            places = EXPONENT.get(text(order.get("currencyCode")), 2)
            told = str(total.quantize(Decimal(1).scaleb(-places)))
            found.append({"code": applied["code"], "amount": told, "type": names.code_type(applied)})
    return found


def _fulfillment(sent: Json) -> dict[str, object]:
    return {
        "id": names.number(sent.get("id")),
        "status": names.lower(sent.get("status")),
        "line_items": [
            {"id": names.number(inside(one, "lineItem").get("id")), "quantity": one.get("quantity")}
            for one in nodes(sent, "fulfillmentLineItems")
        ],
    }


def _refund(refund: Json) -> dict[str, object]:
    return {
        "id": names.number(refund.get("id")),
        "created_at": refund.get("createdAt"),
        "processed_at": refund.get("processedAt"),
        "note": refund.get("note"),
        "refund_line_items": [
            {
                "line_item_id": names.number(inside(one, "lineItem").get("id")),
                "quantity": one.get("quantity"),
                "restock_type": names.lower(one.get("restockType")),
                "subtotal_set": money_set(one.get("subtotalSet")),
                "total_tax_set": money_set(one.get("totalTaxSet")),
            }
            for one in nodes(refund, "refundLineItems")
        ],
        "refund_shipping_lines": [
            {
                "subtotal_amount_set": money_set(one.get("subtotalAmountSet")),
                "tax_amount_set": money_set(one.get("taxAmountSet")),
            }
            for one in nodes(refund, "refundShippingLines")
        ],
        "order_adjustments": [
            {
                "kind": "refund_discrepancy",  # shipping that is given back has lines of its own here
                "reason": names.REASON.get(text(one.get("reason"))),
                "amount_set": money_set(one.get("amountSet")),
                "tax_amount_set": money_set(one.get("taxAmountSet")),
            }
            for one in nodes(refund, "orderAdjustments")
        ],
        "transactions": [_transaction(one) for one in nodes(refund, "transactions")],
        "total_duties_set": _duties(refund),
    }


def _transaction(moved: Json) -> dict[str, object]:
    """Webhooks tell a transaction in the currency the buyer paid in."""
    money = inside(moved, "amountSet")
    return {
        "kind": names.lower(moved.get("kind")),
        "status": names.lower(moved.get("status")),
        "amount": amount(money, "presentmentMoney"),
        "currency": inside(money, "presentmentMoney").get("currencyCode"),
    }


def _duties(refund: Json) -> dict[str, object] | None:
    given = [inside(inside(one, "amountSet"), "shopMoney") for one in objects(refund.get("duties"))]
    if not given:
        return None
    total = sum((_exact(text(one.get("amount"))) for one in given), Decimal(0))
    return {"shop_money": {"amount": str(total), "currency_code": given[0].get("currencyCode")}}


def _customer(customer: object) -> dict[str, object] | None:
    if not isinstance(customer, dict):
        return None
    return {
        "id": names.number(customer.get("id")),
        "first_name": customer.get("firstName"),
        "last_name": customer.get("lastName"),
        "email": inside(customer, "defaultEmailAddress").get("emailAddress"),
        "phone": inside(customer, "defaultPhoneNumber").get("phoneNumber"),
    }


def _place(place: object) -> dict[str, object] | None:
    if not isinstance(place, dict):
        return None
    return {theirs: place.get(ours) for theirs, ours in names.PLACE.items()}


def _complete(order: Json, doubts: list[str]) -> None:
    lists = {"lineItems": "lines", "shippingLines": "ways of shipping", "discountApplications": "discounts"}
    for name, words in lists.items():
        if inside(inside(order, name), "pageInfo").get("hasNextPage"):
            doubts.append(CUT_OFF.format(words))
    for name in ("fulfillments", "refunds"):
        told = objects(order.get(name))
        pages = [inside(page, "pageInfo") for one in told for page in one.values() if isinstance(page, dict)]
        if len(told) >= _LISTS_MAX or any(page.get("hasNextPage") for page in pages):
            doubts.append(CUT_OFF.format(name))
