"""Magento's message queue: requests that are taken at once, and worked off by a consumer, when it runs."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from quartermaster.testing.simulators.magento_search import searched
from quartermaster.testing.simulators.server import Response

TOPIC = "async.magento.catalog.api.basepricestorageinterface.update.post"
COMPLETE, FAILED, OPEN = 1, 3, 4

type Json = dict[str, object]


class Queue:
    """`write`: what an operation does; it returns what it could not do. `is_broken`: operations end with an
    error."""

    def __init__(self, write: Callable[[Sequence[Json]], list[Json]]) -> None:
        self.write = write
        self.is_broken = False
        self.operations: dict[str, list[Json]] = {}  # by the name of the request they came in

    def taken(self, requests: Sequence[Json]) -> Response:
        name = f"b1{len(self.operations):06}-0000-4000-8000-000000000000"
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        self.operations[name] = [
            {
                "id": n,
                "bulk_uuid": name,
                "topic_name": TOPIC,
                "serialized_data": json.dumps({"meta_information": json.dumps(asked)}),
                "result_serialized_data": None,
                "status": OPEN,
                "result_message": None,
                "error_code": None,
                "start_time": at,
                "asked": asked,
            }
            for n, asked in enumerate(requests)
        ]
        items = [{"id": n, "data_hash": None, "status": "accepted"} for n in range(len(requests))]
        return Response(202, {"bulk_uuid": name, "request_items": items, "errors": False})

    def told(self, name: str) -> Response:
        if name not in self.operations:
            wrong = {"message": "Bulk uuid %bulkUuid not exist", "parameters": {"bulkUuid": name}}
            return Response(404, wrong)
        shown = [_shown(one) for one in self.operations[name]]
        told = {"operations_list": shown, "user_type": 1, "bulk_id": name, "description": TOPIC}
        return Response(200, told | {"operation_count": len(shown), "user_id": 1})

    def found(self, query: Mapping[str, str]) -> Response:
        every = [one for operations in self.operations.values() for one in operations]
        answer = searched(every, query)
        return Response(200, answer | {"items": [_shown(one) for one in cast("list[Json]", answer["items"])]})

    def work_off(self) -> None:
        """The consumer runs."""
        for one in (one for operations in self.operations.values() for one in operations):
            if one["status"] != OPEN:
                continue
            if self.is_broken:
                one |= {"status": FAILED, "result_message": "Deadlock found when trying to get lock"}
                continue
            failed = self.write(cast("list[Json]", cast("Json", one["asked"])["prices"]))
            one |= {"status": COMPLETE, "result_message": "Service execution success"}
            one["result_serialized_data"] = json.dumps(failed)


def _shown(operation: Json) -> Json:
    return {key: value for key, value in operation.items() if key not in ("asked", "start_time")}
