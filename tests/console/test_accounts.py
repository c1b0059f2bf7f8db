"""Accounts at carriers on their page: made, tried, switched, and no secret ever shown."""

from collections.abc import Iterator

import pytest
from django.test import Client
from tests.console.test_shipping import said

from quartermaster.shipping.queries.carriers import asked_for
from quartermaster.shipping.rules.accounts import is_off
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shippo import TOKEN, Shippo


@pytest.fixture
def shippo() -> Iterator[Simulator]:
    with Simulator(Shippo()) as simulator:
        yield simulator


def test_an_account_is_made_tried_and_paused_and_its_key_never_shown(owner: Client, shippo: Simulator):
    form = settings_for("shippo", shippo.url)
    missing = said(owner, "/ship/accounts/new/shippo", slug="acme", **{**form, "from_city": ""})
    assert "Nothing was kept: from_city required" in missing

    assert "acme is connected" in said(owner, "/ship/accounts/new/shippo", slug="acme", **form)
    assert "Acme Post Ground" in said(owner, "/ship/accounts/acme", do="try")
    shippo.misbehave("rates", "401")
    assert "Its key does not count" in said(owner, "/ship/accounts/acme", do="try")
    assert shippo.vendor.paid == 0

    said(owner, "/ship/accounts/acme", do="keep", **{**form, "api_token": "", "services_off": "acme_ground"})
    ((account, _),) = [each for each in asked_for("BER")[0] if each.account.slug == "acme"]
    assert account.settings["api_token"] == TOKEN  # an empty field leaves it as it is
    assert is_off(account.settings, "acme_ground")
    for address in ("/ship/accounts", "/ship/accounts/acme"):
        assert TOKEN not in owner.get(address).content.decode()
    assert "Paused" in said(owner, "/ship/accounts/acme", do="pause")
    assert "is asked for offers again" in said(owner, "/ship/accounts/acme", do="resume")
