"""Stock over HTTP: levels as a plain list, movements, policies, places, locations."""

import pytest

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_sites(db):
    a_location("BER")
    a_location("WAW", country="PL")
    a_sku("LAMP", BER=5, WAW=2)
    a_sku("BULB", BER=7)


def a_movement(**different):
    ordinary = {"sku": "LAMP", "quantity": 1, "from": "BER", "to": "WAW", "because": "evened out"}
    return {"movements": [{**ordinary, **different}]}


@pytest.mark.usefixtures("two_sites")
class TestLevels:
    def test_levels_are_a_plain_list_with_the_fields_of_the_contract(self, program):
        an_order(("LAMP", 2))

        (level,) = program.get("/api/stock?sku=LAMP&location=BER").json()

        assert level == {
            "sku": "LAMP", "location": "BER", "on_hand": 5, "reserved": 2, "available": 3, "incoming": 0,
            "safety": 0,
        }  # fmt: skip

    def test_filters_narrow_and_an_unknown_name_finds_nothing(self, program):
        def found(query):
            return [(level["sku"], level["location"]) for level in program.get(f"/api/stock{query}").json()]

        assert found("") == [("LAMP", "BER"), ("LAMP", "WAW"), ("BULB", "BER")]
        assert found("?location=BER") == [("LAMP", "BER"), ("BULB", "BER")]
        assert found("?sku=lamp") == []
        assert found("?sku=%00") == []

    def test_a_long_list_names_its_next_page_in_the_link_header(self, program):
        first = program.get("/api/stock?limit=2")
        link = first.headers["Link"]
        following = program.get(link[1 : link.index(">")])

        assert link.endswith('; rel="next"')
        assert [level["sku"] for level in first.json() + following.json()] == ["LAMP", "LAMP", "BULB"]
        assert "Link" not in following.headers
        problem(program.get("/api/stock?after=x"), 422, "invalid")

    def test_a_misspelt_filter_is_refused_instead_of_finding_everything(self, program):
        told = problem(program.get("/api/stock?skuu=LAMP"), 422, "invalid")
        assert told["errors"][0]["field"] == "skuu"
        assert "sku" in told["errors"][0]["because"]

    def test_safety_stock_is_kept_back_from_promising(self, program):
        level = program.send("PUT", "/api/stock/LAMP/BER", {"safety": 4, "incoming": 10}).json()

        assert (level["on_hand"], level["available"], level["safety"], level["incoming"]) == (5, 1, 4, 10)
        problem(program.send("PUT", "/api/stock/LAMP/BER", {}), 422, "invalid")
        problem(program.send("PUT", "/api/stock/NOPE/BER", {"safety": 1}), 404, "not-found")
        problem(program.send("PUT", "/api/stock/LAMP/NOPE", {"safety": 1}), 404, "not-found")


@pytest.mark.usefixtures("two_sites")
class TestMovements:
    def test_units_move_and_the_ledger_tells_by_whom(self, program):
        answer = program.post("/api/stock/movements", a_movement(quantity=3), idempotency_key="k")
        assert answer.status_code == 201
        assert answer.json()["new"] == 1

        newest = program.get("/api/stock/movements?sku=LAMP").json()["items"][0]
        assert newest["id"] == answer.json()["movements"][0]
        assert (newest["from"], newest["to"], newest["quantity"]) == ("BER", "WAW", 3)
        assert newest["because"] == "evened out"
        assert newest["actor"].startswith("token:")
        levels = program.get("/api/stock?sku=LAMP").json()
        assert [level["on_hand"] for level in levels] == [2, 5]

    def test_a_bin_is_made_on_first_use_and_can_be_looked_into(self, program):
        moved = a_movement(to="BER/A-01-3", quantity=2)
        assert program.post("/api/stock/movements", moved, idempotency_key="k").status_code == 201

        lying = program.get("/api/stock/places?place=BER&limit=1").json()
        rest = program.get(f"/api/stock/places?place=BER&after={lying['next']}").json()
        found = {(held["place"], held["sku"]): held["quantity"] for held in lying["items"] + rest["items"]}
        assert found == {("BER", "LAMP"): 3, ("BER", "BULB"): 7, ("BER/A-01-3", "LAMP"): 2}

    def test_all_of_it_happens_or_nothing(self, program):
        good, bad = a_movement()["movements"][0], a_movement(quantity=99)["movements"][0]

        told = problem(
            program.post("/api/stock/movements", {"movements": [good, bad]}, idempotency_key="k"),
            409,
            "not-enough-stock",
        )
        assert told["title"].endswith("there (movement 2 of 2).")
        assert [error["field"] for error in told["errors"]] == ["movements.1.quantity"]
        assert [level["on_hand"] for level in program.get("/api/stock?sku=LAMP").json()] == [5, 2]

    @pytest.mark.parametrize(
        ("different", "code", "field"),
        [
            ({"sku": "NOPE"}, "unknown-sku", "movements.0.sku"),
            ({"quantity": "7"}, "invalid", "movements.0.quantity"),
            ({"quantity": True}, "invalid", "movements.0.quantity"),
            ({"quantity": 1.0}, "invalid", "movements.0.quantity"),
            ({"quantity": 0}, "invalid", "movements.0.quantity"),
            ({"quantity": 2**63}, "invalid", "movements.0.quantity"),
            ({"because": "  "}, "invalid", "movements.0.because"),
            ({"colour": "red"}, "invalid", "movements.0.colour"),
            ({"from_state": "lost"}, "invalid", "movements.0.from_state"),
            ({"from": "NOPE"}, "unknown-place", "movements.0.from"),
            ({"to": "world:moon"}, "invalid", "movements.0.to"),
        ],
    )
    def test_what_cannot_be_is_refused_with_the_field_named(self, program, different, code, field):
        answer = program.post("/api/stock/movements", a_movement(**different), idempotency_key="k")

        told = problem(answer, 422, code)
        assert [error["field"] for error in told["errors"]] == [field]

    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"\xff",
            b'{"movements": NaN}',
            b'{"movements": "\\ud800"}',
            b"[" * 200_000,
            b"\xef\xbb\xbf{}",
            b'{"movements": []} []',
        ],
        ids=["cut", "no UTF-8", "NaN", "lone surrogate", "deep", "BOM", "more behind"],
    )
    def test_a_body_that_is_no_json_is_a_400(self, program, body):
        problem(program.post("/api/stock/movements", body, idempotency_key="k"), 400, "bad-request")

    def test_a_body_over_a_megabyte_is_not_read(self, program):
        problem(
            program.post("/api/stock/movements", b" " * (2**20 + 1), idempotency_key="k"), 413, "too-large"
        )

    def test_a_nul_in_a_reason_is_replaced_and_not_fatal(self, program):
        answer = program.post("/api/stock/movements", a_movement(because="a\0b"), idempotency_key="k")

        assert answer.status_code == 201
        assert program.get("/api/stock/movements?sku=LAMP").json()["items"][0]["because"] == "a\ufffdb"


