"""A shop that does not accept our keys any more: nothing is lost, and all goes on with new ones."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from quartermaster.channels.actions import ask_shops, see_to_hooks, switch
from quartermaster.console.causes import queries as causes
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.inbox.actions import replace_keys
from quartermaster.testing.simulators import woocommerce

from .conftest import NOW, Company
from .corner import Shop, a_corner_shop


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with a_corner_shop(company, monkeypatch) as corner:
        yield corner


def cards() -> list[str]:
    return [group.of for group in causes.groups([causes.CAUSES["keys"]], at=now())]


def test_a_parcel_waits_for_new_keys_and_is_told_once_with_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    monkeypatch.setattr(woocommerce, "KEY", "ck_renewed")
    shop.ship()
    asked = len(shop.simulator.requests)
    assert sql.run("select state from channels_shipment") == [("queued",)]
    assert "corner waits for new keys" in cards()

    shop.settle()
    sql.run("update channels_shop set next_at = now() - interval '1 hour'")
    assert ask_shops() == 0
    assert len(shop.simulator.requests) == asked  # it is left alone

    replace_keys("corner", {"consumer_key": "ck_renewed"}, at=NOW, by="user:1")
    shop.settle()
    assert sql.run("select state from channels_shipment") == [("told",)]
    assert len(shop.memory.mails) == 1
    assert "corner waits for new keys" not in cards()
    assert sql.run("select failures, because from channels_shop where next_at > now()") == [(0, "")]
    shop.company.examine()


def test_a_new_webhook_secret_is_given_to_the_shop_while_the_old_one_counts(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "URL", "http://127.0.0.1:8000")
    switch("corner", mode="live", at=NOW, by="user:1")
    see_to_hooks()
    replace_keys("corner", {"webhook_secret": "renewed"}, at=now(), by="user:1")
    shop.company.flow()
    see_to_hooks()
    assert set(shop.memory.hooks.secrets.values()) == {"renewed"}
    assert shop.memory.hooks.made == 4  # none is made twice


def test_subscriptions_nobody_can_mend_are_a_card_until_they_are(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "URL", "")
    switch("corner", mode="live", at=NOW, by="user:1")
    see_to_hooks()
    assert cards() == ["corner does not send all by itself"]
    monkeypatch.setattr(settings, "URL", "http://127.0.0.1:8000")
    sql.run("update channels_hooks set next_at = now() - interval '1 second'")
    see_to_hooks()
    assert cards() == []
