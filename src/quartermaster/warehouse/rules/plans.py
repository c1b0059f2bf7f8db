"""How a closed parcel compares with the cartons that were suggested for it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class PlannedBox(Struct, frozen=True):
    """One carton of a plan ("": the unit's own packaging) and the units meant for it; grams with
    the carton."""

    carton: str
    contents: tuple[tuple[str, int], ...]
    weight_g: int = 0
    billable_g: int = 0


def followed(boxes: Sequence[PlannedBox], carton: str, packed: Mapping[str, int]) -> int | None:
    """Which of the boxes a parcel is: the same carton with the same units. None: none of them."""
    for n, box in enumerate(boxes):
        if box.carton == carton and dict(box.contents) == dict(packed):
            return n
    return None
