"""Services are also compared by how often they came late where the parcel goes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.events import ParcelDelivered, ParcelUndelivered
from quartermaster.shipping.actions import learn, rates
from quartermaster.shipping.ports import Offer
from quartermaster.shipping.queries.lanes import lanes
from quartermaster.shipping.rules import Inputs, decide
from quartermaster.shipping.rules.lanes import Lane
from quartermaster.testing.conformance.carriers import a_shipment

from .conftest import AT

DAY = date(2026, 11, 25)
POST = Offer("post", "parcel", "Post Parcel", "mine", 400, "EUR", DAY, DAY)
AIR = Offer("air", "express", "Air Express", "mine", 490, "EUR", DAY, DAY)
type Pack = Callable[..., tuple[str, int]]


def asked(*records: Lane) -> Inputs:
    return Inputs(1, "EUR", 500, 0, replace(a_shipment(), promised_on=DAY), (POST, AIR), lanes=records)


def test_a_service_that_is_often_late_here_is_passed_over_and_the_choice_says_so():
    choice = decide(asked(Lane("post", "parcel", 200, 60)))

    assert [(each.carrier, each.score) for each in choice.candidates] == [("air", 490), ("post", 550)]
    said = "60 of its last 200 parcels to DE came late: counts EUR 1.50 more"
    assert choice.candidates[1].because == (said,)
    assert choice.because[0] == "Air Express: EUR 4.90, counting the least of 2."


@pytest.mark.parametrize("record", [Lane("post", "parcel", 200, 0), Lane("post", "packet", 20, 20)])
def test_a_clean_record_or_that_of_another_service_changes_nothing(record: Lane):
    assert decide(asked(record)) == decide(asked())


def test_a_stored_choice_comes_out_again():
    inputs = asked(Lane("post", "parcel", 37, 11))

    assert decide(msgspec.json.decode(msgspec.json.encode(inputs), type=Inputs)) == decide(inputs)


@pytest.fixture
def sent(packed: Pack) -> tuple[str, int]:
    """A parcel with post packet to DE, promised for the 5th of November."""
    number, parcel_id = packed(1)
    sql.run(
        "update warehouse_parcel set carrier = 'post', service = 'packet', promised_on = '2026-11-05', "
        "promised_by = null where id = %s",
        (parcel_id,),
    )
    return number, parcel_id


def arrivals() -> list[tuple[str, str, str, bool]]:
    return sql.run("select carrier, service, country, is_late from shipping_arrival")  # type: ignore[return-value]


def delivered(sent: tuple[str, int], at: datetime) -> ParcelDelivered:
    number, parcel_id = sent
    order_id = int(number.removeprefix("SO-"))
    return ParcelDelivered(
        subject=f"order:{number}", at=at, actor="carrier", order_id=order_id, parcel_id=parcel_id
    )


@pytest.mark.parametrize(("day", "is_late"), [(5, False), (6, True)])
def test_an_arrival_is_late_after_the_promised_day(sent: tuple[str, int], day: int, is_late: bool):
    told = delivered(sent, datetime(2026, 11, day, 18, tzinfo=UTC))

    learn([told, told])
    learn([told])

    assert arrivals() == [("post", "packet", "DE", is_late)]


def test_what_the_carrier_takes_back_is_forgotten(sent: tuple[str, int]):
    told = delivered(sent, AT)
    learn([told])

    learn(
        [
            ParcelUndelivered(
                subject=told.subject,
                at=AT,
                actor="carrier",
                order_id=told.order_id,
                parcel_id=told.parcel_id,
                status="exception",
            )
        ]
    )

    assert arrivals() == []


def test_a_parcel_without_a_promise_teaches_nothing(sent: tuple[str, int]):
    sql.run("update warehouse_parcel set promised_on = null where id = %s", (sent[1],))

    learn([delivered(sent, AT)])

    assert arrivals() == []


COPIES = """
insert into shipping_arrival (parcel_id, carrier, service, country, arrived_at, is_late)
select p.id, 'post', 'packet', 'DE', %(at)s, %(late)s from warehouse_parcel p
where not exists (select from shipping_arrival a where a.parcel_id = p.id) order by p.id limit %(number)s
"""


def test_only_the_newest_count_and_only_when_they_are_enough(packed: Pack, monkeypatch: pytest.MonkeyPatch):
    from quartermaster.shipping.queries import lanes as of

    monkeypatch.setattr(of, "NEWEST", 4)
    monkeypatch.setattr(of, "KNOWN_FROM", 3)
    parcels = [packed(1) for _ in range(6)]
    packet = replace(POST, service="packet")

    sql.run(COPIES, {"at": AT, "late": True, "number": 2})
    assert lanes([("DE", [packet])]) == {}

    sql.run(COPIES, {"at": AT + timedelta(days=1), "late": False, "number": 3})
    assert lanes([("DE", [packet]), ("FR", [packet])]) == {"DE": (Lane("post", "packet", 4, 1),)}
    inputs, _ = rates(parcels[-1][1], at=AT)
    assert inputs.lanes == (Lane("post", "packet", 4, 1),)
