"""Why, the rules and the lanes over HTTP."""

import pytest

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(db):
    """Sold two; Berlin has three, Warsaw one."""
    a_location("BER")
    a_location("WAW", country="PL")
    a_sku("LAMP", BER=3, WAW=1)
    return an_order(("LAMP", 2))


def test_a_decision_tells_every_site_why_it_was_chosen_or_not(program, number):
    (decision,) = program.get(f"/api/orders/{number}/why").json()["decisions"]

    sites = {candidate["site"]: candidate for candidate in decision["candidates"]}
    assert set(sites) == {"BER", "WAW"}
    assert sites["BER"]["is_chosen"] is True
    assert sites["WAW"]["is_chosen"] is False
    assert "1 of 2" in sites["WAW"]["because"] or "LAMP" in sites["WAW"]["because"]
    assert decision["parcels"][0]["takes"][0]["quantity"] == 2
    assert decision["rule_version"] == 1
    assert decision["rules"][0].startswith("Everywhere:")
    assert decision["inputs"]["order"]["number"] == number
    assert decision["is_reproducible"] is True
    assert decision["would_serve_if"] == {}  # with one more, Berlin would still come first by its name


def test_a_site_that_was_passed_over_says_what_would_have_to_be_different(program):
    for code, minor in (("BER", 900), ("WAW", 400)):
        a_location(code)
        lane = {"country": "", "cost_minor": minor, "currency": "EUR", "days": 2}
        program.send("PUT", f"/api/locations/{code}/lanes", {"lanes": [lane]})
    a_sku("LAMP", BER=3, WAW=1)

    (decision,) = program.get(f"/api/orders/{an_order(('LAMP', 2))}/why").json()["decisions"]

    assert decision["would_serve_if"] == {"WAW": "WAW would serve this order with 1 more × LAMP."}


def test_decisions_are_paged_newest_first(program, number):
    program.post(f"/api/orders/{number}/reroute", {"because": "asked again"})
    flow()

    first = program.get(f"/api/orders/{number}/why?limit=1").json()
    rest = program.get(f"/api/orders/{number}/why?after={first['next']}").json()

    assert [len(page["decisions"]) for page in (first, rest)] == [1, 1]
    assert "asked again" in first["decisions"][0]["trigger"]
    assert rest["next"] is None


def test_a_stored_decision_that_was_tampered_with_is_not_called_reproducible(program, number):
    sql.run(
        "update allocation_decision set routing = replace(convert_from(routing, 'UTF8'), 'BER', 'WAW')::bytea"
    )

    (decision,) = program.get(f"/api/orders/{number}/why").json()["decisions"]
    assert decision["is_reproducible"] is False


def test_an_order_is_sent_from_another_site_by_hand(program, number):
    a_sku("BULB", BER=3, WAW=3)
    number = an_order(("BULB", 2))
    answer = program.post(f"/api/orders/{number}/reroute", {"location": "WAW", "because": "it is nearer"})
    assert answer.status_code == 200
    flow()

    order = program.get(f"/api/orders/{number}").json()
    assert [allocation["location"] for allocation in order["allocations"]] == ["WAW"]
    decision = program.get(f"/api/orders/{number}/why").json()["decisions"][0]
    assert decision["is_reproducible"] is True
    assert decision["actor"].startswith("token:")
    problem(
        program.post(f"/api/orders/{number}/reroute", {"location": "MOON", "because": "far"}),
        404,
        "not-found",
    )


def test_the_rules_read_as_sentences_and_a_new_version_keeps_the_old_one(program):
    before = program.get("/api/rules").json()
    assert before["version"] == 1
    assert before["rules"][0]["sentence"].startswith("Everywhere: every order")

    wanted = {"because": "Poland first", "rules": [{"name": "Poland", "countries": ["PL"]}, {"name": "Rest"}]}
    after = program.send("PUT", "/api/rules", wanted).json()

    assert (after["version"], after["because"]) == (2, "Poland first")
    assert after["actor"].startswith("token:")
    assert [rule["name"] for rule in after["rules"]] == ["Poland", "Rest"]
    assert after["rules"][0]["rank"] == before["rules"][0]["rank"]
    assert program.get("/api/rules").json() == after
    assert program.get("/api/rules/1").json() == before
    problem(program.get("/api/rules/3"), 404, "not-found")
    assert program.get("/api/rules/2").json() == after


def test_rules_read_can_be_sent_back(program):
    rules = program.get("/api/rules").json()["rules"]
    for rule in rules:
        del rule["sentence"]

    answer = program.send("PUT", "/api/rules", {"because": "the same again", "rules": rules})
    assert [{**rule, "sentence": ""} for rule in answer.json()["rules"]] == [
        {**rule, "sentence": ""} for rule in rules
    ]


def test_rules_that_cannot_be_are_refused_in_words(program):
    wanted = {
        "because": "x",
        "rules": [{"name": "A", "filters": ["luck"]}, {"name": "A", "countries": ["Poland"]}],
    }

    told = problem(program.send("PUT", "/api/rules", wanted), 422, "invalid")

    words = " ".join(error["because"] for error in told["errors"])
    assert "luck" in words
    assert "Poland" in words
    assert "more than once" in words
    assert program.get("/api/rules").json()["version"] == 1


def test_two_people_do_not_overwrite_each_others_rules(program):
    wanted = {"because": "mine", "rules": [{"name": "A"}], "version": 1}
    assert program.send("PUT", "/api/rules", wanted).status_code == 200

    problem(program.send("PUT", "/api/rules", {**wanted, "because": "mine too"}), 409, "version-conflict")


def test_lanes_of_a_location_that_cannot_be_are_not_found(program):
    problem(program.get("/api/locations/%00/lanes"), 404, "not-found")
    problem(program.send("PUT", "/api/locations/%00/lanes", {"lanes": []}), 404, "not-found")


def test_lanes_are_the_whole_list(program):
    a_location("BER")
    germany = {"country": "DE", "cost_minor": 490, "currency": "EUR", "days": 1}
    elsewhere = {"country": "", "cost_minor": 1490, "currency": "EUR", "days": 5}

    both = program.send("PUT", "/api/locations/BER/lanes", {"lanes": [germany, elsewhere]})
    assert both.json() == {"lanes": [elsewhere, germany]}
    program.send("PUT", "/api/locations/BER/lanes", {"lanes": [germany]})
    assert program.get("/api/locations/BER/lanes").json() == {"lanes": [germany]}

    problem(program.send("PUT", "/api/locations/BER/lanes", {"lanes": [germany, germany]}), 422, "invalid")
    problem(program.get("/api/locations/MOON/lanes"), 404, "not-found")
