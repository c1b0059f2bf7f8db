"""Write down which listings say something else than their products."""

from collections.abc import Collection

from quartermaster.core import sql
from quartermaster.quality.queries.differences import DIFFERING

# A listing that is no SKU of ours any more differs from nothing.
COMPARE = f"""
with new as materialized ({DIFFERING.format(which="l.sku_id = any(%(skus)s)")}),
gone as (
  delete from quality_differing d using channels_listing l
  where l.id = d.listing_id and (l.sku_id = any(%(skus)s) or l.id = any(%(listings)s) and l.sku_id is null)
    and not exists (select from new n where n.field = d.field and n.id = d.listing_id))
insert into quality_differing (field, listing_id) select field, id from new order by 1, 2
on conflict do nothing
"""  # noqa: S608 - constants only


def compare(skus: Collection[int], listings: Collection[int]) -> None:
    """Of these SKUs, and of listings that may be none of ours now: in the transaction of whoever looks at
    them. One statement."""
    sql.run(COMPARE, {"skus": sorted(skus), "listings": sorted(listings)}, prepare=False)
