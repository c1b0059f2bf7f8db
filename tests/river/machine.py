"""A company for state machines: in a transaction of its own, with a post office that loses and doubles."""

import os
import sys
from typing import Any

from django.db import connection, transaction
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from quartermaster.core import doctor, sql
from quartermaster.inbox.actions import Arrival, keep
from quartermaster.testing.builders import SOLD_AT, a_connection, flow
from quartermaster.testing.shop import Shop, Webhook

IS_FULL = os.environ.get("QM_CHAOS") == "full"
# Looked at only at the end: these read everything there is.
SLOW = {"stock.chains", "stock.links", "allocation.why", "inbox.bytes", "stock.sums", "orders.told"}

FORGOTTEN = """
select 'SO-' || l.order_id, l.code, l.open, l.parked, f.units from orders_line l
join (select sku_id, sum(sellable - reserved - safety) as units from stock_level group by 1) f using (sku_id)
where l.open > 0 and f.units > 0 and l.is_shippable
  and not exists (select from orders_hold h where h.order_id = l.order_id and h.released_at is null
                  and h.kind in ('check', 'test'))
"""
STUCK = """
select listener, because from core_delivery where attempts > 0
union all select 'inbox', because from inbox_message where attempts > 0
"""


class Machine(RuleBasedStateMachine):
    """A company in a transaction of its own, undone with each example."""

    def __init__(self) -> None:
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self.connection_id = a_connection()
        self.shop = Shop()
        self.post_office: list[Webhook] = []  # sent by the shop, not yet delivered
        self.delivered: list[Webhook] = []
        self._looked = 0

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # else it is over already, and what is left proves nothing
                self.end()
        finally:
            transaction.set_rollback(True)
            self._undone.__exit__(None, None, None)

    def end(self) -> None:
        raise NotImplementedError

    def keep(self, webhook: Webhook, body: bytes | None = None) -> None:
        """As the intake does, in this transaction."""
        name = webhook.headers["x-shopify-webhook-id"]
        arrival = Arrival(
            connection_id=self.connection_id,
            delivery_id=name if body is None else f"spoiled {name}",
            topic=webhook.topic,
            headers=webhook.headers,
            body=webhook.body if body is None else body,
            received_at=SOLD_AT,
        )
        connection.ensure_connection()
        assert connection.connection is not None
        keep([arrival], connection.connection)

    def deliver(self, which: int, times: int) -> None:
        webhook = self.post_office.pop(which % len(self.post_office))
        self.delivered.append(webhook)
        for _ in range(times):
            self.keep(webhook)

    def deliver_the_rest(self) -> None:
        while self.post_office:
            self.deliver(0, 1)
        flow()

    def look(self) -> None:
        """The quick half of the doctor, after every fifth step (each of them with QM_CHAOS=full): what is
        broken stays broken, and to look takes longer than the step."""
        self._looked += 1
        if not self._looked % (1 if IS_FULL else 5):
            self.check(is_quick=True)

    def check(self, *, is_quick: bool) -> None:
        broken = [
            (one.name, rows)
            for one in doctor.checks
            if not (is_quick and one.name in SLOW) and (rows := one.look())
        ]
        assert not broken, broken
        failed = sql.run(STUCK)
        assert not failed, failed


def picture() -> dict[str, list[Any]]:
    """All that must not depend on when and how often messages came: no ids, no counters of writes."""
    queries = {
        "orders": "select external_id, status, total_minor, paid_minor, refunded_minor, payment_state, "
        "ship_to::text, cancelled_at is not null, source_version from orders_order order by 1",
        "lines": "select external_id, ordered, open, allocated, picked, shipped, cancelled, returned, parked "
        "from orders_line order by 1",
        "holds": "select o.external_id, h.kind, h.because from orders_hold h "
        "join orders_order o on o.id = h.order_id where h.released_at is null order by 1, 2",
        "refunds": "select external_id, amount_minor from orders_refund order by 1",
        "differences": "select o.external_id, d.total_minor, d.due_minor, d.owed_minor "
        "from orders_difference d join orders_order o on o.id = d.order_id order by 1",
        "stock": "select s.code, l.code, v.on_hand, v.reserved from stock_level v "
        "join catalog_sku s on s.id = v.sku_id join stock_location l on l.id = v.location_id order by 1, 2",
    }
    return {name: sql.run(query) for name, query in queries.items()}


def play(machine: type[Machine], share: float, steps: int) -> None:
    """With a share of the profile's examples: a machine's example is a long story."""
    profile = settings()
    examples = max(5, int(profile.max_examples * share))
    run_state_machine_as_test(
        machine, settings=settings(profile, max_examples=examples, stateful_step_count=steps)
    )
