"""Magento's catalog and inventory: products, what lies in each source, and what orders have reserved of it.

As in the real one, a count of a SKU that no product has is taken without a word, one bad row refuses all, and
an answer to counts says nothing about rows.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from quartermaster.testing.simulators.magento_search import searched
from quartermaster.testing.simulators.server import Response

type Json = dict[str, object]

SOURCES = ("default", "berlin")
_SKU_IS_WRONG = {
    "message": "Invalid attribute %fieldName = %fieldValue.",
    "parameters": ["SKU", ""],
}


class Goods:
    def __init__(self, currency: str = "EUR") -> None:
        self.products: dict[str, Json] = {}
        self.sources: dict[tuple[str, str], Json] = {}
        self.reserved: dict[str, int] = {}
        self.written = 0  # rows of stock and prices
        self.refuses: set[str] = set()  # SKUs whose price it does not take
        self._currency = currency

    def offer(self, sku: str, quantity: int, price: float, **told: object) -> Json:
        """Put something up for sale, with units in the default source."""
        known = self.products.get(sku, {"id": 400 + len(self.products)})
        product: Json = {
            **known,
            "sku": sku,
            "name": f"The {sku}",
            "type_id": "simple",
            "status": 1,
            "price": price,
            "weight": 1.25,
            "custom_attributes": [],
            **told,
        }
        self.products[sku] = product
        self._put(sku, "default", quantity)
        self.reserved[sku] = 0
        return product

    def salable(self, sku: str) -> int:
        rows = (row for (own, _), row in self.sources.items() if own == sku and row["status"] == 1)
        return sum(int(str(row["quantity"])) for row in rows) - self.reserved.get(sku, 0)

    def reserve(self, sku: str, units: int) -> None:
        """An order takes units, and gives them back where it is cancelled: below zero."""
        self.reserved[sku] = self.reserved.get(sku, 0) + units

    def leave(self, sku: str, units: int, source: str) -> None:
        """Units that were reserved leave a source."""
        self.reserve(sku, -units)
        row = self.sources.setdefault((sku, source), _source_row(sku, source, 0))
        row["quantity"] = int(str(row["quantity"])) - units

    def respond(self, operation: str, query: Mapping[str, str], body: Json) -> Response:
        match operation:
            case "products":
                found = searched(self.products.values(), query, names={"entity_id": "id"})
                return Response(200, found)
            case "product":
                return self._saved(cast("Json", body["product"]))
            case "source_items":
                return Response(200, searched(self.sources.values(), query))
            case "salable":
                return Response(200, self._exported(query))
            case "stock":
                return self._counted(cast("list[Json]", body["sourceItems"]))
            case "prices":
                return Response(200, self.priced(cast("list[Json]", body["prices"])))
            case "special" | "special_off":
                return Response(200, self._special(cast("list[Json]", body["prices"]), operation))
            case "prices_told":
                return Response(200, self._prices(cast("list[str]", body["skus"])))
        return Response(200, [{"id": 1, "code": "default", "base_currency_code": self._currency, **_LOCALE}])

    def _saved(self, told: Json) -> Response:
        """A SKU that there is not becomes a product, if it has a price and a name: as in the real one."""
        product = self.products.get(str(told["sku"]))
        if product is None:
            return Response(400, {"message": 'The "%1" attribute value is empty.', "parameters": ["Price"]})
        self.written += 1
        product |= told
        return Response(200, dict(product))

    def _exported(self, query: Mapping[str, str]) -> Json:
        """Its total counts what is on the page, and nothing else."""
        found = searched(self.products.values(), query)
        rows = [
            {"sku": sku, "qty": self.salable(sku), "is_salable": self.salable(sku) > 0}
            for product in cast("list[Json]", found["items"])
            if any(own == (sku := str(product["sku"])) for own, _ in self.sources)
        ]
        return {**found, "items": rows, "total_count": len(rows)}

    def _counted(self, rows: Sequence[Json]) -> Response:
        wrong = [row for row in rows if row["source_code"] not in SOURCES]
        if wrong:
            error = {
                "message": 'Source with code "%1" does not exist.',
                "parameters": [wrong[0]["source_code"]],
            }
            return Response(400, {"message": "Source Item Validation Failed", "errors": [error]})
        for row in rows:
            self.written += 1
            sku, source = str(row["sku"]), str(row["source_code"])
            self.sources[sku, source] = {"sku": sku, "source_code": source, **row}
        return Response(200, [])

    def priced(self, rows: Sequence[Json]) -> list[Json]:
        failed: list[Json] = []
        for row in rows:
            sku = str(row["sku"])
            if sku not in self.products or sku in self.refuses:
                failed.append({**_SKU_IS_WRONG, "parameters": ["SKU", sku]})
                continue
            self.written += 1
            self.products[sku]["price"] = row["price"]
        return failed

    def _special(self, rows: Sequence[Json], operation: str) -> list[Json]:
        """One is taken away by saying what it is: another one stays."""
        failed: list[Json] = []
        for row in rows:
            product = self.products.get(str(row["sku"]))
            if product is None:
                failed.append({**_SKU_IS_WRONG, "parameters": ["SKU", str(row["sku"])]})
                continue
            told = {
                "special_price": str(row["price"]),
                "special_from_date": str(row["price_from"]),
                "special_to_date": str(row["price_to"]),
            }
            rest = cast("list[Json]", product["custom_attributes"])
            others = [one for one in rest if one["attribute_code"] not in told]
            have = {str(one["attribute_code"]): str(one["value"]) for one in rest if one not in others}
            if operation == "special":
                others += [{"attribute_code": code, "value": value} for code, value in told.items()]
            elif have != told:
                continue
            product["custom_attributes"] = others
        return failed

    def special(self, sku: str) -> float | None:
        """What it costs instead of its price, whatever its days are."""
        told = cast("list[Json]", self.products[sku]["custom_attributes"])
        return next((float(str(o["value"])) for o in told if o["attribute_code"] == "special_price"), None)

    def _prices(self, skus: Sequence[str]) -> list[Json]:
        known = (self.products[sku] for sku in skus if sku in self.products)
        return [{"sku": each["sku"], "price": each["price"], "store_id": 0} for each in known]

    def _put(self, sku: str, source: str, quantity: int) -> None:
        self.sources[sku, source] = _source_row(sku, source, quantity)


_LOCALE = {"locale": "de_DE", "weight_unit": "kgs"}


def _source_row(sku: str, source: str, quantity: int) -> Json:
    return {"sku": sku, "source_code": source, "quantity": quantity, "status": int(quantity > 0)}
