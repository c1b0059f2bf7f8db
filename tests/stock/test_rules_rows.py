from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.stock.rules import counts, locations
from quartermaster.stock.rules.counts import Counted
from quartermaster.stock.rules.locations import NEW, Site


def counted(**cells: str) -> tuple[Counted, dict[str, str]]:
    return counts.row({**dict.fromkeys(counts.COLUMNS, ""), **cells})


def located(**cells: str) -> dict[str, str]:
    site, errors = locations.row({**dict.fromkeys(locations.COLUMNS, ""), **cells})
    return {**locations.errors_in(site.code, {**NEW, **site.given()}), **errors}


def test_a_count_is_of_a_place_and_a_lot():
    found, errors = counted(
        sku="LAMP", location="BER", quantity="5", bin="A/01", lot="L1", expiry="2027-01-31"
    )
    assert (found, errors) == (Counted("LAMP", "BER/A/01", "L1", 5, date(2027, 1, 31)), {})
    assert counted(sku="LAMP", location="BER", quantity="0")[0].place == "BER"


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"quantity": "-1"}, {"quantity"}),
        ({"quantity": "many"}, {"quantity"}),
        ({"quantity": "9" * 17}, {"quantity"}),
        ({"expiry": "soon"}, {"expiry"}),
        ({"expiry": "2027-01-31"}, {"lot"}),
        ({"location": "BER/A"}, {"location"}),
        ({"location": "world:customer"}, {"bin"}),
        ({"bin": "A/B/C"}, {"bin"}),
        ({"lot": "L" * 300}, {"lot"}),
    ],
)
def test_a_count_that_cannot_be_is_named_by_column(cells: dict[str, str], wrong: set[str]):
    given = {"sku": "LAMP", "location": "BER", "quantity": "5", **cells}
    assert set(counted(**given)[1]) == wrong


def test_a_site_is_read_with_everything_it_can_have():
    site, errors = locations.row({
        **dict.fromkeys(locations.COLUMNS, ""), "code": "BER", "kind": "3pl", "country": "DE",
        "timezone": "Europe/Berlin", "latitude": "52.5", "cutoff": "14:30", "capacity": "500",
        "ships_to": "DE|AT", "hazmat": "no",
    })  # fmt: skip
    assert errors == {}
    assert site == Site(
        code="BER", kind="3pl", country="DE", timezone="Europe/Berlin", latitude=52.5, cutoff=time(14, 30),
        orders_per_day_max=500, ships_to=["DE", "AT"], takes_hazmat=False,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["", "BER/A", "world", "World:x", " BER", "B\nR", "B" * 65])
def test_a_code_that_could_be_taken_for_another_place_is_refused(code: str):
    assert set(located(code=code)) == {"code"}


def test_every_wrong_column_of_a_site_is_named():
    assert set(
        located(
            code="BER",
            name="a\u0085b",
            kind="moon",
            country="Germany",
            timezone="Berlin",
            latitude="91",
            longitude="east",
            cutoff="25:00",
            capacity="-1",
            ships_to="DE|Austria",
            hazmat="perhaps",
        )
    ) == {
        "name",
        "kind",
        "country",
        "timezone",
        "latitude",
        "longitude",
        "cutoff",
        "capacity",
        "ships_to",
        "hazmat",
    }


@given(st.fixed_dictionaries({name: st.text(max_size=12) for name in locations.COLUMNS}))
def test_any_row_is_a_site_or_says_why_not(cells: dict[str, str]):
    located(**cells)
