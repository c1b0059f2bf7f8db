"""Extensiv 3PL Warehouse Manager: a token, orders with packages, stock. One customer, one facility."""

import re
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from quartermaster.testing.simulators.server import Request, Response

RECEIVER = "http://api.3plCentral.com/rels/inventory/receiver"
RECEIVE_ITEM = "http://api.3plCentral.com/rels/inventory/receiveritem"
HERE = ZoneInfo("America/Los_Angeles")
TOKEN, SECRET = "extensiv-token", "extensiv-secret"
CARRIED = ("LAMP", "BULB")
ORDER, ITEM = "http://api.3plCentral.com/rels/orders/order", "http://api.3plCentral.com/rels/orders/item"
SETTINGS = {
    "client_id": "quartermaster",
    "client_secret": SECRET,
    "user_login_id": "7",
    "customer_id": "11",
    "facility_id": "3",
    "timezone": "America/Los_Angeles",
}


_RECEIVING = {
    ("POST", 2): "announce",
    ("GET", 2): "receivers",
    ("GET", 3): "receiver",
    ("PUT", 3): "amend",
}


class Extensiv:
    """Keeps orders by their number. `paid` counts those that are open or shipped."""

    def __init__(self, carries: tuple[str, ...] = CARRIED) -> None:
        self.carries = carries  # (): everything
        self.orders: dict[int, dict[str, object]] = {}
        self.receivers: dict[int, dict[str, object]] = {}
        self.stock = {"LAMP": 40, "BULB": 9}

    @property
    def paid(self) -> int:
        return len(self.orders)

    def operation(self, method: str, path: str) -> str:
        if path.endswith("/Token"):
            return "token"
        if path.endswith("/canceler"):
            return "cancel" if path.startswith("/orders") else "withdraw"
        if path.startswith("/inventory/receivers"):
            return _RECEIVING.get((method, path.count("/")), "receivers")
        if path.startswith("/inventory"):
            return "stock"
        return "send" if method == "POST" else "find" if path == "/orders" else "version"

    def error(self, status: int) -> object:
        return {"ErrorCode": "Simulated", "Hint": f"simulated {status}", "Properties": []}

    def respond(self, request: Request, *, url: str) -> Response:
        signed = request.headers.get("authorization", "")
        if request.operation == "token":
            told = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
            return Response(200, told) if signed.startswith("Basic ") else Response(401, self.error(401))
        if signed != f"Bearer {TOKEN}":
            return Response(401, self.error(401))
        match request.operation:
            case "send":
                return self._made(cast("dict[str, object]", request.body))
            case "find":
                return self._found(request.query.get("rql", ""))
            case "announce":
                return self._expected(cast("dict[str, object]", request.body))
            case "receiver" | "amend" | "withdraw":
                return self._receiver(request)
            case "receivers" if named := re.search(r"referenceNum==([A-Za-z0-9-]+)", _rql(request)):
                found = [r for r in self.receivers.values() if r["referenceNum"] == named[1]]
                return Response(200, {"totalResults": len(found), "_embedded": {RECEIVER: found}})
            case "receivers":
                since = _rql(request).partition("lastModifiedDate=ge=")[2]
                found = [r for r in self.receivers.values() if str(_read(r)["lastModifiedDate"]) >= since]
                return Response(200, {"totalResults": len(found), "_embedded": {RECEIVER: found}})
            case "stock":
                rows = [
                    {"itemIdentifier": {"sku": sku}, "facilityId": 3, "onHand": count, "available": count}
                    for sku, count in self.stock.items()
                ]
                return Response(200, {"totalResults": len(rows), "summaries": rows})
        order = self.orders.get(int(request.path.split("/")[2]))
        if order is None:
            return Response(404, self.error(404))
        if request.operation == "cancel":
            return self._cancelled(order, request)
        return Response(200, order)

    def _expected(self, body: dict[str, object], number: int | None = None) -> Response:
        """A receiver is made, or says something else from now on."""
        items = cast("list[dict[str, object]]", body["receiveItems"])
        skus = [str(cast("dict[str, object]", item["itemIdentifier"])["sku"]) for item in items]
        if unknown := [sku for sku in skus if self.carries and sku not in self.carries]:
            wrong = {"Name": "ReceiveItems", "ErrorCode": "DoesNotExist", "Hint": f"no item {unknown[0]}"}
            return Response(400, {"ErrorCode": "Invalid", "Hint": "", "Properties": [wrong]})
        made = number or 500 + len(self.receivers)
        read = {
            "receiverId": made,
            "receiverType": 0,
            "status": 0,
            "lastModifiedDate": datetime.now(HERE).strftime("%Y-%m-%dT%H:%M:%S"),
        }
        about = {name: body.get(name) for name in ("referenceNum", "poNum", "expectedDate", "notes")}
        held = [
            {**item, "readOnly": {"receiveItemId": n, "expectedQty": item["qty"]}, "onHold": False}
            for n, item in enumerate(items, 1)
        ]
        self.receivers[made] = {"readOnly": read, **about, "_embedded": {RECEIVE_ITEM: held}}
        return Response(200 if number else 201, self.receivers[made])

    def _receiver(self, request: Request) -> Response:
        number = int(request.path.split("/")[3])
        if number not in self.receivers:
            return Response(404, self.error(404))
        if request.operation == "receiver":
            return Response(200, self.receivers[number])
        if request.headers.get("if-match") != '"1"':
            return Response(412, self.error(412))
        if _read(self.receivers[number])["status"] != 0:
            return Response(409, self.error(409))
        if request.operation == "amend":
            return self._expected(cast("dict[str, object]", request.body), number)
        _read(self.receivers[number])["status"] = 2
        return Response(200, {})

    def _made(self, body: dict[str, object]) -> Response:
        items = cast("list[dict[str, object]]", body["orderItems"])
        skus = [str(cast("dict[str, object]", item["itemIdentifier"])["sku"]) for item in items]
        if unknown := [sku for sku in skus if self.carries and sku not in self.carries]:
            wrong = {"Name": "OrderItems", "ErrorCode": "NotFound", "Hint": f"no item {unknown[0]}"}
            return Response(400, {"ErrorCode": "Invalid", "Hint": "", "Properties": [wrong]})
        number = 1000 + len(self.orders)
        order = {
            "referenceNum": body["referenceNum"],
            "readOnly": {"orderId": number, "isClosed": False, "status": 0, "packages": []},
            "routingInfo": {"carrier": "UPS"},
            "_embedded": {
                ITEM: [{**item, "readOnly": {"orderItemId": n}} for n, item in enumerate(items, 1)]
            },
        }
        self.orders[number] = order
        return Response(201, order)

    def _found(self, rql: str) -> Response:
        asked = re.search(r"referenceNum=in=\((.*?)\)", rql)
        wanted = asked[1].split(",") if asked else []
        found = [order for order in self.orders.values() if order["referenceNum"] in wanted]
        return Response(200, {"totalResults": len(found), "_embedded": {ORDER: found}})

    def _cancelled(self, order: dict[str, object], request: Request) -> Response:
        if request.headers.get("if-match") != '"1"':
            return Response(412, self.error(412))
        read = cast("dict[str, object]", order["readOnly"])
        if read["packages"] or read["isClosed"]:
            return Response(409, self.error(409))
        read["isClosed"] = True
        return Response(200, {})

    def ship(self, reference: str, units: dict[str, int], is_last: bool) -> None:
        """Their people pack these units of an order, and close it when nothing more follows."""
        order = next(each for each in self.orders.values() if each["referenceNum"] == reference)
        read = cast("dict[str, object]", order["readOnly"])
        packages = cast("list[dict[str, object]]", read["packages"])
        items = cast("dict[str, list[dict[str, dict[str, object]]]]", order["_embedded"])[ITEM]
        contents = [
            {"orderItemId": item["readOnly"]["orderItemId"], "qty": units[str(item["itemIdentifier"]["sku"])]}
            for item in items
            if item["itemIdentifier"]["sku"] in units
        ]
        packages.append(
            {
                "packageId": len(packages) + 1,
                "trackingNumber": f"1Z{read['orderId']}{len(packages)}",
                "createDate": "2026-11-20T08:00:00",
                "packageContents": contents,
            }
        )
        if is_last:
            read |= {"isClosed": True, "processDate": "2026-11-20T08:10:00"}

    def receive(
        self, units: dict[str, int], *, expected: dict[str, int] | None = None, is_held: bool = False
    ) -> int:
        """Their people receive, and have not confirmed it yet. Returns its number."""
        number, at = 500 + len(self.receivers), datetime.now(HERE).strftime("%Y-%m-%dT%H:%M:%S")
        items = [
            {
                "readOnly": {"receiveItemId": n, "expectedQty": (expected or {}).get(sku)},
                "itemIdentifier": {"sku": sku},
                "qty": count,
                "onHold": is_held,
            }
            for n, (sku, count) in enumerate(units.items(), 1)
        ]
        read = {"receiverId": number, "receiverType": 0, "status": 0, "lastModifiedDate": at}
        about = {"referenceNum": f"PO-{number}", "arrivalDate": at}
        self.receivers[number] = {"readOnly": read, **about, "_embedded": {RECEIVE_ITEM: items}}
        return number

    def expected(self, reference: str) -> list[tuple[object, dict[str, int]]]:
        """Status and units of each receiver under this reference."""
        mine = [each for each in self.receivers.values() if each["referenceNum"] == reference]
        found: list[tuple[object, dict[str, int]]] = []
        for each in mine:
            rows = cast("dict[str, list[dict[str, object]]]", each["_embedded"])[RECEIVE_ITEM]
            units = {
                str(cast("dict[str, object]", row["itemIdentifier"])["sku"]): int(str(row["qty"]))
                for row in rows
            }
            found.append((_read(each)["status"], units))
        return found

    def confirm(self, number: int) -> None:
        _read(self.receivers[number])["status"] = 1


def _rql(request: Request) -> str:
    return str(request.query.get("rql", ""))


def _read(resource: dict[str, object]) -> dict[str, object]:
    return cast("dict[str, object]", resource["readOnly"])
