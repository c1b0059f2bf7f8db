"""Shippo's calls: rates of a shipment, a rate bought once, found again by that rate, refunded."""

from collections.abc import Mapping
from functools import partial

from quartermaster.connectors import limits
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shippo.dispatch import Dispatch
from quartermaster.connectors.shippo.translate import answers, asking
from quartermaster.core.outside import Missing, NotDone, RefusedOutside, Unclear
from quartermaster.core.pace import Limit
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Account, Bought, Offer, Shipment, Wanted

type Transaction = Mapping[str, object]


class Shippo(Dispatch):
    """A rate belongs to one parcel, so its id is what a purchase is known by; our reference is beside it."""

    address = "https://api.goshippo.com"
    returns_on_scan = False
    settles_s = 60  # a purchase whose answer was lost may appear this much later

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        body = self._caller(account).ask("/shipments", asking.shipment(shipment, account.settings))
        try:
            offers = answers.offers(body, shipment, account=account.slug)
        except Unreadable as error:
            raise NotDone(f"Shippo answered without rates: {error}") from None
        if not offers:
            raise NotDone(f"Shippo offers nothing: {answers.messages(body) or 'it does not say why'}")
        return offers

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        caller = self._caller(account)
        known = self._known(caller, wanted.reference, wanted.ref)
        if known is None:
            known = self._new(caller, asking.transaction(wanted, account.settings), wanted)
        return self._bought(caller, wanted.reference, known)

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        caller = self._caller(account)
        known = self._known(caller, reference, ref)
        return None if known is None else self._bought(caller, reference, known)

    def void(
        self,
        *,
        account: Account,
        reference: str,
        tracking_number: str,
        ref: str = "",
        carrier_ref: str = "",
    ) -> None:
        caller = self._caller(account)
        known = (
            caller.look(f"/transactions/{carrier_ref}")
            if carrier_ref
            else self._known(caller, reference, ref)
        )
        if known is None:
            raise Missing(f"Shippo knows of no label {reference}.")
        if not known.get("object_id"):
            raise NotDone("Shippo answered without the label.")
        if known.get("status") in answers.VOID:
            return
        refund = caller.change("POST", "/refunds", {"transaction": known["object_id"], "async": False})
        if not refund.get("object_id"):
            raise Unclear(f"Shippo did not say whether it refunds: {answers.complaint(refund).because}")
        if refund.get("status") == "ERROR":
            raise RefusedOutside("Shippo does not refund this label.")

    def _known(self, caller: Caller, reference: str, ref: str) -> Transaction | None:
        """The purchase of this rate under our reference; a live one before one that is refunded."""
        if not ref:
            return None
        found = caller.look("/transactions", params={"rate": ref, "results": "100"})
        if "results" not in found:
            raise NotDone("Shippo answered without a list of labels.")
        mine = [each for each in objects(found["results"]) if each.get("metadata") == reference]
        mine = [each for each in mine if each.get("status") in answers.MADE | answers.MAKING]
        mine.sort(key=lambda each: (each.get("status") in answers.VOID, text(each.get("object_created"))))
        return mine[0] if mine else None

    def _new(self, caller: Caller, body: Mapping[str, object], wanted: Wanted) -> Transaction:
        made = caller.change("POST", "/transactions", body)
        if not made.get("object_id"):
            raise Unclear(f"Shippo confirmed no label: {answers.complaint(made).because}")
        if made.get("status") != "ERROR":
            return made
        # A failed transaction costs nothing; that none of this rate was made is looked up all the same.
        known = self._known(caller, wanted.reference, wanted.ref)
        if known is not None:
            return known
        because = caller.redacted(answers.messages(made)) or "Shippo could not make the label."
        raise NotDone(because) if answers.is_busy(made) else RefusedOutside(because)

    def _bought(self, caller: Caller, reference: str, transaction: Transaction) -> Bought:
        if transaction.get("status") in answers.MAKING:
            raise Unclear("Shippo is still making the label.")
        try:
            link = text(transaction.get("label_url"))
            paper = caller.fetch(link) if link else b""
            return answers.bought(transaction, reference=reference, paper=paper)
        except NotDone as error:  # the label is paid: only its paper is missing
            raise Unclear(f"Shippo sold the label and did not send it: {error}") from None
        except Unreadable as error:
            raise Unclear(f"Shippo answered strangely: {error}") from None

    def _caller(self, account: Account) -> Caller:
        token = account.settings["api_token"]
        return Caller(
            account.settings.get("api_url") or self.address,
            name="Shippo",
            headers={"Authorization": f"ShippoToken {token}", "SHIPPO-API-VERSION": "2018-02-08"},
            complaint=answers.complaint,
            secrets=[token],
            files=("goshippo.com", "amazonaws.com"),
            limit_of=limits.of(account, partial(_limit, account)),
        )


def _limit(account: Account, method: str, path: str) -> Limit:
    """https://docs.goshippo.com/docs/api_concepts/ratelimits/, read 2026-11-23."""
    is_test = account.settings["api_token"].startswith("shippo_test_")
    if method != "GET":
        return limits.per_minute(account, 50 if is_test else 500, what="post")
    if path.count("/") > 1:
        return limits.per_minute(account, 400 if is_test else 4000, what="get")
    return limits.per_minute(account, 10 if is_test else 50, what="list")
