"""Flipkart's notifications: sent one behind the other for each shipment, the same again until it is taken.

A notification that is not answered 200 holds the later ones of its group back, so a door that turns one away
hears no more of that shipment. What is signed is the moment and the address, not the body.
"""

import hashlib
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import cast

import msgspec

from quartermaster.testing.simulators.sending import Delivery, Mail

_STATES = {
    "PACKED": "shipment_packed",
    "FORM_FAILED": "shipment_form_failed",
    "READY_TO_DISPATCH": "shipment_ready_to_dispatch",
    "PICKUP_COMPLETE": "shipment_pickup_complete",
    "SHIPPED": "shipment_shipped",
    "DELIVERED": "shipment_delivered",
}
_DATES = ("dispatchAfterDate", "dispatchByDate")

type Json = dict[str, object]


class Notices:
    """`address`: where they go, "" while none is registered. `waiting`: those held back, by their group."""

    def __init__(self, app: str, secret: str) -> None:
        self.address = ""
        self.mail = Mail(on_end=self._ended)
        self.waiting: dict[str, deque[Delivery]] = {}
        self._app, self._secret, self._sent = app, secret, 0
        self._flying: dict[str, int] = {}  # copies on their way of the first of a group

    def changed(self, before: Json | None, after: Json, at: datetime) -> None:
        """Tell of a shipment that was made, or is not what it was."""
        if not self.address:
            return
        for event, attributes in _events(before, after):
            self._sent += 1
            name = str(after["shipmentId"])
            body = {
                "eventType": event,
                "source": "flipkart",
                "version": "v3",
                "timestamp": at.isoformat(timespec="seconds"),
                "locationId": after.get("locationId"),
                "attributes": attributes,
                "shipmentId": name,
            }
            one = Delivery(f"{name}|{self._sent}", self.address, self._signed(at), msgspec.json.encode(body))
            group = self.waiting.setdefault(name, deque())
            group.append(one)
            if len(group) == 1:
                self._send(name)

    def _signed(self, at: datetime) -> Mapping[str, str]:
        moment = str(int(at.timestamp()))
        told = f"{moment}{self.address}POST{self._secret}".encode()
        made = hashlib.sha1(told, usedforsecurity=False).hexdigest()
        given = b64encode(f"{self._app}:{made}".encode()).decode()
        return {
            "Content-Type": "application/json",
            "X_Date": moment,
            "X_Authorization": f"FKLOGIN {given}",
        }

    def _send(self, group: str) -> None:
        """The first of its group. One that is lost on the way is not sent again: the next one is."""
        while group in self.waiting:
            before = len(self.mail)
            self.mail.put(self.waiting[group][0])
            if copies := len(self.mail) - before:
                self._flying[group] = copies
                return
            self._next(group)

    def _ended(self, delivery: Delivery, is_taken: bool) -> None:
        """Of two copies the first that is taken counts; only when none was is it sent again."""
        group, _, _ = delivery.subscription.partition("|")
        queue = self.waiting.get(group)
        if queue is None or queue[0].subscription != delivery.subscription:
            return
        self._flying[group] -= 1
        if is_taken:
            self._next(group)
        if is_taken or not self._flying[group]:
            self._send(group)

    def _next(self, group: str) -> None:
        self.waiting[group].popleft()
        if not self.waiting[group]:
            del self.waiting[group]


def _events(before: Json | None, after: Json) -> list[tuple[str, Json]]:
    """What is told of a change: its kind, and what stands in it."""
    if before is None:
        left_out = ("shipmentId", "locationId", "shipmentType")
        return [("shipment_created", {name: each for name, each in after.items() if name not in left_out})]
    found: list[tuple[str, Json]] = []
    if before["hold"] != after["hold"]:
        found.append(("shipment_hold" if after["hold"] else "shipment_unhold", {}))
    if any(before.get(name) != after.get(name) for name in _DATES):
        dates = {name: after[name] for name in _DATES if name in after}
        found.append(("shipment_dispatch_dates_changed", dates))
    if gone := _units(after) - _units(before):
        cancelled = {"quantity": gone, "reason": "buyer_cancellation"}
        found.append(("shipment_cancelled", {"status": "CANCELLED", "orderItems": [cancelled]}))
    for state in sorted(_states(after) - _states(before)):
        if state in _STATES:
            found.append((_STATES[state], {"status": state}))
    return found


def _items(shipment: Json) -> list[Json]:
    return cast("list[Json]", shipment["orderItems"])


def _units(shipment: Json) -> int:
    """That are cancelled."""
    gone = (one for one in _items(shipment) if one["status"] == "CANCELLED")
    return sum(int(str(one.get("quantity", 1))) for one in gone)


def _states(shipment: Json) -> set[str]:
    return {str(one["status"]) for one in _items(shipment)}
