"""Say what the bins of a site are: their kind, what they take, and where they stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from msgspec import json

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.texts import short, storable
from quartermaster.events import BinsLaid, FloorPlanned
from quartermaster.stock.actions.place import places
from quartermaster.stock.queries.locations import location_id
from quartermaster.stock.rules import bins as rules
from quartermaster.stock.rules.bins import LENGTH_MAX, BinWanted


class Laid(NamedTuple):
    """What became of a bin: why it was refused; is_new false when nothing had to change. made: its id, where
    nothing was known of it before."""

    refused: Invalid | None = None
    is_new: bool = True
    made: int | None = None


LOCK = "select pg_advisory_xact_lock(hashtextextended('bins', %s))"
FOUND = """
select substr(p.code, length(%(site)s) + 2), (
  to_jsonb(b) - '{aisle_id,sku_id,place_id,changed_at,is_withdrawn}'::text[]
  || jsonb_build_object('aisle', a.code, 'aisle_x_mm', a.x_mm, 'sku', s.code))::text
from stock_place p join stock_bin b on b.place_id = p.id
left join stock_aisle a on a.id = b.aisle_id left join catalog_sku s on s.id = b.sku_id
where p.code = any(%(codes)s) and not b.is_withdrawn
"""
AISLES = """
insert into stock_aisle (location_id, code, x_mm)
select %(location)s, code, x_mm from jsonb_to_recordset(%(aisles)s::jsonb) as w(code text, x_mm int)
order by code
on conflict (location_id, code) do update set x_mm = excluded.x_mm where stock_aisle.x_mm <> excluded.x_mm
"""
SAVE = """
insert into stock_bin (place_id, kind, units_max, volume_max_ml, weight_max_g, length_mm, width_mm, height_mm,
  pick_sequence, aisle_id, position_mm, side, level, sku_id, is_active, changed_at)
select p.id, w.kind, w.units_max, w.volume_max_ml, w.weight_max_g, w.length_mm, w.width_mm, w.height_mm,
  w.pick_sequence, a.id, w.position_mm, w.side, w.level, s.id, w.is_active, %(at)s
from jsonb_to_recordset(%(bins)s::jsonb) as w(place text, kind text, units_max bigint, volume_max_ml bigint,
  weight_max_g bigint, length_mm int, width_mm int, height_mm int, pick_sequence int, aisle text,
  position_mm int, side text, level smallint, sku text, is_active boolean)
join stock_place p on p.code = w.place
left join stock_aisle a on a.location_id = %(location)s and a.code = w.aisle
left join catalog_sku s on s.code = w.sku
order by p.id
on conflict (place_id) do update set kind = excluded.kind, units_max = excluded.units_max,
  volume_max_ml = excluded.volume_max_ml, weight_max_g = excluded.weight_max_g,
  length_mm = excluded.length_mm, width_mm = excluded.width_mm, height_mm = excluded.height_mm,
  pick_sequence = excluded.pick_sequence, aisle_id = excluded.aisle_id, position_mm = excluded.position_mm,
  side = excluded.side, level = excluded.level, sku_id = excluded.sku_id, is_active = excluded.is_active,
  changed_at = excluded.changed_at, is_withdrawn = false
returning place_id, (select substr(p.code, length(%(site)s) + 2) from stock_place p where p.id = place_id)
"""
PLAN = """
insert into stock_floor_plan (location_id, cross_aisles_mm, depot_aisle, depot_cross)
values (%(location)s, %(cross)s::jsonb, %(aisle)s, %(depot_cross)s)
on conflict (location_id) do update set cross_aisles_mm = excluded.cross_aisles_mm,
  depot_aisle = excluded.depot_aisle, depot_cross = excluded.depot_cross
