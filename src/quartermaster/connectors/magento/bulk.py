"""The prices of many products at once, through the message queue of a Magento shop.

https://developer.adobe.com/commerce/webapi/rest/use-rest/bulk-endpoints, read 2026-11-23.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from quartermaster.channels.ports import Count, Laid, Price, Progress, Taken
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.magento.client import API, caller_of
from quartermaster.connectors.magento.listings import currency_of, not_in
from quartermaster.connectors.magento.translate import asking, queued
from quartermaster.connectors.picked import text
from quartermaster.core.outside import Account, NotDone, Unclear

_BULK = "/rest/all/async/bulk/V1"
_PAGE = 100
_MORE = "and more than a page of them"
_TWO_CALLS = "A price and what it was before are two calls."


class MagentoBulk:
    """Prices alone. What a source is to hold follows from what lies in it and what is salable, so counts have
    to be asked for row by row, and a queue would save nothing; and what it works off later would be wrong by
    then. Only where somebody says that the queue is worked off: a shop takes messages that nobody reads."""

    bulk_from = 500  # ten requests, as listings are written otherwise
    bulk_max = 5_000
    bulk_open = 4
    bulk_lasts = timedelta(hours=2)

    def is_open(self, *, account: Account, what: Literal["stock", "prices"]) -> bool:
        return what == "prices" and account.settings.get("queue", "").strip().lower() == "yes"

    def lay_stock(self, *, account: Account, counts: Sequence[Count]) -> Laid:
        return Laid("", tuple(Taken(row.listing, "later", "Counts are not queued.") for row in counts))

    def lay_prices(self, *, account: Account, prices: Sequence[Price]) -> Laid:
        currency = currency_of(caller_of(account))
        others = {row.listing: not_in(row, currency) for row in prices if row.currency != currency}
        for row in prices:
            if row.was_minor is not None:
                others.setdefault(row.listing, Taken(row.listing, "later", _TWO_CALLS))
        here = [row for row in prices if row.listing not in others]
        return Laid(queued.operations(here) if here else "", tuple(others.values()))

    def begin(self, *, account: Account, mark: str) -> str:
        asked, _ = load(mark.encode())
        answer = caller_of(account).change_any("POST", f"{_BULK}/products/base-prices", asked)
        name = text(answer.get("bulk_uuid")) if isinstance(answer, dict) else ""
        if not name:
            raise Unclear("Magento does not say under which name it queued the prices")
        return name

    def under_way(self, *, account: Account, since: datetime) -> tuple[str, ...]:
        asked = asking.criteria(*queued.still_open(since), sort=(), size=_PAGE)
        answer = caller_of(account).look(f"{API}/bulk", params=asked)
        if not isinstance(answer.get("items"), list):
            raise NotDone(f"Magento lists no operations: {asking.complaint(answer).because}")
        names = tuple(dict.fromkeys(text(one.get("bulk_uuid")) for one in asking.found(answer)))
        return names if asking.is_last(answer, 1, _PAGE) else (*names, _MORE)

    def progress(self, *, account: Account, name: str, mark: str, rows: Sequence[str]) -> Progress:
        answer = caller_of(account).look(f"{API}/bulk/{name}/detailed-status")
        try:
            return queued.progress(answer, mark, rows)
        except ValueError as error:
            raise NotDone(str(error)) from None

    def stop(self, *, account: Account, name: str) -> None:
        """Magento has no call for it."""
