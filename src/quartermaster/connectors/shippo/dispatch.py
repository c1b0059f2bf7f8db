"""The end of the day at Shippo, and the addresses it knows.

It can also be asked to pick up, but not whether it was, and not to stay away: so no pickups are offered.
"""

from abc import abstractmethod
from collections.abc import Mapping

from msgspec.structs import replace

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import listed, objects, text
from quartermaster.connectors.shippo.translate import answers, asking
from quartermaster.core.outside import NotDone, RefusedOutside, Unclear
from quartermaster.orders.ports import Address, Unreadable
from quartermaster.shipping.ports import Account, Checked, Manifested, ManifestWanted

type Found = Mapping[str, object]
_MADE = ("SUCCESS", "QUEUED")


class Dispatch:
    """The ports TakesManifests and ChecksAddresses."""

    @abstractmethod
    def _caller(self, account: Account) -> Caller: ...

    def manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested:
        caller = self._caller(account)
        known = self._manifests(caller, wanted)
        on_it = {label for each in known for label in _labels(each)}
        left = tuple(each for each in wanted.labels if each.carrier_ref not in on_it)
        if left:
            of = self._carrier_account(caller, wanted)
            body = asking.manifest(replace(wanted, labels=left), account.settings, of)
            made = caller.change("POST", "/manifests", body)
            if not made.get("object_id"):
                raise Unclear(f"Shippo confirmed no manifest: {answers.complaint(made).because}")
            if made.get("status") not in _MADE:
                wrong = " ".join(text(each) for each in listed(made.get("errors")))
                raise RefusedOutside(caller.redacted(wrong) or "Shippo could not make the manifest.")
            known.append(made)
        return self._manifested(caller, known)

    def find_manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested | None:
        caller = self._caller(account)
        known = self._manifests(caller, wanted)
        return self._manifested(caller, known) if known else None

    def check_address(self, *, account: Account, address: Address) -> Checked:
        found = self._caller(account).ask("/addresses", asking.address_to_check(address))
        try:
            return answers.checked(found, address)
        except Unreadable as error:
            raise NotDone(f"Shippo answered without a verdict: {error}") from None

    def _carrier_account(self, caller: Caller, wanted: ManifestWanted) -> str:
        """Whose labels these are: a manifest is for one account at one carrier."""
        sold = caller.look(f"/transactions/{wanted.labels[0].carrier_ref}")
        of = text(caller.look(f"/rates/{text(sold.get('rate'))}").get("carrier_account"))
        if not of:
            raise NotDone("Shippo does not say whose labels these are.")
        return of

    def _manifests(self, caller: Caller, wanted: ManifestWanted) -> list[Found]:
        ours = {each.carrier_ref for each in wanted.labels}
        found = caller.look("/manifests", params={"results": "100"})
        if "results" not in found:
            raise NotDone("Shippo answered without a list of manifests.")
        mine = (each for each in objects(found["results"]) if ours & set(_labels(each)))
        by_name = {text(each.get("object_id")): each for each in mine if each.get("status") in _MADE}
        return list(by_name.values())

    def _manifested(self, caller: Caller, found: list[Found]) -> Manifested:
        if any(each.get("status") == "QUEUED" for each in found):
            raise Unclear("Shippo is still making the manifest.")
        links = [text(link) for each in found for link in listed(each.get("documents"))]
        try:
            paper = caller.fetch(links[0]) if links else None
        except NotDone:  # it is told; the driver has a list of ours
            paper = None
        names = dict.fromkeys(text(each.get("object_id")) for each in found)
        labels = dict.fromkeys(label for each in found for label in _labels(each))
        return Manifested(" ".join(names), tuple(labels), paper)


def _labels(found: Found) -> list[str]:
    return [text(each) for each in listed(found.get("transactions"))]
