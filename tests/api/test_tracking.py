"""Scans, tracks and what is late, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from tests.tracking.conftest import SENT, Road

from quartermaster.core import sql
from quartermaster.testing.builders import flow
from quartermaster.testing.program import Program, problem


@pytest.fixture
def road(db: None) -> Road:
    return Road()


@pytest.fixture
def parcel(road: Road) -> int:
    order = road.order(("LAMP", 1))
    return road.sent(order, ("LAMP", "LAMP", 1), number="T1", promised_on=SENT.date() - timedelta(days=30))


def tell(program: Program, *scans: dict[str, Any]) -> list[dict[str, Any]]:
    answer = program.post("/api/scans", {"scans": list(scans)})
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def test_each_row_is_answered_and_a_wrong_one_fails_no_other(program: Program, parcel: int):
    first = {"at": "2026-01-02T10:00:00+01:00", "tracking_number": "T1", "code": "EMA", "place": "Berlin"}
    results = tell(program, first, {**first, "tracking_number": "T9"}, first, {**first, "code": "X9"})
    assert [(each["row"], each["outcome"], each["parcel"], each["status"]) for each in results] == [
        (0, "new", f"P-{parcel}", "accepted"),
        (1, "no_parcel", None, ""),
        (2, "known", f"P-{parcel}", "accepted"),
        (3, "new", f"P-{parcel}", "unknown"),
    ]
    assert results[1]["because"] == "There is no parcel with number 'T9'."
    assert [each["outcome"] for each in tell(program, first)] == ["known"]


def test_a_parcel_tells_its_scans_and_its_order_follows(program: Program, parcel: int):
    tell(program, {"at": "2026-01-03T10:00:00Z", "parcel": f"P-{parcel}", "status": "delivered"})
    flow()
    read = program.get(f"/api/parcels/P-{parcel}/scans").json()
    assert program.get(f"/api/parcels/{parcel}/scans").json() == read
    assert (read["parcel"], read["status"], read["delivered_at"]) == (
        f"P-{parcel}",
        "delivered",
        "2026-01-03T10:00:00Z",
    )
    assert [(told["status"], told["source"]) for told in read["scans"]] == [("delivered", "api")]
    assert program.get(f"/api/orders/{read['order']}").json()["status"] == "delivered"
    problem(program.get("/api/parcels/P-999999999/scans"), 404, "not-found")


def test_what_is_late_is_listed_by_kind_and_page_by_page(program: Program, road: Road, parcel: int):
    order = int(program.get(f"/api/parcels/P-{parcel}/scans").json()["order"].removeprefix("SO-"))
    second = road.parcel(order, promised_on=SENT.date() - timedelta(days=29))
    road.hand_over(order, second)
    sql.run("update tracking_track set handed_over_at = now() - interval '3 days'")

    page = program.get("/api/late?limit=1").json()
    assert [each["parcel"] for each in page["items"]] == [f"P-{parcel}"]
    assert page["items"][0]["minutes_late"] > 0
    assert page["items"][0]["worth"]["currency"] == "EUR"
    rest = program.get(f"/api/late?limit=1&after={page['next']}").json()
    assert ([each["parcel"] for each in rest["items"]], rest["next"]) == ([f"P-{second}"], None)

    assert len(program.get("/api/late?kind=no_scan").json()["items"]) == 2
    assert program.get("/api/late?kind=no_scan&hours=100").json()["items"] == []
    for kind in ("will_be_late", "stuck", "exceptions"):
        assert program.get(f"/api/late?kind={kind}").json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"scans": []},
        {"scans": [{"at": "yesterday", "tracking_number": "T1"}]},
        {"scans": [{"at": "2026-01-02T10:00:00", "tracking_number": "T1"}]},
        {"scans": [{"at": "2026-01-02T10:00:00Z", "parcel": "P17"}]},
        {"scans": [{"at": "2026-01-02T10:00:00Z", "status": "arrived"}]},
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(program: Program, wrong: dict[str, Any]):
    problem(program.post("/api/scans", wrong), 422, "invalid")
