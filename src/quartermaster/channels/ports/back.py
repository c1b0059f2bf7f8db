"""What is taken back at a shop: an order that is not to be sent, and money."""

from typing import Literal, Protocol

from msgspec import Struct

from quartermaster.channels.ports.orders import Told
from quartermaster.core.outside import Account


class CancelledLine(Struct, frozen=True):
    """Units of a line that are not sent, by the shop's own name for the line."""

    line: str
    code: str
    quantity: int


class Cancellation(Struct, frozen=True):
    """Units that are not sent. `reference` is ours, C-12: what makes it happen once.

    `is_whole`: nothing of the order was or will be sent. `note`: for the shop's own people. A cancellation
    gives no money back; that is a refund of its own wherever the shop lets them be told apart.
    """

    reference: str
    order: str  # the shop's own id
    lines: tuple[CancelledLine, ...]
    is_whole: bool
    reason: Literal["customer", "inventory", "fraud", "declined", "other"]
    note: str = ""
    tells_buyer: bool = True


class Cancels(Protocol):
    """A shop that can be told that something will not be sent."""

    cancels_lines: bool  # whether a part of an order can be cancelled

    def cancel(self, *, account: Account, cancellation: Cancellation) -> Told:
        """Once for each reference. Raises Missing (no such order), Conflict (too late, or it is otherwise),
        Invalid, NotDone, Unclear."""
        ...

    def find_cancellation(self, *, account: Account, cancellation: Cancellation) -> Told | None:
        """What the shop knows of it; None when it surely knows nothing. Changes nothing. Raises NotDone or
        Unclear when it cannot be asked."""
        ...


class RefundedLine(Struct, frozen=True):
    """Units of a line that are paid back: `amount_minor` is for all of them, with their tax."""

    line: str
    code: str
    quantity: int
    amount_minor: int


class Refund(Struct, frozen=True):
    """Money that goes back the way it came. `reference` is ours, R-12: what makes it happen once.

    `amount_minor` is all of it: what the lines say, `shipping_minor`, and what belongs to no line. The shop
    counts nothing into its stock for it: what is sellable is told as stock.
    """

    reference: str
    order: str  # the shop's own id
    amount_minor: int
    currency: str
    lines: tuple[RefundedLine, ...] = ()
    shipping_minor: int = 0
    note: str = ""
    tells_buyer: bool = True


class Refunds(Protocol):
    """A shop that can give money back."""

    def refund(self, *, account: Account, refund: Refund) -> Told:
        """Once for each reference, and never more than was paid. Raises Missing (no such order), Invalid or
        Conflict (more than is left to give back), NotDone, Unclear."""
        ...

    def find_refund(self, *, account: Account, refund: Refund) -> Told | None:
        """What the shop knows of it; None when it surely paid nothing under this reference. Changes nothing.
        Raises NotDone or Unclear when it cannot be asked."""
        ...
