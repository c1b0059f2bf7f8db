"""What all tests share: sockets only to this machine (pyproject.toml), a database for each test process
(pytest-django), and how hard Hypothesis tries (--hypothesis-profile=nightly for more).

A run stays below ten minutes on two cores. What would take longer is drawn anew each time, or small; all of
it is tried by QM_CHAOS=full ./qm test, and what is marked nightly by ./qm test -m nightly."""

from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from tests.emptying import empty

settings.register_profile(
    "ci", max_examples=24, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("ci"), max_examples=2000)
settings.load_profile("ci")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: at the end of a run no process waits for another one's last test."""
    long = ("slow", "chaos", "browser")
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in long))


@pytest.fixture(autouse=True, scope="session")
def _tests_that_commit_leave_nothing_behind() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty())
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
