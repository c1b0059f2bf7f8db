"""Unicommerce (Uniware): tokens by password and renewal, sale orders with packages, stock, receipts."""

import re
import time
from typing import cast

from quartermaster.testing.simulators.server import Request, Response

PASSWORD, FACILITY = "uniware-secret", "BLR-1"
CARRIED = ("LAMP", "BULB")
SETTINGS = {
    "tenant": "acme",
    "username": "robot@example.com",
    "password": PASSWORD,
    "facility": FACILITY,
}
_OPERATIONS = {
    "/oauth/token": "token",
    "/services/rest/v1/oms/saleOrder/create": "send",
    "/services/rest/v1/oms/saleorder/get": "find",
    "/services/rest/v1/oms/saleOrder/cancel": "cancel",
    "/services/rest/v1/inventory/inventorySnapshot/get": "stock",
    "/services/rest/v1/purchase/inflowReceipt/getInflowReceipts": "receipts",
    "/services/rest/v1/purchase/inflowReceipt/getInflowReceipt": "receipt",
}
_MANDATORY = ("code", "displayOrderCode", "channel", "addresses", "billingAddress", "saleOrderItems")
_OF_ITEM = ("code", "itemSku", "shippingMethodCode", "totalPrice", "sellingPrice", "packetNumber")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)

type Json = dict[str, object]


