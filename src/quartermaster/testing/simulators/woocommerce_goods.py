"""WooCommerce's products and their variations: pages, and batches whose rows fail one by one inside a 200."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import cast

from quartermaster.testing.simulators.server import Request, Response

BATCH_MAX = 100

type Json = dict[str, object]


class Goods:
    def __init__(self) -> None:
        self.products: dict[int, Json] = {}
        self.variations: dict[int, dict[int, Json]] = {}
        self.writes = 0  # rows that were written
        self._last_id = 10

    def offer(self, sku: str, quantity: int | None, price: str, *, of: int = 0, **more: object) -> str:
        """Put something up for sale, `of` a product: as a variation of it. Returns product, or
        product/variation."""
        self._last_id += 1
        kept: Json = {
            "id": self._last_id,
            "type": "simple",
            "status": "publish",
            "name": sku.title(),
            "sku": sku,
            "regular_price": price,
            "sale_price": "",
            "on_sale": False,
            "manage_stock": quantity is not None,
            "stock_quantity": quantity,
            "global_unique_id": "",
            "attributes": [],
            "variations": [],
            **more,
        }
        if not of:
            self.products[self._last_id] = kept
            return str(self._last_id)
        kept["attributes"] = [{"name": "Kind", "option": sku.title()}]
        self.products[of] |= {"type": "variable", "manage_stock": False, "stock_quantity": None}
        cast("list[int]", self.products[of]["variations"]).append(self._last_id)
        self.variations.setdefault(of, {})[self._last_id] = kept
        return f"{of}/{self._last_id}"

    def thing(self, name: str) -> Json:
        product, _, variation = name.partition("/")
        if variation:
            return self.variations[int(product)][int(variation)]
        return self.products[int(product)]

    def sell(self, name: str, units: int) -> None:
        thing = self.thing(name)
        thing["stock_quantity"] = int(str(thing["stock_quantity"])) - units

    def count_in(self, rows: Iterable[Json]) -> None:
        """Units of an order's lines are for sale again, where they are counted."""
        for row in rows:
            for thing in self.products.values():
                if thing["sku"] == row["sku"] and thing["manage_stock"]:
                    thing["stock_quantity"] = int(str(thing["stock_quantity"])) + int(str(row["quantity"]))

    def respond(self, request: Request, path: str) -> Response:
        parts = path.strip("/").split("/")
        if "variations" not in parts:
            return self._asked(self.products, request, parts, "product")
        product = int(parts[0])
        if product not in self.products:
            return Response(404, _wrong("product_invalid_id", "Invalid ID."))
        return self._asked(self.variations.get(product, {}), request, parts[2:], "product_variation")

    def _asked(self, things: dict[int, Json], request: Request, parts: list[str], kind: str) -> Response:
        if parts == ["batch"]:
            rows = cast("list[Json]", cast("Json", request.body)["update"])
            if len(rows) > BATCH_MAX:
                return Response(
                    413, _wrong("request_entity_too_large", "Unable to accept more than 100 items.")
                )
            return Response(200, {"update": [self._written(things, row, kind) for row in rows]})
        return Response(200, _page(things, request.query))

    def _written(self, things: dict[int, Json], row: Json, kind: str) -> Json:
        number = int(str(row["id"]))
        if number not in things:
            return {"id": number, "error": _wrong(f"{kind}_invalid_id", "Invalid ID.")}
        for name in ("regular_price", "sale_price"):
            if row.get(name) and not _is_amount(row[name]):
                return {"id": number, "error": _wrong("invalid_param", f"Invalid parameter(s): {name}")}
        code = str(row.get("global_unique_id", ""))
        if code and self._has_other(number, code):
            because = "Invalid or duplicated GTIN, UPC, EAN or ISBN."
            return {"id": number, "error": _wrong("product_invalid_global_unique_id", because)}
        things[number] |= {name: value for name, value in row.items() if value is not None}
        things[number]["on_sale"] = _is_on_sale(things[number])
        self.writes += 1
        return dict(things[number])

    def _has_other(self, number: int, code: str) -> bool:
        every = [self.products, *self.variations.values()]
        return any(
            other != number and thing["global_unique_id"] == code
            for things in every
            for other, thing in things.items()
        )


def _page(things: Mapping[int, Json], query: Mapping[str, str]) -> list[Json]:
    only = query.get("include", "")
    wanted = sorted({int(one) for one in only.split(",") if one})
    found = [things[one] for one in wanted if one in things] if only else list(things.values())  # by number
    size = int(query.get("per_page", "10"))
    begin = int(query.get("offset", (int(query.get("page", "1")) - 1) * size))
    return [dict(one) for one in found[begin : begin + size]]


def _is_on_sale(thing: Json) -> bool:
    """A sale price counts where it is less than the regular one; no dates are kept here."""
    sale, regular = str(thing["sale_price"]), str(thing["regular_price"])
    return bool(sale and regular) and Decimal(sale) < Decimal(regular)


def _is_amount(value: object) -> bool:
    try:
        return isinstance(value, str) and Decimal(value) >= 0
    except InvalidOperation:
        return False


def _wrong(code: str, message: str) -> Json:
    return {"code": f"woocommerce_rest_{code}", "message": message, "data": {"status": 400}}
