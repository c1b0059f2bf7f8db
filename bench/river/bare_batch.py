"""The bare micro-batch, one process: JSON bytes in, 200 orders a transaction, nothing of the product.

`python -m bench.river.bare_batch URL SECONDS NAME`: says `ready`, waits for a line, works, answers with JSON.
It leaves out tax, routing, holds, events, customers, other sites: everything but the core of an order.
"""

import random
import sys
import time
from collections.abc import Mapping, Sequence

import msgspec
import psycopg

BATCH = 200
_POOL = 5_000

_ORDERS = """
insert into bare.orders (channel, ext_ref, total_minor, body)
select 'shop', ref, total, body::jsonb
from unnest(%b::text[], %b::bigint[], %b::text[]) as u(ref, total, body)
on conflict do nothing returning ext_ref, id
"""
_FREE = """
select sku_id, on_hand - reserved from bare.stock where site_id = 1 and sku_id = any(%b)
order by sku_id for no key update
"""
_LINES = """
insert into bare.lines (order_id, sku_id, quantity, price_minor)
select * from unnest(%b::bigint[], %b::int[], %b::int[], %b::bigint[])
"""
_LEDGER = """
insert into bare.ledger (sku_id, site_id, order_id, change)
select sku_id, 1, order_id, change
from unnest(%b::int[], %b::bigint[], %b::int[]) as u(sku_id, order_id, change)
"""
_RESERVE = """
update bare.stock s set reserved = s.reserved + u.units from unnest(%b::int[], %b::int[]) as u(sku_id, units)
where s.sku_id = u.sku_id and s.site_id = 1 and s.on_hand - s.reserved >= u.units
"""


class Line(msgspec.Struct):
    sku: int
    quantity: int
    price_minor: int


class Person(msgspec.Struct):
    email: str
    name: str


class Address(msgspec.Struct):
    street: str
    zip: str
    city: str
    country: str


class Order(msgspec.Struct):
    ext_ref: str
    customer: Person
    ship_to: Address
    lines: list[Line]


_decode = msgspec.json.Decoder(Order).decode


def main(url: str, seconds: float, name: str) -> None:
    chance = random.Random(name)
    rests = [_rest(chance) for _ in range(_POOL)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.prepare_threshold = 1
        print("ready", flush=True)
        sys.stdin.readline()
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            bodies = [
                b'{"ext_ref":"%s-%d",' % (name.encode(), n) + rests[n % _POOL]
                for n in range(done, done + BATCH)
            ]
            with connection.transaction():
                _batch(connection, bodies)
            done += BATCH
        took = time.perf_counter() - began
        print(msgspec.json.encode({"orders": done, "seconds": took}).decode(), flush=True)
        sys.stdin.readline()  # stays until its CPU time was read


def _rest(chance: random.Random) -> bytes:
    lines = [Line(sku, 1, 1400) for sku in chance.sample(range(1, 10_001), 3)]
    order = Order(
        "", Person("ada@shopper.example", "Ada Adler"), Address("Mill Lane 1", "1", "Newbridge", "DE"), lines
    )
    return msgspec.json.encode(order).removeprefix(b'{"ext_ref":"",')


def _batch(connection: psycopg.Connection, bodies: Sequence[bytes]) -> None:
    orders = [_decode(body) for body in bodies]
    totals = [sum(line.quantity * line.price_minor for line in order.lines) for order in orders]
    texts = [body.decode() for body in bodies]
    made = connection.execute(_ORDERS, ([order.ext_ref for order in orders], totals, texts)).fetchall()
    ids: dict[str, int] = dict(made)
    wanted = sorted({line.sku for order in orders for line in order.lines})
    free: dict[int, int] = dict(connection.execute(_FREE, (wanted,)).fetchall())
    lines: list[tuple[int, int, int, int]] = []
    taken: list[tuple[int, int, int]] = []
    units: dict[int, int] = {}
    for order in orders:
        if (order_id := ids.get(order.ext_ref)) is None:
            continue
        lines += [(order_id, line.sku, line.quantity, line.price_minor) for line in order.lines]
        if all(free.get(line.sku, 0) >= line.quantity for line in order.lines):
            for line in order.lines:
                free[line.sku] -= line.quantity
                units[line.sku] = units.get(line.sku, 0) + line.quantity
                taken.append((line.sku, order_id, -line.quantity))
    _write(connection, lines, taken, units)


def _write(
    connection: psycopg.Connection,
    lines: Sequence[tuple[int, int, int, int]],
    taken: Sequence[tuple[int, int, int]],
    units: Mapping[int, int],
) -> None:
    connection.execute(_LINES, [list(column) for column in zip(*lines, strict=True)])
    connection.execute(_LEDGER, [list(column) for column in zip(*taken, strict=True)])
    if connection.execute(_RESERVE, (list(units), list(units.values()))).rowcount != len(units):
        raise RuntimeError("the bare batch oversold")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3])
