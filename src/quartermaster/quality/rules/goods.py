"""What the rules look at, and what they say."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct


class Fix(Struct, frozen=True):
    """What would mend it: a cell of the catalog's table (`column` "map": the SKU of a listing), with the
    arithmetic as a sentence."""

    column: str
    before: str
    after: str
    because: str


class Found(Struct, frozen=True):
    """about: which of several barcodes, units or shops. others: ids of SKUs it is about, too."""

    cause: str
    says: str
    about: str = ""
    fix: Fix | None = None
    others: tuple[int, ...] = ()


class Twin(NamedTuple):
    """A barcode that is the same number as one of another SKU, in another form."""

    barcode: str
    theirs: str
    sku: str
    sku_id: int


class Other(NamedTuple):
    sku: str
    sku_id: int


class KitPart(NamedTuple):
    sku: str
    is_active: bool
    weight_g: int | None
    quantity: int


class Good(Struct, frozen=True, kw_only=True):
    """A SKU with all that can be wrong with it. usual_weight_g: the median of its product's variants, when
    there are `variants` of them with a weight. sold_at: shops that sold it lately, have their listings read
    and do not list it."""

    id: int
    code: str
    title: str = ""
    is_kit: bool = False
    is_active: bool = True
    base_unit: str = "each"
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    cost_minor: int | None = None
    hs_code: str = ""
    origin_country: str = ""
    barcodes: Mapping[str, int] = {}
    units: Mapping[str, int] = {}
    twins: tuple[Twin, ...] = ()
    same: tuple[Other, ...] = ()
    parts: tuple[KitPart, ...] = ()
    usual_weight_g: int | None = None
    variants: int = 0
    title_fits: bool = True
    code_fits: bool = True
    listed: tuple[str, ...] = ()
    sold_at: tuple[str, ...] = ()

    @property
    def sides_mm(self) -> tuple[int, int, int] | None:
        """All three, when all are known and none is 0."""
        sides = (self.length_mm, self.width_mm, self.height_mm)
        return None if None in sides or 0 in sides else sides  # type: ignore[return-value]  # looked at
