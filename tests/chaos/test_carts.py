"""F51, F53: carts of several lines on a few hot SKUs and kits, told twice, changed and cancelled, while goods
come in, break and move, and people hold, edit and reroute: nobody waits in a ring, and the sums are right."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import connections

from quartermaster.allocation.actions import reroute
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.orders import actions as orders
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.shop import Shop, Webhook

from .conftest import size
from .stand import AT, Stand

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(600)]
CARTS = size(400, 3000)
SHELF = {"LAMP": 40, "BULB": 90, "SHADE": 50, "CABLE": 60, "POT": 30}
KITS = {"SET": {"BULB": 2, "SHADE": 1}, "BIG-SET": {"BULB": 4, "SHADE": 2, "LAMP": 1}}
SITES = ("BER", "PAR")

# Units that wait although a site has some free: nobody will come to serve them.
FORGOTTEN = """
select 'SO-' || l.order_id, l.code, l.open, l.parked, f.units from orders_line l
join (select sku_id, sum(sellable - reserved - safety) as units from stock_level group by 1) f using (sku_id)
where l.open > 0 and f.units > 0
  and not exists (select from orders_hold h where h.order_id = l.order_id and h.released_at is null
                  and h.kind in ('check', 'test'))
"""
RESERVED = """
select s.code, v.reserved, coalesce(w.units, 0) from catalog_sku s
join (select sku_id, sum(reserved)::int as reserved from stock_level group by sku_id) v on v.sku_id = s.id
left join (
  select coalesce(k.part_id, l.sku_id) as sku_id, sum(l.allocated * coalesce(k.quantity, 1))::int as units
  from orders_line l left join catalog_kit_leaf k on k.kit_id = l.sku_id group by 1) w on w.sku_id = s.id
