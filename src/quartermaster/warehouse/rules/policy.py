"""How a site picks, as a person sets it: which units leave first, what goes onto a list, how people walk."""

import msgspec

from quartermaster.warehouse.rules.bins import Rotation
from quartermaster.warehouse.rules.grouping import Limits, Mode
from quartermaster.warehouse.rules.routing import Strategy

SKUS_MAX = 5_000
MOST = 10**9
TOTES_MAX = 1_000


class PickPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one site. rotation: of every SKU that has none of its own in `skus` (by code). The limits are of one
    list, `orders_each` the totes on a cart; None: no limit."""

    rotation: Rotation = Rotation.FEFO
    skus: dict[str, Rotation] = {}
    mode: Mode = Mode.BATCH
    routing: Strategy = Strategy.EXACT
    orders_each: int = 12
    units_each: int | None = None
    weight_g_each: int | None = None
    volume_ml_each: int | None = None

    def rotation_of(self, sku: str) -> Rotation:
        return self.skus.get(sku, self.rotation)

    @property
    def limits(self) -> Limits:
        return Limits(self.orders_each, self.units_each, self.weight_g_each, self.volume_ml_each)


FIRST = PickPolicy()


def errors_in(policy: PickPolicy) -> dict[str, str]:
    """Field -> what is wrong with it."""
    errors = {}
    if not 1 <= policy.orders_each <= TOTES_MAX:
        errors["orders_each"] = f"must be 1 to {TOTES_MAX}"
    for name in ("units_each", "weight_g_each", "volume_ml_each"):
        limit = getattr(policy, name)
        if limit is not None and not 1 <= limit <= MOST:
            errors[name] = f"must be 1 to {MOST}, or left out"
    if len(policy.skus) > SKUS_MAX:
        errors["skus"] = f"at most {SKUS_MAX}: let the site's rotation speak for the rest"
    return errors
