"""Amazon's Selling Partner API: the login and orders with their packages; beside it listings and Amazon's own
warehouses (`amazon_listings`, `amazon_fba`).

It behaves as the real one does where it matters: access tokens end, nothing is told of the last two minutes,
a page behind the first wants the same question with its token, only the data asked for is shown, a package
has a number, and the same number again edits it and mails nobody.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

from quartermaster.testing.simulators import (
    amazon_fba,
    amazon_feeds,
    amazon_finances,
    amazon_listings,
    amazon_queue,
    amazon_reports,
)
from quartermaster.testing.simulators.amazon_listings import MARKETPLACE, SELLER, Listings, no
from quartermaster.testing.simulators.server import Request, Response

CLIENT, SECRET, REFRESH = "amzn1.application-oa2-client.simulated", "amzn1.oa2-cs.simulated", "Atzr|simulated"
SETTINGS = {
    "marketplaces": "DE",
    "seller_id": SELLER,
    "client_id": CLIENT,
    "client_secret": SECRET,
    "refresh_token": REFRESH,
}
_ORDERS = "/orders/2026-01-01/orders"
_CONFIRM = re.compile(r"/orders/v0/orders/([^/]+)/shipmentConfirmation")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", re.ASCII)
_LAG = timedelta(minutes=2)
_OF_ORDER = {
    "BUYER": "buyer",
    "RECIPIENT": "recipient",
    "PROCEEDS": "proceeds",
    "PAYMENT": "payment",
    "FULFILLMENT": "fulfillment",
    "PACKAGES": "packages",
}
_OF_ITEM = {"PROCEEDS": "proceeds", "FULFILLMENT": "fulfillment", "CANCELLATION": "cancellation"}
_PACKAGE = ("packageReferenceId", "carrierCode", "trackingNumber", "shipDate", "orderItems")

type Json = dict[str, object]


class Amazon:
    """One seller in one marketplace. `lasts_s` (of a token) and `may_renew` may be changed while it runs.
    `is_today`: orders come with the hour, three minutes old, so that they are told of at once."""

    def __init__(self, *, is_today: bool = False) -> None:
        self.is_today = is_today
        self.listings = Listings()
        self.feeds = amazon_feeds.Feeds(self.listings)
        self.fba = amazon_fba.Fba()
        self.finances = amazon_finances.Finances()
        self.reports = amazon_reports.Reports()
        self.queue = amazon_queue.Queue()
        self.orders: dict[str, Json] = {}
        self.mails: list[str] = []  # what buyers were mailed
        self.tokens: set[str] = set()
        self.grantless: set[str] = set()  # of those, the application's own
        self.given = 0
        self.lasts_s = 3600
        self.may_renew = True
        self.secrets = {SECRET}  # of the application: two, while one is replaced
        self.clock = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        self._pages: dict[str, tuple[Mapping[str, str], list[str]]] = {}

    @property
    def paid(self) -> int:
        return len(self.mails)

    def take(self, order: Mapping[str, object]) -> None:
        """An order is placed, or changed at Amazon."""
        self.clock += timedelta(seconds=1)
        if self.is_today:
            self.clock = max(self.clock, datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=3))
        at = f"{self.clock:%Y-%m-%dT%H:%M:%SZ}"
        kept: Json = {
            "createdTime": at,
            "salesChannel": {"channelName": "AMAZON", "marketplaceId": MARKETPLACE},
            "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
            "packages": [],
            **order,
        }
        self.orders[str(order["orderId"])] = kept | {"lastUpdatedTime": at}
        self.queue.tell(str(order["orderId"]), SELLER, str(_marketplace(kept)))

    def by_hand(self, what: str, said: Mapping[str, object]) -> object:
        """order {"lines": [{"sku": …, "quantity": …, "price": "9.90"}], "status": "PENDING", "by": "AMAZON"};
        change {"id": …, "status": …}; product {"sku": …, "quantity": …, "price": …}; refund {"id": …,
        "amount": "1.00", "note": …}: money alone, of an order of which something was sent."""
        match what:
            case "order":
                number = f"302-0000000-{len(self.orders) + 1:07}"
                status, by = str(said.get("status", "UNSHIPPED")), str(said.get("by", "MERCHANT"))
                self.take(sold(number, cast("list[Json]", said["lines"]), status=status, by=by))
                return {"id": number}
            case "change":
                order = self.orders[str(said["id"])]
                fulfillment = cast("Json", order["fulfillment"]) | {"fulfillmentStatus": str(said["status"])}
                self.take(order | {"fulfillment": fulfillment})
                return {"id": said["id"]}
            case "product":
                quantity, price = int(str(said.get("quantity", 10))), str(said.get("price", "9.90"))
                return {"id": self.listings.offer(str(said["sku"]), quantity, price)}
            case "refund":
                return {"is_done": self._gave_back(said)}
        raise KeyError(what)

    def _gave_back(self, said: Mapping[str, object]) -> bool:
        """Never more than the order came to; before something is sent Amazon takes no money of the buyer."""
        order, amount = self.orders[str(said["id"])], Decimal(str(said["amount"]))
        proceeds = cast("dict[str, Json]", order.get("proceeds", {}))
        total = Decimal(str(proceeds.get("grandTotal", {}).get("amount", "0")))
        status = cast("Json", order["fulfillment"])["fulfillmentStatus"]
        left = total - self.finances.given_back(str(order["orderId"]))
        if amount > left or status not in ("PARTIALLY_SHIPPED", "SHIPPED"):
            return False
        self.clock += timedelta(seconds=1)
        self.finances.give_back(str(order["orderId"]), amount, self.clock, str(said.get("note", "")))
        return True

    def operation(self, method: str, path: str) -> str:
        if path == "/auth/o2/token":
            return "token"
        if path == amazon_finances.ROOT:
            return "transactions"
        if asked := amazon_queue.operation(path):
            return asked
        if _CONFIRM.fullmatch(path):
            return "confirm"
        if path.startswith(_ORDERS):
            return "search" if path == _ORDERS else "order"
        if path.startswith(amazon_reports.ROOT):
            return amazon_reports.operation(method, path)
        if path.startswith(amazon_feeds.ROOT):
            return amazon_feeds.operation(method, path)
        if path.startswith("/fba/"):
            return amazon_fba.operation(method, path)
        return amazon_listings.operation(method, path)

    def error(self, status: int) -> object:
        return {"errors": [{"code": f"Simulated{status}", "message": f"simulated {status}", "details": ""}]}

    def respond(self, request: Request, *, url: str) -> Response:
        if request.operation == "token":
            return self._let_in(cast("Json", request.body))
        if request.operation == "queue":
            return self.queue.respond(request)
        if amazon_feeds.is_file(request.path):
            return self.feeds.respond(request, url=url)
        if request.headers.get("x-amz-access-token") not in self.tokens:
            return no(403, "Unauthorized", "The access token you provided is revoked or has ended.")
        is_grantless = request.headers.get("x-amz-access-token") in self.grantless
        if is_grantless != (request.operation == "destination"):
            return no(403, "Unauthorized", "Access to requested resource is denied.")
        match request.operation:
            case "destination" | "subscription":
                return self.queue.respond(request)
            case "search":
                return self._searched(request.query)
            case "order":
                return self._found(request.path.removeprefix(f"{_ORDERS}/"), request.query)
            case "confirm":
                return self._confirmed(request)
            case "transactions":
                return self.finances.respond(request)
        if request.path.startswith(amazon_reports.ROOT):
            return self.reports.respond(request, url=url)
        if request.path.startswith(amazon_feeds.ROOT):
            return self.feeds.respond(request, url=url)
        warehouse = request.path.startswith("/fba/")
        return self.fba.respond(request) if warehouse else self.listings.respond(request)

    def ship(self, reference: str, units: dict[str, int], is_last: bool) -> None:
        """A parcel of ours leaves its own warehouse."""
        self.fba.ship(reference, units, is_last)

    def _let_in(self, asked: Json) -> Response:
        if asked.get("client_id") != CLIENT or asked.get("client_secret") not in self.secrets:
            return Response(
                401, {"error": "invalid_client", "error_description": "Client authentication failed"}
            )
        if asked.get("grant_type") == "client_credentials":
            return self._let_application_in(asked)
        is_known = asked.get("grant_type") == "refresh_token" and asked.get("refresh_token") == REFRESH
        if not (is_known and self.may_renew):
            return Response(400, {"error": "invalid_grant", "error_description": "The grant was revoked"})
        self.given += 1
        token = f"Atza|simulated-{self.given}"
        self.tokens.add(token)
        told = {"access_token": token, "refresh_token": REFRESH, "token_type": "bearer"}
        return Response(200, told | {"expires_in": self.lasts_s})

    def _let_application_in(self, asked: Json) -> Response:
        if asked.get("scope") != "sellingpartnerapi::notifications":
            return Response(400, {"error": "invalid_scope", "error_description": "The scope is unknown"})
        self.given += 1
        token = f"Atza|simulated-{self.given}"
        self.tokens.add(token)
        self.grantless.add(token)
        return Response(200, {"access_token": token, "token_type": "bearer", "expires_in": 3600})

    def _searched(self, query: Mapping[str, str]) -> Response:
        after, before = query.get("lastUpdatedAfter", ""), query.get("lastUpdatedBefore", "")
        if not (_SECOND.fullmatch(after) and _SECOND.fullmatch(before)):
            return no(400, "InvalidInput", "lastUpdatedAfter and lastUpdatedBefore are no moments")
        if not datetime.fromisoformat(after) <= datetime.fromisoformat(before) <= datetime.now(UTC) - _LAG:
            return no(400, "InvalidInput", "lastUpdatedBefore is not two minutes ago")
        size = int(query.get("maxResultsPerPage", "100"))
        token = query.get("paginationToken", "")
        asked = {name: value for name, value in query.items() if name != "paginationToken"}
        if token:
            first, left = self._pages.get(token, ({}, []))
            if first != asked:
                return no(400, "InvalidInput", "paginationToken belongs to another question")
        else:
            left = [
                order
                for order, one in self.orders.items()
                if after <= str(one["lastUpdatedTime"]) <= before
                and _marketplace(one) in asked.get("marketplaceIds", "").split(",")
            ]
        answer: Json = {"orders": [_shown(self.orders[order], query) for order in left[:size]]}
        if left[size:]:
            following = f"page-{len(self._pages) + 1}"
            self._pages[following] = (asked, left[size:])
            answer["pagination"] = {"nextToken": following}
        return Response(200, answer | {"lastUpdatedBefore": before})

    def _found(self, number: str, query: Mapping[str, str]) -> Response:
        order = self.orders.get(number)
        if order is None:
            return no(404, "NotFound", "The order was not found.")
        return Response(200, {"order": _shown(order, query)})

    def _confirmed(self, request: Request) -> Response:
        found = _CONFIRM.fullmatch(request.path)
        order = self.orders.get(found[1]) if found else None
        if order is None:
            return no(404, "NotFound", "The order was not found.")
        body = cast("Json", request.body)
        told = cast("Json", body.get("packageDetail") or {})
        if wrong := self._wrong(order, body, told):
            return no(400, "InvalidInput", wrong)
        packages = cast("list[Json]", order["packages"])
        known = next(
            (one for one in packages if one["packageReferenceId"] == told["packageReferenceId"]), None
        )
        if known is None:
            if not _fits(order, told):
                return no(
                    400, "InvalidInput", "No matching package was found, or the order is fulfilled already"
                )
            packages.append({})
            known = packages[-1]
            _move(order, told)
            self.mails.append(f"{order['orderId']}: {told['trackingNumber']}")
        known |= _package(told)
        self.take(order)
        return Response(204, b"")

    def _wrong(self, order: Json, body: Json, told: Json) -> str:
        if body.get("marketplaceId") != _marketplace(order):
            return "marketplaceId is not that of the order"
        if missing := [name for name in _PACKAGE if not told.get(name)]:
            return f"packageDetail.{missing[0]} is required"
        number = told["packageReferenceId"]
        if not (isinstance(number, str) and number.isdecimal() and int(number) > 0):
            return "packageDetail.packageReferenceId must be a positive numeric value"
        if told["carrierCode"] == "Other" and not told.get("carrierName"):
            return "packageDetail.carrierName is required"
        if not _SECOND.fullmatch(str(told["shipDate"])):
            return "packageDetail.shipDate is no moment"
        fulfillment = cast("Json", order["fulfillment"])
        if fulfillment["fulfilledBy"] != "MERCHANT" or fulfillment["fulfillmentStatus"] in (
            "PENDING",
            "CANCELLED",
        ):
            return "The order cannot be shipped"
        items = {str(one["orderItemId"]) for one in cast("list[Json]", order["orderItems"])}
        asked = {str(one["orderItemId"]) for one in cast("list[Json]", told["orderItems"])}
        return f"OrderItemId {min(asked - items)} is invalid" if asked - items else ""


def by_hand() -> Amazon:
    """A shop of today, with something in it."""
    shop = Amazon(is_today=True)
    shop.fba = amazon_fba.Fba(carries=())
    for sku, quantity, price in (("KETTLE-1L", 12, "39.90"), ("MUG-STONE", 40, "9.90")):
        shop.listings.offer(sku, quantity, price)
    return shop


def sold(number: str, lines: list[Json], *, status: str = "UNSHIPPED", by: str = "MERCHANT") -> Json:
    """An order of these things, to somebody in Berlin. `by`: who ships it."""
    items: list[Json] = []
    total = Decimal(0)
    for n, line in enumerate(lines, 1):
        quantity, price = int(str(line.get("quantity", 1))), Decimal(str(line.get("price", "9.90")))
        total += price * quantity
        sku = str(line["sku"])
        proceeds = {"type": "ITEM", "subtotal": _money(price * quantity)}
        items.append(
            {
                "orderItemId": f"{n:014}",
                "quantityOrdered": quantity,
                "product": {
                    "asin": f"B0{n:08}",
                    "title": sku,
                    "sellerSku": sku,
                    "price": {"unitPrice": _money(price)},
                },
                "proceeds": {"proceedsTotal": _money(price * quantity), "breakdowns": [proceeds]},
                "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
            }
        )
    place = {"name": "Jonas Lind", "addressLine1": "Torstr. 12", "city": "Berlin", "postalCode": "10119"}
    return {
        "orderId": number,
        "buyer": {"buyerName": "Jonas Lind", "buyerEmail": "x1@marketplace.amazon.example"},
        "recipient": {"deliveryAddress": place | {"countryCode": "DE"}},
        "proceeds": {"grandTotal": _money(total)},
        "fulfillment": {"fulfillmentStatus": status, "fulfilledBy": by},
        "orderItems": items,
    }


def _money(amount: Decimal) -> Json:
    return {"amount": f"{amount:.2f}", "currencyCode": "EUR"}


def _marketplace(order: Mapping[str, object]) -> object:
    return cast("Json", order["salesChannel"])["marketplaceId"]


def _shown(order: Json, query: Mapping[str, str]) -> Json:
    """Only what was asked for; a pending order has no price and nobody to go to."""
    included = query.get("includedData", "").split(",")
    shown = deepcopy(order)
    status = cast("Json", order["fulfillment"])["fulfillmentStatus"]
    is_bare = str(status).startswith("PENDING")
    for name, key in _OF_ORDER.items():
        if name not in included or (is_bare and key in ("recipient", "proceeds", "payment")):
            shown.pop(key, None)
    for item in cast("list[Json]", shown["orderItems"]):
        for name, key in _OF_ITEM.items():
            if name not in included or (is_bare and key == "proceeds"):
                item.pop(key, None)
    return shown


def _left(item: Json) -> Json:
    ordered = {"quantityFulfilled": 0, "quantityUnfulfilled": item["quantityOrdered"]}
    return cast("Json", item.setdefault("fulfillment", ordered))


def _fits(order: Json, told: Json) -> bool:
    """Are the units still to be sent?"""
    left = {
        str(one["orderItemId"]): cast("int", _left(one)["quantityUnfulfilled"])
        for one in cast("list[Json]", order["orderItems"])
    }
    asked = cast("list[Json]", told["orderItems"])
    return all(0 < cast("int", one["quantity"]) <= left[str(one["orderItemId"])] for one in asked)


def _move(order: Json, told: Json) -> None:
    asked = {
        str(one["orderItemId"]): cast("int", one["quantity"])
        for one in cast("list[Json]", told["orderItems"])
    }
    left = 0
    for item in cast("list[Json]", order["orderItems"]):
        counts, moved = _left(item), asked.get(str(item["orderItemId"]), 0)
        counts["quantityFulfilled"] = cast("int", counts["quantityFulfilled"]) + moved
        counts["quantityUnfulfilled"] = cast("int", counts["quantityUnfulfilled"]) - moved
        left += cast("int", counts["quantityUnfulfilled"])
    fulfillment = cast("Json", order["fulfillment"])
    fulfillment["fulfillmentStatus"] = "PARTIALLY_SHIPPED" if left else "SHIPPED"


def _package(told: Json) -> Json:
    return {
        "packageReferenceId": told["packageReferenceId"],
        "packageStatus": {"status": "SHIPPED"},
        "carrier": told.get("carrierName") or told["carrierCode"],
        "shipTime": told["shipDate"],
        "trackingNumber": told["trackingNumber"],
        "packageItems": told["orderItems"],
    }
