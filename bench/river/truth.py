"""Was it done right? Counts over everything that went through the river, and the doctor."""

import time

import msgspec
import psycopg

from bench.river import flow
from bench.river.ground import Ground
from quartermaster.core import doctor, sql
from quartermaster.core.river import worker

# A sentence, and how often it is not so (a count that must be 0).
_COUNTS = {
    "every message is used": "select count(*) from inbox_message where state <> 'used'",
    "every message became an order": """
        select abs((select count(*) from inbox_message) - (select count(*) from orders_order))""",
    "every order is allocated": "select count(*) from orders_order where status <> 'allocated'",
    "every unit of every line is allocated": "select count(*) from orders_line where allocated <> ordered",
    "every order has its decision": """
        select count(*) from orders_order o
        where not exists (select from allocation_decision d where d.order_id = o.id)""",
    "every allocation is released": "select count(*) from allocation_allocation where state <> 'released'",
    "no event waits for a listener": "select count(*) from core_delivery",
    "reserved in stock = pending reservations": """
        select abs((select sum(reserved) from stock_level)
                 - (select sum(quantity) from stock_reservation where state = 'pending'))""",
    "pending reservations = allocated units": """
        select abs((select sum(quantity) from stock_reservation where state = 'pending')
                 - (select sum(allocated) from orders_line))""",
}


class Truth(msgspec.Struct, frozen=True):
    """What was found: sentence -> how often it is not so, and what the doctor names."""

    orders: int
    wrong: dict[str, int]
    doctor: dict[str, list[str]]
    doctor_seconds: float

    @property
    def is_true(self) -> bool:
        return not any(self.wrong.values()) and not any(self.doctor.values())


def examine(ground: Ground) -> Truth:
    """Look at everything. Takes as long as reading all tables a few times."""
    with psycopg.connect(ground.url) as connection:
        wrong = {sentence: _one(connection, query) for sentence, query in _COUNTS.items()}
        orders = _one(connection, "select count(*) from orders_order")
    began = time.monotonic()
    findings = {finding.check: finding.rows[:5] for finding in doctor.examine()}
    return Truth(orders, wrong, findings, time.monotonic() - began)


def statements_per_batch(ground: Ground, connection_id: int, *, first: int) -> dict[str, list[int]]:
    """Queue -> statements for a batch of 10 orders and for one of 250, worked in this process."""
    found: dict[str, list[int]] = {}
    for count in (10, 250):
        flow.store(ground, connection_id, first, count)
        first += count
        for queue in worker.queues:
            with sql.counted() as statements:
                taken = worker.step(queue)
            if taken:
                assert taken == count, f"{queue.name} took {taken} of {count}"
                found.setdefault(queue.name, []).append(len(statements))
    return found


def statements_are_constant(found: dict[str, list[int]]) -> bool:
    return bool(found) and all(len(set(counts)) == 1 for counts in found.values())


def _one(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return int(row[0] or 0) if row else 0
