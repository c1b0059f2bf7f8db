import pytest

from quartermaster.core import pace


@pytest.fixture(autouse=True)
def nobody_counts_our_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns are counted in the database, which these tests have none of."""
    monkeypatch.setattr(pace, "keepers", [])
