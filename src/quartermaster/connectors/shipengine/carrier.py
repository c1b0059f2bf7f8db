"""The calls: rates, a label once for each reference, finding it again, giving it back.

ShipStation's API v2 is the same core under another address, so its connector is this class too.
"""

from collections.abc import Mapping

from quartermaster.connectors import limits
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shipengine.dispatch import Dispatch
from quartermaster.connectors.shipengine.translate import answers, asking
from quartermaster.core.outside import Conflict, Missing, NotDone, RefusedOutside, Unclear
from quartermaster.orders.ports import Address, Unreadable
from quartermaster.shipping.ports import Account, Bought, Checked, Offer, Shipment, Wanted

type Label = Mapping[str, object]


class ShipEngineCore(Dispatch):
    """`name` for sentences, `address` with the version of the API."""

    rates_kept_s = 300
    returns_on_scan = True

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        body = self._caller(account).ask("/rates", asking.rates(shipment, account.settings))
        try:
            return answers.offers(body, account=account.slug)
        except Unreadable as error:
            raise NotDone(f"{self.name} answered without rates: {error}") from None

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        """Buying has no idempotency key there: what was bought under our reference is looked up first."""
        caller = self._caller(account)
        shipment_id = self._shipment_id(caller, wanted.reference)
        if shipment_id is None:
            path, body = "/labels", asking.label(wanted, account.settings)
        elif (label := self._label(caller, shipment_id)) is not None:
            return self._bought(caller, wanted.reference, label)
        else:  # the shipment was kept, its label was not bought
            path, body = f"/labels/shipment/{shipment_id}", asking.paper(account.settings)
        try:
            label = caller.change("POST", path, body)
        except Conflict as error:
            raise Unclear(f"{self.name} has the reference already: {error}") from None
        if not label.get("label_id"):  # a 200 may carry errors, and may have been paid all the same
            raise Unclear(f"{self.name} confirmed no label: {answers.complaint(label).because}")
        return self._bought(caller, wanted.reference, label)

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        caller = self._caller(account)
        label = self._known(caller, reference)
        return None if label is None else self._bought(caller, reference, label)

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
        label = caller.look(f"/labels/{carrier_ref}") if carrier_ref else self._known(caller, reference)
        if label is None:
            raise Missing(f"{self.name} knows of no label {reference}.")
        if answers.is_void(label):
            return
        if not label.get("label_id"):
            raise NotDone(f"{self.name} answered without the label.")
        told = caller.change("PUT", f"/labels/{text(label['label_id'])}/void")
        if told.get("approved") is True:
            return
        if "approved" not in told:
            raise Unclear(f"{self.name} did not say whether the label is void.")
        raise RefusedOutside(caller.redacted(text(told.get("message"))) or "It was not taken back.")

    def _known(self, caller: Caller, reference: str) -> Label | None:
        shipment_id = self._shipment_id(caller, reference)
        return None if shipment_id is None else self._label(caller, shipment_id)

    def _shipment_id(self, caller: Caller, reference: str) -> str | None:
        try:
            shipment = caller.look(f"/shipments/external_shipment_id/{reference}")
        except Missing:
            return None
        if shipment.get("external_shipment_id") != reference or not shipment.get("shipment_id"):
            raise NotDone(f"{self.name} answered with another shipment than the one asked for.")
        return text(shipment["shipment_id"])

    def _label(self, caller: Caller, shipment_id: str) -> Label | None:
        """The label of a shipment; a live one before one that is void. None: there is none, or it failed."""
        found = caller.look("/labels", params={"shipment_id": shipment_id, "page_size": "100"})
        if "labels" not in found:
            raise NotDone(f"{self.name} answered without a list of labels.")
        made = [label for label in objects(found["labels"]) if label.get("status") != "error"]
        made.sort(key=lambda label: (answers.is_void(label), text(label.get("created_at"))))
        return made[0] if made else None

    def _bought(self, caller: Caller, reference: str, label: Label) -> Bought:
        """With its paper. Raises Unclear while it is being made."""
        if label.get("status") == "processing":
            raise Unclear(f"{self.name} is still making the label.")
        if label.get("status") == "error":
            raise RefusedOutside(f"{self.name} could not make the label.")
        is_zpl = label.get("label_format") == "zpl"
        links = label.get("label_download")
        link = links.get("zpl" if is_zpl else "pdf") or links.get("href") if isinstance(links, dict) else None
        try:
            paper = caller.fetch(text(link)) if link else b""
            return answers.bought(label, reference=reference, paper=paper, is_zpl=is_zpl)
        except NotDone as error:  # the label is paid: only its paper is missing
            raise Unclear(f"{self.name} sold the label and did not send it: {error}") from None
        except Unreadable as error:
            raise Unclear(f"{self.name} answered strangely: {error}") from None

    def _caller(self, account: Account) -> Caller:
        key = account.settings["api_key"]
        # https://www.shipengine.com/docs/rate-limits/, read 2026-11-23
        each = limits.per_minute(account, 20 if key.startswith("TEST_") else 200)
        return Caller(
            account.settings.get("api_url") or self.address,
            name=self.name,
            headers={"API-Key": key},
            complaint=answers.complaint,
            secrets=[key],
            files=("shipengine.com", "shipstation.com"),
            limit_of=limits.of(account, lambda method, path: each),
        )


class ShipEngine(ShipEngineCore):
    """ShipEngine also knows addresses, which ShipStation's API does not say of any."""

    def check_address(self, *, account: Account, address: Address) -> Checked:
        found = objects(self._caller(account).ask_all("/addresses/validate", [asking.address(address)]))
        try:
            if not found:
                raise Unreadable("the list is empty")
            return answers.checked(found[0], address)
        except Unreadable as error:
            raise NotDone(f"{self.name} answered without a verdict: {error}") from None
