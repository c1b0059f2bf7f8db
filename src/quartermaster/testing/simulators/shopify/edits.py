"""Edits of orders, and fields that are kept with them."""

import hashlib
from collections.abc import Callable
from typing import cast

from quartermaster.testing.simulators.shopify.back import Back
from quartermaster.testing.simulators.shopify.nodes import Json, gid, parts


class Edits(Back):
    """`fields` of orders; a draft of an edit changes nothing until it is committed."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.edited = 0
        self._drafts: dict[str, tuple[str, dict[str, int]]] = {}

    def of_edits(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "OrderToEdit": self._to_edit,
            "KeepWish": self._keep,
            "BeginEdit": self._begin,
            "SetLine": self._set_line,
            "CommitEdit": self._commit,
        }

    def _to_edit(self, asked: Json) -> Json:
        order = self.order_of(asked)
        if order is None:
            return {"order": None}
        lines = [
            {
                "id": gid("LineItem", one["id"]),
                "quantity": one["quantity"],
                "currentQuantity": one["current_quantity"],
                "unfulfilledQuantity": one["fulfillable_quantity"],
            }
            for one in parts(order, "line_items")
        ]
        value = self.fields.get(str(asked["id"]))
        field = None if value is None else {"value": value, "compareDigest": _digest(value)}
        cancelled = order.get("cancelled_at")
        told = {"id": asked["id"], "cancelledAt": cancelled, "lineItems": {"nodes": lines}}
        return {"order": told | {"metafield": field}}

    def _keep(self, asked: Json) -> Json:
        (field,) = parts(asked, "metafields")
        owner = str(field["ownerId"])
        before = self.fields.get(owner)
        if field["compareDigest"] != (None if before is None else _digest(before)):
            stale = {"code": "STALE_OBJECT", "field": ["metafields", "0"], "message": "It was changed"}
            return {"metafieldsSet": {"metafields": [], "userErrors": [stale]}}
        self.fields[owner] = str(field["value"])
        return {"metafieldsSet": {"metafields": [{"id": gid("Metafield", 1)}], "userErrors": []}}

    def _begin(self, asked: Json) -> Json:
        order = self.orders[str(asked["id"]).rpartition("/")[2]]
        draft = gid("CalculatedOrder", self.next_id())
        self._drafts[draft] = (str(order["id"]), {})
        lines = [
            {
                "id": gid("CalculatedLineItem", one["id"]),
                "quantity": one["current_quantity"],
                "editableQuantity": one["fulfillable_quantity"],
            }
            for one in parts(order, "line_items")
        ]
        calculated = {"id": draft, "lineItems": {"nodes": lines}}
        return {"orderEditBegin": {"calculatedOrder": calculated, "userErrors": []}}

    def _set_line(self, asked: Json) -> Json:
        _, wanted = self._drafts[str(asked["id"])]
        wanted[str(asked["line"]).rpartition("/")[2]] = int(str(asked["quantity"]))
        line = {"id": asked["line"], "quantity": asked["quantity"]}
        return {"orderEditSetQuantity": {"calculatedLineItem": line, "userErrors": []}}

    def _commit(self, asked: Json) -> Json:
        number, wanted = self._drafts.pop(str(asked["id"]))
        order = self.orders[number]
        if order.get("cancelled_at"):
            wrong = {"field": ["id"], "message": "A cancelled order cannot be edited"}
            return {"orderEditCommit": {"order": None, "userErrors": [wrong]}}
        lines = []
        for one in parts(order, "line_items"):
            units = wanted.get(str(one["id"]), cast("int", one["current_quantity"]))
            off = cast("int", one["current_quantity"]) - units
            sendable = cast("int", one["fulfillable_quantity"]) - off
            lines.append({**one, "current_quantity": units, "fulfillable_quantity": sendable})
        self.edited += 1
        self.take({**order, "line_items": lines})
        return {"orderEditCommit": {"order": {"id": gid("Order", number)}, "userErrors": []}}


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
