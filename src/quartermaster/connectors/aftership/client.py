"""AfterShip over HTTP: create a tracking, look one up, list what changed.

https://www.aftership.com/docs/tracking/2026-07/quickstart, read 2026-11-23.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from quartermaster.connectors import limits
from quartermaster.connectors.aftership import translate
from quartermaster.connectors.calls import Caller
from quartermaster.core.outside import Conflict, NotDone, RefusedOutside, Unclear
from quartermaster.core.pace import Limit
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Account
from quartermaster.tracking.ports import NotFollowed, ToFollow, Told

API_URL = "https://api.aftership.com/tracking/2026-07"
PAGE = 100


class AfterShip:
    """The port Follower."""

    def follow(self, *, account: Account, parcel: ToFollow) -> str:
        body = translate.wanted(parcel, translate.couriers(account.settings.get("couriers", "")))
        try:
            name = translate.name_of(_caller(account).change("POST", "/trackings", body))
        except Conflict:
            return self.find(account=account, parcel=parcel) or ""
        except RefusedOutside as refusal:
            raise NotFollowed(str(refusal)) from None
        if not name:  # 200, and no tracking in it
            raise Unclear("AfterShip did not say whether it follows the parcel")
        return name

    def find(self, *, account: Account, parcel: ToFollow) -> str | None:
        asked = {"tracking_numbers": parcel.tracking_number, "limit": str(PAGE)}
        answer = _found(account, asked)
        slug = translate.couriers(account.settings.get("couriers", "")).get(parcel.carrier.lower(), "")
        try:
            names = translate.names(answer, parcel, slug)
        except Unreadable as nonsense:
            raise NotDone(f"AfterShip: {nonsense}") from None
        return names[0] if names else None

    def changed(self, *, account: Account, since: datetime, after: str) -> Told:
        asked = {
            "updated_at_min": since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "limit": str(PAGE),
        } | ({"cursor": after} if after else {})
        try:
            return translate.page(_found(account, asked))
        except Unreadable as nonsense:
            raise NotDone(f"AfterShip: {nonsense}") from None


def _found(account: Account, asked: Mapping[str, str]) -> Mapping[str, object]:
    try:
        return _caller(account).look("/trackings", params=asked)
    except RefusedOutside as refusal:  # what a list of our own trackings cannot be: it is asked again
        raise NotDone(f"AfterShip: {refusal}") from None


def _caller(account: Account) -> Caller:
    key = account.settings.get("api_key", "")
    return Caller(
        account.settings.get("api_url", "") or API_URL,
        name="AfterShip",
        headers={"as-api-key": key},
        complaint=translate.complaint,
        secrets=[key],
        limit_of=limits.of(account, partial(_limit, account)),
    )


def _limit(account: Account, method: str, path: str) -> Limit:
    """A second has 20 calls to create a tracking and 6 to list them.

    https://www.aftership.com/docs/tracking/quickstart/rate-limit, read 2026-11-23.
    """
    calls = 20 if method == "POST" else 6
    return Limit(f"{account.slug}/{method.lower()}", 1 / calls, calls // 3)
