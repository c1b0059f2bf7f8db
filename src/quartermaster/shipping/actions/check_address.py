"""Ask a carrier whether there is such an address, by hand or by itself."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import transaction
from django.utils.timezone import now

from quartermaster.core import sql
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.outside import NotDone, RefusedOutside, Unclear, retry_at
from quartermaster.events import AddressChecked
from quartermaster.orders.actions import edit, holds
from quartermaster.orders.actions.state import OrderState, load, save
from quartermaster.orders.ports import Address
from quartermaster.orders.queries import stages
from quartermaster.orders.rules.change import Answer, Change
from quartermaster.orders.rules.change import verdict as possible
from quartermaster.shipping.actions.ask_addresses import HOLD
from quartermaster.shipping.ports import Checked, ChecksAddresses
from quartermaster.shipping.queries.carriers import asked_for

SHIP_TO = "select id, ship_to::text, status from orders_order where id = %s"
KEEP = """
insert into shipping_address_verdict (order_id, address_sha256, verdict, account, because, suggested, at)
values (%(order)s, %(digest)s, %(verdict)s, %(account)s, %(because)s::jsonb, %(suggested)s::jsonb, %(at)s)
on conflict (order_id) do update set address_sha256 = excluded.address_sha256, verdict = excluded.verdict,
  account = excluded.account, because = excluded.because, suggested = excluded.suggested, at = excluded.at
"""
SUGGESTED = """
select suggested::text, address_sha256 from shipping_address_verdict
where order_id = %s and suggested is not null
"""
WAITING = ("open", "backordered", "allocated", "on_hold")


class NobodyChecks(Refused):
    code = "nobody-checks"
    message = "The address was not checked: {because}."
    remedy = "Nothing waits for it. Connect an account that checks addresses, or try again later."


class NoSuggestion(Refused):
    code = "no-suggestion"
    message = "No carrier would write the address of {order} another way."
    remedy = "Reload: it may be another address by now. Correct it by hand."


class Found(NamedTuple):
    """What an account says, and which."""

    account: str
    checked: Checked


def check_address(number: str, *, at: datetime, by: str) -> Found:
    """Ask the first account that checks addresses about the one of order SO-7, and note its verdict with the
    order, which it does not hold. Outside every transaction. Raises NotFound, NobodyChecks."""
    order_id = _order_id(number)
    ship_to, _ = _read(order_id)
    address = None if ship_to is None else msgspec.json.decode(ship_to, type=Address | None, strict=False)
    if ship_to is None or address is None:
        raise NobodyChecks(because="the order has none")
    found, wrong = _asked(address)
    if found is None:
        raise NobodyChecks(because=(str(wrong) if wrong else "no connected account does that").rstrip("."))
    with transaction.atomic():
        _keep(order_id, _digest(ship_to), found, at=at, by=by)
    return found


class CheckAddress:
    """The effect `shipping.address`. Asking changes nothing, so that it may be asked again at any time. A
    carrier that is down is asked later, as long as the order waits; nobody's silence holds an order."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        order_id, digest = int(str(body["order_id"])), str(body["address_sha256"])
        ship_to, status = _read(order_id)
        if ship_to is None or _digest(ship_to) != digest or status not in WAITING:
            return Told(Turn.CONFIRM, "it is no question any more")
        address = msgspec.json.decode(ship_to, type=Address, strict=False)
        found, wrong = _asked(address)
        if found is None and isinstance(wrong, (NotDone, Unclear)):
            return later(wrong if isinstance(wrong, NotDone) else NotDone(str(wrong)))
        if found is None:
            return Told(Turn.CONFIRM, str(wrong) if wrong else "no connected account does that")
        with transaction.atomic():
            order = load([order_id])[order_id]
            ship_to, _ = _read(order_id)
            if ship_to is None or _digest(ship_to) != digest:
                return Told(Turn.CONFIRM, "it is another address now")
            _keep(order_id, digest, found, at=now(), by=f"carrier:{found.account}")
            if found.checked.verdict == "bad":
                _hold(order, found, at=now())
        return Told(Turn.CONFIRM, found.checked.verdict)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        return Told(Turn.FIND_UNDONE, "asking again changes nothing")


def take_suggestion(number: str, *, at: datetime, by: str) -> None:
    """Send order SO-7 to the address as the carrier would write it; what held it for the old one is gone.
    Raises NotFound, NoSuggestion, TooLate."""
    order_id = _order_id(number)
    ship_to, _ = _read(order_id)
    for suggested, digest in sql.run(SUGGESTED, (order_id,)):
        if ship_to is not None and _digest(ship_to) == digest:
            written = msgspec.json.decode(suggested, type=Address, strict=False)
            edit(number, ship_to=written, because="as the carrier writes it", at=at, by=by)
            return
    raise NoSuggestion(order=number[:40])


def _hold(order: OrderState, found: Found, *, at: datetime) -> None:
    """Unless the floor has it already: then the verdict stands on its page, and a label is a carrier's to
    refuse."""
    if possible(Change.HOLD, stages([order.id])[order.id].values()).answer is Answer.NO:
        return
    said = " ".join(found.checked.because).strip().rstrip(".")
    because = f"{found.account} says nobody can deliver there{f': {said}' if said else ''}."
    holds.place([holds.Wanted(order, HOLD, because[:500], at, "shipping")], by="system")
    save([order], [])


def _keep(order_id: int, digest: str, found: Found, *, at: datetime, by: str) -> None:
    checked = found.checked
    suggested = None if checked.suggested is None else msgspec.json.encode(checked.suggested).decode()
    row = {
        "order": order_id,
        "digest": digest,
        "verdict": checked.verdict,
        "account": found.account,
        "because": msgspec.json.encode(checked.because).decode(),
        "suggested": suggested,
        "at": at,
    }
    sql.run(KEEP, row)
    fact = AddressChecked(
        subject=f"order:SO-{order_id}",
        at=at,
        actor=by,
        order_id=order_id,
        account=found.account,
        verdict=checked.verdict,
        because=checked.because,
        address_sha256=digest,
    )
    emit([fact])


def _order_id(number: str) -> int:
    digits = number.removeprefix("SO-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 19:
        return int(digits)
    raise NotFound(what="order", which=number[:40])


def _read(order_id: int) -> tuple[str | None, str]:
    """The address as it is stored, and the order's status. Raises NotFound."""
    for _, ship_to, status in sql.run(SHIP_TO, (order_id,)):
        return ship_to, status
    raise NotFound(what="order", which=f"SO-{order_id}")


def _digest(ship_to: str) -> str:
    return hashlib.sha256(ship_to.encode()).hexdigest()


def _asked(address: Address) -> tuple[Found | None, Exception | None]:
    """The first verdict there is; else why there is none: what may be asked again comes before what may
    not."""
    wrong: Exception | None = None
    for account, carrier in asked_for("")[0]:
        if not isinstance(carrier, ChecksAddresses):
            continue
        try:
            return Found(account.slug, carrier.check_address(account=account, address=address)), None
        except (NotDone, Unclear) as error:
            wrong = NotDone(f"{account.slug} gave no verdict: {error}")
            wrong = error if retry_at(error) else wrong
        except RefusedOutside as error:
            wrong = wrong or RefusedOutside(f"{account.slug} gave no verdict: {error}")
    return None, wrong
