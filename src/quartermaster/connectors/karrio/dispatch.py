"""The end of the day at Karrio: manifests and pickups of labels it sold."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.karrio.translate import answers, asking
from quartermaster.connectors.picked import listed, objects, text
from quartermaster.core.outside import Missing, NotDone, Unclear
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Account, Booked, Manifested, ManifestWanted, PickupWanted, Sold

type Found = Mapping[str, object]
PAGE = 100  # as many as it lists at once


class Dispatch:
    """The ports TakesManifests and PicksUp. Manifests name shipments as their carrier does."""

    @abstractmethod
    def _caller(self, account: Account) -> Caller: ...

    def manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested:
        caller = self._caller(account)
        sold = self._sold(caller, wanted.labels)
        known = self._manifests(caller, sold)
        on_it = {name for each in known for name in _on_it(each)}
        if not {answers.identifier(each) for each in sold} <= on_it:
            # shipments that are on a list are left off the next by the server itself
            body = asking.manifest(wanted, account.settings, _carrier(sold[0]))
            made = caller.change("POST", "/manifests", body)
            if not made.get("id"):
                raise Unclear(f"Karrio confirmed no manifest: {answers.complaint(made).because}")
            known.append(made)
        return self._manifested(caller, known, sold)

    def find_manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested | None:
        caller = self._caller(account)
        try:
            sold = self._sold(caller, wanted.labels)
        except Missing:  # what it never sold is on none of its lists
            return None
        known = self._manifests(caller, sold)
        return self._manifested(caller, known, sold) if known else None

    def book_pickup(self, *, account: Account, wanted: PickupWanted) -> Booked:
        caller = self._caller(account)
        known = self._pickup(caller, wanted)
        if known is None:
            first = self._sold(caller, wanted.labels[:1])[0]
            body = asking.pickup(wanted, account.settings, _carrier(first), _connection(first))
            known = caller.change("POST", "/pickups", body)
            if not known.get("id"):
                raise Unclear(f"Karrio confirmed no pickup: {answers.complaint(known).because}")
        return _booked(known)

    def find_pickup(self, *, account: Account, wanted: PickupWanted) -> Booked | None:
        known = self._pickup(self._caller(account), wanted)
        return None if known is None else _booked(known)

    def cancel_pickup(self, *, account: Account, carrier_ref: str) -> None:
        caller = self._caller(account)
        if caller.look(f"/pickups/{carrier_ref}").get("status") == "cancelled":
            return
        told = caller.change("POST", f"/pickups/{carrier_ref}/cancel", {})
        if told.get("status") != "cancelled":
            raise Unclear(f"Karrio did not say whether it comes: {answers.complaint(told).because}")

    def _sold(self, caller: Caller, labels: Sequence[Sold]) -> list[Found]:
        """The shipments of these labels, in their order. Raises Missing when one is not known there."""
        names = [each.carrier_ref for each in labels]
        by_name: dict[str, Found] = {}
        for start in range(0, len(names), PAGE):
            params = {"id": ",".join(names[start : start + PAGE]), "limit": str(PAGE)}
            found = caller.look("/shipments", params=params)
            if "results" not in found:
                raise NotDone("Karrio answered without a list of shipments.")
            by_name |= {text(each.get("id")): each for each in objects(found["results"])}
        if unknown := [name for name in names if name not in by_name]:
            raise Missing(f"Karrio knows of no shipment {unknown[0]}.")
        return [by_name[name] for name in names]

    def _manifests(self, caller: Caller, sold: Sequence[Found]) -> list[Found]:
        """The lists that hold any of these, the newest hundred of their carrier looked through."""
        ours = {answers.identifier(each) for each in sold}
        params = {"carrier_name": _carrier(sold[0]), "limit": str(PAGE)}
        found = caller.look("/manifests", params=params)
        if "results" not in found:
            raise NotDone("Karrio answered without a list of manifests.")
        mine = {text(each.get("id")): each for each in objects(found["results"]) if ours & set(_on_it(each))}
        return list(mine.values())

    def _manifested(self, caller: Caller, known: Sequence[Found], sold: Sequence[Found]) -> Manifested:
        names = [text(each.get("id")) for each in known]
        on_it = {name for each in known for name in _on_it(each)}
        try:
            paper = answers.paper(caller.ask(f"/manifests/{names[0]}/document", {}))
        except (NotDone, Missing, Unreadable):  # it is told; the driver has a list of ours
            paper = None
        labels = tuple(text(each.get("id")) for each in sold if answers.identifier(each) in on_it)
        return Manifested(" ".join(names), labels, paper)

    def _pickup(self, caller: Caller, wanted: PickupWanted) -> Found | None:
        params = {"metadata_value": wanted.reference, "limit": str(PAGE)}
        found = caller.look("/pickups", params=params)
        if "results" not in found:
            raise NotDone("Karrio answered without a list of pickups.")
        mine = (
            each
            for each in objects(found["results"])
            if _marked(each) == wanted.reference and each.get("status") != "cancelled"
        )
        return next(mine, None)


def _on_it(manifest: Found) -> list[str]:
    return [text(each) for each in listed(manifest.get("shipment_identifiers"))]


def _carrier(shipment: Found) -> str:
    rate = shipment.get("selected_rate")
    return text(rate.get("carrier_name")) if isinstance(rate, dict) else text(shipment.get("carrier_name"))


def _connection(shipment: Found) -> str:
    rate = shipment.get("selected_rate")
    return text(rate.get("carrier_id")) if isinstance(rate, dict) else text(shipment.get("carrier_id"))


def _marked(pickup: Found) -> str:
    marks = pickup.get("metadata")
    return text(marks.get(asking.MARK)) if isinstance(marks, dict) else ""


def _booked(pickup: Found) -> Booked:
    return Booked(text(pickup.get("id")), text(pickup.get("confirmation_number")))
