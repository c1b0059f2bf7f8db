"""Orders by their last change, page behind page. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from quartermaster.channels.ports import Change
from quartermaster.connectors.picked import text
from quartermaster.core.outside import Invalid

TOPIC: Final = "fetched/order"
SIZES: Final = (25, 5, 1)
DEEP: Final = 20_000  # Shopify pages through 25,000 of one list
_SHOWN: Final = "%Y-%m-%dT%H:%M:%SZ"

# Sorted: the same order is the same bytes, whichever way it was found.
_encoder = msgspec.json.Encoder(decimal_format="number", order="sorted")

type Json = Mapping[str, object]


class Place(NamedTuple):
    """Where a round stands: orders changed since, so many seen, and Shopify's own mark of the last."""

    since: datetime
    seen: int
    after: str

    @property
    def query(self) -> str:
        return f"updated_at:>='{self.since.astimezone(UTC).strftime(_SHOWN)}'"


def at(since: datetime, cursor: str) -> Place:
    """The cursor is MOMENT|SEEN|AFTER. Raises Invalid when it is none."""
    if not cursor:
        return Place(since, 0, "")
    try:
        moment, seen, after = cursor.split("|", 2)
        return Place(datetime.fromisoformat(moment), int(seen), after)
    except ValueError:
        raise Invalid("the cursor is not one of ours") from None


def following(place: Place, orders: Sequence[Json], after: str) -> str:
    """The cursor behind a page. Shopify's mark holds the last order's change, so orders that move while the
    list is read push nobody out of it; one that is too long to be paged begins anew, at its last change."""
    seen = place.seen + len(orders)
    if seen >= DEEP and orders:
        last = datetime.fromisoformat(text(orders[-1].get("updatedAt"))) - timedelta(seconds=1)
        if last > place.since:
            return f"{last.isoformat()}|0|"
    return f"{place.since.isoformat()}|{seen}|{after}"


def change(order: Json) -> Change:
    return Change(TOPIC, _encoder.encode(order))