where v.reserved <> coalesce(w.units, 0)
"""


class Crowd:
    """People and machines who all work at once, each in a thread; what goes wrong is kept for the end."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.wrong: list[str] = []
        self.done: Counter[str] = Counter()
        self._threads: list[threading.Thread] = []

    def join_in(self, name: str, act: Callable[[], None], *, pause_s: float = 0.0) -> None:
        """Act again and again until it is over. A refusal is an answer; anything else is wrong."""

        def go_on() -> None:
            while not self.over.is_set():
                try:
                    act()
                    self.done[name] += 1
                except StopIteration:
                    break
                except Refused as refused:
                    self.done[f"{name}: {refused.code}"] += 1
                except Exception as error:
                    self.wrong.append(f"{name}: {error!r}")
                time.sleep(pause_s)
            connections.close_all()

        self._threads.append(threading.Thread(target=go_on, name=name))

    def work(self, until: Sequence[str]) -> None:
        """Let everybody begin; it is over when those named `until` have nothing more to do."""
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            if thread.name in until:
                thread.join()
        self.over.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def company(stand: Stand) -> Stand:
    for site in SITES:
        a_location(site)
    for code, units in SHELF.items():
        a_sku(code, **dict.fromkeys(SITES, units // 2))
    for kit, parts in KITS.items():
        sql.run("insert into catalog_sku (code, is_kit) values (%s, true)", (kit,))
        for table in ("catalog_kit_part", "catalog_kit_leaf"):
            for part, quantity in parts.items():
                sql.run(
                    f"insert into {table} (kit_id, part_id, quantity) select k.id, p.id, %s "
                    "from catalog_sku k, catalog_sku p where k.code = %s and p.code = %s",
                    (quantity, kit, part),
                )
    stand.channel("acme")
    return stand


def a_history(shop: Shop, chance: random.Random) -> list[Webhook]:
    """One cart and what becomes of it, in the order of things."""
    wanted = chance.sample([*SHELF, *KITS], chance.randint(1, 4))
    order_id = 5_000_000_001 + len(shop.orders)
    told = [shop.sell(*[(code, chance.randint(1, 3)) for code in wanted])]
    fate = chance.random()
    if fate < 0.25:
        told.append(shop.readdress(order_id, "Potsdam"))
    if fate < 0.15:
        told.append(shop.refund(order_id, 0, 1, restock="cancel"))
        told.append(shop.refund_notice(order_id))
    elif fate > 0.85:
        told.append(shop.cancel(order_id))
    elif fate > 0.75:
        told.append(shop.fulfil(order_id, (0, 1)))
    return told


def deliveries(chance: random.Random) -> list[Webhook]:
    """All histories, shuffled a little, a fifth of the messages twice."""
    shop, placed = Shop(), []
    for n in range(CARTS):
        for step, webhook in enumerate(a_history(shop, chance)):
            for _ in range(2 if chance.random() < 0.2 else 1):
                placed.append((n + step * chance.uniform(0, 8), webhook))
    return [webhook for _, webhook in sorted(placed, key=lambda pair: pair[0])]


def a_poster(stand: Stand, webhooks: list[Webhook]) -> Callable[[], None]:
    def act() -> None:
        if not webhooks:
            raise StopIteration
        answer = stand.post("acme", webhooks.pop(0))
        assert answer.status == 200, answer

    return act


def a_storekeeper(name: str, chance: random.Random) -> Callable[[], None]:
    """Receives several SKUs at once, finds some broken, carries some over to the other site."""
    ids = dict(sql.run("select code, id from catalog_sku where not is_kit"))
    count = iter(range(10**9))

    def act() -> None:
        at, (here, there) = chance.random(), chance.sample(SITES, 2)
        codes = chance.sample(list(SHELF), chance.randint(1, 4))
        source, target = {0: ("world:supplier", here), 1: (here, "world:scrap"), 2: (here, there)}[
            0 if at < 0.55 else 1 if at < 0.8 else 2
        ]
        key = f"{name}:{next(count)}"
        moves = [
            Move(f"{key}:{code}", ids[code], chance.randint(1, 4), source, target, "chaos") for code in codes
        ]
        post(moves, by=name, at=AT, breaks_reservations=target == "world:scrap")

    return act


def a_clerk(stand: Stand, chance: random.Random) -> Callable[[], None]:
    """Does what people do to orders, half of it through the API."""

    def act() -> None:
        found = sql.run("select o.id, l.id from orders_order o join orders_line l on l.order_id = o.id")
        if not found:
            return
        order_id, line_id = chance.choice(found)
        number, told = f"SO-{order_id}", {"because": "chaos", "at": AT, "by": "user:1"}
        what = chance.randrange(7)
        if what == 0:
            orders.cancel(number, lines={line_id: 1}, **told)
        elif what == 1:
            orders.hold(number, kind="manual", **told)
        elif what == 2:
            orders.release_hold(number, kind="manual", **told)
        elif what == 3:
            reroute(number, location=chance.choice([None, *SITES]), **told)
        else:
            method, path, body = [
                ("POST", "cancel", {"because": "chaos"}),
                ("POST", "holds", {"kind": "fraud", "because": "chaos"}),
                ("PATCH", "", {"priority": chance.randint(-5, 5), "because": "chaos"}),
            ][what - 4]
            answer = stand.api(method, f"/api/orders/{number}/{path}".rstrip("/"), body)
            assert answer.status in (200, 201, 404, 409, 422), answer

    return act


def test_mixed_carts_on_hot_skus_and_kits_neither_deadlock_nor_miscount(
    company: Stand, chance: random.Random
) -> None:
    webhooks = deliveries(chance)
    names = {webhook.headers["x-shopify-webhook-id"] for webhook in webhooks}
    crowd = Crowd()
    posters = [f"poster {n}" for n in range(4)]
    for name in posters:
        crowd.join_in(name, a_poster(company, webhooks))
    for n in range(2):
        crowd.join_in(
            f"storekeeper {n}",
            a_storekeeper(f"storekeeper {n}", random.Random(chance.random())),
            pause_s=0.002,
        )
        crowd.join_in(f"clerk {n}", a_clerk(company, random.Random(chance.random())), pause_s=0.002)
    company.start(workers=2)

    began = time.monotonic()
    crowd.work(until=posters)
    company.quiet(within_s=300)
    took = time.monotonic() - began

    print(f"{CARTS} carts, {len(names)} messages in {took:.1f} s; {dict(crowd.done)}")
    assert crowd.wrong == []
    assert sql.run("select count(*) from orders_order") == [(CARTS,)]
    states = Counter(dict(sql.run("select state, count(*) from inbox_message group by state")))
    assert set(states) <= {"used", "ignored"}
    assert states.total() == len(names)
    assert sql.run(RESERVED) == []
    assert sql.run(FORGOTTEN) == []
    company.examine()
    company.stop()
    assert company.new_deadlocks() == 0
    assert company.complaints() == []
