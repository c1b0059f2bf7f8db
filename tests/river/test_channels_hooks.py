"""The messages a shop sends by itself: made, looked at every hour, and switched on again."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings

from quartermaster.channels.actions import see_to_hooks, switch
from quartermaster.core import sql

from .conftest import NOW, Company
from .corner import Shop, a_corner_shop

TOPICS = ["order.created", "order.deleted", "order.restored", "order.updated"]


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(settings, "URL", "http://127.0.0.1:8000")
    with a_corner_shop(company, monkeypatch) as corner:
        yield corner


def an_hour_later() -> int:
    sql.run("update channels_hooks set next_at = now() - interval '1 second'")
    return see_to_hooks()


def told(name: str) -> list[dict[str, object]]:
    rows = sql.run("select body::text from core_event where name = %s order by id", (name,))
    return [json.loads(body) for (body,) in rows]


def test_a_live_shop_sends_what_we_want_to_hear_of_and_is_mended_when_it_gave_up(shop: Shop) -> None:
    hooks = shop.memory.hooks
    assert see_to_hooks() == 0  # it is only read
    switch("corner", mode="live", at=NOW, by="user:1")
    assert see_to_hooks() == 1
    assert sorted(str(one["topic"]) for one in hooks.kept.values()) == TOPICS
    assert {one["delivery_url"] for one in hooks.kept.values()} == {"http://127.0.0.1:8000/in/corner"}
    assert set(hooks.secrets.values()) == {"simulated"}
    assert see_to_hooks() == 0  # not before an hour is over

    hooks.switch_off(next(number for number, one in hooks.kept.items() if one["topic"] == "order.updated"))
    assert an_hour_later() == 1
    assert {one["status"] for one in hooks.kept.values()} == {"active"}
    assert hooks.made == len(TOPICS)
    first, second = told("HooksMended")
    assert (first["topics"], first["switched_off"]) == (TOPICS, [])
    assert (second["topics"], second["switched_off"]) == (["order.updated"], ["order.updated"])

    assert an_hour_later() == 1  # and nothing was to be done
    assert len(told("HooksMended")) == 2
    shop.company.examine()


def test_without_an_address_the_shop_can_reach_a_person_is_told_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "URL", "")
    switch("corner", mode="live", at=NOW, by="user:1")
    for _ in range(2):
        an_hour_later() or see_to_hooks()
    assert (shop.memory.hooks.made, len(told("HooksOff"))) == (0, 1)
    ((off, because),) = sql.run(
        "select off, because from channels_hooks where shop_id is not null and off <> ''"
    )
    assert off == ", ".join(TOPICS)
    assert "QM_URL" in because


def test_a_shop_that_does_not_answer_is_looked_at_later(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.simulator.misbehave("hook", "500 late")
    assert see_to_hooks() == 1
    ((failures, because),) = sql.run("select failures, because from channels_hooks where failures > 0")
    assert failures == 1
    assert "no clear answer" in because
    assert an_hour_later() == 1
    assert shop.memory.hooks.made == len(TOPICS)  # what was made without an answer was found
