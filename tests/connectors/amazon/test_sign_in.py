from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from quartermaster.connectors.amazon import sign_in
from quartermaster.connectors.amazon.channel import AmazonChannel
from quartermaster.core.outside import Account, AuthExpired, NotDone
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.server import Simulator


def ask(account: Account) -> None:
    AmazonChannel().changes(account=account, since=datetime(2026, 1, 1, tzinfo=UTC), cursor="")


def with_setting(account: Account, **settings: str) -> Account:
    return replace(account, settings={**account.settings, **settings})


def test_a_token_is_asked_for_once(shop: Amazon, account: Account):
    ask(account)
    ask(account)

    assert shop.given == 1


def test_many_threads_ask_for_one_token(shop: Amazon, account: Account):
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(ask, [account] * 12))

    assert shop.given == 1


def test_a_token_is_renewed_before_it_ends(shop: Amazon, account: Account):
    shop.lasts_s = sign_in.FEWER_S
    ask(account)
    ask(account)

    assert shop.given == 2


def test_a_token_that_does_not_count_any_more_is_replaced(shop: Amazon, account: Account):
    ask(account)
    shop.tokens.clear()
    ask(account)

    assert shop.given == 2


def test_a_permission_that_was_taken_back_is_said(shop: Amazon, account: Account):
    ask(account)
    shop.tokens.clear()
    shop.may_renew = False

    with pytest.raises(AuthExpired, match="does not let acme in: The grant was revoked"):
        ask(account)
    shop.may_renew = True
    ask(account)


def test_a_wrong_secret_is_said_and_never_repeated(shop: Amazon, account: Account):
    with pytest.raises(AuthExpired) as refused:
        ask(with_setting(account, client_secret="wrong-secret"))

    assert "wrong-secret" not in str(refused.value)


@pytest.mark.parametrize("name", sign_in.NEEDED)
def test_without_a_key_nothing_is_asked(name: str, running: Simulator, account: Account):
    with pytest.raises(AuthExpired, match=name.replace("_", " ")):
        ask(with_setting(account, **{name: ""}))

    assert running.requests == []


@pytest.mark.parametrize("fault", ["500", "down", "broken", "lying"])
def test_a_login_that_does_not_answer_is_not_done(fault: str, running: Simulator, account: Account):
    running.misbehave("token", fault)

    with pytest.raises(NotDone):
        ask(account)
    ask(account)


@pytest.mark.parametrize(
    ("api_url", "asked"),
    [
        ("", "https://api.amazon.com"),
        ("https://sandbox.sellingpartnerapi-eu.amazon.com", "https://api.amazon.com"),
        ("https://amazon.com.example", "https://amazon.com.example"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
    ],
)
def test_a_token_for_amazon_is_asked_of_amazon_alone(api_url: str, asked: str):
    assert sign_in.login(api_url) == asked


@pytest.mark.parametrize(
    ("marketplaces", "because"),
    [("", "no marketplace"), ("DE, ATLANTIS", "ATLANTIS is no marketplace"), ("DE,US", "different servers")],
)
def test_marketplaces_that_make_no_sense_are_named(marketplaces: str, because: str, account: Account):
    with pytest.raises(NotDone, match=because):
        ask(with_setting(account, marketplaces=marketplaces))


def test_marketplaces_are_named_by_country_or_id(running: Simulator, account: Account):
    ask(with_setting(account, marketplaces="de, UK,A13V1IB3VIYZZH, DE"))

    asked = running.requests[-1].query["marketplaceIds"]
    assert asked == "A1PA6795UKMFR9,A1F83G8C2ARO7P,A13V1IB3VIYZZH"
