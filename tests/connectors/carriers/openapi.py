"""A request against a vendor's OpenAPI document: what it does not allow, in sentences.

Vendors' documents are not fit for a strict validator: parts that forbid each other's fields, fields required
and read-only at once. So the parts are put together, and what only answers have is not required.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from quartermaster.testing.simulators.server import Request

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs"


@cache
def document(name: str) -> dict[str, Any]:
    """The document; the test is skipped, and says so, when the folder does not lie beside the project."""
    path = SPECS / name
    if not path.exists():
        pytest.skip(f"the vendors' documents are not here ({name}): requests were NOT checked against them")
    found: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return found


def faults(request: Request, spec: Mapping[str, Any]) -> list[str]:
    """What is wrong with a request; empty when the document allows it."""
    found = _operation(request, spec)
    if found is None:
        return [f"{request.method} {request.path} is not in the document"]
    wrong = [f"parameter {name} is unknown" for name in request.query if name not in _parameters(found, spec)]
    kinds = found.get("requestBody", {}).get("content", {})
    content = kinds.get("application/json") or kinds.get("*/*")
    if content:
        wrong += _check(request.body, content["schema"], spec, "body")
    elif request.body is not None:
        wrong.append("a body is not expected")
    return wrong


def _operation(request: Request, spec: Mapping[str, Any]) -> dict[str, Any] | None:
    asked = request.path.split("/")
    templates = sorted(spec["paths"], key=lambda path: path.count("{"))
    for path in templates:
        steps = path.split("/")
        if len(steps) == len(asked) and all(
            step == said or (step.startswith("{") and said) for step, said in zip(steps, asked, strict=True)
        ):
            found: dict[str, Any] | None = spec["paths"][path].get(request.method.lower())
            if found is not None:
                return found
    return None


def _parameters(operation: Mapping[str, Any], spec: Mapping[str, Any]) -> set[str]:
    return {_resolved(each, spec)["name"] for each in operation.get("parameters", [])}


def _resolved(schema: Mapping[str, Any], spec: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        found: Any = spec
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _whole(schema: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """With its parts put together: their fields, and what any of them requires."""
    schema = _resolved(schema, spec)
    whole = {key: value for key, value in schema.items() if key not in ("allOf", "required", "properties")}
    properties, required = dict(schema.get("properties", {})), list(schema.get("required", []))
    for part in schema.get("allOf", []):
        other = _whole(part, spec)
        properties |= other.pop("properties", {})
        required += other.pop("required", [])
        whole = other | whole
    return whole | {"properties": properties, "required": required}


def _check(value: object, schema: Mapping[str, Any], spec: Mapping[str, Any], at: str) -> list[str]:
    whole = _whole(schema, spec)
    ways = [*whole.get("oneOf", []), *whole.get("anyOf", [])]
    if value is None and {"type": "null"} in ways:
        return []
    if ways:
        tried = [_check(value, _beside(whole, _whole(way, spec)), spec, at) for way in ways]
        # the way that is meant: the one that knows most of the fields
        return min(tried, key=lambda wrong: (sum(each.endswith("is unknown") for each in wrong), len(wrong)))
    if value is None:
        return [] if whole.get("nullable") else [f"{at} is null"]
    return list(_wrong(value, whole, spec, at))


def _beside(whole: Mapping[str, Any], way: Mapping[str, Any]) -> dict[str, Any]:
    """One way of several: what the document requires of all of them contradicts itself, and is left out."""
    properties = {**whole["properties"], **way["properties"]}
    required = [name for name in way["required"] if name in properties]
    rest = {key: value for key, value in {**whole, **way}.items() if key not in ("oneOf", "anyOf")}
    return rest | {"properties": properties, "required": required}


def _wrong(value: object, whole: Mapping[str, Any], spec: Mapping[str, Any], at: str) -> Iterator[str]:
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float)}
    kind = whole.get("type") or ("object" if whole["properties"] else None)
    kind = next((each for each in kind if each != "null"), None) if isinstance(kind, list) else kind
    expected = int if kind == "integer" else kinds.get(str(kind))
    if expected and (not isinstance(value, expected) or (kind != "boolean" and isinstance(value, bool))):
        yield f"{at} is {value!r}, not {kind}"
        return
    if "enum" in whole and value not in whole["enum"]:
        yield f"{at} is {value!r}, not one of {whole['enum']}"
    if isinstance(value, str) and not whole.get("minLength", 0) <= len(value) <= whole.get(
        "maxLength", 10**9
    ):
        yield f"{at} has {len(value)} characters"
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _check(each, whole.get("items", {}), spec, f"{at}[{place}]")
    if isinstance(value, dict) and (whole["properties"] or whole.get("additionalProperties")):
        yield from _fields(value, whole, spec, at)


def _fields(
    value: Mapping[str, object], whole: Mapping[str, Any], spec: Mapping[str, Any], at: str
) -> Iterator[str]:
    known = {name: _whole(schema, spec) for name, schema in whole["properties"].items()}
    for name in whole["required"]:
        field = known.get(name, {})
        if name not in value and not field.get("readOnly") and "default" not in field:
            yield f"{at}.{name} is required"
    for name, each in value.items():
        if name not in known:
            if whole.get("additionalProperties") is False:
                yield f"{at}.{name} is unknown"
            elif isinstance(whole.get("additionalProperties"), dict):
                yield from _check(each, whole["additionalProperties"], spec, f"{at}.{name}")
        elif known[name].get("readOnly"):
            yield f"{at}.{name} is read-only"
        else:
            yield from _check(each, whole["properties"][name], spec, f"{at}.{name}")
