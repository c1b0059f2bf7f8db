"""An edit as JSON: what was sent as what the action takes, what it came to as what is answered."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import asdict

from quartermaster.allocation.actions import Seen
from quartermaster.api.orders.shapes import Deltas, Edit, EditSeen, Price, SitePiece, StockSeen
from quartermaster.api.shapes import Money
from quartermaster.core.errors import Invalid
from quartermaster.orders.actions import NewLine, Shipping
from quartermaster.orders.ports import Address
from quartermaster.orders.queries import document


def changes(number: str, wanted: Edit) -> dict[str, Any]:
    """The arguments of `edit`. Raises Invalid for a line named twice, another currency, or nothing at all;
    NotFound."""
    if not wanted.model_fields_set - {"because", "version"}:
        raise Invalid(what="The change", errors={"body": "names nothing to change"})
    lines = wanted.lines or []
    twice = {line.id for line in lines if sum(line.id == other.id for other in lines) > 1}
    if twice:
        raise Invalid(what="The change", errors={"lines": f"line {min(twice)} is named twice"})
    minor = _Amounts(number)
    shipping = wanted.shipping
    return {
        "lines": {int(line.id): line.ordered for line in lines if line.ordered is not None},
        "prices": _given({line.id: minor.of(line.unit_price) for line in lines}),
        "discounts": _given({line.id: minor.of(line.discount) for line in lines}),
        "add": [
            NewLine(
                one.sku,
                one.quantity or 0,
                minor.of(one.unit_price),
                int(one.instead_of) if one.instead_of else None,
            )
            for one in wanted.add or ()
        ],
        "shipping": Shipping(shipping.method, minor.of(shipping.price)) if shipping else None,
        "ship_to": msgspec.convert(wanted.ship_to.model_dump(), Address) if wanted.ship_to else None,
        "priority": wanted.priority,
        "waives_due": wanted.waive_due,
        "because": wanted.because,
    }


def _given(amounts: Mapping[str, int | None]) -> dict[int, int]:
    return {int(line_id): minor for line_id, minor in amounts.items() if minor is not None}


class _Amounts:
    """Amounts of one order; its currency is looked up when the first is given."""

    def __init__(self, number: str) -> None:
        self.number, self.currency = number, ""

    def of(self, price: Price | None) -> int | None:
        if price is None:
            return None
        self.currency = self.currency or document(self.number).currency
        if price.currency != self.currency:
            raise Invalid(what="The change", errors={"currency": f"the order is in {self.currency}"})
        return price.minor


def told(seen: Seen, *, version: int, dry_run: bool) -> EditSeen:
    edited = seen.edited
    currency = edited.order.currency
    step = {
        name.removesuffix("_minor"): Money(minor=minor, currency=currency)
        for name, minor in asdict(edited.step).items()
    }
    return EditSeen(
        number=edited.order.number,
        version=version,
        dry_run=dry_run,
        deltas=Deltas(**step),
        adjusted=Money(minor=edited.difference.total_minor, currency=currency),
        due=Money(minor=edited.position.due_minor, currency=currency),
        owed=Money(minor=edited.position.owed_minor, currency=currency),
        answer=edited.verdict.answer.value,
        becomes=edited.verdict.sentence,
        costs=list(edited.verdict.steps),
        stock=[
            StockSeen(
                line=str(one.line_id),
                sku=one.sku,
                units=one.units,
                sites=[SitePiece(location=site, quantity=n) for site, n in one.sites.items()],
                waiting=one.waiting,
                because=one.because,
            )
            for one in seen.stock
        ],
    )