class Unicommerce:
    """One tenant with one facility. `password` and `lasts_s` (of a token) may be changed while it runs."""

    def __init__(self, carries: tuple[str, ...] = CARRIED) -> None:
        self.carries = carries  # (): everything
        self.password = PASSWORD
        self.lasts_s = 41_621
        self.may_renew = True
        self.tokens: set[str] = set()
        self.orders: dict[str, Json] = {}
        self.receipts: dict[str, Json] = {}
        self.stock = {"LAMP": 40, "BULB": 9}

    @property
    def paid(self) -> int:
        return len(self.orders)

    def operation(self, method: str, path: str) -> str:
        return _OPERATIONS.get(path, "unknown")

    def error(self, status: int) -> object:
        return _no(99_999, "SIMULATED", f"simulated {status}").body

    def respond(self, request: Request, *, url: str) -> Response:
        if request.operation == "token":
            return self._let_in(dict(request.query))
        if request.headers.get("authorization", "").removeprefix("bearer ") not in self.tokens:
            return Response(401, {"error": "invalid_token", "error_description": "Invalid access token"})
        if request.headers.get("facility") != FACILITY:
            return _no(100_085, "INVALID_FACILITY", "no such facility")
        body = cast("Json", request.body)
        match request.operation:
            case "send":
                return self._made(cast("Json", body["saleOrder"]))
            case "find":
                found = self.orders.get(str(body["code"]))
                return _yes(saleOrderDTO=found) if found else _unknown()
            case "cancel":
                return self._cancelled(body)
            case "stock":
                return self._stock(body)
            case "receipts":
                window = cast("dict[str, str]", body["createdBetween"])
                if not (_SECOND.fullmatch(window["start"]) and _SECOND.fullmatch(window["end"])):
                    return _no(10_000, "INVALID_REQUEST", "createdBetween is no range")
                return _yes(inflowReceiptCodes=list(self.receipts))
            case "receipt":
                return _yes(inflowReceipt=self.receipts[str(body["inflowReceiptCode"])])
        return Response(404, {"message": "no such path"})

    def _let_in(self, asked: dict[str, str]) -> Response:
        is_renewal = asked.get("grant_type") == "refresh_token" and self.may_renew
        is_known = (asked.get("username"), asked.get("password")) == (SETTINGS["username"], self.password)
        if not (is_known or (is_renewal and asked.get("refresh_token") == "renew-it")):
            return Response(400, {"error": "invalid_grant", "error_description": "Bad credentials"})
        token = f"uniware-token-{len(self.tokens) + 1}"
        self.tokens.add(token)
        told = {"access_token": token, "token_type": "bearer", "refresh_token": "renew-it"}
        return Response(200, {**told, "expires_in": self.lasts_s, "scope": "read trust write"})

    def _made(self, order: Json) -> Response:
        items = cast("list[Json]", order.get("saleOrderItems") or [])
        lacks = [name for name in _MANDATORY if not order.get(name)]
        lacks += [name for item in items for name in _OF_ITEM if name not in item]
        if lacks:
            return _no(10_000, "INVALID_REQUEST", f"{lacks[0]} is missing", lacks[0])
        if str(order["code"]) in self.orders:
            return _no(40_001, "DUPLICATE_CODE", f"{order['code']} is taken", "code")
        skus = [str(item["itemSku"]) for item in items]
        if unknown := [sku for sku in skus if self.carries and sku not in self.carries]:
            return _no(40_011, "INVALID_ITEM_SKU", f"no item {unknown[0]}", "itemSku")
        made = [{**item, "statusCode": "CREATED", "shippingPackageCode": None} for item in items]
        told = {**order, "status": "CREATED", "shippingPackages": [], "saleOrderItems": made}
        self.orders[str(order["code"])] = told
        return _yes(saleOrderDetailDTO=told)

    def _cancelled(self, body: Json) -> Response:
        order = self.orders.get(str(body["saleOrderCode"]))
        if order is None:
            return _unknown()
        if order["shippingPackages"]:
            return _no(40_020, "INVALID_SALE_ORDER_ITEM_STATE", "items were dispatched")
        for item in cast("list[Json]", order["saleOrderItems"]):
            item |= {"statusCode": "CANCELLED", "cancellationReason": body.get("cancellationReason")}
        order["status"] = "CANCELLED"
        return _yes()

    def _stock(self, body: Json) -> Response:
        asked = cast("list[str]", body.get("itemTypeSKUs") or list(self.stock))
        return _yes(
            inventorySnapshots=[
                {"itemTypeSKU": sku, "inventory": self.stock[sku] - 2, "inventoryBlocked": 2, "openSale": 2}
                for sku in asked
                if sku in self.stock
            ]
        )

    def ship(self, reference: str, units: dict[str, int], is_last: bool) -> None:
        """Their people dispatch a package with these units; what is left at the end is cancelled."""
        order, left = self.orders[reference], dict(units)
        packages = cast("list[Json]", order["shippingPackages"])
        code = f"{FACILITY}-{len(self.orders)}-{len(packages) + 1}"
        for item in cast("list[Json]", order["saleOrderItems"]):
            sku = str(item["itemSku"])
            if item["shippingPackageCode"] is None and left.get(sku, 0):
                left[sku] -= 1
                item |= {"shippingPackageCode": code, "statusCode": "DISPATCHED"}
            elif is_last and item["shippingPackageCode"] is None:
                item["statusCode"] = "CANCELLED"
        at = int(time.time() * 1000)
        told = {
            "code": code,
            "status": "DISPATCHED",
            "dispatched": at,
            "trackingNumber": f"AWB{len(code)}{at}",
        }
        packages.append({**told, "shippingProvider": "DELHIVERY"})
        order["status"] = "COMPLETE" if is_last else "PROCESSING"

    def receive(self, units: dict[str, int], rejected: int = 0, status: str = "COMPLETE") -> str:
        """Their people write a receipt. Returns its code."""
        code = f"G{len(self.receipts) + 1:04d}"
        items = [{"itemSKU": sku, "quantity": n, "rejectedQuantity": rejected} for sku, n in units.items()]
        at = int(time.time() * 1000)
        order = {"code": "PO-1"}
        told = {"code": code, "statusCode": status, "created": at, "purchaseOrder": order}
        self.receipts[code] = {**told, "inflowReceiptItems": items}
        return code


def _yes(**more: object) -> Response:
    return Response(200, {"successful": True, "message": None, "errors": [], "warnings": None, **more})


def _no(code: int, message: str, description: str, field: str = "") -> Response:
    wrong = {"code": code, "fieldName": field, "description": description, "message": message}
    return Response(200, {"successful": False, "message": None, "errors": [wrong], "warnings": None})


def _unknown() -> Response:
    return _no(40_005, "INVALID_SALE_ORDER_CODE", "Invalid sale order code", "code")
