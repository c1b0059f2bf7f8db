"""The report of a seller's performance, GET_V2_SELLER_PERFORMANCE_REPORT (its schema of 2020-11-18). Pure.

What Amazon ships itself (afn) is its own business: of the order defect rate only our part is read. A measure
that is missing, or without its numbers, is left out; the rest counts.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from quartermaster.connectors.amazon.marketplaces import BY_ID
from quartermaster.connectors.amazon.translate.zipped import plain
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.picked import objects, text
from quartermaster.marketplaces.ports import Figure
from quartermaster.orders.ports import Unreadable

TYPE: Final = "GET_V2_SELLER_PERFORMANCE_REPORT"
# measure: where it stands, its numerator, its denominator
_WHERE: Final = {
    "odr": (("orderDefectRate", "mfn"), "orderWithDefects", "orderCount"),
    "lsr": (("lateShipmentRate",), "lateShipmentCount", "orderCount"),
    "cr": (("preFulfillmentCancellationRate",), "cancellationCount", "orderCount"),
    "vtr": (("validTrackingRate",), "validTrackingCount", "shipmentCount"),
}
_UNITS = (
    ("unitOnTimeDeliveryRate",),
    "unitOnTimeDeliveryCount",
    "totalUnitCount",
)  # where it is told: the US
_PARCELS = (("onTimeDeliveryRate",), "onTimeDeliveryCount", "shipmentCountWithValidTracking")

type Json = Mapping[str, object]


def figures(body: bytes, *, is_gzip: bool) -> list[Figure]:
    """Raises ValueError when it is no such report."""
    try:
        told, _ = load(plain(body, is_gzip=is_gzip))
    except Unreadable as error:
        raise ValueError(f"Amazon's report cannot be read: {error}") from None
    metrics = told.get("performanceMetrics") if isinstance(told, dict) else None
    if not isinstance(metrics, list):
        raise ValueError("Amazon's report has no figures")
    return [figure for each in objects(metrics) for figure in _of_marketplace(each)]


def _of_marketplace(told: Json) -> list[Figure]:
    market = BY_ID.get(text(told.get("marketplaceId")))
    if market is None:
        return []
    found = [_figure(measure, market.country, told, *where) for measure, where in _WHERE.items()]
    on_time = _figure("otdr", market.country, told, *_UNITS) or _figure(
        "otdr", market.country, told, *_PARCELS
    )
    return [one for one in (*found, on_time) if one is not None]


def _figure(
    measure: str, country: str, told: Json, path: tuple[str, ...], top: str, bottom: str
) -> Figure | None:
    for name in path:
        inner = told.get(name)
        if not isinstance(inner, dict):
            return None
        told = inner
    span = told.get("reportingDateRange")
    counted = told.get(top)
    numerator = _count(counted.get("count") if isinstance(counted, dict) else counted)
    denominator = _count(told.get(bottom))
    if not isinstance(span, dict) or numerator is None or denominator is None or numerator > denominator:
        return None
    first, last = _day(span.get("reportingDateFrom")), _day(span.get("reportingDateTo"))
    if first is None or last is None or last < first:
        return None
    return Figure(measure, country, first, last, numerator, denominator)


def _day(value: object) -> date | None:
    try:
        return datetime.fromisoformat(text(value)).date()
    except ValueError:
        return None


def _count(value: object) -> int | None:
    """Whole, whatever number it is written as."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        whole = int(value)  # type: ignore[call-overload]  # int or Decimal, else TypeError
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        return None
    return whole if whole == value and 0 <= whole < 10**12 else None
