"""Connections over HTTP: secrets go in and never come out."""

import pytest

from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db

SETTINGS = {"webhook_secret": "correct horse battery", "shop": "acme.example", "access_token": "shpat_canary"}


def test_a_connection_is_made_and_its_secrets_never_come_back(program):
    made = program.send(
        "PUT", "/api/connections/acme-shopify", {"kind": "shopify", "settings": SETTINGS}, idempotency_key="k"
    )
    assert made.status_code == 200

    everything = [
        made,
        program.get("/api/connections"),
        program.get("/api/connections/acme-shopify"),
        program.get("/api/events?subject=connection:acme-shopify"),
    ]
    for answer in everything:
        assert b"canary" not in answer.content
        assert b"battery" not in answer.content
    told = program.get("/api/connections/acme-shopify").json()
    assert told["settings"] == {"shop": "acme.example"}
    assert told["secrets"] == ["access_token", "webhook_secret"]
    assert told["is_active"] is True


def test_a_connection_is_paused_and_resumed(program):
    program.send("PUT", "/api/connections/acme", {"kind": "shopify", "settings": SETTINGS})

    assert program.post("/api/connections/acme/pause").json()["is_active"] is False
    assert program.post("/api/connections/acme/resume").json()["is_active"] is True
    problem(program.post("/api/connections/nobody/pause"), 404, "not-found")


def test_settings_that_are_wrong_are_named_and_not_repeated(program):
    wanted = {"kind": "shopify", "settings": {"shop": "acme.example", "colour": "canary"}}
    answer = program.send("PUT", "/api/connections/acme", wanted)

    told = problem(answer, 422, "invalid")
    assert {error["field"] for error in told["errors"]} == {"colour", "webhook_secret"}
    assert b"canary" not in answer.content
    problem(program.send("PUT", "/api/connections/acme", {"kind": "fax", "settings": {}}), 404, "not-found")


def test_kinds_tell_their_settings(program):
    kinds = {kind["kind"]: kind for kind in program.get("/api/connection-kinds").json()}

    assert {"shopify", "woocommerce"} <= set(kinds)
    secret = {setting["name"]: setting["is_secret"] for setting in kinds["shopify"]["settings"]}
    assert secret["webhook_secret"] is True
    assert secret["shop"] is False
