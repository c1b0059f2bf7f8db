"""The crew over HTTP: what each person did, by kind, and what nobody goes on with."""

import pytest

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.program import problem
from quartermaster.warehouse.actions import pack_all

pytestmark = pytest.mark.django_db


def test_work_of_every_kind_counts_for_who_did_it(program):
    a_location("BER")
    a_sku("LAMP", BER=9)
    a_sku("BULB", BER=9)
    orders = [an_order(("LAMP", 2), ("BULB", 1)), an_order(("LAMP", 1))]
    made = program.post("/api/pick-lists", {"location": "BER", "orders": orders}).json()["pick_list"]
    program.post(f"/api/pick-lists/{made['id']}/confirm", {})
    ((at, by),) = sql.run("select max(picked_at), min(picked_by) from warehouse_pick")
    (order, *_) = [int(number.removeprefix("SO-")) for number in orders]
    pack_all([order], at=at, by=by)
    flow()

    day = program.get("/api/crew?location=BER").json()

    (person,) = day["people"]
    assert (person["by"], person["lines"], person["units"]) == (by, 4, 7)
    assert {(work["kind"], work["lines"]) for work in person["work"]} == {("pick", 3), ("pack", 1)}
    assert (person["lines_per_hour"], person["against_mean"]) == (None, None)  # seconds of work say nothing
    assert day["stuck"] == []

    sql.run("update warehouse_parcel set packed_at = now() - interval '31 minutes'")
    made = program.post("/api/pick-lists", {"location": "BER"}).json()
    assert made["pick_list"] is None
    assert [one["kind"] for one in program.get("/api/crew?location=BER").json()["stuck"]] == ["label"]
    problem(program.get("/api/crew?location=MARS"), 404, "not-found")
