"""The floor over HTTP: a list is made and picked, a parcel scanned and closed, tasks done."""

from base64 import b64encode

import pytest
from django.utils.timezone import now
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.orders.actions import cancel
from quartermaster.testing.builders import SOLD_AT, a_location, a_sku, an_order, flow
from quartermaster.testing.program import problem
from quartermaster.warehouse.actions import plan_waves, write_packaging
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.queries.photo_invariants import photos_that_are_none
from quartermaster.warehouse.rules.photos import PhotoRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamps(db):
    a_location("BER")
    a_sku("LAMP", BER=5)
    a_sku("BULB", BER=5)


def planned(program, path, asked):
    """What a plan that was asked for became, once a worker was there."""
    answer = program.post(path, asked)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert answer.headers["Location"] == f"/api/wave-plans/{answer.json()['id']}"
    plan_waves(at=now())
    return program.get(answer.headers["Location"]).json()


def a_wave(program, asked):
    plan = planned(program, "/api/waves", asked)
    return program.get(f"/api/waves/{plan['wave']}").json()


def a_list(program, **wanted):
    return program.post("/api/pick-lists", {"location": "BER", **wanted}).json()["pick_list"]


def picked(program):
    made = a_list(program)
    program.post(f"/api/pick-lists/{made['id']}/confirm", {})
    return made


@pytest.mark.usefixtures("lamps")
class TestPickLists:
    def test_a_list_is_made_read_and_picked(self, program):
        number = an_order(("LAMP", 2))

        made = a_list(program, orders_max=5)
        (pick,) = made["path"]
        assert (pick["order"], pick["sku"], pick["place"], pick["quantity"]) == (number, "LAMP", "BER", 2)
        assert [one["id"] for one in program.get("/api/pick-lists?state=open").json()["items"]] == [
            made["id"]
        ]
        path = f"/api/pick-lists/{made['id']}/picks/{pick['id']}"
        for _ in range(2):
            after = program.post(f"{path}/confirm", {"quantity": 2}).json()

        assert (after["state"], after["left"], after["path"][0]["state"]) == ("done", 0, "picked")
        (line,) = program.get(f"/api/orders/{number}").json()["lines"]
        assert (line["picked"], line["allocated"]) == (2, 0)

    def test_nothing_to_pick_is_no_list(self, program):
        assert a_list(program) is None

    def test_only_the_orders_named_are_taken(self, program):
        first, second = an_order(("LAMP", 1)), an_order(("LAMP", 1))
        assert {pick["order"] for pick in a_list(program, orders=[second])["path"]} == {second}
        assert {pick["order"] for pick in a_list(program)["path"]} == {first}

    def test_a_short_pick_is_allocated_anew_and_the_bin_is_to_be_counted(self, program):
        an_order(("LAMP", 2))
        made = a_list(program)
        after = program.post(
            f"/api/pick-lists/{made['id']}/picks/{made['path'][0]['id']}/short", {"found": 0}
        ).json()
        assert after["path"][0]["state"] == "short"
        flow()
        (task,) = program.get("/api/counts?location=BER").json()["items"]
        assert (task["place"], task["sku"]) == ("BER", "LAMP")
        assert "quantity" not in task
        done = program.post(f"/api/counts/{task['id']}/done", {"counted": 5}).json()
        assert done == {"id": task["id"], "state": "done"}

    def test_a_list_is_given_back(self, program):
        an_order(("LAMP", 2))
        made = a_list(program)
        program.post(f"/api/pick-lists/{made['id']}/start", {})
        answer = program.post(f"/api/pick-lists/{made['id']}/cancel", {"because": "end of the shift"})
        assert answer.json()["state"] == "cancelled"
        assert a_list(program)["path"][0]["quantity"] == 2

    def test_each_wrong_field_is_named(self, program):
        an_order(("LAMP", 1))
        made, pick = (a := a_list(program))["id"], a["path"][0]["id"]
        asked = {"quantity": 0, "what": 1}
        answer = program.post(f"/api/pick-lists/{made}/picks/{pick}/confirm", asked)
        assert answer.status_code == 422
        assert {each["field"] for each in answer.json()["errors"]} == {"quantity", "what"}
        assert program.post("/api/pick-lists", {"location": "NOWHERE"}).status_code == 404
        assert program.get("/api/pick-lists/999999").status_code == 404
        assert program.post(f"/api/pick-lists/{made}/picks/999/confirm", {"quantity": 1}).status_code == 422


