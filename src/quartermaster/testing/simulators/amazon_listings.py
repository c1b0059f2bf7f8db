"""Amazon's listings: searched by the moment they were made, and patched one by one.

A patch that is accepted is done a while later (`lag`, then `settle`); a question ends after a thousand of
them.
"""

from bisect import bisect_left
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import cast

from quartermaster.testing.simulators.server import Request, Response

SELLER, MARKETPLACE, CURRENCY = "A1SIMULATED", "A1PA6795UKMFR9", "EUR"
WINDOW, PAGE = 1000, 20
_ROOT = f"/listings/2021-08-01/items/{SELLER}"
_STOCK, _PRICE = "/attributes/fulfillment_availability", "/attributes/purchasable_offer"
_TITLE, _WEIGHT = "/attributes/item_name", "/attributes/item_package_weight"
TITLE_MAX = 200

type Json = dict[str, object]


def operation(method: str, path: str) -> str:
    if not path.startswith(_ROOT):
        return "unknown"
    return "listings" if path == _ROOT else "patch" if method == "PATCH" else "listing"


def no(status: int, code: str, message: str) -> Response:
    return Response(status, {"errors": [{"code": code, "message": message, "details": ""}]})


class Listings:
    """`lag`: what is accepted waits for `settle`."""

    def __init__(self) -> None:
        self.items: dict[str, Json] = {}
        self.writes = 0
        self.lag = False
        self.window = WINDOW
        self.page = PAGE
        self._waiting: list[tuple[str, str, list[Json]]] = []
        self._made = datetime(2026, 1, 1, tzinfo=UTC)
        self._aged: list[Json] = []

    def offer(self, sku: str, quantity: int, price: str, **told: object) -> str:
        """Put something up for sale. `channel`: DEFAULT, or one of Amazon's own."""
        self._made += timedelta(seconds=1)
        self._aged = []
        channel = str(told.get("channel", "DEFAULT"))
        summary = {
            "marketplaceId": MARKETPLACE,
            "asin": f"B0{len(self.items):08}",
            "productType": "LAMP",
            "itemName": str(told.get("title", sku.capitalize())),
            "status": ["BUYABLE", "DISCOVERABLE"],
            "createdDate": str(told.get("created", f"{self._made:%Y-%m-%dT%H:%M:%SZ}")),
            "lastUpdatedDate": f"{self._made:%Y-%m-%dT%H:%M:%SZ}",
        }
        money = {"amount": price, "currencyCode": CURRENCY}
        self.items[sku] = {
            "sku": sku,
            "summaries": [summary],
            "attributes": {
                "item_name": [
                    {"value": summary["itemName"], "language_tag": "de_DE", "marketplace_id": MARKETPLACE}
                ]
            },
            "offers": [{"marketplaceId": MARKETPLACE, "offerType": "B2C", "price": money}],
            "fulfillmentAvailability": [{"fulfillmentChannelCode": channel, "quantity": quantity}],
        }
        return sku

    def count(self, sku: str) -> Json:
        return cast("list[Json]", self.items[sku]["fulfillmentAvailability"])[0]

    def price(self, sku: str) -> Json:
        return cast("Json", cast("list[Json]", self.items[sku]["offers"])[0]["price"])

    def reduced_from(self, sku: str) -> float | None:
        """What a buyer is shown it cost before."""
        offers = cast("list[Json]", cast("Json", self.items[sku]["attributes"]).get("purchasable_offer", []))
        for offer in offers:
            if offer.get("discounted_price"):
                schedule = cast("list[Json]", cast("list[Json]", offer["our_price"])[0]["schedule"])
                return float(str(schedule[0]["value_with_tax"]))
        return None

    def settle(self) -> None:
        """What was accepted becomes so."""
        for sku, path, values in self._waiting:
            value = values[0]
            if path in (_TITLE, _WEIGHT):
                cast("Json", self.items[sku]["attributes"])[path.rpartition("/")[2]] = values
                if path == _TITLE:
                    cast("list[Json]", self.items[sku]["summaries"])[0]["itemName"] = value["value"]
            elif path == _STOCK:
                self.count(sku)["quantity"] = value["quantity"]
            else:
                self._offer(sku, value)
        self._waiting.clear()

    def _offer(self, sku: str, value: Json) -> None:
        """What a buyer pays is the discounted price while there is one."""
        attributes = cast("Json", self.items[sku]["attributes"])
        before = cast("list[Json]", attributes.get("purchasable_offer", [{}]))
        offer = {name: each for name, each in value.items() if name != "op"}
        if value["op"] == "merge":
            offer = before[0] | offer
        attributes["purchasable_offer"] = [offer, *before[1:]]
        paid = offer.get("discounted_price") or offer["our_price"]
        schedule = cast("list[Json]", cast("list[Json]", paid)[0]["schedule"])
        self.price(sku)["amount"] = str(schedule[0]["value_with_tax"])

    def respond(self, request: Request) -> Response:
        if request.query.get("marketplaceIds") != MARKETPLACE:
            return no(400, "InvalidInput", "marketplaceIds is none of yours")
        if request.operation == "listings":
            return self._searched(request.query)
        sku = request.path.removeprefix(f"{_ROOT}/")
        if request.operation == "patch":
            return self.patched(sku, cast("Json", request.body))
        if request.operation != "listing":
            return no(404, "NotFound", "no such path")
        item = self.items.get(sku)
        return (
            Response(200, _shown(item, request.query))
            if item
            else no(404, "NotFound", f"SKU {sku} not found")
        )

    def _searched(self, query: Mapping[str, str]) -> Response:
        size = int(query.get("pageSize", "10"))
        if size > self.page or len(query.get("identifiers", "").split(",")) > self.page:
            return no(400, "InvalidInput", f"{self.page} is the most")
        if "identifiers" in query:
            names = dict.fromkeys(query["identifiers"].split(","))
            items = sorted((self.items[name] for name in names if name in self.items), key=_made)
        else:
            items = self._by_age()
        items = items[bisect_left(items, query.get("createdAfter", ""), key=_created) :]
        start = int(query.get("pageToken", "from-0").removeprefix("from-"))
        answer: Json = {"numberOfResults": len(items)}
        page = items[: self.window][start : start + size]
        if start + size < min(len(items), self.window):
            answer["pagination"] = {"nextToken": f"from-{start + size}"}
        return Response(200, answer | {"items": [_shown(one, query) for one in page]})

    def _by_age(self) -> list[Json]:
        """Kept, for of very many each page is asked for."""
        if len(self._aged) != len(self.items):
            self._aged = sorted(self.items.values(), key=_made)
        return self._aged

    def patched(self, sku: str, body: Json) -> Response:
        wrong = "" if sku in self.items else f"SKU {sku} is not in the catalog"
        changes: list[tuple[str, str, list[Json]]] = []
        for patch in cast("list[Json]", body["patches"]):
            values, path = cast("list[Json]", patch["value"]), str(patch["path"])
            wrong = wrong or _wrong(str(patch["op"]), path, values[0])
            changes.append((sku, path, [{**values[0], "op": patch["op"]}] if path == _PRICE else values))
        told: Json = {"sku": sku, "submissionId": f"s-{self.writes + 1}"}
        if wrong:
            issue = {"code": "90220", "message": wrong, "severity": "ERROR"}
            return Response(200, told | {"status": "INVALID", "issues": [issue]})
        self.writes += 1
        self._waiting += changes
        if not self.lag:
            self.settle()
        return Response(200, told | {"status": "ACCEPTED", "issues": []})


