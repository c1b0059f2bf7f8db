"""Orders as GraphQL shows them, made of the same orders as webhooks show them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

type Json = dict[str, object]
type Rest = Mapping[str, object]

_PLACE = {
    "firstName": "first_name",
    "lastName": "last_name",
    "name": "name",
    "company": "company",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "zip": "zip",
    "province": "province",
    "provinceCode": "province_code",
    "country": "country",
    "countryCodeV2": "country_code",
    "phone": "phone",
    "latitude": "latitude",
    "longitude": "longitude",
}
_FULFILLED = {None: "UNFULFILLED", "fulfilled": "FULFILLED", "partial": "PARTIALLY_FULFILLED"}
_APPLIED = {"discount_code": "DiscountCodeApplication", "automatic": "AutomaticDiscountApplication"}


def gid(kind: str, number: object) -> str:
    return f"gid://shopify/{kind}/{number}"


def page(nodes: Sequence[object], *, has_next: bool | None = False, end: str | None = "") -> Json:
    """A connection. `end`: None where the cursor is not asked for."""
    info: Json = {"hasNextPage": has_next}
    if end != "":
        info["endCursor"] = end
    return {"nodes": list(nodes), "pageInfo": info}


def parts(order: Rest, name: str) -> list[Json]:
    return cast("list[Json]", order.get(name) or [])


def money(amount: object, currency: object, *, presented: Rest | None = None) -> Json:
    """As GraphQL writes it: 10.00 is "10.0"."""
    bag: Json = {"shopMoney": {"amount": _plain(amount), "currencyCode": currency}}
    if presented is not None:
        bag["presentmentMoney"] = {
            "amount": _plain(presented["amount"]),
            "currencyCode": presented["currency_code"],
        }
    return bag


def _plain(amount: object) -> str:
    value = Decimal(str(amount if amount is not None else 0)).normalize()
    return f"{value:f}" if value != value.to_integral() else f"{value:.1f}"


def moment(told: object) -> str | None:
    if not told:
        return None
    return datetime.fromisoformat(str(told)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def order_node(order: Rest) -> Json:
    """The whole of it, as the connector's documents ask for it."""
    currency = order["currency"]
    seen = order.get("presentment_currency") or currency
    return (
        {
            "id": gid("Order", order["id"]),
            "name": order["name"],
            "number": order.get("order_number") or 1,
            "createdAt": moment(order.get("created_at")),
            "processedAt": moment(order.get("processed_at") or order.get("created_at")),
            "updatedAt": moment(order["updated_at"]),
            "cancelledAt": moment(order.get("cancelled_at")),
            "cancelReason": _upper(order.get("cancel_reason")),
            "currencyCode": currency,
            "presentmentCurrencyCode": seen,
            "taxesIncluded": bool(order.get("taxes_included")),
            "test": bool(order.get("test")),
            "displayFinancialStatus": _upper(order.get("financial_status")),
            "displayFulfillmentStatus": _FULFILLED[cast("str | None", order.get("fulfillment_status"))],
            "paymentGatewayNames": order.get("payment_gateway_names") or [],
            "shippingLines": page([_shipping(one, currency) for one in parts(order, "shipping_lines")]),
            "taxLines": _taxes(order, currency),
            "discountApplications": page(
                [_applied(n, one) for n, one in enumerate(parts(order, "discount_applications"))]
            ),
            "fulfillments": [_fulfillment(one) for one in parts(order, "fulfillments")],
            "refunds": [_refund(one, currency) for one in parts(order, "refunds")],
        }
        | _amounts(order, currency, seen)
        | _people(order)
    )


def _amounts(order: Rest, currency: object, seen: object) -> Json:
    total = cast("dict[str, Json]", order.get("total_price_set") or {}).get("presentment_money")
    shown = total or {"amount": order["total_price"], "currency_code": seen}
    nothing = money(0, currency)

    def bag(name: str) -> Json:
        return money(order.get(name), currency)

    def of_set(name: str) -> Json | None:
        told = cast("dict[str, Json] | None", order.get(name))
        return money(told["shop_money"]["amount"], currency) if told else None

    return {
        "totalPriceSet": money(order["total_price"], currency, presented=shown),
        "currentTotalPriceSet": money(order.get("current_total_price", order["total_price"]), currency),
        "totalOutstandingSet": bag("total_outstanding"),
        "totalDiscountsSet": bag("total_discounts"),
        "totalTaxSet": bag("total_tax"),
        "totalTipReceivedSet": bag("total_tip_received"),
        "totalShippingPriceSet": of_set("total_shipping_price_set") or nothing,
        "originalTotalDutiesSet": of_set("original_total_duties_set"),
        "originalTotalAdditionalFeesSet": of_set("original_total_additional_fees_set"),
        "totalCashRoundingAdjustment": {
            "paymentSet": of_set("total_cash_rounding_payment_adjustment_set") or nothing
        },
    }


def _people(order: Rest) -> Json:
    return {
        "customer": _customer(cast("Json | None", order.get("customer"))),
        "email": order.get("email"),
        "phone": order.get("phone"),
        "shippingAddress": _place(cast("Json | None", order.get("shipping_address"))),
        "billingAddress": _place(cast("Json | None", order.get("billing_address"))),
        "note": order.get("note"),
        "customAttributes": [
            {"key": one["name"], "value": one["value"]} for one in parts(order, "note_attributes")
        ],
        "tags": [tag.strip() for tag in str(order.get("tags") or "").split(",") if tag.strip()],
        "sourceName": order.get("source_name"),
        "poNumber": order.get("po_number"),
    }


