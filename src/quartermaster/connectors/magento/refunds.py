"""Money that a Magento shop gives back."""

from quartermaster.channels.ports import Refund, Told
from quartermaster.connectors.amounts import decimal_of
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.magento.client import API, caller_of, everything
from quartermaster.connectors.magento.translate import refunding, telling
from quartermaster.connectors.magento.translate.asking import Filter
from quartermaster.core.outside import Account, Conflict, Invalid, Unclear


class MagentoRefunds:
    def refund(self, *, account: Account, refund: Refund) -> Told:
        """Through the gateway the order was paid with, where an invoice names its transaction; else Magento
        only writes down what was given back by hand."""
        caller = caller_of(account)
        order = caller.look(f"{API}/orders/{refund.order}")
        if known := self._known(caller, refund):
            return Told(known)
        currency, left = refunding.currency_of(order), refunding.left_minor(order)
        if refund.currency != currency:
            raise Invalid(f"The shop counts in {currency or 'no currency'}, not in {refund.currency}")
        if refund.amount_minor > left:
            raise Conflict(f"Of what was paid {decimal_of(left, currency)} {currency} is left")
        asked = refunding.asked(refund, order)
        invoice = self._invoice(caller, refund, order)
        if invoice:
            answer = caller.change_any("POST", f"{API}/invoice/{invoice}/refund", {"isOnline": True, **asked})
        else:
            answer = caller.change_any("POST", f"{API}/order/{refund.order}/refund", asked)
        if theirs := telling.made(answer):
            return Told(theirs)
        raise Unclear("Magento did not say which credit memo it made")

    def find_refund(self, *, account: Account, refund: Refund) -> Told | None:
        known = self._known(caller_of(account), refund)
        return Told(known) if known else None

    def _known(self, caller: Caller, refund: Refund) -> str:
        memos = everything(caller, "/creditmemos", (Filter("order_id", "eq", refund.order),))
        return telling.document(refund.reference, refunding.counting(memos))

    def _invoice(self, caller: Caller, refund: Refund, order: dict[str, object]) -> str:
        """The invoice whose gateway pays it back; "" where there is none."""
        all_of_it = everything(caller, "/invoices", (Filter("order_id", "eq", refund.order),))
        invoices = refunding.through_gateway(all_of_it)
        found = refunding.invoice_for(refund, order, invoices)
        if invoices and not found:
            raise Conflict("None of its invoices has all of that left: give it back in parts, in Magento")
        return found
