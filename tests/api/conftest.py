"""Who calls the API in these tests."""

import pytest

from quartermaster.testing.program import Program


@pytest.fixture
def program(db: None) -> Program:
    """One that may do everything."""
    return Program("admin")
