"""A request against one of Amazon's models (Swagger 2.0): what it does not allow, in sentences."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.connectors.carriers import openapi

from quartermaster.testing.simulators.server import Request

MODELS = (
    "orders-api-model/orders_2026-01-01.json",
    "orders-api-model/ordersV0.json",
    "listings-items-api-model/listingsItems_2021-08-01.json",
)


def documents() -> list[dict[str, Any]]:
    """The test is skipped, and says so, when they do not lie beside the project."""
    return [openapi.document(f"amazon-spapi/models/{name}") for name in MODELS]


def operation(request: Request, specs: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What the request asks for, and the model that has it."""
    for spec in specs:
        if found := openapi._operation(request, spec):
            return found, spec
    return None


def faults(request: Request, specs: list[dict[str, Any]]) -> list[str]:
    """Empty when a model allows the request."""
    asked = operation(request, specs)
    if asked is None:
        return [f"{request.method} {request.path} is in no model"]
    found, spec = asked
    parameters = [openapi._resolved(one, spec) for one in found["parameters"]]
    queried = {one["name"]: one for one in parameters if one["in"] == "query"}
    wrong = [f"parameter {name} is unknown" for name in request.query if name not in queried]
    for name, one in queried.items():
        if name in request.query:
            wrong += _value(request.query[name], one, name)
        elif one.get("required"):
            wrong.append(f"parameter {name} is required")
    bodies = [one["schema"] for one in parameters if one["in"] == "body"]
    if bodies:
        wrong += openapi._check(request.body, bodies[0], spec, "body")
    elif request.body is not None:
        wrong.append("a body is not expected")
    return wrong


def pace(operation: Mapping[str, Any]) -> tuple[float, int]:
    """How often, and how many at once, by its description."""
    found = re.search(r"\| ([\d.]+) \| (\d+) \|", operation["description"])
    assert found is not None
    return float(found[1]), int(found[2])


def _value(text: str, told: Mapping[str, Any], name: str) -> Iterator[str]:
    if told["type"] == "array":
        values = text.split(",")
        if len(values) > told.get("maxItems", len(values)):
            yield f"{name} has {len(values)} entries"
        for value in values:
            yield from _value(value, told["items"], name)
        return
    if "enum" in told and text not in told["enum"]:
        yield f"{name} is {text!r}, not one of {told['enum']}"
    if told["type"] == "integer" and not (text.isdecimal() and int(text) <= told.get("maximum", int(text))):
        yield f"{name} is {text!r}"
    if told.get("format") == "date-time" and datetime.fromisoformat(text).utcoffset() is None:
        yield f"{name} is {text!r}, no moment"
