"""The place where goods come in."""

from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import storable
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted

DOCKS = """
select p.code from stock_place p join stock_bin b on b.place_id = p.id
join stock_location l on l.id = p.location_id
where l.code = %(site)s and b.kind = 'receiving' and b.is_active and (%(place)s = '' or p.code = %(place)s)
order by p.code limit 1
"""


def dock(site: str, place: str = "", *, at: datetime, by: str) -> str:
    """The code of the place asked for, else of the site's first bin of kind receiving; a site without one
    gets SITE/DOCK. Raises Invalid when the place is no receiving bin of the site, NotFound without site."""
    asked = storable(place.strip())
    if asked and not asked.startswith(f"{site}/"):
        asked = f"{site}/{asked}"
    for (code,) in sql.run(DOCKS, {"site": site, "place": asked}):
        return str(code)
    if asked:
        raise Invalid(what="The place", errors={"place": f"no bin of kind receiving of {site}"})
    lay_bins(site, [BinWanted(code="DOCK", kind="receiving")], at=at, by=by)
    return f"{site}/DOCK"
