"""Amazon's books: refunds, and the fees that come with them. Nothing of them stands in an order.

A refund is a transaction below zero, of which the seller gets back a part of the fees; it may be deferred
first, and is then booked once more when it is released. Of the last two minutes nothing is told.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

from quartermaster.testing.simulators.amazon_listings import CURRENCY, MARKETPLACE, SELLER, no
from quartermaster.testing.simulators.server import Request, Response

ROOT = "/finances/2024-06-19/transactions"
_LAG = timedelta(minutes=2)
_SPAN = timedelta(days=180)

type Json = dict[str, object]


class Finances:
    """`size`: transactions of a page. `may_read`: whether the application has the role for it. `defers`: each
    refund is booked twice, as deferred and as released."""

    def __init__(self) -> None:
        self.booked: list[Json] = []
        self.size = 500
        self.may_read = True
        self.defers = False

    def give_back(self, order: str, amount: Decimal, at: datetime, note: str) -> None:
        name = f"tx-{len(self.booked) + 1}"
        first = _refund(name, order, amount, at, note)
        if not self.defers:
            self.booked.append(first)
            return
        second = _refund(f"{name}-released", order, amount, at, note)
        cast("list[Json]", second["relatedIdentifiers"]).append(_named("DEFERRED_TRANSACTION_ID", name))
        self.booked += [first | {"transactionStatus": "DEFERRED_RELEASED"}, second]

    def given_back(self, order: str) -> Decimal:
        """What buyers got, by what they were told: each refund once."""
        mine = [one for one in self.booked if _named("ORDER_ID", order) in _related(one)]
        return sum(
            (_bought_back(one) for one in mine if not any(_is_twin(each) for each in _related(one))),
            Decimal(0),
        )

    def respond(self, request: Request) -> Response:
        if not self.may_read:
            return no(403, "Unauthorized", "Access to requested resource is denied.")
        query = request.query
        after, before = _moment(query, "postedAfter"), _moment(query, "postedBefore")
        if after is None or before is None or not after < before <= datetime.now(UTC) - _LAG:
            return no(400, "InvalidInput", "postedAfter and postedBefore are no span that is over")
        found = [
            one
            for one in self.booked
            if before - after <= _SPAN and after <= datetime.fromisoformat(str(one["postedDate"])) < before
        ]
        start = int(query.get("nextToken", "from-0").removeprefix("from-"))
        payload: Json = {"transactions": found[start : start + self.size]}
        if found[start + self.size :]:
            payload["nextToken"] = f"from-{start + self.size}"
        return Response(200, {"payload": payload})


def _refund(name: str, order: str, amount: Decimal, at: datetime, note: str) -> Json:
    """The buyer gets `amount`; of the commission the seller gets a tenth of it back."""
    back = (amount / 10).quantize(Decimal("0.01"))
    item = {
        "description": note,
        "totalAmount": _money(back - amount),
        "breakdowns": [
            _part("ProductCharges", -amount, _part("OurPricePrincipal", -amount)),
            _part("AmazonFees", back, _part("Commission", back)),
        ],
    }
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": SELLER,
            "accountType": "Standard Orders",
            "marketplaceId": MARKETPLACE,
        },
        "relatedIdentifiers": [_named("ORDER_ID", order), _named("REFUND_ID", f"r-{name}")],
        "transactionType": "Refund",
        "transactionId": name,
        "transactionStatus": "RELEASED",
        "description": "Refund Order",
        "postedDate": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "totalAmount": _money(back - amount),
        "marketplaceDetails": {"marketplaceId": MARKETPLACE},
        "items": [item],
        "breakdowns": [
            _part("Expenses", -amount, _part("ProductCharges", -amount)),
            _part("Sales", back, _part("AmazonFees", back)),
        ],
    }


def _named(name: str, value: str) -> Json:
    return {"relatedIdentifierName": name, "relatedIdentifierValue": value}


def _part(kind: str, amount: Decimal, *inside: Json) -> Json:
    return {"breakdownType": kind, "breakdownAmount": _money(amount), "breakdowns": list(inside)}


def _money(amount: Decimal) -> Json:
    return {"currencyCode": CURRENCY, "currencyAmount": float(amount)}


def _related(one: Json) -> list[Json]:
    return cast("list[Json]", one["relatedIdentifiers"])


def _is_twin(related: Json) -> bool:
    return related["relatedIdentifierName"] == "DEFERRED_TRANSACTION_ID"


def _bought_back(one: Json) -> Decimal:
    """What it says of the goods."""
    (item,) = cast("list[dict[str, list[Json]]]", one["items"])
    money = cast("Json", item["breakdowns"][0]["breakdownAmount"])
    return -Decimal(str(money["currencyAmount"]))


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    return datetime.fromisoformat(query[name]) if name in query else None
