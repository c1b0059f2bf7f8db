"""Where units on the dock should go, asked before anybody walks."""

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short, storable
from quartermaster.inbound.queries.candidates import candidates, item
from quartermaster.inbound.queries.rules import chain_in_force
from quartermaster.inbound.rules.put_away import Suggestion, suggest
from quartermaster.stock.queries.locations import location_id


def suggestion(site: str, sku: str, units: int, *, lot: str = "") -> Suggestion:
    """The place for these units, and why. Raises NotFound."""
    location = location_id(site)
    found = sql.run("select id from catalog_sku where code = %s and not is_kit", (storable(sku),))
    if not found:
        raise NotFound(what="SKU that is stocked", which=short(sku, 80))
    sku_id = found[0][0]
    _, chain = chain_in_force()
    return suggest(item(sku_id, units, lot), candidates(location, sku_id), chain)
