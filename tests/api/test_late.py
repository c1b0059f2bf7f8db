"""/api/late: what people say of its rows; /api/silence."""

from datetime import timedelta

from django.utils.timezone import now
from tests.tracking.conftest import Road

from quartermaster.core import sql
from quartermaster.testing.program import Program


def test_rows_are_acknowledged_snoozed_and_given_each_with_its_result(db: None, program: Program):
    road = Road()
    parcel = road.sent(road.order(("LAMP", 1)), ("LAMP", "LAMP", 1), number="T1")
    sql.run("update tracking_track set handed_over_at = now() - interval '3 days'")
    (row,) = program.get("/api/late?kind=no_scan&show=open").json()["items"]
    assert (row["row"], row["care"]) == (f"P-{parcel}", None)
    assert "allows 24 h" in row["because"]
    said = {"rows": [row["row"], "P-1000000"], "kind": "no_scan", "answer": "acknowledged", "note": "asked"}
    results = program.post("/api/late/answers", said).json()["results"]
    assert [one["outcome"] for one in results] == ["done", "refused"]
    assert program.get("/api/late?kind=no_scan&show=open").json()["items"] == []
    (row,) = program.get("/api/late?kind=no_scan").json()["items"]
    assert (row["care"]["answer"], row["care"]["note"], row["care"]["counts"]) == (
        "acknowledged",
        "asked",
        True,
    )
    later = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"rows": [row["row"]], "kind": "no_scan", "answer": "snoozed", "until": later}
    assert program.post("/api/late/answers", said).json()["results"][0]["outcome"] == "done"
    assert len(program.get("/api/late?kind=no_scan&show=snoozed").json()["items"]) == 1
    assert program.post("/api/late/answers", {**said, "answer": "acknowledged"}).status_code == 422
    given = {"rows": [row["row"]], "kind": "no_scan", "assignee": "user:0"}
    assert program.post("/api/late/assignments", given).status_code == 422
    assert program.post("/api/late/assignments", {**given, "assignee": ""}).status_code == 200


def test_silences_are_read_changed_and_refused(db: None, program: Program):
    first = program.get("/api/silence").json()
    assert (first["version"], first["lanes"][0]["stuck_hours"]) == (1, 120)
    lanes = [{"name": "Post", "carriers": ["post"], "stuck_hours": 48}, {"name": "Everything"}]
    wanted = {"because": "they scan daily", "lanes": lanes, "version": 1}
    assert program.send("PUT", "/api/silence", wanted).json()["version"] == 2
    assert program.send("PUT", "/api/silence", wanted).status_code == 409
    for wrong in (lanes[:1], [{"name": "Everything", "stuck_hours": "long"}]):
        assert program.send("PUT", "/api/silence", {"because": "x", "lanes": wrong}).status_code == 422
