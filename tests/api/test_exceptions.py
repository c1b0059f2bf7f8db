"""/api/exceptions: what could not be finished, and what people say of it."""

from datetime import timedelta

from django.utils.timezone import now

from quartermaster.orders.actions import hold
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.program import Program, problem


def test_exceptions_are_answered_for_given_and_taken_back_each_with_its_result(db: None, program: Program):
    a_location("BER")
    a_sku("LAMP", BER=9)
    numbers = [an_order(("LAMP", 1)) for _ in range(2)]
    for number in numbers:
        hold(number, kind="fraud", because="Third card tried.", at=now(), by="system")
    (card,) = program.get("/api/exceptions").json()["items"]
    assert (card["cause"], card["of"], card["rows"], card["unassigned"]) == ("holds", "fraud", 2, 2)
    assert card["money"][0]["currency"] == "EUR"
    rows = program.get("/api/exceptions/holds/rows?of=fraud").json()
    assert sorted(row["row"] for row in rows["items"]) == sorted(numbers)
    assert not rows["is_more"]

    one = {"cause": "holds", "of": "fraud", "row": numbers[0]}
    later = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"chosen": [one, {**one, "row": "SO-0"}], "answer": "snoozed", "until": later}
    told = program.post("/api/exceptions/answers", said).json()
    assert [each["outcome"] for each in told["results"]] == ["done", "refused"]
    (card,) = program.get("/api/exceptions").json()["items"]
    assert card["rows"] == 1
    (row,) = program.get("/api/exceptions/holds/rows?of=fraud&show=snoozed").json()["items"]
    assert (row["row"], row["care"]["answer"], row["care"]["counts"]) == (numbers[0], "snoozed", True)
    undone = program.send("DELETE", f"/api/exceptions/turns/{told['turn']}")
    assert undone.json() == {"rows": 1}
    problem(program.send("DELETE", f"/api/exceptions/turns/{told['turn']}"), 409, "nothing-to-undo")

    whole = {"chosen": [{"cause": "holds", "of": "fraud", "seen": 2}], "assignee": ""}
    assert program.post("/api/exceptions/assignments", whole).json()["results"][0]["rows"] == 2
    problem(program.post("/api/exceptions/assignments", {**whole, "assignee": "user:0"}), 422, "invalid")
    problem(program.post("/api/exceptions/answers", {**said, "answer": "acknowledged"}), 422, "invalid")
    problem(program.get("/api/exceptions/nothing/rows?of=x"), 404, "not-found")
    problem(Program("orders:read").post("/api/exceptions/answers", said), 403, "scope-missing")
