"""Magento: orders and the documents that are made of them, products, and stock in sources.

It behaves as the real one does where it matters: the same request again makes a second document and mails the
buyer again, a page behind the last one is the last one, dates are in UTC and do not say so, a refund without
units is one of everything, and errors have places to be filled.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from quartermaster.testing.simulators.magento_edits import edited, readdress
from quartermaster.testing.simulators.magento_goods import Goods
from quartermaster.testing.simulators.magento_money import cents, take_off, worth
from quartermaster.testing.simulators.magento_orders import sold
from quartermaster.testing.simulators.magento_queue import Queue
from quartermaster.testing.simulators.magento_search import searched
from quartermaster.testing.simulators.server import Request, Response

TOKEN = "magento_simulated"
SETTINGS = {"access_token": TOKEN}
GATEWAY = "braintree"
_SHOWN = "%Y-%m-%d %H:%M:%S"
_ROOT = re.compile(r"/rest/(?:[a-z_]+/)?(async/bulk/)?V1")
_ROUTES = (
    ("GET", r"/orders", "list"),
    ("GET", r"/orders/(\d+)", "find"),
    ("POST", r"/orders/(\d+)/comments", "comment"),
    ("POST", r"/orders/(\d+)/cancel", "cancel"),
    ("POST", r"/order/(\d+)/ship", "ship"),
    ("POST", r"/order/(\d+)/refund", "refund"),
    ("POST", r"/invoice/(\d+)/refund", "refund_online"),
    ("GET", r"/shipments", "shipments"),
    ("GET", r"/creditmemos", "creditmemos"),
    ("GET", r"/invoices", "invoices"),
    ("GET", r"/products", "products"),
    ("PUT", r"/products/([^/]+)", "product"),
    ("GET", r"/inventory/source-items", "source_items"),
    ("POST", r"/inventory/source-items", "stock"),
    ("GET", r"/inventory/export-stock-salable-qty/website/base", "salable"),
    ("POST", r"/products/base-prices", "prices"),
    ("POST", r"/products/base-prices-information", "prices_told"),
    ("POST", r"/products/special-price", "special"),
    ("POST", r"/products/special-price-delete", "special_off"),
    ("GET", r"/store/storeConfigs", "stores"),
    ("POST", r"/products/base-prices", "queue"),
    ("GET", r"/bulk", "queued"),
    ("GET", r"/bulk/([^/]+)/detailed-status", "queue_told"),
)
_GOODS = (
    *("products", "product", "source_items", "stock", "salable", "prices", "prices_told", "stores"),
    *("special", "special_off"),
)
_NO_ENTITY = {"message": "The entity that was requested doesn't exist. Verify the entity and try again."}
_NOT_ALLOWED = "The order does not allow a shipment to be created."

type Json = dict[str, object]


class Magento:
    def __init__(self) -> None:
        self.orders: dict[str, Json] = {}
        self.documents: dict[str, list[Json]] = {"shipments": [], "creditmemos": [], "invoices": []}
        self.goods = Goods()
        self.queue = Queue(self.goods.priced)
        self.mails: list[str] = []  # what buyers were mailed
        self.restocked = 0
        self.sent_back = 0  # cents, through the gateway
        self.clock = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        self._last_id = 100

    @property
    def paid(self) -> int:
        return len(self.mails)

    def take(self, order: Mapping[str, object]) -> None:
        """An order is placed, or changed at the shop."""
        self.clock += timedelta(seconds=1)
        number = str(order["entity_id"])
        kept: Json = {"state": "processing", "status": "processing", "status_histories": [], **order}
        name = order["increment_id"] if order.get("edit_increment") else f"{int(number):09}"
        kept |= {"increment_id": name, "updated_at": self.clock.strftime(_SHOWN)}
        kept.setdefault("created_at", kept["updated_at"])
        self.orders[number] = kept

    def invoice(self, number: str, *, gateway: str = GATEWAY) -> None:
        """An order is paid, all of it."""
        order = self.orders[number]
        for row in rows_of(order):
            row["qty_invoiced"] = row["qty_ordered"]
            row["base_row_invoiced"] = row.get("base_row_total", 0)
            row["base_tax_invoiced"] = row.get("base_tax_amount", 0)
        order["base_total_paid"] = order["base_grand_total"]
        items = [{"order_item_id": row["item_id"], "qty": row["qty_ordered"]} for row in rows_of(order)]
        told = {"state": 2, "transaction_id": f"txn-{number}" if gateway == GATEWAY else None}
        self._made("invoices", order, base_grand_total=order["base_grand_total"], items=items, **told)
        self.take(order)

    def by_hand(self, what: str, said: Mapping[str, object]) -> object:
        """order {"lines": [{"sku": …, "quantity": …, "price": 9.9}], "is_paid": true}: else it is authorised;
        change {"id": …, "state": …}; product {"sku": …, "quantity": …, "price": …}; refund {"id": …,
        "amount": "1.00", "note": …}: money alone. In its admin: say {"id": …, "comment": …}, readdress {"id":
        …, "street": …}, edit {"id": …}: another order takes its place."""
        match what:
            case "order":
                number = self._next()
                lines = cast("list[Json]", said["lines"])
                self.take(sold(number, "EUR", lines))
                for row in rows_of(self.orders[str(number)]):
                    self.goods.reserve(str(row["sku"]), int(str(row["qty_ordered"])))
                if said.get("is_paid", True):
                    self.invoice(str(number))
                return {"id": number}
            case "say":
                history = {"comment": str(said["comment"]), "is_customer_notified": 0}
                self._commented(self.orders[str(said["id"])], {"statusHistory": history})
                return {"id": said["id"]}
            case "readdress":
                readdress(self.orders[str(said["id"])], str(said["street"]))
                return {"id": said["id"]}
            case "edit":
                return {"id": self._edited(self.orders[str(said["id"])])}
            case "change":
                told = {name: value for name, value in said.items() if name != "id"}
                self.take({**self.orders[str(said["id"])], **told})
                return {"id": said["id"]}
            case "refund":
                order = self.orders[str(said["id"])]
                none = [{"order_item_id": row["item_id"], "qty": 0} for row in rows_of(order)[:1]]
                money = {"shipping_amount": 0, "adjustment_positive": float(str(said["amount"]))}
                note = {"comment": str(said.get("note", "")), "is_visible_on_front": 0}
                asked: Json = {"items": none, "arguments": money, "comment": note}
                return {"is_done": self._refunded(order, asked).status == 200}
            case "product":
                quantity, price = int(str(said.get("quantity", 10))), float(str(said.get("price", 9.9)))
                return {"id": self.goods.offer(str(said["sku"]), quantity, price)["id"]}
        raise KeyError(what)

    def operation(self, method: str, path: str) -> str:
        return self._route(method, path)[0]

    def error(self, status: int) -> object:
        if status == 401:
            resources = {"resources": "Magento_Sales::actions_view"}
            return {"message": "The consumer isn't authorized to access %resources.", "parameters": resources}
        return {"message": "Internal Error. Details are available in Magento log file. Report ID: %1"}

    def respond(self, request: Request, *, url: str) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(401, self.error(401))
        operation, number = self._route(request.method, request.path)
        if operation.startswith("queue"):
            return self._queued(operation, number, request)
        body = cast("Json", request.body or {})
        if operation in _GOODS:
            return self.goods.respond(operation, request.query, body)
        if operation == "list":
            return Response(200, searched(self.orders.values(), request.query))
        if operation in self.documents:
            return Response(200, searched(self.documents[operation], request.query))
        if operation == "refund_online":
            return self._refunded_online(number, body)
        order = self.orders.get(number)
        if order is None:
            return Response(404, _NO_ENTITY)
        acts = {
            "ship": self._shipped,
            "comment": self._commented,
            "cancel": self._cancelled,
            "refund": self._refunded,
        }
        return acts[operation](order, body) if operation in acts else Response(200, order)

    def _route(self, method: str, path: str) -> tuple[str, str]:
        root = _ROOT.match(path)
        is_queued = root is not None and root[1] is not None
        asked = _ROOT.sub("", path, count=1)
        for verb, pattern, operation in _ROUTES:
            if verb != method or is_queued != (operation == "queue"):
                continue
            if match := re.fullmatch(pattern, asked):
                return operation, match[1] if match.groups() else ""
        return "unknown", ""

    def _queued(self, operation: str, name: str, request: Request) -> Response:
        match operation:
            case "queue":
                return self.queue.taken(cast("list[Json]", request.body))
            case "queued":
                return self.queue.found(request.query)
        return self.queue.told(name)

    def _shipped(self, order: Json, body: Json) -> Response:
        rows = {str(row["item_id"]): row for row in rows_of(order)}
        asked = {
            str(each["order_item_id"]): int(str(each["qty"])) for each in cast("list[Json]", body["items"])
        }
        wrong = [_NOT_ALLOWED] if order["state"] not in ("new", "processing") else []
        wrong += [
            f'The quantity to ship must not be greater than the unshipped quantity for item "{row}".'
            for row, count in asked.items()
            if row not in rows or count > open_units(rows[row])
        ]
        if not any(asked.values()):
            wrong.append("You can't create a shipment without products.")
        if wrong:
            because = "\n".join(["Shipment Document Validation Error(s):", *wrong])
            return Response(400, {"message": because})
        for row, count in asked.items():
            rows[row]["qty_shipped"] = int(str(rows[row].get("qty_shipped", 0))) + count
            self.goods.leave(str(rows[row]["sku"]), count, _source(body))
        made = self._made(
            "shipments",
            order,
            items=body["items"],
            tracks=body.get("tracks", []),
            comments=[body["comment"]] if "comment" in body else [],
        )
        if body.get("notify"):
            self.mails.append(f"shipment {made['entity_id']}")
        if not any(open_units(row) for row in rows.values()) and order.get("base_total_paid"):
            order |= {"state": "complete", "status": "complete"}
        self.take(order)
        return Response(200, str(made["entity_id"]))

    def _commented(self, order: Json, body: Json) -> Response:
        history = cast("Json", body["statusHistory"])
        cast("list[Json]", order["status_histories"]).append({"entity_id": self._next(), **history})
        if history.get("is_customer_notified"):
            self.mails.append(str(history["comment"]))
        self.take(order)
        return Response(200, True)

    def _cancelled(self, order: Json, body: Json) -> Response:
        """What was invoiced, sent, or is on hold cannot be cancelled: that is no error, it is false."""
        if order["state"] not in ("new", "pending_payment", "processing") or order.get("base_total_paid"):
            return Response(200, False)
        for row in rows_of(order):
            count = open_units(row)
            row["qty_canceled"] = count
            self.goods.reserve(str(row["sku"]), -count)
        order |= {"state": "canceled", "status": "canceled"}
        self.take(order)
        return Response(200, True)

    def _edited(self, order: Json) -> str:
        """Its id, "" where it cannot be edited: it was invoiced, sent in part, or is over. The new one is
        placed first, then the old one cancelled."""
        is_touched = any(open_units(row) != row["qty_ordered"] for row in rows_of(order))
        if is_touched or order.get("base_total_paid") or order["state"] not in ("new", "processing"):
            return ""
        made = edited(order, self._next())
        self.take(made)
        for row in rows_of(made):
            self.goods.reserve(str(row["sku"]), int(str(row["qty_ordered"])))
        order |= {"relation_child_id": made["entity_id"], "relation_child_real_id": made["increment_id"]}
        self._cancelled(order, {})
        return str(made["entity_id"])

    def _refunded_online(self, invoice: str, body: Json) -> Response:
        found = [one for one in self.documents["invoices"] if str(one["entity_id"]) == invoice]
        if not found:
            return Response(404, _NO_ENTITY)
        before = len(self.documents["creditmemos"])
        answer = self._refunded(self.orders[str(found[0]["order_id"])], body, invoice_id=int(invoice))
        if body.get("isOnline") and len(self.documents["creditmemos"]) > before:
            self.sent_back += cents(self.documents["creditmemos"][-1]["base_grand_total"])
        return answer

    def _refunded(self, order: Json, body: Json, invoice_id: int | None = None) -> Response:
        found = worth(order, rows_of(order), body)
        left = cents(order.get("base_total_paid")) - cents(order.get("base_total_refunded"))
        if found.total > left:
            found.wrong.append(f"The most money available to refund is {left / 100}.")
        if found.wrong:
            because = "\n".join(["Creditmemo Document Validation Error(s):", *found.wrong])
            return Response(400, {"message": because})
        for row in rows_of(order):
            for item in found.items:
                if item["order_item_id"] == row["item_id"]:
                    take_off(row, item)
        extension = cast("Json", cast("Json", body.get("arguments", {})).get("extension_attributes", {}))
        self.restocked += len(cast("list[int]", extension.get("return_to_stock_items", [])))
        order["base_total_refunded"] = (cents(order.get("base_total_refunded")) + found.total) / 100
        order["base_shipping_refunded"] = (cents(order.get("base_shipping_refunded")) + found.shipping) / 100
        made = self._made(
            "creditmemos",
            order,
            state=2,
            base_grand_total=found.total / 100,
            base_shipping_amount=found.shipping / 100,
            invoice_id=invoice_id,
            items=found.items,
            comments=[body["comment"]] if "comment" in body else [],
        )
        if body.get("notify"):
            self.mails.append(f"credit memo {made['entity_id']}")
        if found.total == left:
            order |= {"state": "closed", "status": "closed"}
        self.take(order)
        return Response(200, str(made["entity_id"]))

    def _made(self, kind: str, order: Json, **told: object) -> Json:
        document: Json = {
            "entity_id": self._next(),
            "order_id": order["entity_id"],
            "created_at": self.clock.strftime(_SHOWN),
            **told,
        }
        self.documents[kind].append(document)
        return document

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id


def rows_of(order: Json) -> Sequence[Json]:
    return cast("list[Json]", order.get("items", []))


def open_units(row: Json) -> int:
    """Units of a row that can still be sent."""
    ordered, cancelled, shipped, refunded = (
        int(str(row.get(name) or 0))
        for name in ("qty_ordered", "qty_canceled", "qty_shipped", "qty_refunded")
    )
    return ordered - cancelled - max(shipped, refunded)


def _source(body: Json) -> str:
    arguments = cast("Json", body.get("arguments", {}))
    return str(cast("Json", arguments.get("extension_attributes", {})).get("source_code", "default"))


def by_hand() -> Magento:
    """A shop of today, with something in it."""
    shop = Magento()
    shop.clock = datetime.now(UTC).replace(microsecond=0)
    for sku, quantity, price in (("KETTLE-1L", 12, 39.9), ("MUG-STONE", 40, 9.9)):
        shop.goods.offer(sku, quantity, price)
    return shop
