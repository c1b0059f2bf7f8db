"""What marketplaces publish, as it was read; people write over it from a day on.

Amazon, Seller Central help, read 2026-11-23:
- order defect rate (G200285170): orders with a 1 or 2 star feedback, an A-to-z claim that is not denied, or a
  chargeback ÷ orders, 60 days, under 1 %, by the day of the order;
- late shipment rate (200285190): confirmed after the expected ship date ÷ orders, 10 and 30 days, under 4 %;
- cancellation rate (200285210): cancelled by the seller, in whole or in part, not at the buyer's wish, 7
  days, under 2.5 %; India: 7 and 30 days, under 2 %, what Amazon cancels because nothing was shipped counts;
- valid tracking rate (201817070): packages with a scan of the carrier ÷ packages, 30 days, 95 %; shown 72
  hours later. Europe: 7 and 30 days by the promised day of delivery, two weeks later;
- on-time delivery rate: delivered units with tracking, by the promised day without extensions, 14 days that
  ended 7 days ago, 90 %: US from 2024-09-25 (before it 97 % was recommended, of packages), GB from 2025-09-16
  with at least 20 units (announcements in the seller forums). DE from 2026-09-01 as told by others (not read
  at Amazon). Elsewhere 90 % stands in here as a wish of ours.

By which day a shipment counts as late, and on which day windows end where nothing is said (here: yesterday),
is not published; the comparison with an official figure always uses the days that figure is for.

Flipkart publishes for signed-in sellers only. As others retell it (support.increff.com 36000414644, read
2026-11-23): tiers by the last 90 days; silver at most 0.50 % cancelled by the seller and 1.40 % breaches of
ready-to-dispatch, gold 0.15 % and 1.00 %; cancelled units ÷ units, by the day of approval (jdkservices.in,
read 2026-11-23), for which the day of the order stands in here. The target is silver, amber begins at gold.
"""

from datetime import date
from typing import Final

from quartermaster.marketplaces.rules.terms import Counts, Dated, Measure, Terms, Written

ALWAYS: Final = date(2000, 1, 1)
EUROPE: Final = ("BE", "DE", "ES", "FR", "GB", "IE", "IT", "NL", "PL", "SE")

_ODR = Terms((60,), 10_000, 7_500, is_strict=True)
_LSR = Terms((10, 30), 40_000, 30_000, is_strict=True)
_CR = Terms((7,), 25_000, 18_000, is_strict=True)
_CR_IN = Terms((7, 30), 20_000, 15_000, is_strict=True, counts_auto=True)
_VTR = Terms((30,), 50_000, 40_000, Dated.LEFT, Counts.PARCEL, reads_good=True, ends_days_ago=4)
_VTR_EU = Terms((7, 30), 50_000, 40_000, Dated.PROMISED, Counts.PARCEL, reads_good=True, ends_days_ago=14)
_OTD_97 = Terms((14,), 30_000, 25_000, Dated.PROMISED, Counts.PARCEL, reads_good=True, ends_days_ago=7)
_OTDR = Terms((14,), 100_000, 70_000, Dated.PROMISED, Counts.UNIT, reads_good=True, ends_days_ago=7)
_OTDR_GB = Terms(
    (14,), 100_000, 70_000, Dated.PROMISED, Counts.UNIT, reads_good=True, ends_days_ago=7, least_n=20
)
_TIER_CR = Terms((90,), 5_000, 1_500, counts=Counts.UNIT)
_TIER_RTD = Terms((90,), 14_000, 10_000)

_HELP = "Amazon Seller Central help"
_FORUM = "Amazon, announced in its seller forums"
_RETOLD = "Flipkart's tiers as retold by others: silver, amber from gold on"

PUBLISHED: Final = (
    Written("amazon", "", Measure.ODR, ALWAYS, _ODR, f"{_HELP} G200285170"),
    Written("amazon", "", Measure.LSR, ALWAYS, _LSR, f"{_HELP} 200285190"),
    Written("amazon", "", Measure.CR, ALWAYS, _CR, f"{_HELP} 200285210"),
    Written("amazon", "IN", Measure.CR, ALWAYS, _CR_IN, f"{_HELP} 200285210 for India"),
    Written("amazon", "", Measure.VTR, ALWAYS, _VTR, f"{_HELP} 201817070"),
    *(
        Written("amazon", country, Measure.VTR, ALWAYS, _VTR_EU, f"{_HELP} 201817070 for Europe")
        for country in EUROPE
    ),
    Written("amazon", "", Measure.OTDR, ALWAYS, _OTDR, "A wish of ours: 90 % where Amazon names no target"),
    Written("amazon", "US", Measure.OTDR, ALWAYS, _OTD_97, f"{_HELP} 200847280: 97 % recommended"),
    Written("amazon", "US", Measure.OTDR, date(2024, 9, 25), _OTDR, _FORUM),
    Written("amazon", "GB", Measure.OTDR, date(2025, 9, 16), _OTDR_GB, _FORUM),
    Written("amazon", "DE", Measure.OTDR, date(2026, 9, 1), _OTDR_GB, "As retold by others; not read there"),
    Written("flipkart", "", Measure.CR, ALWAYS, _TIER_CR, _RETOLD),
    Written("flipkart", "", Measure.RTD, ALWAYS, _TIER_RTD, _RETOLD),
)
KINDS: Final = tuple(dict.fromkeys(one.marketplace for one in PUBLISHED))
