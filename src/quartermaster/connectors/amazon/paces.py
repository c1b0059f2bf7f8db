"""How often each operation may be asked, as Amazon's models say, until Amazon itself says otherwise.

Amazon counts for each seller and application, so that connections of one seller share their turns.
"""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from quartermaster.connectors import limits
from quartermaster.core.outside import Account
from quartermaster.core.pace import Limit, LimitOf

# operation -> (calls a second, calls at once); the models of the Selling Partner API, read 2026-11-23
RATES: Final = {
    "searchOrders": (0.0056, 20),
    "getOrder": (0.5, 30),
    "confirmShipment": (2.0, 10),
    "searchListingsItems": (5.0, 5),
    "getListingsItem": (5.0, 10),
    "patchListingsItem": (5.0, 5),
    "createFulfillmentOrder": (2.0, 30),
    "getFulfillmentOrder": (2.0, 30),
    "cancelFulfillmentOrder": (2.0, 30),
    "listAllFulfillmentOrders": (2.0, 30),
    "getInventorySummaries": (2.0, 2),
    "listTransactions": (0.5, 10),
    "createReport": (0.0167, 15),
    "getReport": (2.0, 15),
    "getReportDocument": (0.0167, 15),
    "createFeedDocument": (0.5, 15),
    "createFeed": (0.0083, 2),  # 15 by its model, but of listings only five in five minutes
    "getFeeds": (0.0222, 10),
    "getFeed": (2.0, 15),
    "cancelFeed": (2.0, 15),
    "getFeedDocument": (0.0222, 10),
    "getSubscription": (1.0, 5),
    "createSubscription": (1.0, 5),
    "getDestinations": (1.0, 5),
    "createDestination": (1.0, 5),
}
SAYS = "x-amzn-ratelimit-limit"
_RATE_MIN, _RATE_MAX = 0.0001, 1000.0
_REPORTS, _NOTIFICATIONS, _FEEDS = "/reports/2021-06-30/", "/notifications/v1/", "/feeds/2021-06-30/"
_TRANSACTIONS = "/finances/2024-06-19/transactions"
_ORDERS, _LISTINGS = "/orders/2026-01-01/orders", "/listings/2021-08-01/items/"

_told: dict[str, float] = {}  # name of a limit -> calls a second, as last heard
_told_lock = Lock()


def operation(method: str, path: str) -> str:
    if path.startswith(_LISTINGS):
        if "/" not in path.removeprefix(_LISTINGS):
            return "searchListingsItems"
        return "patchListingsItem" if method == "PATCH" else "getListingsItem"
    if path.startswith(_REPORTS):
        if path.startswith(f"{_REPORTS}documents/"):
            return "getReportDocument"
        return "createReport" if method == "POST" else "getReport"
    if path == _TRANSACTIONS:
        return "listTransactions"
    if path.startswith(_FEEDS):
        return _of_feeds(method, path.removeprefix(_FEEDS))
    if path.startswith("/fba/"):
        if path.startswith("/fba/inventory/"):
            return "getInventorySummaries"
        outbound = {"POST": "createFulfillmentOrder", "PUT": "cancelFulfillmentOrder"}
        is_all = path.endswith("/fulfillmentOrders")
        return outbound.get(method, "listAllFulfillmentOrders" if is_all else "getFulfillmentOrder")
    if path.startswith(_NOTIFICATIONS):
        what = "Destination" if path.startswith(f"{_NOTIFICATIONS}destinations") else "Subscription"
        reading = "getDestinations" if what == "Destination" else "getSubscription"
        return f"create{what}" if method == "POST" else reading
    if method == "POST":
        return "confirmShipment"
    return "searchOrders" if path == _ORDERS else "getOrder"


def _of_feeds(method: str, path: str) -> str:
    if path.startswith("documents"):
        return "createFeedDocument" if method == "POST" else "getFeedDocument"
    if method == "DELETE":
        return "cancelFeed"
    if method == "POST":
        return "createFeed"
    return "getFeeds" if path == "feeds" else "getFeed"


def limit_of(account: Account) -> LimitOf | None:
    return limits.of(account, lambda method, path: limit(account, operation(method, path)))


def limit(account: Account, what: str) -> Limit:
    name = _name(account, what)
    rate, burst = RATES[what]
    return Limit(name, 1 / _told.get(name, rate), burst)


def heard(account: Account) -> Callable[[str, str, Mapping[str, str]], None]:
    """What an answer says of its operation counts from then on."""

    def hear(method: str, path: str, headers: Mapping[str, str]) -> None:
        try:
            rate = float(headers.get(SAYS, ""))
        except ValueError:
            return
        if _RATE_MIN <= rate <= _RATE_MAX:
            with _told_lock:
                _told[_name(account, operation(method, path))] = rate

    return hear


def _name(account: Account, what: str) -> str:
    return f"amazon/{account.settings.get('seller_id') or account.slug}/{what}"