@pytest.mark.usefixtures("lamps")
class TestParcels:
    def test_a_parcel_is_scanned_and_closed_and_stands_in_the_order(self, program):
        number = an_order(("LAMP", 1), ("BULB", 1))
        picked(program)

        made = program.post("/api/parcels", {"order": number, "location": "BER"}).json()
        assert [(one["sku"], one["quantity"]) for one in made["waiting"]] == [("BULB", 1), ("LAMP", 1)]
        parcel = f"/api/parcels/{made['id']}"
        assert program.get(f"/api/parcels/P-{made['id']}").json() == made
        plan = program.post(f"{parcel}/plan", {}).json()
        assert (plan["parcel"], plan["cartons"], plan["followed"]) == (f"P-{made['id']}", [], None)
        assert "not known" in plan["because"][0]
        assert program.get(f"{parcel}/plan").json() == plan
        program.post(f"{parcel}/items", {"code": "LAMP"})
        early = program.post(f"{parcel}/close", {})
        problem(early, 409, "not-all-packed")
        (item,) = program.post(f"{parcel}/items", {"code": "BULB"}).json()["items"][1:]
        program.post(f"{parcel}/items/{item['id']}/take-out", {"quantity": 1})
        program.post(f"{parcel}/items", {"code": "BULB"})
        closed = program.post(f"{parcel}/close", {"carton": "M", "weight_g": 800}).json()

        assert (closed["state"], closed["waiting"]) == ("packed", [])
        order = program.get(f"/api/orders/{number}").json()
        assert [(one["id"], one["state"]) for one in order["parcels"]] == [(made["id"], "packed")]
        opened = program.post(f"{parcel}/open", {"because": "a card goes in"}).json()
        assert opened["state"] == "packing"

    def test_a_parcel_that_wants_a_photo_is_not_closed_without_one(self, program):
        found = packaging_in_force().packaging
        asked = replace(found, photos=(PhotoRule(skus=("LAMP",)),))
        write_packaging(asked, because="claims", at=SOLD_AT, by="user:1")
        number = an_order(("LAMP", 1))
        picked(program)
        parcel = (
            f"/api/parcels/{program.post('/api/parcels', {'order': number, 'location': 'BER'}).json()['id']}"
        )
        assert program.post(f"{parcel}/items", {"code": "LAMP"}).json()["photo_wanted"] == "LAMP is in it"
        told = problem(program.post(f"{parcel}/close", {}), 409, "photo-wanted")
        assert told["title"].endswith("wants a photo before it is closed: LAMP is in it.")

        jpeg = b"\xff\xd8\xff" + bytes(2_000_000)
        sent = {"photo": b64encode(jpeg).decode()}
        kept = [program.post(f"{parcel}/photos", sent) for _ in range(2)]
        assert [one.status_code for one in kept] == [201, 201]
        assert kept[0].json() == kept[1].json()
        assert program.get(f"/api/parcel-photos/{kept[0].json()['id']}").content == jpeg
        closed = program.post(f"{parcel}/close", {}).json()
        assert (closed["state"], closed["photo_wanted"]) == ("packed", "")
        assert [one["state"] for one in closed["photos"]] == ["packing"]
        assert photos_that_are_none() == []
        sql.run("update warehouse_parcel_photo set kind = 'image/png'")
        assert "says image/png" in photos_that_are_none()[0]

    def test_the_wrong_item_is_refused_with_the_sentence_to_show(self, program):
        number = an_order(("LAMP", 1))
        picked(program)
        made = program.post("/api/parcels", {"order": number, "location": "BER"}).json()
        answer = program.post(f"/api/parcels/{made['id']}/items", {"code": "BULB"})
        told = problem(answer, 409, "wrong-item")
        assert told["title"] == "This is BULB, the order needs 1 × LAMP."


