"""All that is wrong with one SKU, its score, and what each shop still lacks of it."""

import re
from collections.abc import Collection, Iterator, Mapping

from quartermaster.quality.rules.barcodes import barcodes
from quartermaster.quality.rules.goods import Fix, Found, Good
from quartermaster.quality.rules.measures import measures, units

_SPACES = re.compile(r"\s+")
# what a shop may need -> what it is called
NEEDS = {
    "title": "title",
    "barcode": "barcode",
    "weight_g": "weight",
    "sides": "dimensions",
    "hs_code": "HS code",
    "origin_country": "country of origin",
}


def lint(good: Good, *, off: Collection[str] = ()) -> tuple[Found, ...]:
    """What is wrong with it, in a fixed order; nothing of what is not sold any more. off: causes nobody looks
    for."""
    if not good.is_active:
        return ()
    found = (*_names(good), *_kit(good), *measures(good), *units(good), *barcodes(good), *_papers(good))
    return tuple(one for one in found if one.cause not in off)


def lacking(good: Good, needs: Collection[str]) -> tuple[str, ...]:
    """What a shop needs of it and it has not, in the order of NEEDS. A kit is not weighed."""
    has = {
        "title": bool(good.title),
        "barcode": bool(good.barcodes),
        "weight_g": bool(good.weight_g) or good.is_kit,
        "sides": good.sides_mm is not None or good.is_kit,
        "hs_code": bool(good.hs_code) or good.is_kit,
        "origin_country": bool(good.origin_country) or good.is_kit,
    }
    return tuple(name for name in NEEDS if name in needs and not has[name])


def complete(good: Good, needs: Mapping[str, Collection[str]]) -> dict[str, dict[str, object]]:
    """Shop -> percent of what it needs and what is lacking, for the shops that list it."""
    told = {}
    for shop in good.listed:
        asked = needs.get(shop, ())
        lacks = lacking(good, asked)
        percent = 100 if not asked else round(100 * (len(asked) - len(lacks)) / len(asked))
        told[shop] = {"percent": percent, "lacks": [NEEDS[name] for name in lacks]}
    return told


def _names(good: Good) -> Iterator[Found]:
    tidy = _SPACES.sub(" ", good.title).strip()
    if not tidy:
        yield Found("no-title", "it has no title")
    elif tidy != good.title:
        fix = Fix("title", good.title, tidy, "one space between words, none around them")
        yield Found("title-form", "spaces too many in the title", fix=fix)
    if tidy and not good.title_fits:
        yield Found("title-rule", f"the title {good.title[:120]!r} does not follow your rule")
    if not good.code_fits:
        yield Found("code-rule", f"the code {good.code[:120]!r} does not follow your rule")
    for other in good.same:
        says = f"{other.sku} is the same variant: same product, options and title"
        yield Found("same-variant", says, other.sku, others=(other.sku_id,))
    for shop in good.sold_at:
        yield Found("not-listed", f"{shop} sold it in the last 90 days and does not list it", shop)


def _kit(good: Good) -> Iterator[Found]:
    if not good.is_kit:
        return
    if not good.parts:
        yield Found("kit-broken", "it is a kit without parts")
    for part in good.parts:
        if not part.is_active:
            says = f"its part {part.sku} ({part.quantity} in one) is not sold any more"
            yield Found("kit-broken", says, part.sku)


def _papers(good: Good) -> Iterator[Found]:
    """A kit's parts have theirs."""
    if good.is_kit:
        return
    if not good.hs_code:
        yield Found("no-hs-code", "it has no HS code")
    if not good.origin_country:
        yield Found("no-origin", "it has no country of origin")
    if good.cost_minor is None:
        yield Found("no-cost", "it has no cost")
