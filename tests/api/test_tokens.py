"""What is told to somebody without a token that counts."""

import pytest

from quartermaster.testing.builders import a_token
from quartermaster.testing.program import Program, problem


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer qm_no", "Basic qm_no", "qm_no", "Bearer \u00e9"]
)
def test_a_token_that_is_none_is_told_the_same_whatever_it_is(header):
    told = problem(Program().get("/api/orders", authorization=header), 401, "unauthenticated")
    assert "qm_no" not in str(told)


@pytest.mark.django_db
def test_a_token_in_the_address_is_refused():
    problem(Program().get(f"/api/orders?token={a_token('admin')}"), 401, "unauthenticated")
