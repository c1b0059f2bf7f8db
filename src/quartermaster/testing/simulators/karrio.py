"""Karrio: rates, drafts that are bought once, manifests and pickups, of one carrier connection.

A postcode that begins with 999 is nowhere; to one that begins with 998 the carrier breaks off.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import cast

from quartermaster.testing.simulators.server import Request, Response

KEY = "key_simulated"
CONNECTION = "acme-berlin"
SERVICES = {"acme_ground": ("ACME GROUND", 470, 9, 4), "acme_express": ("ACME EXPRESS", 910, 12, 1)}
PAPER = b64encode(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n").decode()
ZPL = b64encode(b"^XA^XZ").decode()
_LAST = {
    ("POST", "rates"): "rates",
    ("POST", "shipments"): "draft",
    ("GET", "shipments"): "find",
    ("POST", "purchase"): "buy",
    ("POST", "label"): "paper",
    ("GET", "manifests"): "find_manifest",
    ("POST", "manifests"): "manifest",
    ("POST", "document"): "paper",
    ("GET", "pickups"): "find_pickup",
    ("POST", "pickups"): "pickup",
}
type Kept = dict[str, dict[str, object]]


class Karrio:
    """`left_out`: identifiers that are silently left off manifests."""

    def __init__(self) -> None:
        self.shipments: Kept = {}
        self.manifests: Kept = {}
        self.pickups: Kept = {}
        self.left_out: set[str] = set()

    @property
    def paid(self) -> int:
        return sum(each["status"] == "created" for each in self.shipments.values())

    def operation(self, method: str, path: str) -> str:
        steps = path.strip("/").split("/")
        if steps[-1] == "cancel":
            return "cancel" if "pickups" in steps else "void"
        return _LAST.get((method, steps[-1]), "read" if method == "GET" else "unknown")

    def error(self, status: int) -> object:
        return {"errors": [{"code": "simulated", "message": f"simulated {status}"}]}

    def respond(self, request: Request, *, url: str) -> Response:
        if request.headers.get("authorization") != f"Token {KEY}":
            return Response(401, self.error(401))
        body = cast("dict[str, object]", request.body or {})
        name = request.path.strip("/").split("/")[2:3]
        match request.operation:
            case "rates":
                return self._rates(body, "".join(name))
            case "draft":
                return self._draft(body)
            case "find":
                return Response(200, _page(self._found(request.query)))
            case "buy" | "void" | "paper" | "read" | "cancel":
                return self._of_one(request, name[0], body)
            case "find_manifest":
                return Response(200, _page([*reversed(self.manifests.values())]))
            case "manifest":
                return self._manifest(body)
            case "find_pickup":
                said = request.query.get("metadata_value")
                mine = [each for each in self.pickups.values() if said in _marks(each)]
                return Response(200, _page(mine))
            case "pickup":
                return self._pickup(body)
        return Response(404, self.error(404))

    def _of_one(self, request: Request, name: str, body: Mapping[str, object]) -> Response:
        kept = (self.shipments | self.manifests | self.pickups).get(name)
        if kept is None:
            return Response(404, self.error(404))
        match request.operation:
            case "buy":
                return self._buy(kept, body)
            case "void" | "cancel" if kept["status"] == "cancelled":
                return Response(202 if request.operation == "void" else 409, kept)
            case "void" | "cancel":
                kept["status"] = "cancelled"
            case "paper":
                return Response(200, _paper(kept))
        return Response(200, kept)

    def _rates(self, body: Mapping[str, object], name: str) -> Response:
        kept = self.shipments.get(name)
        if wrong := _nowhere(kept or body):
            said = {"carrier_name": "acme", "carrier_id": CONNECTION, "code": "A1", "message": wrong}
            return Response(424, {"messages": [said]})
        if kept is not None:
            kept["rates"] = _rated(kept)
            return Response(200, kept)
        return Response(200, {"rates": _rated(body), "messages": []})

    def _draft(self, body: Mapping[str, object]) -> Response:
        number = len(self.shipments) + 1
        made: dict[str, object] = {
            **body,
            "id": f"shp_{number:08d}",
            "created_at": f"2026-11-23T10:00:00.{number:06d}Z",
            "status": "draft",
            "tracking_number": None,
            "rates": _rated(body),
            "messages": [],
        }
        self.shipments[str(made["id"])] = made
        return Response(201, made)

    def _buy(self, kept: dict[str, object], body: Mapping[str, object]) -> Response:
        if kept["status"] != "draft":
            return Response(409, self.error(409))
        rates = cast("list[dict[str, object]]", kept["rates"])
        rate = next((each for each in rates if each["id"] == body["selected_rate_id"]), None)
        if rate is None:
            return Response(400, {"errors": [{"code": "validation", "message": "no such rate"}]})
        if _postcode(kept).startswith("998"):
            said = {"carrier_name": "acme", "code": "SHIPPING_SDK_INTERNAL_ERROR", "message": "timed out"}
            return Response(424, {"messages": [said]})
        number = str(kept["id"]).removeprefix("shp_")
        kept.update(
            status="created",
            selected_rate=rate,
            tracking_number=f"KA{number}DE",
            shipment_identifier=f"acme-{number}",
            label_type=body["label_type"],
        )
        return Response(200, {**kept, "shipping_documents": [_paper(kept)]})

    def _found(self, query: Mapping[str, str]) -> list[dict[str, object]]:
        """Newest first; a reference is looked for anywhere in it."""
        newest = reversed(self.shipments.values())
        if names := query.get("id"):
            return [each for each in newest if each["id"] in names.split(",")]
        return [each for each in newest if query["reference"] in str(each.get("reference"))]

    def _manifest(self, body: Mapping[str, object]) -> Response:
        on_others = {
            name for m in self.manifests.values() for name in cast("list[str]", m["shipment_identifiers"])
        }
        mine = [self.shipments.get(name) for name in cast("list[str]", body["shipment_ids"])]
        live = [str(each["shipment_identifier"]) for each in mine if each and each["status"] == "created"]
        listed = [name for name in live if name not in on_others | self.left_out]
        if not listed or body["carrier_name"] != "acme":
            return Response(400, {"errors": [{"code": "invalid", "message": "no such shipments"}]})
        made: dict[str, object] = {
            "id": f"manf_{len(self.manifests) + 1:08d}",
            "carrier_name": "acme",
            "reference": body.get("reference"),
            "shipment_identifiers": listed,
            "status": "created",
        }
        self.manifests[str(made["id"])] = made
        return Response(201, made)

    def _pickup(self, body: Mapping[str, object]) -> Response:
        known = {each["tracking_number"] for each in self.shipments.values()}
        numbers = set(cast("list[str]", body["tracking_numbers"]))
        booked = {
            number
            for each in self.pickups.values()
            if each["status"] != "cancelled"
            for number in cast("list[str]", each["tracking_numbers"])
        }
        options = cast("dict[str, str]", body["options"])
        if not numbers <= known or numbers & booked or options["connection_id"] != CONNECTION:
            return Response(400, {"errors": [{"code": "invalid", "message": "not to be picked up"}]})
        number = len(self.pickups) + 1
        told = {"confirmation_number": f"PU{number:05d}", "status": "scheduled"}
        made = {**body, "id": f"pck_{number:08d}", **told}
        self.pickups[str(made["id"])] = made
        return Response(201, made)


def _rated(body: Mapping[str, object]) -> list[dict[str, object]]:
    wanted = cast("list[str]", body.get("services") or list(SERVICES))
    if CONNECTION not in cast("list[str]", body.get("carrier_ids") or [CONNECTION]):
        return []
    kilograms = cast("list[dict[str, float]]", body["parcels"])[0]["weight"]
    return [
        {
            "id": f"rat_{service}",
            "carrier_name": "acme",
            "carrier_id": CONNECTION,
            "service": service,
            "currency": "EUR",
            "total_charge": (first + further * int(kilograms * 10)) / 100,
            "transit_days": days,
            "meta": {"service_name": title},
            "test_mode": True,
        }
        for service, (title, first, further, days) in SERVICES.items()
        if service in wanted
    ]


def _paper(kept: Mapping[str, object]) -> dict[str, object]:
    is_zpl = kept.get("label_type") == "ZPL"
    return {"category": "label", "format": "ZPL" if is_zpl else "PDF", "base64": ZPL if is_zpl else PAPER}


def _page(results: list[dict[str, object]]) -> dict[str, object]:
    return {"count": len(results), "next": None, "previous": None, "results": results[:100]}


def _postcode(body: Mapping[str, object]) -> str:
    return cast("dict[str, str]", body["recipient"]).get("postal_code", "")


def _marks(pickup: Mapping[str, object]) -> list[str]:
    return list(cast("dict[str, str]", pickup["metadata"]).values())


def _nowhere(body: Mapping[str, object]) -> str:
    return f"{_postcode(body)} does not exist." if _postcode(body).startswith("999") else ""