class TestLocations:
    def test_a_location_is_made_changed_and_read_back(self, program):
        made = program.post("/api/locations", {"code": "BER", "country": "DE", "cutoff": "14:30"})
        assert made.status_code == 201
        changed = program.send("PATCH", "/api/locations/BER", {"ships_to": ["DE", "AT"]})

        assert changed.json() == {**made.json(), "ships_to": ["DE", "AT"]}
        assert changed.json()["cutoff"] == "14:30"
        assert program.get("/api/locations").json() == [changed.json()]
        problem(program.send("PATCH", "/api/locations/NOPE", {}), 404, "not-found")
        problem(program.post("/api/locations", {"code": "WAW", "timezone": "Moon/Base"}), 422, "invalid")


class TestBins:
    @pytest.fixture(autouse=True)
    def site(self, db):
        a_location("BER")

    def test_a_bin_is_made_changed_and_listed(self, program):
        made = program.post("/api/locations/BER/bins", {"code": "A-01", "kind": "bulk", "units_max": 4})
        assert (made.status_code, made.json()["kind"]) == (201, "bulk")
        after = program.post("/api/locations/BER/bins", {"code": "A-01", "units_max": None}).json()
        assert (after["kind"], after["units_max"]) == ("bulk", None)
        assert [one["code"] for one in program.get("/api/locations/BER/bins?kind=bulk").json()] == ["A-01"]

    def test_a_pattern_makes_a_hall_that_has_a_plan(self, program):
        wanted = {"pattern": "[A-B]-[01-10]", "rack": {"aisle": 1, "position": 2}}
        made = program.post("/api/locations/BER/bins/pattern", wanted).json()
        assert made == {"bins": 20, "changed": 20, "first": "A-01", "last": "B-10"}
        assert program.post("/api/locations/BER/bins/pattern", wanted).json()["changed"] == 0
        plan = {"cross_aisles_mm": [0, 6000], "depot_aisle": "A", "depot_cross": 1}
        assert program.send("PUT", "/api/locations/BER/floor-plan", plan).json() == plan
        assert program.get("/api/locations/BER/floor-plan").json() == plan


def test_what_a_channel_asks_of_lots_is_read_and_changed(program):
    a_sku("MILK")
    sql.run("insert into inbox_connection (slug, kind) values ('acme', 'shopify') on conflict do nothing")
    wanted = {"channel": "acme", "sku": "MILK", "days": 90, "because": "their terms"}
    for _ in range(2):
        (one,) = program.send("PUT", "/api/shelf-life", wanted).json()
        assert (one["channel"], one["sku"], one["days"]) == ("acme", "MILK", 90)
    assert program.get("/api/shelf-life").json() == [one]
    assert program.send("PUT", "/api/shelf-life", {**wanted, "days": None}).json() == []
    assert program.send("PUT", "/api/shelf-life", {**wanted, "channel": "nobody"}).status_code == 404
