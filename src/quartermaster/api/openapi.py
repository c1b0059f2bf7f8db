"""The OpenAPI document, completed: what Ninja cannot know about scopes, idempotency keys and problems."""

from collections.abc import Iterator, Mapping
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from quartermaster.api.auth import Bearer
from quartermaster.api.once import HEADER, REPLAYED, WRITING
from quartermaster.api.shapes import Problem
from quartermaster.core.answers import KEY_MAX

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_WORDS = {
    400: "The request cannot be read",
    401: "There is no valid token",
    403: "The token lacks the scope",
    404: "There is no such thing",
    409: "Refused: it does not fit what is there now",
    411: "The body does not say how long it is",
    413: "The body is too large",
    422: "The request cannot be used as it is",
    500: "Something broke on our side",
    503: "The database cannot be reached now",
}
_KEY = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX, "pattern": "^[!-~]+$"},
    "description": "The same request with the same key is done once; for 30 days repeats get its answer.",
}


def described(document: OpenAPISchema, api: NinjaAPI) -> OpenAPISchema:
    """The document with every status each operation can answer with, and the scope it asks for."""
    document["components"]["schemas"]["Problem"] = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    document["components"]["schemas"] |= document["components"]["schemas"]["Problem"].pop("$defs")
    by_id = {api.get_openapi_operation_id(operation): operation for operation in operations(api)}
    for methods in document["paths"].values():
        for method, told in methods.items():
            _complete(told, method.upper(), by_id[told["operationId"]])
    return document


def operations(api: NinjaAPI) -> Iterator[Operation]:
    """Every operation of the API."""
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            yield from view.operations


def scope(operation: Operation) -> str:
    """The scope a token needs for it."""
    (auth,) = operation.auth_callbacks
    assert isinstance(auth, Bearer)
    return auth.scope


def needs_key(operation: Operation) -> bool:
    return bool(getattr(operation.view_func, "needs_key", False))


def _complete(told: dict[str, Any], method: str, operation: Operation) -> None:
    told["security"] = [{"Bearer": [scope(operation)]}]
    told["description"] = f"{told.get('description', '').strip()}\n\nScope: `{scope(operation)}`.".strip()
    if method in WRITING:
        told["parameters"].append({**_KEY, "required": needs_key(operation)})
    for status, answer in told["responses"].items():
        if method in WRITING and int(status) < 300:
            answer["headers"] = {
                REPLAYED: {"schema": {"const": "true"}, "description": "Present on a stored answer."}
            }
    for status in _problems(told, method):
        told["responses"][status] = {"description": _WORDS[status], "content": _PROBLEM}


def _problems(told: Mapping[str, Any], method: str) -> list[int]:
    """The statuses an operation may refuse with."""
    found = [400, 401, 403, 500, 503]
    if any(each["in"] == "path" or each.get("required") for each in told["parameters"]):
        found.append(404)  # it names something
    if method in WRITING:
        found += [404, 409, 411, 413]
    return sorted({*found, 422})
