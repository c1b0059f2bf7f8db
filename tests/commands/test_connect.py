from pathlib import Path

import pytest
from django.utils.timezone import now

from quartermaster.commands import connect, main
from quartermaster.inbox import queries
from quartermaster.inbox.models import Connection
from quartermaster.testing.simulators.accounts import settings_for


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The command runs in the test's own database."""
    monkeypatch.setattr(connect, "PREPARED", False, raising=False)


SHOP = ["connect", "shopify", "acme"]


def test_a_connection_is_made_and_changed_and_its_secret_is_not_told(capsys):
    assert main([*SHOP, "--set", "webhook_secret=canary", "--set", "shop=acme.myshopify.com"]) == 0
    assert main([*SHOP, "--set", "shop=other.myshopify.com"]) == 0
    acme = queries.connection("acme")
    assert acme.settings == {"shop": "other.myshopify.com"}
    assert queries.webhook_secrets(acme, now()) == [b"canary"]
    said = capsys.readouterr()
    assert "acme (shopify) is connected." in said.out
    assert "/in/acme" in said.out
    assert "canary" not in said.out + said.err


def test_a_value_may_hold_an_equals_sign_and_a_secret_may_come_from_a_file(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("a=b\n", encoding="utf-8")
    assert main([*SHOP, "--set-from", f"webhook_secret={secret}", "--set", "shop=x=y"]) == 0
    acme = queries.connection("acme")
    assert (acme.settings["shop"], queries.webhook_secrets(acme, now())) == ("x=y", [b"a=b"])


def test_wrong_settings_are_all_named_and_it_ends_with_2(capsys):
    assert main([*SHOP, "--set", "colour=red"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("colour: unknown", "webhook_secret: required", "shop: required"))
    assert main(["connect", "nothing", "acme"]) == 2
    assert main(["connect", "shopify"]) == 2
    assert main([*SHOP, "--set-from", "shop=/no/such/file"]) == 2
    with pytest.raises(SystemExit):
        main([*SHOP, "--set", "shop"])
    assert not Connection.objects.exists()


def test_a_connection_is_paused_and_resumed():
    main([*SHOP, "--set", "webhook_secret=s", "--set", "shop=x"])
    assert main([*SHOP, "--pause"]) == 0
    assert not queries.connection("acme").is_active
    assert main([*SHOP, "--resume"]) == 0
    assert queries.connection("acme").is_active


def test_the_list_shows_kinds_settings_and_connections_without_secrets(capsys):
    main([*SHOP, "--set", "webhook_secret=canary", "--set", "shop=acme.myshopify.com"])
    assert main(["connect", "--list"]) == 0
    said = capsys.readouterr().out
    assert "shopify: Shopify" in said
    assert "woocommerce: WooCommerce" in said
    assert "consumer_key" in said
    assert "acme (shopify): shop=acme.myshopify.com; webhook_secret set" in said
    assert "canary" not in said


def test_a_carrier_gets_no_address_for_webhooks_it_does_not_send(capsys):
    settings = [f"{name}={value}" for name, value in settings_for("shippo", "http://127.0.0.1:9").items()]

    assert main(["connect", "shippo", "acme-ship", "--set", *settings]) == 0

    said = capsys.readouterr().out
    assert "acme-ship (shippo) is connected." in said
    assert "/in/acme-ship" not in said
