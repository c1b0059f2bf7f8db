"""Shippo publishes the shapes of its objects; put together with the paths we use they are a document."""

import json
from functools import cache
from typing import Any

import pytest

from .openapi import SPECS

_BODIES = {
    "/shipments": "ShipmentCreateRequest",
    "/transactions": "TransactionCreateRequest",
    "/refunds": "RefundRequestBody",
    "/manifests": "ManifestCreateRequest",
    "/addresses": "AddressCreateRequest",
}
_EXACT = (*_BODIES.values(), "ParcelCreateRequest")


@cache
def document() -> dict[str, Any]:
    path = SPECS / "shippo/shippo-components.schema.json"
    if not path.exists():
        pytest.skip("Shippo's shapes are not here: requests were NOT checked against them")
    shapes: dict[str, Any] = json.loads(path.read_text(encoding="utf-8").replace('"async_"', '"async"'))[
        "$defs"
    ]
    for name in _EXACT:
        shapes[name]["additionalProperties"] = False
    paths: dict[str, Any] = {
        path: {"post": {"requestBody": {"content": {"application/json": {"schema": shapes[name]}}}}}
        for path, name in _BODIES.items()
    }
    paths["/transactions"]["get"] = {"parameters": [{"name": "rate"}, {"name": "results"}]}
    paths["/manifests"]["get"] = {"parameters": [{"name": "results"}]}
    paths["/rates/{id}"] = {"get": {}}
    paths["/transactions/{id}"] = {"get": {}}
    paths["/labels/{file}"] = {"get": {}}
    return {"paths": paths, "$defs": shapes}
