"""Easyship's calls: rates, a shipment with its label, found again by our reference, cancelled."""

from collections.abc import Mapping

from msgspec.structs import replace

from quartermaster.connectors import limits
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.easyship.translate import answers, asking
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Missing, NotDone, RefusedOutside, Unclear
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Account, Bought, Offer, Shipment, Wanted

type Sent = Mapping[str, object]


class Easyship:
    """Our reference is the shipment's platform order number. It is not unique there: see `settles_s`."""

    address = "https://public-api.easyship.com/2024-09"
    settles_s = 60  # a purchase whose answer was lost may appear this much later
    rates_kept_s = 300

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        body = self._caller(account).ask("/rates", asking.rates(shipment, account.settings))
        try:
            offers = answers.offers(body, shipment, account=account.slug)
        except Unreadable as error:
            raise NotDone(f"Easyship answered without rates: {error}") from None
        if not shipment.needs_signature:
            return offers
        return tuple(replace(each, removed="cannot be asked for a signature here") for each in offers)

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        caller = self._caller(account)
        known = self._known(caller, wanted.reference)
        if known is None:
            made = caller.change("POST", "/shipments", asking.label(wanted, account.settings)).get("shipment")
            if not isinstance(made, dict) or not made.get("easyship_shipment_id"):
                raise Unclear("Easyship confirmed no shipment.")
            known = made
        return self._bought(wanted.reference, known)

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        known = self._known(self._caller(account), reference)
        return None if known is None else self._bought(reference, known)

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
        known = self._one(caller, carrier_ref) if carrier_ref else self._known(caller, reference)
        if known is None:
            raise Missing(f"Easyship knows of no label {reference}.")
        if answers.is_void(known):
            return
        told = caller.change("POST", f"/shipments/{text(known.get('easyship_shipment_id'))}/cancel")
        if not told.get("success"):
            raise Unclear(f"Easyship did not say whether it is cancelled: {answers.complaint(told).because}")

    def _one(self, caller: Caller, carrier_ref: str) -> Sent:
        known = caller.look(f"/shipments/{carrier_ref}").get("shipment")
        if not isinstance(known, dict) or not known.get("easyship_shipment_id"):
            raise NotDone("Easyship answered without the shipment.")
        return known

    def _known(self, caller: Caller, reference: str) -> Sent | None:
        """The shipment with a label under our reference; a live one before one that was cancelled.

        One whose label failed cost nothing, and another is made instead."""
        params = {"platform_order_number": reference, "per_page": "100"}
        found = caller.look("/shipments", params=params)
        if "shipments" not in found:
            raise NotDone("Easyship answered without a list of shipments.")
        mine = [each for each in objects(found["shipments"]) if _reference(each) == reference]
        states = answers.MADE | answers.MAKING | answers.VOID
        mine = [each for each in mine if each.get("label_state") in states]
        mine.sort(key=lambda each: (answers.is_void(each), text(each.get("created_at"))))
        return mine[0] if mine else None

    def _bought(self, reference: str, sent: Sent) -> Bought:
        state = text(sent.get("label_state"))
        if state in answers.MAKING:
            raise Unclear("Easyship is still making the label.")
        if state not in answers.MADE and not answers.is_void(sent):
            raise RefusedOutside(f"Easyship could not make the label ({state or 'it does not say why'}).")
        try:
            return answers.bought(sent, reference=reference)
        except Unreadable as error:  # the label may be paid: only its paper is missing
            raise Unclear(f"Easyship answered strangely: {error}") from None

    def _caller(self, account: Account) -> Caller:
        token = account.settings["access_token"]
        # https://developers.easyship.com/reference/rate-limit, read 2026-11-23
        each = limits.per_minute(account, 6 if token.startswith("sand_") else 60)
        return Caller(
            account.settings.get("api_url") or self.address,
            name="Easyship",
            headers={"Authorization": f"Bearer {token}"},
            complaint=answers.complaint,
            secrets=[token],
            limit_of=limits.of(account, lambda method, path: each),
        )


def _reference(sent: Sent) -> str:
    order = sent.get("order_data")
    return text(order.get("platform_order_number")) if isinstance(order, dict) else ""
