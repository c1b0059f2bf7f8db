"""WooCommerce: orders that are listed by their last change, changed, commented and paid back.

It behaves as the real one does where it matters: a field is found by its key when no id is given, a change
moves an order to the end of the list, a note with `customer_note` is a mail to the buyer, and the same note
again is a second mail. A refund of more than is left is a 500. Over http it wants a signature, each once.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast
from urllib.parse import quote, unquote

from quartermaster.testing.simulators.sending import Mail
from quartermaster.testing.simulators.server import Request, Response
from quartermaster.testing.simulators.woocommerce_goods import Goods
from quartermaster.testing.simulators.woocommerce_hooks import Webhooks
from quartermaster.testing.simulators.woocommerce_orders import sold

KEY, SECRET = "ck_simulated", "cs_simulated"
SETTINGS = {"webhook_secret": "simulated", "consumer_key": KEY, "consumer_secret": SECRET}
_API = "/wp-json/wc/v3"
_ROOT = f"{_API}/orders"
_SHOWN = "%Y-%m-%dT%H:%M:%S"

type Json = dict[str, object]


class WooCommerce:
    def __init__(self, currency: str = "EUR") -> None:
        self.currency = currency
        self.orders: dict[str, Json] = {}
        self.notes: dict[str, list[Json]] = {}
        self.refunds: dict[str, list[Json]] = {}
        self.mails: list[str] = []  # what buyers were mailed
        self.goods = Goods()
        self.hooks = Webhooks(self._now, self._next)
        self.restocks = False  # units of an order that is cancelled are for sale again
        self.restocked = 0  # units counted into its stock by refunds
        self.clock = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        self._last_id = 100
        self._nonces: set[str] = set()

    @property
    def paid(self) -> int:
        return len(self.mails)

    @property
    def mail(self) -> Mail:
        """What its webhooks send."""
        return self.hooks.mail

    def take(self, order: Mapping[str, object]) -> None:
        """An order is placed, or changed at the shop."""
        self.clock += timedelta(seconds=1)
        kept: Json = {"status": "processing", "meta_data": [], **order}
        kept["date_modified_gmt"] = self.clock.strftime(_SHOWN)
        if kept["status"] == "completed" and not kept.get("date_completed_gmt"):
            kept["date_completed_gmt"] = kept["date_modified_gmt"]
        before = self.orders.get(str(order["id"]), {}).get("status")
        if self.restocks and kept["status"] == "cancelled" and before in ("processing", "on-hold"):
            self.goods.count_in(cast("list[Json]", kept["line_items"]))
        event = "created" if before is None else "updated"
        self.orders[str(order["id"])] = kept
        self.hooks.tell("order", event, kept)

    def by_hand(self, what: str, said: Mapping[str, object]) -> object:
        """order {"lines": [{"sku": …, "quantity": …, "price": "9.90"}]}; change {"id": …, "status": …};
        product {"sku": …, "quantity": …, "price": …}; refund {"id": …, "amount": "1.00", "note": …};
        hooks: all it has."""
        match what:
            case "order":
                self._last_id += 1
                order = sold(self._last_id, self.clock, self.currency, cast("list[Json]", said["lines"]))
                self.take(order)
                return {"id": order["id"]}
            case "change":
                self.take({**self.orders[str(said["id"])], **said})
                return {"id": said["id"]}
            case "product":
                price = str(said.get("price", "9.90"))
                return {"id": self.goods.offer(str(said["sku"]), int(str(said.get("quantity", 10))), price)}
            case "refund":
                number, amount = str(said["id"]), {"amount": said["amount"], "reason": said.get("note", "")}
                asked: Json = {**amount, "api_refund": False, "api_restock": False}
                return {"is_done": self._refunded(self.orders[number], number, asked).status == 201}
            case "hooks":
                return list(self.hooks.kept.values())
        raise KeyError(what)

    def operation(self, method: str, path: str) -> str:
        if path.startswith(f"{_API}/products"):
            return "batch" if path.endswith("/batch") else "products"
        if path.startswith(f"{_API}/webhooks"):
            return "hooks" if method == "GET" else "hook"
        if path.startswith(f"{_API}/data"):
            return "currency"
        if path.endswith("/notes"):
            return "note" if method == "POST" else "notes"
        if path.endswith("/refunds"):
            return "refund" if method == "POST" else "refunds"
        return "list" if path == _ROOT else "update" if method == "PUT" else "find"

    def error(self, status: int) -> object:
        return {"code": f"simulated_{status}", "message": f"simulated {status}", "data": {"status": status}}

    def respond(self, request: Request, *, url: str) -> Response:
        if not self._is_signed(request, url):
            return Response(401, {"code": "woocommerce_rest_cannot_view", "message": "Sorry, no."})
        match request.operation:
            case "list":
                return Response(200, self._listed(request.query))
            case "batch" | "products":
                return self.goods.respond(request, request.path.removeprefix(f"{_API}/products"))
            case "hook" | "hooks":
                return self.hooks.respond(request, request.path.removeprefix(f"{_API}/webhooks").strip("/"))
            case "currency":
                return Response(200, {"code": self.currency, "name": self.currency})
        number = request.path.removeprefix(f"{_ROOT}/").split("/")[0]
        order = self.orders.get(number)
        if order is None:
            return Response(404, {"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID."})
        return self._about(order, number, request)

    def _about(self, order: Json, number: str, request: Request) -> Response:
        body = cast("Json", request.body or {})
        match request.operation:
            case "update":
                return Response(200, self._updated(order, body))
            case "note":
                return Response(201, self._noted(number, body))
            case "notes":
                return Response(200, self.notes.get(number, []))
            case "refund":
                return self._refunded(order, number, body)
            case "refunds":
                return Response(200, self.refunds.get(number, []))
        return Response(200, order)

    def _is_signed(self, request: Request, url: str) -> bool:
        """OAuth 1.0a, as RFC 5849 says; the same nonce again does not count."""
        kind, _, said = request.headers.get("authorization", "").partition(" ")
        told = dict(part.strip().split("=", 1) for part in said.split(",") if "=" in part)
        own = {name: unquote(value.strip('"')) for name, value in told.items()}
        signature, nonce = own.pop("oauth_signature", ""), own.get("oauth_nonce", "")
        if kind != "OAuth" or own.get("oauth_consumer_key") != KEY or nonce in self._nonces:
            return False
        self._nonces.add(nonce)
        pairs = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in {**request.query, **own}.items())
        joined = "&".join(f"{name}={value}" for name, value in pairs)
        parts = (request.method, quote(url + request.path, safe="~"), quote(joined, safe="~"))
        made = hmac.digest(f"{SECRET}&".encode(), "&".join(parts).encode(), hashlib.sha256)
        return hmac.compare_digest(b64encode(made).decode(), signature)

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

    def given_back(self, number: str) -> Decimal:
        return sum((Decimal(str(one["amount"])) for one in self.refunds.get(number, [])), Decimal(0))

    def _refunded(self, order: Json, number: str, body: Json) -> Response:
        amount, total = Decimal(str(body["amount"])), Decimal(str(order.get("total", "0")))
        if not 0 < amount <= total - self.given_back(number):
            wrong = {
                "code": "woocommerce_rest_cannot_create_order_refund",
                "message": "Invalid refund amount.",
            }
            return Response(500, {**wrong, "data": {"status": 500}})
        made: Json = {
            "id": self._next(),
            "amount": str(amount),
            "reason": body.get("reason", ""),
            "refunded_payment": bool(body.get("api_refund", True)),
            "line_items": body.get("line_items", []),
        }
        if body.get("api_restock", True):
            rows = cast("list[Json]", body.get("line_items", []))
            self.restocked += sum(int(str(row.get("quantity", 0))) for row in rows)
        self.refunds.setdefault(number, []).insert(0, made)
        told = [
            {"id": one["id"], "reason": one["reason"], "total": f"-{one['amount']}"}
            for one in self.refunds[number]
        ]
        is_all = self.given_back(number) == total
        self.take({**order, "refunds": told, **({"status": "refunded"} if is_all else {})})
        return Response(201, made)

    def _now(self) -> datetime:
        return self.clock

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id


def by_hand() -> WooCommerce:
    """A shop of today, with something in it."""
    shop = WooCommerce()
    shop.clock = datetime.now(UTC).replace(microsecond=0)
    for sku, quantity, price in (("KETTLE-1L", 12, "39.90"), ("MUG-STONE", 40, "9.90")):
        shop.goods.offer(sku, quantity, price)
    return shop
