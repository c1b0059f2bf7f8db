"""The probes of load balancers."""

import pytest
from django.db import DatabaseError
from django.test import Client

from quartermaster.core import sql
from quartermaster.core.queries import readiness


@pytest.fixture
def client():
    return Client(SERVER_NAME="127.0.0.1")


def test_a_process_is_alive_without_asking_the_database(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_a_process_is_ready_when_every_migration_is_there(client):
    assert client.get("/readyz").status_code == 200
    sql.run("delete from django_migrations where app = 'stock' and name like '0001%%'")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
    assert "stock.0001" in readiness.unready()


@pytest.mark.django_db
def test_a_process_without_its_database_is_not_ready_and_says_nothing_more(client, monkeypatch):
    def away(*args):
        raise DatabaseError("password of db.internal refused")

    monkeypatch.setattr(readiness.sql, "run", away)
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert b"internal" not in answer.content
