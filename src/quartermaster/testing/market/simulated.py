"""A stall behind a port of its own: buyers come over HTTP, and what is done to its stock is written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from quartermaster.testing.market.stall import Stall, today
from quartermaster.testing.simulators.sending import Line, Mail
from quartermaster.testing.simulators.server import Request, Response


class Market:
    """A vendor for `Simulator`, with buyers. By hand: offer {"skus": [...], "units": n}, listens {"address",
    "secret"}, buy {"sku", "units"}, edit {"id", "anew"}, cancel, refund {"id", ...}, shown, seen, done,
    written, raised; line {"line", "seed"} of one whose messages are fetched."""

    def __init__(self, stall: Stall) -> None:
        self.stall = stall
        self.written: list[tuple[str, str, int]] = []  # when, SKU, what a buyer can have afterwards
        self.raised: list[tuple[str, str, int]] = []  # the same, of what nobody wrote: units it has back
        self.calls = 0
        self._skus: list[str] = []
        self._edits = 0

    def operation(self, method: str, path: str) -> str:
        return str(self.stall.memory.operation(method, path))

    def error(self, status: int) -> object:
        return self.stall.memory.error(status)

    @property
    def paid(self) -> int:
        return int(self.stall.memory.paid)

    def respond(self, request: Request, *, url: str) -> Response:
        self.calls += 1
        at = today()
        self.stall.turn(at)
        if request.method == "GET":
            return self._answer(request, url)
        before = self._shown()
        answer = self._answer(request, url)
        if request.operation in self.stall.writes:
            after = self._shown()
            self.written += [
                (at.isoformat(), sku, units) for sku, units in after.items() if before[sku] != units
            ]
        else:
            self._note(at, before)
        return answer

    def _answer(self, request: Request, url: str) -> Response:
        answer: Response = self.stall.memory.respond(request, url=url)
        return answer

    def _note(self, at: datetime, before: Mapping[str, int]) -> None:
        after = self._shown().items()
        self.raised += [(at.isoformat(), sku, units) for sku, units in after if units > before.get(sku, 0)]

    def by_hand(self, what: str, said: Mapping[str, Any]) -> object:
        at = today()
        self.stall.turn(at)
        if what not in ("edit", "cancel", "refund"):
            return self._by_hand(what, said, at)
        before = self._shown()
        done = self._by_hand(what, said, at)
        self._note(at, before)
        return done

    def _by_hand(self, what: str, said: Mapping[str, Any], at: datetime) -> object:
        match what:
            case "offer":
                for sku in said["skus"]:
                    self.stall.offer(sku, int(said["units"]))
                self._skus += said["skus"]
                return None
            case "listens":
                self.stall.listens(said["address"], said["secret"])
                return None
            case "buy":
                return {"id": self.stall.buy(said["sku"], int(said["units"])), "at": at.isoformat()}
            case "edit":
                self._edits += 1
                if said.get("anew") and (order := self.stall.edit_anew(said["id"])):
                    return {"is_done": True, "id": order}
                return {"is_done": self.stall.edit(said["id"], self._edits), "id": said["id"]}
            case "cancel":
                return {"is_done": self.stall.cancel(said["id"])}
            case "refund":
                return {"is_done": self.stall.refund(said["id"], int(said["minor"]), said["note"])}
            case "line" if self.stall.queued is not None:
                self.stall.queued.line = msgspec.convert(said["line"], Line)
                self.stall.queued.seed(int(said["seed"]))
                return None
        return self._told(what)

    def _told(self, what: str) -> object:
        match what:
            case "shown":
                return self._shown()
            case "seen":
                return {order: self.stall.seen(order) for order in self.stall.orders()}
            case "done":
                return self.stall.done()
            case "written":
                return self.written
            case "raised":
                return self.raised
            case "calls":
                return self.calls
        raise KeyError(what)

    def _shown(self) -> dict[str, int]:
        return {sku: self.stall.shown(sku) for sku in self._skus}


class SendingMarket(Market):
    """One whose shop sends messages by itself."""

    @property
    def mail(self) -> Mail:
        mail: Mail = self.stall.memory.mail
        return mail


def market(stall: Stall) -> Market:
    return SendingMarket(stall) if hasattr(stall.memory, "mail") else Market(stall)
