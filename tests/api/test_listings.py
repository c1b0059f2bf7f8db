"""/api/channels/{slug}/listings."""

from typing import Any

import pytest
from tests.channels.conftest import a_stand

from quartermaster.testing.builders import a_sku
from quartermaster.testing.program import Program, problem

LISTINGS = "/api/channels/east/listings"


def test_listings_are_read_mapped_given_a_policy_explained_and_sent(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = a_stand(monkeypatch)
    a_sku("LAMP", BER=9)
    stand.offer("LAMP", "ODD", slugs=["east"])
    stand.work()

    page: dict[str, Any] = program.get(f"{LISTINGS}?limit=1").json()
    (lamp,) = page["items"]
    assert (lamp["listing"], lamp["sku"], lamp["wanted"], lamp["confirmed"], lamp["state"]) == (
        *("L-LAMP", "LAMP", 9, 9, "idle"),
    )
    rest = program.get(f"{LISTINGS}?limit=1&after={page['next']}").json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["ODD"], None)
    assert [one["code"] for one in program.get(f"{LISTINGS}?show=unmapped").json()["items"]] == ["ODD"]
    assert [one["code"] for one in program.get(f"{LISTINGS}?q=la").json()["items"]] == ["LAMP"]

    rows = [{"listing": "L-LAMP", "buffer": 2, "cap": 5}]
    (changed,) = program.send("PATCH", LISTINGS, {"rows": rows}).json()
    assert (changed["buffer"], changed["cap"], changed["share_percent"]) == (2, 5, 100)
    told = program.get(f"{LISTINGS}/explain?listing=L-LAMP").json()
    assert (told["quantity"], [step["leaves"] for step in told["steps"]]) == (5, [9, 7, 5])
    problem(program.send("PATCH", LISTINGS, {"rows": [{"listing": "L-X", "buffer": 1}]}), 404, "not-found")

    mapped = program.post(f"{LISTINGS}/map", {"listing": "L-ODD", "sku": "LAMP"}).json()
    assert (mapped["listing"]["sku"], mapped["listing"]["mapped_by"]) == ("LAMP", "person")
    problem(program.post(f"{LISTINGS}/map", {"listing": "L-ODD", "sku": "NONE"}), 404, "not-found")
    stand.work()
    assert stand.shelves.shops["east"] == {"LAMP": 5, "ODD": 9}

    assert program.post(f"{LISTINGS}/push", {"listings": ["L-LAMP"]}).json() == {"listings": 1}
    assert program.post(f"{LISTINGS}/pull").status_code == 204
    problem(program.get("/api/channels/acme/listings"), 404, "not-found")
