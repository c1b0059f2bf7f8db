"""/api/timers and /api/timer-targets"""


def test_targets_are_read_changed_and_refused_with_every_problem(db, program):
    first = program.get("/api/timer-targets").json()
    assert (first["version"], first["targets"][0]["pick_minutes"]) == (1, 240)
    wanted = {"because": "season", "targets": [{"name": "All", "pick_minutes": 60}], "version": 1}
    assert program.send("PUT", "/api/timer-targets", wanted).json()["version"] == 2
    assert program.send("PUT", "/api/timer-targets", wanted).status_code == 409
    for wrong in ([], [{"name": "All", "pick_minutes": 0}], [{"pick_minutes": 60}]):
        asked = {"because": "x", "targets": wrong}
        assert program.send("PUT", "/api/timer-targets", asked).status_code == 422
    assert program.get("/api/timers?kind=breached").json() == {"items": [], "next": None}
