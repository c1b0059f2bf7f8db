"""Goods that may not go somewhere, from the order that asks for them to the label that is refused."""

import pytest
from tests.shipping.conftest import AT, labels, work

from quartermaster.catalog.actions import restrict
from quartermaster.catalog.rules.restrictions import Restriction
from quartermaster.core import doctor, sql
from quartermaster.core.errors import Invalid
from quartermaster.shipping.actions import rates
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.parcels import a_packed_parcel

DAY = AT.date()
HOLDS = """
select h.because from orders_hold h where h.order_id = %s and h.kind = 'restricted' and h.released_at is null
"""
LOOKED = """
select site->>'site', site->>'because' from (
  select convert_from(routing, 'UTF8')::jsonb as r from allocation_decision where order_id = %s
  order by id desc limit 1) d, jsonb_array_elements(r->'candidates') as site
"""


@pytest.fixture
def lamp(db: None) -> str:
    for site in ("BER", "PAR"):
        a_location(site)
    a_sku("LAMP", BER=50, PAR=50)
    return "LAMP"


def line(**different: object) -> None:
    told = {"level": "prohibited", "because": "No lamps", "from_on": DAY.replace(year=2020), "sku": "LAMP"}
    restrict([Restriction(**{**told, **different})], at=AT, by="user:1")  # type: ignore[arg-type]


def test_an_order_is_held_and_the_line_is_named(lamp: str):
    line(country="DE", level="restricted")
    a_sku("CARD", BER=5)
    order = int(an_order((lamp, 1), ("CARD", 1)).removeprefix("SO-"))
    assert [row[0] for row in sql.run(HOLDS, (order,))] == ["LAMP goes only after a look to DE: No lamps."]


def test_what_nobody_knows_is_looked_at_too(lamp: str):
    line(country="DE", sku="", hs_prefix="9405")
    order = int(an_order((lamp, 1)).removeprefix("SO-"))
    ((because,),) = sql.run(HOLDS, (order,))
    assert because == ("Whether LAMP may go to DE cannot be said: its HS code is not known (No lamps).")


def test_a_line_for_another_country_holds_nothing(lamp: str):
    line(country="CH")
    assert sql.run(HOLDS, (int(an_order((lamp, 1)).removeprefix("SO-")),)) == []


def test_a_site_is_passed_over_and_the_decision_says_why(lamp: str):
    line(country="DE", site="BER")
    order = int(an_order((lamp, 1)).removeprefix("SO-"))
    flow()
    looked = dict(sql.run(LOOKED, (order,)))
    assert looked["BER"] == "BER may not send it. LAMP may not go to DE from BER: No lamps."
    ((site,),) = sql.run(
        "select l.code from allocation_allocation a join stock_location l on l.id = a.location_id"
        " where a.order_id = %s and a.state <> 'cancelled'",
        (order,),
    )
    assert site == "PAR"
    assert [finding for finding in doctor.examine() if finding.rows] == []


def test_a_service_takes_nothing_against_the_list_also_by_hand(lamp: str):
    parcel = a_packed_parcel(an_order((lamp, 1)))
    line(country="DE", carrier="post")
    inputs, choice = rates(parcel, at=AT)
    post = [each for each in choice.candidates if each.carrier == "post"]
    assert post
    assert {each.removed for each in post} == {"is not allowed: LAMP may not go to DE with post: No lamps."}
    line(country="DE")
    work()
    assert labels()[0][0] == "refused"
    assert inputs.barred
    assert [finding for finding in doctor.examine() if finding.rows] == []


def test_a_line_about_imports_holds_nothing_within_the_country_and_passes_over_sites_abroad(lamp: str):
    sql.run("update stock_location set country = case code when 'PAR' then 'FR' else 'DE' end")
    line(country="DE", is_import=True)
    order = int(an_order((lamp, 1)).removeprefix("SO-"))
    assert sql.run(HOLDS, (order,)) == []
    flow()
    looked = dict(sql.run(LOOKED, (order,)))
    assert looked["PAR"] == "PAR may not send it. LAMP may not go from FR to DE: No lamps."
    assert sql.run(
        "select l.code from allocation_allocation a join stock_location l on l.id = a.location_id"
    ) == [("BER",)]
    with pytest.raises(Invalid):
        line(is_import=True)
