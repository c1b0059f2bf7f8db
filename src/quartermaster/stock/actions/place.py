"""Find places by their codes; make a site's bins and zones on first use."""

from collections.abc import Iterable
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.stock.rules.moves import is_world, site_of


class UnknownPlace(Refused):
    code = "unknown-place"
    status = 422
    message = "There is no place {place}: no site is called {site}."
    remedy = "Check the spelling, or add the site first. Bins of a known site need no adding."


class Place(NamedTuple):
    id: int
    location_id: int  # 0 in the world


FIND = "select code, id, coalesce(location_id, 0) from stock_place where code = any(%(codes)s)"

# A parent comes before its children; a bin that gets children was a zone all along.
MAKE = """
insert into stock_place (code, kind, location_id, within_id)
select w.code, w.kind, l.id, p.id
from unnest(%(codes)s::text[], %(kinds)s::text[], %(within)s::text[]) as w(code, kind, within)
join stock_location l on l.code = split_part(w.code, '/', 1)
left join stock_place p on p.code = w.within
order by w.code
on conflict (code) do update set kind = 'zone' where stock_place.kind = 'bin' and excluded.kind = 'zone'
"""


def places(codes: Iterable[str]) -> dict[str, Place]:
    """The places of these codes; bins that are new are made. One statement, or five with new ones.

    Raises UnknownPlace when there is no such site.
    """
    wanted = sorted(set(codes))
    found = _find(wanted)
    if len(found) < len(wanted):
        _make(code for code in wanted if code not in found)
        found = _find(wanted)
    for code in wanted:
        if code not in found:
            raise UnknownPlace(place=code, site=site_of(code))
    return found


def _find(codes: list[str]) -> dict[str, Place]:
    return {code: Place(*ids) for code, *ids in sql.run(FIND, {"codes": codes})}


def _make(missing: Iterable[str]) -> None:
    """Level by level, because a child needs its parent's id."""
    depths: list[dict[str, str]] = [{}, {}, {}]  # code -> kind
    for code in missing:
        parts = code.split("/")
        for depth in range(len(parts)):
            kind = "site" if depth == 0 else "bin" if depth == len(parts) - 1 else "zone"
            depths[depth].setdefault("/".join(parts[: depth + 1]), kind)
            if kind == "zone":
                depths[depth]["/".join(parts[: depth + 1])] = kind
    for row in depths:
        codes = [code for code in row if not is_world(code)]
        if codes:
            within = [code.rpartition("/")[0] for code in codes]
            sql.run(MAKE, {"codes": codes, "kinds": [row[code] for code in codes], "within": within})
