"""ShipEngine, and ShipStation's API v2: the same core, `version` "v1" or "v2".

Two invented carriers with two services each. A postcode that begins with 999 is nowhere; a parcel over 30 kg
is too heavy for one of them. The key begins with TEST_.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from quartermaster.testing.simulators.server import Request, Response
from quartermaster.testing.simulators.shipengine_dispatch import Dispatch, checked, response

KEY = "TEST_simulated-key"
CARRIERS = {"se-101": ("acme_post", "Acme Post"), "se-102": ("blue_air", "Blue Air")}
SERVICES = {  # carrier, title, minor units for the first and each further 100 g, days
    "acme_letter": ("se-101", "Letter", 110, 10, 1),
    "acme_parcel": ("se-101", "Parcel", 450, 10, 2),
    "blue_saver": ("se-102", "Saver", 620, 8, 2),
    "blue_express": ("se-102", "Express", 1190, 12, 1),
}
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ZPL = b"^XA^FO50,50^A0N,40^FDsimulated^FS^XZ"
_STEPS = (
    ("POST", r"/rates", "rates"),
    ("POST", r"/labels(/shipment/[^/]+)?", "buy"),
    ("GET", r"/shipments/external_shipment_id/[^/]+", "find"),
    ("GET", r"/labels", "find"),
    ("GET", r"/labels/[^/]+", "read"),
    ("PUT", r"/labels/[^/]+/void", "void"),
    ("GET", r"/downloads/.+", "paper"),
    ("GET", r"/manifests", "find_manifest"),
    ("POST", r"/manifests", "manifest"),
    ("GET", r"/pickups(/[^/]+)?", "find_pickup"),
    ("POST", r"/pickups", "pickup"),
    ("DELETE", r"/pickups/[^/]+", "cancel"),
    ("POST", r"/addresses/validate", "address"),
)


class ShipEngine:
    def __init__(self, version: str = "v1") -> None:
        self.version = version
        self.shipments: dict[str, dict[str, object]] = {}  # by our external id
        self.labels: dict[str, dict[str, object]] = {}  # by label id
        self.dispatch = Dispatch(version, self.labels)

    @property
    def paid(self) -> int:
        return sum(not label["voided"] for label in self.labels.values())

    def operation(self, method: str, path: str) -> str:
        for of_method, pattern, name in _STEPS:
            if method == of_method and re.fullmatch(f"/{self.version}{pattern}", path):
                return name
        return "unknown"

    def error(self, status: int) -> object:
        code = {401: "unauthorized", 429: "rate_limit_exceeded"}.get(status, "unspecified")
        return self._errors(code, f"simulated {status}")

    def respond(self, request: Request, *, url: str) -> Response:
        if not request.headers.get("api-key", "").startswith("TEST_"):
            return Response(401, self._errors("unauthorized", "The API key is invalid."))
        path = request.path.removeprefix(f"/{self.version}")
        body = cast("dict[str, object]", request.body or {})
        match request.operation:
            case "rates":
                return self._rates(body)
            case "buy" if path == "/labels":
                return self._buy(cast("dict[str, object]", body["shipment"]), body, url)
            case "buy":
                return self._buy_kept(path.rsplit("/", 1)[1], body, url)
            case "find" if path == "/labels":
                mine = [x for x in self.labels.values() if x["shipment_id"] == request.query["shipment_id"]]
                return Response(200, {"labels": mine, "total": len(mine), "page": 1, "pages": 1})
            case "find":
                found = self.shipments.get(path.rsplit("/", 1)[1])
                return Response(200, found) if found else self._missing()
            case "read":
                label = self.labels.get(path.rsplit("/", 1)[1])
                return Response(200, label) if label else self._missing()
            case "void":
                return self._void(path.split("/")[2])
            case "address":
                return Response(
                    200, [checked(each) for each in cast("list[dict[str, object]]", request.body)]
                )
            case "paper":
                return Response(200, ZPL if path.endswith(".zpl") else PAPER)
        return self._dispatched(request, path, url)

    def _dispatched(self, request: Request, path: str, url: str) -> Response:
        desk, named = self.dispatch, path.rsplit("/", 1)[1]
        match request.operation:
            case "find_manifest":
                found = desk.with_label(request.query["label_ids"])
                return Response(200, {"manifests": found, "total": len(found), "page": 1, "pages": 1})
            case "manifest" | "pickup":
                body = cast("dict[str, object]", request.body)
                label_ids = cast("list[str]", body["label_ids"])
                if wrong := desk.wrong_with(label_ids):
                    return Response(400, self._errors("invalid_identifier", wrong, "label_ids"))
                made = desk.manifest(label_ids, url) if request.operation == "manifest" else desk.book(body)
                return Response(200, made)
            case "find_pickup" if path == "/pickups":
                return Response(200, {"pickups": list(desk.pickups.values()), "page": 1, "pages": 1})
            case "find_pickup":
                return response(desk.pickups.get(named), self._missing())
            case "cancel":
                return response(desk.cancel(named), self._missing())
        return self._missing()

    def _rates(self, body: Mapping[str, object]) -> Response:
        shipment = cast("dict[str, object]", body["shipment"])
        options = cast("dict[str, object]", body["rate_options"])
        wanted = cast("list[str]", options["carrier_ids"])
        currency = str(options.get("preferred_currency", "usd"))
        if wrong := _nowhere(shipment):
            return Response(400, self._errors("invalid_address", wrong, "shipment.ship_to.postal_code"))
        rates = [_rate(code, shipment, currency) for code, (of, *_) in SERVICES.items() if of in wanted]
        return Response(
            200,
            {
                "shipment_id": "se-1",
                "rate_response": {
                    "rates": [rate for rate in rates if not rate["error_messages"]],
                    "invalid_rates": [rate for rate in rates if rate["error_messages"]],
                    "status": "completed",
                    "errors": [],
                },
            },
        )

    def _buy(self, shipment: dict[str, object], options: Mapping[str, object], url: str) -> Response:
        if wrong := _nowhere(shipment):
            return Response(400, self._errors("invalid_address", wrong, "shipment.ship_to.postal_code"))
        external = str(shipment.get("external_shipment_id") or f"none-{len(self.shipments)}")
        if external in self.shipments:
            return Response(400, self._errors("identifier_conflict", f"{external} is used already."))
        if SERVICES.get(str(shipment["service_code"]), ("",))[0] != shipment["carrier_id"]:
            return Response(400, self._errors("invalid_field_value", "There is no such service."))
        kept = {**shipment, "shipment_id": f"se-{1000 + len(self.shipments)}", "shipment_status": "pending"}
        self.shipments[external] = kept
        return self._made(kept, options, url)

    def _buy_kept(self, shipment_id: str, options: Mapping[str, object], url: str) -> Response:
        kept = [each for each in self.shipments.values() if each["shipment_id"] == shipment_id]
        return self._made(kept[0], options, url) if kept else self._missing()

    def _made(self, shipment: Mapping[str, object], options: Mapping[str, object], url: str) -> Response:
        number = len(self.labels) + 1
        service = str(shipment["service_code"])
        rate = _rate(service, shipment, "usd")
        ending = str(options.get("label_format", "pdf"))
        link = f"{url}/{self.version}/downloads/1/simulated/label-{number}.{ending}"
        label: dict[str, object] = {
            "label_id": f"se-{5000 + number}",
            "status": "completed",
            "shipment_id": shipment["shipment_id"],
            "external_shipment_id": shipment["external_shipment_id"],
            "created_at": f"2026-11-23T10:00:00.{number:06d}Z",
            "shipment_cost": rate["shipping_amount"],
            "insurance_cost": {"currency": "usd", "amount": 0.0},
            "tracking_number": f"SE{number:010d}",
            "carrier_id": shipment["carrier_id"],
            "carrier_code": rate["carrier_code"],
            "service_code": service,
            "voided": False,
            "is_return_label": options.get("is_return_label", False),
            "label_format": ending,
            "label_download": {ending: link, "href": link},
        }
        self.labels[str(label["label_id"])] = label
        return Response(200, label)

    def _void(self, label_id: str) -> Response:
        label = self.labels.get(label_id)
        if label is None:
            return self._missing()
        if label["voided"]:
            return Response(200, {"approved": False, "message": "It was voided before."})
        label.update(voided=True, status="voided")
        return Response(200, {"approved": True, "message": "Voided."})

    def _missing(self) -> Response:
        return Response(404, self._errors("invalid_identifier", "There is no such thing."))

    def _errors(self, code: str, message: str, field: str = "") -> dict[str, object]:
        error = {
            "error_source": "shipengine",
            "error_type": "validation",
            "error_code": code,
            "message": message,
        }
        return {
            "request_id": "00000000-0000-0000-0000-000000000000",
            "errors": [error | {"message": message} | ({"field_name": field} if field else {})],
        }


def _nowhere(shipment: Mapping[str, object]) -> str:
    to = cast("dict[str, str]", shipment["ship_to"])
    postcode = to.get("postal_code", "")
    return f"The postcode {postcode} does not exist." if postcode.startswith("999") else ""


def _rate(code: str, shipment: Mapping[str, object], currency: str) -> dict[str, object]:
    carrier_id, title, first, further, days = SERVICES[code]
    packages = cast("list[dict[str, dict[str, float]]]", shipment["packages"])
    grams = packages[0]["weight"]["value"]
    nothing = {"currency": currency, "amount": 0}
    leaves = datetime.fromisoformat(str(shipment["ship_date"]))
    too_heavy = carrier_id == "se-101" and grams > 30_000
    return {
        "rate_id": f"se-{sum(code.encode()) * 100_000 + int(grams)}",
        "rate_type": "shipment",
        "carrier_id": carrier_id,
        "shipping_amount": {"currency": currency, "amount": (first + further * int(grams // 100)) / 100},
        "insurance_amount": nothing,
        "confirmation_amount": nothing,
        "other_amount": nothing,
        "zone": None,
        "package_type": "package",
        "delivery_days": days,
        "guaranteed_service": False,
        "estimated_delivery_date": (leaves + timedelta(days=days)).isoformat(),
        "ship_date": leaves.isoformat(),
        "negotiated_rate": False,
        "service_type": title,
        "service_code": code,
        "trackable": True,
        "carrier_code": CARRIERS[carrier_id][0],
        "carrier_nickname": CARRIERS[carrier_id][1],
        "carrier_friendly_name": CARRIERS[carrier_id][1],
        "validation_status": "invalid" if too_heavy else "valid",
        "warning_messages": [],
        "error_messages": ["weighs more than 30 kg"] if too_heavy else [],
    }
