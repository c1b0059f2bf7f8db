"""Which SKU a line means: by the channel's SKU text, or else by its product id."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from quartermaster.catalog.queries import resolve

if TYPE_CHECKING:
    from quartermaster.orders.actions.take_in import Told

type Skus = Mapping[tuple[int, str], int]  # (connection id, code) -> SKU id


def meant(skus: Skus, connection_id: int, code: str, product: str) -> int | None:
    return skus.get((connection_id, code)) or skus.get((connection_id, product))


def line_skus(told: Sequence["Told"]) -> list[list[int | None]]:
    """The SKU of each line of each order, None where it is not known. One statement."""
    skus = resolve(_codes(told))
    return [
        [meant(skus, one.message.connection_id, line.code, line.channel_product) for line in one.order.lines]
        for one in told
    ]


def _codes(told: Iterable["Told"]) -> Iterable[tuple[int, str]]:
    for one in told:
        for line in one.order.lines:
            yield one.message.connection_id, line.code
            yield one.message.connection_id, line.channel_product
