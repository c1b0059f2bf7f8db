"""Bulk operations: one at a time, done after it was asked about some times, with a file that expires."""

from collections.abc import Callable

import msgspec

from quartermaster.testing.simulators.server import Request, Response
from quartermaster.testing.simulators.shopify.edits import Edits
from quartermaster.testing.simulators.shopify.nodes import Json, gid, line_node, order_node, parts

_KINDS = {"lineItems": "LineItem", "shippingLines": "ShippingLine", "discountApplications": ""}
_INSIDE = ("fulfillments", "refunds")  # lists without pages


class Bulk(Edits):
    """`bulk_ends`: what the next operation comes to. `bulk_polls`: how often it is asked about before.
    `is_bulk_busy`: somebody else's is under way. `is_scattered`: the file has the lists behind all orders.
    `bulk_cut`: bytes of the file that are left where it fails. `ranges`: whether a part can be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.bulk_ends = "COMPLETED"
        self.bulk_polls = 1
        self.bulk_cut = 0
        self.is_bulk_busy = False
        self.is_scattered = False
        self.ranges = True
        self.url = ""
        self._polls: dict[str, int] = {}

    def of_bulk(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "OrdersCount": self._count,
            "OffersCount": self._count_offers,
            "RunBulk": self._run_bulk,
            "BulkState": self._state,
            "BulkUnderWay": self._under_way,
            "CancelBulk": self._cancel_bulk,
        }

    def file(self, request: Request) -> Response:
        content = self.files.get(request.path)
        if content is None:
            return Response(404, {"errors": "Not Found"})
        begin, _, end = request.headers.get("range", "").removeprefix("bytes=").partition("-")
        if not begin or not self.ranges:
            return Response(200, content)
        if int(begin) >= len(content):
            return Response(416, {"errors": "Requested range not satisfiable"})
        return Response(206, content[int(begin) : int(end) + 1])

    def _found(self, query: str) -> list[Json]:
        since = query.partition(":>=")[2].strip("'")
        return [one for one in self.orders.values() if str(order_node(one)["updatedAt"]) >= since]

    def _count(self, asked: Json) -> Json:
        return {
            "ordersCount": {"count": min(len(self._found(str(asked["query"]))), int(str(asked["limit"])))}
        }

    def _count_offers(self, asked: Json) -> Json:
        return {"productVariantsCount": {"count": min(len(self.variants), int(str(asked["limit"])))}}

    def _run_bulk(self, asked: Json) -> Json:
        if self.is_bulk_busy or any(one["status"] == "RUNNING" for one in self.operations.values()):
            wrong = {
                "code": "OPERATION_IN_PROGRESS",
                "field": None,
                "message": "A bulk query operation for this app and shop is already in progress.",
            }
            return {"bulkOperationRunQuery": {"bulkOperation": None, "userErrors": [wrong]}}
        query = str(asked["query"])
        id_ = gid("BulkOperation", self.next_id())
        if "productVariants" in query:
            location = query.partition('locationId: "')[2].partition('"')[0]
            found = [self._offered(one, location) for one in self.variants.values()]
            content = b"".join(msgspec.json.encode(one) + b"\n" for one in found)
        else:
            found = self._found(query.partition('query: "')[2].partition('"')[0])
            content = self._written(found)
        self.files[f"/bulk/{id_.rpartition('/')[2]}.jsonl"] = content
        self.operations[id_] = {
            "id": id_,
            "status": "RUNNING",
            "createdAt": self.now(),
            "rootObjectCount": str(len(found)),
            "fileSize": None,
            "url": None,
            "partialDataUrl": None,
            "query": query,
        }
        return {"bulkOperationRunQuery": {"bulkOperation": {"id": id_}, "userErrors": []}}

    def _written(self, found: list[Json]) -> bytes:
        """A line for each order, and for each thing in its lists."""
        orders, inside = list[bytes](), list[bytes]()
        for order in found:
            node = order_node(order)
            lists = {
                "lineItems": [line_node(one, order) for one in parts(order, "line_items")],
                **{name: list(parts(node[name], "nodes")) for name in _KINDS if name in node},  # type: ignore[arg-type]
            }
            root = {key: value for key, value in node.items() if key not in _KINDS}
            root["subtotalLineItemsQuantity"] = sum(
                int(str(one["quantity"])) for one in parts(order, "line_items")
            )
            root["fulfillments"] = [_sent(one) for one in parts(order, "fulfillments")]
            root["refunds"] = [{"id": one["id"]} for one in parts(node, "refunds")]
            orders.append(msgspec.json.encode(root) + b"\n")
            for name, kind in _KINDS.items():
                for one in lists[name]:
                    named = {"__typename": kind, **one} if kind else one
                    row = msgspec.json.encode({**named, "__parentId": node["id"]}) + b"\n"
                    (inside if self.is_scattered else orders).append(row)
        return b"".join(orders + inside)

    def _state(self, asked: Json) -> Json:
        operation = self.operations.get(str(asked["id"]))
        if operation is None:
            return {"shop": {"currencyCode": "EUR"}, "bulkOperation": None}
        polls = self._polls[str(asked["id"])] = self._polls.get(str(asked["id"]), 0) + 1
        if operation["status"] == "RUNNING" and polls > self.bulk_polls:
            self._end(operation)
        told = {key: value for key, value in operation.items() if key != "query"}
        return {"shop": {"currencyCode": "EUR"}, "bulkOperation": told}

    def _end(self, operation: Json) -> None:
        path = f"/bulk/{str(operation['id']).rpartition('/')[2]}.jsonl"
        operation["status"] = self.bulk_ends
        if self.bulk_ends == "COMPLETED" and self.files[path]:
            operation |= {"url": self.url + path, "fileSize": str(len(self.files[path]))}
        if self.bulk_ends == "FAILED" and self.bulk_cut:
            self.files[path] = self.files[path][: self.bulk_cut].rpartition(b"\n")[0] + b"\n"
            operation["partialDataUrl"] = self.url + path

    def _under_way(self, asked: Json) -> Json:
        told = [{key: one[key] for key in ("id", "status", "query")} for one in self.operations.values()]
        return {"bulkOperations": {"nodes": told[::-1]}}

    def _cancel_bulk(self, asked: Json) -> Json:
        operation = self.operations[str(asked["id"])]
        operation["status"] = "CANCELING"
        return {"bulkOperationCancel": {"bulkOperation": {"status": "CANCELING"}, "userErrors": []}}


def _sent(sent: Json) -> Json:
    units = sum(int(str(one["quantity"])) for one in parts(sent, "line_items"))
    return {
        "id": gid("Fulfillment", sent["id"]),
        "status": str(sent["status"]).upper(),
        "totalQuantity": units,
    }
