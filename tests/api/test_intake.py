"""The door for webhooks, called as the server calls it."""

import io

import pytest
from django.test import override_settings
from django.utils.timezone import now

from quartermaster.api import intake
from quartermaster.inbox.actions import connect


def posted(path: str, body: bytes = b"{}", stream: io.BytesIO | None = None) -> str:
    """The status a POST to this path is answered with."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": stream or io.BytesIO(body),
    }
    intake.intake(environ, lambda status, headers: said.append(status))
    return said[0]


@pytest.mark.django_db
def test_when_its_secrets_do_not_open_a_message_is_asked_for_again_and_not_thrown_away(monkeypatch):
    monkeypatch.setattr(intake, "_doors", {})
    monkeypatch.setattr(intake, "close_old_connections", lambda: None)  # the test's own connection stays
    connect("shopify", "acme", {"webhook_secret": "s", "shop": "acme"}, at=now(), by="user:3")
    assert posted("/in/acme").startswith("401")
    monkeypatch.setattr(intake, "_doors", {})
    with override_settings(SECRET_KEY="another"):
        assert posted("/in/acme").startswith("503")


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["nobody", "", "a\x00b", "ÿ", "9" * 6000])
def test_a_name_nobody_has_is_answered_with_404_whatever_it_is_made_of(slug: str, monkeypatch):
    monkeypatch.setattr(intake, "close_old_connections", lambda: None)
    assert posted(f"/in/{slug}").startswith("404")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("size", "read"), [(intake.DROPPED_MAX, intake.DROPPED_MAX), (intake.DROPPED_MAX + 1, 0)]
)
def test_a_body_a_little_too_large_is_read_to_its_end_so_that_its_sender_hears_why(size, read, monkeypatch):
    monkeypatch.setattr(intake, "_doors", {})
    monkeypatch.setattr(intake, "close_old_connections", lambda: None)
    connect("shopify", "acme", {"webhook_secret": "s", "shop": "acme"}, at=now(), by="user:3")
    stream = io.BytesIO(bytes(size))
    assert posted("/in/acme", stream.getvalue(), stream).startswith("413")
    assert stream.tell() == read
