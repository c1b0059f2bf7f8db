"""Products as a table has them: one row a SKU. An empty cell changes nothing."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import UNSET

from quartermaster.catalog.rules.skus import Draft
from quartermaster.core.cells import Cells
from quartermaster.core.money import BadAmount, to_minor

COLUMNS = (
    "sku",
    "title",
    "barcode",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "cost",
    "currency",
    "hs_code",
    "kit",
    "product",
    "origin_country",
    "hazmat",
    "policy",
    "backorder_cap",
    "available_on",
    "active",
    "base_unit",
    "category",
)
REQUIRED = ("sku",)
NUMBERS = ("weight_g", "length_mm", "width_mm", "height_mm", "cost", "backorder_cap")


class Product(NamedTuple):
    """A row as it was understood. parts: of a kit, empty when the row says nothing of one."""

    draft: Draft
    parts: Mapping[str, int]
    errors: Mapping[str, str]


def product(given: Mapping[str, str]) -> Product:
    """Read a row under canonical names. A cost is in units of its currency: 12.99, not 1299."""
    cells = Cells(given)
    barcode, cost, currency = cells.text("barcode"), cells.decimal("cost"), cells.text("currency")
    wanted: dict[str, object] = {
        "title": cells.text("title"),
        "product": cells.text("product"),
        "base_unit": cells.text("base_unit"),
        "weight_g": cells.whole("weight_g"),
        "length_mm": cells.whole("length_mm"),
        "width_mm": cells.whole("width_mm"),
        "height_mm": cells.whole("height_mm"),
        "cost_minor": _minor(cells, cost, currency),
        "currency": currency,
        "hs_code": cells.text("hs_code"),
        "origin_country": cells.text("origin_country"),
        "is_hazmat": cells.flag("hazmat"),
        "policy": cells.text("policy"),
        "backorder_cap": cells.whole("backorder_cap"),
        "available_on": cells.day("available_on"),
        "is_active": cells.flag("active"),
        "barcodes": {barcode: 1} if barcode else None,
        "category": cells.text("category"),
    }
    parts = cells.counted("kit")
    told = {name: UNSET if value is None else value for name, value in wanted.items()}
    return Product(Draft(code=given["sku"], **told), parts, cells.errors)  # type: ignore[arg-type]


def _minor(cells: Cells, cost: str | None, currency: str | None) -> int | None:
    if cost is None:
        return None
    if currency is None:
        cells.errors["currency"] = "needed with a cost"
        return None
    try:
        return to_minor(cost, currency)
    except BadAmount as error:
        cells.errors["cost"] = str(error)
        return None
