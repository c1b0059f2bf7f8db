"""What comes back, and what is given back for it."""

from typing import ClassVar

from quartermaster.core.events import Event


class RefundDue(Event, frozen=True, kw_only=True):
    """Money is to be given back, or another amount than before. cause: change, or return_to_origin."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund_id: int
    cause: str
    amount_minor: int
    currency: str
    because: str


class RefundSettled(Event, frozen=True, kw_only=True):
    """It was given back (settled), or is owed no more (withdrawn)."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund_id: int
    state: str
    amount_minor: int
    currency: str
    because: str
