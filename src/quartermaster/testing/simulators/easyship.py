"""Easyship: rates, shipments with a label, cancellation.

One courier with two services. A postcode that begins with 999 is nowhere; one that begins with 998 gets its
label later than its answer.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import cast

from quartermaster.testing.simulators.server import Request, Response

TOKEN = "sand_simulated"
SERVICES = {"svc-1": ("Acme - Economy", 520, 9, 5), "svc-2": ("Acme - Express", 990, 12, 2)}
PAPER = b64encode(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n").decode()
ZPL = b64encode(b"^XA^XZ").decode()


class Easyship:
    def __init__(self) -> None:
        self.shipments: dict[str, dict[str, object]] = {}

    @property
    def paid(self) -> int:
        return sum(each["shipment_state"] == "created" for each in self.shipments.values())

    def operation(self, method: str, path: str) -> str:
        match (method, path.rsplit("/", 1)[-1]):
            case ("POST", "rates"):
                return "rates"
            case ("POST", "shipments"):
                return "buy"
            case ("GET", "shipments"):
                return "find"
            case ("POST", "cancel"):
                return "void"
            case ("GET", named) if named.startswith("ES"):
                return "read"
        return "unknown"

    def error(self, status: int) -> object:
        return {"error": {"code": "simulated", "message": f"simulated {status}", "details": []}}

    def respond(self, request: Request, *, url: str) -> Response:
        if not request.headers.get("authorization", "").startswith("Bearer sand_"):
            return Response(401, self.error(401))
        body = cast("dict[str, object]", request.body or {})
        match request.operation:
            case "rates":
                return self._rates(body)
            case "buy":
                return self._buy(body)
            case "find":
                number = request.query.get("platform_order_number", "")
                mine = [each for each in self.shipments.values() if _number(each) == number]
                return Response(200, {"shipments": mine, "meta": {}})
            case "read":
                known = self.shipments.get(request.path.rsplit("/", 1)[1])
                return Response(200, {"shipment": known}) if known else Response(404, self.error(404))
            case "void":
                return self._cancel(request.path.split("/")[-2])
        return Response(404, self.error(404))

    def _rates(self, body: Mapping[str, object]) -> Response:
        if wrong := _nowhere(body):
            return Response(422, {"error": {"code": "invalid_content", "message": wrong, "details": []}})
        settings = cast("dict[str, object]", body["shipping_settings"])
        parcels = cast("list[dict[str, float]]", body["parcels"])
        kilograms = parcels[0]["total_actual_weight"]
        rates = [
            {
                "courier_service": {"id": ref, "name": name, "umbrella_name": "Acme"},
                "currency": settings.get("output_currency", "USD"),
                "total_charge": (first + further * int(kilograms * 10)) / 100,
                "min_delivery_time": 1,
                "max_delivery_time": days,
                "warning_message": None,
            }
            for ref, (name, first, further, days) in SERVICES.items()
        ]
        return Response(200, {"rates": rates, "meta": {}})

    def _buy(self, body: Mapping[str, object]) -> Response:
        courier = cast("dict[str, str]", body["courier_settings"])
        settings = cast("dict[str, dict[str, str]]", body["shipping_settings"])
        if wrong := _nowhere(body) or (
            "" if courier["courier_service_id"] in SERVICES else "No such service."
        ):
            return Response(422, {"error": {"code": "invalid_content", "message": wrong, "details": []}})
        number = len(self.shipments) + 1
        is_zpl = settings["printing_options"]["format"] == "zpl"
        made: dict[str, object] = {
            "easyship_shipment_id": f"ES{number:08d}",
            "created_at": f"2026-11-23T10:00:00.{number:06d}Z",
            "order_data": body["order_data"],
            "shipment_state": "created",
            "label_state": "generated",
            "trackings": [{"leg_number": 1, "tracking_number": f"EY{number:010d}"}],
            "shipping_documents": [
                {
                    "category": "label",
                    "format": "zpl" if is_zpl else "pdf",
                    "base64_encoded_strings": [ZPL if is_zpl else PAPER],
                }
            ],
        }
        self.shipments[str(made["easyship_shipment_id"])] = made
        to = cast("dict[str, str]", body["destination_address"])
        is_late = to.get("postal_code", "").startswith("998")
        answer = made | {"label_state": "pending", "trackings": []} if is_late else made
        return Response(201, {"shipment": answer, "meta": {}})

    def _cancel(self, shipment_id: str) -> Response:
        made = self.shipments.get(shipment_id)
        if made is None:
            return Response(404, self.error(404))
        if made["shipment_state"] == "cancelled":
            return Response(422, self.error(422))
        made.update(shipment_state="cancelled", label_state="voided")
        return Response(200, {"success": {"message": "Cancelled."}})


def _number(shipment: Mapping[str, object]) -> str:
    return cast("dict[str, str]", shipment["order_data"])["platform_order_number"]


def _nowhere(body: Mapping[str, object]) -> str:
    to = cast("dict[str, str]", body["destination_address"])
    postcode = to.get("postal_code", "")
    return f"The postcode {postcode} does not exist." if postcode.startswith("999") else ""
