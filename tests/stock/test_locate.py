from datetime import UTC, datetime, time

import pytest

from quartermaster.core import sql
from quartermaster.core.models import EventRow
from quartermaster.stock.actions.locate import locate
from quartermaster.stock.models import Location, Place
from quartermaster.stock.rules.locations import Site

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, object]]:
    rows = EventRow.objects.filter(name="LocationChanged").order_by("id")
    return [(row.subject, row.body["changed"]) for row in rows]


def test_a_new_site_has_a_place_of_its_own_and_ordinary_values():
    (done,) = locate([Site(code="BER", country="DE", cutoff=time(14, 30))], at=AT, by="user:3")
    berlin = Location.objects.get(pk=done.location_id)
    assert (berlin.kind, berlin.timezone, berlin.cutoff, berlin.ships_to) == ("own", "UTC", time(14, 30), [])
    place = Place.objects.get(code="BER")
    assert (place.kind, place.location_id) == ("site", berlin.pk)


def test_a_change_tells_before_and_after_and_the_same_again_nothing():
    locate([Site(code="BER", cutoff=time(14, 30))], at=AT, by="user:3")
    locate([Site(code="BER", kind="3pl", ships_to=["DE"])], at=AT, by="user:3")
    (again,) = locate([Site(code="BER", kind="3pl", cutoff=time(14, 30))], at=AT, by="user:3")
    assert not again.is_new
    assert told() == [
        ("location:BER", {"code": [None, "BER"], "cutoff": [None, "14:30:00"]}),
        ("location:BER", {"kind": ["own", "3pl"], "ships_to": [[], ["DE"]]}),
    ]


def test_a_refused_site_stops_no_other_and_several_of_one_code_add_up():
    done = locate(
        [Site(code="BER", name="one"), Site(code="X/Y", kind="moon"), Site(code="BER", country="DE")],
        at=AT,
        by="user:3",
    )
    assert done[1].refused is not None
    assert set(done[1].refused.errors) == {"code", "kind"}
    assert list(Location.objects.values_list("code", "name", "country")) == [("BER", "one", "DE")]
    assert len(told()) == 1


def test_a_batch_costs_a_constant_number_of_statements():
    with sql.counted() as statements:
        locate([Site(code=f"S{n}") for n in range(50)], at=AT, by="user:3")
    assert len(statements) == 5
