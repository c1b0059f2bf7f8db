"""/api/locations/{code}/calendar and /days"""

from datetime import timedelta

from django.utils.timezone import now


def test_a_calendar_is_written_read_as_known_and_seen_in_the_next_days(db, program):
    program.send("POST", "/api/locations", {"code": "BER", "country": "DE", "cutoff": "15:00"})
    today = now().date()
    off = [{"on": (today + timedelta(days=1)).isoformat(), "because": "Inventory"}]
    wanted = {
        "from_on": today.isoformat(),
        "week": "1234567",
        "closed": off,
        "cutoffs": [{"at": "12:00", "weekdays": "67"}, {"at": "11:00", "carrier": "acme"}],
        "because": "Saturday shift",
        "version": 0,
    }
    made = program.send("POST", "/api/locations/BER/calendar", wanted)
    assert (made.status_code, made.json()["version"], made.json()["closed"]) == (201, 1, off)
    assert program.send("POST", "/api/locations/BER/calendar", wanted).status_code == 409
    _, tomorrow, third = program.get("/api/locations/BER/days?count=3").json()
    assert (tomorrow["is_worked"], tomorrow["because"]) == (False, "Inventory")
    assert tomorrow["leaves_on"] == third["on"]
    assert third["carriers"] == ["acme 11:00"]
    known = "/api/locations/BER/calendar?as_known_at="
    assert program.get(f"{known}2020-01-01T00:00:00Z").json() == []
    assert [one["week"] for one in program.get("/api/locations/BER/calendar").json()] == ["1234567"]


def test_a_calendar_that_cannot_be_is_refused_with_its_fields(db, program):
    program.send("POST", "/api/locations", {"code": "BER"})
    wanted = {"from_on": "2020-01-01", "week": "", "because": "x"}
    refused = program.send("POST", "/api/locations/BER/calendar", wanted)
    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["errors"]} == {"from_on", "week"}
    assert program.get("/api/locations/MUC/calendar").status_code == 404
