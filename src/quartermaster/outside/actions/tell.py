"""A site's own programs say what became of an order, what came in, and what they have."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.outside.actions.hear import cancel_refused, hear
from quartermaster.outside.actions.receipts import keep_receipts
from quartermaster.outside.actions.reports import take_report
from quartermaster.outside.ports import Receipt, Snapshot, Standing
from quartermaster.outside.queries.fetched import Site, Wanted, one_wanted
from quartermaster.outside.rules.telling import Outcome, Seen, outcome

# A rhythm is told by the minute: a program that asks every second is no livelier than that.
ALIVE = """
with spoke as (
  update outside_site set heard_at = %(at)s
  where location_id = %(site)s and coalesce(heard_at, 'epoch') < %(at)s - interval '1 minute'
  returning location_id)
insert into outside_heard (site_id, at) select location_id, %(at)s from spoke
"""


class Told(NamedTuple):
    """What came of it, why when nothing did, and the order as it is now."""

    outcome: Outcome
    because: str
    order: Wanted


def tell(site: Site, standing: Standing, *, at: datetime, by: str) -> Told:
    """They say how far an order is. As often as they like. Raises NotFound."""
    before = one_wanted(site, standing.reference)
    hear(standing, at=at, by=by)
    return _told(site, standing, before)


def go_on(site: Site, reference: str, because: str, *, at: datetime, by: str) -> Told:
    """They were asked not to ship it, and ship it. The same again does nothing. Raises NotFound."""
    before = one_wanted(site, reference)
    cancel_refused(before.id, because, at=at, by=by)
    after = one_wanted(site, reference)
    what = Outcome.TAKEN if before.is_asked_back and not after.is_asked_back else Outcome.KNOWN
    return Told(what, "", after)


def tell_stock(site: Site, report: Snapshot, *, at: datetime, by: str) -> bool:
    """False: this report was told before."""
    return take_report(site.location_id, site.code, report, at=at, by=by) is not None


def tell_receipts(site: Site, receipts: Sequence[Receipt], *, at: datetime) -> list[str]:
    """References of those that are new."""
    with transaction.atomic():
        return keep_receipts(site.location_id, receipts, at=at)


def alive(site: Site, *, at: datetime) -> None:
    """Their programs have called."""
    with transaction.atomic():
        sql.run(ALIVE, {"site": site.location_id, "at": at})


def _told(site: Site, standing: Standing, before: Wanted) -> Told:
    after = one_wanted(site, standing.reference)
    parcels = frozenset(one.reference for one in standing.shipments)
    what = outcome(standing.state, parcels, Seen.of(before), Seen.of(after))
    because = ""
    if what is Outcome.UNCLEAR:
        because = after.because or f"it is {after.state}"
    return Told(what, because, after)
