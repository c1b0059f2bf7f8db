"""What all tests share: sockets only to this machine (pyproject.toml), a database for each test process
(pytest-django), and how hard Hypothesis tries (--hypothesis-profile=nightly for more)."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", max_examples=24, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("ci"), max_examples=2000)
settings.load_profile("ci")


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_what_is_kept_for_ever() -> Iterator[None]:
    """Between tests that commit, Django truncates every table. Triggers that forbid it are off for that
    moment, and the world's places, which a migration made, are put back."""
    world = import_module("quartermaster.stock.migrations.0002_ledger").WORLD
    flush = DatabaseOperations.sql_flush

    def sql_flush(*args: Any, **options: Any) -> list[str]:
        if not (emptied := flush(*args, **options)):
            return []
        role = "set local session_replication_role = {};".format
        return [role("replica"), *emptied, role("origin"), f"{world} on conflict do nothing;"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_listing_is_read_back_by_the_way() -> Iterator[None]:
    """Which ones are follows from their numbers, and those from whatever tests ran before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quartermaster.channels.rules.settling.SAMPLE", 10**9)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """As pytest-django does it; and the signal's own connection is gone before the database is dropped."""
    yield
    from quartermaster.core.river import signal

    signal.hang_up()
