"""Labels nobody has printed yet."""

from collections.abc import Sequence
from typing import Final

from quartermaster.core import sql

PRINTED_MAX: Final = 500  # on one sheet: what is typeset in a few seconds
UNPRINTED: Final = """
select p.id from warehouse_parcel p join shipping_label l on l.parcel_id = p.id and l.state = 'bought'
left join stock_location s on s.id = p.location_id
where p.state = 'labelled' and l.printed_at is null and l.manifest_id is null
  and (%(sites)s::text[] is null or s.code = any(%(sites)s))
order by p.id limit %(most)s
"""


def unprinted(sites: Sequence[str] = ()) -> list[int]:
    """Parcels in the house whose label was not printed, the oldest first, PRINTED_MAX at most. sites: only of
    these, none: all."""
    asked = {"sites": list(sites) or None, "most": PRINTED_MAX}
    return [int(parcel_id) for (parcel_id,) in sql.run(UNPRINTED, asked)]
