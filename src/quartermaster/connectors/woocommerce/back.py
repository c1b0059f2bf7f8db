"""WooCommerce: orders that are not to be sent, and money that goes back.

An order is cancelled as a whole. Money goes back the way it was paid, when the payment plugin can. There are
no idempotency keys: our reference ends the reason of a refund, and is looked for before one is made.
https://woocommerce.github.io/woocommerce-rest-api-docs/#order-refunds, read 2026-11-23.
"""

from quartermaster.channels.ports import Cancellation, Refund, Told
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.woocommerce.connection import API, caller_of, complaint
from quartermaster.connectors.woocommerce.translate import undoing
from quartermaster.core.outside import Account, Conflict, Invalid, NotDone, Unclear


class WooCancels:
    cancels_lines = False

    def cancel(self, *, account: Account, cancellation: Cancellation) -> Told:
        if not cancellation.is_whole:
            raise Invalid("WooCommerce cancels whole orders only")
        caller, path = caller_of(account), f"{API}/orders/{cancellation.order}"
        order = caller.look(path)
        if undoing.is_cancelled(order):
            return Told()
        if because := undoing.too_late(order):
            raise Conflict(because)
        order = caller.change("PUT", path, undoing.cancelled(cancellation))
        if not undoing.is_cancelled(order):
            raise Unclear(f"WooCommerce did not cancel the order: {complaint(order).because}")
        return Told()

    def find_cancellation(self, *, account: Account, cancellation: Cancellation) -> Told | None:
        order = caller_of(account).look(f"{API}/orders/{cancellation.order}")
        return Told() if undoing.is_cancelled(order) else None


class WooRefunds:
    def refund(self, *, account: Account, refund: Refund) -> Told:
        caller, path = caller_of(account), f"{API}/orders/{refund.order}"
        order = caller.look(path)
        made, paid_back = _made(caller, refund)
        if made is not None:
            return made
        try:
            wanted = undoing.refund(refund, order, paid_back_minor=paid_back)
        except ValueError as error:
            raise Conflict(str(error)) from None
        answer = caller.change("POST", f"{path}/refunds", wanted)
        if not undoing.is_ours(refund, answer):
            raise Unclear(f"WooCommerce did not confirm the refund: {complaint(answer).because}")
        return Told(str(answer.get("id")))

    def find_refund(self, *, account: Account, refund: Refund) -> Told | None:
        return _made(caller_of(account), refund)[0]


def _made(caller: Caller, refund: Refund) -> tuple[Told | None, int]:
    """What the shop knows of a refund, and what it gave back of the order so far."""
    rows, _ = caller.listed(f"{API}/orders/{refund.order}/refunds", params={"per_page": "100"})
    try:
        paid_back = sum(undoing.amount(row, refund.currency) for row in rows)
    except ValueError:
        raise NotDone("WooCommerce lists a refund without an amount") from None
    ours = next((row for row in rows if undoing.is_ours(refund, row)), None)
    return (None if ours is None else Told(str(ours.get("id")))), paid_back
