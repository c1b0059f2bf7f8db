"""A SKU as somebody wants it, and whether that can be."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import UNSET, Struct, UnsetType, json, structs

from quartermaster.catalog.rules.barcodes import doubt_about
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.money import MINOR_MAX
from quartermaster.core.quantities import QUANTITY_MAX

POLICIES = ("deny", "backorder", "preorder")
CODE_MAX, TITLE_MAX, BARCODE_MAX = 255, 500, 80
WEIGHT_MAX_G, SIDE_MAX_MM = 100_000_000, 1_000_000
_HS_CODE = re.compile(r"\d{4}(?:\.?\d{2}){0,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")

type Facts = Mapping[str, object]


class Draft(Struct, frozen=True, kw_only=True):
    """A SKU to make or change. What is not given stays as it is, or gets its ordinary value when it is new.

    product: code of the product it is a variant of, "" for none. barcodes: code -> base units one scan stands
    for; added to those it has. units: name -> base units in one; these and no others besides the base unit.
    """

    code: str
    title: str | UnsetType = UNSET
    product: str | UnsetType = UNSET
    options: Mapping[str, str] | UnsetType = UNSET
    attributes: Mapping[str, object] | UnsetType = UNSET
    category: str | UnsetType = UNSET  # kept among the attributes, beside the others
    base_unit: str | UnsetType = UNSET
    weight_g: int | UnsetType | None = UNSET
    length_mm: int | UnsetType | None = UNSET
    width_mm: int | UnsetType | None = UNSET
    height_mm: int | UnsetType | None = UNSET
    cost_minor: int | UnsetType | None = UNSET
    currency: str | UnsetType = UNSET
    hs_code: str | UnsetType = UNSET
    origin_country: str | UnsetType = UNSET
    is_hazmat: bool | UnsetType = UNSET
    policy: str | UnsetType = UNSET
    backorder_cap: int | UnsetType | None = UNSET
    available_on: date | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET
    barcodes: Mapping[str, int] | UnsetType = UNSET
    without: tuple[str, ...] = ()  # barcodes it lets go of
    units: Mapping[str, int] | UnsetType = UNSET

    def given(self) -> dict[str, object]:
        """Field -> value of everything that was given, the code aside."""
        return {
            name: value
            for name, value in structs.asdict(self).items()
            if value is not UNSET and name not in ("code", "category", "without")
        }


NEW: dict[str, object] = {
    "title": "",
    "product": "",
    "options": {},
    "attributes": {},
    "base_unit": "each",
    "weight_g": None,
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "cost_minor": None,
    "currency": "",
    "hs_code": "",
    "origin_country": "",
    "is_hazmat": False,
    "policy": "backorder",
    "backorder_cap": None,
    "available_on": None,
    "is_active": True,
    "barcodes": {},
    "units": {},
}
_LIMITS = {
    "weight_g": WEIGHT_MAX_G,
    "length_mm": SIDE_MAX_MM,
    "width_mm": SIDE_MAX_MM,
    "height_mm": SIDE_MAX_MM,
    "cost_minor": MINOR_MAX,
    "backorder_cap": QUANTITY_MAX,
}


def after(before: Facts, draft: Draft) -> dict[str, object]:
    """The SKU as it will be; `before` is NEW for one that is not there yet."""
    wanted = draft.given()
    if draft.barcodes is not UNSET or draft.without:
        known, more = before["barcodes"], {} if draft.barcodes is UNSET else draft.barcodes
        assert isinstance(known, Mapping)
        kept = {code: quantity for code, quantity in known.items() if code not in draft.without}
        wanted["barcodes"] = {**kept, **more}
    if draft.category is not UNSET:
        others = wanted.get("attributes", before["attributes"])
        assert isinstance(others, Mapping)
        wanted["attributes"] = {**others, "category": draft.category}
    return {**before, **wanted}


def changed(before: Facts, after: Facts) -> dict[str, tuple[object, object]]:
    """Field -> (before, after) of what differs."""
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}


def errors_in(code: str, sku: Facts) -> dict[str, str]:
    """Field -> what is wrong with a SKU as it would be."""
    return dict([*_code(code), *_numbers(sku), *_texts(sku), *_packs(sku)])


def doubts_in(sku: Facts) -> dict[str, str]:
    """Field -> what is probably wrong, and accepted."""
    barcodes = sku["barcodes"]
    assert isinstance(barcodes, Mapping)
    doubts = [doubt for code in barcodes if (doubt := doubt_about(code))]
    return {"barcode": "; ".join(doubts)} if doubts else {}


def is_name(text: str, limit: int) -> bool:
    """Whether a text can name something: printable, not blank, no space at either end."""
    return 0 < len(text) <= limit and text.isprintable() and text == text.strip()


def _code(code: str) -> Iterator[tuple[str, str]]:
    if not is_name(code, CODE_MAX):
        yield "sku", f"1 to {CODE_MAX} printable characters without spaces around them"


def _numbers(sku: Facts) -> Iterator[tuple[str, str]]:
    for name, limit in _LIMITS.items():
        value = sku[name]
        if value is not None and not (isinstance(value, int) and 0 <= value <= limit):
            yield name, f"a whole number from 0 to {limit}"


def _texts(sku: Facts) -> Iterator[tuple[str, str]]:
    title, product = str(sku["title"]), str(sku["product"])
    if len(title) > TITLE_MAX or not title.isprintable():
        yield "title", f"at most {TITLE_MAX} printable characters"
    if product and not is_name(product, CODE_MAX):
        yield "product", f"at most {CODE_MAX} printable characters"
    if sku["currency"] and sku["currency"] not in EXPONENT:
        yield "currency", "a currency of ISO 4217, such as EUR"
    elif sku["cost_minor"] is not None and not sku["currency"]:
        yield "currency", "needed with a cost"
    if sku["hs_code"] and not _HS_CODE.fullmatch(str(sku["hs_code"])):
        yield "hs_code", "4, 6, 8 or 10 digits, such as 9405.11"
    if sku["origin_country"] and not _COUNTRY.fullmatch(str(sku["origin_country"])):
        yield "origin_country", "two capital letters of ISO 3166, such as DE"
    for name in ("options", "attributes"):
        if not _is_storable(sku[name]):
            yield name, "texts, numbers and lists without control characters"
    if sku["policy"] not in POLICIES:
        yield "policy", f"one of {', '.join(POLICIES)}"


def _is_storable(value: object) -> bool:
    """Whether PostgreSQL's JSON can hold it: no NUL, no half of a character."""
    try:
        return b"\\u0000" not in json.encode(value)
    except (TypeError, ValueError, UnicodeEncodeError):
        return False


def _packs(sku: Facts) -> Iterator[tuple[str, str]]:
    barcodes, units, unit = sku["barcodes"], sku["units"], str(sku["base_unit"])
    assert isinstance(barcodes, Mapping)
    assert isinstance(units, Mapping)
    if not is_name(unit, 20):
        yield "base_unit", "1 to 20 printable characters, such as each, g or mm"
    for code, quantity in barcodes.items():
        if not is_name(code, BARCODE_MAX):
            yield "barcode", f"1 to {BARCODE_MAX} printable characters"
        elif not 0 < quantity <= QUANTITY_MAX:
            yield "barcode", f"{code}: a scan stands for at least one unit"
    for name, factor in units.items():
        if not is_name(name, 20) or name == unit or not 0 < factor <= QUANTITY_MAX:
            yield "units", f"{name}: another name than the base unit's, and at least one {unit} in it"
