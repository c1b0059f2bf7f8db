"""Whether a refund that is due can be given back through its shop, and what the shop is told of it."""

from collections.abc import Sequence

from msgspec import Struct

from quartermaster.channels.ports import RefundedLine


class Standing(Struct, frozen=True):
    """A refund and its order as they are now, in minor units. `unheard_minor`: what the shop was made to give
    back and has not told itself yet; `is_under_way`: something is on its way there."""

    state: str
    amount_minor: int
    paid_minor: int
    refunded_minor: int
    unheard_minor: int
    is_under_way: bool
    is_live: bool
    pays_back: bool
    is_test: bool


def why_not(now: Standing) -> str:
    """Why it cannot be given back through the shop now; "" when it can."""
    if now.state != "due":
        return "it is not due"
    if now.is_test:
        return "it is a test order"
    if not now.pays_back:
        return "its shop cannot be told to give money back"
    if not now.is_live:
        return "its shop is only read, or paused"
    if now.is_under_way:
        return "the shop is being asked to give money back already"
    if now.unheard_minor > 0:
        return "the shop gave money back and has not told so itself yet"
    if now.amount_minor > now.paid_minor - now.refunded_minor:
        return "that is more than was paid and not given back"
    return ""


def said(
    amount_minor: int, shipping_minor: int, lines: Sequence[RefundedLine]
) -> tuple[tuple[RefundedLine, ...], int]:
    """The lines and the shipping a shop is told of. Where they come to more than is given back (a fee was
    kept, a part was never paid), it is told of the amount alone."""
    told = tuple(line for line in lines if line.line and line.quantity > 0 and line.amount_minor > 0)
    shipping = max(0, shipping_minor)
    if sum(line.amount_minor for line in told) + shipping > amount_minor:
        return (), 0
    return told, shipping
