"""Flipkart Marketplace: tokens by the application's secret, shipments with states, listings, cancellations.

It behaves as the real one does where it matters: shipments are listed by where they stand, those on hold only
when they are asked for; calling the couriers twice is an error, and so is calling them for what has no label;
a call that fails in one shipment or SKU still answers 200. Its notifications: `flipkart_notices`.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

from quartermaster.testing.simulators.flipkart_notices import Notices
from quartermaster.testing.simulators.sending import Mail
from quartermaster.testing.simulators.server import Request, Response

APP, SECRET, LOCATION = "app-simulated", "flipkart-simulated", "LOC-BLR"
SETTINGS = {"app_id": APP, "webhook_secret": SECRET, "location_id": LOCATION}
IST = timezone(timedelta(hours=5, minutes=30))
_PRE = ("APPROVED", "PACKING_IN_PROGRESS", "FORM_FAILED", "PACKED", "READY_TO_DISPATCH")
_REASONS = ("not_enough_inventory", "cannot_procure_item", "b2b_order")
_AT_ONCE = 10  # SKUs of one write

type Json = dict[str, object]


class Flipkart:
    """`packs_itself`: its seller makes the labels in the Seller Hub, so all that is approved may be called
    for. `looks`: how often a label that is being made is looked for before it is there. `is_live`: its clock
    is ours."""

    def __init__(self, *, packs_itself: bool = True, looks: int = 1, is_live: bool = False) -> None:
        self.is_live = is_live
        self.packs_itself = packs_itself
        self.looks = looks
        self.labels: list[str] = []  # made by a call
        self._making: dict[str, int] = {}
        self.shipments: dict[str, Json] = {}
        self.cancelled_by: dict[str, str] = {}
        self.called: list[str] = []  # shipments whose couriers were called, as often as they were
        self.listings: dict[str, Json] = {}
        self.writes = 0  # rows of stock and of prices
        self.tokens: set[str] = set()
        self.tokens_given = 0
        self.clock = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        self.notices = Notices(APP, SECRET)

    @property
    def paid(self) -> int:
        return len(self.called)

    @property
    def mail(self) -> Mail:
        return self.notices.mail

    def take(self, shipment: Mapping[str, object], *, by: str = "buyerCancellation") -> None:
        """A shipment is made, or changes at Flipkart. `by`: who cancels, when somebody does."""
        self.clock += timedelta(seconds=1)
        if self.is_live:
            self.clock = max(self.clock, datetime.now(UTC))
        kept: Json = {"locationId": LOCATION, "hold": False, **shipment}
        kept["updatedAt"] = self.clock.astimezone(IST).isoformat(timespec="milliseconds")
        name = str(shipment["shipmentId"])
        before = self.shipments.get(name)
        self.shipments[name] = kept
        self.cancelled_by[name] = by
        self.notices.changed(before, kept, self.clock)

    def offer(self, sku: str, *, quantity: int = 0, rupees: float = 0, mrp: int = 0) -> None:
        """A listing of the seller's."""
        self.listings[sku] = {
            "listing_id": f"LST{sku}",
            "product_id": f"FSN{sku}",
            "product_title": f"{sku} of the house",
            "price": {"mrp": mrp or int(rupees), "selling_price": rupees, "currency": "INR"},
            "listing_status": "ACTIVE",
            "fulfillment_profile": "NON_FBF",
            "locations": [{"id": LOCATION, "status": "ENABLED", "inventory": quantity}],
        }

    def sell(self, sku: str, units: int) -> None:
        (place,) = cast("list[Json]", self.listings[sku]["locations"])
        place["inventory"] = cast("int", place["inventory"]) - units

    def shown(self, sku: str) -> tuple[int, int]:
        """Units on sale, and the price of one in paise."""
        (place,) = cast("list[Json]", self.listings[sku]["locations"])
        price = cast("dict[str, float]", self.listings[sku]["price"])
        return cast("int", place["inventory"]), round(price["selling_price"] * 100)

    def forget_tokens(self) -> None:
        """None of those given counts any more."""
        self.tokens.clear()

    def by_hand(self, what: str, said: Mapping[str, object]) -> object:
        """order {"lines": [{"sku": …, "quantity": …, "price": 199.0}]}: a shipment that may leave at once;
        change {"id": …, "hold": true} or {"id": …, "status": "SHIPPED"}; product {"sku": …, "quantity": …,
        "price": 199}; listens {"address": …}: notifications go there."""
        match what:
            case "order":
                name = self.next_name()
                self.take(_sold(name, self.clock, cast("list[Json]", said["lines"])))
                return {"id": name}
            case "change":
                shipment = self.shipments[str(said["id"])]
                if "status" in said:
                    shipment = _with_states(shipment, str(said["status"]))
                self.take({**shipment, "hold": bool(said.get("hold", shipment["hold"]))})
                return {"id": said["id"]}
            case "product":
                rupees = int(str(said.get("price", 199)))
                self.offer(str(said["sku"]), quantity=int(str(said.get("quantity", 10))), rupees=rupees)
                return {"id": said["sku"]}
            case "listens":
                self.notices.address = str(said["address"])
                return None
        raise KeyError(what)

    def next_name(self) -> str:
        return f"FMPP{10_000_000 + len(self.shipments)}"

    def operation(self, method: str, path: str) -> str:
        rest = path.removeprefix("/sellers")
        if path.endswith("/oauth/token"):
            return "token"
        if rest.endswith("/labels") and method == "GET":
            return "paper"
        if rest.startswith("/v3/shipments/") and method == "GET" and not rest.endswith("/filter"):
            return "details"
        if rest.startswith("/v3/shipments/"):
            return rest.removeprefix("/v3/shipments/")  # filter, labels, dispatch, cancel
        if rest == "/v3/shipments":
            return "find"
        if rest.startswith("/listings/v3/update/"):
            return rest.removeprefix("/listings/v3/update/")  # inventory, price
        return "search" if rest == "/listings/v3/search" else "listings"

    def error(self, status: int) -> object:
        wrong = {"severity": "ERROR", "code": status, "description": f"simulated {status}"}
        return {"status": "FAILURE", "errors": [wrong]}

    def respond(self, request: Request, *, url: str) -> Response:
        if request.operation == "token":
            return self._let_in(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Response(401, {"error": "invalid_token", "error_description": "Invalid access token"})
        body = cast("Json", request.body or {})
        match request.operation:
            case "filter":
                return self._filtered(request, body)
            case "labels":
                wished = cast("list[Json]", body["shipments"])
                return Response(200, {"shipments": [self._packed(str(one["shipmentId"])) for one in wished]})
            case "details" | "paper":
                return self._shown(request)
            case "find":
                self._go_on()
                wanted = request.query["shipmentIds"].split(",")
                return Response(
                    200, {"shipments": [self.shipments[one] for one in wanted if one in self.shipments]}
                )
            case "dispatch":
                names = cast("list[str]", body["shipmentIds"])
                return Response(200, {"shipments": [self._called(one) for one in names]})
            case "cancel":
                asked = cast("list[Json]", body["shipments"])
                return Response(200, {"shipments": [self._cancelled(one) for one in asked]})
        return self._of_listings(request, body)

    def _let_in(self, request: Request) -> Response:
        given = b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        is_asked_well = request.query.get("grant_type") == "client_credentials"
        if given != f"{APP}:{SECRET}" or not is_asked_well or request.query.get("scope") != "Seller_Api":
            return Response(401, {"error": "unauthorized", "error_description": "Bad client credentials"})
        self.tokens_given += 1
        token = f"flipkart-token-{self.tokens_given}"
        self.tokens.add(token)
        return Response(200, {"access_token": token, "token_type": "bearer", "expires_in": 5_184_000})

    def _filtered(self, request: Request, body: Json) -> Response:
        if "next_token" in request.query:
            kept = b64decode(request.query["next_token"]).decode().split("|")
            kind, who, hold, since, states, place, size = *kept[:5], int(kept[5]), int(kept[6])
        else:
            asked = cast("Json", body["filter"])
            kind, who = str(asked["type"]), str(asked.get("cancellationType", ""))
            hold = str(bool(asked.get("hold")))
            since = cast("dict[str, str]", asked["modifiedDate"])["from"]
            states = ",".join(cast("list[str]", asked["states"]))
            place, size = 0, cast("dict[str, int]", body["pagination"])["pageSize"]
        changed = [
            one
            for one in self.shipments.values()
            if self._stands(one) == (kind, who, hold)
            and _states(one) & set(states.split(","))
            and datetime.fromisoformat(str(one["updatedAt"])) >= datetime.fromisoformat(since)
        ]
        changed.sort(key=lambda one: (str(one["updatedAt"]), str(one["shipmentId"])))
        token = f"{kind}|{who}|{hold}|{since}|{states}|{place + size}|{size}"
        following = b64encode(token.encode()).decode()
        return Response(
            200,
            {
                "hasMore": len(changed) > place + size,
                "nextPageUrl": f"/v3/shipments/filter?next_token={following.replace('=', '%3D')}",
                "shipments": changed[place : place + size],
            },
        )

    def _stands(self, shipment: Json) -> tuple[str, str, str]:
        """Type, who cancelled it, and whether it is on hold: the list it is on."""
        states = _states(shipment)
        if states == {"CANCELLED"}:
            return "cancelled", self.cancelled_by[str(shipment["shipmentId"])], "False"
        is_here = bool((states - {"CANCELLED"}) & set(_PRE))
        return ("preDispatch", "", str(bool(shipment["hold"]))) if is_here else ("postDispatch", "", "False")

    def _packed(self, name: str) -> Json:
        shipment = self.shipments.get(name)
        if shipment is None:
            return _no(name, "INVALID_SHIPMENT", "no such shipment")
        if shipment["hold"] or _states(shipment) - {"CANCELLED"} != {"APPROVED"}:
            return _no(name, "SHIPMENT_NOT_PACKABLE", "on hold, or packed already")
        self.labels.append(name)
        self._making[name] = self.looks
        self.take(_with_states(shipment, "PACKING_IN_PROGRESS"))
        return {"shipmentId": name, "status": "SUCCESS", "errorCode": None, "errorMessage": None}

    def _go_on(self) -> None:
        """With the labels that are being made."""
        for name, left in list(self._making.items()):
            self._making[name] = left - 1
            if left <= 0:
                del self._making[name]
                self.take(_with_states(self.shipments[name], "PACKED"))

    def _shown(self, request: Request) -> Response:
        name = request.path.removeprefix("/sellers/v3/shipments/").split("/")[0]
        shipment = self.shipments.get(name)
        if shipment is None:
            return Response(404, {"errors": [{"code": 404, "description": "no such shipment"}]})
        if request.operation == "paper":
            return Response(200, f"%PDF-1.4 label of {name}".encode())
        courier = {"pickupDetails": {"trackingId": f"FMPC{name[-6:]}", "vendorName": "Ekart"}}
        return Response(200, {"shipments": [{**shipment, "courierDetails": courier}]})

    def _called(self, name: str) -> Json:
        shipment = self.shipments.get(name)
        if shipment is None:
            return _no(name, "INVALID_SHIPMENT", "no such shipment")
        states = _states(shipment) - {"CANCELLED"}
        if shipment["hold"]:
            return _no(name, "SHIPMENT_ON_HOLD", "the shipment is on hold")
        if states != {"PACKED"} and not (self.packs_itself and states == {"APPROVED"}):
            return _no(name, "SHIPMENT_NOT_PACKED", f"the shipment is {', '.join(sorted(states))}")
        self.called.append(name)
        self.take(_with_states(shipment, "READY_TO_DISPATCH"))
        return {"shipmentId": name, "status": "SUCCESS", "errorCode": None, "errorMessage": None}

    def _cancelled(self, asked: Json) -> Json:
        name = str(asked["shipmentId"])
        shipment = self.shipments.get(name)
        groups = cast("list[str]", asked["cancellationGroupIds"])
        if shipment is None:
            return _no(name, "INVALID_SHIPMENT", "no such shipment")
        if asked["reason"] not in _REASONS:
            return _no(name, "EMPTY_OR_INVALID_REASON_FOR_CANCELLATION", "no such reason")
        items = cast("list[Json]", shipment["orderItems"])
        live = [item for item in items if item["status"] != "CANCELLED"]
        mine = [item for item in live if item["cancellationGroupId"] in groups]
        if not mine or any(item["status"] != "APPROVED" for item in mine):
            return _no(name, "ITEMS_NOT_CANCELLABLE", "packed or cancelled already")
        gone = {"status": "CANCELLED", "cancellationReason": "seller_cancellation"}
        told = [{**item, **gone} if item in mine else item for item in items]
        self.take({**shipment, "orderItems": told}, by="sellerCancellation")
        return {"shipmentId": name, "status": "SUCCESS", "errorCode": None, "errorMessage": None}

    def _of_listings(self, request: Request, body: Json) -> Response:
        match request.operation:
            case "search":
                return self._searched(body)
            case "listings":
                names = request.path.removeprefix("/sellers/listings/v3/").split(",")
                found = {name: self.listings[name] for name in names if name in self.listings}
                lost = [name for name in names if name not in self.listings]
                return Response(200, {"available": found, "unavailable": [], "invalid": lost})
        if len(body) > _AT_ONCE:
            return Response(400, {"errors": [{"code": 1, "description": "more than 10 SKUs"}]})
        write = self._stocked if request.operation == "inventory" else self._priced
        return Response(200, {sku: write(sku, cast("Json", row)) for sku, row in body.items()})

    def _searched(self, body: Json) -> Response:
        """Three a page, so that there is more than one."""
        start, size = int(str(body.get("page_id") or "0")), 3
        names = sorted(self.listings)
        rows = [
            {"sku_id": n, "listing_id": f"LST{n}", "product_id": f"FSN{n}"}
            for n in names[start : start + size]
        ]
        has_more = start + size < len(names)
        return Response(
            200,
            {
                "listings": rows,
                "has_more": has_more,
                "next_page_id": str(start + size) if has_more else None,
            },
        )

    def _stocked(self, sku: str, row: Json) -> Json:
        if (wrong := self._wrong(sku, row)) is not None:
            return wrong
        (place,) = cast("list[Json]", row["locations"])
        if place["id"] != LOCATION or cast("int", place["inventory"]) < 0:
            return _bad("inventory cannot be that")
        self.listings[sku]["locations"] = [place]
        self.writes += 1
        return _good()

    def _priced(self, sku: str, row: Json) -> Json:
        if (wrong := self._wrong(sku, row)) is not None:
            return wrong
        price = cast("dict[str, int]", row["price"])
        if price["selling_price"] > price["mrp"]:
            return _bad("selling price is more than MRP")
        self.listings[sku]["price"] = price
        self.writes += 1
        return _good()

    def _wrong(self, sku: str, row: Json) -> Json | None:
        known = self.listings.get(sku)
        if known is None or known["product_id"] != row.get("product_id"):
            return _bad("no listing for this SKU and product")
        return None


def by_hand() -> Flipkart:
    """A seller of today, who has labels made by calls."""
    seller = Flipkart(packs_itself=False, is_live=True)
    for sku, quantity, rupees in (("KETTLE-1L", 12, 1499), ("MUG-STONE", 40, 299)):
        seller.offer(sku, quantity=quantity, rupees=rupees, mrp=rupees + 500)
    return seller


def _sold(name: str, at: datetime, lines: list[Json]) -> Json:
    """A prepaid shipment of these."""
    items = []
    for n, line in enumerate(lines, 1):
        quantity = int(str(line.get("quantity", 1)))
        price = float(str(line.get("price", 199))) * quantity
        items.append(
            {
                "orderItemId": f"{name[4:]}{n:02}",
                "orderId": f"OD{name[4:]}000",
                "cancellationGroupId": f"grp{name[4:]}{n:02}",
                "orderDate": at.astimezone(IST).isoformat(timespec="milliseconds"),
                "paymentType": "PREPAID",
                "status": "APPROVED",
                "quantity": quantity,
                "sku": str(line["sku"]),
                "title": str(line["sku"]),
                "priceComponents": {"sellingPrice": price, "totalPrice": price, "shippingCharge": 0.0},
                "serviceProfile": "NON_FBF",
                "is_replacement": False,
            }
        )
    inside = [{"subShipmentId": "SS-1", "packages": []}]
    return {"shipmentId": name, "shipmentType": "NORMAL", "subShipments": inside, "orderItems": items}


def _states(shipment: Json) -> set[str]:
    return {str(item["status"]) for item in cast("list[Json]", shipment["orderItems"])}


def _with_states(shipment: Json, state: str) -> Json:
    items = cast("list[Json]", shipment["orderItems"])
    told = [item if item["status"] == "CANCELLED" else {**item, "status": state} for item in items]
    return {**shipment, "orderItems": told}


def _no(name: str, code: str, because: str) -> Json:
    return {"shipmentId": name, "status": "FAILURE", "errorCode": code, "errorMessage": because}


def _good() -> Json:
    return {"status": "SUCCESS", "errors": [], "attribute_errors": []}


def _bad(because: str) -> Json:
    wrong = {"severity": "ERROR", "code": 1001, "description": because}
    return {"status": "FAILURE", "errors": [wrong], "attribute_errors": []}
