"""What is offered: stock for each location, and prices."""

import json
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple, cast

from quartermaster.testing.simulators.shopify.nodes import Json, gid, page, parts

HERE = gid("Location", 1)
TITLE_MAX = 255
_HALF_A_KILO: Json = {"unit": "KILOGRAMS", "value": 0.5}


class Variant(NamedTuple):
    product: int
    variant: int
    item: int
    code: str

    @property
    def name(self) -> str:
        return f"{self.product}/{self.variant}/{self.item}"


class Goods:
    """`offer` puts something up for sale, `counts` is what the shop has of it, `prices` what it costs."""

    def __init__(self) -> None:
        self.places = {HERE: "Warehouse"}
        self.variants: dict[str, Variant] = {}  # by the number of the variant
        self.counts: dict[tuple[str, str], int] = {}  # item and location
        self.prices: dict[str, str] = {}
        self.titles: dict[int, str] = {}  # by product
        self.barcodes: dict[str, str] = {}  # by variant, with the next
        self.weights: dict[str, Json] = {}
        self.compared_at: dict[str, str] = {}
        self.untracked: set[str] = set()
        self.writes = 0
        self._answered: dict[str, tuple[str, Json]] = {}  # idempotency key -> what was asked, and the answer

    def offer(self, code: str, quantity: int, price: str, *, product: int = 0) -> str:
        n = len(self.variants) + 1
        made = Variant(product or 10_000 + n, 20_000 + n, 30_000 + n, code)
        self.variants[str(made.variant)] = made
        self.counts[gid("InventoryItem", made.item), HERE] = quantity
        self.prices[str(made.variant)] = price
        return made.name

    def count_in(self, code: str, units: int) -> None:
        """Units are for sale again."""
        for one in self.variants.values():
            if one.code == code:
                self.counts[gid("InventoryItem", one.item), HERE] += units

    def of_goods(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "Shop": self._shop,
            "Variants": self._variants,
            "TheseVariants": self._these,
            "SetQuantities": self._set_quantities,
            "SetPrices": self._set_prices,
            "Products": self._products,
            "SetTitle": self._set_title,
            "SetVariants": self._set_variants,
        }

    def once(self, key: str, asked: object, answer: Json | None) -> Json | None:
        """With an answer: it is kept under the key. Without: what was answered before, or that it was another
        question then."""
        content = json.dumps(asked, sort_keys=True)
        if answer is not None:
            self._answered[key] = (content, answer)
            return answer
        before = self._answered.get(key)
        if before is None:
            return None
        return before[1] if before[0] == content else {}

    def _shop(self, asked: Json) -> Json:
        nodes = [
            {"id": place, "name": name, "isActive": True, "fulfillsOnlineOrders": True}
            for place, name in self.places.items()
        ]
        return {"shop": {"currencyCode": "EUR"}, "locations": page(nodes)}

    def _variants(self, asked: Json) -> Json:
        after, size = int(str(asked["query"]).partition(">")[2]), int(str(asked["first"]))
        variants = list(self.variants.values())  # in the order of their numbers
        rows = variants[bisect_right(variants, after, key=lambda one: one.variant) :]
        shown = [self._offered(one, asked["location"]) for one in rows[:size]]
        found = page(shown, has_next=len(rows) > size)
        return {"shop": {"currencyCode": "EUR"}, "productVariants": found}

    def _these(self, asked: Json) -> Json:
        found: list[Json | None] = []
        for one in asked["ids"] if isinstance(asked["ids"], list) else []:
            variant = self.variants.get(str(one).rpartition("/")[2])
            shown = self._offered(variant, asked["location"]) if variant else None
            found.append({"__typename": "ProductVariant"} | shown if shown else None)
        return {"shop": {"currencyCode": "EUR"}, "nodes": found}

    def _offered(self, one: Variant, location: object) -> Json:
        item = gid("InventoryItem", one.item)
        count = self.counts.get((item, str(location)))
        level = None if count is None else {"quantities": [{"name": "available", "quantity": count}]}
        return {
            "id": gid("ProductVariant", one.variant),
            "sku": one.code,
            "title": "Default Title",
            "barcode": self.barcodes.get(str(one.variant)),
            "price": self.prices[str(one.variant)],
            "compareAtPrice": self.compared_at.get(str(one.variant)),
            "product": {
                "id": gid("Product", one.product),
                "title": self.titles.get(one.product, one.code.title()),
                "status": "ACTIVE",
            },
            "inventoryItem": {
                "id": item,
                "tracked": one.name not in self.untracked,
                "measurement": {"weight": self.weights.get(str(one.variant), _HALF_A_KILO)},
                "inventoryLevel": level,
            },
        }

    def _set_quantities(self, asked: Json) -> Json:
        """All rows or none. The same key is the same write; one that was spent on another is refused."""
        key, wanted = str(asked["key"]), asked["input"]
        before = self.once(key, wanted, None)
        if before:
            return before
        wrong = [] if before is None else [_wrong("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", None)]
        rows = parts(wanted, "quantities") if isinstance(wanted, dict) else []
        for n, row in enumerate(rows):
            has = self.counts.get((str(row["inventoryItemId"]), str(row["locationId"])))
            expected = row["changeFromQuantity"]
            if has is None:
                is_item = str(row["inventoryItemId"]) in {item for item, _ in self.counts}
                wrong.append(
                    _wrong("ITEM_NOT_STOCKED_AT_LOCATION" if is_item else "INVALID_INVENTORY_ITEM", n)
                )
            elif expected is not None and expected != has:
                wrong.append(_wrong("CHANGE_FROM_QUANTITY_STALE", n))
        if wrong:
            return {"inventorySetQuantities": {"inventoryAdjustmentGroup": None, "userErrors": wrong}}
        for row in rows:
            self.counts[str(row["inventoryItemId"]), str(row["locationId"])] = int(str(row["quantity"]))
            self.writes += 1
        group = {"id": gid("InventoryAdjustmentGroup", self.writes)}
        answer: Json = {"inventorySetQuantities": {"inventoryAdjustmentGroup": group, "userErrors": []}}
        return self.once(key, wanted, answer) or answer

    def _set_prices(self, asked: Json) -> Json:
        return self._updated(asked, self._price)

    def _set_variants(self, asked: Json) -> Json:
        return self._updated(asked, self._say)

    def _price(self, variant: str, row: Json) -> None:
        self.prices[variant] = str(row["price"])
        if "compareAtPrice" in row:
            was = row["compareAtPrice"]
            self.compared_at.pop(variant, None)
            self.compared_at |= {} if was is None else {variant: str(was)}

    def _say(self, variant: str, row: Json) -> None:
        if "barcode" in row:
            self.barcodes[variant] = str(row["barcode"])
        if isinstance(item := row.get("inventoryItem"), dict):
            self.weights[variant] = {**item["measurement"]["weight"]}

    def _updated(self, asked: Json, write: Callable[[str, Json], None]) -> Json:
        """What is in order is written, what is not is named."""
        product = str(asked["product"]).rpartition("/")[2]
        done, wrong = [], []
        if not self._of(product):
            missing = _wrong("PRODUCT_DOES_NOT_EXIST", None) | {"field": ["productId"]}
            return {"productVariantsBulkUpdate": {"productVariants": None, "userErrors": [missing]}}
        for n, row in enumerate(parts(asked, "variants")):
            variant = self.variants.get(str(row["id"]).rpartition("/")[2])
            if variant is None or str(variant.product) != product:
                missing = _wrong("PRODUCT_VARIANT_DOES_NOT_EXIST", n)
                wrong.append(missing | {"field": ["variants", str(n), "id"]})
                continue
            write(str(variant.variant), row)
            self.writes += 1
            done.append({"id": row["id"]})
        return {"productVariantsBulkUpdate": {"productVariants": done, "userErrors": wrong}}

    def _products(self, asked: Json) -> Json:
        found: list[Json | None] = []
        for one in asked["ids"] if isinstance(asked["ids"], list) else []:
            count = len(self._of(str(one).rpartition("/")[2]))
            shown: Json = {"__typename": "Product", "id": one, "hasOnlyDefaultVariant": count == 1}
            found.append(shown if count else None)
        return {"nodes": found}

    def _set_title(self, asked: Json) -> Json:
        told = cast("Json", asked["product"])
        product, title = str(told["id"]).rpartition("/")[2], str(told["title"])
        if not self._of(product):
            wrong = [{"field": ["id"], "message": "Product does not exist"}]
            return {"productUpdate": {"product": None, "userErrors": wrong}}
        if len(title) > TITLE_MAX:
            wrong = [{"field": ["title"], "message": "Title is too long (maximum is 255 characters)"}]
            return {"productUpdate": {"product": None, "userErrors": wrong}}
        self.titles[int(product)] = title
        self.writes += 1
        return {"productUpdate": {"product": {"id": told["id"], "title": title}, "userErrors": []}}

    def _of(self, product: str) -> list[Variant]:
        return [one for one in self.variants.values() if str(one.product) == product]


def _wrong(code: str, row: int | None) -> Json:
    field = None if row is None else ["input", "quantities", str(row)]
    return {"code": code, "field": field, "message": code.replace("_", " ").capitalize()}
