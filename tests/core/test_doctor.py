"""The doctor looks at what is registered, in order, and repairs nothing."""

from collections.abc import Iterator

import pytest

from quartermaster.core import doctor
from quartermaster.core.doctor import check, examine


@pytest.fixture(autouse=True)
def _nothing_registered() -> Iterator[None]:
    before = list(doctor.checks)
    doctor.checks.clear()
    yield
    doctor.checks[:] = before


def test_every_check_is_looked_at_in_its_order():
    check("b", "First.", list)
    check("a", "Second.", lambda: ["row 1", "row 2"])

    assert [(found.check, found.is_ok, found.rows) for found in examine()] == [
        ("b", True, []),
        ("a", False, ["row 1", "row 2"]),
    ]


def test_the_last_check_of_a_name_counts():
    check("a", "Before.", lambda: ["wrong"])
    check("a", "After.", list)
    assert [(found.sentence, found.is_ok) for found in examine()] == [("After.", True)]
