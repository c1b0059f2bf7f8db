"""/api/recalls and /api/quarantine."""

import pytest

from quartermaster.core import sql
from quartermaster.stock.actions import Move, post
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.testing.builders import SOLD_AT, a_location, a_sku
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


def test_a_lot_is_recalled_carried_to_quarantine_and_lifted(program):
    a_location("BER")
    a_sku("MILK")
    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'MILK'")
    move = Move("m", sku_id, 4, "world:supplier", "BER/A-1", "received", lot="L-1")
    post([move], by="test", at=SOLD_AT)
    lay_bins("BER", [BinWanted(code="Q-1", kind="quarantine")], at=SOLD_AT, by="test")
    wanted = {"sku": "MILK", "lot": "L-1", "because": "glass found"}

    made = program.post("/api/recalls", wanted).json()
    assert (made["here"], made["recipients"], made["lifted_at"]) == (4, [], None)
    problem(program.post("/api/recalls", wanted), 409, "recalled-already")
    problem(program.post("/api/recalls", {**wanted, "lot": "L-2"}), 404, "not-found")
    assert [one["number"] for one in program.get("/api/recalls").json()["items"]] == [made["number"]]

    (task,) = program.get("/api/quarantine?location=BER").json()
    assert (task["place"], task["units"], task["state"], task["recall"]) == (
        "BER/A-1", 4, "recalled", made["number"],
    )  # fmt: skip
    named = {name: task[name] for name in ("sku", "units", "place", "lot", "state")}
    assert program.post("/api/quarantine", {**named, "target": "BER/Q-1", "key": "a"}).json() == []

    lifted = program.post(f"/api/recalls/{made['number']}/lift", {"because": "another factory"}).json()
    assert (lifted["here"], lifted["lifted_because"]) == (0, "another factory")
    assert program.get(f"/api/recalls/{made['number']}").json() == lifted
