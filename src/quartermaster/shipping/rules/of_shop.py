"""A shop that ships with labels of its own, asked like a carrier: about its own orders, and nothing else."""

from dataclasses import dataclass

from msgspec.structs import replace

from quartermaster.shipping.ports import (
    Account,
    Bought,
    Offer,
    RefusedByCarrier,
    Shipment,
    ShopLabels,
    Wanted,
)


@dataclass(frozen=True, slots=True)
class OfShop:
    """A Carrier. An order has one label there, so its own name is what the label is found by."""

    labels: ShopLabels

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        """One offer, which costs nothing here: the shop settles it."""
        if shipment.channel != account.slug:
            return ()
        told = "The shop ships it: the address stands on its label, and the shop pays."
        title, ref = "The shop's own label", shipment.channel_order
        return (Offer(account.slug, "label", title, account.slug, 0, because=(told,), ref=ref),)

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        if wanted.shipment.is_second:
            raise RefusedByCarrier("the shop gives one label for all of it, and an earlier parcel has it")
        made = self.labels.label(account=account, shipment=wanted.shipment)
        return replace(made, reference=wanted.reference, cost_minor=0, currency=wanted.currency)

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        known = self.labels.find_label(account=account, order=ref) if ref else None
        return None if known is None else replace(known, reference=reference, cost_minor=0)

    def void(
        self,
        *,
        account: Account,
        reference: str,
        tracking_number: str,
        ref: str = "",
        carrier_ref: str = "",
    ) -> None:
        raise RefusedByCarrier("it is the shop's own label: only the shop can take it back")
