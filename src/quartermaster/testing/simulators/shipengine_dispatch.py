"""Manifests, pickups and addresses at the simulated ShipEngine."""

from collections.abc import Mapping, Sequence
from typing import cast

from quartermaster.testing.simulators.server import Response

type Kept = dict[str, dict[str, object]]


class Dispatch:
    """`left_out`: label ids that are silently left off manifests, as some carriers do with late ones."""

    def __init__(self, version: str, labels: Kept) -> None:
        self.version, self.labels = version, labels
        self.manifests: Kept = {}
        self.pickups: Kept = {}
        self.left_out: set[str] = set()

    def wrong_with(self, label_ids: Sequence[str]) -> str:
        if any(each not in self.labels for each in label_ids):
            return "One of the labels does not exist."
        return "One of the labels is void." if any(self.labels[each]["voided"] for each in label_ids) else ""

    def manifest(self, label_ids: Sequence[str], url: str) -> dict[str, object]:
        number = len(self.manifests) + 1
        listed = [each for each in label_ids if each not in self.left_out]
        made: dict[str, object] = {
            "manifest_id": f"se-{9000 + number}",
            "form_id": f"se-{9500 + number}",
            "created_at": f"2026-11-23T18:00:00.{number:06d}Z",
            "ship_date": "2026-11-23T00:00:00Z",
            "shipments": len(listed),
            "label_ids": listed,
            "warehouse_id": None,
            "submission_id": str(number),
            "carrier_id": self.labels[label_ids[0]]["carrier_id"],
            "manifest_download": {
                "href": f"{url}/{self.version}/downloads/1/simulated/manifest-{number}.pdf"
            },
        }
        self.manifests[str(made["manifest_id"])] = made
        return made

    def with_label(self, label_id: str) -> list[dict[str, object]]:
        return [m for m in self.manifests.values() if label_id in cast("list[str]", m["label_ids"])]

    def book(self, body: Mapping[str, object]) -> dict[str, object]:
        number = len(self.pickups) + 1
        made: dict[str, object] = {
            **body,
            "pickup_id": f"pik_{number}",
            "created_at": f"2026-11-23T10:00:00.{number:06d}Z",
            "cancelled_at": None,
            "confirmation_number": f"C{number:05d}",
        }
        self.pickups[str(made["pickup_id"])] = made
        return made

    def cancel(self, pickup_id: str) -> dict[str, object] | None:
        found = self.pickups.get(pickup_id)
        if found is not None:
            found["cancelled_at"] = "2026-11-23T11:00:00Z"
        return found


def checked(address: Mapping[str, object]) -> dict[str, object]:
    """A postcode that begins with 999 is nowhere, 997 is written otherwise."""
    postcode = str(address.get("postal_code", ""))
    status = (
        "error" if postcode.startswith("999") else "warning" if postcode.startswith("997") else "verified"
    )
    said = {"error": "Address not found.", "warning": "The postcode was corrected."}.get(status, "")
    matched = None if status == "error" else {**address, "postal_code": postcode.replace("997", "101", 1)}
    messages = [{"code": "a1001", "message": said, "type": "warning"}] if said else []
    return {
        "status": status,
        "original_address": dict(address),
        "matched_address": matched,
        "messages": messages,
    }


def response(found: dict[str, object] | None, missing: Response) -> Response:
    return missing if found is None else Response(200, found)
