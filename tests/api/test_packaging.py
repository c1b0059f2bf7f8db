"""/api/packaging"""


def test_packaging_is_read_changed_and_refused_with_every_problem(db, program):
    first = program.get("/api/packaging").json()
    assert (first["version"], first["made_at"]) == (1, None)
    fewer = {**first["packaging"], "cartons": first["packaging"]["cartons"][:1]}
    fewer.pop("version")
    wanted = {"because": "one will do", "packaging": fewer, "version": 1}
    assert program.send("PUT", "/api/packaging", wanted).json()["version"] == 2
    assert program.send("PUT", "/api/packaging", wanted).status_code == 409
    refused = program.send(
        "PUT", "/api/packaging", {"because": "x", "packaging": {**fewer, "currency": "euro"}}
    )
    assert refused.status_code == 422
    assert len(program.get("/api/packaging/1").json()["packaging"]["cartons"]) == 12


def test_cartons_are_changed_by_table_and_reported(db, program):
    told = program.get("/api/packaging/cartons").json()
    wanted = {"because": "cheaper", "csv": told["csv"].replace("Mailer S", "Small mailer"), "version": 1}
    assert program.send("PUT", "/api/packaging/cartons", wanted).json()["version"] == 2
    refused = program.send("PUT", "/api/packaging/cartons", {**wanted, "csv": "code\nA", "version": 2})
    assert refused.status_code == 422
    period = "since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z"
    assert program.get(f"/api/packaging/report?{period}").json() == []
