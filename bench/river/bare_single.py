"""One transaction per order from Python, for servers that came without pgbench; four connections a process.

`python -m bench.river.bare_single URL SECONDS NAME` says `ready`, waits for a line, works, answers in JSON.
"""

import random
import sys
import threading
import time

import msgspec
import psycopg

CONNECTIONS = 4
_BODY = (
    '{"customer": {"email": "ada@shopper.example", "name": "Ada Adler"}, "ship_to": '
    '{"street": "Mill Lane 1", "zip": "12345", "city": "Newbridge", "country": "DE"}}'
)
_ORDER = (
    "insert into bare.orders (channel, ext_ref, total_minor, body) values ('shop', %s, 4200, %s) returning id"
)
_LINES = """
insert into bare.lines (order_id, sku_id, quantity, price_minor)
values (%(o)s, %(a)s, 1, 1400), (%(o)s, %(b)s, 1, 1400), (%(o)s, %(c)s, 1, 1400)
"""
_RESERVE = """
update bare.stock set reserved = reserved + 1 where sku_id = %s and site_id = 1 and on_hand - reserved >= 1
"""
_LEDGER = """
insert into bare.ledger (sku_id, site_id, order_id, change)
values (%(a)s, 1, %(o)s, -1), (%(b)s, 1, %(o)s, -1), (%(c)s, 1, %(o)s, -1)
"""


class Buyer(threading.Thread):
    """One connection that orders until its time is over."""

    def __init__(self, url: str, name: str, go: threading.Event, seconds: float) -> None:
        super().__init__()
        self._chance, self._name, self._go, self._seconds = random.Random(name), name, go, seconds
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.prepare_threshold = 1
        self.orders = 0

    def run(self) -> None:
        self._go.wait()
        end = time.perf_counter() + self._seconds
        with self._connection as connection:
            while time.perf_counter() < end:
                with connection.transaction():
                    self._order(connection)
                self.orders += 1

    def _order(self, connection: psycopg.Connection) -> None:
        skus = sorted(self._chance.sample(range(1, 10_001), 3))
        row = connection.execute(_ORDER, (f"{self._name}-{self.orders}", _BODY)).fetchone()
        named = {"o": row[0] if row else None, **dict(zip("abc", skus, strict=True))}
        connection.execute(_LINES, named)
        for sku in skus:
            connection.execute(_RESERVE, (sku,))
        connection.execute(_LEDGER, named)


def main(url: str, seconds: float, name: str) -> None:
    go = threading.Event()
    buyers = [Buyer(url, f"{name}-{n}", go, seconds) for n in range(CONNECTIONS)]
    for buyer in buyers:
        buyer.start()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    go.set()
    for buyer in buyers:
        buyer.join()
    took = time.perf_counter() - began
    orders = sum(buyer.orders for buyer in buyers)
    print(msgspec.json.encode({"orders": orders, "seconds": took}).decode(), flush=True)
    sys.stdin.readline()  # stays until its CPU time was read


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3])
