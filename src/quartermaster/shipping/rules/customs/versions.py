"""Versions of what customs are told of a SKU. Pure: the changes of a SKU in, its versions out.

Every change of a SKU is a fact that is kept for ever, so the versions are read from those facts: the first
that says something for customs is version 1. They cannot disagree with what happened.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

FIELDS = ("hs_code", "origin_country", "title", "cost_minor", "currency", "weight_g")


class Change(Struct, frozen=True):
    """Fields of a SKU as they are from `at` on; by whom, and from where."""

    at: datetime
    by: str
    source: str
    after: Mapping[str, object]


class SkuVersion(Struct, frozen=True):
    """What customs are told of a SKU from `from_at` on: HS code, origin, what it is, what a unit is worth and
    weighs. because: where the change came from."""

    version: int
    from_at: datetime
    by: str
    because: str
    hs_code: str = ""
    origin_country: str = ""
    title: str = ""
    cost_minor: int | None = None
    currency: str = ""
    weight_g: int | None = None


def versions(changes: Iterable[Change]) -> list[SkuVersion]:
    """In the order of the changes; one that says nothing new for customs makes none."""
    found: list[SkuVersion] = []
    for change in changes:
        told = {name: value for name, value in change.after.items() if name in FIELDS}
        if not told:
            continue
        because = change.source or "changed by hand"
        if found:
            last = found[-1]
            new = replace(last, version=last.version + 1, from_at=change.at, by=change.by, because=because)
            found.append(replace(new, **told))
        else:
            found.append(SkuVersion(1, change.at, change.by, because, **told))  # type: ignore[arg-type]
    return found
