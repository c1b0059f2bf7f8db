"""What becomes of units that are scanned at the dock."""

from datetime import date
from typing import NamedTuple

from quartermaster.core.errors import Refused


class Needed(Refused):
    code = "scan-incomplete"
    status = 422
    message = "{sku} is received with its {what}."
    remedy = "Scan it and send the receipt again."


class ExpiredOnArrival(Refused):
    code = "expired-on-arrival"
    message = "{sku} lot {lot} expired on {expires_on}."
    remedy = "Receive the units as damaged, with a reason, and claim them from the supplier."


class MoreThanExpected(Refused):
    code = "more-than-expected"
    message = "{expected} × {sku} are expected and {received} are here already: {quantity} more are too many."
    remedy = "Count again; if they are really there, say why and send the receipt again."


class Scanned(NamedTuple):
    """Units of a SKU as they were scanned: base units. needs: of lot, expiry, serial, those it asks for."""

    sku: str
    quantity: int
    damaged: int
    lot: str
    serial: str
    expires_on: date | None
    because: str
    needs: frozenset[str] = frozenset()


class Line(NamedTuple):
    """What stands on the line before the scan."""

    expected: int = 0
    received: int = 0
    damaged: int = 0


class Came(NamedTuple):
    """What a scan brings: `qc` of the good units are to be looked at, `awaited` were expected."""

    qc: int
    awaited: int


def sampled(before: int, units: int, percent: int) -> int:
    """Of `units` good ones that come after `before` others: how many are to be looked at, so that at every
    moment percent of all, rounded up, were."""

    def of(count: int) -> int:
        return -(-count * percent // 100)

    return of(before + units) - of(before)


def came(scan: Scanned, line: Line, *, qc_percent: int, is_blind: bool, today: date) -> Came:
    """Whether a scan can be, and what it brings. Raises Needed, ExpiredOnArrival, MoreThanExpected."""
    for what, given in (("lot", scan.lot), ("expiry", scan.expires_on), ("serial", scan.serial)):
        if what in scan.needs and not given:
            raise Needed(
                sku=scan.sku, what={"expiry": "expiry date", "serial": "serial number"}.get(what, what)
            )
    if scan.damaged and not scan.because:
        raise Needed(sku=scan.sku, what="damage described")
    if scan.expires_on and not scan.lot:
        raise Needed(sku=scan.sku, what="lot, to which the expiry date belongs")
    good = scan.quantity - scan.damaged
    if scan.expires_on and scan.expires_on < today and good:
        raise ExpiredOnArrival(sku=scan.sku, lot=scan.lot, expires_on=scan.expires_on)
    if not is_blind and line.received + scan.quantity > line.expected and not scan.because:
        raise MoreThanExpected(
            sku=scan.sku, expected=line.expected, received=line.received, quantity=scan.quantity
        )
    awaited = min(line.expected, line.received + scan.quantity) - min(line.expected, line.received)
    return Came(sampled(line.received - line.damaged, good, qc_percent), awaited)
