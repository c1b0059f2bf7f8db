"""Accounts at carriers on their page: made, tried, switched, and no secret ever shown."""

from collections.abc import Iterator

import pytest
from django.test import Client
from tests.console.conftest import Page
from tests.console.test_shipping import said

from quartermaster.inbox.actions import try_keys
from quartermaster.shipping.queries.carriers import asked_for
from quartermaster.shipping.rules.accounts import is_off
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shippo import TOKEN, Shippo


@pytest.fixture
def shippo() -> Iterator[Simulator]:
    with Simulator(Shippo()) as simulator:
        yield simulator


def not_kept(owner: Client, address: str, **fields: str) -> str:
    """Post a form that is refused, and read the page that says so."""
    answer = owner.post(address, fields)
    assert answer.status_code == 422
    return " ".join(Page(answer.content.decode()).text.split())


def test_a_key_nobody_can_try_is_kept_as_unproven_and_tried_until_somebody_knows(
    owner: Client, shippo: Simulator
):
    form = settings_for("shippo", shippo.url)
    shippo.misbehave("rates", "500")
    assert "whether its key counts is not known" in said(
        owner, "/ship/accounts/new/shippo", slug="acme", **form
    )
    assert "? unproven" in owner.get("/ship/accounts").content.decode()
    assert "Whether its key counts is not known yet" in owner.get("/ship/accounts/acme").content.decode()

    shippo.misbehave("rates", "500")
    said(owner, "/ship/accounts/acme", do="keep", **{**form, "api_token": "", "services_off": "x"})
    assert shippo.faults, "what is no key was tried"
    shippo.faults.clear()
    said(owner, "/ship/accounts/acme", do="try")
    assert "unproven" not in owner.get("/ship/accounts").content.decode()

    shippo.misbehave("rates", "down")
    said(owner, "/ship/accounts/acme", do="keep", **{**form, "api_token": "shippo_test_other"})
    shippo.misbehave("rates", "401")
    assert try_keys() == 1
    assert "✕ key refused" in owner.get("/ship/accounts").content.decode()


def test_an_account_is_made_tried_and_paused_and_its_key_never_shown(owner: Client, shippo: Simulator):
    form = settings_for("shippo", shippo.url)
    missing = not_kept(owner, "/ship/accounts/new/shippo", slug="acme", **{**form, "from_city": ""})
    assert "Nothing was kept: from_city required" in missing

    shippo.misbehave("rates", "401")
    refused = not_kept(owner, "/ship/accounts/new/shippo", slug="acme", **form)
    assert "acme does not accept these keys" in refused
    assert TOKEN not in refused
    assert owner.get("/ship/accounts/acme").status_code == 404

    assert "acme is connected." in said(owner, "/ship/accounts/new/shippo", slug="acme", **form)
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
