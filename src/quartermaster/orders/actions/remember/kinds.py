"""The kinds of import named `orders`, `order_lines` and `payments`."""

from collections.abc import Sequence
from functools import partial

from quartermaster.core.imports import Kind, PastRows, Step
from quartermaster.inbox.actions.history import History
from quartermaster.orders.actions.remember.lines import remember_lines
from quartermaster.orders.actions.remember.orders import remember_orders
from quartermaster.orders.actions.remember.tenders import remember_tenders
from quartermaster.orders.rules import rows

BATCH = 4000


class Orders(Kind):
    columns = rows.ORDER_COLUMNS
    required = rows.ORDER_REQUIRED
    moments = rows.ORDER_MOMENTS
    days = ("promised_on",)
    numbers = rows.ORDER_NUMBERS
    batch = BATCH
    rows_depend = False

    def __init__(self, history: History) -> None:
        self._history = history

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        told = self._history
        remember = partial(
            remember_orders,
            connection_id=told.connection_id,
            slug=told.slug,
            at=told.at,
            by=told.by,
            source=f"import {name}",
        )
        return [PastRows("order", rows.order, remember)]


class Lines(Kind):
    columns = rows.LINE_COLUMNS
    required = rows.LINE_REQUIRED
    numbers = rows.LINE_NUMBERS
    batch = BATCH
    rows_depend = False

    def __init__(self, history: History) -> None:
        self._history = history

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        remember = partial(remember_lines, connection_id=self._history.connection_id)
        return [PastRows("line", rows.line, remember)]


class Payments(Kind):
    columns = rows.TENDER_COLUMNS
    required = rows.TENDER_REQUIRED
    moments = ("paid_at",)
    numbers = ("amount",)
    batch = BATCH
    rows_depend = False

    def __init__(self, history: History) -> None:
        self._history = history

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        remember = partial(remember_tenders, connection_id=self._history.connection_id)
        return [PastRows("tender", rows.tender, remember)]
