"""Orders of a Magento shop that are not to be sent."""

from quartermaster.channels.ports import Cancellation, Told
from quartermaster.connectors.magento.client import API, caller_of
from quartermaster.connectors.magento.translate import telling
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Account, Conflict, Invalid, Unclear


class MagentoCancels:
    cancels_lines = False  # a part is taken off by refunding it, and not otherwise

    def cancel(self, *, account: Account, cancellation: Cancellation) -> Told:
        """What was invoiced cannot be cancelled: it is refunded, which takes its units off."""
        if not cancellation.is_whole:
            raise Invalid("Magento cancels whole orders only: refund the part, which takes its units off")
        caller, path = caller_of(account), f"{API}/orders/{cancellation.order}"
        order = caller.look(path)
        if order.get("state") != telling.CANCELLED:
            answer = caller.change_any("POST", f"{path}/cancel")
            if answer is False:
                raise Conflict(f"Magento does not cancel it: the order is {text(order.get('state'))[:40]}")
            if answer is not True:
                raise Unclear("Magento did not say whether it cancelled the order")
            order = caller.look(path)
        if not _is_told(cancellation, order):
            sentence = telling.cancelled(cancellation)
            asked = telling.comment(order, sentence, tells_buyer=cancellation.tells_buyer)
            if caller.change_any("POST", f"{path}/comments", asked) is not True:
                raise Unclear("Magento did not say that it kept the comment")
        return Told()

    def find_cancellation(self, *, account: Account, cancellation: Cancellation) -> Told | None:
        order = caller_of(account).look(f"{API}/orders/{cancellation.order}")
        is_cancelled = order.get("state") == telling.CANCELLED
        return Told() if is_cancelled and _is_told(cancellation, order) else None


def _is_told(cancellation: Cancellation, order: dict[str, object]) -> bool:
    return telling.has_comment(cancellation.reference, objects(order.get("status_histories")))
