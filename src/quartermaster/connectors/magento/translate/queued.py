"""Prices in Magento's message queue: an operation for each part of them, and what became of it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import Final

import msgspec

from quartermaster.channels.ports import Price, Progress, Taken
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.leaves import whole
from quartermaster.connectors.magento.translate.asking import Filter
from quartermaster.connectors.magento.translate.goods import base_prices
from quartermaster.connectors.picked import objects, text

TOPIC: Final = "async.magento.catalog.api.basepricestorageinterface.update.post"
PART: Final = 50  # prices of an operation: one that fails takes these with it
COMPLETE, OPEN = 1, 4
_encoder = msgspec.json.Encoder(decimal_format="number")

type Json = Mapping[str, object]


def operations(prices: Sequence[Price]) -> str:
    """The body of the request: as many requests of the plain kind as there are parts."""
    return _encoder.encode([base_prices(part) for part in batched(prices, PART)]).decode()


def still_open(since: datetime) -> tuple[tuple[Filter, ...], ...]:
    moment = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return (
        (Filter("topic_name", "eq", TOPIC),),
        (Filter("status", "eq", str(OPEN)),),
        (Filter("start_time", "gteq", moment),),
    )


def progress(answer: Json, mark: str, rows: Sequence[str]) -> Progress:
    """Operations have numbers in the order of the request. The prices of one that names failures, or did not
    end well, have no answer: which of them were written is read back. Raises ValueError."""
    told = answer.get("operations_list")
    if not isinstance(told, list):
        raise ValueError("Magento does not say how far its queue is")
    ended = sorted(objects(told), key=lambda one: whole(one.get("id")) or 0)
    parts = _parts(mark)
    if len(ended) < len(parts) or any(whole(one.get("status")) == OPEN for one in ended):
        return Progress("waits")
    if not any(whole(one.get("status")) == COMPLETE for one in ended):
        said = dict.fromkeys(text(one.get("result_message")) for one in ended)
        return Progress("died", because=" ".join(said)[:300] or "Magento ended all of it with an error.")
    taken: set[str] = set()
    if len(ended) == len(parts):
        for one, skus in zip(ended, parts, strict=True):
            if whole(one.get("status")) == COMPLETE and one.get("result_serialized_data") == "[]":
                taken.update(skus)
    return Progress("over", tuple(Taken(sku, "taken") for sku in rows if sku in taken))


def _parts(mark: str) -> list[list[str]]:
    parts, _ = load(mark.encode())
    return [[text(price.get("sku")) for price in objects(part.get("prices"))] for part in objects(parts)]