@pytest.mark.usefixtures("lamps")
def test_picked_units_of_a_cancelled_order_are_put_back(program):
    number = an_order(("LAMP", 2))
    picked(program)
    cancel(number, because="changed their mind", at=SOLD_AT, by="user:1")
    flow()

    (task,) = program.get("/api/put-backs").json()["items"]
    assert (task["order"], task["quantity"], task["came_from"]) == (number, 2, "BER")
    program.post(f"/api/put-backs/{task['id']}/done", {"place": "BER/A-1"})

    assert program.get("/api/put-backs").json()["items"] == []
    (level,) = program.get("/api/stock?sku=LAMP").json()
    assert (level["on_hand"], level["available"]) == (5, 5)


@pytest.mark.usefixtures("lamps")
def test_the_floor_says_what_waits_where(program):
    for _ in range(2):
        an_order(("LAMP", 1))
    a_list(program, orders_max=1)
    (site,) = program.get("/api/floor").json()
    assert (site["location"], site["to_pick"], site["picking"], site["lists"]) == ("BER", 1, 1, 1)
    sql.run("update stock_location set is_active = false")
    assert program.get("/api/floor").json() == []


@pytest.mark.usefixtures("lamps")
def test_a_bin_can_be_doubted_by_hand(program):
    program.post("/api/counts", {"place": "BER", "sku": "LAMP", "because": "looks empty"})
    (task,) = program.get("/api/counts").json()["items"]
    assert task["because"] == "looks empty"
    assert program.post("/api/counts", {"place": "X", "sku": "LAMP", "because": "?"}).status_code == 404


@pytest.mark.usefixtures("lamps")
class TestCounts:
    def a_task(self, program) -> str:
        program.post("/api/counts", {"place": "BER", "sku": "LAMP", "because": "looks empty"})
        (task,) = program.get("/api/counts").json()["items"]
        return f"/api/counts/{task['id']}"

    def test_the_counter_is_never_told_what_was_expected(self, program):
        task = self.a_task(program)
        begun = program.post(f"{task}/start", {}).json()
        said = program.post(f"{task}/done", {"counted": 3}).json()
        assert (begun.keys(), said) == (said.keys(), {**begun, "state": "recount"})
        assert program.get("/api/counts").json()["items"] == []  # somebody else has to

    def test_a_lead_decides_what_differs(self, program):
        task = self.a_task(program)
        program.post(f"{task}/done", {"counted": 3})
        (waiting,) = program.get("/api/counts/waiting").json()["items"]
        assert (waiting["state"], waiting["over"], waiting["under"]) == ("recount", 0, 2)
        assert [(one["counted"], one["expected"]) for one in waiting["said"]] == [(3, 5)]

        assert program.post(f"{task}/again", {"because": "in the dark"}).json()["state"] == "open"
        problem(program.post(f"{task}/approve", {}), 409, "count-not-waiting")
        program.post(f"{task}/done", {"counted": 4})
        assert program.post(f"{task}/approve", {}).json()["state"] == "done"
        (site,) = program.get("/api/stock?sku=LAMP").json()
        assert site["on_hand"] == 4
        (right,) = program.get("/api/counts/accuracy").json()["classes"]
        assert (right["right"], right["under"], right["unit_share"]) == (0, 1, 0.8)

    def test_the_policy_is_read_changed_and_checked(self, program):
        before = program.get("/api/counts/policy").json()
        assert (before["a_days"], before["zero"]) == (30, True)
        after = program.send(
            "PUT", "/api/counts/policy", {**before, "tolerance_units": 2, "tolerance_share": 0.5}
        )
        assert after.json()["tolerance_units"] == 2
        wrong = problem(program.send("PUT", "/api/counts/policy", {"by": "mood"}), 422, "invalid")
        assert wrong["errors"][0]["field"] == "by"
        assert program.post("/api/counts/schedule", {}).json() == {"made": 2}


