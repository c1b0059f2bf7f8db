"""Fix findings, one or all of a cause: a change of the catalog that can be taken back, row by row."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.catalog.actions import edit_skus
from quartermaster.catalog.rules.edits import Edit
from quartermaster.channels.actions import map_listing
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.quality.actions.lint import mark
from quartermaster.quality.rules.causes import CAUSES
from quartermaster.quality.rules.goods import Fix

FIXES_MAX = 5000
SIDES = ("length_mm", "width_mm", "height_mm")
FIXABLE = """
select f.id, f.cause, f.fix::text, s.id, s.code, l.id, l.name, c.slug from quality_finding f
left join catalog_sku s on s.id = f.sku_id
left join channels_listing l on l.id = f.listing_id left join inbox_connection c on c.id = l.shop_id
where f.fix is not null and f.ignored_at is null and {which} order by f.id limit %(most)s
"""
_fix = msgspec.json.Decoder(Fix)


class NothingToFix(Refused):
    code = "nothing-to-fix"
    message = "Nothing of this can be fixed by itself."
    remedy = "Look at the products again: it may be fixed already, or it needs a person's knowledge."


class Fixed(msgspec.Struct, frozen=True):
    """edit: the number of the catalog's change, with a row for each SKU; None when only listings were mapped.
    mapped: listings that have their SKU now; refused: listing -> why not."""

    edit: int | None
    mapped: int
    refused: dict[str, str]


def fix_findings(ids: Sequence[int] = (), *, cause: str = "", at: datetime, by: str) -> Fixed:
    """Apply the fix of these findings, or of all of a cause. A SKU that changed meanwhile is not touched: its
    row says so. Raises NothingToFix."""
    which = "f.cause = %(cause)s" if cause else "f.id = any(%(ids)s)"
    asked = {"ids": list(ids), "cause": cause, "most": FIXES_MAX}
    found = sql.run(FIXABLE.format(which=which), asked)
    if not found:
        raise NothingToFix()
    wanted: dict[str, tuple[int, dict[str, str], dict[str, str]]] = {}
    causes = []
    for _, named, fix, sku_id, code, listing, _, _ in found:
        if listing is None:
            cells, expects = _cells(_fix.decode(fix))
            held = wanted.setdefault(code, (sku_id, {}, {}))
            if (
                not held[1].keys() & cells.keys()
            ):  # one fix of a cell at a time: the next look finds the other
                held[1].update(cells)
                held[2].update(expects)
                causes.append(CAUSES[named].title)
    edit = _apply(wanted, "; ".join(dict.fromkeys(causes)), at=at, by=by) if wanted else None
    mapped, refused = 0, {}
    for _, _, fix, _, _, listing, name, slug in found:
        if listing is None:
            continue
        try:
            map_listing(slug, name, sku=_fix.decode(fix).after, at=at, by=by)
            mapped += 1
        except Refused as refusal:
            refused[f"{slug} {name}"] = refusal.title
    return Fixed(edit, mapped, refused)


@transaction.atomic
def _apply(
    wanted: dict[str, tuple[int, dict[str, str], dict[str, str]]], because: str, *, at: datetime, by: str
) -> int:
    edits = [Edit(code=code, cells=cells, expects=expects) for code, (_, cells, expects) in wanted.items()]
    number = edit_skus(edits, kind="fix", because=because, at=at, by=by)
    mark(sku_id for sku_id, _, _ in wanted.values())
    return number


def _cells(fix: Fix) -> tuple[dict[str, str], dict[str, str]]:
    """What is written, and what must stand there still."""
    if fix.column == "sides":
        sides = [dict(zip(SIDES, text.split("|"), strict=True)) for text in (fix.after, fix.before)]
        return sides[0], sides[1]
    return {fix.column: fix.after}, {fix.column: fix.before}
