"""How many promises were kept, held against how many were meant to be."""

from datetime import datetime, timedelta
from math import sqrt
from typing import Final, Literal

import msgspec

from quartermaster.core import sql
from quartermaster.core.queries.reports import Report
from quartermaster.tracking.queries.scorecard import WINDOWS

Z = 1.96  # of a 95 % interval
type By = Literal["site", "lane"]
BY: Final[tuple[By, ...]] = ("site", "lane")


class Kept(msgspec.Struct, frozen=True):
    """Parcels whose promise is over, or that arrived. kept: not later than promised. early_days: how long
    before its promise the middle one of those kept arrived. site and country "": all of them."""

    site: str
    country: str
    due: int
    kept: int
    early_days: float | None

    @property
    def share(self) -> float:
        return self.kept / self.due

    @property
    def between(self) -> tuple[float, float]:
        """The true share lies in here in 95 of 100 cases (Wilson, Probable inference, 1927)."""
        n, p = self.due, self.share
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


KEPT: Final = """
select row_to_json(r)::text from (
  select coalesce(site, '') as site, coalesce(country, '') as country, count(*) as due,
    count(*) filter (where delivered_at <= due_at) as kept,
    round((percentile_cont(0.5) within group (order by extract(epoch from due_at - delivered_at))
      filter (where delivered_at <= due_at) / 86400)::numeric, 1)::float as early_days
  from (
    select l.code as site, case when %(by)s = 'lane' then coalesce(o.ship_to->>'country', '') else '' end
      as country, t.delivered_at, coalesce(p.promised_by, t.due_at) as due_at
    from warehouse_parcel p join tracking_track t on t.parcel_id = p.id
    join orders_order o on o.id = p.order_id join stock_location l on l.id = p.location_id
    where p.handed_over_at > %(since)s and p.handed_over_at <= %(at)s and t.status <> 'cancelled') x
  where due_at is not null and (delivered_at is not null or due_at < %(at)s)
  group by grouping sets ((), (site, country)) having count(*) > 0
  order by grouping(site) desc, due desc, 1, 2) r
"""
_kept = msgspec.json.Decoder(Kept)


def calibration(by: By, *, at: datetime, days: int) -> list[Kept]:
    """Of the parcels handed over in the last days: all of them first, then the busiest. The first promise
    counts, the one the customer was told with the parcel."""
    asked = {"by": by, "at": at, "since": at - timedelta(days=days)}
    return [_kept.decode(row) for (row,) in sql.run(KEPT, asked)]


def promises(by: By, days: int) -> Report[list[Kept]]:
    return Report(
        "tracking.calibration", f"{by} {days}", list[Kept], lambda at: calibration(by, at=at, days=days)
    )


PROMISES: Final = tuple(promises(by, days) for by in BY for days in WINDOWS)
