"""/api/kpi: the document and the rows, for programs."""

import pytest

from quartermaster.insight.rules.definitions import KPIS
from quartermaster.testing.builders import SOLD_AT
from quartermaster.testing.history import a_sold_order
from quartermaster.testing.program import Program, problem


def test_the_document_has_every_figure_with_its_definition(program: Program):
    a_sold_order()
    told = program.get("/api/kpi?from=2026-11-02&to=2026-11-02&tz=Europe/Berlin").json()
    assert (told["from"], told["to"], told["tz"]) == ("2026-11-02", "2026-11-02", "Europe/Berlin")
    assert set(KPIS) <= set(told)
    assert told["orders"]["value"] == told["orders"]["n"] == 1
    assert told["nps"]["value"] is None
    assert all({"value", "n", "unit", "definition", "provisional"} <= set(told[key]) for key in KPIS)


def test_rows_come_in_pages(program: Program):
    made = [a_sold_order() for _ in range(3)]
    address = "/api/kpi/orders/rows?from=2026-11-02&to=2026-11-02&limit=2"
    first = program.get(address).json()
    second = program.get(f"{address}&after={first['next']}").json()
    assert [row["subject"] for page in (first, second) for row in page["items"]] == [
        f"order:SO-{order_id}" for order_id in made
    ]
    assert second["next"] is None
    assert first["items"][0]["on"] == SOLD_AT.date().isoformat()


@pytest.mark.parametrize(
    "query",
    ["", "from=2026-11-02", "from=2026-11-02&to=2026-11-01", "from=x&to=y", "from=1-1-1&to=2026-11-01"],
)
def test_a_period_that_cannot_be_read_is_refused(program: Program, query: str):
    problem(program.get(f"/api/kpi?{query}"), 422, "invalid")


def test_an_unknown_zone_is_refused(program: Program):
    told = problem(program.get("/api/kpi?from=2026-11-02&to=2026-11-02&tz=Mars/Olympus"), 422, "invalid")
    assert told["errors"][0]["field"] == "tz"


def test_an_unknown_figure_is_not_found(program: Program):
    problem(program.get("/api/kpi/happiness/rows?from=2026-11-02&to=2026-11-02"), 404, "not-found")


def test_it_takes_the_scope_for_figures(db: None):
    problem(Program("orders").get("/api/kpi?from=2026-11-02&to=2026-11-02"), 403, "scope-missing")
    assert Program("kpi:read").get("/api/kpi?from=2026-11-02&to=2026-11-02").status_code == 200


def test_a_figure_comes_week_by_week(program: Program):
    a_sold_order()
    told = program.get("/api/kpi/orders/weeks?from=2026-10-26&to=2026-11-04&tz=UTC").json()
    assert [(one["begins_on"], one["ends_on"], one["value"]) for one in told] == [
        ("2026-10-26", "2026-11-01", None),
        ("2026-11-02", "2026-11-04", 1),
    ]
    problem(program.get("/api/kpi/happiness/weeks?from=2026-11-02&to=2026-11-02"), 404, "not-found")
