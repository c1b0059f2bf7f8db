"""How many units of an order line are whole: of a kit, as many as all its parts make."""

from collections.abc import Mapping


def whole(units: Mapping[int, int], per_unit: Mapping[int, int] | None) -> int:
    """Units of a line out of units by SKU id. `per_unit`: what one kit takes of each part; None: no kit.

    A kit whose parts were exchanged after packing counts nothing that cannot be shown.
    """
    if per_unit is None:
        return sum(units.values())
    return min((units.get(sku_id, 0) // count for sku_id, count in per_unit.items()), default=0)