def test_a_pick_face_is_set_planned_and_filled(program):
    a_location("BER")
    a_sku("LAMP")
    place = {"sku": "LAMP", "from": "world:supplier", "because": "received"}
    moves = [{**place, "quantity": 9, "to": "BER/Z-1"}, {**place, "quantity": 1, "to": "BER/A-1"}]
    program.post("/api/stock/movements", {"movements": moves}, idempotency_key="k1")
    wanted = {"place": "BER/A-1", "sku": "LAMP", "units_min": 2, "units_max": 5}
    assert program.send("PUT", "/api/pick-faces", wanted).status_code == 204
    (face,) = program.get("/api/pick-faces").json()["items"]
    assert (face["units_max"], face["available"]) == (5, 1)

    assert program.post("/api/refills", {}).json() == {"made": 1}
    (task,) = program.get("/api/refills?location=BER").json()["items"]
    path = f"/api/refills/{task['id']}"
    carried = {"moved": 2, "source": "BER/Z-1", "target": "BER/A-1"}
    assert program.post(f"{path}/done", carried).status_code == 204
    assert program.post(f"{path}/cancel", {"because": "the shift is over"}).status_code == 204
    problem(program.post(f"{path}/done", {**carried, "moved": 4}), 409, "refill-over")


@pytest.mark.usefixtures("lamps")
def test_a_wave_is_planned_released_and_given_back(program):
    number = an_order(("LAMP", 2))
    asked = {"location": "BER", "mode": "cluster", "release": False}
    made = a_wave(program, asked)
    (list_id,) = made["lists"]
    assert (made["state"], made["orders"], made["left"]) == ("planned", 1, 1)
    problem(program.post(f"/api/pick-lists/{list_id}/start", {}), 409, "wave-not-released")

    assert program.post(f"/api/waves/{made['id']}/release", {}).json()["state"] == "released"
    tote = {"slot": 1, "code": "T-1"}
    assert program.post(f"/api/pick-lists/{list_id}/totes", tote).status_code == 204
    (pick,) = program.get(f"/api/pick-lists/{list_id}").json()["path"]
    assert (pick["order"], pick["slot"], pick["tote"]) == (number, 1, "T-1")

    back = program.post(f"/api/waves/{made['id']}/cancel", {"because": "no lorry"}).json()
    assert (back["state"], back["left"]) == ("cancelled", 0)
    assert [one["id"] for one in program.get("/api/waves?location=BER").json()["items"]] == [made["id"]]
    assert a_list(program)["path"][0]["order"] == number


@pytest.mark.usefixtures("lamps")
def test_a_wave_is_previewed_closed_and_its_tote_read(program):
    number = an_order(("LAMP", 2))
    asked = {"location": "BER", "mode": "cluster", "orders_each": 3, "lines": "single"}
    looked = planned(program, "/api/waves/preview", asked)
    assert (looked["state"], looked["is_preview"], looked["wave"]) == ("done", True, None)
    seen = looked["preview"]
    assert (seen["list_count"], [one["number"] for one in seen["because"]["orders"]]) == (1, [number])
    bad = program.post("/api/waves/preview", {**asked, "zone": "MOON"})
    told = problem(bad, 422, "invalid")
    assert told["errors"] == [{"field": "zone", "because": "the site has no zone MOON; none is known"}]

    made = a_wave(program, asked)
    (list_id,) = made["lists"]
    nothing = planned(program, "/api/waves/preview", asked)
    assert (nothing["state"], nothing["preview"]) == ("nothing", None)
    assert program.post(f"/api/pick-lists/{list_id}/totes", {"slot": 1, "code": "T-2"}).status_code == 204
    tote = program.get("/api/totes/T-2").json()
    assert (tote["order"], [(one["sku"], one["quantity"]) for one in tote["units"]]) == (
        number,
        [("LAMP", 2)],
    )
    closed = program.post(f"/api/waves/{made['id']}/close", {"because": "end of the shift"}).json()
    assert (closed["state"], closed["left"], closed["ended_because"]) == ("done", 0, "end of the shift")
    assert planned(program, "/api/waves/preview", asked)["preview"] is not None
    problem(program.get("/api/wave-plans/999999"), 404, "not-found")


@pytest.mark.usefixtures("lamps")
def test_how_a_site_picks_is_read_and_changed(program):
    path = "/api/locations/BER/pick-policy"
    first = program.get(path).json()
    assert (first["version"], first["policy"]["rotation"]) == (0, "fefo")
    wanted = {"policy": {"rotation": "nearest", "mode": "cluster"}, "because": "short walks", "version": 0}
    assert program.send("PUT", path, wanted).json()["version"] == 1
    problem(program.send("PUT", path, {**wanted, "policy": {"mode": "batch"}}), 409, "version-conflict")
    problem(program.send("PUT", path, {**wanted, "policy": {"mode": "sideways"}}), 422, "invalid")
