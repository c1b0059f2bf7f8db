"""How a request proves the key: sent over https, signed with over http."""

import pytest

from quartermaster.connectors.woocommerce.channel import WooChannel
from quartermaster.connectors.woocommerce.connection import basis, caller_of, signing
from quartermaster.core.outside import Account, AuthExpired, NotDone
from quartermaster.testing.simulators import woocommerce
from quartermaster.testing.simulators.server import Simulator

KEYS = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}


def account(url: str, **more: str) -> Account:
    return Account("acme", {**KEYS, "url": url, **more})


def test_what_is_signed_has_its_parameters_in_order_and_escaped_twice():
    said = basis("get", "https://example.com/wp-json/wc/v3/orders", {"b": "1 2", "a": "x&y", "a2": "~"})
    assert said == (
        "GET&https%3A%2F%2Fexample.com%2Fwp-json%2Fwc%2Fv3%2Forders&a%3Dx%2526y%26a2%3D~%26b%3D1%25202"
    )


def test_a_signature_is_made_with_the_secret_and_never_shows_it():
    sign = signing("ck_1", "cs_1", now=lambda: 1_795_000_000.9, nonce=lambda: "once")
    (told,) = sign("GET", "http://localhost/wp-json/wc/v3/orders", {"page": "2"}).values()
    assert told.startswith('OAuth oauth_consumer_key="ck_1", oauth_nonce="once"')
    assert 'oauth_timestamp="1795000000"' in told
    assert "cs_1" not in told
    assert told != sign("GET", "http://localhost/wp-json/wc/v3/orders", {"page": "3"})["Authorization"]


def test_another_secret_is_refused_by_the_shop():
    with Simulator(woocommerce.WooCommerce()) as simulator:
        wrong = {**woocommerce.SETTINGS, "consumer_secret": "cs_other", "url": simulator.url}
        with pytest.raises(AuthExpired):
            WooChannel().changes(
                account=Account("acme", wrong), since=woocommerce.WooCommerce().clock, cursor=""
            )


def test_no_request_goes_over_plain_http_to_another_machine_unless_somebody_wants_it():
    with pytest.raises(NotDone, match="not https"):
        caller_of(account("http://shop.example.com"))
    assert (
        caller_of(account("http://shop.example.com", plain_http="Yes")).address == "http://shop.example.com"
    )
    with pytest.raises(NotDone):
        caller_of(account("ftp://shop.example.com", plain_http="yes"))


def test_without_a_key_nobody_is_asked():
    with pytest.raises(AuthExpired):
        caller_of(Account("acme", {"url": "https://shop.example.com"}))
