"""A request against Adobe's document of the admin API (Swagger 2.0): what it does not allow, in sentences."""

import re
from functools import cache
from typing import Any

from tests.connectors.carriers import openapi

from quartermaster.testing.simulators.server import Request

ADMIN = "magento/admin-schema-2.4.9.yaml"


class _Closed(dict[str, Any]):
    """Shapes without other fields than their own: Magento refuses those, and the document does not say so."""

    def __getitem__(self, name: str) -> Any:
        return {**super().__getitem__(name), "additionalProperties": False}


@cache
def admin() -> dict[str, Any]:
    """The test is skipped, and says so, when it does not lie beside the project."""
    spec = openapi.document(ADMIN)
    return {**spec, "definitions": _Closed(spec["definitions"])}


def faults(request: Request, spec: dict[str, Any]) -> list[str]:
    """Empty when the document allows it. It shows the first filter of the first group alone. A request to the
    queue is many of the plain kind, each of which is looked at."""
    if "/async/bulk/" in request.path:
        assert isinstance(request.body, list)
        plain = request._replace(path=request.path.replace("/async/bulk", ""))
        return [wrong for body in request.body for wrong in faults(plain._replace(body=body), spec)]
    asked = request._replace(path=request.path.removeprefix("/rest/all"))
    found = openapi._operation(asked, spec)
    if found is None:
        return [f"{request.method} {asked.path} is not in the document"]
    parameters = {one["name"]: one for one in found.get("parameters", [])}
    names = {re.sub(r"\[\d+]", "[0]", name) for name in request.query}
    wrong = [f"parameter {name} is unknown" for name in sorted(names - set(parameters))]
    bodies = [one["schema"] for one in parameters.values() if one["in"] == "body"]
    if bodies:
        closed = {**bodies[0], "additionalProperties": False}
        wrong += openapi._check(request.body, closed, spec, "body")
    elif request.body is not None:
        wrong.append("a body is not expected")
    return wrong
