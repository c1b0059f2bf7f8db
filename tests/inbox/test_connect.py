import base64
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.test import override_settings

from quartermaster.core import plugs
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.models import EventRow
from quartermaster.core.plugs import Plug, Setting
from quartermaster.core.secrets import SealBroken, SecretKeyChanged
from quartermaster.inbox import queries
from quartermaster.inbox.actions import connect, pause, resume
from quartermaster.inbox.actions.connect import OtherKind
from quartermaster.inbox.models import Connection

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CANARY = "canary-7e1d-secret"
SHOP = Plug(
    "shop",
    "A shop",
    (
        Setting("webhook_secret", "Webhook secret", is_secret=True),
        Setting("access_token", "Access token", is_secret=True, is_required=False),
        Setting("url", "Address"),
        Setting("note", "Note", is_required=False),
    ),
    {},
)


@pytest.fixture(autouse=True)
def _shops(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    other = Plug("other", "Another shop", SHOP.settings, {})
    monkeypatch.setattr(plugs, "installed", lambda: {"shop": SHOP, "other": other})


def connected(slug: str = "acme", kind: str = "shop", at: datetime = AT, **given: str) -> Connection:
    first = {} if Connection.objects.filter(slug=slug).exists() else {"webhook_secret": "old", "url": "u"}
    return connect(kind, slug, {**first, **given}, at=at, by="user:3")


def changes() -> list[dict[str, list[object]]]:
    rows = EventRow.objects.filter(name="ConnectionChanged").order_by("id")
    return [row.body["changed"] for row in rows]


def test_a_new_connection_keeps_its_settings_and_seals_its_secrets():
    made = queries.connection(connected(access_token=CANARY).slug)
    assert made.settings == {"url": "u"}
    assert made.secret_names == ["access_token", "webhook_secret"]
    assert queries.webhook_secrets(made, AT) == [b"old"]
    assert queries.credentials(made) == {"url": "u", "access_token": CANARY, "webhook_secret": "old"}


def test_the_log_says_what_changed_and_of_secrets_only_that_they_did():
    connected(access_token="a")
    connected(access_token="b", url="v")
    connected(access_token="")
    connected(url="v")  # changes nothing, and says nothing
    assert changes() == [
        {
            "kind": [None, "shop"],
            "url": [None, "u"],
            "webhook_secret": ["not set", "set"],
            "access_token": ["not set", "set"],
        },
        {"url": ["u", "v"], "access_token": ["set", "changed"]},
        {"access_token": ["set", "not set"]},
    ]


def test_both_webhook_secrets_count_for_a_day_after_a_change():
    changed = connected(webhook_secret="new", at=connected().created_at + timedelta(days=1))
    assert queries.webhook_secrets(changed, AT + timedelta(days=1, hours=23)) == [b"new", b"old"]
    assert queries.webhook_secrets(changed, AT + timedelta(days=2)) == [b"new"]


def test_wrong_input_is_refused_field_by_field_and_leaves_no_trace():
    with pytest.raises(Invalid) as refused:
        connect("shop", "Acme", {"colour": "red", "note": "a\x00b"}, at=AT, by="user:3")
    assert set(refused.value.errors) == {"slug", "colour", "note", "webhook_secret", "url"}
    with pytest.raises(NotFound, match="other"):
        connected(kind="nothing")
    assert not Connection.objects.exists()
    assert changes() == []


def test_a_connection_never_changes_its_kind():
    connected()
    with pytest.raises(OtherKind, match="kind shop, not other"):
        connected(kind="other")


def test_pausing_and_resuming_are_recorded_once_each():
    connected()
    pause("acme", at=AT, by="user:3")
    assert not pause("acme", at=AT, by="user:3").is_active
    assert resume("acme", at=AT, by="user:3").is_active
    assert changes()[1:] == [{"is_active": [True, False]}, {"is_active": [False, True]}]
    with pytest.raises(NotFound):
        pause("nobody", at=AT, by="user:3")


@pytest.mark.parametrize("slug", ["", "nobody", "a\x00b", "\ud800", "9" * 6000, "ACME", "acme/x"])
def test_a_name_no_connection_can_have_is_not_found(slug: str):
    connected()
    with pytest.raises(NotFound):
        queries.connection(slug)


def test_bytes_swapped_between_two_connections_open_for_neither():
    one, two = connected("one", access_token=CANARY), connected("two")
    Connection.objects.filter(pk=one.pk).update(sealed=two.sealed)
    Connection.objects.filter(pk=two.pk).update(sealed=one.sealed)
    for slug in ("one", "two"):
        with pytest.raises(SealBroken, match=slug):
            queries.webhook_secrets(queries.connection(slug), AT)


def test_after_a_lost_secret_key_the_secrets_are_set_again_all_that_are_required():
    made = connected(access_token=CANARY)
    with override_settings(SECRET_KEY="another"):
        with pytest.raises(SecretKeyChanged):
            queries.credentials(made)
        with pytest.raises(Invalid) as refused:
            connected(access_token="new")
        assert set(refused.value.errors) == {"webhook_secret"}
        again = connected(webhook_secret="new")
        assert queries.credentials(again) == {"url": "u", "webhook_secret": "new"}


def test_a_secret_is_nowhere_in_the_database_and_in_no_log(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with override_settings(DEBUG=True):  # Django then remembers every statement
        connected(access_token=CANARY)
        connected(webhook_secret=CANARY)
        with pytest.raises(Invalid) as refused:
            connected(colour=CANARY)
    with database.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(" union all ".join(f'select t::text from "{name}" t' for name in tables))
        dump = "\n".join(text for (text,) in cursor.fetchall())
    assert "acme" in dump
    shown = f"{refused.value} {refused.value.errors} {caplog.text}"
    for spelling in (CANARY, CANARY.encode().hex(), base64.b64encode(CANARY.encode()).decode()[:20]):
        assert spelling not in dump + shown
