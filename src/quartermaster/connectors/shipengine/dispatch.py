"""The end of the day at ShipEngine and ShipStation: manifests and pickups of labels they sold."""

from abc import abstractmethod
from collections.abc import Mapping

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shipengine.translate import answers, asking
from quartermaster.core.outside import Missing, NotDone, RefusedOutside, Unclear
from quartermaster.shipping.ports import Account, Booked, Manifested, ManifestWanted, PickupWanted

type Found = Mapping[str, object]


class Dispatch:
    """The ports TakesManifests and PicksUp. Nothing there has a name of ours: what holds the first of the
    labels is what we asked for."""

    name: str

    @abstractmethod
    def _caller(self, account: Account) -> Caller: ...

    def manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested:
        caller = self._caller(account)
        known, left = self._manifests(caller, wanted)
        if left:
            told = caller.change("POST", "/manifests", {"label_ids": left})
            made = answers.manifests(told)
            if not made:
                because = answers.complaint(told).because or "it is being made"
                raise Unclear(f"{self.name} confirmed no manifest: {because}")
            known += made
        return self._manifested(caller, known)

    def find_manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested | None:
        caller = self._caller(account)
        known, _ = self._manifests(caller, wanted)
        return self._manifested(caller, known) if known else None

    def book_pickup(self, *, account: Account, wanted: PickupWanted) -> Booked:
        caller = self._caller(account)
        known = self._pickup(caller, wanted)
        if known is None:
            known = caller.change("POST", "/pickups", asking.pickup(wanted, account.settings))
            if not known.get("pickup_id"):
                raise Unclear(f"{self.name} confirmed no pickup: {answers.complaint(known).because}")
        return answers.booked(known)

    def find_pickup(self, *, account: Account, wanted: PickupWanted) -> Booked | None:
        known = self._pickup(self._caller(account), wanted)
        return None if known is None else answers.booked(known)

    def cancel_pickup(self, *, account: Account, carrier_ref: str) -> None:
        caller = self._caller(account)
        try:
            if caller.look(f"/pickups/{carrier_ref}").get("cancelled_at"):
                return
        except Missing:
            raise Missing(f"{self.name} knows of no pickup {carrier_ref}.") from None
        told = caller.change("DELETE", f"/pickups/{carrier_ref}")
        if told.get("errors"):
            raise Unclear(f"{self.name} did not say whether it comes: {answers.complaint(told).because}")
        if told.get("pickup_id") and not told.get("cancelled_at"):
            raise RefusedOutside(f"{self.name} comes all the same.")

    def _manifests(self, caller: Caller, wanted: ManifestWanted) -> tuple[list[Found], list[str]]:
        """The lists that hold our labels, and the labels that are on none."""
        known: list[Found] = []
        left = asking.labels(wanted.labels)
        while left:
            found = caller.look("/manifests", params={"label_ids": left[0]})
            if "manifests" not in found:
                raise NotDone(f"{self.name} answered without a list of manifests.")
            mine = [each for each in answers.manifests(found) if left[0] in answers.on_it(each)]
            if not mine:
                break
            known += mine
            listed = {label for each in mine for label in answers.on_it(each)}
            left = [label for label in left if label not in listed]
        return known, left

    def _manifested(self, caller: Caller, found: list[Found]) -> Manifested:
        """One answer of them all: it may have split the list, by its own warehouses."""
        links = [each.get("manifest_download") for each in found]
        link = next((text(each.get("href")) for each in links if isinstance(each, dict)), "")
        try:
            paper = caller.fetch(link) if link else None
        except NotDone:  # it is told; the driver has a list of ours
            paper = None
        names = dict.fromkeys(text(each.get("manifest_id")) for each in found)
        labels = dict.fromkeys(label for each in found for label in answers.on_it(each))
        return Manifested(" ".join(names), tuple(labels), paper)

    def _pickup(self, caller: Caller, wanted: PickupWanted) -> Found | None:
        ours = set(asking.labels(wanted.labels))
        found = caller.look("/pickups", params={"page_size": "100"})
        if "pickups" not in found:
            raise NotDone(f"{self.name} answered without a list of pickups.")
        mine = (
            each
            for each in objects(found["pickups"])
            if not each.get("cancelled_at") and ours & set(answers.on_it(each))
        )
        return next(mine, None)
