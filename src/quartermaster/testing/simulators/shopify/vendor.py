"""The shop: what it keeps, who is let in, and which operation is answered by whom."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from quartermaster.testing.simulators.server import Request, Response
from quartermaster.testing.simulators.shopify.bulk import Bulk
from quartermaster.testing.simulators.shopify.hooks import SECRET
from quartermaster.testing.simulators.shopify.nodes import Json
from quartermaster.testing.simulators.shopify.sold import sold

TOKEN = "shpat_simulated"
SETTINGS = {"webhook_secret": SECRET, "shop": "simulated.myshopify.com", "access_token": TOKEN}

POINTS, RESTORED = 2000.0, 100.0  # of a Standard shop: the most there are, and a second
_LISTS = ("ChangedOrders", "TheseOrders", "Variants")

type Answer = Callable[[Json], Json]


class Shopify(Bulk):
    """`points`: what is left of the shop's budget, None for one without end; `regains`: how many a second.
    `throttled`: calls that were too many. `lag`: how far its lists are behind. `said`: every question with
    its answer, for a look at their shapes."""

    def __init__(self) -> None:
        super().__init__()
        self.points: float | None = None
        self.regains = 0.0
        self.throttled = 0
        self._at = time.monotonic()
        self.said: list[tuple[str, Json, Json]] = []

    @property
    def paid(self) -> int:
        return len(self.mails)

    def by_hand(self, what: str, said: Mapping[str, object]) -> object:
        """order {"lines": [{"sku": …, "quantity": …, "price": "9.90"}]}; change {"id": …, "note": …};
        product {"sku": …, "quantity": …, "price": …}; refund {"id": …, "amount": "1.00", "note": …}: money
        alone; hooks: all it has."""
        match what:
            case "order":
                order = sold(self.next_id() + 7_000_000, self.now(), cast("list[Json]", said["lines"]))
                self.take(order)
                return {"id": order["id"]}
            case "change":
                self.take({**self.orders[str(said["id"])], **said})
                return {"id": said["id"]}
            case "product":
                price = str(said.get("price", "9.90"))
                return {"id": self.offer(str(said["sku"]), int(str(said.get("quantity", 10))), price)}
            case "refund":
                amount = Decimal(str(said["amount"]))
                return {"is_done": self.gives(str(said["id"]), amount, str(said.get("note", "")))}
            case "hooks":
                return list(self.subscriptions.values())
        raise KeyError(what)

    def operation(self, method: str, path: str) -> str:
        return path

    def error(self, status: int) -> object:
        """Shopify's own words for a status; with 200, something that went wrong inside."""
        if status != 200:
            return {"errors": f"simulated {status}"}
        code = {"code": "INTERNAL_SERVER_ERROR", "requestId": "simulated"}
        return {
            "errors": [{"message": "Internal error. Looks like something went wrong.", "extensions": code}]
        }

    def respond(self, request: Request, *, url: str) -> Response:
        self.url = url
        if request.path.startswith("/bulk/"):
            return self.file(request)
        if request.headers.get("x-shopify-access-token") != TOKEN:
            return Response(401, {"errors": "[API] Invalid API key or access token"})
        body = cast("Json", request.body)
        answer = self.answers().get(request.operation)
        if answer is None:
            return Response(200, _refused("undefinedField", f"{request.operation} is not known here"))
        asked = 75.0 if request.operation in _LISTS else 20.0
        if not self._pays(asked):
            self.throttled += 1
            return Response(200, _refused("THROTTLED", "Throttled") | self._cost(asked))
        variables = cast("Json", body["variables"])
        found = answer(variables)
        self.said.append((str(body["query"]), variables, found))
        return Response(200, {"data": found} | self._cost(asked))

    def answers(self) -> dict[str, Answer]:
        return (
            self.of_orders()
            | self.of_goods()
            | self.of_back()
            | self.of_edits()
            | self.of_hooks()
            | self.of_bulk()
        )

    def _pays(self, asked: float) -> bool:
        before, self._at = self._at, time.monotonic()
        if self.points is None:
            return True
        self.points = min(POINTS, self.points + (self._at - before) * self.regains)
        if self.points < asked:
            return False
        self.points -= asked
        return True

    def _cost(self, asked: float) -> Json:
        left = POINTS if self.points is None else self.points
        restored = self.regains or RESTORED
        status = {"maximumAvailable": POINTS, "currentlyAvailable": left, "restoreRate": restored}
        cost = {"requestedQueryCost": asked, "actualQueryCost": asked, "throttleStatus": status}
        return {"extensions": {"cost": cost}}


def _refused(code: str, message: str) -> Json:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def by_hand() -> Shopify:
    """A shop of today, with something in it."""
    shop = Shopify()
    shop.clock = datetime.now(UTC).replace(microsecond=0)
    for sku, quantity, price in (("KETTLE-1L", 12, "39.90"), ("MUG-STONE", 40, "9.90")):
        shop.offer(sku, quantity, price)
    return shop
