"""Shippo: shipments answer with rates, a rate is bought by a transaction, a transaction is refunded.

One carrier with two services. A postcode that begins with 999 is nowhere.
"""

from collections.abc import Mapping
from typing import cast

from quartermaster.testing.simulators.server import Request, Response

TOKEN = "shippo_test_simulated"
SERVICES = {"acme_ground": ("Ground", 480, 9, 4), "acme_priority": ("Priority", 890, 11, 2)}
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_STEPS = {
    ("POST", "shipments"): "rates",
    ("POST", "transactions"): "buy",
    ("GET", "transactions"): "find",
    ("POST", "refunds"): "void",
    ("GET", "labels"): "paper",
    ("GET", "manifests"): "find_manifest",
    ("POST", "manifests"): "manifest",
    ("GET", "rates"): "read",
    ("POST", "addresses"): "address",
}


class Shippo:
    def __init__(self) -> None:
        self.rates: dict[str, dict[str, object]] = {}
        self.transactions: dict[str, dict[str, object]] = {}
        self.manifests: list[dict[str, object]] = []
        self.left_out: set[str] = set()  # transactions that are silently left off manifests

    @property
    def paid(self) -> int:
        return sum(each["status"] == "SUCCESS" for each in self.transactions.values())

    def operation(self, method: str, path: str) -> str:
        return _STEPS.get((method, path.split("/")[1]), "unknown")

    def error(self, status: int) -> object:
        if status == 200:
            return {"status": "ERROR", "messages": [{"source": "Acme", "code": "", "text": "simulated"}]}
        return {"detail": f"simulated {status}"}

    def respond(self, request: Request, *, url: str) -> Response:
        if not request.headers.get("authorization", "").startswith("ShippoToken shippo_test_"):
            return Response(401, {"detail": "Token does not exist"})
        body = cast("dict[str, object]", request.body or {})
        match request.operation:
            case "rates":
                return self._shipment(body)
            case "buy":
                return self._transaction(body, url)
            case "find" if request.path.count("/") > 1:
                known = self.transactions.get(request.path.rsplit("/", 1)[1])
                return Response(200, known) if known else Response(404, {"detail": "Not found"})
            case "find":
                rate = request.query.get("rate")
                mine = [each for each in self.transactions.values() if each["rate"] == rate]
                return Response(200, {"next": None, "previous": None, "results": mine})
            case "void":
                return self._refund(body)
            case "read":
                rate_of = self.rates.get(request.path.rsplit("/", 1)[1])
                return Response(200, rate_of) if rate_of else Response(404, {"detail": "Not found"})
            case "find_manifest":
                return Response(200, {"next": None, "previous": None, "results": self.manifests})
            case "manifest":
                return self._manifest(body, url)
            case "address":
                return Response(201, _checked(body))
            case "paper":
                return Response(200, b"^XA^XZ" if request.path.endswith(".zpl") else PAPER)
        return Response(404, {"detail": "Not found"})

    def _shipment(self, body: Mapping[str, object]) -> Response:
        to = cast("dict[str, str]", body["address_to"])
        parcel = cast("list[dict[str, str]]", body["parcels"])[0]
        wanted = cast("list[str]", body.get("carrier_accounts", ["acc-1"]))
        if to.get("zip", "").startswith("999") or "acc-1" not in wanted:
            said = {"source": "Acme", "code": "", "text": "The address does not exist."}
            return Response(201, {"object_id": "s", "status": "SUCCESS", "rates": [], "messages": [said]})
        rates = [self._rate(token, int(parcel["weight"])) for token in SERVICES]
        return Response(201, {"object_id": "s", "status": "SUCCESS", "rates": rates, "messages": []})

    def _rate(self, token: str, grams: int) -> dict[str, object]:
        title, first, further, days = SERVICES[token]
        amount = f"{(first + further * (grams // 100)) / 100:.2f}"
        rate: dict[str, object] = {
            "object_id": f"rate{len(self.rates) + 1:08d}",
            "amount": amount,
            "currency": "USD",
            "amount_local": amount,
            "currency_local": "EUR",
            "provider": "Acme Post",
            "carrier_account": "acc-1",
            "servicelevel": {"name": title, "token": token},
            "estimated_days": days,
            "messages": [],
        }
        self.rates[str(rate["object_id"])] = rate
        return rate

    def _transaction(self, body: Mapping[str, object], url: str) -> Response:
        if body["rate"] not in self.rates:
            return Response(400, {"rate": ["Rate does not exist."]})
        number = len(self.transactions) + 1
        ending = "zpl" if body.get("label_file_type") == "ZPLII" else "pdf"
        made: dict[str, object] = {
            "object_id": f"tran{number:08d}",
            "object_created": f"2026-11-23T10:00:00.{number:06d}Z",
            "status": "SUCCESS",
            "rate": body["rate"],
            "metadata": body.get("metadata", ""),
            "tracking_number": f"SH{number:010d}",
            "label_file_type": body.get("label_file_type", "PDF"),
            "label_url": f"{url}/labels/{number}.{ending}",
            "messages": [],
        }
        self.transactions[str(made["object_id"])] = made
        return Response(201, made)

    def _manifest(self, body: Mapping[str, object], url: str) -> Response:
        names = cast("list[str]", body["transactions"])
        if body["carrier_account"] != "acc-1" or not all(each in self.transactions for each in names):
            return Response(400, {"transactions": ["Transaction does not exist."]})
        live = [each for each in names if self.transactions[each]["status"] == "SUCCESS"]
        made: dict[str, object] = {
            "object_id": f"manifest{len(self.manifests) + 1:08d}",
            "status": "SUCCESS" if live else "ERROR",
            "carrier_account": body["carrier_account"],
            "transactions": [each for each in live if each not in self.left_out],
            "documents": [f"{url}/labels/manifest-{len(self.manifests) + 1}.pdf"],
            "errors": [] if live else ["No valid transactions."],
        }
        self.manifests.append(made)
        return Response(201, made)

    def _refund(self, body: Mapping[str, object]) -> Response:
        made = self.transactions.get(str(body["transaction"]))
        if made is None or made["status"] != "SUCCESS":
            return Response(400, {"__all__": ["Refund with this transaction exists already."]})
        made["status"] = "REFUNDPENDING"
        refund = {
            "object_id": f"r-{made['object_id']}",
            "status": "PENDING",
            "transaction": made["object_id"],
        }
        return Response(201, refund)


def _checked(body: Mapping[str, object]) -> dict[str, object]:
    """A postcode that begins with 999 is nowhere, 997 is written otherwise."""
    postcode = str(body.get("zip", ""))
    is_valid, is_other = not postcode.startswith("999"), postcode.startswith("997")
    said = "Address not found." if not is_valid else "The postcode was corrected." if is_other else ""
    messages = [{"source": "Shippo", "code": "verification", "text": said}] if said else []
    return {
        **body,
        "object_id": "address1",
        "zip": postcode.replace("997", "101", 1) if is_other else postcode,
        "validation_results": {"is_valid": is_valid, "messages": messages},
    }
