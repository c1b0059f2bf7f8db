"""How Amazon is asked which refunds it has booked (Finances API 2024-06-19). Pure.

It lists every transaction, page by page, of half a year at most, and may leave out those of orders of the
last two days: so what was booked in these is asked for with each round, and what is known changes nothing.
"""

from collections.abc import Mapping, Set
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from quartermaster.channels.ports import Change
from quartermaster.connectors.amazon.translate import telling
from quartermaster.connectors.amazon.translate.refunds import TOPIC, is_refund, markets
from quartermaster.connectors.picked import objects, text

LATE: Final = timedelta(hours=48)
SPAN: Final = timedelta(days=170)
_MARK: Final = "refunds"

_encoder = msgspec.json.Encoder(decimal_format="number")

type Json = Mapping[str, object]


class Place(NamedTuple):
    """Transactions from `after` to `before`; `token` for those behind the first page."""

    after: datetime
    before: datetime
    token: str = ""

    @property
    def until(self) -> datetime:
        """What is asked for at once: of a longer time Amazon tells nothing."""
        return min(self.after + SPAN, self.before)


def first(page: telling.Page) -> Place:
    """Behind the orders of a round."""
    return Place(page.after - LATE, page.before)


def cursor(place: Place) -> str:
    return f"{_MARK}|{place.after.isoformat()}|{place.before.isoformat()}|{place.token}"


def place(cursor: str) -> Place | None:
    """None: the round is still at its orders."""
    mark, _, rest = cursor.partition("|")
    if mark != _MARK:
        return None
    after, before, token = rest.split("|", 2)
    return Place(datetime.fromisoformat(after), datetime.fromisoformat(before), token)


def asked(place: Place) -> dict[str, str]:
    """No marketplace is named: where one is, Amazon leaves out what sellers in the US ship themselves."""
    told = {"postedAfter": _utc(place.after), "postedBefore": _utc(place.until)}
    return told | ({"nextToken": place.token} if place.token else {})


def refunds(answer: Json, ids: Set[str]) -> tuple[Change, ...]:
    """Those of these marketplaces, each as a message of its own. Raises ValueError where none are listed."""
    listed = _payload(answer).get("transactions")
    if not isinstance(listed, list):
        raise ValueError(
            f"Amazon lists no transactions: {telling.complaint(answer).because or 'it says nothing'}"
        )
    return tuple(
        Change(TOPIC, _encoder.encode(one))
        for one in objects(listed)
        if is_refund(one) and (not markets(one) or markets(one) & ids)
    )


def following(place: Place, answer: Json) -> Place | None:
    """Where it goes on; None: that was all."""
    if token := text(_payload(answer).get("nextToken")):
        return place._replace(token=token)
    return Place(place.until, place.before) if place.until < place.before else None


def _payload(answer: Json) -> Json:
    found = answer.get("payload")
    return found if isinstance(found, dict) else {}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