def _wrong(op: str, path: str, value: Json) -> str:
    if path in (_TITLE, _WEIGHT) and op == "replace":
        return _wrong_attribute(path, value)
    if op != "merge" and (op, path) != ("replace", _PRICE):
        return f"this simulator merges, and does not {op} {path}"
    if path == _STOCK:
        quantity = value.get("quantity")
        is_count = isinstance(quantity, int) and quantity >= 0
        return "" if is_count and value.get("fulfillment_channel_code") == "DEFAULT" else "no quantity"
    if path == _PRICE:
        is_here = (value.get("marketplace_id"), value.get("currency")) == (MARKETPLACE, CURRENCY)
        return "" if is_here and value.get("our_price") else "no price of this marketplace"
    return f"{path} is no attribute this simulator knows"


def _wrong_attribute(path: str, value: Json) -> str:
    if value.get("marketplace_id") != MARKETPLACE:
        return "no value of this marketplace"
    if path == _WEIGHT:
        return "" if value.get("unit") == "grams" and value.get("value") else "no weight"
    if not value.get("language_tag"):
        return "no language"
    is_short = len(str(value["value"])) <= TITLE_MAX
    return "" if is_short else f"'item_name' has more characters than the maximum of {TITLE_MAX}."


def _created(item: Json) -> str:
    return str(cast("list[Json]", item["summaries"])[0]["createdDate"])


def _made(item: Json) -> tuple[str, str]:
    return _created(item), str(item["sku"])


def _shown(item: Json, query: Mapping[str, str]) -> Json:
    included = query.get("includedData", "summaries").split(",")
    return {key: deepcopy(value) for key, value in item.items() if key == "sku" or key in included}
