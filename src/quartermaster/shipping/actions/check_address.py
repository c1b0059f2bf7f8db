"""Ask a carrier whether there is such an address. It says what it thinks; nothing waits for it."""

import hashlib
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.outside import NotDone, RefusedOutside, Unclear
from quartermaster.events import AddressChecked
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Checked, ChecksAddresses
from quartermaster.shipping.queries.carriers import asked_for

SHIP_TO = "select id, ship_to::text from orders_order where id = %s"


class NobodyChecks(Refused):
    code = "nobody-checks"
    message = "The address was not checked: {because}."
    remedy = "Nothing waits for it. Connect an account that checks addresses, or try again later."


class Found(NamedTuple):
    """What an account says, and which."""

    account: str
    checked: Checked


def check_address(number: str, *, at: datetime, by: str) -> Found:
    """Ask the first account that checks addresses about the one of order SO-7, and note its verdict with the
    order. Outside every transaction. Raises NotFound, NobodyChecks."""
    digits = number.removeprefix("SO-")
    rows = sql.run(SHIP_TO, (int(digits),)) if digits.isascii() and digits.isdecimal() else []
    if not rows:
        raise NotFound(what="order", which=number[:40])
    order_id, ship_to = rows[0]
    address = None if ship_to is None else msgspec.json.decode(ship_to, type=Address | None, strict=False)
    if address is None:
        raise NobodyChecks(because="the order has none")
    found = _asked(address)
    with transaction.atomic():
        fact = AddressChecked(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            account=found.account,
            verdict=found.checked.verdict,
            because=found.checked.because,
            address_sha256=hashlib.sha256(ship_to.encode()).hexdigest(),
        )
        emit([fact])
    return found


def _asked(address: Address) -> Found:
    wrong = "no connected account does that"
    for account, carrier in asked_for("")[0]:
        if not isinstance(carrier, ChecksAddresses):
            continue
        try:
            return Found(account.slug, carrier.check_address(account=account, address=address))
        except (NotDone, Unclear, RefusedOutside) as error:
            wrong = f"{account.slug} gave no verdict: {error}"
    raise NobodyChecks(because=wrong.rstrip("."))
