"""The zone a shop counts its days in."""

from quartermaster.core import sql

ZONE = "select timezone from stock_location where is_active order by kind <> 'own', id limit 1"


def shop_zone() -> str:
    """That of its first own site; UTC while there is none."""
    found = sql.run(ZONE)
    return str(found[0][0]) if found else "UTC"
