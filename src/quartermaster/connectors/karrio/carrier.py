"""Karrio's calls: rates; a draft under our reference, bought; found again by it; cancelled.

A draft costs nothing and is bought at most once there, so our reference leads to the one label we paid.
"""

from collections.abc import Mapping

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.karrio.dispatch import Dispatch
from quartermaster.connectors.karrio.translate import answers, asking
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Conflict, Missing, NotDone, Unclear
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Account, Bought, Offer, Shipment, Wanted

type Kept = Mapping[str, object]


class Karrio(Dispatch):
    """A server of the shop's own: nobody limits how often it is asked."""

    returns_on_scan = False
    settles_s = 120  # it waits for its carriers without an end of its own, and knows of no label until then
    rates_kept_s = 300

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        body = self._caller(account).ask("/proxy/rates", asking.rates(shipment, account.settings))
        try:
            offers = answers.offers(body, shipment, account=account.slug)
        except Unreadable as error:
            raise NotDone(f"Karrio answered without rates: {error}") from None
        if not offers:
            because = answers.complaint(body).because or "it does not say why"
            raise NotDone(f"Karrio offers nothing: {because}")
        return offers

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        caller = self._caller(account)
        mine = self._mine(caller, wanted.reference)
        known = next(filter(answers.is_made, mine), None)
        if known is None:
            draft = mine[0] if mine else self._draft(caller, asking.draft(wanted, account.settings))
            known = self._purchased(caller, wanted, draft, account.settings)
        return self._bought(caller, wanted.reference, known)

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        caller = self._caller(account)
        known = next(filter(answers.is_made, self._mine(caller, reference)), None)
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
        if carrier_ref:
            known: Kept | None = caller.look(f"/shipments/{carrier_ref}")
        else:
            known = next(filter(answers.is_made, self._mine(caller, reference)), None)
        if known is None:
            raise Missing(f"Karrio knows of no label {reference}.")
        if not known.get("id"):
            raise NotDone("Karrio answered without the shipment.")
        if answers.is_void(known):
            return
        told = caller.change("POST", f"/shipments/{text(known['id'])}/cancel")
        if not answers.is_void(told):
            raise Unclear(f"Karrio did not say whether it is cancelled: {answers.complaint(told).because}")

    def _mine(self, caller: Caller, reference: str) -> list[Kept]:
        """What bears our reference: a live label, then one that is cancelled, then drafts, oldest first."""
        found = caller.look("/shipments", params={"reference": reference, "limit": "100"})
        if "results" not in found:
            raise NotDone("Karrio answered without a list of shipments.")
        mine = [each for each in objects(found["results"]) if each.get("reference") == reference]
        mine = [each for each in mine if answers.is_made(each) or each.get("status") == "draft"]
        mine.sort(key=answers.rank)
        return list(mine)

    def _draft(self, caller: Caller, body: Mapping[str, object]) -> Kept:
        """A shipment with its rates, not bought. When its answer is lost nothing was paid."""
        made = caller.ask("/shipments", body)
        if not made.get("id"):
            raise NotDone(f"Karrio made no draft: {answers.complaint(made).because}")
        return made

    def _purchased(self, caller: Caller, wanted: Wanted, draft: Kept, settings: Mapping[str, str]) -> Kept:
        name = text(draft.get("id"))
        rate = answers.rate_of(draft, wanted)
        if not rate:  # the carrier did not answer when the draft was made
            draft = caller.ask(f"/shipments/{name}/rates", asking.rates_again(wanted))
            rate = answers.rate_of(draft, wanted)
        if not rate:
            because = answers.complaint(draft).because or "it does not say why"
            raise NotDone(f"Karrio does not offer {wanted.service} any more: {because}")
        try:
            made = caller.change("POST", f"/shipments/{name}/purchase", asking.purchase(rate, settings))
        except Conflict:  # bought meanwhile, by the call whose answer we lost
            raise Unclear("Karrio has bought it already.") from None
        if not answers.is_made(made):
            raise Unclear(f"Karrio confirmed no label: {answers.complaint(made).because}")
        return made

    def _bought(self, caller: Caller, reference: str, known: Kept) -> Bought:
        try:
            document = answers.label_in(known)
            if document is None:
                document = caller.ask(f"/shipments/{text(known.get('id'))}/documents/label", {})
            return answers.bought(known, reference=reference, document=document)
        except NotDone as error:  # the label is paid: only its paper is missing
            raise Unclear(f"Karrio sold the label and did not send it: {error}") from None
        except (Missing, Unreadable) as error:
            raise Unclear(f"Karrio answered strangely: {error}") from None

    def _caller(self, account: Account) -> Caller:
        key = account.settings["api_key"]
        return Caller(
            f"{account.settings['api_url'].rstrip('/')}/v1",
            name="Karrio",
            headers={"Authorization": f"Token {key}"},
            complaint=answers.complaint,
            secrets=[key],
        )
