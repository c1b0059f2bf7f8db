"""A small company, made by the same steps as the real one."""

import random
from datetime import timedelta

import pytest
from django.utils.timezone import now

from quartermaster.core import doctor, sql
from quartermaster.core.queries import is_demo
from quartermaster.demo import mark, seed
from quartermaster.demo.alive import Life
from quartermaster.demo.clock import flow
from quartermaster.demo.shops.door import knock
from quartermaster.testing.builders import a_sku

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SMALL = {"orders": 150, "skus": 40}


def broken() -> list[doctor.Finding]:
    return [finding for finding in doctor.examine() if finding.rows]


def counts() -> list[tuple[int, ...]]:
    tables = (
        "orders_order",
        "orders_line",
        "stock_movement",
        "warehouse_parcel",
        "inbox_message",
        "core_event",
    )
    return [sql.run(f"select count(*) from {table}")[0] for table in tables]


@pytest.mark.django_db(transaction=True)
def test_a_demo_is_made_whole_and_once():
    assert seed.seed(lambda done, words: None, **SMALL)

    assert is_demo()
    assert broken() == []
    assert sql.run("select count(*) from orders_order")[0][0] >= SMALL["orders"] - 5
    assert {"delivered", "cancelled"} <= {row[0] for row in sql.run("select status from orders_order")}
    before = counts()
    assert not seed.seed(lambda done, words: None, **SMALL)
    assert counts() == before


@pytest.mark.django_db(transaction=True)
def test_after_an_hour_of_its_life_the_doctor_finds_nothing_wrong():
    seed.seed(lambda done, words: None, **SMALL)
    life = Life(lambda webhook, at: knock([(webhook, at)]), random.Random(3), flow=flow)
    at = now()
    before = sql.run("select count(*) from orders_order")[0][0]
    for tick in range(40):
        at += timedelta(seconds=90)
        life.sell(at)
        life.work(at)
        if tick % 2:
            life.drive(at)
        flow(at)

    assert sql.run("select count(*) from orders_order")[0][0] == before + 40
    assert broken() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["stock", "orders", "lately"])
def test_killed_in_the_middle_it_goes_on_and_leaves_nothing_twice(step: str, monkeypatch: pytest.MonkeyPatch):
    calls = 0

    class Killed(Exception):
        pass

    def tell(done: float, words: str) -> None:
        nonlocal calls
        calls += words.startswith(next(one.words for one in seed.STEPS if one.name == step))
        if calls == 3:
            raise Killed

    with pytest.raises(Killed):
        seed.seed(tell, **SMALL)
    assert step not in mark.memory().done

    assert seed.seed(lambda done, words: None, **SMALL)

    assert broken() == []
    twice = "select 1 from orders_order group by connection_id, external_id having count(*) > 1"
    assert sql.run(twice) == []


@pytest.mark.django_db
def test_a_database_with_a_company_in_it_never_becomes_a_demo():
    a_sku("LAMP")
    with pytest.raises(mark.InUse):
        seed.seed(lambda done, words: None, **SMALL)
    assert not is_demo()


@pytest.mark.django_db
def test_what_is_not_a_demo_remembers_none():
    with pytest.raises(mark.NotADemo):
        mark.memory()
