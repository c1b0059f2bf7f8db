"""Amazon's warehouses as a site of ours: orders of any shop can leave from there, and its stock is told.

https://developer-docs.amazon.com/sp-api/docs/fulfillment-outbound-api, read 2026-11-23.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import quote

from quartermaster.connectors.amazon.marketplaces import chosen
from quartermaster.connectors.amazon.sign_in import signed_in
from quartermaster.connectors.amazon.translate import fulfilment, telling
from quartermaster.connectors.amazon.translate.fulfilment import NotUnderstood
from quartermaster.connectors.calls import Caller
from quartermaster.core.outside import (
    Account,
    Conflict,
    Invalid,
    Missing,
    NotDone,
    RefusedOutside,
    Unclear,
)
from quartermaster.outside.ports import Capability, News, Order, Snapshot, Standing, State, Unread

_ORDERS, _STOCK = "/fba/outbound/2020-07-01/fulfillmentOrders", "/fba/inventory/v1/summaries"
ROUND_S = 8.0  # orders are asked for one by one
# It may say 400 to a number it does not have.
_NO_SUCH = re.compile(r"not (?:be )?found|does not exist|no such|unknown", re.IGNORECASE)


class AmazonWarehouse:
    """Multi-channel fulfilment. Our reference is the number of the order there, which Amazon takes once."""

    capabilities = frozenset({Capability.CANCEL, Capability.SNAPSHOT})

    def send(self, *, account: Account, order: Order) -> Standing:
        known = self.find(account=account, reference=order.reference)
        if known is not None:
            return known
        speed = account.settings.get("fba_speed") or fulfilment.SPEEDS[0]
        if speed not in fulfilment.SPEEDS:
            raise NotDone(f"{speed} is no speed of Amazon's: {', '.join(fulfilment.SPEEDS)}")
        market = chosen(account.settings.get("marketplaces", ""))[0]
        body = fulfilment.order_body(order, market, speed=speed, at=datetime.now(UTC))
        try:
            said = signed_in(account, lambda caller: caller.change("POST", _ORDERS, body))
        except RefusedOutside as refusal:
            made = self.find(account=account, reference=order.reference)  # it refuses a number it has
            if made is None:
                raise Invalid(str(refusal)) from None
            return made
        if said.get("errors"):
            raise Unclear(f"Amazon did not plainly take the order: {telling.complaint(said).because}")
        return Standing(order.reference, State.ACKNOWLEDGED, order.reference)

    def find(self, *, account: Account, reference: str) -> Standing | None:
        try:
            return signed_in(account, lambda caller: _known(caller, reference))
        except NotUnderstood as error:
            raise NotDone(str(error)) from None

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        before = self.find(account=account, reference=reference)
        if before is None:
            raise Missing(f"Amazon knows of no order {reference}")
        if before.state is State.CANCELLED:
            return before
        if before.shipments or before.state is State.SHIPPED:
            raise Conflict(f"Amazon has shipped {reference}")
        path = f"{_ORDERS}/{quote(reference, safe='')}/cancel"
        try:
            said = signed_in(account, lambda caller: caller.change("PUT", path))
        except Invalid as refusal:
            raise Conflict(str(refusal)) from None  # too late: it is being packed
        if said.get("errors"):
            raise Unclear(f"Amazon did not plainly cancel it: {telling.complaint(said).because}")
        after = self.find(account=account, reference=reference)
        return after or Standing(reference, State.ACKNOWLEDGED, reference)

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        """Where time ran out, the next round goes on. Without an open order Amazon is asked all the same."""
        ends, behind = monotonic() + ROUND_S, cursor
        told: list[Standing] = []
        unread: list[Unread] = []

        def ask(caller: Caller) -> None:
            nonlocal behind
            for reference in fulfilment.turn(references, behind):
                if monotonic() > ends:
                    return
                try:
                    found = _known(caller, reference)
                except NotUnderstood as error:
                    unread.append(Unread(f"order {reference}", str(error)))
                    found = None
                behind = reference
                if found is not None:
                    told.append(found)

            if not references:
                caller.look(_ORDERS, params={"queryStartDate": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"})

        signed_in(account, ask)
        return News(standings=tuple(told), unread=tuple(unread), cursor=behind)

    def thank(self, *, account: Account, news: News) -> None:
        return None  # nothing is taken away by reading it

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        """A SKU with a comma cannot be asked for, and is not counted."""
        at = datetime.now(UTC)
        plain = sorted({sku for sku in skus if "," not in sku})
        if skus and not plain:
            return None
        chunks = [plain[n : n + fulfilment.SKUS] for n in range(0, len(plain), fulfilment.SKUS)] or [[]]
        held: dict[str, int] = {}

        def count(caller: Caller) -> None:
            for chunk in chunks:
                _counted(caller, account, chunk, held)

        try:
            signed_in(account, count)
        except NotUnderstood as error:
            raise NotDone(str(error)) from None
        return fulfilment.snapshot(held, at)


def _known(caller: Caller, reference: str) -> Standing | None:
    """Raises NotUnderstood, NotDone."""
    try:
        answer = caller.look(f"{_ORDERS}/{quote(reference, safe='')}")
    except Missing:
        return None
    except RefusedOutside as refusal:
        if _NO_SUCH.search(str(refusal)):
            return None
        raise NotDone(str(refusal)) from None
    found = fulfilment.standing(answer)
    if found.reference != reference:
        raise NotUnderstood(f"Amazon answers of {found.reference} where {reference} was asked for")
    return found


def _counted(caller: Caller, account: Account, skus: Sequence[str], held: dict[str, int]) -> None:
    market, token = chosen(account.settings.get("marketplaces", ""))[0], ""
    while True:
        found, token = fulfilment.summaries(caller.look(_STOCK, params=fulfilment.asked(market, skus, token)))
        held.update(found)
        if not token:
            return
