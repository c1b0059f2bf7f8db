"""The API under /api: its routes, how it reads and writes JSON, and how it says no."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from quartermaster import __version__
from quartermaster.api import (
    allocation,
    catalog,
    channels,
    coming,
    connections,
    drifts,
    events,
    exceptions,
    floor,
    inbound,
    kpi,
    late,
    listings,
    marketplaces,
    messages,
    money,
    orders,
    outbox,
    outside,
    prices,
    quality,
    recalls,
    replays,
    shipping,
    stock,
    stuck,
    tracking,
)
from quartermaster.api.known import only_known
from quartermaster.api.once import once
from quartermaster.api.openapi import described
from quartermaster.core.errors import Refused
from quartermaster.core.problems import Problem, field_errors, of_refusal, problem, request_id


class StrictParser(Parser):
    """Refuses what JSON forbids and others wave through: NaN, lone surrogates, bytes after the end."""

    def parse_body(self, request: HttpRequest) -> Any:
        return msgspec.json.decode(request.body)


class FastRenderer(BaseRenderer):
    """Datetimes become RFC 3339 with a Z."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return msgspec.json.encode(data)


class Api(NinjaAPI):
    """Ninja's, with an OpenAPI document that tells scopes, idempotency keys and problems too."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Made once: it takes a while, and it does not change."""
        if self._described is None:
            made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            self._described = described(made, self)
        return self._described


def build() -> Api:
    """A fresh API with every route of every stage."""
    api = Api(
        title="Quartermaster",
        version=__version__,
        description="Order management for e-commerce: what the console can do, programs can do.",
        docs_url=None,
        parser=StrictParser(),
        renderer=FastRenderer(),
        urls_namespace="api",
    )
    for wrap in (only_known, once):
        api.add_decorator(wrap, mode="view")
    routers = (
        *(orders.router, *allocation.routers, *stock.routers, *floor.routers),
        *catalog.routers,
        *shipping.routers,
        *inbound.routers,
        *(
            messages.router,
            replays.router,
            connections.router,
            drifts.router,
            channels.router,
            listings.router,
            prices.router,
            events.router,
            stuck.router,
            outbox.router,
            kpi.router,
        ),
        *(
            tracking.router,
            late.router,
            exceptions.router,
            money.router,
            outside.router,
            coming.router,
            recalls.router,
        ),
        *(marketplaces.router, quality.router),
    )
    for router in routers:
        api.add_router("", router)
    for kind, told in ((Refused, _refused), (ValidationError, _unfit), (HttpError, _unread)):
        api.add_exception_handler(kind, told)
    return api


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return of_refusal(request, refusal).response()


def _unfit(request: HttpRequest, error: Any) -> HttpResponse:
    """Input that does not have the right shape: 422, each field named."""
    found = ((_field(each["loc"]), str(each["msg"])) for each in error.errors)
    return Problem(
        status=422,
        code="invalid",
        title="The request cannot be used as it is.",
        remedy="Correct the fields named and send it again.",
        errors=field_errors(found),
        request_id=request_id(request),
    ).response()


def _field(location: tuple[int | str, ...]) -> str:
    """("body", "wanted", "lines", 0, "quantity") -> "lines.0.quantity": without the parameter's own name."""
    source, *path = (str(part) for part in location)
    return ".".join(path[1:] if source == "body" else path) or source


def _unread(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja's own refusals; among them a body that is no JSON."""
    cause = error.__cause__
    detail = f"The body is not JSON: {cause}" if isinstance(cause, msgspec.DecodeError) else ""
    return problem(request, error.status_code, detail=detail).response()


api = build()