"""


@transaction.atomic
def lay_bins(site: str, wanted: Sequence[BinWanted], *, at: datetime, by: str) -> list[Laid]:
    """Make the bins of a site that are not there, change those that are; one answer per bin, in their order.

    A refused bin stops no other. Raises NotFound when there is no such site. Constant number of statements.
    """
    location = location_id(site)
    sql.run(LOCK, (location,))
    before = _before(site, wanted)
    known = _known(location, wanted)
    now, answers = dict(before), []
    aisles: dict[str, int] = {}
    for one in wanted:
        facts = {**now.get(one.code, rules.NEW), **one.given()}
        errors = rules.errors_in(one.code, facts) | _unknown(facts, *known)
        answers.append(
            Laid(Invalid(what=f"The bin {short(one.code, 80)!r}", errors=errors) if errors else None)
        )
        if not errors:
            now[one.code] = facts
            if isinstance(one.aisle_x_mm, int) and isinstance(facts["aisle"], str):
                aisles[facts["aisle"]] = known[0][facts["aisle"]] = one.aisle_x_mm
    changed = {code: facts for code, facts in now.items() if before.get(code) != facts}
    made = {}
    if changed:
        saved = _save(site, location, changed, aisles, at)
        made = {code: place_id for code, place_id in saved.items() if code not in before}
        emit([BinsLaid(subject=f"location:{site}", at=at, actor=by, location=site, bins=len(changed))])
    return [
        each._replace(is_new=one.code in changed, made=None if each.refused else made.get(one.code))
        for each, one in zip(answers, wanted, strict=True)
    ]


@transaction.atomic
def plan_floor(
    site: str,
    *,
    cross_aisles_mm: Sequence[int],
    depot_aisle: str = "",
    depot_cross: int = 0,
    at: datetime,
    by: str,
) -> None:
    """Say where a site's cross aisles lie (mm from its front, ascending, two at least) and where walks begin.
    Raises NotFound, Invalid."""
    location = location_id(site)
    cross = list(cross_aisles_mm)
    errors = {}
    if len(cross) < 2 or cross != sorted(set(cross)) or not 0 <= cross[0] <= cross[-1] <= LENGTH_MAX:
        errors["cross_aisles_mm"] = "two or more, ascending, in mm from the front of the hall"
    if not 0 <= depot_cross < max(1, len(cross)):
        errors["depot_cross"] = "the number of a cross aisle, the first is 0"
    if errors:
        raise Invalid(what="The floor plan", errors=errors)
    sql.run(
        PLAN,
        {"location": location, "cross": json.encode(cross).decode(), "aisle": depot_aisle}
        | {"depot_cross": depot_cross},
    )
    emit([FloorPlanned(subject=f"location:{site}", at=at, actor=by, location=site)])


def _before(site: str, wanted: Sequence[BinWanted]) -> dict[str, dict[str, object]]:
    codes = [f"{site}/{storable(one.code)}" for one in wanted]
    return {code: json.decode(facts) for code, facts in sql.run(FOUND, {"site": site, "codes": codes})}


def _known(location: int, wanted: Sequence[BinWanted]) -> tuple[dict[str, int], set[str]]:
    """The aisles there are, and of the SKUs named those that are."""
    aisles = dict(sql.run("select code, x_mm from stock_aisle where location_id = %s", (location,)))
    named = [storable(one.sku) for one in wanted if isinstance(one.sku, str)]
    skus = (
        sql.run("select code from catalog_sku where code = any(%s) and not is_kit", (named,)) if named else []
    )
    return aisles, {code for (code,) in skus}


def _unknown(facts: Mapping[str, object], aisles: Mapping[str, object], skus: set[str]) -> dict[str, str]:
    errors = {}
    aisle = facts["aisle"]
    if aisle is not None and facts["aisle_x_mm"] is None and aisle not in aisles:
        errors["aisle_x_mm"] = f"say where the new aisle {aisle} is"
    if facts["sku"] is not None and facts["sku"] not in skus:
        errors["sku"] = "no such SKU, or a kit"
    return errors


def _save(
    site: str,
    location: int,
    changed: Mapping[str, Mapping[str, object]],
    aisles: Mapping[str, int],
    at: datetime,
) -> dict[str, int]:
    """Code -> id of the place."""
    places(f"{site}/{code}" for code in changed)
    if aisles:
        rows = sql.rows({"code": code, "x_mm": x_mm} for code, x_mm in aisles.items())
        sql.run(AISLES, {"location": location, "aisles": rows})
    bins = sql.rows({"place": f"{site}/{code}", **facts} for code, facts in changed.items())
    saved = sql.run(SAVE, {"location": location, "bins": bins, "site": site, "at": at})
    return {code: place_id for place_id, code in saved}
