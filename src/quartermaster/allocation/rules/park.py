"""Why units wait: what the page says, and what has to happen for them to go on."""

from typing import NamedTuple


class Sold(NamedTuple):
    """How a SKU may be sold without stock."""

    policy: str  # deny | backorder | preorder
    cap: int | None  # units that may wait at most, over all orders; None: the policy's own (see `limit`)
    incoming: int  # units on their way
    waiting: int  # units of other orders that wait already

    @property
    def limit(self) -> int | None:
        """A preorder without a cap sells what is on its way, a backorder
        without one sells on. None: no limit."""
        return self.incoming if self.cap is None and self.policy == "preorder" else self.cap


def park(quantity: int, sold: Sold, *, is_somewhere: bool) -> str:
    """backorder | preorder: may wait. shortage: sold although it may not; a person decides.
    routing: there is stock, but no site that may serve this order has it."""
    if is_somewhere:
        return "routing"
    if sold.policy == "deny":
        return "shortage"
    if sold.limit is not None and sold.waiting + quantity > sold.limit:
        return "shortage"
    return sold.policy
