"""More or fewer units are on their way to a site than before."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import StockPolicyChanged
from quartermaster.stock.actions.lock import open_levels
from quartermaster.stock.rules.posting import At

CHANGE = """
with wanted as materialized (
  select * from jsonb_to_recordset(%s::jsonb) as w(sku_id bigint, location_id bigint, units bigint)),
before as materialized (
  select sku_id, location_id, v.incoming as units from stock_level v join wanted using (sku_id, location_id))
update stock_level v set incoming = greatest(0, b.units + w.units)
from wanted w join before b using (sku_id, location_id)
join catalog_sku s on s.id = w.sku_id join stock_location l on l.id = w.location_id
where v.sku_id = w.sku_id and v.location_id = w.location_id and greatest(0, b.units + w.units) <> b.units
returning v.sku_id, s.code, l.code, b.units, v.incoming
"""


def expect(changes: Mapping[At, int], *, at: datetime, by: str) -> None:
    """Raise or lower what is on its way to levels, never below nothing: somebody may have set it by hand.

    Locks the levels, opened on first use. Announces StockPolicyChanged. Three statements.
    """
    assert sql.in_transaction(), "expect() belongs inside an action's transaction"
    wanted = {key: units for key, units in Counter(changes).items() if units}
    if not wanted:
        return
    open_levels(wanted)
    rows = sql.rows(
        {"sku_id": sku_id, "location_id": location_id, "units": units}
        for (sku_id, location_id), units in sorted(wanted.items())
    )
    emit(
        StockPolicyChanged(
            subject=f"sku:{sku}",
            at=at,
            actor=by,
            source="stock",
            sku_id=sku_id,
            location=location,
            changed={"incoming": (before, after)},
        )
        for sku_id, sku, location, before, after in sql.run(CHANGE, (rows,))
    )
