"""How often services arrived late where a parcel goes."""

from collections import defaultdict
from collections.abc import Iterable

from quartermaster.core import sql
from quartermaster.shipping.ports import Offer
from quartermaster.shipping.rules.lanes import Lane

NEWEST = 200  # arrivals that are looked at: a lane that mends is forgiven soon
KNOWN_FROM = 20  # with fewer a lane says nothing

LANES = """
select w.country, w.carrier, w.service, count(*), count(*) filter (where a.is_late)
from jsonb_to_recordset(%(wanted)s::jsonb) as w(country text, carrier text, service text)
cross join lateral (
  select is_late from shipping_arrival a
  where a.country = w.country and a.carrier = w.carrier and a.service = w.service
  order by a.arrived_at desc limit %(newest)s) a
group by 1, 2, 3 having count(*) >= %(from)s order by 1, 2, 3
"""

type Wanted = tuple[str, Iterable[Offer]]  # the receiver's country and what is offered there


def lanes(wanted: Iterable[Wanted]) -> dict[str, tuple[Lane, ...]]:
    """By country: of each service that is offered there and is known well enough. One statement."""
    asked = {
        (country, offer.carrier, offer.service) for country, offers in wanted for offer in offers if country
    }
    if not asked:
        return {}
    rows = sql.rows({"country": c, "carrier": carrier, "service": s} for c, carrier, s in sorted(asked))
    found: defaultdict[str, list[Lane]] = defaultdict(list)
    for country, carrier, service, parcels, late in sql.run(
        LANES, {"wanted": rows, "newest": NEWEST, "from": KNOWN_FROM}
    ):
        found[country].append(Lane(carrier, service, parcels, late))
    return {country: tuple(some) for country, some in found.items()}
