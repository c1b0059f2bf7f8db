"""F50: many buyers at once for the last unit, through HTTP: exactly one gets it, and each of the others is
told why not."""

import random
import threading
from collections import Counter
from collections.abc import Sequence

import pytest

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.shop import Shop, Webhook

from .conftest import size
from .stand import Answer, Stand

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(600)]
BUYERS = size(100, 500)
CHANNELS = ("acme", "acme-outlet", "acme-uk")


def all_at_once(stand: Stand, posts: Sequence[tuple[str, Webhook]]) -> list[Answer]:
    """Every webhook from a thread and over a connection of its own, all let go at the same moment."""
    answers: list[Answer] = []
    ready = threading.Barrier(len(posts))

    def buy(slug: str, webhook: Webhook) -> None:
        ready.wait()
        answers.append(stand.post(slug, webhook))

    threads = [threading.Thread(target=buy, args=post) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits = sorted(answer.seconds for answer in answers)
    print(
        f"{len(posts)} buyers: answered in {waits[len(waits) // 2]:.3f} s (median), "
        f"{waits[int(len(waits) * 0.99)]:.3f} s (p99), {waits[-1]:.3f} s (slowest)"
    )
    return answers


def is_served() -> dict[str, tuple[int, int]]:
    """Order number -> units (allocated, open) over its lines."""
    found = sql.run(
        "select 'SO-' || order_id, sum(allocated)::int, sum(open)::int from orders_line group by order_id"
    )
    return {number: (allocated, opened) for number, allocated, opened in found}


def reasons(stand: Stand, numbers: Sequence[str]) -> Counter[str]:
    """What the API says about units that wait, over these orders; one that says nothing fails."""
    told: Counter[str] = Counter()
    for number in numbers:
        answer = stand.api("GET", f"/api/orders/{number}/why")
        assert answer.status == 200
        newest = answer.json()["decisions"][0]
        assert newest["is_reproducible"]
        assert newest["waiting"], f"{number} waits and is not told why"
        told.update(rest["because"] for rest in newest["waiting"])
    return told


def check_end(stand: Stand, answers: Sequence[Answer]) -> None:
    assert Counter(answer.status for answer in answers) == {200: len(answers)}
    assert sql.run("select count(*) from orders_order") == [(len(answers),)]
    stand.examine()
    stand.stop()
    assert stand.new_deadlocks() == 0
    assert stand.complaints() == []


def test_of_many_buyers_of_the_last_unit_over_three_connections_exactly_one_gets_it(
    stand: Stand, chance: random.Random
) -> None:
    a_location("BER")
    a_sku("LAMP", BER=1)
    shops = {slug: Shop() for slug in CHANNELS}
    for slug in CHANNELS:
        stand.channel(slug)
    posts = [
        (slug, shops[slug].sell(("LAMP", 1)))
        for slug, _ in zip(CHANNELS * BUYERS, range(BUYERS), strict=False)
    ]
    chance.shuffle(posts)
    stand.start()

    answers = all_at_once(stand, posts)
    stand.quiet()

    served = is_served()
    assert Counter(served.values()) == {(1, 0): 1, (0, 1): BUYERS - 1}
    losers = [number for number, units in served.items() if units == (0, 1)]
    assert reasons(stand, losers) == {"No site has LAMP free.": BUYERS - 1}
    assert sql.run("select status, count(*) from orders_order group by 1 order by 1") == [
        ("allocated", 1),
        ("backordered", BUYERS - 1),
    ]
    check_end(stand, answers)


@pytest.mark.parametrize("policy", ["backorder", "deny"])
def test_a_kit_and_its_part_from_two_channels_share_the_last_units_of_the_part(
    stand: Stand, chance: random.Random, policy: str
) -> None:
    """Three bulbs for sets of two and for single bulbs: one set and one bulb, or three bulbs, never more."""
    a_location("BER")
    bulb, shade = a_sku("BULB", BER=3), a_sku("SHADE", BER=BUYERS)
    sql.run("insert into catalog_sku (code, is_kit) values ('SET', true)")
    for table in ("catalog_kit_part", "catalog_kit_leaf"):
        sql.run(
            f"insert into {table} (kit_id, part_id, quantity) select id, p, q from catalog_sku, "
            "(values (%s::bigint, 2), (%s::bigint, 1)) as parts(p, q) where code = 'SET'",
            (bulb, shade),
        )
    sql.run("update catalog_sku set policy = %s", (policy,))
    shops = {"acme": Shop(), "bazaar": Shop()}
    for slug in shops:
        stand.channel(slug)
    count = BUYERS // 2
    posts = [("acme", shops["acme"].sell(("SET", 1))) for _ in range(count)]
    posts += [("bazaar", shops["bazaar"].sell(("BULB", 1))) for _ in range(count)]
    chance.shuffle(posts)
    stand.start(workers=2)

    answers = all_at_once(stand, posts)
    stand.quiet()

    served = is_served()
    units = dict(
        sql.run("select code, sum(allocated)::int from orders_line group by code having sum(allocated) > 0")
    )
    assert units in ({"SET": 1, "BULB": 1}, {"BULB": 3})
    losers = [number for number, (allocated, _) in served.items() if not allocated]
    assert sum(reasons(stand, losers).values()) == len(losers) == 2 * count - sum(units.values())
    parked = {row[0] for row in sql.run("select distinct parked from orders_line where open > 0")}
    assert parked == {"shortage" if policy == "deny" else "backorder"}
    check_end(stand, answers)
