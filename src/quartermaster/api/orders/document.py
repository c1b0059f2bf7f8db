"""The order document: what orders know, joined with what allocation, floor and carriers know."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from quartermaster.allocation.queries import served
from quartermaster.api.orders.shapes import Allocation, Order, OrderParcel
from quartermaster.orders.queries import OrderShown, document
from quartermaster.tracking.queries.sent import sent


def joined(found: Sequence[OrderShown]) -> list[Order]:
    """Two statements more, however many orders."""
    ids = [order.id for order in found]
    sites, parcels = served(ids), sent(ids)
    return [
        Order.model_validate(
            {
                **{name: getattr(order, name) for name in order.__struct_fields__},
                "allocations": [Allocation.model_validate(one) for one in sites.get(order.id, ())],
                "parcels": [OrderParcel.model_validate(one) for one in parcels.get(order.id, ())],
            }
        )
        for order in found
    ]


def etag(version: int) -> str:
    """Every write counts the version up, so it names the content."""
    return f'"{version}"'


def version_named(if_match: str) -> int | None:
    """The version in an If-Match header; None when there is none or it is `*`."""
    return int(if_match.strip('"')) if if_match not in ("", "*") else None


def answered(number: str, response: HttpResponse) -> Order:
    """The order as it is now, its ETag set."""
    (order,) = joined([document(number)])
    response.headers["ETag"] = etag(order.version)
    return order


def is_known(request: HttpRequest, order: Order) -> bool:
    """Whether the caller has this version already (If-None-Match)."""
    known = request.headers.get("If-None-Match", "")
    return etag(order.version) in (tag.strip().removeprefix("W/") for tag in known.split(","))
