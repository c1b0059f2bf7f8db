"""Facts about goods that cross a border."""

from datetime import date
from typing import ClassVar

from quartermaster.core.events import Event


class CustomsChanged(Event, frozen=True, kw_only=True):
    """Who we are for customs was told anew: a version that holds from a day on."""

    kind: ClassVar[str] = "customs"
    incoterm: str
    countries: tuple[str, ...]
    version: int = 0
    from_on: date | None = None
    because: str = ""


class ContentsDeclared(Event, frozen=True, kw_only=True):
    """Why an order is sent was told for customs. worth: minor units of `currency` for a unit, by SKU."""

    kind: ClassVar[str] = "order"
    order_id: int
    purpose: str
    worth: dict[str, int]
    currency: str


class RestrictionsChanged(Event, frozen=True, kw_only=True):
    """Lines of the list of goods that may not go everywhere were written, or ended."""

    kind: ClassVar[str] = "restrictions"
    lines: tuple[str, ...]
    because: str


class TariffChanged(Event, frozen=True, kw_only=True):
    """Lines of what destinations take for goods that come in were written: a new version."""

    kind: ClassVar[str] = "tariff"
    version: int
    lines: int
    because: str
