"""Setting up the checks."""

import pytest

from quartermaster.orders.rules.checks import CHECKS
from quartermaster.testing.program import Program, problem


@pytest.mark.django_db
def test_the_checks_in_force_say_what_they_mean(program: Program) -> None:
    told = program.get("/api/checks").json()
    assert told["version"] == 1
    assert {check["name"] for check in told["checks"]} == set(CHECKS)
    assert all(check["meaning"] and check["hold"] for check in told["checks"])


@pytest.mark.django_db
def test_a_check_can_be_switched_on_with_its_limit(program: Program) -> None:
    names = ("name", "is_on", "limit", "countries")
    checks = [{name: check[name] for name in names} for check in program.get("/api/checks").json()["checks"]]
    for check in checks:
        if check["name"] == "duplicate":
            check |= {"is_on": True, "limit": 30}
    answer = program.send("PUT", "/api/checks", {"because": "two orders too many", "checks": checks})
    assert answer.status_code == 200, answer.content
    (duplicate,) = [check for check in answer.json()["checks"] if check["name"] == "duplicate"]
    assert (answer.json()["version"], duplicate["is_on"], duplicate["limit"]) == (2, True, 30)


@pytest.mark.django_db
def test_a_set_up_that_forgets_a_check_is_refused_in_words(program: Program) -> None:
    answer = program.send("PUT", "/api/checks", {"because": "x", "checks": [{"name": "sku"}]})
    told = problem(answer, 422, "invalid")
    assert any("payment is missing" in str(error) for error in told["errors"])
