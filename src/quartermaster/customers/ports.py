"""What customers need to know of somebody who bought."""

from collections.abc import Mapping
from typing import Protocol


class Buyer(Protocol):
    """Whoever placed an order, as the channel names them. Blank is "", never None."""

    @property
    def external_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...


# The connection's slug, who bought, and where to (field -> text as in an order's address), if anywhere.
type Row = tuple[str, Buyer, Mapping[str, object] | None]