def line_node(line: Rest, order: Rest) -> Json:
    currency = order["currency"]
    return {
        "id": gid("LineItem", line["id"]),
        "sku": line.get("sku"),
        "title": line.get("title") or line.get("name") or "",
        "name": line.get("name") or line.get("title") or "",
        "quantity": line["quantity"],
        "currentQuantity": line.get("current_quantity", line["quantity"]),
        "unfulfilledQuantity": line.get("fulfillable_quantity", line["quantity"]),
        "requiresShipping": line.get("requires_shipping") is not False,
        "isGiftCard": bool(line.get("gift_card")),
        "variant": _reference("ProductVariant", line.get("variant_id")),
        "product": _reference("Product", line.get("product_id")),
        "originalUnitPriceSet": money(line["price"], currency),
        "totalDiscountSet": money(line.get("total_discount"), currency),
        "discountAllocations": _allocated(line, order),
        "taxLines": _taxes(line, currency),
    }


def _upper(word: object) -> str | None:
    return str(word).upper() if word else None


def _reference(kind: str, number: object) -> Json | None:
    return {"id": gid(kind, number)} if number else None


def _taxes(part: Rest, currency: object) -> list[Json]:
    return [
        {"title": one["title"], "rate": one.get("rate"), "priceSet": money(one["price"], currency)}
        for one in parts(part, "tax_lines")
    ]


def _allocated(part: Rest, order: Rest) -> list[Json]:
    applied = parts(order, "discount_applications")
    return [
        {
            "allocatedAmountSet": money(one["amount"], order["currency"]),
            "discountApplication": {
                "__typename": _kind(applied[int(str(one.get("discount_application_index") or 0))]),
                "index": one.get("discount_application_index") or 0,
            },
        }
        for one in parts(part, "discount_allocations")
    ]


def _kind(applied: Rest) -> str:
    return _APPLIED.get(str(applied.get("type")), "ManualDiscountApplication")


def _applied(index: int, applied: Json) -> Json:
    is_share = applied.get("value_type") == "percentage"
    node: Json = {
        "__typename": _kind(applied),
        "index": index,
        "targetType": _upper(applied.get("target_type")) or "LINE_ITEM",
        "value": {"__typename": "PricingPercentageValue" if is_share else "MoneyV2"},
    }
    return node | ({"code": applied["code"]} if node["__typename"] == "DiscountCodeApplication" else {})


def _shipping(line: Rest, currency: object) -> Json:
    return {
        "title": line.get("title") or "",
        "code": line.get("code"),
        "isRemoved": bool(line.get("is_removed")),
        "originalPriceSet": money(line["price"], currency),
        "discountedPriceSet": money(line.get("discounted_price", line["price"]), currency),
        "discountAllocations": _allocated(line, {"currency": currency, "discount_applications": [{}] * 20}),
        "taxLines": _taxes(line, currency),
    }


def _fulfillment(sent: Rest) -> Json:
    return {
        "id": gid("Fulfillment", sent["id"]),
        "status": _upper(sent["status"]),
        "fulfillmentLineItems": page(
            [
                {"quantity": one["quantity"], "lineItem": {"id": gid("LineItem", one["id"])}}
                for one in parts(sent, "line_items")
            ]
        ),
    }


def _refund(refund: Rest, currency: object) -> Json:
    def bag(part: Rest, name: str) -> Json:
        told = cast("dict[str, Json] | None", part.get(f"{name}_set"))
        return money(told["shop_money"]["amount"] if told else part.get(name), currency)

    lines = [
        {
            "quantity": one["quantity"],
            "restockType": _upper(one["restock_type"]),
            "lineItem": {"id": gid("LineItem", one["line_item_id"])},
            "subtotalSet": bag(one, "subtotal"),
            "totalTaxSet": bag(one, "total_tax"),
        }
        for one in parts(refund, "refund_line_items")
    ]
    shipping = [
        {"subtotalAmountSet": bag(one, "subtotal_amount"), "taxAmountSet": bag(one, "tax_amount")}
        for one in parts(refund, "refund_shipping_lines")
    ]
    adjustments = [
        {
            "reason": str(one["reason"]).upper().replace(" ", "_"),
            "amountSet": bag(one, "amount"),
            "taxAmountSet": bag(one, "tax_amount"),
        }
        for one in parts(refund, "order_adjustments")
        if one["kind"] != "shipping_refund"
    ]
    moved = [
        {
            "kind": _upper(one["kind"]),
            "status": _upper(one["status"]),
            "amountSet": money(
                one["amount"],
                currency,
                presented={"amount": one["amount"], "currency_code": one.get("currency") or currency},
            ),
        }
        for one in parts(refund, "transactions")
    ]
    duties = cast("dict[str, Json] | None", refund.get("total_duties_set"))
    owed = duties["shop_money"]["amount"] if duties else 0
    return {
        "id": gid("Refund", refund["id"]),
        "createdAt": moment(refund.get("created_at")),
        "processedAt": moment(refund.get("processed_at") or refund.get("created_at")),
        "note": refund.get("note"),
        "refundLineItems": page(lines),
        "refundShippingLines": page(shipping),
        "orderAdjustments": page(adjustments),
        "transactions": page(moved),
        "duties": [{"amountSet": money(owed, currency)}] if Decimal(str(owed)) else [],
    }


def _customer(customer: Json | None) -> Json | None:
    if not customer:
        return None
    email, phone = customer.get("email"), customer.get("phone")
    return {
        "id": gid("Customer", customer["id"]),
        "firstName": customer.get("first_name"),
        "lastName": customer.get("last_name"),
        "defaultEmailAddress": {"emailAddress": email} if email else None,
        "defaultPhoneNumber": {"phoneNumber": phone} if phone else None,
    }


def _place(place: Json | None) -> Json | None:
    return {ours: place.get(theirs) for ours, theirs in _PLACE.items()} if place else None
