"""How Magento is asked, and what it says when it will not have something.

Its lists have pages, and a page behind the last one is the last one again: `total_count` tells where it ends.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from quartermaster.channels.ports import Change
from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.leaves import whole
from quartermaster.connectors.magento.translate.messages import TOPIC
from quartermaster.connectors.picked import objects, text

PAGE: Final = 100
ORDERS: Final = 25  # in a page: each may have some hundred kilobytes, its rows stand in it twice
_SHOWN: Final = "%Y-%m-%d %H:%M:%S"

_encoder = msgspec.json.Encoder(decimal_format="number")

type Json = Mapping[str, object]


class Filter(NamedTuple):
    field: str
    how: str  # eq, gt, gteq, in, …
    value: str


def criteria(
    *groups: Sequence[Filter], sort: Sequence[str] = ("entity_id",), size: int = PAGE, page: int = 1
) -> dict[str, str]:
    """All groups have to hold, and one filter of each."""
    asked: dict[str, str] = {}
    for g, filters in enumerate(groups):
        for f, each in enumerate(filters):
            at = f"searchCriteria[filterGroups][{g}][filters][{f}]"
            asked |= {
                f"{at}[field]": each.field,
                f"{at}[value]": each.value,
                f"{at}[conditionType]": each.how,
            }
    for n, field in enumerate(sort):
        at = f"searchCriteria[sortOrders][{n}]"
        asked |= {f"{at}[field]": field, f"{at}[direction]": "ASC"}
    return asked | {"searchCriteria[pageSize]": str(size), "searchCriteria[currentPage]": str(page)}


def any_of(field: str, values: Sequence[str]) -> tuple[Filter, ...]:
    """One of these values. A list is parted by commas, so a value that has one is named by itself."""
    plain = [value for value in values if "," not in value]
    odd = [Filter(field, "eq", value) for value in values if "," in value]
    return (*([Filter(field, "in", ",".join(plain))] if plain else []), *odd)


def found(answer: Json) -> list[dict[str, object]]:
    return objects(answer.get("items"))


def is_last(answer: Json, page: int, size: int = PAGE) -> bool:
    total = whole(answer.get("total_count"))
    return len(found(answer)) < size if total is None else total <= page * size


class Place(NamedTuple):
    """Where a round is: at the orders changed from a moment on; or, with an id, at those changed in that very
    second whose id is higher. Nobody is left out where many change at once, or move to the end."""

    moment: datetime
    behind: str = ""

    @property
    def cursor(self) -> str:
        return f"{self.moment.isoformat()}|{self.behind}"


def place(since: datetime, cursor: str) -> Place:
    moment, _, behind = cursor.partition("|")
    return Place(datetime.fromisoformat(moment), behind) if cursor else Place(since)


def changed(at: Place) -> dict[str, str]:
    moment = at.moment.astimezone(UTC).strftime(_SHOWN)
    if at.behind:
        second = (Filter("updated_at", "eq", moment),), (Filter("entity_id", "gt", at.behind),)
        return criteria(*second, size=ORDERS)
    asked = (Filter("updated_at", "gteq", moment),)
    return criteria(asked, sort=("updated_at", "entity_id"), size=ORDERS)


def following(at: Place, orders: Sequence[Json], *, is_last: bool) -> Place | None:
    """Where the round goes on: behind the last order that was read, or, where its second is over, with the
    next one. None: it is over. Raises ValueError."""
    if not is_last and orders:
        return Place(changed_at(orders[-1]), text(orders[-1].get("entity_id")))
    return Place(at.moment + timedelta(seconds=1)) if at.behind else None


def changed_at(order: Json) -> datetime:
    """Moments are in UTC and do not say so. Raises ValueError."""
    return datetime.fromisoformat(text(order.get("updated_at"))).replace(tzinfo=UTC)


def refunded(orders: Sequence[Json]) -> list[str]:
    """Ids of the orders of which money went back."""
    return [text(order.get("entity_id")) for order in orders if order.get("base_total_refunded")]


def change(order: Json, memos: Sequence[Json]) -> Change:
    """An order of a list, with its credit memos beside it: the order only knows their sum."""
    own = [memo for memo in memos if text(memo.get("order_id")) == text(order.get("entity_id"))]
    return Change(TOPIC, _encoder.encode({**order, "creditmemos": own} if own else order))


def complaint(said: Json) -> Complaint:
    """Sentences have places, %1 or %name, that are filled from beside them."""
    because = [_sentence(said), *(_sentence(each) for each in objects(said.get("errors")))]
    return Complaint("", " ".join(each for each in because if each))


def _sentence(said: Json) -> str:
    sentence, given = text(said.get("message")), said.get("parameters")
    if isinstance(given, list):
        given = {str(n): value for n, value in enumerate(given, 1)}
    if isinstance(given, dict):
        for name in sorted(given, key=len, reverse=True):  # %12 before %1
            sentence = sentence.replace(f"%{name}", text(given[name]))
    return sentence
