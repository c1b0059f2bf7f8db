"""/api/quality and /api/sku-edits."""

from typing import Any

import pytest
from tests.channels.conftest import a_stand
from tests.quality.conftest import look

from quartermaster.catalog.actions import save_sku
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core.moment import now
from quartermaster.quality.actions import look_at_all
from quartermaster.testing.program import Program, problem


def test_findings_are_listed_fixed_let_be_and_taken_back(program: Program) -> None:
    draft = Draft(code="LAMP", title="Brass  lamp", barcodes={"4006381-333931": 1}, weight_g=1200)
    save_sku(draft, at=now(), by="user:1")
    look_at_all()
    look()
    counted = {one["cause"]: one["open"] for one in program.get("/api/quality").json()}
    assert (counted["barcode-form"], counted["title-form"], counted["no-size"]) == (1, 1, 1)
    page: dict[str, Any] = program.get("/api/quality/findings?cause=barcode-form").json()
    (one,) = page["items"]
    assert (one["sku"], one["fix"]["after"]) == ("LAMP", "4006381333931")
    done = program.post("/api/quality/fixes", {"findings": [str(one["id"])]}).json()
    told = program.get(f"/api/sku-edits/{done['edit']}").json()
    assert told["rows"][0]["changes"] == {"barcodes": ["4006381-333931", "4006381333931"]}
    back = program.post(f"/api/sku-edits/{done['edit']}/undo").json()
    assert (back["edit"]["kind"], back["edit"]["changed"]) == ("undo", 1)
    problem(program.post(f"/api/sku-edits/{done['edit']}/undo"), 409, "undone-already")
    problem(program.post("/api/quality/fixes", {"cause": "no-weight"}), 409, "nothing-to-fix")

    before = program.get("/api/quality/skus/LAMP").json()
    ignored = {"findings": [str(one["id"]) for one in before["findings"]], "because": "a sample"}
    assert program.post("/api/quality/ignored", ignored).json() == {"findings": len(before["findings"])}
    assert program.get("/api/quality/skus/LAMP").json()["score"] == 100
    program.post("/api/quality/ignored", {**ignored, "because": ""})
    assert program.get("/api/quality/skus/LAMP").json()["score"] == before["score"]
    assert program.get("/api/quality/next").json()[0]["sku"] == "LAMP"
    assert program.post("/api/quality/looks").status_code == 204


def test_many_skus_are_changed_after_a_preview(program: Program) -> None:
    save_sku(Draft(code="LAMP", weight_g=2), at=now(), by="user:1")
    edits, lamp = "/api/sku-edits", {"code": "LAMP", "cells": {"weight_g": "2000", "hs_code": "no"}}
    wanted = {"rows": [lamp, {"code": "NONE", "cells": {"title": ""}}]}
    told = program.post(f"{edits}/preview", wanted).json()
    assert [bool(row["refused"]) for row in told] == [True, True]
    version = program.get("/api/quality/skus/LAMP").json()["version"]
    lamp = {"code": "LAMP", "cells": {"weight_g": "2000"}, "version": version}
    made = program.post(edits, {"rows": [lamp], "because": "scale"}).json()
    assert (made["edit"]["changed"], made["edit"]["because"]) == (1, "scale")
    stale = program.post(edits, {"rows": [{**lamp, "cells": {"weight_g": "1"}}]}).json()
    assert "meanwhile" in stale["rows"][0]["refused"]
    unknown = {"rows": [{"code": "LAMP", "cells": {"price": "1"}}]}
    problem(program.post(edits, unknown), 422, "invalid")
    assert [one["id"] for one in program.get(f"{edits}?limit=1").json()["items"]] == [stale["edit"]["id"]]


def test_naming_rules_are_read_and_changed(program: Program) -> None:
    assert program.get("/api/quality/naming").json()["version"] == 0
    wanted = {"title_pattern": "^A", "off": ["no-cost"], "because": "house", "version": 0}
    assert program.send("PUT", "/api/quality/naming", wanted).json()["off"] == ["no-cost"]
    problem(program.send("PUT", "/api/quality/naming", wanted), 409, "naming-rules-moved")
    problem(program.send("PUT", "/api/quality/naming", {**wanted, "title_pattern": "("}), 422, "invalid")


def test_what_we_say_is_pushed_row_by_row_and_put_back(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = a_stand(monkeypatch)
    for code in ("LAMP", "BULB"):
        save_sku(Draft(code=code, title=f"A {code.lower()}"), at=now(), by="user:1")
    stand.offer("LAMP", "BULB", slugs=["east"])
    look()
    differ = program.get("/api/quality/differences?field=title").json()["items"]
    rows = [{"listing": str(differ[0]["id"]), "seen": differ[0]["seen"]}]
    rows.append({"listing": str(differ[1]["id"]), "seen": "old"})
    asked = {"rows": rows, "field": "title", "because": "house style"}
    push = program.post("/api/quality/differences/push", asked).json()
    assert (push["waiting"], push["refused"], push["why"]) == (1, 1, "house style")
    told = program.get(f"/api/quality/told?push={push['push']}").json()["items"]
    assert {one["sku"]: one["state"] for one in told} == {"BULB": "due", "LAMP": "changed"}
    (missed,) = program.get("/api/quality/told?show=trouble").json()["items"]
    assert "when it was looked at" in missed["because"]
    assert program.post(f"/api/quality/told/{push['push']}/undo").json() == {"push": None}
    problem(program.post(f"/api/quality/told/{push['push']}/undo"), 409, "nothing-to-put-back")
    problem(program.post("/api/quality/told/99999999/undo"), 404, "not-found")
