"""WooCommerce: orders that are listed by their last change, changed, and commented.

It behaves as the real one does where it matters: a field is found by its key when no id is given, a change
moves an order to the end of the list, a note with `customer_note` is a mail to the buyer, and the same note
again is a second mail.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from quartermaster.testing.simulators.server import Request, Response

KEY, SECRET = "ck_simulated", "cs_simulated"
SETTINGS = {"webhook_secret": "simulated", "consumer_key": KEY, "consumer_secret": SECRET}
_ROOT = "/wp-json/wc/v3/orders"
_PROOF = b64encode(f"{KEY}:{SECRET}".encode()).decode()
_SHOWN = "%Y-%m-%dT%H:%M:%S"

type Json = dict[str, object]


class WooCommerce:
    def __init__(self) -> None:
        self.orders: dict[str, Json] = {}
        self.notes: dict[str, list[Json]] = {}
        self.mails: list[str] = []  # what buyers were mailed
        self.clock = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        self._last_id = 100

    @property
    def paid(self) -> int:
        return len(self.mails)

    def take(self, order: Mapping[str, object]) -> None:
        """An order is placed, or changed at the shop."""
        self.clock += timedelta(seconds=1)
        kept: Json = {"status": "processing", "meta_data": [], **order}
        kept["date_modified_gmt"] = self.clock.strftime(_SHOWN)
        self.orders[str(order["id"])] = kept

    def operation(self, method: str, path: str) -> str:
        if path.endswith("/notes"):
            return "note" if method == "POST" else "notes"
        return "list" if path == _ROOT else "update" if method == "PUT" else "find"

    def error(self, status: int) -> object:
        return {"code": f"simulated_{status}", "message": f"simulated {status}", "data": {"status": status}}

    def respond(self, request: Request, *, url: str) -> Response:
        if request.headers.get("authorization") != f"Basic {_PROOF}":
            return Response(401, {"code": "woocommerce_rest_cannot_view", "message": "Sorry, no."})
        if request.operation == "list":
            return Response(200, self._listed(request.query))
        number = request.path.removeprefix(f"{_ROOT}/").split("/")[0]
        order = self.orders.get(number)
        if order is None:
            return Response(404, {"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID."})
        body = cast("Json", request.body or {})
        match request.operation:
            case "update":
                return Response(200, self._updated(order, body))
            case "note":
                return Response(201, self._noted(number, body))
            case "notes":
                return Response(200, self.notes.get(number, []))
        return Response(200, order)

    def _listed(self, query: Mapping[str, str]) -> list[Json]:
        after, page = query["modified_after"], int(query.get("page", "1"))
        size = int(query.get("per_page", "10"))
        changed = [one for one in self.orders.values() if str(one["date_modified_gmt"]) > after]
        changed.sort(key=lambda one: (str(one["date_modified_gmt"]), int(str(one["id"]))))
        return changed[(page - 1) * size : page * size]

    def _updated(self, order: Json, body: Json) -> Json:
        fields = {str(one["key"]): one for one in cast("list[Json]", order["meta_data"])}
        for told in cast("list[Json]", body.get("meta_data", [])):
            fields[str(told["key"])] = {"id": self._next(), **fields.get(str(told["key"]), {}), **told}
        self.take({**order, **body, "meta_data": list(fields.values())})
        return self.orders[str(order["id"])]

    def _noted(self, number: str, body: Json) -> Json:
        note: Json = {"id": self._next(), **body}
        self.notes.setdefault(number, []).insert(0, note)
        if body.get("customer_note"):
            self.mails.append(str(body["note"]))
        return note

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id
