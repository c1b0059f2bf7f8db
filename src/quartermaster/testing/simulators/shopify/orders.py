"""Orders, and what is sent of them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from quartermaster.testing.simulators.shopify.hooks import Subscriptions
from quartermaster.testing.simulators.shopify.nodes import (
    Json,
    gid,
    line_node,
    moment,
    order_node,
    page,
    parts,
)

_SHOWN = "%Y-%m-%dT%H:%M:%SZ"
_HERE = gid("Location", 1)


class Orders(Subscriptions):
    """`take` places an order or changes it. Its clock moves with every change."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, Json] = {}
        self.locations: dict[str, str] = {}  # line -> location, the shop's own where it is not said
        self.held: set[str] = set()  # orders of which nothing may be sent now
        self.mails: list[str] = []  # what buyers were mailed
        self.clock = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        self.lag = timedelta()
        self._last_id = 900

    def now(self) -> str:
        return self.clock.strftime(_SHOWN)

    def take(self, order: Mapping[str, object], *, also: str = "") -> None:
        """An order is placed, or changed at the shop: its subscribers hear of it. `also`: a topic of its own
        for what was done to it."""
        self.clock += timedelta(seconds=1)
        topic = "orders/updated" if str(order["id"]) in self.orders else "orders/create"
        kept = self.orders[str(order["id"])] = {**order, "updated_at": self.now()}
        for one in (also, topic):
            if one:
                self.tell(one, kept)

    def sell(self, *quantities: int) -> tuple[str, tuple[str, ...]]:
        """A paid order with a line for each quantity, EUR 10.00 a unit: its id, and those of its lines."""
        number = 7_000_000 + len(self.orders)
        lines = [
            {
                "id": number * 10 + n,
                "sku": ("LAMP", "BULB")[n % 2],
                "title": "Thing",
                "name": "Thing",
                "quantity": quantity,
                "current_quantity": quantity,
                "fulfillable_quantity": quantity,
                "price": "10.00",
                "variant_id": 800 + n,
                "product_id": 700 + n,
                "requires_shipping": True,
            }
            for n, quantity in enumerate(quantities, 1)
        ]
        total = f"{sum(quantities) * 10}.00"
        order = {
            "id": number,
            "name": f"#{number}",
            "order_number": number,
            "created_at": self.now(),
            "currency": "EUR",
            "total_price": total,
            "current_total_price": total,
            "total_outstanding": "0.00",
            "financial_status": "paid",
            "payment_gateway_names": ["shopify_payments"],
            "line_items": lines,
        }
        self.take(order)
        return str(number), tuple(str(line["id"]) for line in lines)

    def ship(self, order: str) -> None:
        """All of it left, by somebody else's hand."""
        lines = {str(line["id"]): line for line in parts(self.orders[order], "line_items")}
        units = {key: int(str(line["fulfillable_quantity"])) for key, line in lines.items()}
        self._sent(self.orders[order], lines, units, {})

    def of_orders(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "ChangedOrders": self._changed,
            "TheseOrders": self._these_orders,
            "MoreLines": self._more_lines,
            "OrderToShip": self._to_ship,
            "CreateFulfillment": self._fulfill,
        }

    def order_of(self, variables: Json) -> Json | None:
        return self.orders.get(str(variables["id"]).rpartition("/")[2])

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _changed(self, asked: Json) -> Json:
        """By their last change, behind the mark of the last one seen. A list is behind by `lag`."""
        since, size = str(asked["query"]).partition(":>=")[2].strip("'"), int(str(asked["first"]))
        until = (self.clock - self.lag).strftime(_SHOWN)
        rows = sorted((str(moment(one["updated_at"])), key) for key, one in self.orders.items())
        rows = [row for row in rows if since <= row[0] <= until and "~".join(row) > str(asked["after"] or "")]
        shown = [self._shown(self.orders[key]) for _, key in rows[:size]]
        end = "~".join(rows[:size][-1]) if shown else None
        return {"orders": page(shown, has_next=len(rows) > size, end=end)}

    def _shown(self, order: Json) -> Json:
        lines = parts(order, "line_items")
        first = [line_node(one, order) for one in lines[:50]]
        end = str(len(first)) if first else None
        return order_node(order) | {"lineItems": page(first, has_next=len(lines) > 50, end=end)}

    def _these_orders(self, asked: Json) -> Json:
        found = [self.orders.get(one.rpartition("/")[2]) for one in cast("list[str]", asked["ids"])]
        return {"nodes": [one and {"__typename": "Order", **self._shown(one)} for one in found]}

    def _more_lines(self, asked: Json) -> Json:
        order, begin = self.order_of(asked), int(str(asked["after"]))
        if order is None:
            return {"order": None}
        lines = parts(order, "line_items")
        more = [line_node(one, order) for one in lines[begin : begin + 250]]
        end = str(begin + len(more)) if more else None
        return {"order": {"lineItems": page(more, has_next=len(lines) > begin + 250, end=end)}}

    def _to_ship(self, asked: Json) -> Json:
        order = self.order_of(asked)
        if order is None:
            return {"order": None}
        sent = [
            {
                "legacyResourceId": str(one["id"]),
                "status": str(one["status"]).upper(),
                "trackingInfo": [{"number": one.get("tracking_number"), "url": one.get("tracking_url")}],
                "fulfillmentLineItems": {
                    "nodes": [
                        {"quantity": row["quantity"], "lineItem": {"id": gid("LineItem", row["id"])}}
                        for row in parts(one, "line_items")
                    ]
                },
            }
            for one in parts(order, "fulfillments")
        ]
        return {
            "order": {
                "id": gid("Order", order["id"]),
                "statusPageUrl": f"https://simulated.example/orders/{order['id']}?key=x",
                "fulfillments": sent,
                "fulfillmentOrders": {"nodes": self._sources(order)},
            }
        }

    def _sources(self, order: Json) -> list[Json]:
        """A fulfillment order for each location that has lines of the order."""
        found: dict[str, list[Json]] = {}
        for line in parts(order, "line_items"):
            where = self.locations.get(str(line["id"]), _HERE)
            row = {
                "id": gid("FulfillmentOrderLineItem", line["id"]),
                "remainingQuantity": line["fulfillable_quantity"],
                "lineItem": {"id": gid("LineItem", line["id"])},
            }
            found.setdefault(where, []).append(row)
        return [self._source(order, where, rows) for where, rows in found.items()]

    def _source(self, order: Json, where: str, rows: list[Json]) -> Json:
        is_held, is_left = str(order["id"]) in self.held, any(row["remainingQuantity"] for row in rows)
        return {
            "id": gid("FulfillmentOrder", f"{order['id']}0{where.rpartition('/')[2]}"),
            "status": "ON_HOLD" if is_held else "OPEN" if is_left else "CLOSED",
            "supportedActions": [{"action": "CREATE_FULFILLMENT"}] if is_left and not is_held else [],
            "assignedLocation": {"name": "Warehouse", "location": {"id": where}},
            "lineItems": {"nodes": rows},
        }

    def _fulfill(self, asked: Json) -> Json:
        wanted = cast("Json", asked["fulfillment"])
        groups = parts(wanted, "lineItemsByFulfillmentOrder")
        asked_for = [str(group["fulfillmentOrderId"]).rpartition("/")[2] for group in groups]
        known = {
            str(source["id"]): (source, order)
            for number, order in self.orders.items()
            if any(one.startswith(number) for one in asked_for)  # it begins with the number of its order
            for source in self._sources(order)
        }
        found = [known.get(str(group["fulfillmentOrderId"])) for group in groups]
        sources = [one for one in found if one is not None]
        if not sources or len(sources) < len(found):
            return _refused("fulfillmentOrderId", "Fulfillment order does not exist.")
        places = {str(cast("Json", source["assignedLocation"])["location"]) for source, _ in sources}
        if len(places) > 1 or any(source["status"] != "OPEN" for source, _ in sources):
            return _refused("fulfillmentOrderId", "Fulfillment orders cannot be fulfilled together now.")
        units = {
            str(row["id"]).rpartition("/")[2]: int(str(row["quantity"]))
            for group in groups
            for row in parts(group, "fulfillmentOrderLineItems")
        }
        order = sources[0][1]
        lines = {str(line["id"]): line for line in parts(order, "line_items")}
        if any(n > int(str(lines[line]["fulfillable_quantity"])) for line, n in units.items()):
            return _refused("quantity", "Invalid fulfillment order line item quantity requested.")
        return self._sent(order, lines, units, wanted)

    def _sent(self, order: Json, lines: dict[str, Json], units: dict[str, int], wanted: Json) -> Json:
        number, tracking = self.next_id(), cast("Json", wanted.get("trackingInfo") or {})
        made: Json = {
            "id": number,
            "status": "success",
            "tracking_number": tracking.get("number"),
            "tracking_url": tracking.get("url"),
            "line_items": [{"id": int(line), "quantity": n} for line, n in units.items()],
        }
        after = [
            {**line, "fulfillable_quantity": int(str(line["fulfillable_quantity"])) - units.get(key, 0)}
            for key, line in lines.items()
        ]
        is_done = not any(line["fulfillable_quantity"] for line in after)
        self.take(
            {
                **order,
                "line_items": after,
                "fulfillments": [*parts(order, "fulfillments"), made],
                "fulfillment_status": "fulfilled" if is_done else "partial",
            }
        )
        if wanted.get("notifyCustomer"):
            self.mails.append(f"{order['name']}: {tracking.get('number')}")
        fulfillment = {"legacyResourceId": str(number), "status": "SUCCESS"}
        return {"fulfillmentCreate": {"fulfillment": fulfillment, "userErrors": []}}


def _refused(field: str, message: str) -> Json:
    wrong = {"field": ["fulfillment", field], "message": message}
    return {"fulfillmentCreate": {"fulfillment": None, "userErrors": [wrong]}}
